import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';
import { raw } from '../../../src/mpi/command.ts';
import { limits } from '../../../src/mpi/objects/objectRequest.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

/** What a value is after its way around the ring. */
function travelled<T>(value: T): T {
  return world.sendrecvObject<T>(value, next, previous);
}

class Point {
  readonly x: number;
  readonly y: number;
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
  }
  norm(): number {
    return Math.hypot(this.x, this.y);
  }
}
MPI.registerClass(Point, {
  serialize: ({ x, y }) => Float64Array.of(x, y),
  deserialize: ([x, y]) => new Point(x, y),
});

class Unregistered {
  readonly field = 1;
}

describe('object messages', () => {
  afterEach(() => world.barrier());

  const samples: Record<string, unknown> = {
    undefined: undefined,
    null: null,
    'a negative zero': -0,
    NaN: Number.NaN,
    'a string': 'ἄλφα 😀 \0',
    'a bigint': -(2n ** 70n),
    'a Date': new Date(12345),
    'a RegExp': /a+b/giu,
    'symbols that all programs know': [Symbol.for('distarray.test'), { s: Symbol.for('s') }],
    'a Map': new Map<unknown, unknown>([
      ['a', 1],
      [{ key: 1 }, new Set([1, 'two'])],
    ]),
    'nested arrays': [1, [2, [3, { four: [5] }]]],
    'boxed values': [Object(1), Object('s'), Object(true), Object(3n)],
    'a field named __proto__': JSON.parse('{"__proto__": 1, "b": 2}'),
    'every kind of view': [
      Int8Array.of(-1),
      Uint8Array.of(1),
      Uint8ClampedArray.of(255),
      Int16Array.of(-2),
      Uint16Array.of(2),
      Int32Array.of(-3),
      Uint32Array.of(3),
      Float32Array.of(0.5),
      Float64Array.of(Math.PI),
      BigInt64Array.of(-(2n ** 63n)),
      BigUint64Array.of(2n ** 64n - 1n),
      new DataView(Uint8Array.of(1, 2, 3).buffer, 1),
      Buffer.from('text'),
      new Float64Array(0),
    ],
    'an ArrayBuffer': Uint8Array.of(1, 2, 3).buffer,
    'such symbols among others': [
      { a: Symbol.for('b'), memory: Uint8Array.of(1, 2).buffer, view: Int16Array.of(4) },
      new Map<unknown, unknown>([[Symbol.for('k'), new Date(5)]]),
      new Set([Symbol.for('k'), 3n]),
    ],
    'a large string': 'x'.repeat(300_000),
  };
  for (const [name, sample] of Object.entries(samples)) {
    it(`carry ${name}`, () => {
      const got = travelled(sample);
      assert.deepStrictEqual(got, sample);
    });
  }

  it('carry sparse arrays with their holes', () => {
    const sparse: unknown[] = [1];
    sparse[1000] = 'end';
    const got = travelled(sparse);
    assert.equal(got.length, 1001);
    assert.deepEqual(Object.keys(got), ['0', '1000']);
  });

  it('carry errors with their class, message, stack and cause', () => {
    const error = new RangeError('outer', { cause: new TypeError('inner') });
    const got = travelled(error);
    assert.ok(got instanceof RangeError);
    assert.equal(got.message, 'outer');
    assert.equal(got.stack, error.stack);
    assert.ok(got.cause instanceof TypeError);
    assert.equal(got.cause.message, 'inner');
  });

  it('carry cycles and identities', () => {
    const shared = { deep: new Float64Array(1000).fill(rank) };
    const value = { a: shared, b: shared, self: undefined as unknown, buffer: shared.deep.buffer };
    value.self = value;
    const got = travelled(value);
    assert.equal(got.self, got);
    assert.equal(got.a, got.b);
    assert.equal(got.a.deep[999], previous);
    assert.equal(got.buffer, got.a.deep.buffer);
  });

  it('carry views that share memory, and only the part that they show', () => {
    const all = Float64Array.from({ length: 100_000 }, (_, i) => i);
    const got = travelled([all.subarray(500, 1000), new Uint8Array(all.buffer, 4001, 3)] as const);
    assert.deepEqual(got[0], all.subarray(500, 1000));
    assert.equal(got[0].buffer, got[1].buffer);
    assert.ok(got[0].buffer.byteLength <= 4008);
    assert.deepEqual(got[1], new Uint8Array(all.buffer, 4001, 3));
  });

  it('carry large arrays into memory on huge pages, which freeMem makes free for the next', () => {
    const large = Float64Array.from({ length: 1_000_000 }, (_, i) => i + rank);
    const begins: number[] = [];
    for (let message = 0; message < 3; message++) {
      const got = travelled(large);
      assert.ok(got.every((element, i) => element === i + previous));
      begins.push(raw.addressOf(got));
      MPI.freeMem(got);
      assert.equal(got.length, 0);
    }
    assert.equal(begins[0] % 2 ** 21, 0);
    assert.deepEqual(begins, [begins[0], begins[0], begins[0]]);
  });

  it('carry copies of views of shared memory', () => {
    const shared = new Int32Array(new SharedArrayBuffer(8000)).fill(rank);
    const got = travelled(shared);
    assert.ok(got.buffer instanceof ArrayBuffer);
    assert.equal(got.length, 2000);
    assert.equal(got[1999], previous);
  });

  it('carry instances of registered classes, of others their fields', () => {
    const point = new Point(3, 4);
    const got = travelled({ list: [point, point], map: new Map([['p', point]]) });
    assert.ok(got.list[0] instanceof Point);
    assert.equal(got.list[0].norm(), 5);
    assert.equal(got.list[0], got.list[1]);
    assert.equal(got.map.get('p'), got.list[0]);
    const plain = travelled(new Unregistered());
    assert.equal(Object.getPrototypeOf(plain), Object.prototype);
    assert.deepEqual(plain, { field: 1 });
  });

  it('send memory beyond the limit of a message in several', () => {
    const { message } = limits;
    limits.message = 1000;
    try {
      const value = Uint16Array.from({ length: 5001 }, (_, i) => i);
      assert.deepEqual(travelled(value), value);
    } finally {
      limits.message = message;
    }
  });

  it('name the path of what cannot be sent, before anything is sent', () => {
    const refused = (value: unknown, path: string) => {
      assert.throws(
        () => world.sendObject(value, next),
        (error) => error instanceof MPI.ArgumentTypeError && error.argument === path,
      );
    };
    const callback = () => 1;
    refused(callback, 'value');
    refused({ options: { callback } }, 'value.options.callback');
    refused({ 'a b': [1, Symbol('s')] }, 'value["a b"][1]');
    refused(new Map([['f', callback]]), 'value.get("f")');
    refused(new Error('e', { cause: callback }), 'value.cause');
    refused({ wait: Promise.resolve() }, 'value.wait');
    refused([new WeakMap()], 'value[0]');
    refused({ proxy: new Proxy({}, {}) }, 'value.proxy');
    refused({ memory: new SharedArrayBuffer(8) }, 'value.memory');
    const array = new Float64Array(4);
    const { buffer } = array;
    structuredClone(array, { transfer: [buffer] });
    for (const lost of [array, buffer]) {
      assert.throws(() => world.sendObject({ lost: [lost] }, next), {
        name: 'ArgumentRangeError',
        argument: 'value.lost[0]',
      });
    }
    world.barrier();
    assert.equal(world.iprobe(), null);
  });

  it('share a tag with buffers, in order', () => {
    if (size === 1) return;
    if (rank === 0) {
      world.send(Float64Array.of(1, 2), 1, { tag: 3 });
      world.sendObject({ large: new Float64Array(20_000).fill(7) }, 1, { tag: 3 });
      world.send(Float64Array.of(3), 1, { tag: 3 });
      world.sendObject('last', 1, { tag: 3 });
    } else if (rank === 1) {
      const buffer = new Float64Array(2);
      world.recv(buffer, 0, { tag: 3 });
      const { value, status } = world.recvObjectStatus<{ large: Float64Array }>();
      assert.equal(value.large[19_999], 7);
      assert.equal(status.source, 0);
      assert.equal(status.tag, 3);
      assert.ok(status.count > 160_000 && status.count < 161_000);
      assert.equal(world.recv(buffer, 0).count, 1);
      assert.equal(world.recvObject(0, { tag: 3 }), 'last');
    }
  });

  it('tell a buffer from a value', () => {
    if (size === 1) return;
    if (rank === 0) world.send(new Float64Array(9), 1);
    if (rank !== 1) return;
    assert.throws(() => world.recvObject(0), {
      class: 'MPI_ERR_TYPE',
      message: /72 bytes .* rank 0/,
    });
  });

  it('go to PROC_NULL and come from it as undefined', () => {
    world.sendObject({ a: 1 }, MPI.PROC_NULL);
    assert.equal(world.recvObject(MPI.PROC_NULL), undefined);
    assert.equal(world.sendrecvObject(1, MPI.PROC_NULL, MPI.PROC_NULL), undefined);
  });

  it('refuse wrong ranks and tags', () => {
    assert.throws(() => world.sendObject(1, size), MPI.ArgumentRangeError);
    assert.throws(() => world.recvObject(size), MPI.ArgumentRangeError);
    assert.throws(() => world.irecvObject(0, { tag: -7 }), MPI.ArgumentRangeError);
  });
});

