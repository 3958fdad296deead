import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const ranks = Array.from({ length: size }, (_, r) => r);

afterEach(() => world.barrier());

/** Composition of affine maps x ↦ m·x + k, as pairs (m, k): `a` first, then `b`. Does not commute. */
function compose(a: Float64Array, b: Float64Array): void {
  for (let i = 0; i < a.length; i += 2) {
    b[i + 1] += b[i] * a[i + 1];
    b[i] *= a[i];
  }
}

/** The composition of the maps of some ranks, in order. */
function composed(of: readonly number[]): [number, number] {
  const result: [number, number] = [1, 0];
  for (const r of of) {
    const [m, k] = affine(r);
    result[1] = m * result[1] + k;
    result[0] *= m;
  }
  return result;
}

function affine(r: number): [number, number] {
  return [(r % 3) + 2, r + 1];
}

function add(a: MPI.TypedArray, b: MPI.TypedArray): void {
  for (let i = 0; i < a.length; i++) (b as Float64Array)[i] += (a as Float64Array)[i];
}

/** Maps as complex numbers: pairs that MPI never takes apart. */
function pairs(data: Float64Array): MPI.BufferSpec {
  return { data, datatype: MPI.C_DOUBLE_COMPLEX };
}

describe('createOp', () => {
  it('keeps the order of an operation that does not commute', () => {
    using op = MPI.createOp(compose);
    const mine = Float64Array.from([...affine(rank), ...affine(rank)]);
    const result = new Float64Array(4);
    world.allreduce(pairs(mine), pairs(result), { op });
    const all = composed(ranks);
    assert.deepEqual([...result], [...all, ...all]);
    assert.deepEqual([...mine], [...affine(rank), ...affine(rank)]);

    result.fill(0);
    const root = size - 1;
    world.reduce(pairs(mine), rank === root ? pairs(result) : null, { op, root });
    if (rank === root) assert.deepEqual([...result], [...all, ...all]);

    world.scan(pairs(mine), pairs(result), { op });
    const upTo = composed(ranks.slice(0, rank + 1));
    assert.deepEqual([...result], [...upTo, ...upTo]);

    world.exscan(pairs(mine), pairs(result), { op });
    const below = composed(ranks.slice(0, rank));
    if (rank > 0) assert.deepEqual([...result], [...below, ...below]);
  });

  it('works in place, on values, and scattered', () => {
    using op = MPI.createOp(add, { commute: true });
    const total = ranks.reduce((sum, r) => sum + r + 1, 0);
    assert.equal(world.allreduce(rank + 1, { op }), total);
    assert.equal(world.allreduce(BigInt(rank + 1), { op }), BigInt(total));
    const data = Float64Array.of(rank + 1, 10 * (rank + 1));
    world.allreduce(MPI.IN_PLACE, data, { op });
    assert.deepEqual([...data], [total, 10 * total]);
    const block = new Int32Array(1);
    world.reduceScatter(
      Int32Array.from(ranks, (r) => r * (rank + 1)),
      block,
      { op },
    );
    assert.equal(block[0], rank * total);
    const counts = ranks.map((r) => r + 1);
    const varying = new Int32Array(rank + 1);
    const mine = new Int32Array((size * (size + 1)) / 2).fill(rank + 1);
    world.reduceScatter(mine, varying, { op, counts });
    assert.deepEqual([...varying], new Array(rank + 1).fill(total));
  });

  it('hands over arrays of the elements of the buffers', () => {
    const kinds = [
      Int8Array,
      Int16Array,
      Int32Array,
      Uint8Array,
      Uint16Array,
      Uint32Array,
      Float32Array,
      Float64Array,
      BigInt64Array,
      BigUint64Array,
    ] as const;
    let seen: string | undefined;
    using op = MPI.createOp(
      (a, b) => {
        seen = a.constructor.name;
        assert.equal(b.constructor.name, seen);
        assert.equal(a.length, b.length);
        add(a, b);
      },
      { commute: true },
    );
    for (const Kind of kinds) {
      seen = undefined;
      const big = Kind === BigInt64Array || Kind === BigUint64Array;
      const data = new Kind(3).fill((big ? 2n : 2) as never);
      const result = new Kind(3);
      world.allreduce(data, result, { op });
      assert.deepEqual([...result].map(Number), [2 * size, 2 * size, 2 * size]);
      // With one rank, and on some ranks with more, there is nothing to combine.
      if (seen !== undefined) assert.equal(seen, Kind.name);
    }
  });

  it('combines long buffers, which MPI hands over in parts', () => {
    using op = MPI.createOp(compose);
    const n = 100_000;
    const mine = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) mine.set([1, rank + i], 2 * i);
    const result = new Float64Array(2 * n);
    world.allreduce(pairs(mine), pairs(result), { op });
    const sum = (size * (size - 1)) / 2;
    for (let i = 0; i < n; i++) {
      if (result[2 * i + 1] !== sum + size * i) assert.equal(result[2 * i + 1], sum + size * i);
    }
  });

  it('leaves nothing of MPI’s memory behind', () => {
    const kept: Float64Array[] = [];
    using op = MPI.createOp((a: Float64Array, b: Float64Array) => {
      kept.push(a, b);
      compose(a, b);
    });
    const result = new Float64Array(2);
    world.allreduce(pairs(Float64Array.from(affine(rank))), pairs(result), { op });
    assert.deepEqual([...result], composed(ranks));
    if (size > 1 && size <= 2) assert.ok(kept.length > 0);
    for (const array of kept) assert.equal(array.length, 0);
  });

  it('has 16 slots, which free() gives back', () => {
    const ops = Array.from({ length: 16 }, (_, k) =>
      MPI.createOp((a: Float64Array, b: Float64Array) => {
        for (let i = 0; i < a.length; i++) b[i] += a[i] + k;
      }),
    );
    assert.throws(() => MPI.createOp(add), {
      call: 'MPI_Op_create',
      message: /16 user operations exist already: free\(\) one first/,
    });
    for (const [k, op] of ops.entries()) {
      assert.equal(world.allreduce(1, { op }), size + k * (size - 1));
    }
    ops[3].free();
    using another = MPI.createOp(add);
    assert.equal(world.allreduce(2, { op: another }), 2 * size);
    assert.throws(() => world.allreduce(1, { op: ops[3] }), { class: 'MPI_ERR_OP' });
    assert.throws(() => ops[3].free(), { class: 'MPI_ERR_OP' });
    for (const op of ops) op[Symbol.dispose]();
    assert.throws(() => MPI.SUM.free(), { class: 'MPI_ERR_OP' });
  });

  it('has a name and wants a function', () => {
    using op = MPI.createOp(add);
    assert.equal(String(op), 'MPI.Op(add)');
    assert.throws(() => MPI.createOp(3 as never), { argument: 'reducer' });
  });
});

