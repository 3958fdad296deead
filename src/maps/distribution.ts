/** How an n-dimensional array is spread over the processes of a grid. */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { checkOptions } from '../options.ts';
import type { DimData } from './dimData.ts';
import { mapsFromDimDataPerRank, type RankDimData } from './dimDataPerRank.ts';
import { checkIndex, checkMaps, type DimensionMap, inspectCustom } from './dimensionMap.ts';
import {
  availableTargets,
  enoughTargets,
  FROM_SHAPE_OPTIONS,
  type FromShapeOptions,
  optionsOfAxis,
  REPLICATED_OPTIONS,
  TARGET_OPTIONS,
  type TargetOptions,
} from './distributionOptions.ts';
import { type GlobalDimData, mapFromGlobalDimData } from './globalDimData.ts';
import { makeGridShape, normalizeGridShape } from './gridShape.ts';
import { type DistLetter, normalizeDist } from './normalizeDist.ts';
import { permutationOf } from './permutation.ts';
import {
  checkIndices,
  coordsFromRank,
  positiveIndices,
  processesOf,
  rankFromCoords,
} from './processGrid.ts';
import { normalizeReductionAxes, type ReductionAxes } from './reductionAxes.ts';
import { regularMap } from './regularMap.ts';
import { resolveSlice } from './resolveSlice.ts';
import { scaleLastMap } from './scaleMap.ts';
import { checkShape, sizeOfShape } from './shape.ts';
import { ownersOfSlice, sliceOfMaps } from './slicedMaps.ts';
import { positiveIndex } from './sliceRange.ts';
import type { SliceSpec } from './sliceSpec.ts';
import { Targets } from './targets.ts';
import { UndistributedMap } from './undistributedMap.ts';

/**
 * An immutable description of which process owns which part of an array: one map a dimension
 * and a process grid in C order. It holds no data and needs no MPI.
 *
 * @remarks Ranks count the processes of the grid from 0; targets are the numbers of the same
 * processes in their context. Distributions of regular maps take O(ndim) memory and answer in
 * O(ndim) time, however many processes there are.
 */
export class Distribution {
  /** Number of indices in each dimension. */
  readonly shape: readonly number[];
  /** Number of elements. */
  readonly size: number;
  /** Letter of each dimension's map. */
  readonly dist: readonly DistLetter[];
  /** Processes along each dimension. */
  readonly gridShape: readonly number[];
  /** The map of each dimension. */
  readonly maps: readonly DimensionMap[];
  /** Number of processes that the grid has; parts of some may be empty. */
  readonly numProcesses: number;
  /** Whether every process holds the whole array, instead of a part. */
  readonly isReplicated: boolean;
  readonly #targets: Targets;

  private constructor(maps: readonly DimensionMap[], targets: Targets, isReplicated = false) {
    this.maps = Object.freeze([...maps]);
    this.shape = Object.freeze(maps.map((map) => map.size));
    this.size = sizeOfShape(this.shape);
    this.dist = Object.freeze(maps.map((map) => map.dist));
    this.gridShape = Object.freeze(maps.map((map) => map.gridSize));
    this.isReplicated = isReplicated;
    this.numProcesses = isReplicated ? targets.count : processesOf(this.gridShape);
    this.#targets = targets.take(this.numProcesses);
    Object.freeze(this);
  }

  /**
   * Returns a distribution of an array of this shape by the regular rules: even blocks, cyclic
   * with block size 1 (DistArray 0.5 `Distribution`).
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static fromShape(shape: readonly number[], options: FromShapeOptions = {}): Distribution {
    checkOptions(options, FROM_SHAPE_OPTIONS, '{ dist }');
    const extents = checkShape(shape);
    const letters = normalizeDist(options.dist, extents.length, 'options.dist');
    const available = availableTargets(options);
    const gridShape =
      options.gridShape === undefined
        ? makeGridShape(extents, letters, available.count)
        : normalizeGridShape(options.gridShape, letters, available.count, 'options.gridShape');
    const maps = letters.map((letter, axis) => {
      const ofAxis = optionsOfAxis(options, letter, axis, extents.length);
      return regularMap(letter, extents[axis], gridShape[axis], ofAxis);
    });
    return new Distribution(maps, available);
  }

  /**
   * Returns the distribution of an array of this shape that every process holds as a whole, such
   * as the result of a reduction over all axes.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static replicated(
    shape: readonly number[] = [],
    options: TargetOptions & { readonly size?: number } = {},
  ): Distribution {
    checkOptions(options, REPLICATED_OPTIONS, '{ size }');
    const maps = checkShape(shape).map((extent) => new UndistributedMap(extent));
    return new Distribution(maps, availableTargets(options), true);
  }

  /**
   * Returns the distribution of these maps, one a dimension (DistArray 0.5 `from_maps`).
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for fewer targets
   * than the grid has processes
   */
  static fromMaps(maps: readonly DimensionMap[], options: TargetOptions = {}): Distribution {
    checkOptions(options, TARGET_OPTIONS, '{ targets }');
    checkMaps(maps);
    return Distribution.#ofMaps(maps, options, 'maps');
  }

