/** The predefined datatypes of C's numbers, and those of typed arrays. */
import { basic, type Datatype } from './datatype.ts';

export const BYTE = basic('BYTE', 1);
export const C_BOOL = basic('C_BOOL', 1);
export const INT8_T = basic('INT8_T', 1);
export const INT16_T = basic('INT16_T', 2);
export const INT32_T = basic('INT32_T', 4);
export const INT64_T = basic('INT64_T', 8);
export const UINT8_T = basic('UINT8_T', 1);
export const UINT16_T = basic('UINT16_T', 2);
export const UINT32_T = basic('UINT32_T', 4);
export const UINT64_T = basic('UINT64_T', 8);
export const FLOAT = basic('FLOAT', 4);
export const DOUBLE = basic('DOUBLE', 8);
/** Pairs of a Float32Array: real and imaginary part. */
export const C_FLOAT_COMPLEX = basic('C_FLOAT_COMPLEX', 8);
/** Pairs of a Float64Array: real and imaginary part. */
export const C_DOUBLE_COMPLEX = basic('C_DOUBLE_COMPLEX', 16);

/**
 * Pairs of a value and an index, for `MINLOC` and `MAXLOC`, as C lays them out; `size` counts the
 * padding, too. In a DataView with the machine's byte order:
 *
 * | datatype | value | index (int32) | bytes |
 * |---|---|---|---|
 * | `DOUBLE_INT` | float64 at 0 | at 8 | 16 |
 * | `FLOAT_INT` | float32 at 0 | at 4 | 8 |
 * | `INT_INT` (`MPI_2INT`) | int32 at 0 | at 4 | 8 |
 * | `LONG_INT` | int64 at 0 | at 8 | 16 |
 * | `SHORT_INT` | int16 at 0 | at 4 | 8 |
 */
export const DOUBLE_INT = basic('DOUBLE_INT', 16);
/** See {@link DOUBLE_INT}. */
export const FLOAT_INT = basic('FLOAT_INT', 8);
/** See {@link DOUBLE_INT}. */
export const INT_INT = basic('INT_INT', 8);
/** See {@link DOUBLE_INT}. */
export const LONG_INT = basic('LONG_INT', 16);
/** See {@link DOUBLE_INT}. */
export const SHORT_INT = basic('SHORT_INT', 8);

/** The datatype of each kind of typed array, by the name of its constructor. */
const byConstructor: Readonly<Record<string, Datatype>> = {
  Int8Array: INT8_T,
  Int16Array: INT16_T,
  Int32Array: INT32_T,
  BigInt64Array: INT64_T,
  Uint8Array: UINT8_T,
  Uint8ClampedArray: UINT8_T,
  Uint16Array: UINT16_T,
  Uint32Array: UINT32_T,
  BigUint64Array: UINT64_T,
  Float32Array: FLOAT,
  Float64Array: DOUBLE,
};

/** The datatype of a typed array's elements (also of a Buffer's); undefined when there is none. */
export function datatypeOfArray(array: ArrayBufferView): Datatype | undefined {
  const tag: string | undefined = (array as unknown as Record<symbol, string>)[Symbol.toStringTag];
  return tag === undefined ? undefined : byConstructor[tag];
}
