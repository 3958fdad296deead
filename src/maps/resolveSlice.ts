/** What a slice means for an array of a known shape. */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { positiveIndex, resolveRange } from './sliceRange.ts';
import {
  ellipsis,
  newaxis,
  parseSlice,
  type SliceItem,
  type SliceSpec,
  showSlice,
} from './sliceSpec.ts';

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
  const resolved: ResolvedItem[] = [];
  let axis = 0;
  for (const [i, item] of expandItems(items, shape.length, argument).entries()) {
    if (item === newaxis) {
      resolved.push({ kind: 'newaxis' });
    } else if (typeof item === 'number') {
      const index = positiveIndex(item, shape[axis], argument, i);
      resolved.push({ kind: 'index', axis, index });
      axis++;
    } else {
      const range = resolveRange(item, shape[axis], `${argument}[${i}]`);
      resolved.push({ kind: 'range', axis, ...range });
      axis++;
    }
  }
  return resolved;
}

/** An entry of a slice once `'...'` has been written out. */
export type ExpandedItem = Exclude<SliceItem, typeof ellipsis>;

/**
 * Returns the entries of a slice with one for each dimension: `null` (all) for those that `'...'`
 * stands for, or that are missing at the end.
 *
 * @throws {@link ArgumentRangeError} for too many entries or a second `'...'`
 */
export function expandItems(
  items: readonly SliceItem[],
  ndim: number,
  argument: string,
): readonly ExpandedItem[] {
  const used = items.filter((item) => item !== newaxis && item !== ellipsis).length;
  if (used > ndim) {
    const expected = `at most ${ndim} indices, one a dimension`;
    throw new ArgumentRangeError(argument, expected, showSlice(items));
  }
  const full = new Array<null>(ndim - used).fill(null);
  const expanded = items.flatMap((item): readonly ExpandedItem[] =>
    item === ellipsis ? full : [item],
  );
  const ellipses = items.filter((item) => item === ellipsis).length;
  if (ellipses > 1) throw new ArgumentRangeError(argument, "one '...' at most", showSlice(items));
  return ellipses === 1 ? expanded : [...expanded, ...full];
}
