/** Shapes of process grids: DistArray's rule that picks one, and the check of a given one. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { multiplicativePartitions } from './multiplicativePartitions.ts';
import { type DistLetter, type DistSpec, normalizeDist } from './normalizeDist.ts';
import { checkShape } from './shape.ts';

/**
 * Returns the shape of the process grid for an array of this shape over `size` processes
 * (DistArray 0.5 `make_grid_shape`).
 *
 * @remarks One distributed dimension takes as many processes as it has indices, at most all.
 * Several share all processes such that larger dimensions get larger factors and the ratios
 * between the factors are closest to those between the dimensions. Where that grid would be
 * larger than the shape (DistArray throws), the grid shrinks: the largest number of processes
 * is taken that can be arranged to fit, and a dimension without indices counts as one of
 * length 1.
 * @param size - number of processes
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function makeGridShape(
  shape: readonly number[],
  dist: DistSpec | undefined,
  size: number,
): readonly number[] {
  const extents = checkShape(shape);
  const letters = normalizeDist(dist, extents.length);
  checkInteger('size', size, 1);
  const axes = [...letters.keys()].filter((axis) => letters[axis] !== 'n');
  const gridShape = extents.map(() => 1);
  const factors = gridFactors(
    axes.map((axis) => extents[axis]),
    size,
  );
  axes.forEach((axis, i) => {
    gridShape[axis] = factors[i];
  });
  return Object.freeze(gridShape);
}

/**
 * Returns `gridShape` padded with 1 on the right to one entry a dimension, once it is known to
 * suit the shape, the letters and the number of processes (DistArray 0.5
 * `normalize_grid_shape`).
 *
 * @param size - number of processes; the grid may use fewer
 * @param argument - the name that an error calls the grid shape by
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function normalizeGridShape(
  gridShape: readonly number[],
  dist: readonly DistLetter[],
  size: number,
  argument = 'gridShape',
): readonly number[] {
  if (!Array.isArray(gridShape)) {
    throw new ArgumentTypeError(argument, 'an array of positive integers', gridShape);
  }
  if (gridShape.length > dist.length) {
    const expected = `at most ${dist.length} entries, one a dimension`;
    throw new ArgumentRangeError(argument, expected, gridShape);
  }
  const padded = dist.map((letter, axis) => {
    const processes = axis < gridShape.length ? gridShape[axis] : 1;
    checkInteger(`${argument}[${axis}]`, processes, 1);
    if (letter === 'n' && processes !== 1) {
      throw new ArgumentRangeError(`${argument}[${axis}]`, "1 (its letter is 'n')", processes);
    }
    return processes;
  });
  if (padded.reduce((product, processes) => product * processes, 1) > size) {
    throw new ArgumentRangeError(argument, `a product of at most ${size} processes`, gridShape);
  }
  return Object.freeze(padded);
}

/** The last factors found: programs ask for the same few grids again and again. */
const found = new Map<string, readonly number[]>();
const MOST_FOUND = 64;
/** The very last ones; most calls ask for them again. */
let last: { extents: readonly number[]; size: number; factors: readonly number[] } | undefined;

/** The grid's factors for the distributed dimensions alone. */
function gridFactors(extents: readonly number[], size: number): readonly number[] {
  if (extents.length === 0) return [];
  if (extents.length === 1) return [Math.min(size, Math.max(1, extents[0]))];
  if (last?.size === size && last.extents.length === extents.length) {
    const { extents: known, factors } = last;
    if (extents.every((extent, i) => extent === known[i])) return factors;
  }
  const key = `${extents.join(' ')}/${size}`;
  let factors = found.get(key);
  if (factors === undefined) {
    factors = bestFactors(extents, size);
    if (found.size === MOST_FOUND) found.clear();
    found.set(key, factors);
  }
  last = { extents, size, factors };
  return factors;
}

function bestFactors(extents: readonly number[], size: number): readonly number[] {
  const ratiosExist = extents.slice(1).every((extent) => extent > 0);
  if (ratiosExist) {
    const best = closest(arrangements(size, extents), extents);
    if (best.every((factor, i) => extents[i] === 0 || factor <= extents[i])) return best;
  }
  return shrunkFactors(
    extents.map((extent) => Math.max(1, extent)),
    size,
  );
}

/** The grid of the most processes that fits in `extents`, all of which are ≥ 1. */
function shrunkFactors(extents: readonly number[], size: number): readonly number[] {
  const most = extents.reduce((product, extent) => Math.min(product * extent, size), 1);
  for (let processes = most; processes > 1; processes--) {
    const fitting = arrangements(processes, extents).filter((factors) =>
      factors.every((factor, i) => factor <= extents[i]),
    );
    if (fitting.length > 0) return closest(fitting, extents);
  }
  return extents.map(() => 1);
}

/** All ways to arrange `size` processes, the larger factors along the larger dimensions. */
function arrangements(size: number, extents: readonly number[]): readonly number[][] {
  return partitionsOf(size, extents.length).map((partition) => mirrorSort(partition, extents));
}

/** The last partitions; arrays of all shapes over the same processes share them. */
const partitions = new Map<string, readonly (readonly number[])[]>();

function partitionsOf(size: number, count: number): readonly (readonly number[])[] {
  const key = `${size}/${count}`;
  let known = partitions.get(key);
  if (known === undefined) {
    known = multiplicativePartitions(size, count);
    if (partitions.size === MOST_FOUND) partitions.clear();
    partitions.set(key, known);
  }
  return known;
}

/**
 * Returns `values` in the order of `like`: the smallest value where `like` is smallest, and so
 * on; of equals in `like`, the earlier gets the smaller value (DistArray 0.5 `mirror_sort`).
 *
 * @throws {@link ArgumentRangeError} unless both are of one length
 */
export function mirrorSort(values: readonly number[], like: readonly number[]): number[] {
  if (values.length !== like.length) {
    throw new ArgumentRangeError('like', `${values.length} numbers, one a value`, like);
  }
  const ascending = [...like.keys()].sort((i, j) => like[i] - like[j]);
  const sorted = [...values].sort((a, b) => a - b);
  const result = [...values];
  ascending.forEach((place, i) => {
    result[place] = sorted[i];
  });
  return result;
}

/** The candidate whose ratios are closest (2-norm) to those of `extents`; the first of equals. */
function closest(
  candidates: readonly (readonly number[])[],
  extents: readonly number[],
): readonly number[] {
  const wanted = ratios(extents);
  let best = candidates[0];
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const distance = norm(ratios(candidate).map((ratio, i) => ratio - wanted[i]));
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function ratios(values: readonly number[]): number[] {
  return values.flatMap((value, i) => values.slice(i + 1).map((later) => value / later));
}

/** The 2-norm, summed in NumPy's order so that near ties fall the same way. */
function norm(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
