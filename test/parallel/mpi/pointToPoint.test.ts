import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

// Node's types leave it to those of browsers.
declare const WebAssembly: {
  readonly Memory: new (size: {
    initial: number;
  }) => { buffer: ArrayBuffer; grow(n: number): void };
};

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

describe('send and recv', () => {
  // A rank that is ahead must not send into the test that another one is still in.
  afterEach(() => world.barrier());

  it('pass a message around a ring, with its status', () => {
    const out = Float64Array.of(rank, rank * 10, 0.5);
    const into = new Float64Array(5);
    const status = world.sendrecv(out, next, into, previous, { sendTag: 7, recvTag: 7 });
    assert.deepEqual([...into], [previous, previous * 10, 0.5, 0, 0]);
    assert.deepEqual({ ...status }, { source: previous, tag: 7, count: 3 });
  });

  it('take any source and any tag unless told otherwise', () => {
    if (rank !== 0) world.send(Int32Array.of(rank), 0, { tag: 10 + rank });
    else {
      const seen = new Set<number>();
      for (let k = 1; k < size; k++) {
        const into = new Int32Array(1);
        const { source, tag } = world.recv(into);
        assert.equal(tag, 10 + source);
        assert.equal(into[0], source);
        seen.add(source);
      }
      assert.equal(seen.size, size - 1);
    }
  });

  it('keep the order of the tags that are asked for', () => {
    if (size === 1) return;
    if (rank === 0) {
      world.send(Uint8Array.of(1), 1, { tag: 1 });
      world.send(Uint8Array.of(2), 1, { tag: 2 });
    } else if (rank === 1) {
      const into = new Uint8Array(1);
      world.recv(into, 0, { tag: 2 });
      assert.equal(into[0], 2);
      world.recv(into, 0, { tag: 1 });
      assert.equal(into[0], 1);
    }
  });

  const samples = [
    Int8Array.of(-128, 127),
    Uint8Array.of(0, 255),
    Uint8ClampedArray.of(3, 255),
    Int16Array.of(-32768, 32767),
    Uint16Array.of(0, 65535),
    Int32Array.of(-(2 ** 31), 2 ** 31 - 1),
    Uint32Array.of(0, 2 ** 32 - 1),
    BigInt64Array.of(-(2n ** 63n), 2n ** 63n - 1n),
    BigUint64Array.of(0n, 2n ** 64n - 1n),
    Float32Array.of(Number.NaN, -0, 1e-45),
    Float64Array.of(Number.NaN, -0, 5e-324),
  ];
  for (const sample of samples) {
    it(`carry a ${sample.constructor.name} unchanged`, () => {
      const SameKind = sample.constructor as new (length: number) => typeof sample;
      const into = new SameKind(sample.length);
      world.sendrecv(sample, next, into, previous);
      assert.deepEqual(into, sample);
    });
  }

  it('carry a Buffer, a DataView and views over a SharedArrayBuffer', () => {
    const bytes = Buffer.from('größe');
    const view = new DataView(new ArrayBuffer(bytes.length + 4), 2, bytes.length);
    world.sendrecv(bytes, next, view, previous);
    assert.equal(Buffer.from(view.buffer, 2, bytes.length).toString(), 'größe');

    const shared = new Float64Array(new SharedArrayBuffer(32), 8, 2);
    world.sendrecv(Float64Array.of(rank, 2), next, shared, previous);
    assert.deepEqual([...shared], [previous, 2]);
  });

  it('carry a part of an array, and complex pairs', () => {
    const data = Float64Array.of(0, 1, 2, 3, 4, 5);
    const into = new Float64Array(4);
    const status = world.sendrecv(
      { data, offset: 2, count: 3 },
      next,
      { data: into, datatype: MPI.DOUBLE },
      previous,
    );
    assert.deepEqual([...into], [2, 3, 4, 0]);
    assert.equal(status.count, 3);

    const pairs = { data: Float64Array.of(1, -1, 2, -2), datatype: MPI.C_DOUBLE_COMPLEX };
    const received = new Float64Array(4);
    const { count } = world.sendrecv(
      pairs,
      next,
      { data: received, datatype: MPI.C_DOUBLE_COMPLEX },
      previous,
    );
    assert.equal(count, 2);
    assert.deepEqual([...received], [1, -1, 2, -2]);
  });

  it('carry an empty message', () => {
    assert.equal(world.sendrecv(new Float64Array(0), next, new Float64Array(0), previous).count, 0);
  });

  it('carry a message beyond the eager limit', () => {
    const out = new Float64Array(300_000).fill(rank);
    const into = new Float64Array(300_000);
    world.sendrecv(out, next, into, previous);
    assert.ok(into.every((value) => value === previous));
  });

  it('do nothing with PROC_NULL', () => {
    world.send(Float64Array.of(1), MPI.PROC_NULL);
    const status = world.recv(new Float64Array(1), MPI.PROC_NULL);
    assert.equal(status.count, 0);
  });

  it('iprobe tells the size of what waits', () => {
    assert.equal(world.iprobe({ tag: 99 }), null);
    if (size === 1) return;
    if (rank === 1) world.send(new Float64Array(3), 0, { tag: 5 });
    if (rank === 0) {
      let found = world.iprobe({ tag: 5 });
      while (found === null) found = world.iprobe({ tag: 5 });
      assert.deepEqual({ ...found }, { source: 1, tag: 5, count: 24 });
      world.recv(new Float64Array(3), 1);
      assert.equal(world.iprobe(), null);
    }
  });
});

