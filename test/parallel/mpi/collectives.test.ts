import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const ranks = Array.from({ length: size }, (_, r) => r);
const sumOf = (f: (r: number) => number) => ranks.reduce((sum, r) => sum + f(r), 0);
const last = size - 1;

describe('bcast', () => {
  it('copies the buffer of every root in turn', () => {
    for (const root of ranks) {
      const buffer = Float64Array.of(rank, rank * 2, 3);
      world.bcast(buffer, { root });
      assert.deepEqual([...buffer], [root, root * 2, 3]);
    }
  });

  it('refuses a root that is not there', () => {
    assert.throws(() => world.bcast(new Float64Array(1), { root: size }), {
      argument: 'options.root',
    });
  });
});

describe('reduce and allreduce', () => {
  it('sum, multiply and compare element by element', () => {
    const mine = Float64Array.of(rank + 1, -rank);
    const result = new Float64Array(2);
    world.allreduce(mine, result);
    assert.deepEqual([...result], [sumOf((r) => r + 1), -sumOf((r) => r)]);
    world.allreduce(mine, result, { op: MPI.PROD });
    assert.equal(
      result[0],
      ranks.reduce((product, r) => product * (r + 1), 1),
    );
    world.allreduce(mine, result, { op: MPI.MAX });
    assert.deepEqual([...result], [size, -0]);
    world.allreduce(mine, result, { op: MPI.MIN });
    assert.deepEqual([...result], [1, -last]);
  });

  it('give the result to the root alone', () => {
    for (const root of ranks) {
      const result = rank === root ? new Int32Array(1) : null;
      world.reduce(Int32Array.of(rank), result, { root });
      if (result)
        assert.equal(
          result[0],
          sumOf((r) => r),
        );
    }
  });

  it('work on bits and truth values', () => {
    const bits = new Uint32Array(1);
    world.allreduce(Uint32Array.of(1 << rank), bits, { op: MPI.BOR });
    assert.equal(bits[0], 2 ** size - 1);
    world.allreduce(Uint32Array.of(rank === 0 ? 0 : 5), bits, { op: MPI.LAND });
    assert.equal(bits[0], 0);
    world.allreduce(Uint32Array.of(1), bits, { op: MPI.BXOR });
    assert.equal(bits[0], size % 2);
  });

  it('take every integer and floating type', () => {
    for (const Kind of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array]) {
      const result = new Kind(1);
      world.allreduce(Kind.of(rank), result);
      assert.equal(
        result[0],
        sumOf((r) => r),
        Kind.name,
      );
    }
    const big = new BigInt64Array(1);
    world.allreduce(BigInt64Array.of(2n ** 53n + BigInt(rank)), big);
    assert.equal(big[0], 2n ** 53n * BigInt(size) + BigInt(sumOf((r) => r)));
    const unsigned = new BigUint64Array(1);
    world.allreduce(BigUint64Array.of(2n ** 63n + BigInt(rank)), unsigned, { op: MPI.MAX });
    assert.equal(unsigned[0], 2n ** 63n + BigInt(last));
    const single = new Float32Array(1);
    world.allreduce(Float32Array.of(0.5), single);
    assert.equal(single[0], size / 2);
  });

  it('add and multiply complex pairs', () => {
    const datatype = MPI.C_DOUBLE_COMPLEX;
    const sum = new Float64Array(2);
    world.allreduce({ data: Float64Array.of(rank, 1), datatype }, { data: sum, datatype });
    assert.deepEqual([...sum], [sumOf((r) => r), size]);
    const product = new Float64Array(2);
    const imaginaryUnit = { data: Float64Array.of(0, 1), datatype };
    world.allreduce(imaginaryUnit, { data: product, datatype }, { op: MPI.PROD });
    const powers = [
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ];
    assert.ok(
      product.every((part, k) => part === powers[size % 4][k]),
      String(product),
    );
  });

  it('combine plain numbers and bigints', () => {
    assert.equal(
      world.allreduce(rank + 0.5),
      sumOf((r) => r + 0.5),
    );
    assert.equal(world.allreduce(rank, { op: MPI.MAX }), last);
    assert.equal(world.allreduce(BigInt(rank) + 2n ** 60n, { op: MPI.MIN }), 2n ** 60n);
    const sum = sumOf((r) => r + 0.5);
    assert.equal(world.reduce(rank + 0.5, { root: last }), rank === last ? sum : undefined);
    assert.equal(world.reduce(2n ** 60n, { op: MPI.MAX }), rank === 0 ? 2n ** 60n : undefined);
    assert.throws(() => world.reduce(1, { root: size }), { argument: 'options.root' });
  });

  it('work in place', () => {
    const buffer = Float64Array.of(rank, 1);
    world.allreduce(MPI.IN_PLACE, buffer);
    assert.deepEqual([...buffer], [sumOf((r) => r), size]);
    const own = Int32Array.of(rank);
    world.reduce(rank === 0 ? MPI.IN_PLACE : own, rank === 0 ? own : null);
    if (rank === 0)
      assert.equal(
        own[0],
        sumOf((r) => r),
      );
  });

  it('refuse buffers that do not fit, and operations that MPI has not', () => {
    const two = new Float64Array(2);
    assert.throws(() => world.allreduce(two, new Float64Array(1)), { argument: 'recvbuf' });
    assert.throws(() => world.allreduce(two, new Float32Array(2)), { argument: 'recvbuf' });
    assert.throws(() => world.allreduce(two, two, { op: 'sum' as unknown as MPI.Op }), {
      argument: 'options.op',
    });
    assert.throws(() => world.allreduce(1.5, { op: MPI.BAND }), { class: 'MPI_ERR_OP' });
    // By position, as in mpi4py: never ignored in silence.
    assert.throws(() => world.allreduce(1, MPI.MAX as unknown as MPI.OpOptions), {
      argument: 'options',
      message: /Expected an object such as { op: MPI.MAX } for options/,
    });
    assert.throws(() => world.bcast(two, 0 as unknown as MPI.RootOptions), { argument: 'options' });
  });
});

