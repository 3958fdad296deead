import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

/** 0, 1, 2, … */
const numbers = (length: number) => Float64Array.from({ length }, (_, k) => k);

/** The elements that one element of a datatype picks out of 0, 1, 2, …, by packing them. */
function picked(datatype: MPI.Datatype, length: number, offset = 0): number[] {
  const packed = new Float64Array(datatype.size / 8);
  const bytes = new Uint8Array(packed.buffer);
  const end = datatype.pack({ data: numbers(length), offset, count: 1 }, bytes);
  assert.equal(end, datatype.size);
  return [...packed];
}

describe('derived datatypes', () => {
  it('pick the elements that their constructors name', () => {
    const { DOUBLE } = MPI;
    const cases: [MPI.Datatype, number[]][] = [
      [DOUBLE.contiguous(3), [0, 1, 2]],
      [DOUBLE.vector(3, 2, 4), [0, 1, 4, 5, 8, 9]],
      [DOUBLE.hvector(2, 1, 24), [0, 3]],
      [DOUBLE.indexed([1, 2], [5, 0]), [5, 0, 1]],
      [DOUBLE.hindexed([2, 1], [16, 8]), [2, 3, 1]],
      [DOUBLE.indexedBlock(2, [6, 1]), [6, 7, 1, 2]],
      [DOUBLE.subarray([3, 4], [2, 2], [1, 2]), [6, 7, 10, 11]],
      [DOUBLE.subarray([4, 3], [2, 2], [2, 1], { order: 'F' }), [6, 7, 10, 11]],
      [MPI.Datatype.struct([1, 2], [8, 32], [DOUBLE, DOUBLE]), [1, 4, 5]],
      [DOUBLE.vector(2, 1, 2).resized(0, 8).contiguous(2), [0, 2, 1, 3]],
      [DOUBLE.vector(2, 1, 3).dup(), [0, 3]],
    ];
    for (const [datatype, expected] of cases) {
      assert.deepEqual(picked(datatype, 12), expected, `${datatype}`);
      datatype.free();
    }
  });

  it('share an array out as the standard says', () => {
    const { DOUBLE } = MPI;
    const block = (r: number) =>
      DOUBLE.darray(4, r, [4, 4], ['block', 'block'], [undefined, undefined], [2, 2]);
    const cyclic = (r: number) =>
      DOUBLE.darray(2, r, [3, 4], ['none', 'cyclic'], [undefined, 1], [1, 2]);
    for (const [datatype, expected] of [
      [block(0), [0, 1, 4, 5]],
      [block(3), [10, 11, 14, 15]],
      [cyclic(0), [0, 2, 4, 6, 8, 10]],
      [cyclic(1), [1, 3, 5, 7, 9, 11]],
    ] as const) {
      assert.deepEqual(picked(datatype, 16), expected);
      assert.equal(datatype.envelope.combiner, 'darray');
      datatype.free();
    }
    assert.throws(
      () => DOUBLE.darray(4, 0, [4, 4], ['block', 'block'], [1, 2], [2, 2]),
      /Expected a block of at least 2 for dargs\[0\]/,
    );
    assert.throws(() => DOUBLE.darray(3, 0, [4], ['block'], [2], [2]), /psizes/);
    // @ts-expect-error no such distribution
    assert.throws(() => DOUBLE.darray(2, 0, [4], ['blocks'], [2], [2]), /distribs\[0\]/);
  });

  it('know their bytes', () => {
    using type = MPI.DOUBLE.vector(3, 1, 2);
    assert.deepEqual(
      [type.size, type.lb, type.extent, type.trueLb, type.trueExtent],
      [24, 0, 40, 0, 40],
    );
    using shifted = type.resized(-8, 64);
    assert.deepEqual(
      [shifted.size, shifted.lb, shifted.extent, shifted.trueLb, shifted.trueExtent],
      [24, -8, 64, 0, 40],
    );
    assert.equal(MPI.DOUBLE.extent, 8);
    assert.deepEqual(type.envelope, {
      combiner: 'vector',
      integers: 3,
      addresses: 0,
      datatypes: 1,
    });
    assert.equal(shifted.envelope.combiner, 'resized');
    assert.equal(MPI.DOUBLE.envelope.combiner, 'named');
    assert.equal(`${type}`, 'MPI.Datatype(vector)');
  });

  it('travel, and arrive as another datatype of the same elements', () => {
    // A column is sent, a row is received.
    const matrix = numbers(12).map((value) => value + 100 * rank);
    using column = MPI.DOUBLE.vector(3, 1, 4);
    const row = new Float64Array(3);
    const { count } = world.sendrecv(
      { data: matrix, offset: 1, count: 1, datatype: column },
      next,
      row,
      previous,
    );
    assert.equal(count, 3);
    assert.deepEqual(
      [...row],
      [1, 5, 9].map((value) => value + 100 * previous),
    );
    // And the other way: the count is one of the datatype.
    const into = new Float64Array(12);
    const request = world.irecv({ data: into, offset: 2, count: 1, datatype: column }, previous);
    world.isend(row, next).wait();
    assert.equal(request.wait().count, 1);
    const other = (previous + size - 1) % size;
    assert.deepEqual(
      [...into.filter((_, k) => k % 4 === 2)],
      [1, 5, 9].map((v) => v + 100 * other),
    );
    assert.equal(into.filter((value) => value !== 0).length, 3);
  });

  it('can be freed while a communication needs them', () => {
    const into = new Float64Array(12);
    const column = MPI.DOUBLE.vector(3, 1, 4);
    const request = world.irecv({ data: into, count: 1, datatype: column }, previous);
    const prepared = world.sendInit(
      { data: numbers(12), offset: 3, count: 1, datatype: column },
      next,
    );
    column.free();
    assert.ok(column.isNull);
    column.free();
    prepared.start().wait();
    prepared.free();
    assert.equal(request.wait().count, 1);
    assert.deepEqual([...into], [3, 0, 0, 0, 7, 0, 0, 0, 11, 0, 0, 0]);
    const freed = (error: unknown) =>
      error instanceof MPI.MPIError && error.class === 'MPI_ERR_TYPE';
    assert.throws(() => world.send({ data: into, datatype: column }, next), freed);
    assert.throws(() => column.contiguous(2), freed);
    assert.throws(() => MPI.DOUBLE.free(), freed);
  });

  it('work in collectives', () => {
    using column = MPI.DOUBLE.vector(3, 1, size).resized(0, 8);
    // Column r of the root's matrix goes to rank r …
    const matrix = numbers(3 * size);
    const mine = new Float64Array(3);
    world.scatter(rank === 0 ? { data: matrix, count: size, datatype: column } : null, mine);
    assert.deepEqual([...mine], [rank, size + rank, 2 * size + rank]);
    // … and back, on every rank, also with explicit counts.
    for (const counts of [undefined, Array(size).fill(1)]) {
      const whole = new Float64Array(3 * size);
      const options = counts && { counts };
      world.allgather(mine, { data: whole, count: size, datatype: column }, options);
      assert.deepEqual(whole, matrix);
    }
    const copy = rank === 0 ? matrix.slice() : new Float64Array(3 * size);
    world.bcast({ data: copy, offset: size - 1, count: 1, datatype: column });
    const last = [size - 1, 2 * size - 1, 3 * size - 1];
    for (const k of last) assert.equal(copy[k], k);
  });

  it('are refused by built-in operations', () => {
    using pair = MPI.DOUBLE.contiguous(2);
    const data = new Float64Array(4);
    assert.throws(
      () => world.allreduce({ data, datatype: pair }, { data: data.slice(), datatype: pair }),
      (error) => error instanceof MPI.MPIError && /MPI_ERR_(OP|TYPE)/.test(error.class),
    );
  });

  it('never reach beyond the view', () => {
    const data = new Float64Array(12);
    const send = (offset: number, count: number | undefined, datatype: MPI.Datatype) =>
      world.isend({ data, offset, count, datatype }, MPI.PROC_NULL);
    using column = MPI.DOUBLE.vector(3, 1, 4);
    using before = MPI.DOUBLE.hindexed([1], [-8]);
    using backwards = MPI.DOUBLE.resized(0, -8);
    // The last byte that is read counts, not the extent.
    send(3, 1, column).wait();
    send(1, 1, before).wait();
    for (const [offset, count, datatype] of [
      [4, 1, column],
      [0, 2, column],
      [0, 1, before],
      [12, 1, MPI.DOUBLE],
    ] as const) {
      assert.throws(
        () => send(offset, count, datatype),
        (error) => error instanceof MPI.ArgumentRangeError && error.argument === 'buffer',
      );
    }
    // Without a count it is what fits.
    const counted = (offset: number, datatype: MPI.Datatype) => {
      const bytes = new Uint8Array(96);
      return datatype.pack({ data, offset }, bytes) / datatype.size;
    };
    using overlapping = column.resized(0, 8);
    assert.equal(counted(0, column), 1);
    assert.equal(counted(4, column), 0);
    assert.equal(counted(0, overlapping), 4);
    assert.equal(counted(2, overlapping), 2);
    assert.equal(counted(0, before), 0);
    // Elements may lie one before the other.
    assert.throws(() => backwards.pack({ data, offset: 2, count: 4 }, new Uint8Array(32)), /room/);
    assert.throws(() => MPI.DOUBLE.vector(1.5, 1, 1), /count/);
    assert.throws(() => MPI.DOUBLE.indexed([1, 2], [0]), /displacements/);
    assert.throws(() => MPI.DOUBLE.subarray([4], [3], [2]), /starts\[0\]/);
    // @ts-expect-error not a datatype
    assert.throws(() => world.send({ data, datatype: 7 }, next), /buffer.datatype/);
  });
});

