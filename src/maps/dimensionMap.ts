/**
 * The interface of a one-dimensional map: which process of one grid dimension owns which
 * global indices, and where it keeps them.
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import type { DimData } from './dimData.ts';
import type { DistLetter } from './normalizeDist.ts';

/**
 * `count` blocks of `blockSize` consecutive global indices, the first at `start` and each
 * `stride` after the one before (the shape of an HDF5 hyperslab).
 */
export interface IndexRun {
  readonly start: number;
  readonly blockSize: number;
  readonly stride: number;
  readonly count: number;
}

/**
 * An immutable map of the global indices 0 … `size` − 1 of one dimension to the `gridSize`
 * processes of its grid dimension. Every index has exactly one owner; a part may be empty.
 *
 * Every method throws an {@link ArgumentTypeError} or {@link ArgumentRangeError} for an index
 * or grid rank that does not exist.
 */
export interface DimensionMap {
  /** Letter of the kind of map: block, cyclic (also block-cyclic) or not distributed. */
  readonly dist: DistLetter;
  /** Number of global indices. */
  readonly size: number;
  /** Number of processes along this dimension of the process grid. */
  readonly gridSize: number;

  /** Returns the number of indices that `gridRank` owns. */
  localSize(gridRank: number): number;
  /** Returns the grid rank that owns `globalIndex`. */
  owner(globalIndex: number): number;
  /** Returns where the owner of `globalIndex` keeps it. */
  localFromGlobal(globalIndex: number): number;
  /** Returns the global index that `gridRank` keeps at `localIndex`. */
  globalFromLocal(gridRank: number, localIndex: number): number;
  /** Returns the global indices of `gridRank` in local order, one after the other. */
  globalIndices(gridRank: number): IterableIterator<number>;
  /** Returns the global indices of `gridRank` in local order as ascending runs. */
  runs(gridRank: number): readonly IndexRun[];
  /** Returns the protocol's dictionary for `gridRank`. */
  dimData(gridRank: number): DimData;
  /**
   * Returns whether both maps give every process the same indices by the same rule.
   *
   * @remarks Maps over one process are equal whenever their sizes are, whatever their letter
   * (DistArray 0.5 `is_compatible`).
   */
  equals(other: DimensionMap): boolean;
  /** Returns a short text such as `block(10 over 4)`. */
  toString(): string;
}

/** Returns the indices that `runs` describe, in order. */
export function* indicesOfRuns(runs: readonly IndexRun[]): IterableIterator<number> {
  for (const { start, blockSize, stride, count } of runs) {
    for (let block = 0; block < count; block++) {
      const first = start + block * stride;
      for (let offset = 0; offset < blockSize; offset++) yield first + offset;
    }
  }
}

/** Returns the one run of the indices `start` ≤ index < `stop`, or none when there are none. */
export function contiguousRuns(start: number, stop: number): readonly IndexRun[] {
  const blockSize = stop - start;
  return blockSize > 0 ? [{ start, blockSize, stride: blockSize, count: 1 }] : [];
}

/** Returns whether both maps put the same number of indices on one process. */
export function bothOnOneProcess(a: DimensionMap, b: DimensionMap): boolean {
  return a.gridSize === 1 && b.gridSize === 1 && a.size === b.size;
}

/**
 * Checks that `value` is an index into `length` things.
 *
 * @throws {@link ArgumentTypeError} unless it is a number
 * @throws {@link ArgumentRangeError} unless it is an integer in [0, `length` − 1]
 */
export function checkIndex(
  argument: string,
  value: unknown,
  length: number,
): asserts value is number {
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'an integer', value);
  if (Number.isInteger(value) && value >= 0 && value < length) return;
  const expected = length > 0 ? `an integer in [0, ${length - 1}]` : 'nothing (there is no index)';
  throw new ArgumentRangeError(argument, expected, value);
}