describe('requests of object messages', () => {
  afterEach(() => world.barrier());

  const large = (tag: number) => ({ tag, data: new Float64Array(50_000).fill(tag) });
  const isLarge = (value: ReturnType<typeof large>, tag: number) => {
    assert.equal(value.tag, tag);
    assert.equal(value.data.length, 50_000);
    assert.equal(value.data[49_999], tag);
  };

  it('can be awaited, in any order', async () => {
    const tags = [1, 2, 3, 4];
    const coming = tags.map((tag) =>
      world.irecvObject<ReturnType<typeof large>>(previous, { tag }),
    );
    const going = tags.map((tag) => world.isendObject(large(tag), next, { tag }));
    for (const i of [3, 1, 0, 2]) isLarge(await coming[i], tags[i]);
    await Promise.all(going);
    assert.ok(coming.every((request) => request.isComplete));
  });

  it('match messages in the order in which they were started', () => {
    const coming = [0, 1, 2].map((k) =>
      world.irecvObject<ReturnType<typeof large>>(k === 1 ? MPI.ANY_SOURCE : previous),
    );
    const going = [0, 1, 2].map((tag) => world.isendObject(large(tag), next, { tag }));
    isLarge(coming[2].wait(), 2);
    isLarge(coming[0].wait(), 0);
    isLarge(coming[1].wait(), 1);
    for (const request of going) request.wait();
  });

  it('let blocking sends of large values cross', () => {
    if (size === 1) return;
    const coming = world.irecvObject<ReturnType<typeof large>>(previous);
    world.sendObject(large(rank), next);
    isLarge(coming.wait(), previous);
    isLarge(coming.wait(), previous);
  });

  it('can wait until they are received', () => {
    const going = world.issendObject(large(rank), next, { tag: 78 });
    assert.equal(going.test(), null);
    world.barrier();
    isLarge(world.recvObject<ReturnType<typeof large>>(previous, { tag: 78 }), previous);
    going.wait();
    const coming = world.irecvObject(previous, { tag: 79 });
    world.ssendObject('received', next, { tag: 79 });
    assert.equal(coming.wait(), 'received');
  });

  it('can be looked at and given up', () => {
    const request = world.irecvObject(previous, { tag: 77 });
    assert.equal(request.test(), null);
    request.cancel();
    assert.ok(request.isComplete && request.isCancelled);
    assert.throws(() => request.wait(), { class: 'MPI_ERR_REQUEST' });
    // Only now may the message come.
    world.barrier();
    const coming = world.irecvObject(previous, { tag: 77 });
    const going = world.isendObject(null, next, { tag: 77 });
    let found = coming.test();
    while (found === null) found = coming.test();
    assert.deepEqual(found, { value: null });
    going.wait();
  });

  it('fail when the class of an instance is not known', async () => {
    class Stranger {}
    const form = { serialize: () => 0, deserialize: () => new Stranger() };
    assert.throws(() => MPI.registerClass(Stranger, { ...form, name: 'Point' }), /no other class/);
    assert.throws(() => MPI.registerClass(Stranger, {} as typeof form), MPI.ArgumentTypeError);
    if (rank === 0) MPI.registerClass(Stranger, form);
    const coming = world.irecvObject(previous);
    world.isendObject(new Stranger(), next).wait();
    if (previous !== 0 || rank === 0) return void (await coming);
    await assert.rejects(async () => await coming, {
      code: 'ERR_CLASS_UNKNOWN',
      message: /Stranger/,
    });
  });
});
