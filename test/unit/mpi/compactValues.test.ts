import { strict as assert } from 'node:assert';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { isCompact, writeCompact } from '../../../src/mpi/objects/compact.ts';
import { type Decoder, decode, encode } from '../../../src/mpi/objects/encoding.ts';
import { registerClass } from '../../../src/mpi/objects/registry.ts';

function travelled(value: unknown): unknown {
  const { head, parts } = encode(value, 'value');
  const decoder = decode(head) as Decoder;
  decoder.parts.forEach((part, k) => {
    part.set(parts[k]);
  });
  return decoder.finish();
}

const isWrittenCompactly = (value: unknown) => isCompact(encode(value, 'value').head);

describe('small plain values in messages', () => {
  it('arrive as structured clone has them', () => {
    const any = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      maxDepth: 4,
    } as fc.ObjectConstraints);
    fc.assert(
      fc.property(any, (value) => {
        assert.deepStrictEqual(travelled(value), deserialize(serialize(value)));
      }),
      { numRuns: 2000 },
    );
  });

  it('are written without the serializer of V8', () => {
    const numbers = [0, -0, 1, 127, 128, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 0.1, NaN, Infinity];
    const texts = ['', 'a', 'ÿ', '→', '😀', 'x'.repeat(255), 'x'.repeat(256), '\ud800'];
    const value = { numbers, texts, more: [null, undefined, true, false], 'a key': { b: {} } };
    assert.ok(isWrittenCompactly(value));
    assert.deepStrictEqual(travelled(value), value);
  });

  it('keep which objects are one, and cycles', () => {
    const one = { a: 1 };
    const value: { list: unknown[]; one: object; self?: object } = { list: [one, one], one };
    value.self = value;
    assert.ok(isWrittenCompactly(value));
    const other = travelled(value) as typeof value;
    assert.equal(other.self, other);
    assert.equal(other.list[0], other.one);
    assert.equal(other.list[1], other.one);
  });

  it('are for structured clone where they are long, deep, sparse or have another form', () => {
    const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => [inner], 1);
    const named = Object.assign([1, 2], { index: 3 });
    const own = JSON.parse('{"__proto__": {"a": 1}}');
    const withHole = Array(2);
    withHole[1] = 5;
    const others = [
      Array(300).fill(1),
      Array.from({ length: 60 }, () => []),
      'x'.repeat(5000),
      '→'.repeat(1030),
      Array(250).fill(0.5),
      deep,
      named,
      withHole,
      Object.assign(Array(1), { a: 1 }),
      new Map([[1, 2]]),
      new Date(5),
      10n,
      new Float64Array(2),
      new RangeError('no'),
    ];
    for (const other of [...others, own]) {
      assert.equal(isWrittenCompactly({ other }), false);
      assert.deepStrictEqual(travelled({ other }), deserialize(serialize({ other })));
    }
  });

  it('are refused alike, with the place of what cannot be sent', () => {
    const cases: [unknown, string][] = [
      [{ a: [() => 0] }, 'value.a[0]'],
      [{ a: Symbol('none') }, 'value.a'],
      [{ a: { b: new Proxy({}, {}) } }, 'value.a.b'],
      [[new Proxy([], {})], 'value[0]'],
      [[Promise.resolve()], 'value[0]'],
    ];
    for (const [value, argument] of cases) {
      assert.throws(() => encode(value, 'value'), { name: 'ArgumentTypeError', argument });
    }
  });

  it('hold symbols with keys, and instances of registered classes, each asked for its form once', () => {
    let asked = 0;
    class Point {
      readonly x: unknown;
      constructor(x: unknown) {
        this.x = x;
      }
    }
    registerClass<Point, { x: unknown }>(Point, {
      name: 'test.CompactPoint',
      serialize: ({ x }) => {
        asked++;
        return { x };
      },
      deserialize: ({ x }) => new Point(x),
    });
    const inner = new Point(1);
    const value = { points: [inner, new Point({ inner }), inner], key: Symbol.for('test.compact') };
    assert.ok(isWrittenCompactly(value));
    asked = 0;
    const other = travelled(value) as typeof value;
    assert.equal(asked, 2);
    assert.ok(other.points.every((point) => point instanceof Point));
    assert.equal(other.points[0], other.points[2]);
    assert.equal((other.points[1].x as { inner: Point }).inner, other.points[0]);
    assert.equal(other.key, Symbol.for('test.compact'));
    // Something behind them is not plain: they have been asked already.
    asked = 0;
    const large = travelled({ ...value, rest: new Map() }) as typeof value;
    assert.equal(asked, 2);
    assert.equal(large.points[0], large.points[2]);
    const itself = new Point(null);
    (itself as { x: unknown }).x = [itself];
    assert.throws(() => encode(itself, 'value'), /no instance of a class that holds itself/);
  });

  it('may be written while others are', () => {
    class Sender {}
    registerClass<Sender, { bytes: number }>(Sender, {
      name: 'test.CompactSender',
      serialize: () => ({ bytes: encode({ a: 1 }, 'value').head.length }),
      deserialize: () => new Sender(),
    });
    assert.equal(writeCompact({ a: 1 }, new Map())?.[3], 0x31);
    assert.ok((travelled([new Sender(), 'x']) as unknown[])[0] instanceof Sender);
  });
});
