/** Unstructured maps: every process owns whichever indices its list says. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { UnstructuredDimData } from './dimData.ts';
import { checkIndex, type DimensionMap, inspectCustom } from './dimensionMap.ts';
import { IndexList, type IndexSequence, protocolIndices } from './indexList.ts';
import type { IndexRun } from './indexRun.ts';
import { type LocalSelection, stridedSelection } from './localSelection.ts';
import { UnknownIndicesError } from './unknownIndicesError.ts';

/** Options of unstructured maps. */
export interface UnstructuredMapOptions {
  /**
   * Number of global indices; by default that of all listed ones, those that several processes
   * list counted as often (DistArray 0.5).
   */
  readonly size?: number;
  /** Whether no two processes may list the same index. Default false. */
  readonly oneToOne?: boolean;
}

/** What one process knows of an unstructured map. */
export interface OneRankIndices {
  readonly size: number;
  readonly gridSize: number;
  readonly gridRank: number;
  /** The global indices of `gridRank`, in local order. */
  readonly indices: IndexSequence;
  /** How many indices every grid rank owns, if known. */
  readonly localSizes?: readonly number[];
  readonly oneToOne?: boolean;
}

/**
 * A map that lists the global indices of each process, in local order (DistArray's `'u'`).
 *
 * @remarks Indices are unique on a process; without `oneToOne` several processes may list the
 * same. As in the protocol they may be any integers, though only 0 … `size` − 1 can be reached by
 * slices. A map knows the lists of all grid ranks or only that of one; what it does not know it
 * answers with an {@link UnknownIndicesError}.
 */
export class UnstructuredMap implements DimensionMap {
  readonly dist = 'u';
  readonly size: number;
  readonly gridSize: number;
  /** Whether no index is listed by several processes. */
  readonly oneToOne: boolean;
  /** Text that tells this map from others; maps made apart have different ones. */
  readonly key: string;
  /** The known lists by grid rank. */
  readonly #lists: ReadonlyMap<number, IndexList>;
  readonly #localSizes: readonly number[] | undefined;

  private constructor(
    size: number,
    gridSize: number,
    lists: ReadonlyMap<number, IndexList>,
    oneToOne: boolean,
    localSizes: readonly number[] | undefined,
  ) {
    this.size = size;
    this.gridSize = gridSize;
    this.oneToOne = oneToOne;
    this.key = `u${size}/${gridSize}#${nextKey++}`;
    this.#lists = lists;
    this.#localSizes = localSizes;
    Object.freeze(this);
  }

  /**
   * Returns the map where grid rank r owns `indices[r]`, in this order.
   *
   * @param argument - the name that an error calls the indices by
   * @param optionsArgument - the name that an error calls the options by
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for an index that is
   * twice on one process, or on two of a one-to-one map
   */
  static fromIndices(
    indices: readonly (IndexSequence | IndexList)[],
    options: UnstructuredMapOptions = {},
    argument = 'indices',
    optionsArgument = 'options',
  ): UnstructuredMap {
    if (!Array.isArray(indices)) {
      throw new ArgumentTypeError(argument, 'an array of lists of indices', indices);
    }
    if (indices.length === 0) {
      throw new ArgumentRangeError(argument, 'at least one list of indices', indices);
    }
    const lists = indices.map((list: IndexSequence | IndexList, rank) =>
      list instanceof IndexList ? list : IndexList.from(list, `${argument}[${rank}]`),
    );
    const total = lists.reduce((sum, list) => sum + list.length, 0);
    const { size = total, oneToOne = false } = options;
    checkInteger(`${optionsArgument}.size`, size, 0);
    checkFlag(`${optionsArgument}.oneToOne`, oneToOne);
    const byRank = new Map(lists.entries());
    const map = new UnstructuredMap(size, indices.length, byRank, oneToOne, undefined);
    if (oneToOne) checkOneToOne(lists, argument);
    return map;
  }

  /**
   * Returns the map as one process knows it: its own indices, of the others at most how many.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static ofRank(known: OneRankIndices): UnstructuredMap {
    const { size, gridSize, gridRank, indices, localSizes, oneToOne = false } = known;
    checkInteger('size', size, 0);
    checkInteger('gridSize', gridSize, 1);
    checkIndex('gridRank', gridRank, gridSize);
    checkFlag('oneToOne', oneToOne);
    const list = IndexList.from(indices, 'indices');
    if (localSizes !== undefined) checkLocalSizes(localSizes, gridSize, gridRank, list.length);
    const sizes = localSizes === undefined ? undefined : Object.freeze([...localSizes]);
    return new UnstructuredMap(size, gridSize, new Map([[gridRank, list]]), oneToOne, sizes);
  }

  get base(): DimensionMap {
    return this;
  }

  /** Whether the indices of all processes are known. */
  get isComplete(): boolean {
    return this.#lists.size === this.gridSize;
  }

  /** Returns whether the indices of `gridRank` are known. */
  knows(gridRank: number): boolean {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#lists.has(gridRank);
  }

  /** Returns the global indices of `gridRank` in local order. Do not write to them. */
  indices(gridRank: number): Int32Array | Float64Array {
    return this.#list(gridRank).values;
  }

