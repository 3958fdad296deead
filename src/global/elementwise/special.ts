/** Elementwise functions that take more than operands. @remarks All are collective. */
import type { Dtype } from '../../dtype/dtype.ts';
import { isScalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError, checkInteger } from '../../errors.ts';
import { roundDecimalsOperation } from '../../ops/elementwise/roundDecimals.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { DistArray } from '../distArray.ts';
import { binary, ternary, unary } from './call.ts';
import { type ArrayOperand, ELEMENTWISE_OPTIONS, type ElementwiseOptions } from './options.ts';
import type { ResultBy } from './resultTypes.ts';

/** Options of {@link round}. */
export interface RoundOptions<R extends Dtype = Dtype> extends ElementwiseOptions<R> {
  /** Places after the point, or before it where negative. Default 0. */
  readonly decimals?: number;
}

const ROUND_OPTIONS = optionNames<RoundOptions>({ ...ELEMENTWISE_OPTIONS, decimals: true });

const roundToWhole = unary<'number'>('round');

/**
 * Returns the elements rounded to decimals, halves to even (`numpy.round`).
 *
 * @param options - or `decimals` alone. Of the other options only `out` goes with decimals.
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError}
 */
export function round<D extends Dtype, R extends Dtype = ResultBy<'number', D>>(
  x: DistArray<D>,
  options: number | RoundOptions<R> = {},
): DistArray<R> {
  if (typeof options !== 'number')
    checkOptions(options, ROUND_OPTIONS, '{ decimals }, or decimals,');
  const { decimals = 0, ...rest }: RoundOptions<R> =
    typeof options === 'number' ? { decimals: options } : options;
  checkInteger('decimals', decimals);
  if (decimals === 0) {
    const isPlain = Object.values(rest).every((option) => option === undefined);
    return roundToWhole(x, isPlain ? undefined : rest);
  }
  if (!(x instanceof DistArray)) throw new ArgumentTypeError('operand of round', 'a DistArray', x);
  const { out, where, dtype } = rest;
  if (where !== undefined || dtype !== undefined) {
    const argument = where === undefined ? 'options.dtype' : 'options.where';
    throw new ArgumentTypeError(argument, 'undefined beside decimals', where ?? dtype);
  }
  const { context, handle } = x;
  const params = { decimals };
  const result = context.session.execute(roundDecimalsOperation, [handle], params);
  const rounded = new DistArray<R>(context, result);
  return out === undefined ? rounded : out.assign(rounded);
}

/** A bound of {@link clip}; none for null. */
export type Bound = ArrayOperand | null;

const between = ternary('clip');
const larger = binary<'any'>('maximum');
const smaller = binary<'any'>('minimum');
const same = unary<'number'>('positive');

/**
 * Returns x within [low, high]: min(max(x, low), high) (`numpy.clip`); without a bound where that is null or left out.
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError}
 */
export function clip<R extends Dtype = Dtype>(
  x: ArrayOperand,
  low?: Bound,
  high?: Bound,
  options?: ElementwiseOptions<R>,
): DistArray<R> {
  const [from, to] = [low ?? null, high ?? null];
  for (const [argument, operand] of [
    ['x', x],
    ['low', from],
    ['high', to],
  ] as const) {
    if (operand === null || operand instanceof DistArray || isScalar(operand)) continue;
    const expected = argument === 'x' ? 'a DistArray' : 'a DistArray, a number or null';
    throw new ArgumentTypeError(`${argument} of clip`, expected, operand);
  }
  if (from !== null && to !== null) return between(x, from, to, options);
  if (from !== null) return larger(x, from, options);
  return to !== null ? smaller(x, to, options) : same(x, options);
}