  /**
   * Returns the distribution that global dimension dictionaries describe, one a dimension
   * (DistArray 0.5 `from_global_dim_data`).
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for fewer targets
   * than the grid has processes
   */
  static fromGlobalDimData(
    globalDimData: readonly GlobalDimData[],
    options: TargetOptions = {},
  ): Distribution {
    checkOptions(options, TARGET_OPTIONS, '{ targets }');
    if (!Array.isArray(globalDimData)) {
      throw new ArgumentTypeError('globalDimData', 'an array of dictionaries', globalDimData);
    }
    const maps = Array.from(globalDimData, (dimData, axis) =>
      mapFromGlobalDimData(dimData, `globalDimData[${axis}]`),
    );
    return Distribution.#ofMaps(maps, options, 'globalDimData');
  }

  /**
   * Returns the distribution that the dictionaries of all processes describe, as the protocol has
   * them; they may come in any order (DistArray 0.5 `from_dim_data_per_rank`). Processes with
   * a 0-d array each hold a copy of it.
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  static fromDimDataPerRank(
    dimDataPerRank: readonly (readonly RankDimData[])[],
    options: TargetOptions = {},
  ): Distribution {
    checkOptions(options, TARGET_OPTIONS, '{ targets }');
    const maps = mapsFromDimDataPerRank(dimDataPerRank);
    if (maps.length > 0 || dimDataPerRank.length === 1) {
      return Distribution.#ofMaps(maps, options, 'dimDataPerRank');
    }
    const count = dimDataPerRank.length;
    return new Distribution([], enoughTargets(options, count, 'dimDataPerRank').take(count), true);
  }

  static #ofMaps(
    maps: readonly DimensionMap[],
    options: TargetOptions,
    argument: string,
  ): Distribution {
    const extents = maps.map((map) => map.size);
    checkShape(extents, argument);
    const gridShape = maps.map((map) => map.gridSize);
    const processes = processesOf(gridShape);
    if (!Number.isSafeInteger(processes)) {
      throw new ArgumentRangeError(argument, 'a grid of fewer than 2^53 processes', gridShape);
    }
    return new Distribution(maps, enoughTargets(options, processes, argument));
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The target of every rank, listed when asked for; ascending unless the grid was transposed. */
  get targets(): readonly number[] {
    return this.#targets.toArray();
  }

  /** Returns the target of `rank`. */
  targetOf(rank: number): number {
    return this.#targets.at(rank);
  }

  /** The highest target: how many processes there must be at least. */
  get highestTarget(): number {
    return this.#targets.highest;
  }

  /** Returns the rank of `target`; -1 when it holds nothing. */
  rankOfTarget(target: number): number {
    return this.#targets.rankOf(target);
  }

  /** Whether the owner of every index is known without asking: there is no `'u'` dimension. */
  get hasPreciseIndex(): boolean {
    return !this.dist.includes('u');
  }

  /** Text for tables of plans: distributions with the same are equal. Short for regular maps. */
  get key(): string {
    const maps = this.maps.map((map) => map.key).join('|');
    return `${this.isReplicated ? 'all ' : ''}${maps}@${this.#targets.key}`;
  }

  /** Text for tables of process groups: distributions with the same are on the same targets. */
  get targetsKey(): string {
    return this.#targets.key;
  }

  /** Returns the coordinates of `rank` in the process grid. */
  coordsFromRank(rank: number): number[] {
    if (this.isReplicated) {
      checkIndex('rank', rank, this.numProcesses);
      return this.gridShape.map(() => 0);
    }
    return coordsFromRank(this.gridShape, rank);
  }

