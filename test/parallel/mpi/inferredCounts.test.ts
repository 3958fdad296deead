import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const ranks = Array.from({ length: size }, (_, r) => r);

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

/** Rank r has r + 1 elements, all of them r. */
const block = (r: number) => new Float64Array(r + 1).fill(r);
const whole = ranks.flatMap((r) => [...block(r)]);

describe('blocks of different lengths', () => {
  it('are gathered although nobody has said how long they are', () => {
    const all = new Float64Array(whole.length);
    world.allgather(block(rank), all, { varying: true });
    assert.deepEqual([...all], whole);
    for (const root of [0, size - 1]) {
      const onRoot = rank === root ? new Float64Array(whole.length) : null;
      world.gather(block(rank), onRoot, { root, varying: true });
      if (onRoot !== null) assert.deepEqual([...onRoot], whole);
    }
  });

  it('are put where the displacements say', () => {
    const displs = ranks.map((r) => 2 * r * size);
    const all = new Float64Array(2 * size * size).fill(-1);
    world.allgather(block(rank), all, { varying: true, displs });
    for (const r of ranks)
      assert.deepEqual([...all.subarray(displs[r])].slice(0, r + 1), [...block(r)]);
    assert.equal(all[displs[0] + 1], -1);
  });

  it('are scattered to whoever has room for so much', () => {
    const mine = new Float64Array(rank + 1);
    world.scatter(rank === 0 ? Float64Array.from(whole) : null, mine, { varying: true });
    assert.deepEqual([...mine], [...block(rank)]);
  });

  it('are exchanged when only those that go are counted', async () => {
    // Rank r sends s + 1 elements to rank s.
    const sendCounts = ranks.map((s) => s + 1);
    const going = Float64Array.from(ranks.flatMap((s) => Array(s + 1).fill(10 * rank + s)));
    const coming = new Float64Array(size * (rank + 1));
    const expected = ranks.flatMap((r) => Array(rank + 1).fill(10 * r + rank));
    world.alltoall(going, coming, { sendCounts });
    assert.deepEqual([...coming], expected);
    coming.fill(0);
    await world.ialltoall(going, coming, { sendCounts });
    assert.deepEqual([...coming], expected);
  });

  it('can be started', async () => {
    const all = new Float64Array(whole.length);
    await world.iallgather(block(rank), all, { varying: true });
    assert.deepEqual([...all], whole);
  });

  it('may be of other elements than where they go', () => {
    const all = new Uint8Array(8 * whole.length);
    world.allgather(block(rank), all, { varying: true });
    assert.deepEqual([...new Float64Array(all.buffer)], whole);
  });

  it('come from neighbours', () => {
    const next = (rank + 1) % size;
    const previous = (rank + size - 1) % size;
    using ring = world.createDistGraphAdjacent([previous], [next]);
    const coming = new Float64Array(previous + 1);
    ring.neighborAllgather(block(rank), coming, { varying: true });
    assert.deepEqual([...coming], [...block(previous)]);
    coming.fill(-1);
    ring.neighborAlltoall(block(rank), coming, { sendCounts: [rank + 1] });
    assert.deepEqual([...coming], [...block(previous)]);
  });

  it('need counts where they are in place already, and room', () => {
    const all = new Float64Array(whole.length);
    assert.throws(() => world.allgather(MPI.IN_PLACE, all, { varying: true }), {
      argument: 'options.counts',
    });
    assert.throws(() => world.allgather(block(rank), new Float64Array(0), { varying: true }), {
      name: 'ArgumentRangeError',
    });
    assert.throws(
      () => world.allgather(new Uint8Array(3), new Float64Array(size), { varying: true }),
      { argument: 'sendbuf' },
    );
  });
});
