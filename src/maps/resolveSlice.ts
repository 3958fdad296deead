/** What a slice means for an array of a known shape. */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { positiveIndex, resolveRange } from './sliceRange.ts';
import { ellipsis, newaxis, parseSlice, type SliceSpec, showSlice } from './sliceSpec.ts';

/** What one entry of a slice means for an array of a known shape. */
export type ResolvedItem =
  | { readonly kind: 'index'; readonly axis: number; readonly index: number }
  | {
      readonly kind: 'range';
      readonly axis: number;
      readonly start: number;
      readonly step: number;
      readonly count: number;
    }
  | { readonly kind: 'newaxis' };

/**
 * Returns what a slice means for an array of this shape, entry by entry: ranges clipped and
 * negative indices resolved as NumPy does, dimensions without an entry as full ranges.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function resolveSlice(
  spec: SliceSpec,
  shape: readonly number[],
  argument = 'slice',
): readonly ResolvedItem[] {
  const items = typeof spec === 'string' ? parseSlice(spec, argument) : spec;
  if (!Array.isArray(items)) {
    throw new ArgumentTypeError(argument, 'a string or an array of indices and ranges', spec);
  }
  const used = items.filter((item) => item !== newaxis && item !== ellipsis).length;
  if (used > shape.length) {
    const expected = `at most ${shape.length} indices, one a dimension`;
    throw new ArgumentRangeError(argument, expected, showSlice(items));
  }
  const resolved: ResolvedItem[] = [];
  let axis = 0;
  const addFull = (until: number) => {
    for (; axis < until; axis++) {
      resolved.push({ kind: 'range', axis, start: 0, step: 1, count: shape[axis] });
    }
  };
  let seenEllipsis = false;
  for (const [i, item] of items.entries()) {
    const name = `${argument}[${i}]`;
    if (item === newaxis) {
      resolved.push({ kind: 'newaxis' });
    } else if (item === ellipsis) {
      if (seenEllipsis) {
        throw new ArgumentRangeError(argument, "one '...' at most", showSlice(items));
      }
      seenEllipsis = true;
      addFull(axis + shape.length - used);
    } else if (typeof item === 'number') {
      const index = positiveIndex(item, shape[axis], name);
      resolved.push({ kind: 'index', axis, index });
      axis++;
    } else {
      const range = resolveRange(item, shape[axis], name);
      resolved.push({ kind: 'range', axis, ...range });
      axis++;
    }
  }
  addFull(shape.length);
  return resolved;
}
