/** Block maps: every process owns one run of consecutive indices. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { BlockPadding, type BlockPaddingOptions } from './blockPadding.ts';
import type { BlockDimData } from './dimData.ts';
import {
  bothOnOneProcess,
  checkIndex,
  checkOwned,
  type DimensionMap,
  inspectCustom,
} from './dimensionMap.ts';
import type { IndexSequence } from './indexList.ts';
import { contiguousRuns, type IndexRun, indicesOfRuns } from './indexRun.ts';
import { type LocalSelection, stridedSelection } from './localSelection.ts';
import { SlicedBlockMap } from './slicedBlockMap.ts';

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
  readonly #padding: BlockPadding | undefined;

  private constructor(
    size: number,
    gridSize: number,
    bounds: Float64Array | undefined,
    padding: BlockPaddingOptions,
    argument: string,
  ) {
    this.size = size;
    this.gridSize = gridSize;
    this.#evenBlock = evenBlockSize(size, gridSize);
    this.#bounds = bounds;
    this.#padding = BlockPadding.from(this, padding, argument);
    Object.freeze(this);
  }

  /**
   * Returns the map of `size` indices over `gridSize` processes by the even rule.
   *
   * @param argument - the name that an error calls the options by
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static even(
    size: number,
    gridSize: number,
    options: BlockPaddingOptions = {},
    argument = 'options',
  ): BlockMap {
    checkInteger('size', size, 0);
    checkInteger('gridSize', gridSize, 1);
    return new BlockMap(size, gridSize, undefined, options, argument);
  }

  /**
   * Returns the map where grid rank r owns `bounds[r]` ≤ index < `bounds[r + 1]`.
   *
   * @param boundsOfParts - an array or typed array that starts with 0 and never descends; equal
   * neighbours make an empty part
   * @param argument - the name that an error calls the options by
   * @param boundsArgument - the name that an error calls the bounds by
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static fromBounds(
    boundsOfParts: IndexSequence,
    options: BlockPaddingOptions = {},
    argument = 'options',
    boundsArgument = 'bounds',
  ): BlockMap {
    const bounds = checkBounds(boundsOfParts, boundsArgument);
    const gridSize = bounds.length - 1;
    const size = bounds[gridSize];
    const block = evenBlockSize(size, gridSize);
    const even = bounds.every((bound, rank) => bound === evenBound(rank, block, size));
    const stored = even ? undefined : Float64Array.from(bounds);
    return new BlockMap(size, gridSize, stored, options, argument);
  }

  /** Whether the blocks follow the even rule. */
  get isEven(): boolean {
    return this.#bounds === undefined;
  }

  /** The gridSize + 1 bounds of the blocks, listed anew for an even map. */
  get bounds(): readonly number[] {
    return Array.from({ length: this.gridSize + 1 }, (_, gridRank) => this.#bound(gridRank));
  }

  get base(): DimensionMap {
    return this;
  }

  get key(): string {
    const bounds = this.#bounds === undefined ? '' : `:${this.#bounds.join(' ')}`;
    return `b${this.size}/${this.gridSize}${bounds}${this.#padding?.key ?? ''}`;
  }

  /** Whether there is padding of any kind, or the dimension is periodic. */
  get isPadded(): boolean {
    return this.#padding !== undefined;
  }

  /** Whether the first and the last part are neighbours. */
  get periodic(): boolean {
    return this.#padding?.periodic ?? false;
  }

  /**
   * Width of the communication padding where one number says it all; undefined where edges differ,
   * or the outer ones of a periodic dimension from the inner ones.
   */
  get uniformPadding(): number | undefined {
    return this.#padding === undefined ? 0 : this.#padding.uniform;
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

  /**
   * Returns the first index that `gridRank` has room for; negative in a periodic dimension for
   * indices of the upper end: −1 stands for `size` − 1.
   */
  paddedStart(gridRank: number): number {
    return this.start(gridRank) - this.halo(gridRank)[0];
  }

  /**
   * Returns the index after the last one that `gridRank` has room for; above `size` in a periodic
   * dimension for indices of the lower end: `size` stands for 0.
   */
  paddedStop(gridRank: number): number {
    return this.stop(gridRank) + this.halo(gridRank)[1];
  }

  /**
   * Returns the padding at the two ends of `gridRank`'s part: communication padding, and boundary
   * padding at the ends of the dimension. An empty part has none.
   */
  padding(gridRank: number): readonly [lower: number, upper: number] {
    const halo = this.halo(gridRank);
    const boundary = this.boundary(gridRank);
    return [halo[0] + boundary[0], halo[1] + boundary[1]];
  }

  /** Returns how many of the first and last indices of `gridRank` are boundary cells. */
  boundary(gridRank: number): readonly [lower: number, upper: number] {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#padding?.boundaryOf(gridRank) ?? [0, 0];
  }

  halo(gridRank: number): readonly [lower: number, upper: number] {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#padding?.halo(gridRank) ?? [0, 0];
  }

  localSize(gridRank: number): number {
    return this.stop(gridRank) - this.start(gridRank);
  }

  owner(globalIndex: number): number {
    checkIndex('globalIndex', globalIndex, this.size);
    if (this.#bounds === undefined) return Math.floor(globalIndex / this.#evenBlock);
    return lastNotAbove(this.#bounds, globalIndex);
  }

  owners(globalIndex: number): readonly number[] {
    return [this.owner(globalIndex)];
  }

  owns(gridRank: number, globalIndex: number): boolean {
    checkIndex('globalIndex', globalIndex, this.size);
    return this.start(gridRank) <= globalIndex && globalIndex < this.stop(gridRank);
  }

  localFromGlobal(globalIndex: number, gridRank?: number): number {
    const owner = this.owner(globalIndex);
    checkOwned(this, globalIndex, gridRank);
    return globalIndex - this.#bound(owner);
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

  localSelection(gridRank: number): LocalSelection {
    return stridedSelection(0, 1, this.localSize(gridRank));
  }

  /**
   * Returns the protocol's dictionary for `gridRank`: `start` and `stop` include communication
   * padding.
   *
   * @remarks What a periodic dimension keeps beyond 0 and `size` has no index that the protocol
   * could express, so it is not part of the dictionary (nor of the buffer that goes with it).
   */
  dimData(gridRank: number): BlockDimData {
    const start = Math.max(0, this.paddedStart(gridRank));
    const stop = Math.min(this.size, this.paddedStop(gridRank));
    const [lower, upper] = this.boundary(gridRank);
    return {
      dist_type: 'b',
      size: this.size,
      proc_grid_size: this.gridSize,
      proc_grid_rank: gridRank,
      start,
      stop,
      padding: [this.start(gridRank) - start + lower, stop - this.stop(gridRank) + upper],
      ...(this.periodic ? { periodic: true } : {}),
    };
  }

  equals(other: DimensionMap): boolean {
    if (bothOnOneProcess(this, other)) return true;
    if (other instanceof SlicedBlockMap) return other.equals(this);
    if (!(other instanceof BlockMap)) return false;
    if (other.size !== this.size || other.gridSize !== this.gridSize) return false;
    return this.#samePadding(other) && this.#sameBounds(other);
  }

  toString(): string {
    const words = [`${this.size} over ${this.gridSize}`];
    if (this.#bounds !== undefined) {
      const shown = Array.from(this.#bounds.subarray(0, 8));
      words.push(`bounds ${shown.join(', ')}${this.#bounds.length > 8 ? ', …' : ''}`);
    }
    if (this.#padding !== undefined) words.push(`${this.#padding}`);
    return `block(${words.join(', ')})`;
  }

  [inspectCustom](): string {
    return this.toString();
  }

  #samePadding(other: BlockMap): boolean {
    if (this.#padding === undefined) return other.#padding === undefined;
    return this.#padding.equals(other.#padding);
  }

  #sameBounds(other: BlockMap): boolean {
    const ours = this.#bounds;
    const theirs = other.#bounds;
    if (ours === undefined || theirs === undefined) return ours === theirs;
    return ours.every((bound, rank) => bound === theirs[rank]);
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

/** The last position whose bound is ≤ `index`; it is the owner, as the next bound is above. @internal */
export function lastNotAbove(bounds: Float64Array, index: number): number {
  let low = 0;
  let high = bounds.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (bounds[middle] <= index) low = middle;
    else high = middle;
  }
  return low;
}

function checkBounds(bounds: unknown, argument: string): readonly number[] {
  const isTyped = ArrayBuffer.isView(bounds) && !(bounds instanceof DataView);
  if (!Array.isArray(bounds) && !isTyped) {
    throw new ArgumentTypeError(argument, 'an array of bounds', bounds);
  }
  const list: unknown[] = Array.from(bounds as ArrayLike<unknown>, (bound) =>
    typeof bound === 'bigint' ? Number(bound) : bound,
  );
  if (list.length < 2) throw new ArgumentRangeError(argument, 'at least two bounds', bounds);
  let before = 0;
  list.forEach((bound, rank) => {
    checkInteger(`${argument}[${rank}]`, bound, before, rank === 0 ? 0 : undefined);
    before = bound;
  });
  return list as number[];
}
