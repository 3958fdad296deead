import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { TypedArray } from '../../../src/dtype/dtype.ts';
import {
  abs,
  add,
  Context,
  copysign,
  type DistArray,
  type Dtype,
  divide,
  equal,
  exp,
  expr,
  hypot,
  isnan,
  less,
  maximum,
  multiply,
  negative,
  sign,
  sin,
  sqrt,
  square,
} from '../../../src/entry/index.ts';
import type { StridedView } from '../../../src/kernels/stridedView.ts';
import { gatherArray } from '../../../src/ops/gatherArray.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { isClient, rank, size } from '../../support/mode.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

/** Enough elements that functions wait. */
const LENGTH = 4096 * size + 17;

const deferred = new Context();
const eager = new Context();
eager.eager = true;

/** What one context has: arrays that a program works on. */
interface Pool {
  readonly ctx: Context;
  readonly arrays: DistArray<Dtype>[];
  /** What was read on the way. */
  readonly seen: unknown[];
}

/** A statement of a program. */
type Statement = (pool: Pool) => void;

const place = fc.nat({ max: 99 });
const at = ({ arrays }: Pool, number: number) => arrays[number % arrays.length];
const number = fc.constantFrom(0, 1, 2, -3, 0.5, -1.25, 1e300);

const unary = fc
  .tuple(fc.constantFrom(negative, abs, square, sqrt, sin, exp, isnan, sign), place)
  .map(
    ([call, a]): Statement =>
      (pool) => {
        const x = at(pool, a);
        const safe = x.dtype === 'bool' ? x.astype('int32') : x;
        pool.arrays.push((call as (x: DistArray<Dtype>) => DistArray<Dtype>)(safe));
      },
  );

const twoOperands = fc.constantFrom(
  ...([add, multiply, maximum, divide, less, equal, hypot, copysign] as ((
    x: DistArray<Dtype>,
    y: DistArray<Dtype> | number,
  ) => DistArray<Dtype>)[]),
);

const binary = fc.tuple(twoOperands, place, place).map(
  ([call, a, b]): Statement =>
    (pool) => {
      if (at(pool, a).size === at(pool, b).size) pool.arrays.push(call(at(pool, a), at(pool, b)));
    },
);

const withNumber = fc.tuple(twoOperands, place, number).map(
  ([call, a, k]): Statement =>
    (pool) => {
      const x = at(pool, a);
      pool.arrays.push(call(x.dtype === 'bool' || x.dtype.startsWith('int') ? x.mul(0.5) : x, k));
    },
);

const fills = fc.tuple(place, number).map(
  ([a, k]): Statement =>
    (pool) =>
      void at(pool, a).fill(at(pool, a).dtype === 'float64' ? k : 1),
);
const assignments = fc.tuple(place, place).map(
  ([a, b]): Statement =>
    (pool) => {
      const [x, y] = [at(pool, a), at(pool, b)];
      if (x.size === y.size && x.dtype === 'float64') x.slice('3:-5').assign(y.slice('2:-6'));
    },
);
const elements = fc.tuple(place, fc.nat({ max: LENGTH - 20 })).map(
  ([a, i]): Statement =>
    (pool) =>
      at(pool, a).set(1, i),
);
const outs = fc.tuple(place, place).map(
  ([a, b]): Statement =>
    (pool) => {
      const [x, y] = [at(pool, a), at(pool, b)];
      if (x.dtype === 'float64' && x.size === y.size) add(y, 1, { out: x as never });
    },
);
const templates = fc.tuple(place, place).map(
  ([a, b]): Statement =>
    (pool) => {
      const [x, y] = [at(pool, a), at(pool, b)];
      if (x.dtype === 'float64' && x.size === y.size)
        expr.assign(x, '1:')`${y}[:-1] * 2 + ${x}[1:]`;
    },
);
const views = fc.tuple(place, fc.constantFrom(':', '::-1', '2:')).map(
  ([a, spec]): Statement =>
    (pool) =>
      void pool.arrays.push(at(pool, a).slice(spec)),
);
/** Shares memory where the elements stay in place. */
const reshapes = place.map(
  (a): Statement =>
    (pool) => {
      const { size: length } = at(pool, a);
      pool.arrays.push(at(pool, a).reshape([length, 1]).reshape([length]));
    },
);
const disposals = place.map(
  (a): Statement =>
    (pool) => {
      const copy = at(pool, a).copy();
      pool.arrays.push(copy.dtype === 'bool' ? copy.astype('float64').add(1) : copy.add(1));
      copy.dispose();
    },
);
/** Reductions of chains that wait, once and again. */
const reads = fc
  .tuple(place, fc.constantFrom('max', 'sum', 'mean', 'std', 'argmin', 'any', 'countNonzero'))
  .map(
    ([a, name]): Statement =>
      (pool) =>
        void pool.seen.push(`${name} ${at(pool, a)[name]().item()}`),
  );
/** The program takes the memory of an array, now or earlier, and writes to it without a call. */
const rawWrites = place.map(
  (a): Statement =>
    (pool) => {
      const { local } = at(pool, a);
      if (local.localSize > 0 && local.dtype === 'float64') local.ndarray.set(0, 12.5 as never);
    },
);
const replacements = fc.tuple(place, place, number).map(
  ([a, b, k]): Statement =>
    (pool) => {
      // Loops that never look: x = x · k + y.
      const [x, y] = [at(pool, a), at(pool, b)];
      if (x.size !== y.size) return;
      let sum = x.mul(0.5);
      for (let round = 0; round < 20; round++) sum = sum.mul(k).add(y);
      pool.arrays[a % pool.arrays.length] = sum;
    },
);

