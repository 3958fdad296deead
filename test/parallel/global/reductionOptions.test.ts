// What reductions begin with, and which elements count.
import { strict as assert } from 'node:assert';
import {
  ArgumentRangeError,
  Context,
  cumulativeProd,
  cumulativeSum,
  type DistArray,
  max,
  min,
  prod,
  sum,
} from '../../../src/entry/index.ts';
import { needNumpy } from '../../support/numpy.ts';
import { callNumpy, given, type Plain } from '../../support/numpyCalls.ts';

const ctx = new Context();

const flat = (array: DistArray) => {
  const nested = array.toNested();
  return (Array.isArray(nested) ? nested.flat(9) : [nested]).map(Number);
};

const table = (dtype: Plain['dtype'], shape: readonly number[]): Plain => ({
  dtype,
  shape,
  elements: Array.from(
    { length: shape.reduce((a, b) => a * b, 1) },
    (_, k) => ((7 * k) % 11) - (dtype.startsWith('u') ? 0 : 4),
  ),
});

describe('reductions that begin with a value', () => {
  const reductions = { sum, prod, min, max };

  it('are NumPy’s, with masks and without elements too', function () {
    needNumpy(this);
    const cases: {
      fn: keyof typeof reductions;
      plain: Plain;
      axis: number | null;
      initial: number;
      masked: boolean;
    }[] = [];
    for (const fn of ['sum', 'prod', 'min', 'max'] as const) {
      for (const dtype of ['float64', 'int32', 'uint8'] as const) {
        for (const shape of [
          [5, 4],
          [0, 4],
          [3, 0],
        ]) {
          for (const axis of [null, 0, 1]) {
            for (const masked of [false, true]) {
              cases.push({ fn, plain: table(dtype, shape), axis, initial: 3, masked });
            }
          }
        }
      }
    }
    const maskOf = ({ shape, elements }: Plain): Plain => ({
      dtype: 'bool',
      shape,
      elements: elements.map((_, k) => ((5 * k) % 3 === 0 ? 1 : 0)),
    });
    const answers = callNumpy(
      cases.map(({ fn, plain, axis, initial, masked }) => ({
        fn,
        arguments: [given(plain)],
        options: { axis, initial, ...(masked ? { where: given(maskOf(plain)) } : {}) },
      })),
    );
    answers.forEach((answer, k) => {
      const { fn, plain, axis, initial, masked } = cases[k];
      assert.ok('arrays' in answer, JSON.stringify(answer));
      const { dtype, shape, elements } = plain;
      const dist = ['bn', 'nc', 'bc', 'nn'][k % 4];
      const make = ({ elements: values }: Plain, kind: Plain['dtype']) =>
        ctx.fromArray({ data: Float64Array.from(values), shape }, { dist }).astype(kind);
      const a = make(plain, dtype);
      const where = masked ? (make(maskOf(plain), 'bool') as DistArray<'bool'>) : undefined;
      const result = reductions[fn](a, { axis, initial, where });
      const [expected] = answer.arrays;
      const text = `${fn} ${dtype} (${shape}) ${axis} ${masked} ${elements.length}`;
      assert.equal(result.dtype, expected.dtype, text);
      assert.deepEqual(result.shape, expected.shape, text);
      assert.deepEqual(flat(result), expected.elements, text);
      if (axis !== null) {
        const kept = reductions[fn](a, { axis, initial, where, keepdims: true });
        assert.equal(kept.ndim, 2);
        assert.deepEqual(flat(kept), expected.elements, text);
      }
      const out = ctx.zeros(expected.shape, { dtype: expected.dtype });
      assert.equal(reductions[fn](a, { axis, initial, where, out } as never), out);
      assert.deepEqual(flat(out), expected.elements, text);
    });
  });

  it('refuse values that the result cannot have, and masks without a value', () => {
    const a = ctx.arange(4, { dtype: 'int8' });
    assert.throws(() => a.min({ initial: 300 }), { argument: 'options.initial' });
    assert.throws(() => a.sum({ initial: { re: 1, im: 1 } }), { argument: 'options.initial' });
    // Integers lose the fraction, as in NumPy.
    assert.equal(a.sum({ initial: 1.5 }).item(), 7n);
    assert.equal(a.max({ initial: 7.5 }).item(), 7);
    assert.throws(
      () => a.mean({ initial: 1 }),
      /Expected one of the options axis, keepdims, out, dtype, where for options/,
    );
    const where = ctx.fromArray([true, false, true, true]);
    assert.throws(
      () => a.max({ where }),
      /Expected a value beside options.where, which may leave no element for max, for options.initial/,
    );
    assert.throws(() => a.argmax({ where } as never), /received "where"/);
    assert.throws(() => ctx.zeros([0]).max(), ArgumentRangeError);
    assert.equal(a.sum({ initial: 2n ** 40n }).item(), 2n ** 40n + 6n);
    assert.equal(a.sum({ dtype: 'float32', initial: 0.5 }).item(), 6.5);
  });
});

describe('cumulative functions with the value of no elements', () => {
  it('have one index more along the axis', () => {
    for (const dist of ['bn', 'cn', 'nb', 'bc']) {
      const a = ctx.fromFunction((i, j) => i + 2 * j + 1, [3, 4], { dist, dtype: 'int32' });
      const sums = cumulativeSum(a, { axis: 0, includeInitial: true });
      assert.equal(sums.dtype, 'int64');
      assert.deepEqual(sums.toNested(), [
        [0n, 0n, 0n, 0n],
        [1n, 3n, 5n, 7n],
        [3n, 7n, 11n, 15n],
        [6n, 12n, 18n, 24n],
      ]);
      const products = cumulativeProd(a, { axis: -1, includeInitial: true, dtype: 'float64' });
      assert.deepEqual(products.toNested(), [
        [1, 1, 3, 15, 105],
        [1, 2, 8, 48, 384],
        [1, 3, 15, 105, 945],
      ]);
      const out = ctx.zeros([4, 4]);
      assert.equal(a.cumulativeSum({ axis: 0, includeInitial: true, out } as never), out);
      assert.deepEqual(flat(out), flat(sums));
      const short = ctx.zeros([3, 4]);
      assert.throws(() => a.cumulativeSum({ axis: 0, includeInitial: true, out: short } as never), {
        argument: 'options.out',
      });
    }
    const empty = ctx.zeros([0]).cumulativeSum({ includeInitial: true });
    assert.deepEqual(flat(empty), [0]);
  });
});
