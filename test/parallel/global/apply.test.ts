import { strict as assert } from 'node:assert';
import { type Complex, Context, LocalArray, MPI } from '../../../src/entry/index.ts';
import { rank, size } from '../../support/mode.ts';

const world = MPI.COMM_WORLD;

describe('Context.apply', () => {
  const ctx = new Context();

  it('calls a function on every process, with local parts, and tells all results', () => {
    const a = ctx.arange(2 * size);
    assert.deepEqual(
      ctx.apply((part, k: number) => part.ndarray.get(0) * k, [a, 10]),
      Array.from({ length: size }, (_, r) => 20 * r),
    );
    assert.deepEqual(
      ctx.apply(() => 42),
      Array(size).fill(42),
    );
    assert.deepEqual(
      ctx.apply(() => ({ rank: MPI.COMM_WORLD.rank, list: [1n] })),
      Array.from({ length: size }, (_, r) => ({ rank: r, list: [1n] })),
    );
  });

  it('calls it on some processes only', () => {
    assert.deepEqual(
      ctx.apply(() => world.rank, [], { targets: [size - 1] }),
      [size - 1],
    );
    const one = ctx.ones([5], { targets: [0] });
    assert.deepEqual(
      ctx.apply((part) => part.localSize, [one]),
      [5],
    );
    assert.throws(() => ctx.apply(() => 1, [], { targets: [size] }), RangeError);
  });

  it('lets the function write to the arrays', () => {
    const a = ctx.zeros([size]);
    ctx.apply((part) => void part.fill(world.rank), [a]);
    assert.deepEqual(
      a.toNested(),
      Array.from({ length: size }, (_, r) => r),
    );
  });

  it('gives a function with { capture } nothing else of the program, as where the program does not run', () => {
    const a = ctx.ones([size]);
    const [k, outside] = [3, 4];
    const times = (part: LocalArray) => Number(part.ndarray.get(0)) * k;
    assert.deepEqual(ctx.apply(times, [a], { capture: { k } }), Array(size).fill(3));
    assert.deepEqual(ctx.apply(times, [a], { capture: { k: 5 } }), Array(size).fill(5));
    assert.throws(() => ctx.apply(times, [a], { capture: {} }), ReferenceError);
    assert.throws(() => ctx.apply(() => k + outside, [], { capture: { k } }), {
      code: 'ERR_CAPTURE',
      names: 'outside',
    });
    const methods = {
      half(part: LocalArray): number {
        const named = () => Number(part.ndarray.get(0)) / 2;
        return named();
      },
    };
    assert.deepEqual(ctx.apply(methods.half, [a], { capture: {} }), Array(size).fill(0.5));
    assert.throws(() => ctx.apply(times, [a], { capture: { 'a b': 1 } }), {
      argument: 'options.capture',
    });
    assert.throws(() => ctx.apply(methods.half.bind(methods), [a], { capture: {} }), {
      argument: 'fn',
    });
    assert.deepEqual(ctx.apply(Math.max, [1, 3], { capture: {} }), Array(size).fill(3));
    const b = ctx.fromFunction((i) => i * k, [2 * size], { capture: { k }, dtype: 'int32' });
    assert.equal(b.get(-1), 3 * (2 * size - 1));
    assert.throws(() => ctx.fromFunction((i) => i * k, [size], { capture: {} }), ReferenceError);
  });

  it('takes arrays in an object of options, too', () => {
    const [a, b] = [ctx.arange(2 * size), ctx.ones([2 * size])];
    const dot = ctx.apply(
      ({ x, scale }, y) => scale * (x.get(0) * y.get(0) + x.get(1) * y.get(1)),
      [{ x: a, scale: 2 }, b],
    );
    assert.deepEqual(
      dot,
      Array.from({ length: size }, (_, r) => 2 * (4 * r + 1)),
    );
    const own = new Context().register({
      sizeOf: ({ part, add }: { part: LocalArray; add: number }) => part.localSize + add,
    });
    const sizes = own.sizeOf({ part: own.ones([size]), add: 1 });
    assert.deepEqual([sizes].flat(), Array(size).fill(2));
    assert.throws(() => own.sizeOf({ part: a, add: 1 }), { code: 'ERR_CONTEXT' });
  });

  it('throws on every process when the function throws on one', () => {
    const failing = () => {
      if (rank === size - 1) throw new RangeError('no more');
      return 1;
    };
    assert.throws(() => ctx.apply(failing), /no more/);
    assert.throws(() => ctx.apply(3 as never), TypeError);
    assert.throws(() => ctx.apply(() => 1, [new Context().ones([2])]), { code: 'ERR_CONTEXT' });
    assert.throws(() => ctx.apply((part) => part, [ctx.ones([2])]), TypeError);
  });
});

