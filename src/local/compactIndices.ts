/** The indices that dimension dictionaries stand for, as short as can be. */
import type { DimData } from '../maps/dimData.ts';
import type { SliceRange } from '../maps/sliceRange.ts';

/** Indices along one dimension: a range, or a list where they make none. */
export type CompactIndices = SliceRange | Int32Array | Float64Array;

/**
 * Returns for each dimension the global indices that a process holds, as a range where they are one, otherwise
 * as a list (DistArray 0.5 `compact_indices`); what a slice of the whole array takes.
 *
 * @param dimData - of one process, as `LocalArray.dimData`; communication padding counts, as in `start`
 * and `stop`
 */
export function compactIndices(dimData: readonly DimData[]): CompactIndices[] {
  return dimData.map(compact);
}

function compact(dict: DimData): CompactIndices {
  switch (dict.dist_type) {
    case 'n':
      return { start: 0, stop: dict.size };
    case 'b':
      return { start: dict.start, stop: dict.stop };
    case 'u':
      return dict.indices instanceof Int32Array
        ? dict.indices
        : Float64Array.from(dict.indices, Number);
    case 'c': {
      const { start, block_size: blockSize, proc_grid_size: gridSize, size } = dict;
      if (blockSize === 1) return { start, stop: null, step: gridSize };
      const indices: number[] = [];
      for (let block = start; block < size; block += blockSize * gridSize) {
        for (let i = block; i < Math.min(block + blockSize, size); i++) indices.push(i);
      }
      return size <= 2 ** 31 ? Int32Array.from(indices) : Float64Array.from(indices);
    }
  }
}
