/** Orders of axes. */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { positiveIndex } from './sliceRange.ts';

/**
 * Returns the axes of a transpose without negative ones: those given, or all in reverse order
 * (`numpy.transpose`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless every axis is named once
 */
export function permutationOf(
  axes: readonly number[] | null | undefined,
  ndim: number,
  argument = 'axes',
): readonly number[] {
  if (axes === undefined || axes === null) {
    return Array.from({ length: ndim }, (_, axis) => ndim - 1 - axis);
  }
  if (!Array.isArray(axes)) {
    throw new ArgumentTypeError(argument, `an array of the ${ndim} axes`, axes);
  }
  const positive = axes.map((axis, i) => positiveIndex(axis, ndim, argument, i));
  if (positive.length !== ndim || new Set(positive).size !== ndim) {
    throw new ArgumentRangeError(argument, `each of the ${ndim} axes once`, axes);
  }
  return positive;
}