  /** Returns the rank at `coords` of the process grid. */
  rankFromCoords(coords: readonly number[]): number {
    return rankFromCoords(this.gridShape, coords);
  }

  /** Returns the shape of the part that `rank` owns. */
  localShape(rank: number): number[] {
    const coords = this.coordsFromRank(rank);
    return this.maps.map((map, axis) => map.localSize(coords[axis]));
  }

  /** Returns the shapes of the parts of all ranks. */
  localShapes(): number[][] {
    return this.#perRank((rank) => this.localShape(rank));
  }

  /**
   * Returns the ranks that own elements of a slice, ascending; of an index the one owner. Where a
   * dimension is unstructured, all that may own some (DistArray 0.5 `owning_ranks`).
   *
   * @param index - one index or range a dimension, negative ones as NumPy has them
   */
  owningRanks(index: SliceSpec): number[] {
    if (this.#isPlainIndex(index)) return [this.owningRank(index)];
    const owners = ownersOfSlice(this.maps, resolveSlice(index, this.shape, 'index'));
    if (this.isReplicated) {
      return owners.includes(0) ? [...Array(this.numProcesses).keys()] : [];
    }
    return owners;
  }

  /**
   * Returns the rank that owns the element at `index`; the lowest where several do.
   *
   * @param index - one index a dimension, negative ones counted from the end
   */
  owningRank(index: readonly number[]): number {
    const { maps, gridShape, shape } = this;
    if (!Array.isArray(index) || index.length !== maps.length) {
      positiveIndices('index', index, shape);
    }
    let rank = 0;
    for (let axis = 0; axis < maps.length; axis++) {
      const positive = positiveIndex(index[axis], shape[axis], 'index', axis);
      rank = rank * gridShape[axis] + maps[axis].owner(positive);
    }
    return rank;
  }

  /** Returns the targets of the ranks that own elements of a slice (`owningRanks`). */
  owningTargets(index: SliceSpec): number[] {
    return this.owningRanks(index).map((rank) => this.#targets.at(rank));
  }

  /**
   * Returns where `rank` keeps the element at `globalIndex`; by default, where its owner does.
   *
   * @param globalIndex - one index a dimension, negative ones counted from the end
   * @throws {@link ArgumentRangeError} when `rank` does not own it
   */
  localFromGlobal(globalIndex: readonly number[], rank?: number): number[] {
    const index = positiveIndices('globalIndex', globalIndex, this.shape);
    const coords = rank === undefined ? undefined : this.coordsFromRank(rank);
    return this.maps.map((map, axis) => map.localFromGlobal(index[axis], coords?.[axis]));
  }

  /** Returns the global index of the element that `rank` keeps at `localIndex`. */
  globalFromLocal(rank: number, localIndex: readonly number[]): number[] {
    const coords = this.coordsFromRank(rank);
    checkIndices('localIndex', localIndex, this.localShape(rank));
    return this.maps.map((map, axis) => map.globalFromLocal(coords[axis], localIndex[axis]));
  }

  /** Returns the protocol's dimension dictionaries for `rank`. */
  dimData(rank: number): DimData[] {
    const coords = this.coordsFromRank(rank);
    return this.maps.map((map, axis) => map.dimData(coords[axis]));
  }

  /** Returns the protocol's dimension dictionaries for all ranks. */
  dimDataPerRank(): DimData[][] {
    return this.#perRank((rank) => this.dimData(rank));
  }

  /**
   * Returns the distribution of a slice of the array: a view of this one. Every element stays
   * where it is, on the same process grid; an index drops a dimension, and leaves the processes
   * that own it.
   *
   * @param spec - as between NumPy's brackets: `'1:-1, ::2'`, or indices, ranges
   * `{ start, stop, step }`, `null` (all), `'...'` and `newaxis`
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  slice(spec: SliceSpec): Distribution {
    const { maps, coords } = sliceOfMaps(this.maps, resolveSlice(spec, this.shape));
    if (this.isReplicated) return new Distribution(maps, this.#targets, true);
    return new Distribution(maps, this.#targets.subgrid(this.gridShape, coords));
  }

  /**
   * Returns the distribution of the transposed array, whose axis k is axis `axes[k]` of this one: a view. Every
   * element stays where it is; the process grid is transposed, too, so that targets need not ascend with ranks.
   *
   * @param axes - each once, negative ones from the end; all in reverse order when left out
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  transpose(axes?: readonly number[] | null): Distribution {
    const order = permutationOf(axes, this.ndim);
    const maps = order.map((axis) => this.maps[axis]);
    if (this.isReplicated) return new Distribution(maps, this.#targets, true);
    return new Distribution(maps, this.#targets.transpose(this.gridShape, order));
  }

  /**
   * Returns the distribution of these maps on the first of this one's processes, in their order: that of an array
   * of another shape next to this one.
   *
   * @throws {@link ArgumentRangeError} when their grid needs more processes
   */
  withMaps(maps: readonly DimensionMap[]): Distribution {
    const needed = processesOf(maps.map((map) => map.gridSize));
    if (needed <= this.numProcesses)
      return new Distribution(maps, this.#targets, this.isReplicated);
    throw new ArgumentRangeError('maps', `a grid of ${this.numProcesses} processes`, needed);
  }

  /**
   * Returns the same distribution on other processes: rank r is target `targets[r]`, in any order.
   * @internal
   */
  onTargets(targets: readonly number[]): Distribution {
    return new Distribution(this.maps, Targets.inOrder(targets), this.isReplicated);
  }

  /**
   * Returns the distribution of a reduction over these axes: the maps of the other dimensions, on
   * the processes at coordinate 0 of the reduced ones.
   *
   * @param axes - one, several, or all when left out
   * @param options - `keepdims`: whether the reduced dimensions stay, with one index
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  reduce(axes?: ReductionAxes, options: { readonly keepdims?: boolean } = {}): Distribution {
    const reduced = normalizeReductionAxes(axes, this.ndim);
    const maps = this.maps.flatMap((map, axis) => {
      if (!reduced.includes(axis)) return [map];
      return options.keepdims ? [new UndistributedMap(1)] : [];
    });
    if (this.isReplicated) return new Distribution(maps, this.#targets, true);
    const coords = this.maps.map((_, axis) => (reduced.includes(axis) ? 0 : null));
    return new Distribution(maps, this.#targets.subgrid(this.gridShape, coords));
  }

  /**
   * Returns the distribution of the same memory with another number of elements along the last
   * dimension, in proportion (DistArray 0.5 `view`).
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  view(newDimSize?: number): Distribution {
    if (newDimSize === undefined) return this;
    const maps = scaleLastMap(this.maps, newDimSize, 'newDimSize');
    return new Distribution(maps, this.#targets, this.isReplicated);
  }

  /**
   * Returns whether both give every target the same part, so that local parts can be combined
   * element by element (DistArray 0.5 `is_compatible`).
   *
   * @remarks The letter of a dimension on one process does not matter: `'b'`, `'c'` and `'n'`
   * are then the same.
   */
  isCompatible(other: Distribution): boolean {
    if (!(other instanceof Distribution)) {
      throw new ArgumentTypeError('other', 'a Distribution', other);
    }
    return (
      this.isReplicated === other.isReplicated &&
      this.ndim === other.ndim &&
      this.maps.every((map, axis) => map.equals(other.maps[axis])) &&
      this.#targets.equals(other.#targets)
    );
  }

  /** Returns whether both are compatible and name the kinds of their maps alike. */
  equals(other: Distribution): boolean {
    return (
      this.isCompatible(other) && this.dist.every((letter, axis) => letter === other.dist[axis])
    );
  }

  /** Returns a description in two lines: shape, grid and targets; the maps. */
  toString(): string {
    const targets = `${this.numProcesses === 1 ? 'target' : 'targets'} ${this.#targets}`;
    const where = this.isReplicated
      ? `, a copy on each of ${targets}`
      : ` on a [${this.gridShape.join(', ')}] grid of ${targets}`;
    const maps = this.maps.length > 0 ? `\n  ${this.maps.join(' × ')}` : '';
    return `Distribution of shape [${this.shape.join(', ')}]${where}${maps}`;
  }

  [inspectCustom](): string {
    return this.toString();
  }

  /** Whether an index names one element whose one owner is known: the way without a detour. */
  #isPlainIndex(index: SliceSpec): index is readonly number[] {
    if (this.isReplicated || !Array.isArray(index) || index.length !== this.ndim) return false;
    for (const item of index) if (typeof item !== 'number') return false;
    return this.hasPreciseIndex;
  }

  #perRank<T>(describe: (rank: number) => T): T[] {
    return Array.from({ length: this.numProcesses }, (_, rank) => describe(rank));
  }
}
