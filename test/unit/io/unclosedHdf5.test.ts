/** HDF5 files that a job has left open are complete, and nobody complains. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadHdf5 } from '../../../src/entry/hdf5.ts';
import { flavours, runJob } from '../../support/runJob.ts';

describe('an HDF5 file that is open when the job ends', () => {
  const directory = mkdtempSync(join(tmpdir(), 'distarray-unclosed-'));
  after(() => rmSync(directory, { recursive: true }));

  for (const flavour of flavours) {
    it(`is closed (${flavour})`, async () => {
      const name = join(directory, `${flavour}.h5`);
      const { code, stderr } = await runJob(flavour, 2, 'leavesFileOpen', [name]);
      assert.equal(code, 0, stderr);
      assert.ok(!stderr.includes('HDF5-DIAG'), stderr);
      assert.equal(loadHdf5(name, { key: 'a' }).globalSize, 10);
    });
  }
});
