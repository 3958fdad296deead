/** A slice of all dimensions at once: the maps of the result, and the owners. */

import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { ceilDiv, gcd, mod } from './numberTheory.ts';
import type { ResolvedItem } from './resolveSlice.ts';
import { isContiguous } from './slicedBlockMap.ts';
import type { AffineSlice } from './slicedMap.ts';
import { affineOf, sliceMap } from './sliceMap.ts';
import { UndistributedMap } from './undistributedMap.ts';

/** Returns the maps of a slice, and per axis of the base the grid coordinate of an index. */
export function sliceOfMaps(
  maps: readonly DimensionMap[],
  items: readonly ResolvedItem[],
): { readonly maps: readonly DimensionMap[]; readonly coords: readonly (number | null)[] } {
  const coords = new Array<number | null>(maps.length).fill(null);
  const result: DimensionMap[] = [];
  for (const item of items) {
    if (item.kind === 'newaxis') result.push(new UndistributedMap(1));
    else if (item.kind === 'index') coords[item.axis] = maps[item.axis].owner(item.index);
    else result.push(sliceMap(maps[item.axis], item));
  }
  return { maps: result, coords };
}

/** Returns the ranks that own, or where a map cannot tell may own, elements of a slice. */
export function ownersOfSlice(
  maps: readonly DimensionMap[],
  items: readonly ResolvedItem[],
): number[] {
  let ranks = [0];
  for (const item of items) {
    if (item.kind === 'newaxis') continue;
    const map = maps[item.axis];
    const owners = item.kind === 'index' ? map.owners(item.index) : ownersOfRange(map, item);
    ranks = ranks.flatMap((rank) => owners.map((owner) => rank * map.gridSize + owner));
  }
  return ranks;
}

function ownersOfRange(map: DimensionMap, range: AffineSlice): readonly number[] {
  if (range.count === 0) return [];
  if (map.dist === 'u') return [...Array(map.gridSize).keys()];
  const view = sliceMap(map, range);
  if (isContiguous(view.base)) return ownersOfBlocks(view);
  const { base } = view;
  return base instanceof CyclicMap ? ownersOfTurns(base, affineOf(view)) : ownersByAsking(view);
}

/** From one part to the next that holds something: as many steps as there are owners. */
function ownersOfBlocks(view: DimensionMap): readonly number[] {
  const owners: number[] = [];
  for (let index = 0; index < view.size; ) {
    const owner = view.owner(index);
    owners.push(owner);
    index += view.localSize(owner);
  }
  return owners[0] > owners[owners.length - 1] ? owners.reverse() : owners;
}

/** From block to block of a cyclic map, until every process or every kind of place was met. */
function ownersOfTurns(base: CyclicMap, slice: AffineSlice): readonly number[] {
  const { start, step, count } = slice;
  const { blockSize, gridSize } = base;
  const round = blockSize * gridSize;
  const end = Math.min(count, round / gcd(step, round));
  // Steps within blocks meet the processes in turn; longer ones may meet a few again and again.
  const stride = Math.abs(step);
  if (stride > blockSize && end > gridSize) return ownersByAsking(sliceMap(base, slice));
  const owners = new Set<number>();
  for (let index = 0; index < end && owners.size < gridSize; ) {
    const place = start + index * step;
    owners.add(base.owner(place));
    const offset = mod(place, blockSize);
    const left = step > 0 ? blockSize - offset : offset + 1;
    index += ceilDiv(left, stride);
  }
  return [...owners].sort((a, b) => a - b);
}

function ownersByAsking(view: DimensionMap): readonly number[] {
  const owners: number[] = [];
  for (let gridRank = 0; gridRank < view.gridSize; gridRank++) {
    if (view.localSize(gridRank) > 0) owners.push(gridRank);
  }
  return owners;
}
