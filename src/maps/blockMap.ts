/** Block maps: every process owns one run of consecutive indices. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { BlockDimData } from './dimData.ts';
import {
  bothOnOneProcess,
  checkIndex,
  contiguousRuns,
  type DimensionMap,
  type IndexRun,
  indicesOfRuns,
} from './dimensionMap.ts';

/**
 * A block map, even (by rule, nothing stored) or with explicit bounds.
 *
 * @remarks The even rule is DistArray's: blocks of ⌈size / gridSize⌉, so 10 over 4 is 3, 3, 3, 1
 * and 5 over 4 is 2, 2, 1, 0. Bounds that follow the rule are not stored either.
 */
export class BlockMap implements DimensionMap {
  readonly dist = 'b';
  readonly size: number;
  readonly gridSize: number;
  /** Size of all but the last blocks by the even rule. */
  readonly #evenBlock: number;
  /** The gridSize + 1 bounds of an uneven map. */
  readonly #bounds: Float64Array | undefined;

  private constructor(size: number, gridSize: number, bounds?: Float64Array) {
    this.size = size;
    this.gridSize = gridSize;
    this.#evenBlock = evenBlockSize(size, gridSize);
    this.#bounds = bounds;
    Object.freeze(this);
  }

  /**
   * Returns the map of `size` indices over `gridSize` processes by the even rule.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static even(size: number, gridSize: number): BlockMap {
    checkInteger('size', size, 0);
    checkInteger('gridSize', gridSize, 1);
    return new BlockMap(size, gridSize);
  }

  /**
   * Returns the map where grid rank r owns `bounds[r]` ≤ index < `bounds[r + 1]`.
   *
   * @param bounds - starts with 0 and never descends; equal neighbours make an empty part
   * @param argument - the name that an error calls the bounds by
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static fromBounds(bounds: readonly number[], argument = 'bounds'): BlockMap {
    checkBounds(bounds, argument);
    const gridSize = bounds.length - 1;
    const size = bounds[gridSize];
    const block = evenBlockSize(size, gridSize);
    const even = bounds.every((bound, rank) => bound === evenBound(rank, block, size));
    return new BlockMap(size, gridSize, even ? undefined : Float64Array.from(bounds));
  }

  /** Whether the blocks follow the even rule. */
  get isEven(): boolean {
    return this.#bounds === undefined;
  }

  /** The gridSize + 1 bounds of the blocks, listed anew for an even map. */
  get bounds(): readonly number[] {
    return Array.from({ length: this.gridSize + 1 }, (_, gridRank) => this.#bound(gridRank));
  }

  /** Returns the first index of `gridRank`'s block. */
  start(gridRank: number): number {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#bound(gridRank);
  }

  /** Returns the index after the last one of `gridRank`'s block. */
  stop(gridRank: number): number {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#bound(gridRank + 1);
  }

  localSize(gridRank: number): number {
    return this.stop(gridRank) - this.start(gridRank);
  }

  owner(globalIndex: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    if (this.#bounds === undefined) return Math.floor(globalIndex / this.#evenBlock);
    return lastNotAbove(this.#bounds, globalIndex);
  }

  localFromGlobal(globalIndex: number): number {
    return globalIndex - this.#bound(this.owner(globalIndex));
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    checkIndex('localIndex', localIndex, this.localSize(gridRank));
    return this.#bound(gridRank) + localIndex;
  }

  globalIndices(gridRank: number): IterableIterator<number> {
    return indicesOfRuns(this.runs(gridRank));
  }

  runs(gridRank: number): readonly IndexRun[] {
    return contiguousRuns(this.start(gridRank), this.stop(gridRank));
  }

  dimData(gridRank: number): BlockDimData {
    return {
      dist_type: 'b',
      size: this.size,
      proc_grid_size: this.gridSize,
      proc_grid_rank: gridRank,
      start: this.start(gridRank),
      stop: this.stop(gridRank),
      padding: [0, 0],
    };
  }

  equals(other: DimensionMap): boolean {
    if (bothOnOneProcess(this, other)) return true;
    if (!(other instanceof BlockMap)) return false;
    if (other.size !== this.size || other.gridSize !== this.gridSize) return false;
    const ours = this.#bounds;
    const theirs = other.#bounds;
    if (ours === undefined || theirs === undefined) return ours === theirs;
    return ours.every((bound, rank) => bound === theirs[rank]);
  }

  toString(): string {
    if (this.#bounds === undefined) return `block(${this.size} over ${this.gridSize})`;
    const shown = Array.from(this.#bounds.subarray(0, 8));
    const rest = this.#bounds.length > 8 ? ', …' : '';
    return `block(${this.size} over ${this.gridSize}, bounds ${shown.join(', ')}${rest})`;
  }

  #bound(gridRank: number): number {
    if (this.#bounds !== undefined) return this.#bounds[gridRank];
    return evenBound(gridRank, this.#evenBlock, this.size);
  }
}

function evenBlockSize(size: number, gridSize: number): number {
  return Math.ceil(size / gridSize);
}

function evenBound(gridRank: number, block: number, size: number): number {
  return Math.min(gridRank * block, size);
}

/** The last position whose bound is ≤ `index`; it is the owner, as the next bound is above. */
function lastNotAbove(bounds: Float64Array, index: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (bounds[middle] <= index) low = middle;
    else high = middle;
  }
  return low;
}

function checkBounds(bounds: readonly number[], argument: string): void {
  if (!Array.isArray(bounds)) throw new ArgumentTypeError(argument, 'an array of bounds', bounds);
  if (bounds.length < 2) throw new ArgumentRangeError(argument, 'at least two bounds', bounds);
  checkInteger(`${argument}[0]`, bounds[0], 0, 0);
  for (let rank = 1; rank < bounds.length; rank++) {
    checkInteger(`${argument}[${rank}]`, bounds[rank], bounds[rank - 1]);
  }
}
