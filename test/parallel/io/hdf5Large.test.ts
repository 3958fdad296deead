// ranks: 1-3
/** Parts that are transferred in several pieces. */
import { strict as assert } from 'node:assert';
import { Context } from '../../../src/entry/index.ts';
import { SharedDirectory } from '../../support/files.ts';

const ctx = new Context();
const directory = new SharedDirectory('hdf5-large');

describe('large HDF5 datasets', () => {
  // Two and a bit pieces of 64 MiB on one process; bytes, so that it is quick.
  const shape = [1031, 2 ** 17 + 3];

  for (const [what, dist] of Object.entries({
    rows: 'bn',
    'cyclic rows': 'cn',
    columns: 'nb',
    'cyclic in both': 'cc',
  })) {
    it(`are written and read in pieces: ${what}`, () => {
      const path = directory.path('a.h5');
      const written = ctx.zeros(shape, { dtype: 'uint8', dist });
      // Every row begins and ends with its number, and has it in the middle.
      for (const column of [0, 2 ** 16, shape[1] - 1]) {
        const rows = ctx.arange(shape[0], { dtype: 'int64' }).remainder(251).astype('uint8');
        written.slice([null, column]).assign(rows);
      }
      ctx.saveHdf5(path, written, { mode: 'w' });
      const read = ctx.loadHdf5(path);
      assert.ok(written.equal(read).all().item());
      const other = ctx.loadHdf5(path, { dist: 'bn' });
      assert.equal(Number(other.sum().item()), Number(written.sum().item()));
    });
  }
});
