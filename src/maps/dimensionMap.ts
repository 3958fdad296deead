/**
 * The interface of a one-dimensional map: which process of one grid dimension owns which
 * global indices, and where it keeps them.
 */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import type { DimData } from './dimData.ts';
import type { IndexRun } from './indexRun.ts';
import type { LocalSelection } from './localSelection.ts';
import type { DistLetter } from './normalizeDist.ts';

/**
 * An immutable map of the global indices 0 … `size` − 1 of one dimension to the `gridSize`
 * processes of its grid dimension. Every index has one owner, but unstructured maps may give it
 * several; a part may be empty.
 *
 * Every method throws an {@link ArgumentTypeError} or {@link ArgumentRangeError} for an index
 * or grid rank that does not exist, and an {@link UnknownIndicesError} for a question about
 * indices that only another process of an unstructured map knows.
 */
export interface DimensionMap {
  /** Letter of the kind of map: block, cyclic (also block-cyclic), unstructured, not distributed. */
  readonly dist: DistLetter;
  /** Number of global indices. */
  readonly size: number;
  /** Number of processes along this dimension of the process grid. */
  readonly gridSize: number;
  /** The map that this one is a view of; itself when it is no view. */
  readonly base: DimensionMap;
  /** Text for tables of plans: maps with the same are equal. Short but for irregular bounds. */
  readonly key: string;

  /** Returns the number of indices that `gridRank` owns. */
  localSize(gridRank: number): number;
  /** Returns the grid rank that owns `globalIndex`; the lowest where several do. */
  owner(globalIndex: number): number;
  /**
   * Returns the grid ranks that may own `globalIndex`: the owner, or every grid rank of an
   * unstructured map (DistArray 0.5 `index_owners`).
   */
  owners(globalIndex: number): readonly number[];
  /** Returns whether `gridRank` owns `globalIndex`. */
  owns(gridRank: number, globalIndex: number): boolean;
  /**
   * Returns where `gridRank` keeps `globalIndex`; by default, where its owner does.
   *
   * @throws {@link ArgumentRangeError} when `gridRank` does not own it
   */
  localFromGlobal(globalIndex: number, gridRank?: number): number;
  /** Returns the global index that `gridRank` keeps at `localIndex`. */
  globalFromLocal(gridRank: number, localIndex: number): number;
  /** Returns the global indices of `gridRank` in local order, one after the other. */
  globalIndices(gridRank: number): IterableIterator<number>;
  /**
   * Returns the global indices of `gridRank` as disjoint runs, by ascending start.
   *
   * @remarks Their local order is ascending too, though the runs of a view of a block-cyclic map
   * may interleave. Unstructured maps list runs in local order.
   */
  runs(gridRank: number): readonly IndexRun[];
  /**
   * Returns which elements of the local part under `base` are those under this map, in this
   * map's local order: all of them when it is no view.
   */
  localSelection(gridRank: number): LocalSelection;
  /**
   * Returns how many elements of its lower and upper neighbour `gridRank` has room for, next to
   * its own (communication padding).
   */
  halo(gridRank: number): readonly [lower: number, upper: number];
  /** Returns the protocol's dictionary for `gridRank`. */
  dimData(gridRank: number): DimData;
  /**
   * Returns whether both maps give every process the same indices in the same local order.
   *
   * @remarks Maps over one process are equal whenever their sizes are, whatever their letter
   * (DistArray 0.5 `is_compatible`), but for unstructured ones.
   */
  equals(other: DimensionMap): boolean;
  /** Returns a short text such as `block(10 over 4)`. */
  toString(): string;
}

/** Checks that `maps` is an array of maps. */
export function checkMaps(maps: unknown): void {
  if (!Array.isArray(maps)) throw new ArgumentTypeError('maps', 'an array of maps', maps);
  Array.from(maps).forEach((map: unknown, axis) => {
    if (!isDimensionMap(map)) throw new ArgumentTypeError(`maps[${axis}]`, 'a map', map);
  });
}

function isDimensionMap(value: unknown): value is DimensionMap {
  if (typeof value !== 'object' || value === null) return false;
  const { size, gridSize, owner } = value as Partial<DimensionMap>;
  return typeof size === 'number' && typeof gridSize === 'number' && typeof owner === 'function';
}

/** Name of the method by which Node's `console.log` shows a value. */
export const inspectCustom: unique symbol = Symbol.for('nodejs.util.inspect.custom');

/** Returns whether both maps put the same number of indices on one process in ascending order. */
export function bothOnOneProcess(a: DimensionMap, b: DimensionMap): boolean {
  const ordered = (map: DimensionMap) => map.gridSize === 1 && map.dist !== 'u';
  return ordered(a) && ordered(b) && a.size === b.size;
}

/** Checks that a map's owner was asked for, or the grid rank that the index belongs to. */
export function checkOwned(map: DimensionMap, globalIndex: number, gridRank?: number): void {
  if (gridRank === undefined || map.owns(gridRank, globalIndex)) return;
  const expected = `an index of grid rank ${gridRank} of ${map}`;
  throw new ArgumentRangeError('globalIndex', expected, globalIndex);
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