describe('a user operation that is started', () => {
  it('is complete by wait, test, await, waitAll, in any order', async () => {
    using op = MPI.createOp(compose);
    const begin = () => {
      const result = new Float64Array(2);
      const mine = pairs(Float64Array.from(affine(rank)));
      return { result, request: world.iallreduce(mine, pairs(result), { op }) };
    };
    const all = Array.from({ length: 6 }, begin);
    assert.throws(() => op.free(), { class: 'MPI_ERR_OP', message: /still uses/ });
    // Not in the order in which they were started, and not the same on all ranks.
    const order = rank % 2 === 0 ? [1, 0] : [0, 1];
    for (const k of order) all[k].request.wait();
    MPI.waitAll([all[3].request, all[2].request]);
    await all[4].request;
    while (all[5].request.test() === null);
    for (const { result } of all) assert.deepEqual([...result], composed(ranks));
    assert.equal(await world.iallreduce(rank, { op: MPI.SUM }), (size * (size - 1)) / 2);
  });

  it('leaves other requests to waitAny and waitSome', () => {
    using op = MPI.createOp(add);
    const result = new Float64Array(1);
    const request = world.iallreduce(Float64Array.of(rank), result, { op });
    const barrier = world.ibarrier();
    const both = [request, barrier];
    const first = MPI.waitAny(both);
    assert.ok(both[first].isComplete);
    assert.deepEqual(MPI.waitSome(both), [1 - first]);
    assert.equal(result[0], (size * (size - 1)) / 2);
  });

  it('works on a communicator that is freed afterwards, and on one that is a copy', () => {
    using op = MPI.createOp(add);
    for (let k = 0; k < 2; k++) {
      using comm = world.dup();
      assert.equal(comm.iallreduce(1, { op }).wait(), size);
    }
  });

  it('fails on every rank when it throws on one', async () => {
    const boom = new Error('boom');
    using op = MPI.createOp(() => {
      throw boom;
    });
    const begin = () => world.iallreduce(Float64Array.of(1), new Float64Array(1), { op });
    const finishers: ((request: MPI.Request) => unknown)[] = [
      (request) => request.wait(),
      (request) => MPI.waitAll([request]),
      (request) => request,
    ];
    for (const finish of finishers) {
      const failed = await Promise.resolve()
        .then(() => finish(begin()))
        .then(
          () => undefined,
          (error: unknown) => error as MPI.MPIError,
        );
      if (size === 1) {
        assert.equal(failed, undefined);
        continue;
      }
      assert.ok(failed instanceof MPI.MPIError);
      assert.equal(failed.class, 'MPI_ERR_OP');
      assert.equal(failed.call, 'MPI_Iallreduce');
      assert.ok(failed.cause === boom || failed.cause === undefined);
    }
  });
});

