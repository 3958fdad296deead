/** Who owns the indices of a list, and where: whole lists at a time, by the arithmetic of each kind of map. */
import { addBlockOwners } from '../../kernels/owners.ts';
import { BlockMap, lastNotAbove } from '../../maps/blockMap.ts';
import { CyclicMap } from '../../maps/cyclicMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { SlicedBlockMap } from '../../maps/slicedBlockMap.ts';
import { affineOf } from '../../maps/sliceMap.ts';

/**
 * Calls back for each axis with the indices along it that flat indices over all of them stand for; the last axis
 * comes first.
 *
 * @param visit - is not to keep or change the list
 */
export function unravel(
  flat: Float64Array,
  extents: readonly number[],
  visit: (axis: number, indices: Float64Array) => void,
): void {
  if (extents.length === 0) return;
  const last = extents.length - 1;
  const rest = last === 0 ? flat : flat.slice();
  const indices = new Float64Array(last === 0 ? 0 : flat.length);
  for (let axis = last; axis > 0; axis--) {
    const extent = extents[axis];
    for (let k = 0; k < rest.length; k++) {
      const quotient = Math.floor(rest[k] / extent);
      indices[k] = rest[k] - quotient * extent;
      rest[k] = quotient;
    }
    visit(axis, indices);
  }
  visit(0, rest);
}

/**
 * Adds `stride` times the grid rank of each index's owner to `ranks`. The indices exist.
 *
 * @param map - no unstructured one
 */
export function addOwners(
  map: DimensionMap,
  indices: Float64Array,
  stride: number,
  ranks: Int32Array,
): void {
  const { base, gridSize } = map;
  if (gridSize === 1) return;
  const { start, step } = affineOf(map);
  if (base instanceof CyclicMap) {
    const owners = { start, step, block: base.blockSize, grid: gridSize };
    addBlockOwners(owners, indices, stride, ranks);
  } else if (base instanceof BlockMap && base.isEven) {
    const owners = { start, step, block: base.localSize(0), grid: 0 };
    addBlockOwners(owners, indices, stride, ranks);
  } else if (base instanceof BlockMap) {
    const bounds = Float64Array.from(base.bounds);
    for (let k = 0; k < ranks.length; k++) {
      ranks[k] += stride * lastNotAbove(bounds, start + step * indices[k]);
    }
  } else {
    for (let k = 0; k < ranks.length; k++) ranks[k] += stride * map.owner(indices[k]);
  }
}

/**
 * Returns the grid ranks of the owners of indices of an unstructured map that is known as a whole: the lowest; −1
 * where nobody lists an index.
 */
export function listedOwners(map: DimensionMap, indices: Float64Array): Int32Array {
  const owners = new Int32Array(indices.length).fill(-1);
  for (let k = 0; k < owners.length; k++) {
    for (let rank = 0; rank < map.gridSize; rank++) {
      if (!map.owns(rank, indices[k])) continue;
      owners[k] = rank;
      break;
    }
  }
  return owners;
}

/** Returns the first index of a grid rank whose part is one block; null where parts are none. */
export function firstOfBlock(map: DimensionMap, gridRank: number): number | null {
  if (map.dist !== 'u' && map.gridSize === 1) return 0;
  if (map instanceof BlockMap) return map.start(gridRank);
  return map instanceof SlicedBlockMap ? map.range(gridRank)[0] : null;
}

/** Writes to `positions` where the owner of indices, `gridRank`, keeps each in its local part. */
export function localPositions(
  map: DimensionMap,
  gridRank: number,
  indices: Float64Array,
  positions: Float64Array,
): void {
  const first = firstOfBlock(map, gridRank);
  if (first !== null) {
    for (let k = 0; k < indices.length; k++) positions[k] = indices[k] - first;
  } else if (map instanceof CyclicMap) {
    const { blockSize, gridSize } = map;
    for (let k = 0; k < indices.length; k++) {
      const round = Math.floor(indices[k] / (blockSize * gridSize));
      positions[k] = round * blockSize + (indices[k] % blockSize);
    }
  } else {
    for (let k = 0; k < indices.length; k++) {
      positions[k] = map.localFromGlobal(indices[k], gridRank);
    }
  }
}
