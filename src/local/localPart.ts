/** What one process knows of a distributed array without looking at its elements. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { DimData } from '../maps/dimData.ts';
import { Distribution } from '../maps/distribution.ts';
import type { DistLetter } from '../maps/normalizeDist.ts';
import { coordsFromRank, positiveIndices, rankFromCoords } from '../maps/processGrid.ts';
import { Comm } from '../mpi/communicator.ts';
import { InvalidDimensionError } from './errors.ts';
import { partOf } from './placement.ts';

/**
 * The part of a distributed array that one process has: a distribution, and which of its processes
 * this one is. All of it is known without communication.
 */
export class LocalPart {
  readonly distribution: Distribution;
  /** The processes that share the array; process r is target r of the distribution. */
  readonly comm: Comm;
  /** Rank of this process in the distribution; -1 when it holds nothing of it. */
  readonly rank: number;
  /** Number of local indices in each dimension; all 0 when the rank is -1. */
  readonly localShape: readonly number[];
  /** Number of local elements. */
  readonly localSize: number;

  /** Takes what {@link checkPart} has checked. */
  protected constructor(distribution: Distribution, comm: Comm) {
    this.distribution = distribution;
    this.comm = comm;
    this.rank = distribution.rankOfTarget(comm.rank);
    const { shape, size } = partOf(distribution, this.rank);
    this.localShape = shape;
    this.localSize = size;
  }

  /** Letter of each dimension's map. */
  get dist(): readonly DistLetter[] {
    return this.distribution.dist;
  }

  /** Shape of the whole array. */
  get globalShape(): readonly number[] {
    return this.distribution.shape;
  }

  /** Number of elements of the whole array. */
  get globalSize(): number {
    return this.distribution.size;
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.distribution.ndim;
  }

  /** Number of processes of the communicator. */
  get commSize(): number {
    return this.comm.size;
  }

  /** Rank of this process in the communicator. */
  get commRank(): number {
    return this.comm.rank;
  }

  /** Extents of the process grid. */
  get gridShape(): readonly number[] {
    return this.distribution.gridShape;
  }

  /** This process's place in the process grid; empty when the rank is -1. */
  get cartCoords(): readonly number[] {
    return this.rank < 0 ? [] : this.distribution.coordsFromRank(this.rank);
  }

  /** The protocol's dimension dictionaries of this process; empty when the rank is -1. */
  get dimData(): readonly DimData[] {
    return this.rank < 0 ? [] : this.distribution.dimData(this.rank);
  }

  /** Returns the place of a rank in the process grid (DistArray 0.5 `coords_from_rank`). */
  coordsFromRank(rank: number): number[] {
    return coordsFromRank(this.gridShape, rank);
  }

  /** Returns the rank at a place of the process grid (DistArray 0.5 `rank_from_coords`). */
  rankFromCoords(coords: readonly number[]): number {
    return rankFromCoords(this.gridShape, coords);
  }

  /** Returns the global indices of the local elements along a dimension, in local order. */
  globalIndices(axis: number): number[] {
    checkAxis(axis, this.ndim);
    if (this.rank < 0) return [];
    return [...this.distribution.maps[axis].globalIndices(this.cartCoords[axis])];
  }

  /**
   * Returns the global indices of the first and the last local element along a dimension, both owned
   * (DistArray 0.5 `global_limits`): for a block its smallest and largest.
   *
   * @throws {@link InvalidDimensionError} when there is no such dimension
   * @throws {@link ArgumentRangeError} when this process has no element along it
   */
  globalLimits(axis: number): readonly [first: number, last: number] {
    checkAxis(axis, this.ndim);
    const extent = this.localShape[axis];
    if (extent === 0) {
      const expected = 'a dimension along which this process has elements';
      throw new ArgumentRangeError('axis', expected, axis);
    }
    const map = this.distribution.maps[axis];
    const coord = this.cartCoords[axis];
    return [map.globalFromLocal(coord, 0), map.globalFromLocal(coord, extent - 1)];
  }

  /**
   * Returns where this process keeps the element at a global index; negative ones count from the end.
   * @throws {@link ArgumentRangeError} when it does not own it
   */
  localFromGlobal(globalIndex: readonly number[]): number[] {
    const local = this.ownedIndex(globalIndex);
    if (local !== null) return local;
    const expected = `an index that rank ${this.rank} of the distribution owns`;
    throw new ArgumentRangeError('globalIndex', expected, globalIndex);
  }

  /** Returns the global index of a local element; negative local indices count from the end. */
  globalFromLocal(localIndex: readonly number[]): number[] {
    const local = positiveIndices('localIndex', localIndex, this.localShape);
    if (this.rank < 0) {
      const expected = 'nothing (this process has no element)';
      throw new ArgumentRangeError('localIndex', expected, localIndex);
    }
    return this.distribution.globalFromLocal(this.rank, local);
  }

  /**
   * Returns where this process keeps the element at a global index; null when it does not own it.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the array has no such index
   */
  ownedIndex(globalIndex: readonly number[]): number[] | null {
    const index = positiveIndices('globalIndex', globalIndex, this.globalShape);
    if (this.rank < 0) return null;
    const coords = this.cartCoords;
    const { maps } = this.distribution;
    if (!index.every((entry, axis) => maps[axis].owns(coords[axis], entry))) return null;
    return maps.map((map, axis) => map.localFromGlobal(index[axis], coords[axis]));
  }

  /**
   * Returns the number that an element has when all of the array is counted in C order (DistArray 0.5
   * `pack_index`).
   */
  packIndex(globalIndex: readonly number[]): number {
    const { globalShape } = this;
    const index = positiveIndices('globalIndex', globalIndex, globalShape);
    return index.reduce((packed, entry, axis) => packed * globalShape[axis] + entry, 0);
  }

  /** Returns the global index of the element with this number (DistArray 0.5 `unpack_index`). */
  unpackIndex(packedIndex: number): number[] {
    checkInteger('packedIndex', packedIndex, 0, this.globalSize - 1);
    let rest = packedIndex;
    const index = new Array<number>(this.ndim);
    for (let axis = this.ndim - 1; axis >= 0; axis--) {
      index[axis] = rest % this.globalShape[axis];
      rest = Math.floor(rest / this.globalShape[axis]);
    }
    return index;
  }
}

function checkAxis(axis: unknown, ndim: number): asserts axis is number {
  if (typeof axis !== 'number') throw new ArgumentTypeError('axis', 'an integer', axis);
  if (!Number.isInteger(axis) || axis < 0 || axis >= ndim) {
    throw new InvalidDimensionError('axis', ndim, axis);
  }
}

/**
 * Checks what a part is of.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkPart(distribution: Distribution, comm: Comm): void {
  if (!(distribution instanceof Distribution)) {
    throw new ArgumentTypeError('distribution', 'a Distribution', distribution);
  }
  if (!(comm instanceof Comm)) {
    throw new ArgumentTypeError('options.comm', 'a communicator', comm);
  }
  const last = distribution.highestTarget;
  if (last >= comm.size) {
    throw new ArgumentRangeError(
      'distribution',
      `targets below ${comm.size}, the size of the communicator`,
      `target ${last}`,
    );
  }
}
