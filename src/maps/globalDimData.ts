/**
 * Global dimension dictionaries: one for each dimension, saying how all processes share it
 * (DistArray 0.5 `from_global_dim_data`).
 */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import type { IndexSequence } from './indexList.ts';
import { UndistributedMap } from './undistributedMap.ts';
import { UnstructuredMap } from './unstructuredMap.ts';

/** A block-distributed dimension: part r is `bounds[r]` ≤ index < `bounds[r + 1]`. */
export interface BlockGlobalDimData {
  readonly dist_type: 'b';
  readonly bounds: IndexSequence;
  readonly comm_padding?: number | readonly number[];
  readonly boundary_padding?: number | readonly [lower: number, upper: number];
  readonly periodic?: boolean;
}

/** An unstructured dimension: part r has the indices `indices[r]`, in this order. */
export interface UnstructuredGlobalDimData {
  readonly dist_type: 'u';
  readonly indices: readonly IndexSequence[];
  readonly size?: number;
  readonly one_to_one?: boolean;
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
export type GlobalDimData =
  | BlockGlobalDimData
  | CyclicGlobalDimData
  | UnstructuredGlobalDimData
  | UndistributedGlobalDimData;

/**
 * Returns the map that a global dimension dictionary describes. Keys that its kind does not have
 * are ignored, as in the dictionaries of one process.
 *
 * @param argument - the name that an error calls the dictionary by
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a missing or wrong
 * entry
 */
export function mapFromGlobalDimData(dimData: GlobalDimData, argument = 'dimData'): DimensionMap {
  checkKind(dimData, argument);
  switch (dimData.dist_type) {
    case 'b':
      return blockMap(dimData, argument);
    case 'c': {
      const { size, proc_grid_size: gridSize, block_size: blockSize = 1 } = dimData;
      checkInteger(`${argument}.size`, size, 0);
      checkInteger(`${argument}.proc_grid_size`, gridSize, 1);
      const largest = Math.floor(Number.MAX_SAFE_INTEGER / gridSize);
      checkInteger(`${argument}.block_size`, blockSize, 1, largest);
      return new CyclicMap(size, gridSize, { blockSize });
    }
    case 'u': {
      const { size, one_to_one: oneToOne } = dimData;
      const options = { ...given({ size }), ...given({ oneToOne }) };
      return UnstructuredMap.fromIndices(dimData.indices, options, `${argument}.indices`, argument);
    }
    case 'n':
      checkInteger(`${argument}.size`, dimData.size, 0);
      return new UndistributedMap(dimData.size);
  }
}

function blockMap(dimData: BlockGlobalDimData, argument: string): BlockMap {
  const { bounds, comm_padding: commPadding, boundary_padding: boundaryPadding } = dimData;
  const { periodic } = dimData;
  const options = {
    ...given({ commPadding }),
    ...given({ boundaryPadding }),
    ...given({ periodic }),
  };
  return BlockMap.fromBounds(bounds, options, argument, `${argument}.bounds`);
}

/** The entry of `option` unless it is undefined. */
function given<T extends object>(option: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(option).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function checkKind(dimData: GlobalDimData, argument: string): void {
  if (typeof dimData !== 'object' || dimData === null) {
    throw new ArgumentTypeError(argument, 'a dimension dictionary', dimData);
  }
  const kind: unknown = dimData.dist_type;
  const expected = "'b', 'c', 'u' or 'n'";
  if (typeof kind !== 'string') {
    throw new ArgumentTypeError(`${argument}.dist_type`, expected, kind);
  }
  if (!['b', 'c', 'u', 'n'].includes(kind)) {
    throw new ArgumentRangeError(`${argument}.dist_type`, expected, kind);
  }
}