describe('bad arguments of send and recv', () => {
  const one = new Float64Array(1);

  it('name a rank that is not there', () => {
    assert.throws(() => world.send(one, size), {
      name: 'ArgumentRangeError',
      code: 'ERR_ARGUMENT_RANGE',
      argument: 'dest',
      message: `Expected a rank in [0, ${size - 1}] or PROC_NULL for dest, but received ${size}`,
    });
    assert.throws(() => world.recv(one, -7), { argument: 'source' });
    assert.throws(() => world.send(one, 0.5), { argument: 'dest' });
    assert.throws(() => world.send(one, '0' as unknown as number), { code: 'ERR_ARGUMENT_TYPE' });
  });

  it('name a tag that cannot be', () => {
    assert.throws(() => world.send(one, 0, { tag: -3 }), { argument: 'options.tag' });
    assert.throws(() => world.sendrecv(one, 0, one, 0, { recvTag: 2 ** 40 }), {
      argument: 'options.recvTag',
    });
  });

  it('name options that are none', () => {
    assert.throws(() => world.send(one, 0, 7 as unknown as MPI.SendOptions), {
      argument: 'options',
      message: 'Expected an object such as { tag } for options, but received type number (7)',
    });
    assert.throws(() => world.recv(one, 0, null as unknown as MPI.RecvOptions), {
      argument: 'options',
    });
  });

  it('name a buffer that is none, or a part that is not there', () => {
    assert.throws(() => world.send([1, 2] as unknown as Float64Array, 0), { argument: 'buffer' });
    assert.throws(() => world.send(new ArrayBuffer(8) as unknown as Float64Array, 0), {
      code: 'ERR_ARGUMENT_TYPE',
    });
    assert.throws(() => world.send({ data: one, count: 2 }, 0), { argument: 'buffer' });
    assert.throws(() => world.send({ data: one, offset: 2 }, 0), { argument: 'buffer.offset' });
  });

  it('make a message that does not fit an error that names the call', () => {
    // A blocking send to oneself may wait for ever, and in a sendrecv with oneself Open MPI does not
    // notice that the message is too long.
    if (size === 1) return;
    world.send(new Float64Array(4), next);
    assert.throws(
      () => world.recv(one, previous),
      (error: Error) => {
        assert.ok(error instanceof MPI.MPIError);
        assert.equal(error.class, 'MPI_ERR_TRUNCATE');
        assert.equal(error.code, 'MPI_ERR_TRUNCATE');
        assert.equal(error.call, 'MPI_Recv');
        assert.equal(error.rank, rank);
        assert.match(error.message, /MPI_Recv \(count 1, source \d, tag -1\) on rank/);
        return true;
      },
    );
  });

  it('see a buffer that was detached, instead of sending nothing', () => {
    const gone = Float64Array.of(1, 2);
    world.sendrecv(gone, rank, new Float64Array(2), rank);
    structuredClone(gone, { transfer: [gone.buffer] });
    assert.throws(() => world.send(gone, next), {
      argument: 'buffer',
      message: /Expected memory that is still there for buffer/,
    });
    assert.throws(() => world.recv(gone, previous), { argument: 'buffer' });
    assert.throws(() => world.send({ data: gone, count: 2 }, rank), { argument: 'buffer' });
    const memory = new WebAssembly.Memory({ initial: 1 });
    const view = new Uint8Array(memory.buffer);
    world.sendrecv(view, rank, new Uint8Array(view.length), rank);
    memory.grow(1);
    assert.throws(() => world.send(view, next), { argument: 'buffer' });
  });

  it('never go beyond the memory of an array', () => {
    const known = new Float64Array(4);
    world.sendrecv(known, rank, new Float64Array(4), rank);
    // Inherits what we remember of the other one, but has memory of its own.
    const heir = Object.setPrototypeOf(Float64Array.of(5, 6), known);
    const into = new Float64Array(4);
    assert.equal(world.sendrecv(heir, rank, into, rank).count, 2);
    assert.deepEqual([...into], [5, 6, 0, 0]);
    class Boaster extends Uint8Array {
      override get length(): number {
        return 2 ** 28;
      }
    }
    assert.throws(() => world.send(new Boaster(8), next), { argument: 'buffer' });
    assert.throws(() => world.send(null as unknown as Float64Array, next), { argument: 'buffer' });
  });
});