describe('Context.register', () => {
  const ctx = new Context().register({
    localDemean(part: LocalArray<'float64'>): LocalArray<'float64'> {
      const { distribution, comm } = part;
      const elements = part.toContiguous();
      const mean = elements.reduce((sum, value) => sum + value, 0) / elements.length;
      return new LocalArray(distribution, { comm, data: elements.map((value) => value - mean) });
    },
    localZero(part: LocalArray<'float64'>): void {
      part.fill(0);
    },
    firstOnly(part: LocalArray<'float64'>): number | null {
      return part.rank === 0 ? part.get(0) : null;
    },
    localSizes(part: LocalArray<'float64'>, scale: number): number {
      return part.localSize * scale;
    },
    conjugate(part: LocalArray<'complex128'>): Complex {
      return part.get(0);
    },
  });

  it('makes functions of local arrays into methods that make distributed ones', () => {
    const a = ctx.arange(3 * size);
    const demeaned = ctx.localDemean(a);
    assert.deepEqual(demeaned.shape, a.shape);
    assert.deepEqual(demeaned.toNested(), Array(size).fill([-1, 0, 1]).flat());
    const temporary = ctx.localDemean(ctx.arange(3 * size).add(1));
    assert.ok(ctx.allclose(temporary, demeaned));
    const first = ctx.localDemean(ctx.arange(3, { targets: [size - 1] }));
    assert.deepEqual(first.targets, [size - 1]);
    assert.deepEqual(first.toNested(), [-1, 0, 1]);
  });

  it('returns null, the one value that is none, or all', () => {
    const a = ctx.arange(1, 2 * size + 1);
    assert.equal(ctx.firstOnly(a), 1);
    const sizes = ctx.localSizes(a, 10);
    assert.deepEqual(sizes, size === 1 ? 20 : Array(size).fill(20));
    assert.equal(ctx.localZero(a), null);
    assert.equal(+a.sum(), 0);
  });

  it('refuses names that are taken, and calls that name no array', () => {
    assert.throws(() => ctx.register({ _hidden: () => 1 }), TypeError);
    assert.throws(() => ctx.register({ zeros: () => 1 }), TypeError);
    assert.throws(() => ctx.localSizes(1 as never, 2), TypeError);
    const b = ctx.ones([2 * size], { dist: 'c' });
    const add = new Context().register({
      both: (x: LocalArray, y: LocalArray) => x.localSize + y.localSize,
    });
    assert.throws(() => add.both(ctx.ones([4]), b), { code: 'ERR_CONTEXT' });
  });

  it('compares arrays by tolerance', () => {
    const a = ctx.linspace(0, 1, 11);
    assert.ok(ctx.allclose(a, a.add(1e-9)));
    assert.ok(!ctx.allclose(a, a.add(1e-3)));
    assert.ok(ctx.allclose(a, a.add(1e-3), { atol: 1e-2 }));
    assert.ok(ctx.allclose(a.distributeAs([11], { dist: 'c' }), a));
    const bytes = ctx.fromArray([1, 2], { dtype: 'uint8' });
    assert.ok(ctx.allclose(bytes, bytes.add(1), { rtol: 1 }));
    assert.ok(!ctx.allclose(bytes, bytes.add(1)));
    assert.ok(ctx.allclose(bytes.greater(1), ctx.fromArray([false, true])));
    const odd = ctx.fromArray([Number.POSITIVE_INFINITY, Number.NaN]);
    assert.ok(!ctx.allclose(odd, odd));
    assert.ok(ctx.allclose(odd, odd, { equalNan: true }));
    assert.ok(ctx.allclose(ctx.ones([3]), 1));
  });
});
