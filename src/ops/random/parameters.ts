/** Checks of what distributions are told. */
import type { Dtype } from '../../dtype/dtype.ts';
import { iinfo } from '../../dtype/limits.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';

/** An integer: a number or a bigint. */
export type Integer = number | bigint;

/** Checks that a parameter is a finite number. */
export function checkFinite(argument: string, value: unknown): void {
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'a number', value);
  if (!Number.isFinite(value)) throw new ArgumentRangeError(argument, 'a finite number', value);
}

/** Checks that a parameter is a finite number above 0, or not below it. */
export function checkPositive(argument: string, value: unknown, orZero: boolean): void {
  checkFinite(argument, value);
  const number = value as number;
  if (number > 0 || (orZero && number === 0)) return;
  throw new ArgumentRangeError(argument, `a number ${orZero ? '≥' : '>'} 0`, value);
}

/**
 * Returns the lowest integer of an interval, as 64 bits, and how many it has (0 for 2⁶⁴).
 *
 * @param high - one beyond the last; without it the interval is [0, low)
 * @param endpoint - whether `high` belongs to it
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function integersBetween(
  dtype: Dtype,
  low: Integer,
  high: Integer | undefined,
  endpoint: boolean,
): readonly [first: bigint, count: bigint] {
  const first = high === undefined ? 0n : asBigInt(low, 'low');
  const end = high === undefined ? asBigInt(low, 'low') : asBigInt(high, 'high');
  const last = endpoint ? end : end - 1n;
  const argument = high === undefined ? 'low' : 'high';
  const { min, max } = iinfo(dtype);
  if (first < BigInt(min)) {
    throw new ArgumentRangeError('low', `an integer ≥ ${min}, as ${dtype} has`, low);
  }
  if (last > BigInt(max)) {
    throw new ArgumentRangeError(argument, `integers ≤ ${max}, as ${dtype} has`, high ?? low);
  }
  if (last < first) {
    throw new ArgumentRangeError(argument, `an integer above ${first}`, high ?? low);
  }
  return [BigInt.asUintN(64, first), BigInt.asUintN(64, last - first + 1n)];
}

function asBigInt(value: unknown, argument: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'an integer', value);
  if (!Number.isSafeInteger(value)) {
    throw new ArgumentRangeError(argument, 'a safe integer or a bigint', value);
  }
  return BigInt(value);
}
