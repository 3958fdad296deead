/** Arrays whose sums count every index once. */
import type { LocalArray } from '../../local/localArray.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import type { OperationEnvironment } from '../operation.ts';
import { redistribute } from '../redistribute/redistribute.ts';

/**
 * Returns an array, brought into blocks along those of the axes whose indices several processes may have: sums over
 * these would count them several times.
 *
 * @remarks Collective where such an axis is among them.
 */
export function countingOnce(
  array: LocalArray,
  axes: readonly number[],
  { traffic }: OperationEnvironment,
): LocalArray {
  const distribution = onceOnly(array.distribution, axes);
  return distribution === array.distribution
    ? array
    : redistribute(array, distribution, { traffic });
}

/** The distribution that {@link countingOnce} brings an array to; its own when nothing has to move. Pure. */
export function onceOnly(distribution: Distribution, axes: readonly number[]): Distribution {
  if (!axes.some((axis) => isRepeated(distribution.maps[axis]))) return distribution;
  const maps = distribution.maps.map((map, axis) =>
    axes.includes(axis) && isRepeated(map) ? BlockMap.even(map.size, map.gridSize) : map,
  );
  return distribution.withMaps(maps);
}

function isRepeated(map: DimensionMap): boolean {
  return map.dist === 'u' && !(map.base as UnstructuredMap).oneToOne;
}
