/** Slices of blocks as windows: which indices of the base a part of another array needs. */
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { isContiguous, SlicedBlockMap } from '../../maps/slicedBlockMap.ts';
import { affineOf } from '../../maps/sliceMap.ts';

/** Indices of a base that a grid coordinate needs: `count` of them, `step` apart, from `first` on. */
export interface Span {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Returns whether slices of a base are windows on it under `to`: along each axis, in the same order, each coordinate
 * of the grid needs one strided run of a base in blocks. Pure.
 */
export function areWindows(from: Distribution, base: Distribution, to: Distribution): boolean {
  const { ndim } = base;
  if (from.ndim !== ndim || to.ndim !== ndim || to.isReplicated || from.isReplicated) return false;
  if (to.targetsKey !== base.targetsKey || from.targetsKey !== base.targetsKey) return false;
  // Axes are told apart by their maps.
  if (new Set(base.maps).size < ndim) return false;
  return base.maps.every((own, axis) => {
    const [map, needed] = [from.maps[axis], to.maps[axis]];
    if (map.base !== own || map.size !== needed.size || map.gridSize !== needed.gridSize)
      return false;
    return isContiguous(own) && isBlocks(needed);
  });
}

/** The indices of the base, first and last and in order, that a grid coordinate needs; null for none. */
export function spanOf(map: DimensionMap, needed: DimensionMap, coord: number): Span | null {
  const [begin, end] = rangeOf(needed, coord);
  if (begin === end) return null;
  const { start, step } = affineOf(map);
  const [first, last] = [start + begin * step, start + (end - 1) * step];
  return {
    first,
    step,
    count: end - begin,
    low: Math.min(first, last),
    high: Math.max(first, last),
  };
}

/** Whether each part of a map is one block in ascending order. */
function isBlocks(map: DimensionMap): boolean {
  return map instanceof SlicedBlockMap || isContiguous(map);
}

export function rangeOf(map: DimensionMap, coord: number): readonly [begin: number, end: number] {
  return map instanceof SlicedBlockMap ? map.range(coord) : ownedBy(map, coord);
}

export function ownedBy(map: DimensionMap, coord: number): readonly [start: number, stop: number] {
  return map instanceof BlockMap ? [map.start(coord), map.stop(coord)] : [0, map.size];
}
