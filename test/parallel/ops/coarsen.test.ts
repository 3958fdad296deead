import { strict as assert } from 'node:assert';
import { zeros } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { coarsen } from '../../../src/entry/plot.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

describe('coarsen', () => {
  for (const dist of ['bn', 'cc', 'nb']) {
    it(`averages over cells, also of different sizes (${dist})`, () => {
      const local = zeros(Distribution.fromShape([5, 6], { dist, size }));
      let k = 0;
      for (const i of local.globalIndices(0)) {
        for (const j of local.globalIndices(1)) local.data[k++] = 10 * i + j;
      }
      const root = size - 1;
      const result = coarsen(local, [2, 3], { root });
      if (rank !== root) return assert.equal(result, null);
      // Rows 0–2 and 3–4, pairs of columns.
      assert.deepEqual([...result!.data], [10.5, 12.5, 14.5, 35.5, 37.5, 39.5]);
    });
  }

  it('refuses a grid that is finer than the array', () => {
    const local = zeros(Distribution.fromShape([4, 4], { size }));
    assert.throws(() => coarsen(local, [5, 4]), { argument: 'shape[0]' });
    const line = zeros(Distribution.fromShape([4], { size }));
    assert.throws(() => coarsen(line, [1, 1]), { argument: 'array' });
  });
});
