/** Indices as golden files write them, and as the API takes them. */

import type { SliceRange } from '../../../../src/maps/sliceRange.ts';
import { ellipsis, newaxis, type SliceItem } from '../../../../src/maps/sliceSpec.ts';
import type { GoldenIndex } from './golden.ts';

/** Returns a golden index, or a list of them, in our form: a full slice is `null`. */
export function itemOf(index: GoldenIndex): SliceItem | SliceItem[] {
  if (Array.isArray(index)) return index.map((item) => itemOf(item) as SliceItem);
  if (index === null) return newaxis;
  if (typeof index !== 'object') return index as SliceItem;
  if ('ellipsis' in index) return ellipsis;
  const [start, stop, step] = (index as { readonly slice: readonly (number | null)[] }).slice;
  return start === null && stop === null && step === null ? null : { start, stop, step };
}

/** Returns one of our indices or ranges in the golden form. */
export function goldenOfItem(item: number | SliceRange | null): unknown {
  if (typeof item === 'number') return item;
  return { slice: [item?.start ?? null, item?.stop ?? null, item?.step ?? null] };
}
