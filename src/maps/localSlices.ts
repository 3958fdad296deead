/** Ranges of global indices as local ones, and the other way round. */

import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { type LocalSelection, listed, simplified, stridedSelection } from './localSelection.ts';
import { gcd } from './numberTheory.ts';
import { affineOf, sliceMap } from './sliceMap.ts';
import { resolveRange, type SliceRange } from './sliceRange.ts';

/**
 * Returns which local indices of `gridRank` a range of global indices names, in the order of the
 * range (DistArray 0.5 `local_from_global_slice`, here for every map and step); of an unstructured
 * map in local order.
 *
 * @param range - clipped as NumPy clips; negative ends count from the end
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function localFromGlobalSlice(
  map: DimensionMap,
  gridRank: number,
  range: SliceRange | null,
): LocalSelection {
  const { start, step, count } = resolveRange(range, map.size, 'range');
  const part = sliceMap(map, { start, step, count });
  if (map.base === map) return part.localSelection(gridRank);
  const inside = affineOf(part);
  const outside = affineOf(map);
  const places = Array.from(part.globalIndices(gridRank), (index) => {
    const baseIndex = inside.start + index * inside.step;
    return map.localFromGlobal((baseIndex - outside.start) / outside.step, gridRank);
  });
  return listed(places);
}

/**
 * Returns the global indices of a range of local indices of `gridRank`, in its order (DistArray
 * 0.5 `global_from_local_slice`, here for every map and step), in the form of a selection.
 *
 * @param range - clipped as NumPy clips; negative ends count from the end
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function globalFromLocalSlice(
  map: DimensionMap,
  gridRank: number,
  range: SliceRange | null,
): LocalSelection {
  const { start, step, count } = resolveRange(range, map.localSize(gridRank), 'range');
  const globalAt = (i: number) => map.globalFromLocal(gridRank, start + i * step);
  if (map.base === map && map.dist !== 'u') {
    if (count < 2) return stridedSelection(count === 1 ? globalAt(0) : 0, 1, count);
    const blockSize = map instanceof CyclicMap && map.gridSize > 1 ? map.blockSize : 0;
    if (blockSize === 0) return stridedSelection(globalAt(0), step, count);
    // Blocks repeat after `length` of the range's indices.
    const length = blockSize / gcd(step, blockSize);
    const rounds = (length * step) / blockSize;
    const advance = rounds * map.gridSize * blockSize;
    const runs = Array.from({ length: Math.min(length, count) }, (_, i) => ({
      start: globalAt(i),
      step: 1,
      count: 1,
    }));
    return simplified({ kind: 'periodic', runs, advance, count });
  }
  return listed(Array.from({ length: count }, (_, i) => globalAt(i)));
}
