import { strict as assert } from 'node:assert';
import { DTYPE_NAMES, type Dtype } from '../../../src/dtype/dtype.ts';
import { finfo, iinfo } from '../../../src/dtype/limits.ts';
import { numpyName, parseNumpyName } from '../../../src/dtype/numpyNames.ts';
import { type Casting, canCast, promoteTypes, resultType } from '../../../src/dtype/promotion.ts';
import { assignedAs, scalarAs } from '../../../src/dtype/scalar.ts';
import { askNumpy, needNumpy } from '../../support/numpy.ts';

/** The tables of the Array API standard, "Type Promotion Rules": row, column, result. */
const ARRAY_API: Readonly<Record<string, readonly string[]>> = {
  'signed integers': [
    '   i1 i2 i4 i8',
    'i1 i1 i2 i4 i8',
    'i2 i2 i2 i4 i8',
    'i4 i4 i4 i4 i8',
    'i8 i8 i8 i8 i8',
  ],
  'unsigned integers': [
    '   u1 u2 u4 u8',
    'u1 u1 u2 u4 u8',
    'u2 u2 u2 u4 u8',
    'u4 u4 u4 u4 u8',
    'u8 u8 u8 u8 u8',
  ],
  'signed with unsigned integers': [
    '   u1 u2 u4',
    'i1 i2 i4 i8',
    'i2 i2 i4 i8',
    'i4 i4 i4 i8',
    'i8 i8 i8 i8',
  ],
  'floats and complex numbers': [
    '   f4 f8 c8 c16',
    'f4 f4 f8 c8 c16',
    'f8 f8 f8 c16 c16',
    'c8 c8 c16 c8 c16',
    'c16 c16 c16 c16 c16',
  ],
};

describe('promoteTypes', () => {
  for (const [what, [head, ...rows]] of Object.entries(ARRAY_API)) {
    it(`follows the Array API standard for ${what}`, () => {
      const columns = head.trim().split(' ');
      for (const row of rows) {
        const [first, ...results] = row.split(' ').map((name) => parseNumpyName(name).dtype);
        results.forEach((result, i) => {
          const second = parseNumpyName(columns[i]).dtype;
          assert.equal(promoteTypes(first, second), result, `${first} and ${second}`);
          assert.equal(promoteTypes(second, first), result, `${second} and ${first}`);
        });
      }
    });
  }

  it('is NumPy’s for all pairs, and so are the casts that are allowed', function () {
    needNumpy(this);
    const [numpy] = askNumpy<Record<'promote' | 'cast' | 'names', Record<string, unknown>>>([
      { job: 'promotion' },
    ]);
    for (const first of DTYPE_NAMES) {
      assert.equal(numpyName(first), numpy.names[first]);
      for (const second of DTYPE_NAMES) {
        assert.equal(promoteTypes(first, second), numpy.promote[`${first} ${second}`]);
        for (const casting of ['no', 'safe', 'sameKind', 'unsafe'] as Casting[]) {
          const key = `${first} ${second} ${casting}`;
          assert.equal(canCast(first, second, casting), numpy.cast[key], key);
        }
      }
    }
  });

  it('names what is no dtype', () => {
    assert.throws(() => promoteTypes('int8', 'float16' as Dtype), /one of bool, int8.*"float16"/);
    assert.throws(() => canCast('int8', 'int16', 'maybe' as Casting), /casting/);
  });
});

describe('resultType', () => {
  it('lets JavaScript numbers decide the kind, and dtypes the size', () => {
    const cases: readonly [Dtype, unknown, Dtype][] = [
      ['int8', 3, 'int8'],
      ['int8', 300, 'int8'],
      ['uint8', -1, 'uint8'],
      ['int8', 2n, 'int8'],
      ['int8', 2.5, 'float64'],
      ['int8', Number.NaN, 'float64'],
      ['float32', 3, 'float32'],
      ['float32', 2.5, 'float32'],
      ['float32', 1e300, 'float32'],
      ['complex64', 2.5, 'complex64'],
      ['bool', true, 'bool'],
      ['bool', 2, 'int64'],
      ['bool', 2n, 'int64'],
      ['bool', 2.5, 'float64'],
      ['uint64', true, 'uint64'],
      ['int64', { re: 0, im: 1 }, 'complex128'],
      ['float32', { re: 0, im: 1 }, 'complex64'],
      ['float64', { re: 0, im: 1 }, 'complex128'],
      ['complex64', { re: 0, im: 1 }, 'complex64'],
    ];
    for (const [dtype, scalar, result] of cases) {
      assert.equal(resultType(dtype, scalar as number), result, `${dtype} and ${scalar}`);
      assert.equal(resultType(scalar as number, dtype), result, `${scalar} and ${dtype}`);
    }
  });

  it('promotes all dtypes first', () => {
    assert.equal(resultType('int8', 2, 'uint8'), 'int16');
    assert.equal(resultType('float32', 'int8', 2.5), 'float32');
  });

  it('of numbers alone is what arrays of them have', () => {
    assert.equal(resultType(1), 'float64');
    assert.equal(resultType(1, 2n), 'float64');
    assert.equal(resultType(1n), 'int64');
    assert.equal(resultType(true), 'bool');
    assert.equal(resultType({ re: 1, im: 0 }, 2), 'complex128');
    assert.throws(() => resultType(), { code: 'ERR_ARGUMENT_RANGE' });
  });
});

