import { strict as assert } from 'node:assert';
import {
  allocate,
  DTYPE_NAMES,
  DTYPES,
  type Dtype,
  dtypeOf,
  parseDtype,
  type TypedArray,
} from '../../../src/dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../../src/errors.ts';

/** name, kind, bytes of an item, lanes, storage */
const EXPECTED = [
  ['bool', 'bool', 1, 1, Uint8Array],
  ['int8', 'int', 1, 1, Int8Array],
  ['int16', 'int', 2, 1, Int16Array],
  ['int32', 'int', 4, 1, Int32Array],
  ['int64', 'int', 8, 1, BigInt64Array],
  ['uint8', 'uint', 1, 1, Uint8Array],
  ['uint16', 'uint', 2, 1, Uint16Array],
  ['uint32', 'uint', 4, 1, Uint32Array],
  ['uint64', 'uint', 8, 1, BigUint64Array],
  ['float32', 'float', 4, 1, Float32Array],
  ['float64', 'float', 8, 1, Float64Array],
  ['complex64', 'complex', 8, 2, Float32Array],
  ['complex128', 'complex', 16, 2, Float64Array],
] as const;

describe('the dtype table', () => {
  it('has the 13 dtypes in order', () => {
    assert.deepEqual(
      DTYPE_NAMES,
      EXPECTED.map(([name]) => name),
    );
  });

  for (const [name, kind, itemsize, lanes, arrayType] of EXPECTED) {
    it(`describes ${name}`, () => {
      assert.deepEqual(DTYPES[name], { name, kind, itemsize, lanes, arrayType });
    });
  }

  it('cannot be changed', () => {
    assert.ok(Object.isFrozen(DTYPES));
    assert.ok(DTYPE_NAMES.every((name) => Object.isFrozen(DTYPES[name])));
    assert.ok(Object.isFrozen(DTYPE_NAMES));
  });
});

describe('parseDtype', () => {
  it('returns every name that exists', () => {
    for (const name of DTYPE_NAMES) assert.equal(parseDtype(name), name);
  });

  it('lists the accepted names for an unknown one', () => {
    assert.throws(
      () => parseDtype('float16'),
      (error: unknown) => {
        assert.ok(error instanceof ArgumentRangeError);
        assert.equal(error.argument, 'dtype');
        assert.equal(error.expected, `one of ${DTYPE_NAMES.join(', ')}`);
        assert.equal(error.received, '"float16"');
        return true;
      },
    );
  });

  it('does not take names that every object has', () => {
    for (const name of ['toString', 'constructor', '__proto__', '']) {
      assert.throws(() => parseDtype(name), ArgumentRangeError);
    }
  });

  it('calls the argument by the given name', () => {
    assert.throws(
      () => parseDtype(8, 'options.dtype'),
      (error: unknown) => error instanceof ArgumentTypeError && error.argument === 'options.dtype',
    );
  });

  it('takes nothing but strings', () => {
    for (const value of [undefined, null, 64, Float64Array, {}]) {
      assert.throws(() => parseDtype(value), ArgumentTypeError);
    }
  });
});

describe('allocate', () => {
  for (const [name, , itemsize, lanes, arrayType] of EXPECTED) {
    it(`returns zeros for ${name}`, () => {
      const array: TypedArray = allocate(name, 3);
      assert.equal(array.constructor, arrayType);
      assert.equal(array.length, 3 * lanes);
      assert.equal(array.byteLength, 3 * itemsize);
      assert.ok(Array.from<number | bigint>(array).every((element) => Number(element) === 0));
    });
  }

  it('allocates nothing for length 0', () => {
    assert.equal(allocate('complex128', 0).length, 0);
  });

  it('refuses a bad length or dtype', () => {
    assert.throws(() => allocate('float64', -1), ArgumentRangeError);
    assert.throws(() => allocate('float64', 1.5), ArgumentRangeError);
    assert.throws(() => allocate('float64', '3' as unknown as number), ArgumentTypeError);
    assert.throws(() => allocate('float16' as Dtype, 3), ArgumentRangeError);
  });
});

describe('dtypeOf', () => {
  it('returns the dtype whose elements a typed array stores one by one', () => {
    for (const name of DTYPE_NAMES) {
      const { lanes, kind } = DTYPES[name];
      if (lanes === 1 && kind !== 'bool') assert.equal(dtypeOf(allocate(name, 1)), name);
    }
  });

  it('sees bool and complex storage as what it is', () => {
    assert.equal(dtypeOf(allocate('bool', 1)), 'uint8');
    assert.equal(dtypeOf(allocate('complex64', 1)), 'float32');
    assert.equal(dtypeOf(allocate('complex128', 1)), 'float64');
  });

  it('takes subclasses such as Buffer', () => {
    assert.equal(dtypeOf(Buffer.from([1, 2])), 'uint8');
  });

  it('refuses everything else', () => {
    const others: unknown[] = [
      [1, 2],
      new DataView(new ArrayBuffer(8)),
      null,
      undefined,
      'float64',
    ];
    others.push(new Uint8ClampedArray(2), { [Symbol.toStringTag]: 'Float64Array' });
    for (const other of others) {
      assert.throws(() => dtypeOf(other as TypedArray), ArgumentTypeError);
    }
  });
});
