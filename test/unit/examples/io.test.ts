// timeLimit: 240
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../support/programs.ts';
import { distarray, flavours } from '../../support/runJob.ts';

describe('examples/io.ts', function () {
  this.timeout(120_000);
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'distarray-example-'));
  });
  after(() => rmSync(directory, { recursive: true }));

  const script = join(root, 'examples/io.ts');

  for (const flavour of flavours) {
    for (const start of flavour === 'openmpi' ? ['-n 1', '-n 3', '--client -n 2'] : ['-n 2']) {
      const n = Number(start.slice(-1));
      it(`writes and reads back with ${start} (${flavour})`, async () => {
        const job = ['run', ...start.split(' '), '--mpi', flavour, script];
        const args = ['--size', '200', '--dir', directory, '--json'];
        const { code, stdout, stderr } = await distarray([...job, ...args]);
        assert.equal(code, 0, stderr);
        const { results, ...line } = JSON.parse(stdout);
        const sum = (200 * 199 * 200) / 2 + (200 * 199) / 2;
        assert.ok(Math.abs(line.sum - sum) < 1e-6);
        assert.deepEqual({ ...line, sum }, { example: 'io', ranks: n, shape: [200, 200], sum });
        assert.deepEqual(
          results.map(({ file }: { file: string }) => file),
          ['a.npy', 'a.h5', 'a_0.dnpy'],
        );
        for (const result of results) assert.ok(Math.abs(result.sum - sum) < 1e-6);
        assert.equal(results[0].bytes, 128 + 8 * 200 * 200);
        assert.deepEqual(readdirSync(directory), []);
      });
    }
  }
});
