/** The limits of the dtypes, as `numpy.iinfo` and `numpy.finfo` give them. */
import { ArgumentRangeError } from '../errors.ts';
import { DTYPES, type Dtype, parseDtype } from './dtype.ts';

/** Limits of an integer dtype; bigints for int64 and uint64, since a number cannot hold them. */
export interface IntegerLimits {
  readonly dtype: Dtype;
  readonly bits: number;
  readonly min: number | bigint;
  readonly max: number | bigint;
}

/** Limits of a float dtype; those of a complex one are of its parts. */
export interface FloatLimits {
  /** The dtype of the parts: float32 for complex64. */
  readonly dtype: Dtype;
  readonly bits: number;
  /** Distance from 1 to the next larger number. */
  readonly eps: number;
  readonly min: number;
  readonly max: number;
  /** Smallest positive number with a full mantissa. */
  readonly smallestNormal: number;
}

const integers = new Map<Dtype, IntegerLimits>();
for (const { name, kind, itemsize } of Object.values(DTYPES)) {
  if (kind !== 'int' && kind !== 'uint') continue;
  const bits = 8 * itemsize;
  const max = 2n ** BigInt(kind === 'int' ? bits - 1 : bits) - 1n;
  const min = kind === 'int' ? -max - 1n : 0n;
  const exact = bits === 64 ? { min, max } : { min: Number(min), max: Number(max) };
  integers.set(name, Object.freeze({ dtype: name, bits, ...exact }));
}

const FLOAT32: FloatLimits = Object.freeze({
  dtype: 'float32',
  bits: 32,
  eps: 2 ** -23,
  min: -(2 - 2 ** -23) * 2 ** 127,
  max: (2 - 2 ** -23) * 2 ** 127,
  smallestNormal: 2 ** -126,
});

const FLOAT64: FloatLimits = Object.freeze({
  dtype: 'float64',
  bits: 64,
  eps: Number.EPSILON,
  min: -Number.MAX_VALUE,
  max: Number.MAX_VALUE,
  smallestNormal: 2 ** -1022,
});

/**
 * Returns the limits of an integer dtype (`numpy.iinfo`).
 * @throws {@link ArgumentRangeError} for another dtype
 */
export function iinfo(dtype: Dtype): IntegerLimits {
  const limits = integers.get(dtype);
  if (limits === undefined) throw new ArgumentRangeError('dtype', 'an integer dtype', dtype);
  return limits;
}

/**
 * Returns the limits of a float or complex dtype (`numpy.finfo`).
 * @throws {@link ArgumentRangeError} for another dtype
 */
export function finfo(dtype: Dtype): FloatLimits {
  const { kind, itemsize, lanes } = DTYPES[parseDtype(dtype)];
  if (kind !== 'float' && kind !== 'complex') {
    throw new ArgumentRangeError('dtype', 'a float or complex dtype', dtype);
  }
  return itemsize / lanes === 4 ? FLOAT32 : FLOAT64;
}
