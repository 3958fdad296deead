/** Checks of what distributions are told. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { iinfo } from '../../dtype/limits.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';

/** An integer: a number or a bigint. */
export type Integer = number | bigint;

/** The methods of a stream that fill arrays. */
export type RandomMethod =
  | 'uniform'
  | 'normal'
  | 'lognormal'
  | 'exponential'
  | 'gamma'
  | 'beta'
  | 'poisson'
  | 'integers'
  | 'permutation';

/** What is known of an array that is filled. */
export interface Drawn {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
}

/** What a method is told beside the array. */
export type RandomParameterList = readonly (number | bigint | boolean | undefined)[];
type Check = (drawn: Drawn, parameters: RandomParameterList) => void;

const FLOATS: readonly Dtype[] = ['float32', 'float64'];
const INTEGERS = (Object.keys(DTYPES) as Dtype[]).filter((dtype) =>
  ['int', 'uint'].includes(DTYPES[dtype].kind),
);

/** Parameters that are left out are right. */
const given = (value: unknown, check: () => void) => {
  if (value !== undefined) check();
};

const ofFloats =
  (check: (...parameters: RandomParameterList) => void): Check =>
  ({ dtype }, parameters) => {
    check(...parameters);
    checkDtype(dtype, FLOATS);
  };

const finite = (argument: string, value: unknown) =>
  given(value, () => checkFinite(argument, value));
const positive = (argument: string, value: unknown, orZero = true) =>
  given(value, () => checkPositive(argument, value, orZero));

const CHECKS: Readonly<Record<RandomMethod, Check>> = {
  uniform: ofFloats((low = 0, high = 1) => {
    checkFinite('low', low);
    checkFinite('high', high);
    if (high < low) throw new ArgumentRangeError('high', `a number ≥ ${low}`, high);
    checkFinite('high - low', (high as number) - (low as number));
  }),
  normal: ofFloats((loc, scale) => {
    finite('loc', loc);
    positive('scale', scale);
  }),
  lognormal: ofFloats((mean, sigma) => {
    finite('mean', mean);
    positive('sigma', sigma);
  }),
  exponential: ofFloats((scale) => positive('scale', scale)),
  gamma: ofFloats((shape, scale) => {
    checkPositive('shape', shape, true);
    positive('scale', scale);
  }),
  beta: ofFloats((a, b) => {
    checkPositive('a', a, false);
    checkPositive('b', b, false);
  }),
  poisson: ({ dtype }, [mean = 1]) => {
    checkPositive('mean', mean, true);
    checkDtype(dtype, INTEGERS);
    const number = mean as number;
    // Ten standard deviations beyond the mean nothing ever comes.
    if (number + 10 * Math.sqrt(number) + 20 > Number(iinfo(dtype).max)) {
      throw new ArgumentRangeError('mean', `a mean whose variates ${dtype} has`, mean);
    }
  },
  integers: ({ dtype }, [low, high, endpoint = false]) => {
    checkDtype(dtype, INTEGERS);
    integersBetween(dtype, low as Integer, high as Integer | undefined, endpoint as boolean);
  },
  permutation: ({ dtype, shape }) => {
    checkDtype(dtype, INTEGERS);
    if (shape.length !== 1) throw new ArgumentRangeError('array', 'one dimension', shape.length);
    const { max } = iinfo(dtype);
    if (BigInt(shape[0]) - 1n > BigInt(max)) {
      throw new ArgumentRangeError('array', `at most ${BigInt(max) + 1n} elements`, shape[0]);
    }
  },
};

/**
 * Checks what a method is told, and that the array is one that it can fill.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkDraw(
  method: RandomMethod,
  drawn: Drawn,
  parameters: RandomParameterList,
): void {
  CHECKS[method](drawn, parameters);
}

function checkDtype(dtype: Dtype, dtypes: readonly Dtype[]): void {
  if (dtypes.includes(dtype)) return;
  const expected = dtypes === INTEGERS ? 'an integer dtype' : `dtype ${dtypes.join(' or ')}`;
  throw new ArgumentTypeError('array', expected, dtype);
}

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