describe('pack and unpack', () => {
  it('put elements of several datatypes into one message', () => {
    const { DOUBLE, INT32_T } = MPI;
    const packed = new Uint8Array(DOUBLE.packSize(2) + INT32_T.packSize(3));
    let end = INT32_T.pack(Int32Array.of(rank, 2, 3), packed);
    end = DOUBLE.pack(Float64Array.of(0.5, rank), packed, { position: end });
    const into = new Uint8Array(packed.length);
    world.sendrecv({ data: packed, count: end }, next, into, previous);
    const ints = new Int32Array(3);
    const floats = new Float64Array(2);
    const middle = INT32_T.unpack(into, ints);
    assert.equal(DOUBLE.unpack(into, floats, { position: middle, comm: world }), end);
    assert.deepEqual([...ints, ...floats], [previous, 2, 3, 0.5, previous]);
  });

  it('know external32, which is big endian', () => {
    const packed = new Uint8Array(MPI.INT32_T.packSize(2, { external: true }));
    assert.equal(packed.length, 8);
    MPI.INT32_T.pack(Int32Array.of(1, -2), packed, { external: true });
    assert.deepEqual([...packed], [0, 0, 0, 1, 255, 255, 255, 254]);
    const into = new Int32Array(2);
    assert.equal(MPI.INT32_T.unpack(packed, into, { external: true }), 8);
    assert.deepEqual([...into], [1, -2]);
  });

  it('check both sides', () => {
    const data = new Float64Array(2);
    assert.throws(() => MPI.DOUBLE.pack(data, new Uint8Array(15)), /Expected 16 bytes .* packed/);
    assert.throws(() => MPI.DOUBLE.unpack(new Uint8Array(16), data, { position: 1 }), /packed/);
    assert.throws(() => MPI.DOUBLE.pack({ data, count: 3 }, new Uint8Array(64)), /inbuf/);
    assert.throws(() => MPI.DOUBLE.unpack(new Uint8Array(64), { data, count: 3 }), /outbuf/);
    assert.throws(
      () => MPI.DOUBLE.pack(data, new Uint8Array(15), { external: true }),
      /Expected 16 bytes/,
    );
  });
});