describe('scalarAs', () => {
  it('throws a RangeError for an integer that does not fit', () => {
    assert.equal(scalarAs(127, 'int8'), 127);
    assert.throws(() => scalarAs(300, 'int8', 'y'), {
      name: 'ArgumentRangeError',
      message: 'Expected an integer in [-128, 127], as int8 has for y, but received 300',
    });
    assert.ok(catchError(() => scalarAs(300, 'int8')) instanceof RangeError);
    assert.throws(() => scalarAs(-1, 'uint64'), RangeError);
    assert.throws(() => scalarAs(2 ** 63, 'int64'), RangeError);
    assert.equal(scalarAs(2 ** 63, 'uint64'), 2n ** 63n);
    assert.equal(scalarAs(-(2n ** 63n), 'int64'), -(2n ** 63n));
  });

  it('throws a TypeError for what loses its kind', () => {
    assert.throws(() => scalarAs(2.5, 'int8'), TypeError);
    assert.throws(() => scalarAs({ re: 1, im: 0 }, 'float64'), TypeError);
    assert.throws(() => scalarAs('1' as unknown as number, 'float64'), TypeError);
  });

  it('cuts fractions off where a value is assigned, as NumPy does', () => {
    assert.equal(assignedAs(2.7, 'int8'), 2);
    assert.equal(assignedAs(-2.7, 'int64'), -2n);
    assert.equal(assignedAs(2.7, 'float64'), 2.7);
    assert.equal(assignedAs(0.5, 'bool'), true);
    assert.throws(() => assignedAs(127.5 + 1, 'int8'), RangeError);
    assert.throws(() => assignedAs(Number.NaN, 'int8'), TypeError);
    assert.throws(() => assignedAs(Number.POSITIVE_INFINITY, 'int64'), TypeError);
    assert.throws(() => assignedAs({ re: 1, im: 0 }, 'int8'), TypeError);
  });

  it('gives what the dtype stores', () => {
    assert.equal(scalarAs(5, 'int64'), 5n);
    assert.equal(scalarAs(5n, 'float32'), 5);
    assert.equal(scalarAs(true, 'uint8'), 1);
    assert.equal(scalarAs(0, 'bool'), false);
    assert.equal(scalarAs(2n, 'bool'), true);
    assert.deepEqual(scalarAs(2, 'complex64'), { re: 2, im: 0 });
  });
});

describe('limits', () => {
  it('are those of the typed arrays', () => {
    assert.deepEqual(iinfo('uint16'), { dtype: 'uint16', bits: 16, min: 0, max: 65535 });
    assert.deepEqual([iinfo('int64').min, iinfo('int64').max], [-(2n ** 63n), 2n ** 63n - 1n]);
    assert.equal(finfo('complex64').dtype, 'float32');
    assert.equal(Math.fround(finfo('float32').max), finfo('float32').max);
    assert.equal(Math.fround(finfo('float32').max * (1 + 2 ** -24)), Number.POSITIVE_INFINITY);
    assert.equal(finfo('float64').eps, Number.EPSILON);
    assert.throws(() => iinfo('float64'), RangeError);
    assert.throws(() => finfo('int8'), RangeError);
  });
});

describe('names of NumPy', () => {
  it('are understood with their byte order', () => {
    assert.deepEqual(parseNumpyName('<f8'), { dtype: 'float64', byteOrder: 'little' });
    assert.deepEqual(parseNumpyName('>i4'), { dtype: 'int32', byteOrder: 'big' });
    assert.deepEqual(parseNumpyName('|u1'), { dtype: 'uint8', byteOrder: 'none' });
    assert.deepEqual(parseNumpyName('?'), { dtype: 'bool', byteOrder: 'none' });
    assert.deepEqual(parseNumpyName('float64'), { dtype: 'float64', byteOrder: 'little' });
    assert.deepEqual(parseNumpyName('=D'), { dtype: 'complex128', byteOrder: 'little' });
  });

  it('that mean no dtype of ours are errors', () => {
    for (const name of ['f2', '<U10', 'O', '', '<', '<<f8']) {
      assert.throws(() => parseNumpyName(name), { code: 'ERR_ARGUMENT_RANGE' }, name);
    }
    assert.throws(() => parseNumpyName(8), { code: 'ERR_ARGUMENT_TYPE' });
  });
});

function catchError(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
