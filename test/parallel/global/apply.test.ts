// modes: spmd
import { strict as assert } from 'node:assert';
import {
  type Complex,
  Context,
  Distribution,
  LocalArray,
  MPI,
  proxyize,
  type ValueProxy,
} from '../../../src/entry/index.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { rank, size } from '../../support/mode.ts';

const world = MPI.COMM_WORLD;
/** Memory that a function of the program keeps. */
let held: Float64Array | undefined;

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

describe('Context.apply with lists', () => {
  const ctx = new Context();

  it('takes arrays in lists, and lists in options', () => {
    const [a, b] = [ctx.arange(2 * size), ctx.ones([2 * size])];
    const sums = ctx.apply(
      ([x, y, k], { more }: { more: LocalArray[] }) =>
        Number(x.get(0)) + Number(y.get(1)) * k + more.length,
      [[a, b, 10] as const, { more: [a, b] } as never],
    );
    assert.deepEqual(
      sums,
      Array.from({ length: size }, (_, r) => 2 * r + 12),
    );
    const long = Array.from({ length: 1000 }, (_, k) => k);
    assert.deepEqual(
      ctx.apply((list) => list === long, [long]),
      Array(size).fill(true),
    );
  });
});

describe('Context.applyAsync', () => {
  before(function () {
    spmdOnly(this, 'closures');
  });
  const ctx = new Context();
  const { rank } = world;
  const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

  it('waits for async functions, which apply does not', async () => {
    const a = ctx.arange(2 * size);
    const later = async (part: LocalArray<'float64'>, k: number) => {
      await pause(rank);
      return part.get(1) * k;
    };
    const expected = Array.from({ length: size }, (_, r) => (2 * r + 1) * 3);
    assert.deepEqual(await ctx.applyAsync(later, [a, 3]), expected);
    assert.deepEqual(
      await ctx.applyAsync((part) => part.localSize, [a], { targets: [size - 1] }),
      [2],
    );
    assert.throws(() => ctx.apply(later, [a, 3]), { code: 'ERR_ASYNC', message: /applyAsync/ });
    // A promise that only one process returns.
    const mixed = () => (rank === size - 1 ? Promise.resolve('late') : 'at once');
    assert.throws(() => ctx.apply(mixed), { code: 'ERR_ASYNC' });
    const told = Array.from({ length: size }, (_, r) => (r === size - 1 ? 'late' : 'at once'));
    assert.deepEqual(await ctx.applyAsync(mixed), told);
  });

  it('lets the program go on, also with other calls, in whatever order they end', async () => {
    const a = ctx.arange(size);
    const calls = [0, 1, 2, 3].map((k) =>
      ctx.applyAsync(
        async (delay: number) => {
          // The first to begin are the last to end, on each process in another way.
          await pause(((3 - delay) * (rank + 1)) % 5);
          return `${delay} ${rank}`;
        },
        [k],
      ),
    );
    for (let k = 0; k < 5; k++) {
      assert.equal(+a.sum(), (size * (size - 1)) / 2);
      if (k % 2 === rank % 2) await pause(1);
    }
    const expected = (k: number) => Array.from({ length: size }, (_, r) => `${k} ${r}`);
    assert.deepEqual(await Promise.all(calls), [0, 1, 2, 3].map(expected));
  });

  it('rejects on every process when one fails, or gives what cannot be sent', async () => {
    const failing = async () => {
      await pause(1);
      if (rank === size - 1) throw new RangeError('no more');
      return 1;
    };
    await assert.rejects(ctx.applyAsync(failing), { name: 'RangeError', message: 'no more' });
    await assert.rejects(
      ctx.applyAsync(() => {
        throw new TypeError('at once');
      }),
      TypeError,
    );
    await assert.rejects(ctx.applyAsync(3 as never), { argument: 'fn' });
    const outside = 1;
    await assert.rejects(
      ctx.applyAsync(async () => outside, [], { capture: {} }),
      { names: 'outside' },
    );
    if (size > 1) {
      const unsent = async () => (rank === size - 1 ? () => 1 : 1);
      await assert.rejects(ctx.applyAsync(unsent), { code: 'ERR_ARGUMENT_TYPE' });
    }
    assert.equal(+ctx.ones([size]).sum(), size);
  });

  it('keeps objects and arrays of async functions', async () => {
    const [kept, other] = await Promise.all([
      ctx.applyAsync(
        async (value: number) => {
          await pause(rank % 2);
          return proxyize(value + rank);
        },
        [10],
      ),
      ctx.applyAsync(async () => {
        await pause((rank + 1) % 2);
        return proxyize('other');
      }),
    ]);
    assert.ok(kept.every(({ name }) => name === kept[0].name && name !== other[0].name));
    assert.equal(kept[0].dereference(), 10 + rank);
    const a = ctx.arange(2 * size);
    const copied = async (part: LocalArray<'float64'>) => {
      await pause(1);
      return part.copy();
    };
    const [proxy] = await ctx.applyAsync(copied, [a], { autoproxyize: true });
    assert.ok(ctx.allclose(ctx.fromLocalArrays(proxy as ValueProxy<LocalArray>), a));
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

  it('gives functions what they capture, and nothing else', async () => {
    const [k, outside] = [3, 4];
    const own = new Context().register(
      { times: (part: LocalArray<'float64'>) => part.get(0) * k },
      { capture: { k } },
    );
    assert.deepEqual([own.times(own.ones([size]))].flat(), Array(size).fill(3));
    assert.throws(
      () => new Context().register({ more: (_part: LocalArray) => outside }, { capture: { k } }),
      { names: 'outside', argument: 'functions.more' },
    );
    assert.throws(() => new Context().register({}, { captures: {} } as never), /perhaps capture/);
    const late = new Context().register({ late: async (part: LocalArray) => part.localSize });
    assert.throws(() => late.late(late.ones([size])), { code: 'ERR_ASYNC' });
    own.close();
    assert.throws(() => own.times(null as never), { code: 'ERR_CONTEXT' });
  });

  it('reckons with functions that keep what they return', () => {
    let kept: LocalArray<'float64'> | undefined;
    const own = new Context().register({
      filledOnes: (part: LocalArray<'float64'>) => {
        kept = part.copy().fill(1);
        return kept;
      },
    });
    // Large enough for the computation to wait.
    const made = own.filledOnes(own.zeros([size * 2 ** 13]));
    const doubled = made.mul(2).add(0);
    kept?.fill(7);
    assert.equal(doubled.get(-1), 2);
    const filled = own.fromIndexArrays(
      (_indices, elements) => {
        elements.fill(1);
        held = elements as Float64Array;
      },
      [size * 2 ** 13],
    );
    const tripled = filled.mul(3).add(0);
    held?.fill(7);
    assert.equal(tripled.get(-1), 3);
  });

  it('makes arrays of parts that lie otherwise than the arguments', () => {
    const own = new Context().register({
      odd: (part: LocalArray<'float64'>) => part.slice('::2'),
      pairs: (part: LocalArray<'float64'>) =>
        new LocalArray(Distribution.fromShape([part.globalShape[0], 2], { size: part.comm.size }), {
          comm: part.comm,
        }),
    });
    const a = own.arange(6 * size);
    assert.deepEqual(
      own.odd(a).toNested(),
      Array.from({ length: 3 * size }, (_, k) => 2 * k),
    );
    // The parts are views.
    own.odd(a).fill(-1);
    assert.deepEqual(a.slice(':4').toNested(), [-1, 1, -1, 3]);
    assert.deepEqual(own.pairs(a).shape, [6 * size, 2]);
    const u = own.arange(2 * size).distributeAs(own.distribution([2 * size], { dist: 'c' }));
    assert.deepEqual(
      own.odd(u).toNested(),
      Array.from({ length: size }, (_, k) => 2 * k),
    );
  });

  it('refuses results that stay with their process, also inside of others', () => {
    // Then nothing travels.
    if (size === 1) return;
    const a = ctx.arange(size);
    const told = /a LocalArray belongs to its process.* for result\.list\[1\]/;
    assert.throws(() => ctx.apply((part) => ({ list: [1, part] }), [a]), told);
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