  localSize(gridRank: number): number {
    checkIndex('gridRank', gridRank, this.gridSize);
    return this.#localSizes?.[gridRank] ?? this.#list(gridRank).length;
  }

  owner(globalIndex: number): number {
    checkAnyIndex(globalIndex);
    for (let rank = 0; rank < this.gridSize; rank++) {
      const list = this.#lists.get(rank);
      if (list !== undefined && list.positionOf(globalIndex) >= 0) {
        // A lower rank that is not known could list it, too.
        if (this.isComplete || this.oneToOne) return rank;
      }
    }
    if (!this.isComplete) throw new UnknownIndicesError(`the owner of index ${globalIndex}`, this);
    throw new ArgumentRangeError('globalIndex', `an index that ${this} lists`, globalIndex);
  }

  owners(globalIndex: number): readonly number[] {
    checkAnyIndex(globalIndex);
    return Array.from({ length: this.gridSize }, (_, gridRank) => gridRank);
  }

  owns(gridRank: number, globalIndex: number): boolean {
    checkAnyIndex(globalIndex);
    return this.#list(gridRank).positionOf(globalIndex) >= 0;
  }

  localFromGlobal(globalIndex: number, gridRank = this.owner(globalIndex)): number {
    checkAnyIndex(globalIndex);
    const position = this.#list(gridRank).positionOf(globalIndex);
    if (position >= 0) return position;
    const expected = `an index of grid rank ${gridRank} of ${this}`;
    throw new ArgumentRangeError('globalIndex', expected, globalIndex);
  }

  globalFromLocal(gridRank: number, localIndex: number): number {
    const list = this.#list(gridRank);
    checkIndex('localIndex', localIndex, list.length);
    return list.values[localIndex];
  }

  globalIndices(gridRank: number): IterableIterator<number> {
    return this.#list(gridRank).values.values();
  }

  runs(gridRank: number): readonly IndexRun[] {
    return this.#list(gridRank).runs();
  }

  localSelection(gridRank: number): LocalSelection {
    return stridedSelection(0, 1, this.localSize(gridRank));
  }

  halo(gridRank: number): readonly [number, number] {
    checkIndex('gridRank', gridRank, this.gridSize);
    return [0, 0];
  }

  dimData(gridRank: number): UnstructuredDimData {
    return {
      dist_type: 'u',
      size: this.size,
      proc_grid_size: this.gridSize,
      proc_grid_rank: gridRank,
      indices: protocolIndices(this.#list(gridRank).values),
      ...(this.oneToOne ? { one_to_one: true } : {}),
    };
  }

  /**
   * Returns whether both list the same indices in the same order, as far as they are known.
   *
   * @remarks Maps that know the list of one grid rank only answer for that one: whether all
   * processes agree is for a collective check.
   */
  equals(other: DimensionMap): boolean {
    if (other === this) return true;
    if (!(other instanceof UnstructuredMap)) return false;
    if (other.size !== this.size || other.gridSize !== this.gridSize) return false;
    if (this.#lists.size !== other.#lists.size) return false;
    for (const [rank, list] of this.#lists) {
      const theirs = other.#lists.get(rank);
      if (theirs === undefined || !theirs.equals(list)) return false;
    }
    return true;
  }

  toString(): string {
    return `unstructured(${this.size} over ${this.gridSize}${this.oneToOne ? ', one to one' : ''})`;
  }

  [inspectCustom](): string {
    return this.toString();
  }

  #list(gridRank: number): IndexList {
    checkIndex('gridRank', gridRank, this.gridSize);
    const list = this.#lists.get(gridRank);
    if (list === undefined)
      throw new UnknownIndicesError(`the indices of grid rank ${gridRank}`, this);
    return list;
  }
}

let nextKey = 0;

function checkAnyIndex(globalIndex: unknown): asserts globalIndex is number {
  checkInteger('globalIndex', globalIndex);
}

function checkFlag(argument: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new ArgumentTypeError(argument, 'a boolean', value);
}

function checkLocalSizes(
  sizes: readonly number[],
  gridSize: number,
  gridRank: number,
  known: number,
): void {
  if (!Array.isArray(sizes) || sizes.length !== gridSize) {
    throw new ArgumentRangeError('localSizes', `${gridSize} sizes, one a grid rank`, sizes);
  }
  sizes.forEach((size, rank) => {
    checkInteger(`localSizes[${rank}]`, size, 0);
  });
  if (sizes[gridRank] !== known) {
    throw new ArgumentRangeError(
      `localSizes[${gridRank}]`,
      `${known}, the indices`,
      sizes[gridRank],
    );
  }
}

function checkOneToOne(lists: readonly IndexList[], argument: string): void {
  const total = lists.reduce((sum, list) => sum + list.length, 0);
  const all = new Float64Array(total);
  let at = 0;
  for (const list of lists) {
    all.set(list.values, at);
    at += list.length;
  }
  all.sort();
  const twice = all.find((index, i) => i > 0 && index === all[i - 1]);
  if (twice === undefined) return;
  const ranks = [...lists.keys()].filter((rank) => lists[rank].positionOf(twice) >= 0);
  const expected = 'indices of one process each (the map is one to one)';
  throw new ArgumentRangeError(argument, expected, `${twice} on grid ranks ${ranks.join(', ')}`);
}
