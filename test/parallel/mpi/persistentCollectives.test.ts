import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const ranks = Array.from({ length: size }, (_, r) => r);
const total = (size * (size - 1)) / 2;

afterEach(() => world.barrier());

/** Starts a prepared communication three times; `set` fills its input, `verify` looks at the result. */
async function thrice(
  request: MPI.PersistentRequest,
  set: (round: number) => void,
  verify: (round: number) => void,
): Promise<void> {
  for (let round = 1; round <= 3; round++) {
    set(round);
    request.start();
    assert.ok(request.isActive);
    if (round === 2) await request;
    else request.wait();
    assert.ok(!request.isActive);
    verify(round);
  }
  request.free();
}

// MPICH 4.0's give wrong results when they are started again.
const refused = /^MPICH Version:\s*(3|4\.0)\./m.test(MPI.getLibraryVersion());

if (refused) {
  describe('persistent collectives', () => {
    it('are refused, and blocking calls are blocking again', () => {
      for (const prepare of [
        () => world.barrierInit(),
        () => world.bcastInit(new Int32Array(1)),
        () => world.allreduceInit(new Int32Array(1), new Int32Array(1)),
        () => world.allgatherInit(new Int32Array(1), new Int32Array(size)),
      ]) {
        assert.throws(prepare, {
          class: 'MPI_ERR_UNSUPPORTED_OPERATION',
          call: /^MPI_\w+_init$/,
          message: /this MPI does not have it/,
        });
      }
      assert.equal(world.allreduce(1), size);
    });
  });
} else {
  describe('persistent collectives', supported);
}

function supported(): void {
  it('barrier and bcast', async () => {
    await thrice(
      world.barrierInit(),
      () => {},
      () => {},
    );
    const data = new Int32Array(2);
    const root = size - 1;
    await thrice(
      world.bcastInit(data, { root }),
      (round) => data.fill(rank === root ? round : 0),
      (round) => assert.deepEqual([...data], [round, round]),
    );
  });

  it('reductions', async () => {
    const mine = new Float64Array(size);
    const result = new Float64Array(size);
    const set = (round: number) => {
      mine.fill(round * rank);
      result.fill(-1);
    };
    const is = (value: number) => assert.deepEqual([...result], new Array(size).fill(value));
    await thrice(world.allreduceInit(mine, result), set, (round) => is(round * total));
    await thrice(world.reduceInit(mine, rank === 0 ? result : null), set, (round) =>
      is(rank === 0 ? round * total : -1),
    );
    const upTo = (rank * (rank + 1)) / 2;
    await thrice(world.scanInit(mine, result), set, (round) => is(round * upTo));
    await thrice(world.exscanInit(mine, result), set, (round) =>
      is(rank === 0 ? -1 : round * (upTo - rank)),
    );
    const block = new Float64Array(1);
    await thrice(world.reduceScatterInit(mine, block), set, (round) =>
      assert.equal(block[0], round * total),
    );
    const counts = ranks.map(() => 1);
    await thrice(world.reduceScatterInit(mine, block, { counts }), set, (round) =>
      assert.equal(block[0], round * total),
    );
  });

  it('gathering, scattering and exchanging, also with counts', async () => {
    const one = new Int32Array(1);
    const all = new Int32Array(size);
    const set = (round: number) => {
      one[0] = round * rank;
      all.fill(-1);
    };
    const products = (round: number) => ranks.map((r) => round * r);
    const counts = ranks.map(() => 1);
    for (const options of [undefined, { counts }]) {
      await thrice(world.allgatherInit(one, all, options), set, (round) =>
        assert.deepEqual([...all], products(round)),
      );
      await thrice(world.gatherInit(one, rank === 0 ? all : null, options), set, (round) =>
        assert.deepEqual([...all], rank === 0 ? products(round) : ranks.map(() => -1)),
      );
      await thrice(
        world.scatterInit(rank === 0 ? all : null, one, options),
        (round) => all.set(products(round)),
        (round) => assert.equal(one[0], round * rank),
      );
    }
    const into = new Int32Array(size);
    for (const options of [undefined, { sendCounts: counts, recvCounts: counts }]) {
      await thrice(
        world.alltoallInit(all, into, options),
        (round) => all.set(ranks.map((r) => round * (10 * rank + r))),
        (round) =>
          assert.deepEqual(
            [...into],
            ranks.map((r) => round * (10 * r + rank)),
          ),
      );
    }
  });

  it('along the edges of a topology', async () => {
    using ring = world.createDistGraphAdjacent([(rank + size - 1) % size], [(rank + 1) % size]);
    const one = new Int32Array(1);
    const into = new Int32Array(1);
    const previous = (rank + size - 1) % size;
    for (const request of [
      ring.neighborAllgatherInit(one, into),
      ring.neighborAlltoallInit(one, into),
    ]) {
      await thrice(
        request,
        (round) => {
          one[0] = round * rank;
        },
        (round) => assert.equal(into[0], round * previous),
      );
    }
  });

  it('not with operations of createOp', () => {
    using op = MPI.createOp(() => {});
    const data = new Float64Array(1);
    assert.throws(() => world.allreduceInit(data, new Float64Array(1), { op }), {
      class: 'MPI_ERR_UNSUPPORTED_OPERATION',
      call: 'MPI_Allreduce_init',
    });
    // Blocking calls are blocking again.
    assert.equal(world.allreduce(1), size);
  });
}
