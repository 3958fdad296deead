/**
 * Global dimension dictionaries: one for each dimension, saying how all processes share it
 * (DistArray 0.5 `from_global_dim_data`).
 */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { UndistributedMap } from './undistributedMap.ts';

/** A block-distributed dimension: part r is `bounds[r]` ≤ index < `bounds[r + 1]`. */
export interface BlockGlobalDimData {
  readonly dist_type: 'b';
  readonly bounds: readonly number[];
}

/** A cyclic dimension, block-cyclic where `block_size` is above 1. */
export interface CyclicGlobalDimData {
  readonly dist_type: 'c';
  readonly size: number;
  readonly proc_grid_size: number;
  readonly block_size?: number;
}

/** A dimension that is not distributed. */
export interface UndistributedGlobalDimData {
  readonly dist_type: 'n';
  readonly size: number;
}

/** How all processes share one dimension. */
export type GlobalDimData = BlockGlobalDimData | CyclicGlobalDimData | UndistributedGlobalDimData;

/** The keys that each kind of dictionary may have. */
const KEYS = {
  b: ['dist_type', 'bounds'],
  c: ['dist_type', 'size', 'proc_grid_size', 'block_size'],
  n: ['dist_type', 'size'],
} as const;

/**
 * Returns the map that a global dimension dictionary describes.
 *
 * @param argument - the name that an error calls the dictionary by
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a missing, unknown or
 * wrong entry
 */
export function mapFromGlobalDimData(dimData: GlobalDimData, argument = 'dimData'): DimensionMap {
  checkKeys(dimData, argument);
  switch (dimData.dist_type) {
    case 'b':
      return BlockMap.fromBounds(dimData.bounds, `${argument}.bounds`);
    case 'c': {
      const { size, proc_grid_size: gridSize, block_size: blockSize = 1 } = dimData;
      checkInteger(`${argument}.size`, size, 0);
      checkInteger(`${argument}.proc_grid_size`, gridSize, 1);
      const largest = Math.floor(Number.MAX_SAFE_INTEGER / gridSize);
      checkInteger(`${argument}.block_size`, blockSize, 1, largest);
      return new CyclicMap(size, gridSize, { blockSize });
    }
    case 'n':
      checkInteger(`${argument}.size`, dimData.size, 0);
      return new UndistributedMap(dimData.size);
  }
}

function checkKeys(dimData: GlobalDimData, argument: string): void {
  if (typeof dimData !== 'object' || dimData === null) {
    throw new ArgumentTypeError(argument, 'a dimension dictionary', dimData);
  }
  const kind: unknown = dimData.dist_type;
  const expected = "'b', 'c' or 'n'";
  if (typeof kind !== 'string') {
    throw new ArgumentTypeError(`${argument}.dist_type`, expected, kind);
  }
  if (!Object.hasOwn(KEYS, kind)) {
    throw new ArgumentRangeError(`${argument}.dist_type`, expected, kind);
  }
  const known: readonly string[] = KEYS[dimData.dist_type];
  const unknown = Object.keys(dimData).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    throw new ArgumentRangeError(argument, `only the keys ${known.join(', ')}`, unknown);
  }
}
