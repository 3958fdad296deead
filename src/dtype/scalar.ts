/** JavaScript values as elements: which dtype they suit, and whether they fit. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { type Complex, DTYPES, type Dtype } from './dtype.ts';
import { iinfo } from './limits.ts';

/** A JavaScript value that stands for one element. */
export type Scalar = boolean | number | bigint | Complex;

/** What a scalar tells about a result's dtype: its kind, not its size. */
export type WeakKind = 'bool' | 'int' | 'float' | 'complex';

/** Whether a value is a {@link Scalar}. */
export function isScalar(value: unknown): value is Scalar {
  switch (typeof value) {
    case 'boolean':
    case 'number':
    case 'bigint':
      return true;
    case 'object':
      return isComplex(value);
    default:
      return false;
  }
}

function isComplex(value: object | null): value is Complex {
  return (
    value !== null &&
    typeof (value as Complex).re === 'number' &&
    typeof (value as Complex).im === 'number'
  );
}

/** Returns the kind of a scalar: integer-valued numbers and bigints are ints. */
export function weakKindOf(scalar: Scalar): WeakKind {
  switch (typeof scalar) {
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(scalar) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    default:
      return 'complex';
  }
}

/** -1 or 1 when an integer lies below or above the range of an integer dtype, 0 when it fits. */
export function sideOfRange(value: number | bigint, dtype: Dtype): -1 | 0 | 1 {
  const { min, max } = iinfo(dtype);
  // Comparing numbers with bigints is exact.
  return value < min ? -1 : value > max ? 1 : 0;
}

/**
 * Returns a scalar as an element of a dtype: bool `true` for what is not 0, a bigint for int64 and
 * uint64, `{ re, im }` for complex dtypes, otherwise a number. Floats round.
 *
 * @param argument - the name that an error calls the value by
 * @throws {@link ArgumentTypeError} for what is no scalar, for a fraction or a complex number where an integer
 * is wanted, and for a complex number where a real one is
 * @throws {@link ArgumentRangeError} (a `RangeError`) for an integer that does not fit: int8 and 300
 */
export function scalarAs(value: Scalar, dtype: Dtype, argument = 'value'): Scalar {
  const { kind, itemsize } = DTYPES[dtype];
  if (!isScalar(value))
    throw new ArgumentTypeError(argument, 'a number, bigint, boolean or { re, im }', value);
  if (kind === 'bool')
    return typeof value === 'object'
      ? value.re !== 0 || value.im !== 0
      : value !== false && value !== 0 && value !== 0n;
  if (typeof value === 'object') {
    if (kind === 'complex') return value;
    throw new ArgumentTypeError(argument, `a real number, as ${dtype} has`, value);
  }
  if (kind === 'complex') return { re: Number(value), im: 0 };
  if (kind === 'float') return Number(value);
  const integer = typeof value === 'boolean' ? Number(value) : value;
  if (typeof integer === 'number' && !Number.isInteger(integer)) {
    throw new ArgumentTypeError(argument, `an integer, as ${dtype} has`, value);
  }
  if (sideOfRange(integer, dtype) !== 0) {
    const { min, max } = iinfo(dtype);
    throw new ArgumentRangeError(
      argument,
      `an integer in [${min}, ${max}], as ${dtype} has`,
      value,
    );
  }
  return itemsize === 8 ? BigInt(integer) : Number(integer);
}

/**
 * Returns a scalar as the element that assigning it makes: as {@link scalarAs}, but integers take numbers
 * without their fractions (NumPy's `a[i] = 2.7`).
 *
 * @param argument - the name that an error calls the value by
 * @throws {@link ArgumentTypeError} and {@link ArgumentRangeError} as {@link scalarAs} does
 */
export function assignedAs(value: Scalar, dtype: Dtype, argument = 'value'): Scalar {
  const { kind } = DTYPES[dtype];
  const cuts = typeof value === 'number' && (kind === 'int' || kind === 'uint');
  // Neither NaN nor infinities become integers by that.
  return scalarAs(cuts ? Math.trunc(value) : value, dtype, argument);
}
