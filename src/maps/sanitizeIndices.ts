/** Indices as DistArray's methods take them, brought into one form. */

import { ArgumentTypeError } from '../errors.ts';
import { type ExpandedItem, expandItems } from './resolveSlice.ts';
import { positiveIndex, positivify, resolveRange, type SliceRange } from './sliceRange.ts';
import { ellipsis, newaxis, parseSlice, type SliceItem, type SliceSpec } from './sliceSpec.ts';

/** Whether indices name one element or a part of the array. */
export type IndexedKind = 'value' | 'view';

/**
 * Returns whether indices name an element (`'value'`) or a part, and one index or range for each
 * dimension (DistArray 0.5 `sanitize_indices`). `'...'` is expanded and short indices are filled
 * up once the number of dimensions is known, negative ones resolved once the shape is.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function sanitizeIndices(
  indices: SliceSpec | number | SliceRange,
  ndim?: number,
  shape?: readonly number[],
): readonly [kind: IndexedKind, indices: readonly (number | SliceRange | null)[]] {
  const items = itemsOf(indices);
  if (items.includes(newaxis)) {
    throw new ArgumentTypeError('indices', 'indices of existing dimensions', newaxis);
  }
  const dimensions = ndim ?? shape?.length ?? items.filter((item) => item !== ellipsis).length;
  const expanded = expandItems(items, dimensions, 'indices');
  const hasEllipsis = items.includes(ellipsis);
  const short = items.length < expanded.length;
  const entries = expanded.map((item, axis) => checked(item, shape?.[axis], axis));
  const all = entries.every((item) => typeof item === 'number');
  return [all && !hasEllipsis && !short ? 'value' : 'view', entries];
}

function itemsOf(indices: SliceSpec | number | SliceRange): readonly SliceItem[] {
  if (typeof indices === 'string') return parseSlice(indices, 'indices');
  if (Array.isArray(indices)) return indices;
  if (typeof indices === 'number' || (typeof indices === 'object' && indices !== null)) {
    return [indices as SliceItem];
  }
  throw new ArgumentTypeError('indices', 'an index, a range, or an array of them', indices);
}

function checked(
  item: ExpandedItem,
  extent: number | undefined,
  axis: number,
): number | SliceRange | null {
  const name = `indices[${axis}]`;
  if (item === null) return null;
  if (typeof item === 'number') {
    const most = Number.MAX_SAFE_INTEGER;
    const index = positiveIndex(item, extent ?? most, name);
    return extent === undefined ? item : index;
  }
  resolveRange(item as SliceRange, extent ?? 0, name);
  return extent === undefined ? (item as SliceRange) : positivify(item as SliceRange, extent);
}
