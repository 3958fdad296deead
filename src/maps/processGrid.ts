/** Ranks and coordinates of a process grid, in C order: the last coordinate varies fastest. */

import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { checkIndex } from './dimensionMap.ts';
import { positiveIndex } from './sliceRange.ts';

/** Returns the rank of the process at `coords`; 0 in a 0-d grid. */
export function rankFromCoords(gridShape: readonly number[], coords: readonly number[]): number {
  checkIndices('coords', coords, gridShape);
  return coords.reduce((rank, coord, axis) => rank * gridShape[axis] + coord, 0);
}

/** Returns the coordinates of the process `rank`. */
export function coordsFromRank(gridShape: readonly number[], rank: number): number[] {
  checkIndex('rank', rank, processesOf(gridShape));
  const coords = new Array<number>(gridShape.length);
  let rest = rank;
  for (let axis = gridShape.length - 1; axis >= 0; axis--) {
    coords[axis] = rest % gridShape[axis];
    rest = Math.floor(rest / gridShape[axis]);
  }
  return coords;
}

/** Returns the number of processes of a grid; 1 for a 0-d grid. */
export function processesOf(gridShape: readonly number[]): number {
  return gridShape.reduce((product, processes) => product * processes, 1);
}

/**
 * Checks that `indices` has one index for each of `extents`.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkIndices(
  argument: string,
  indices: readonly number[],
  extents: readonly number[],
): void {
  checkLength(argument, indices, extents);
  for (let axis = 0; axis < extents.length; axis++) {
    checkIndex(`${argument}[${axis}]`, indices[axis], extents[axis]);
  }
}

/**
 * Returns `indices` with negative ones counted from the end, once there is one for each of
 * `extents` and all exist.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function positiveIndices(
  argument: string,
  indices: readonly number[],
  extents: readonly number[],
): readonly number[] {
  checkLength(argument, indices, extents);
  return extents.map((extent, axis) => positiveIndex(indices[axis], extent, argument, axis));
}

function checkLength(
  argument: string,
  indices: readonly number[],
  extents: readonly number[],
): void {
  if (!Array.isArray(indices)) {
    throw new ArgumentTypeError(argument, `an array of ${extents.length} integers`, indices);
  }
  if (indices.length !== extents.length) {
    throw new ArgumentRangeError(argument, `${extents.length} integers, one a dimension`, indices);
  }
}
