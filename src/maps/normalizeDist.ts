/** The letters that say how each dimension is distributed, and the ways to write them. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';

/**
 * Kind of distribution of one dimension: block, cyclic (also block-cyclic), unstructured, not
 * distributed.
 */
export type DistLetter = 'b' | 'c' | 'u' | 'n';

/**
 * How the dimensions are distributed: `'bn'` or `['b', 'n']` by position, or `{ 0: 'b' }` by
 * axis number. What is left out is `'n'`.
 */
export type DistSpec = string | readonly DistLetter[] | { readonly [axis: number]: DistLetter };

const ACCEPTED = "a string such as 'bn', an array of letters, or an object of letters by axis";

/**
 * Returns one letter a dimension: what is left out is `'n'`, without a `dist` the first
 * dimension is `'b'`.
 *
 * @remarks Axes of an object that the array does not have are ignored, as in DistArray 0.5
 * (`normalize_dist`).
 * @param argument - the name that an error calls `dist` by
 * @throws {@link ArgumentTypeError} for something that is none of the forms
 * @throws {@link ArgumentRangeError} for an unknown letter or more letters than dimensions
 */
export function normalizeDist(
  dist: DistSpec | undefined,
  ndim: number,
  argument = 'dist',
): readonly DistLetter[] {
  checkInteger('ndim', ndim, 0);
  const letters: DistLetter[] = new Array(ndim).fill('n');
  if (dist === undefined) {
    if (ndim > 0) letters[0] = 'b';
    return letters;
  }
  const entries = entriesByAxis(dist, argument);
  for (const [, letter, name] of entries) checkLetter(letter, name);
  if (isSequence(dist) && entries.length > ndim) {
    throw new ArgumentRangeError(argument, `at most ${ndim} letters, one a dimension`, dist);
  }
  for (const [axis, letter] of entries) {
    if (axis >= 0 && axis < ndim) letters[axis] = letter as DistLetter;
  }
  return letters;
}

type Entry = readonly [axis: number, letter: unknown, name: string];

function isSequence(dist: unknown): dist is string | readonly unknown[] {
  return typeof dist === 'string' || Array.isArray(dist);
}

function entriesByAxis(dist: unknown, argument: string): Entry[] {
  if (isSequence(dist)) {
    return Array.from(dist, (letter, axis) => [axis, letter, `${argument}[${axis}]`] as const);
  }
  if (typeof dist !== 'object' || dist === null) {
    throw new ArgumentTypeError(argument, ACCEPTED, dist);
  }
  return Object.entries(dist).map(([key, letter]) => {
    if (!/^-?\d+$/.test(key)) throw new ArgumentRangeError(argument, 'axis numbers as keys', key);
    return [Number(key), letter, `${argument}[${key}]`] as const;
  });
}

function checkLetter(value: unknown, argument: string): asserts value is DistLetter {
  const expected = "'b', 'c', 'u' or 'n'";
  if (typeof value !== 'string') throw new ArgumentTypeError(argument, expected, value);
  if (value !== 'b' && value !== 'c' && value !== 'u' && value !== 'n') {
    throw new ArgumentRangeError(argument, expected, value);
  }
}
