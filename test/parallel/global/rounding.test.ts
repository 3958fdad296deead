// round and clip beyond what the table of elementwise functions has.
import { strict as assert } from 'node:assert';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  Context,
  clip,
  type DistArray,
  type Dtype,
  round,
} from '../../../src/entry/index.ts';
import { needNumpy } from '../../support/numpy.ts';
import { callNumpy, given, type Plain } from '../../support/numpyCalls.ts';

const ctx = new Context();

const flat = (array: DistArray) => (array.toNested() as unknown[]).map(Number);

describe('round', () => {
  const floats = [
    0,
    -0,
    0.05,
    0.15,
    0.25,
    2.675,
    -1.005,
    123.456,
    -87.5,
    1e15,
    1e300,
    5e-324,
    14.5,
    15.5,
    25,
    Infinity,
    -Infinity,
    Number.NaN,
    1234567.8949,
  ];
  const integers = [0, 5, 15, 25, -5, -15, -25, 34, 36, 99, -99, 127, -128, 50, 45];

  it('rounds to decimals as NumPy does, bit by bit', function () {
    needNumpy(this);
    const cases: { plain: Plain; decimals: number }[] = [];
    for (const decimals of [-3, -2, -1, 0, 1, 2, 5, 17, 300, 320]) {
      for (const dtype of ['float64', 'float32', 'int8', 'int64', 'uint16'] as const) {
        // Before NumPy 2 a power that float32 has not made float64 of the array.
        if (dtype === 'float32' && decimals > 37) continue;
        const some = dtype.startsWith('float')
          ? floats
          : integers.map((value) => (dtype === 'uint16' ? Math.abs(value) * 7 : value));
        cases.push({ plain: { dtype, shape: [some.length], elements: some }, decimals });
      }
    }
    const calls = cases.map(({ plain, decimals }) => ({
      fn: 'round',
      arguments: [given(plain), decimals],
    }));
    callNumpy(calls).forEach((answer, k) => {
      assert.ok('arrays' in answer);
      const { plain, decimals } = cases[k];
      const { dtype, elements } = plain;
      const a: DistArray = ctx.fromArray(elements, { dist: 'c' }).astype<Dtype>(dtype);
      const [{ dtype: wanted, elements: expected }] = answer.arrays;
      const result = round(a, { decimals });
      assert.equal(result.dtype, wanted);
      assert.deepEqual(flat(result), expected, `${dtype} ${decimals}`);
      assert.deepEqual(flat(a.round(decimals)), expected);
    });
  });

  it('rounds both parts of complex numbers', () => {
    const a = ctx.fromArray([
      { re: 1.25, im: -2.675 },
      { re: Infinity, im: 1.25 },
    ]);
    assert.deepEqual(a.round(1).toNested(), [
      { re: 1.2, im: -2.7 },
      { re: Infinity, im: 1.2 },
    ]);
    assert.equal(a.astype('complex64').round(1).dtype, 'complex64');
  });

  it('takes out, views, and refuses what makes no sense', () => {
    const a = ctx.fromArray([1.234, 5.678, 9.876], { dist: 'c' });
    const out = ctx.zeros([3], { dtype: 'float32' });
    assert.equal(round(a, { decimals: 1, out }), out);
    assert.deepEqual(
      flat(out).map((value) => value.toFixed(3)),
      ['1.200', '5.700', '9.900'],
    );
    assert.deepEqual(flat(a.slice('::-2').round(2)), [9.88, 1.23]);
    assert.deepEqual(flat(a.round()), [1, 6, 10]);
    assert.deepEqual(flat(a.round({ where: ctx.fromArray([true, false, true]) })), [1, 0, 10]);
    assert.throws(() => a.round(1.5), ArgumentRangeError);
    assert.throws(() => a.round('1' as never), ArgumentTypeError);
    assert.throws(() => a.round({ decimals: 1, dtype: 'float32' }), /undefined beside decimals/);
    assert.throws(() => ctx.fromArray([true]).round(1), ArgumentTypeError);
  });
});

describe('clip', () => {
  it('has one bound, two or none', () => {
    const a = ctx.fromArray([-3, 0, 4, 9], { dist: 'c' });
    assert.deepEqual(flat(a.clip(0, 5)), [0, 0, 4, 5]);
    assert.deepEqual(flat(a.clip(0)), [0, 0, 4, 9]);
    assert.deepEqual(flat(a.clip(null, 5)), [-3, 0, 4, 5]);
    assert.deepEqual(flat(clip(a, null, ctx.fromArray([1, 1, 1, 1]))), [-3, 0, 1, 1]);
    assert.deepEqual(flat(a.clip()), [-3, 0, 4, 9]);
    const out = ctx.zeros([4]);
    assert.equal(a.clip(1, null, { out }), out);
    assert.deepEqual(flat(out), [1, 1, 4, 9]);
  });
});
