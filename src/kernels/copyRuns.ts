/** Copies along runs: of each axis any strided runs of places, or any places one by one. */
import { addressOfArray, type TypedArray } from '../mpi/buffer.ts';
import {
  block,
  checkKernel,
  DIMENSIONS,
  RUNS_AXES,
  RUNS_AXIS_SLOTS,
  RUNS_COUNT,
  RUNS_FIRST,
  RUNS_FROM,
  RUNS_ITEMSIZE,
  RUNS_TO,
  raw,
} from './block.ts';

/**
 * Which places of an axis are copied from where to where, in one order on both sides: in `runs`, or
 * one by one. Without either, places 0, 1, 2, … on both sides.
 */
export interface RunAxis {
  /** Number of places. */
  readonly extent: number;
  /**
   * Six numbers a run: first place and distance between blocks on the one side, the same on the
   * other, places of a block, number of blocks. Null when the places are not in runs.
   */
  readonly runs: Float64Array | null;
  /** The places that are read, one by one; null for 0, 1, 2, … */
  readonly placesFrom: Int32Array | null;
  /** The places that are written, one by one; null for 0, 1, 2, … */
  readonly placesTo: Int32Array | null;
}

/** One side of a copy: place `(i, j)` is `offset + i · strides[0] + j · strides[1]` elements into `data`. */
export interface RunSide {
  readonly data: TypedArray;
  /** In elements, from the beginning of `data`; below 0 where the first places are not copied. */
  readonly offset: number;
  /** In elements. */
  readonly strides: readonly number[];
}

/** Numbers of a run in {@link RunAxis.runs}. */
export const NUMBERS_PER_RUN = 6;

/**
 * Copies the elements `first` … `first + count − 1`, in C order, of all combinations of the axes'
 * places. The sides share no memory.
 *
 * @remarks Local. The places are trusted: they must lie in the memory of the sides.
 * @param itemsize bytes of an element: 1, 2, 4, 8 or 16
 */
export function copyRuns(
  axes: readonly RunAxis[],
  itemsize: number,
  from: RunSide,
  to: RunSide,
  first: number,
  count: number,
): void {
  block[DIMENSIONS] = axes.length;
  block[RUNS_FROM] = addressOfArray(from.data, 'from') + from.offset * itemsize;
  block[RUNS_TO] = addressOfArray(to.data, 'to') + to.offset * itemsize;
  block[RUNS_ITEMSIZE] = itemsize;
  block[RUNS_FIRST] = first;
  block[RUNS_COUNT] = count;
  let slot = RUNS_AXES;
  for (let axis = 0; axis < axes.length; axis++, slot += RUNS_AXIS_SLOTS) {
    const { extent, runs, placesFrom, placesTo } = axes[axis];
    block[slot] = addressOf(runs);
    block[slot + 1] = runs === null ? 0 : runs.length / NUMBERS_PER_RUN;
    block[slot + 2] = addressOf(placesFrom);
    block[slot + 3] = addressOf(placesTo);
    block[slot + 4] = extent;
    block[slot + 5] = from.strides[axis] * itemsize;
    block[slot + 6] = to.strides[axis] * itemsize;
  }
  raw.copyRuns();
  checkKernel('copyRuns');
}

function addressOf(places: Float64Array | Int32Array | null): number {
  return places === null || places.length === 0 ? 0 : addressOfArray(places, 'axes');
}
