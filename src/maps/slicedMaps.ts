/** A slice of all dimensions at once: the maps of the result, and the owners. */

import type { DimensionMap } from './dimensionMap.ts';
import type { ResolvedItem } from './resolveSlice.ts';
import { sliceMap } from './sliceMap.ts';
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

function ownersOfRange(
  map: DimensionMap,
  range: { readonly start: number; readonly step: number; readonly count: number },
): readonly number[] {
  if (range.count === 0) return [];
  const all = Array.from({ length: map.gridSize }, (_, gridRank) => gridRank);
  if (map.dist === 'u') return all;
  const view = sliceMap(map, range);
  return all.filter((gridRank) => view.localSize(gridRank) > 0);
}
