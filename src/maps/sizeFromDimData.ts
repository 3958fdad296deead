/** What a dimension dictionary says about its process: how many indices, and which range. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { RankDimData } from './dimDataPerRank.ts';

/**
 * Returns how many elements along this dimension the process of a dictionary has in its buffer,
 * communication padding included (DistArray 0.5 `size_from_dim_data`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function sizeFromDimData(dimData: RankDimData): number {
  const { dist_type: kind, size, indices, start = 0, stop = size } = distributeIndices(dimData);
  switch (kind) {
    case 'n':
      return size;
    case 'b':
      return stop - start;
    case 'c': {
      const { proc_grid_size = 1, proc_grid_rank = 0, block_size = 1 } = dimData;
      return new CyclicMap(size, proc_grid_size, { blockSize: block_size }).localSize(
        proc_grid_rank,
      );
    }
    case 'u':
      if (indices === undefined) throw new ArgumentTypeError('dimData.indices', 'indices', indices);
      return indices.length;
  }
}

/**
 * Returns the dictionary with `start`, and of a block dimension `stop`, filled in where both are
 * not given: by the even rule, or where the first block of a cyclic dimension begins (DistArray
 * 0.5 `distribute_indices`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function distributeIndices(dimData: RankDimData): RankDimData {
  if (typeof dimData !== 'object' || dimData === null) {
    throw new ArgumentTypeError('dimData', 'a dimension dictionary', dimData);
  }
  const { dist_type: kind, size, start, stop, block_size = 1 } = dimData;
  checkInteger('dimData.size', size, 0);
  const { proc_grid_size: gridSize = 1, proc_grid_rank: gridRank = 0 } = dimData;
  switch (kind) {
    case 'n':
    case 'u':
      return dimData;
    case 'b': {
      if (start !== undefined && stop !== undefined) return dimData;
      const map = BlockMap.even(size, gridSize);
      return { ...dimData, start: map.start(gridRank), stop: map.stop(gridRank) };
    }
    case 'c':
      return start === undefined ? { ...dimData, start: gridRank * block_size } : dimData;
    default:
      throw new ArgumentRangeError('dimData.dist_type', "'b', 'c', 'u' or 'n'", kind);
  }
}
