/** How arrays are distributed that are made of others of another shape. */
import { BlockMap } from '../../maps/blockMap.ts';
import { CyclicMap } from '../../maps/cyclicMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';

/**
 * Returns the distribution of an array of another shape that lies like the one given, on the same process grid:
 * dimensions of the same extent keep their maps; those of another one get even blocks, or are cyclic with the
 * same block size, or are not distributed, as they were. Pure.
 *
 * @param shape - with as many dimensions
 */
export function likeDistribution(like: Distribution, shape: readonly number[]): Distribution {
  if (shape.every((extent, axis) => extent === like.shape[axis])) return like;
  return like.withMaps(like.maps.map((map, axis) => mapLike(map, shape[axis])));
}

function mapLike(map: DimensionMap, extent: number): DimensionMap {
  if (map.size === extent) return map;
  const { base, gridSize } = map;
  if (gridSize === 1) return new UndistributedMap(extent);
  if (!(base instanceof CyclicMap)) return BlockMap.even(extent, gridSize);
  return new CyclicMap(extent, gridSize, { blockSize: base.blockSize });
}
