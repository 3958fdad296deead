// ranks: 1-5
/** The exchange of the edges that shifted slices need. */
import { strict as assert } from 'node:assert';
import { Context, type DistArray, expr, MPI } from '../../../src/entry/index.ts';
import { Edges, windowOf } from '../../../src/expr/windows.ts';
import { Traffic } from '../../../src/ops/redistribute/traffic.ts';

const { size, rank } = MPI.COMM_WORLD;
const ctx = new Context();

describe('edges of shifted slices', () => {
  it('are waited for where something fails meanwhile, so that the others go on', () => {
    const u = ctx.arange(3 * size + 2).astype('float64') as DistArray;
    const out = ctx.zeros([3 * size + 2]);
    const [low, high] = [':-1', '1:'].map((slice) => u.slice(slice));
    const windows = [low, high].map((slice) => {
      const local = ctx.session.peekAt(slice.handle);
      return windowOf(local, low.distribution);
    });
    const edges = new Edges(windows);
    const traffic = new Traffic();
    for (let failing = 0; failing < size; failing++) {
      const compute = () => {
        if (rank === failing) throw new Error('no memory');
      };
      if (rank === failing) assert.throws(() => edges.exchange(traffic, compute), /no memory/);
      else edges.exchange(traffic, compute);
    }
    // Nothing is left that a later exchange could take for its own.
    for (let step = 0; step < 4; step++) {
      u.slice(':').assign(u.add(1));
      expr.assign(out, '1:')`${u}[1:] * 10 + ${u}[:-1]`;
      const expected = Array.from(
        { length: 3 * size + 1 },
        (_, k) => (k + 2 + step) * 10 + k + 1 + step,
      );
      assert.deepEqual((out.toNested() as number[]).slice(1), expected);
    }
  });
});
