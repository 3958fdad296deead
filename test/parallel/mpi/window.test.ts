import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

describe('Win.create', () => {
  it('exposes arrays of any kind and length', () => {
    const memory = new Int16Array(4 + rank);
    using win = MPI.Win.create(memory, world);
    assert.equal(win.memory, memory);
    assert.deepEqual([win.rank, win.size, win.isNull], [rank, size, false]);
    assert.equal(String(win), `Win(rank ${rank} of ${size})`);
    win.fence();
    // The last element of the next rank, whose array has another length.
    win.put(Int16Array.of(rank + 1), next, { displacement: 3 + next });
    win.fence();
    assert.deepEqual([...memory], [...Array(3 + rank).fill(0), previous + 1]);
  });

  it('knows what the target exposes, and refuses to reach beyond', () => {
    const memory = new Float64Array(rank === 0 ? 0 : 2);
    using win = MPI.Win.create(memory, world);
    win.fence();
    const three = new Float64Array(3);
    assert.throws(() => win.put(three, 0), /24 bytes at displacement 0 .* within the 0 bytes that/);
    assert.throws(() => win.get(three, 0), MPI.ArgumentRangeError);
    for (const displacement of [-1, 0.5, 2 ** 40]) {
      assert.throws(
        () => win.accumulate(three.subarray(2), size - 1, { displacement }),
        /for options\.displacement/,
      );
    }
    assert.throws(() => win.put(three, size), /for target/);
    using op = MPI.createOp((into, from) => into.set(from as never));
    assert.throws(() => win.accumulate(three, 0, { op }), /a built-in operation for options\.op/);
    assert.throws(() => win.fetchAndOp(three, three, 0), /Expected one element for origin/);
    win.fence();
    assert.deepEqual([...memory], memory.length === 0 ? [] : [0, 0]);
  });

  it('takes displacement units and hints', () => {
    const memory = new Uint8Array(16);
    const info = { no_locks: 'true', 'of no MPI': 'x' };
    using win = MPI.Win.create(new DataView(memory.buffer), world, { dispUnit: 4, info });
    win.fence();
    win.put(Uint8Array.of(1, 2), next, { displacement: 3 });
    win.fence();
    assert.deepEqual([...memory], [...Array(12).fill(0), 1, 2, 0, 0]);
  });

  it('refuses what it cannot expose', () => {
    const { create } = MPI.Win;
    assert.throws(() => create([1] as never, world), /a typed array or DataView for view/);
    assert.throws(() => create(new Int8Array(1), null as never), /a communicator for comm/);
    assert.throws(() => create(new Int8Array(1), MPI.COMM_NULL), { class: 'MPI_ERR_COMM' });
    assert.throws(() => create(new Int8Array(1), world, { dispUnit: 0 }), /options\.dispUnit/);
    assert.throws(() => create(new Int8Array(1), world, { info: { a: 1 as never } }), /info\.a/);
    const growing = new (ArrayBuffer as unknown as new (n: number, o: object) => ArrayBuffer)(8, {
      maxByteLength: 16,
    });
    assert.throws(() => create(new Int8Array(growing), world), /memory of a fixed length/);
  });

  it('keeps its memory where it is: it cannot be transferred', () => {
    const memory = new Float64Array(2);
    using win = MPI.Win.create(memory, world);
    win.fence();
    try {
      structuredClone(memory, { transfer: [memory.buffer] });
    } catch (error) {
      assert.equal((error as Error).name, 'DataCloneError');
    }
    assert.equal(memory.length, 2);
    win.put(Float64Array.of(rank), next);
    win.fence();
    assert.equal(memory[0], previous);
  });
});

