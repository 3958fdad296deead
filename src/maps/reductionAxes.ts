/** Axes of reductions. */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { positiveIndex } from './sliceRange.ts';

/** Axes to reduce over: one, several, or all when undefined or `null`. */
export type ReductionAxes = number | readonly number[] | null | undefined;

/**
 * Returns the axes without negative ones, each once, ascending (DistArray 0.5
 * `normalize_reduction_axes`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for an axis that does not exist
 * or is named twice
 */
export function normalizeReductionAxes(
  axes: ReductionAxes,
  ndim: number,
  argument = 'axes',
): readonly number[] {
  if (axes === undefined || axes === null) return Array.from({ length: ndim }, (_, axis) => axis);
  if (typeof axes === 'number') return [positiveIndex(axes, ndim, argument)];
  if (!Array.isArray(axes)) {
    throw new ArgumentTypeError(argument, 'an axis, an array of axes or undefined', axes);
  }
  const positive = axes.map((axis, i) => positiveIndex(axis, ndim, `${argument}[${i}]`));
  if (new Set(positive).size < positive.length) {
    throw new ArgumentRangeError(argument, 'every axis once', axes);
  }
  return positive.sort((a, b) => a - b);
}
