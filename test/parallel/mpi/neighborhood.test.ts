import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

afterEach(() => world.barrier());

/** Neighbours of each node of a line. */
const line = Array.from({ length: size }, (_, r) =>
  [r - 1, r + 1].filter((other) => other >= 0 && other < size),
);

describe('createGraph', () => {
  it('knows the neighbours of every rank', () => {
    using graph = world.createGraph(line);
    for (let r = 0; r < size; r++) assert.deepEqual(graph.neighborsOf(r), line[r]);
    assert.deepEqual(graph.neighbors(), { sources: line[rank], destinations: line[rank] });
    using copy = graph.dup();
    assert.deepEqual(copy.neighborsOf(rank), line[rank]);
  });

  it('leaves out the ranks that the graph does not need', () => {
    if (size === 1) return;
    const graph = world.createGraph(Array.from({ length: size - 1 }, () => []));
    assert.equal(graph.isNull, rank === size - 1);
    if (!graph.isNull) graph.free();
  });

  it('refuses what is no graph', () => {
    assert.throws(() => world.createGraph([[size + 1]]), { argument: 'neighbors[0][0]' });
    assert.throws(() => world.createGraph(3 as never), { argument: 'neighbors' });
    assert.throws(() => world.createGraph(new Array(size + 1).fill([])), { argument: 'neighbors' });
  });
});

describe('createDistGraphAdjacent and createDistGraph', () => {
  it('know their own edges and weights', () => {
    using ring = world.createDistGraphAdjacent([previous], [next]);
    assert.deepEqual(ring.neighbors(), { sources: [previous], destinations: [next] });
    using weighted = world.createDistGraphAdjacent([previous], [next], {
      sourceWeights: [previous + 10],
      destinationWeights: [rank + 10],
    });
    assert.deepEqual(weighted.neighbors(), {
      sources: [previous],
      destinations: [next],
      sourceWeights: [previous + 10],
      destinationWeights: [rank + 10],
    });
  });

  it('take edges from any rank', () => {
    // The last rank knows them all.
    const edges = Array.from({ length: size }, (_, source) => ({
      source,
      destinations: [(source + 1) % size],
      weights: [source + 1],
    }));
    using ring = world.createDistGraph(rank === size - 1 ? edges : [], { weighted: true });
    assert.deepEqual(ring.neighbors(), {
      sources: [previous],
      destinations: [next],
      sourceWeights: [previous + 1],
      destinationWeights: [rank + 1],
    });
    using plain = world.createDistGraph([{ source: rank, destinations: [next] }]);
    assert.deepEqual(plain.neighbors(), { sources: [previous], destinations: [next] });
  });

  it('refuse ranks that are none and weights that do not fit', () => {
    assert.throws(() => world.createDistGraphAdjacent([size], []), { argument: 'sources[0]' });
    assert.throws(() => world.createDistGraphAdjacent([], [-1]), { argument: 'destinations[0]' });
    const half = { sourceWeights: [1] };
    assert.throws(() => world.createDistGraphAdjacent([0], [0], half), {
      argument: 'options.sourceWeights',
    });
    assert.throws(
      () => world.createDistGraph([{ source: 0, destinations: [0], weights: [1, 2] }]),
      { argument: 'edges[0].weights' },
    );
    assert.throws(() => world.createDistGraph([{ source: size, destinations: [] }]), {
      argument: 'edges[0].source',
    });
  });
});

describe('cartMap', () => {
  it('gives each process of the grid a rank, and others none', () => {
    const mapped = MPI.cartMap(world, [size]);
    assert.ok(mapped !== null && mapped >= 0 && mapped < size);
    assert.equal(world.allreduce(mapped), (size * (size - 1)) / 2);
    if (size > 1) {
      const some = MPI.cartMap(world, [size - 1]);
      assert.equal(world.allreduce(some === null ? 1 : 0), 1);
    }
    assert.throws(() => MPI.cartMap(world, [size + 1]), { argument: 'dims' });
  });
});

describe('neighborAllgather', () => {
  it('brings a block from each neighbour, on a grid, a graph and a directed graph', async () => {
    using cart = world.createCart([size]);
    const { sources } = cart.neighbors();
    assert.deepEqual(sources, [
      rank > 0 ? rank - 1 : MPI.PROC_NULL,
      rank < size - 1 ? rank + 1 : MPI.PROC_NULL,
    ]);
    const expected = sources.flatMap((r) => (r === MPI.PROC_NULL ? [-1, -1] : [r, 10 * r]));
    const mine = Float64Array.of(rank, 10 * rank);
    const into = new Float64Array(4).fill(-1);
    cart.neighborAllgather(mine, into);
    assert.deepEqual([...into], expected);
    into.fill(-1);
    await cart.ineighborAllgather(mine, into);
    assert.deepEqual([...into], expected);

    using graph = world.createGraph(line);
    const blocks = new Float64Array(2 * line[rank].length);
    graph.neighborAllgather(mine, blocks);
    assert.deepEqual(
      [...blocks],
      line[rank].flatMap((r) => [r, 10 * r]),
    );

    using ring = world.createDistGraphAdjacent([previous], [next]);
    const one = new Float64Array(2);
    ring.neighborAllgather(mine, one);
    assert.deepEqual([...one], [previous, 10 * previous]);
    assert.throws(() => ring.neighborAllgather(mine, new Float64Array(1)), { argument: 'recvbuf' });
  });

  it('brings blocks of different lengths', async () => {
    using ring = world.createDistGraphAdjacent([previous], [next]);
    const mine = new Int32Array(rank + 1).fill(rank);
    const into = new Int32Array(previous + 2).fill(-1);
    const options = { counts: [previous + 1], displs: [1] };
    ring.neighborAllgather(mine, into, options);
    const expected = [-1, ...new Array(previous + 1).fill(previous)];
    assert.deepEqual([...into], expected);
    into.fill(-1);
    await ring.ineighborAllgather(mine, into, options);
    assert.deepEqual([...into], expected);
    const wrong = { counts: [1, 2] };
    assert.throws(() => ring.neighborAllgather(mine, into, wrong), { argument: 'options.counts' });
  });
});