describe('Win.allocate', () => {
  it('returns zeroed memory that goes when the window is freed', () => {
    const win = MPI.Win.allocate(BigInt64Array, 3, world);
    const memory = win.memory!;
    assert.ok(memory instanceof BigInt64Array);
    assert.deepEqual([...memory], [0n, 0n, 0n]);
    win.lock(rank);
    assert.throws(() => win.free(), { class: 'MPI_ERR_RMA_SYNC' });
    assert.equal(memory.length, 3);
    win.unlock(rank);
    win.free();
    assert.equal(memory.length, 0);
    assert.equal(memory[0], undefined);
    assert.throws(() => memory.fill(1n), /detached ArrayBuffer/);
    // Every call is an error now.
    const freed = { name: 'MPIError', class: 'MPI_ERR_WIN' };
    assert.throws(() => win.put(new BigInt64Array(1), rank), freed);
    assert.throws(() => win.fence(), freed);
    assert.throws(() => win.lockAll(), freed);
    assert.throws(() => win.free(), freed);
    win[Symbol.dispose]();
    assert.ok(win.isNull);
    assert.equal(String(win), 'Win(null)');
  });

  it('may be of length 0 on some ranks, or all', () => {
    using win = MPI.Win.allocate(Int32Array, rank === 0 ? 2 : 0, world);
    assert.equal(win.memory!.length, rank === 0 ? 2 : 0);
    win.fence();
    win.accumulate(Int32Array.of(1, rank), 0);
    win.fence();
    if (rank === 0) assert.deepEqual([...win.memory!], [size, (size * (size - 1)) / 2]);
  });
});

describe('accesses between fences', () => {
  it('put, get and accumulate parts', () => {
    using win = MPI.Win.allocate(Float64Array, 4, world);
    win.memory!.fill(10 * rank);
    const got = new Float64Array(4);
    win.fence({ noPrecede: true });
    win.put({ data: Float64Array.of(0, 1, 2), offset: 1, count: 2 }, next);
    win.fence();
    win.get(got, next);
    win.fence();
    assert.deepEqual([...got], [1, 2, 10 * next, 10 * next]);
    win.accumulate(Float64Array.of(rank + 1), 0, { displacement: 3 });
    win.accumulate(Float64Array.of(rank + 1), 0, { displacement: 2, op: MPI.MAX });
    win.fence({ noSucceed: true });
    if (rank === 0) assert.deepEqual([...win.memory!.slice(2)], [size, (size * (size + 1)) / 2]);
  });

  it('takes other datatypes at the target', () => {
    using win = MPI.Win.allocate(Uint8Array, 8, world);
    win.fence();
    win.put(Int32Array.of(0x01020304, 5), next, { count: 8, datatype: MPI.BYTE });
    win.fence();
    assert.deepEqual([...win.memory!], [4, 3, 2, 1, 5, 0, 0, 0]);
    const two = new Int16Array(2);
    assert.throws(() => win.put(two, next, { count: 3 }), /as many bytes as origin has, 4/);
    assert.throws(() => win.get(two, next, { datatype: MPI.DOUBLE }), /as many bytes as buffer/);
    assert.throws(() => win.put(two, next, { datatype: 1 as never }), /an MPI\.Datatype/);
    win.fence();
  });

  it('does nothing with PROC_NULL', () => {
    using win = MPI.Win.allocate(Int32Array, 1, world);
    const buffer = Int32Array.of(7);
    win.fence();
    win.put(buffer, MPI.PROC_NULL);
    win.get(buffer, MPI.PROC_NULL, { displacement: 1e6 });
    win.fence();
    assert.deepEqual([buffer[0], win.memory![0]], [7, 0]);
  });

  it('keep buffers that nobody else holds', () => {
    using win = MPI.Win.allocate(Float64Array, 50, world);
    win.fence();
    for (let k = 0; k < 50; k++) {
      win.put(Float64Array.of(k + rank), next, { displacement: k });
      // Would fill the memory of a collected buffer.
      new Float64Array(1000).fill(-1);
    }
    win.fence();
    assert.deepEqual(
      [...win.memory!],
      Array.from({ length: 50 }, (_, k) => k + previous),
    );
  });
});
