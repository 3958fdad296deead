/** Shapes of arrays: their check and their number of elements. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';

/**
 * Returns a frozen copy of `shape`, once it is known to be one.
 *
 * @param argument - the name that an error calls the shape by
 * @throws {@link ArgumentTypeError} unless it is an array of numbers
 * @throws {@link ArgumentRangeError} unless they are non-negative integers whose product is
 * below 2^53
 */
export function checkShape(shape: unknown, argument = 'shape'): readonly number[] {
  if (!Array.isArray(shape)) {
    throw new ArgumentTypeError(argument, 'an array of non-negative integers', shape);
  }
  const copy: number[] = Array.from(shape);
  copy.forEach((extent, axis) => {
    checkInteger(`${argument}[${axis}]`, extent, 0);
  });
  if (sizeOfShape(copy) > Number.MAX_SAFE_INTEGER) {
    throw new ArgumentRangeError(argument, 'fewer than 2^53 elements', shape);
  }
  return Object.freeze(copy);
}

/** Returns a shape as NumPy writes it: `(2, 3)`, `(4,)`, `()`. */
export function showShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** Returns the number of elements of an array of this shape; 1 for a 0-d array. */
export function sizeOfShape(shape: readonly number[]): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((product, extent) => product * extent, 1);
}