describe('neighborAlltoall', () => {
  it('exchanges a block with each neighbour', async () => {
    using graph = world.createGraph(line);
    const mine = Int32Array.from(line[rank], (to) => 100 * rank + to);
    const expected = line[rank].map((from) => 100 * from + rank);
    const into = new Int32Array(line[rank].length);
    graph.neighborAlltoall(mine, into);
    assert.deepEqual([...into], expected);
    into.fill(0);
    graph.ineighborAlltoall(mine, into).wait();
    assert.deepEqual([...into], expected);

    // In both directions along an open line of a grid.
    using cart = world.createCart([size]);
    const halo = new Float64Array(2).fill(-1);
    cart.neighborAlltoall(Float64Array.of(rank, rank + 0.5), halo);
    assert.deepEqual([...halo], [rank > 0 ? rank - 1 + 0.5 : -1, rank < size - 1 ? rank + 1 : -1]);
  });

  it('exchanges blocks of different lengths', async () => {
    using ring = world.createDistGraphAdjacent([previous], [next]);
    const mine = new Float32Array(rank + 1).fill(rank);
    const into = new Float32Array(previous + 1).fill(-1);
    const options = { sendCounts: [rank + 1], recvCounts: [previous + 1] };
    ring.neighborAlltoall(mine, into, options);
    assert.deepEqual([...into], new Array(previous + 1).fill(previous));
    into.fill(-1);
    await ring.ineighborAlltoall(mine, into, options);
    assert.deepEqual([...into], new Array(previous + 1).fill(previous));
  });

  it('exchanges blocks of different datatypes', async () => {
    using ring = world.createDistGraphAdjacent([previous, previous], [next, next]);
    const mine = new DataView(new ArrayBuffer(24));
    mine.setFloat64(8, rank + 0.25, true);
    mine.setInt16(0, rank, true);
    const into = new DataView(new ArrayBuffer(24));
    const options = {
      sendTypes: [MPI.INT16_T, MPI.DOUBLE],
      sendCounts: [1, 1],
      sendDispls: [0, 8],
      recvTypes: [MPI.INT16_T, MPI.DOUBLE],
      recvCounts: [1, 1],
      recvDispls: [2, 16],
    };
    for (const how of ['blocking', 'started'] as const) {
      into.setInt16(2, -1, true);
      into.setFloat64(16, -1, true);
      if (how === 'blocking') ring.neighborAlltoall(mine, into, options);
      else await ring.ineighborAlltoall(mine, into, options);
      assert.equal(into.getInt16(2, true), previous);
      assert.equal(into.getFloat64(16, true), previous + 0.25);
    }
    const beyond = { ...options, recvDispls: [2, 17] };
    assert.throws(() => ring.neighborAlltoall(mine, into, beyond), { argument: 'recvbuf' });
  });
});

describe('alltoall with datatypes', () => {
  it('sends each rank a block of a datatype of its own', async () => {
    const type = (a: number, b: number) => ((a + b) % 2 === 0 ? MPI.INT32_T : MPI.DOUBLE);
    const ranks = Array.from({ length: size }, (_, r) => r);
    const mine = new DataView(new ArrayBuffer(8 * size));
    for (const r of ranks) {
      if (type(rank, r) === MPI.DOUBLE) mine.setFloat64(8 * r, 10 * rank + r, true);
      else mine.setInt32(8 * r, 10 * rank + r, true);
    }
    const sides = {
      sendTypes: ranks.map((r) => type(rank, r)),
      sendCounts: ranks.map(() => 1),
      sendDispls: ranks.map((r) => 8 * r),
      recvTypes: ranks.map((r) => type(r, rank)),
      recvCounts: ranks.map(() => 1),
      recvDispls: ranks.map((r) => 8 * r),
    };
    for (const how of ['blocking', 'started'] as const) {
      const into = new DataView(new ArrayBuffer(8 * size));
      if (how === 'blocking') world.alltoall(mine, into, sides);
      else await world.ialltoall(mine, into, sides);
      for (const r of ranks) {
        const got =
          type(r, rank) === MPI.DOUBLE ? into.getFloat64(8 * r, true) : into.getInt32(8 * r, true);
        assert.equal(got, 10 * r + rank);
      }
    }
    assert.throws(() => world.alltoall(mine, mine, { ...sides, sendTypes: [] as never[] }), {
      argument: 'options.sendTypes',
    });
    const none = { ...sides, recvTypes: ranks.map(() => 3 as never) };
    assert.throws(() => world.alltoall(mine, mine, none), { argument: 'options.recvTypes[0]' });
  });
});