describe('gather and allgather', () => {
  it('collect equal blocks in rank order', () => {
    const all = new Int32Array(2 * size);
    world.allgather(Int32Array.of(rank, -rank), all);
    assert.deepEqual(
      [...all],
      ranks.flatMap((r) => [r, 0 - r]).map((v) => (v === 0 ? 0 : v)),
    );
    const onRoot = rank === last ? new Int32Array(2 * size) : null;
    world.gather(Int32Array.of(rank, 7), onRoot, { root: last });
    if (onRoot)
      assert.deepEqual(
        [...onRoot],
        ranks.flatMap((r) => [r, 7]),
      );
  });

  it('collect blocks of different lengths, also empty ones', () => {
    const mine = new Float64Array(rank).fill(rank);
    const counts = ranks;
    const all = new Float64Array(sumOf((r) => r));
    world.allgather(mine, all, { counts });
    assert.deepEqual(
      [...all],
      ranks.flatMap((r) => new Array(r).fill(r)),
    );
  });

  it('put blocks where the displacements say', () => {
    const displs = ranks.map((r) => 2 * (last - r));
    const counts = ranks.map(() => 1);
    const all = rank === 0 ? new Float64Array(2 * size).fill(-1) : null;
    world.gather(Float64Array.of(rank), all, { counts, displs });
    if (all) {
      assert.deepEqual(
        [...all],
        ranks.flatMap((r) => [last - r, -1]),
      );
    }
  });

  it('work in place', () => {
    const all = new Float64Array(size);
    all[rank] = rank + 1;
    world.allgather(MPI.IN_PLACE, all);
    assert.deepEqual(
      [...all],
      ranks.map((r) => r + 1),
    );
    const counted = new Float64Array(size);
    counted[rank] = rank;
    world.allgather(MPI.IN_PLACE, counted, { counts: ranks.map(() => 1) });
    assert.deepEqual([...counted], ranks);
  });

  it('refuse a receive buffer that is too short, before anything moves', () => {
    assert.throws(() => world.allgather(new Float64Array(2), new Float64Array(2 * size - 1)), {
      argument: 'recvbuf',
      message: /Expected room for \d blocks of 2 elements for recvbuf, but received "\d elements"/,
    });
    assert.throws(
      () => world.allgather(new Float64Array(1), new Float64Array(size), { counts: [] }),
      {
        argument: 'options.counts',
      },
    );
    assert.throws(
      () =>
        world.allgather(new Float64Array(1), new Float64Array(size), {
          counts: ranks.map(() => 1),
          displs: ranks.map(() => size),
        }),
      { argument: 'recvbuf' },
    );
  });
});

describe('scatter', () => {
  it('hands out equal blocks', () => {
    for (const root of ranks) {
      const all = rank === root ? Float64Array.from({ length: 2 * size }, (_, k) => k) : null;
      const mine = new Float64Array(2);
      world.scatter(all, mine, { root });
      assert.deepEqual([...mine], [2 * rank, 2 * rank + 1]);
    }
  });

  it('hands out blocks of different lengths', () => {
    const all = rank === 0 ? Float64Array.from({ length: sumOf((r) => r) }, (_, k) => k) : null;
    const mine = new Float64Array(rank);
    world.scatter(all, mine, { counts: ranks });
    const start = ranks.slice(0, rank).reduce((sum, r) => sum + r, 0);
    assert.deepEqual(
      [...mine],
      ranks.slice(0, rank).map((_, k) => start + k),
    );
  });

  it('leaves the root its block in place', () => {
    const all = Float64Array.from({ length: size }, (_, k) => k + 1);
    const mine = new Float64Array(1);
    world.scatter(rank === 0 ? all : null, rank === 0 ? MPI.IN_PLACE : mine);
    if (rank !== 0) assert.equal(mine[0], rank + 1);
  });
});

describe('alltoall', () => {
  it('transposes equal blocks', () => {
    const out = Float64Array.from(ranks, (r) => rank * 100 + r);
    const into = new Float64Array(size);
    world.alltoall(out, into);
    assert.deepEqual(
      [...into],
      ranks.map((r) => r * 100 + rank),
    );
  });

  it('exchanges blocks of different lengths', () => {
    // Rank r sends r + q elements to rank q.
    const sendCounts = ranks.map((q) => rank + q);
    const recvCounts = ranks.map((q) => q + rank);
    const out = Int32Array.from(ranks.flatMap((q) => new Array(rank + q).fill(rank * 10 + q)));
    const into = new Int32Array(out.length);
    world.alltoall(out, into, { sendCounts, recvCounts });
    assert.deepEqual(
      [...into],
      ranks.flatMap((q) => new Array(q + rank).fill(q * 10 + rank)),
    );
  });

  it('refuses a buffer that is no multiple of the number of ranks', () => {
    if (size === 1) return;
    assert.throws(() => world.alltoall(new Float64Array(size + 1), new Float64Array(2 * size)), {
      argument: 'sendbuf',
    });
  });
});

describe('barrier', () => {
  it('lets nobody through before the last has come', () => {
    // The monotonic clock of the host: the last one's arrival lies before everybody's leaving.
    const now = () => Number(process.hrtime.bigint());
    const start = now();
    if (rank === last) while (now() - start < 1e8);
    const arrival = now();
    world.barrier();
    const left = now();
    assert.ok(left >= world.allreduce(arrival, { op: MPI.MAX }));
  });
});