function run(ctx: Context, program: readonly Statement[], dist: string, seed: number): Pool {
  ctx.random.seed(seed);
  const start = [0, 1, 2].map(() => ctx.random.rand([LENGTH], { dist }) as DistArray<Dtype>);
  const pool: Pool = { ctx, arrays: start, seen: [] };
  for (const statement of program) statement(pool);
  return pool;
}

/** The elements of this process, in a client all. */
function elementsOf({ context: { session }, handle }: DistArray<Dtype>): TypedArray {
  if (isClient) return (session.evaluate(gatherArray, [handle], null) as StridedView).data;
  return session.peekAt(handle).toContiguous() as TypedArray;
}

function bytesOf(array: DistArray<Dtype>): Buffer {
  const { buffer, byteOffset, byteLength } = elementsOf(array);
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

function differs(array: DistArray<Dtype>, other: DistArray<Dtype>, k: number): string {
  const [a, b] = [array, other].map(elementsOf);
  const [p, q] = [bytesOf(array), bytesOf(other)];
  const where = Math.floor(p.findIndex((byte, i) => byte !== q[i]) / array.itemsize);
  const bits = p.subarray(where * 8, where * 8 + 8).toString('hex');
  const wanted = q.subarray(where * 8, where * 8 + 8).toString('hex');
  return `array ${k} at ${where}: ${a[where]} (${bits}), not ${b[where]} (${wanted})`;
}

describe('functions that wait', () => {
  it('give what they give at once, bit by bit, whatever happens in between', () => {
    const statement = fc.oneof(
      { weight: 6, arbitrary: binary },
      { weight: 4, arbitrary: withNumber },
      { weight: 4, arbitrary: unary },
      replacements,
      fills,
      assignments,
      elements,
      outs,
      templates,
      views,
      reshapes,
      disposals,
      reads,
      ...(isClient ? [] : [rawWrites]),
    );
    const programs = fc.array(statement, { minLength: 1, maxLength: 25 });
    fc.assert(
      fc.property(programs, fc.constantFrom('b', 'c'), fc.nat(), (program, dist, seed) => {
        const later = run(deferred, program, dist, seed);
        const now = run(eager, program, dist, seed);
        assert.deepEqual(later.seen, now.seen);
        later.arrays.forEach((array, k) => {
          assert.equal(array.dtype, now.arrays[k].dtype);
          assert.ok(
            bytesOf(array).equals(bytesOf(now.arrays[k])),
            differs(array, now.arrays[k], k),
          );
        });
      }),
      { seed: sharedSeed(), numRuns: 30, endOnFailure: true },
    );
  });

  it('are reduced without being in memory, unless they are read again', function () {
    spmdOnly(this, 'handles');
    const [a, b] = [deferred.arange(LENGTH), deferred.ones([LENGTH])];
    const chain = a.mul(0.125).add(b);
    const link = chain.handle as { isWaiting?: boolean };
    assert.equal(link.isWaiting, true);
    const sum = chain.sum().item();
    assert.equal(link.isWaiting, true);
    a.fill(0);
    assert.equal(chain.sum().item(), sum);
    assert.equal(link.isWaiting, false);
    const now = eager
      .arange(LENGTH)
      .mul(0.125)
      .add(eager.ones([LENGTH]));
    assert.equal(now.sum().item(), sum);
    for (const options of [{ axis: 0 }, { keepdims: true }, { dtype: 'float32' }] as const) {
      const again = deferred.arange(LENGTH).mul(0.125).add(b).sum(options);
      assert.deepEqual(again.toNested(), now.sum(options).toNested());
    }
    const wrong = deferred.arange(LENGTH).mul(0.125);
    assert.throws(() => wrong.sum({ axis: 1 }), { name: 'ArgumentRangeError' });
    assert.throws(() => eager.arange(LENGTH).mul(0.125).sum({ axis: 1 }), {
      name: 'ArgumentRangeError',
    });
  });

  it('throw for wrong operands when they are called', () => {
    const a = deferred.ones([LENGTH], { dtype: 'int8' });
    const b = deferred.ones([LENGTH + 1], { dtype: 'int8' });
    assert.throws(() => a.add(300), { name: 'ArgumentRangeError' });
    assert.throws(() => a.add(b), { name: 'ArgumentRangeError' });
    assert.throws(() => a.add(0.5).bitwiseAnd(1), { name: 'ArgumentTypeError' });
  });

  it('send nothing when their results are needed', () => {
    const a = deferred.random.rand([LENGTH], { dist: 'b' });
    const b = deferred.random.rand([LENGTH], { dist: 'c' });
    const sum = a.add(b).mul(2);
    const { messages } = deferred.stats;
    // On one process alone.
    if (rank === 0) assert.ok(sum.local.localSize > 0);
    assert.equal(deferred.stats.messages, messages);
  });

  it('do not wait where the context says so', () => {
    assert.throws(() => {
      deferred.eager = 1 as never;
    }, /eager/);
    assert.equal(deferred.eager, false);
    assert.equal(eager.eager, true);
  });
});
