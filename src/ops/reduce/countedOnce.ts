/** Reductions count each element once, also where several processes have it. */
import type { LocalArray } from '../../local/localArray.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { hasCopies } from '../index/indexDistribution.ts';
import type { OperationEnvironment } from '../operation.ts';
import { isPartlyKnown } from '../redistribute/askedOverlaps.ts';
import { redistribute } from '../redistribute/redistribute.ts';

/**
 * Returns an array with even blocks along those axes where several processes may list an index, and the array
 * itself where there are none.
 *
 * @param axes - those that are gone along
 * @remarks Collective where an axis is brought into blocks.
 */
export function countedOnce(
  array: LocalArray,
  axes: readonly number[],
  { traffic }: OperationEnvironment,
): LocalArray {
  const { distribution } = array;
  const listed = axes.filter((axis) => repeats(distribution.maps[axis]));
  if (listed.length === 0) return array;
  const maps = distribution.maps.map((map, axis) =>
    listed.includes(axis) ? BlockMap.even(map.size, map.gridSize) : map,
  );
  return redistribute(array, distribution.withMaps(maps), { traffic });
}

const known = new WeakMap<DimensionMap, boolean>();

/** Whether an index may be on several processes; of a map that all know, whether one is. */
function repeats(map: DimensionMap): boolean {
  if (!hasCopies(map)) return false;
  if (isPartlyKnown(map)) return true;
  let found = known.get(map);
  if (found === undefined) {
    let held = 0;
    for (let coord = 0; coord < map.gridSize; coord++) held += map.localSize(coord);
    found = held > map.size;
    known.set(map, found);
  }
  return found;
}