describe('a user operation that fails', () => {
  it('makes the call throw on every rank, where it happened with the cause', () => {
    let calls = 0;
    const thrown: Error[] = [];
    using op = MPI.createOp((a: Float64Array, b: Float64Array) => {
      calls++;
      if (a[0] + b[0] > 1e6) {
        thrown.push(new Error('too large'));
        throw thrown.at(-1);
      }
      compose(a, b);
    });
    const mine = Float64Array.of(1e7, rank);
    const result = new Float64Array(2);
    let error: MPI.MPIError | undefined;
    try {
      world.allreduce(pairs(mine), pairs(result), { op });
    } catch (caught) {
      error = caught as MPI.MPIError;
    }
    if (size === 1) {
      assert.equal(error, undefined);
      assert.equal(calls, 0);
    } else {
      assert.equal(error?.class, 'MPI_ERR_OP');
      assert.equal(error?.call, 'MPI_Allreduce');
      assert.equal(error?.cause, thrown[0]);
      assert.match(
        String(error?.message),
        thrown.length > 0 ? /threw: too large/ : /on another rank/,
      );
      // After an error the function is not called again in the same call.
      assert.ok(thrown.length <= 1);
      assert.equal(world.allreduce(thrown.length, { op: MPI.MAX }), 1);
    }
    // It can be used again.
    world.allreduce(pairs(Float64Array.from(affine(rank))), pairs(result), { op });
    assert.deepEqual([...result], composed(ranks));
  });

  it('cannot call MPI, not even when it catches the error', () => {
    let refused: unknown;
    using op = MPI.createOp((a: Float64Array, b: Float64Array) => {
      try {
        world.allreduce(17);
      } catch (error) {
        refused = error;
      }
      add(a, b);
    });
    let error: MPI.MPIError | undefined;
    try {
      world.allreduce(1, { op });
    } catch (caught) {
      error = caught as MPI.MPIError;
    }
    if (size === 1) {
      assert.equal(error, undefined);
      return;
    }
    assert.equal(error?.class, 'MPI_ERR_OP');
    assert.equal(error?.cause, refused);
    if (refused !== undefined) assert.match(String(refused), /cannot call MPI/);
    assert.equal(world.allreduce(refused === undefined ? 0 : 1, { op: MPI.MAX }), 1);
  });

  it('cannot be async, nor give its memory away', () => {
    using async = MPI.createOp((async () => {}) as never);
    using greedy = MPI.createOp((a: Float64Array) => {
      structuredClone(a.buffer, { transfer: [a.buffer as ArrayBuffer] });
    });
    for (const op of [async, greedy]) {
      if (size === 1) assert.equal(world.allreduce(4, { op }), 4);
      else assert.throws(() => world.allreduce(4, { op }), { class: 'MPI_ERR_OP' });
    }
  });

  it('survives garbage collections while MPI has the buffers', () => {
    using op = MPI.createOp((a: Float64Array, b: Float64Array) => {
      const garbage = Array.from({ length: 20 }, () => new Float64Array(10_000));
      assert.equal(garbage.length, 20);
      compose(a, b);
    });
    for (let k = 0; k < 20; k++) {
      const result = new Float64Array(2);
      world.allreduce(pairs(Float64Array.from(affine(rank))), pairs(result), { op });
      assert.deepEqual([...result], composed(ranks));
    }
  });
});
