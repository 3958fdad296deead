/**
 * The 13 element types of an array: what each is called, how it is stored, and how the names
 * map to TypeScript's types.
 */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';

/** Name of an element type, as in NumPy and the Array API standard. */
export type Dtype =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'int32'
  | 'int64'
  | 'uint8'
  | 'uint16'
  | 'uint32'
  | 'uint64'
  | 'float32'
  | 'float64'
  | 'complex64'
  | 'complex128';

/** Family of an element type, as in the Array API standard's `isdtype`. */
export type DtypeKind = 'bool' | 'int' | 'uint' | 'float' | 'complex';

/** A complex number as it is handed to and taken from JavaScript code. */
export interface Complex {
  readonly re: number;
  readonly im: number;
}

/** The typed array that stores elements of dtype `D`; complex ones as interleaved (re, im). */
export type TypedArrayOf<D extends Dtype> = D extends 'bool' | 'uint8'
  ? Uint8Array
  : D extends 'int8'
    ? Int8Array
    : D extends 'int16'
      ? Int16Array
      : D extends 'int32'
        ? Int32Array
        : D extends 'int64'
          ? BigInt64Array
          : D extends 'uint16'
            ? Uint16Array
            : D extends 'uint32'
              ? Uint32Array
              : D extends 'uint64'
                ? BigUint64Array
                : D extends 'float32' | 'complex64'
                  ? Float32Array
                  : D extends 'float64' | 'complex128'
                    ? Float64Array
                    : never;

/** The JavaScript value of one element of dtype `D`. */
export type ScalarOf<D extends Dtype> = D extends 'bool'
  ? boolean
  : D extends 'int64' | 'uint64'
    ? bigint
    : D extends 'complex64' | 'complex128'
      ? Complex
      : number;

/** Any typed array that stores elements of some dtype. */
export type TypedArray = TypedArrayOf<Dtype>;

/** Constructor of the typed array that stores elements of dtype `D`. */
export interface TypedArrayConstructorOf<D extends Dtype> {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): TypedArrayOf<D>;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): TypedArrayOf<D>;
}

/** How elements of one dtype are stored. */
export interface DtypeInfo<D extends Dtype = Dtype> {
  readonly name: D;
  readonly kind: DtypeKind;
  /** Bytes of one element. */
  readonly itemsize: number;
  /** Typed-array elements of one element: 2 for complex dtypes, otherwise 1. */
  readonly lanes: 1 | 2;
  readonly arrayType: TypedArrayConstructorOf<D>;
}

/** The table of all dtypes, by name; it cannot be changed. */
export const DTYPES: { readonly [D in Dtype]: DtypeInfo<D> } = Object.freeze({
  bool: describe('bool', 'bool', 1, Uint8Array),
  int8: describe('int8', 'int', 1, Int8Array),
  int16: describe('int16', 'int', 1, Int16Array),
  int32: describe('int32', 'int', 1, Int32Array),
  int64: describe('int64', 'int', 1, BigInt64Array),
  uint8: describe('uint8', 'uint', 1, Uint8Array),
  uint16: describe('uint16', 'uint', 1, Uint16Array),
  uint32: describe('uint32', 'uint', 1, Uint32Array),
  uint64: describe('uint64', 'uint', 1, BigUint64Array),
  float32: describe('float32', 'float', 1, Float32Array),
  float64: describe('float64', 'float', 1, Float64Array),
  complex64: describe('complex64', 'complex', 2, Float32Array),
  complex128: describe('complex128', 'complex', 2, Float64Array),
});

/** All dtype names, in the table's order. */
export const DTYPE_NAMES: readonly Dtype[] = Object.freeze(Object.keys(DTYPES) as Dtype[]);

/** The real dtype that each typed array stores when nothing else is said. */
const DTYPE_BY_TAG: ReadonlyMap<string | undefined, Dtype> = new Map(
  DTYPE_NAMES.filter((name) => DTYPES[name].kind !== 'bool' && DTYPES[name].lanes === 1).map(
    (name) => [DTYPES[name].arrayType.name, name],
  ),
);

/**
 * Returns `value` as a dtype name, once it is known to be one.
 *
 * @param argument - the name that an error calls the value by
 * @throws {@link ArgumentTypeError} unless `value` is a string
 * @throws {@link ArgumentRangeError} unless it names a dtype
 */
export function parseDtype(value: unknown, argument = 'dtype'): Dtype {
  // Every array that is made comes by here: the list of names is made for an error only.
  if (typeof value === 'string' && Object.hasOwn(DTYPES, value)) return value as Dtype;
  const expected = `one of ${DTYPE_NAMES.join(', ')}`;
  if (typeof value !== 'string') throw new ArgumentTypeError(argument, expected, value);
  throw new ArgumentRangeError(argument, expected, value);
}

/**
 * Returns a new zeroed typed array for `length` elements of `dtype`.
 *
 * @remarks A complex dtype takes two typed-array elements (re, im) each.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a bad dtype or length
 */
export function allocate<D extends Dtype>(dtype: D, length: number): TypedArrayOf<D> {
  const info = DTYPES[parseDtype(dtype)];
  checkInteger('length', length, 0, Math.floor(Number.MAX_SAFE_INTEGER / info.itemsize));
  return new info.arrayType(length * info.lanes) as TypedArrayOf<D>;
}

/**
 * Returns the dtype whose elements `array` stores one by one: `float64` for a Float64Array.
 *
 * @remarks bool and complex arrays are stored as `uint8` and float arrays, and are told apart
 * only by who keeps them.
 * @throws {@link ArgumentTypeError} unless `array` is a typed array of a known dtype
 */
export function dtypeOf(array: TypedArray): Dtype {
  const tag = ArrayBuffer.isView(array) ? array[Symbol.toStringTag] : undefined;
  const dtype = DTYPE_BY_TAG.get(tag);
  if (dtype === undefined) {
    const accepted = [...DTYPE_BY_TAG.keys()].join(', ');
    throw new ArgumentTypeError('array', `one of ${accepted}`, array);
  }
  return dtype;
}

function describe<D extends Dtype>(
  name: D,
  kind: DtypeKind,
  lanes: 1 | 2,
  arrayType: TypedArrayConstructorOf<D>,
): DtypeInfo<D> {
  const itemsize = arrayType.BYTES_PER_ELEMENT * lanes;
  return Object.freeze({ name, kind, itemsize, lanes, arrayType });
}
