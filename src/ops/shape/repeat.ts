/** Repeating elements. */
import { ArgumentRangeError } from '../../errors.ts';
import { gather } from '../../kernels/copy.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { checkShape, showShape } from '../../maps/shape.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import { alignTo } from '../align.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../operation.ts';
import { assembled, type Piece, sliceAt } from './assembly.ts';
import { likeDistribution } from './likeDistribution.ts';

/** What {@link repeatOperation} takes. */
export interface RepeatParams {
  readonly axis: number;
  /** How often each element along the axis is there; one number for all. */
  readonly counts: ArrayLike<number>;
}

/** Up to this number of copies of each element, the copies are made one after the other. */
const MOST_COPIES = 64;

/**
 * Elements repeated along an axis (`numpy.repeat`): equally often as slices in steps of the result, each of which is
 * the array; otherwise each process asks for the elements that its part of the result repeats.
 */
export const repeatOperation = arrayOperation<RepeatParams>('repeat', {
  infer: inferRepeat,
  run: ([array], params, environment) => {
    const { dtype, distribution } = inferRepeat([array], params);
    const axis = positiveIndex(params.axis, array.ndim, 'options.axis');
    const { comm } = environment;
    const count = params.counts[0];
    if (params.counts.length > 1 || count > MOST_COPIES) {
      const result = newArray(distribution, { dtype, comm, zeroed: false });
      repeatInto(result, array, axis, params.counts, environment);
      return result;
    }
    const pieces = Array.from(
      { length: array.globalSize > 0 ? count : 0 },
      (_, start): Piece => ({
        to: sliceAt(array.ndim, { [axis]: { start, step: count } }),
        from: { array: 0, slice: [] },
      }),
    );
    return assembled([array], { dtype, distribution, pieces }, environment);
  },
});

/** Gives a process the elements that its part of the result repeats, each once, and repeats them. */
function repeatInto(
  result: LocalArray,
  array: LocalArray,
  axis: number,
  counts: ArrayLike<number>,
  environment: OperationEnvironment,
): void {
  const { distribution, rank } = result;
  const map = distribution.maps[axis];
  const coord = rank < 0 ? 0 : result.cartCoords[axis];
  const sources = rank < 0 ? new Float64Array(0) : sourcesOf(map, coord, counts);
  const extent = array.globalShape[axis];
  const asked = map.gridSize > 1 ? distinct(sources) : null;
  const maps = distribution.maps.with(
    axis,
    asked === null ? new UndistributedMap(extent) : partMap(map, coord, extent, asked.wanted),
  );
  const arrived = alignTo(array, distribution.withMaps(maps), environment);
  if (result.localSize === 0) return;
  const along = asked?.places ?? sources;
  gather(
    result.strided,
    arrived,
    maps.map((_, dim) => (dim === axis ? along : null)),
  );
}

function inferRepeat(
  [{ dtype, distribution }]: readonly ArrayMeta[],
  params: RepeatParams,
): ArrayMeta {
  const { shape } = distribution;
  const { counts } = params;
  const axis = positiveIndex(params.axis, shape.length, 'options.axis');
  const extent = shape[axis];
  if (counts.length !== 1 && counts.length !== extent) {
    const expected = `a number, or one for each of the ${extent} elements along axis ${axis}`;
    throw new ArgumentRangeError('repeats', expected, `shape ${showShape([counts.length])}`);
  }
  const total = counts.length === 1 ? counts[0] * extent : sumOf(counts);
  const longer = checkShape(shape.with(axis, total), 'repeats');
  return { dtype, distribution: likeDistribution(distribution, longer) };
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < counts.length; k++) sum += counts[k];
  return sum;
}

/** The source index of each of a process's indices of the result, in their order. */
function sourcesOf(
  map: DimensionMap,
  gridRank: number,
  counts: ArrayLike<number>,
): Float64Array<ArrayBuffer> {
  const sources = new Float64Array(map.localSize(gridRank));
  let k = 0;
  if (counts.length === 1) {
    const count = counts[0];
    // Lists may have indices that the array has not: nobody looks at what stands there.
    for (const index of map.globalIndices(gridRank)) {
      sources[k++] = Math.max(0, Math.floor(index / count));
    }
    return sources;
  }
  const ends = new Float64Array(counts.length);
  let end = 0;
  for (let source = 0; source < counts.length; source++) {
    end += counts[source];
    ends[source] = end;
  }
  const last = counts.length - 1;
  if (map.dist === 'u' || map.base !== map) {
    for (const index of map.globalIndices(gridRank)) {
      sources[k++] = Math.min(last, firstAbove(ends, index));
    }
    return sources;
  }
  for (const { start, blockSize, stride, count } of map.runs(gridRank)) {
    for (let block = 0; block < count; block++) {
      const first = start + block * stride;
      let source = firstAbove(ends, first);
      for (let index = first; index < first + blockSize; index++) {
        while (source < last && ends[source] <= index) source++;
        sources[k++] = source;
      }
    }
  }
  return sources;
}

/** The place of the first number above `value` in an ascending list. */
function firstAbove(ascending: Float64Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The numbers of a list, ascending, each once, and the place of each of the list's there. */
function distinct(numbers: Float64Array): { wanted: Float64Array; places: Float64Array } {
  const ascends = numbers.every((number, k) => k === 0 || numbers[k - 1] <= number);
  const sorted = ascends ? numbers : numbers.slice().sort();
  const wanted = sorted.filter((number, k) => k === 0 || number !== sorted[k - 1]);
  const places = new Float64Array(numbers.length);
  let place = 0;
  for (let k = 0; k < numbers.length; k++) {
    if (!ascends) place = firstAbove(wanted, numbers[k]) - 1;
    else if (wanted[place] !== numbers[k]) place++;
    places[k] = place;
  }
  return { wanted, places };
}

/** The map by which a process gets the elements that it wants; it knows of its own only. */
function partMap(
  { gridSize }: DimensionMap,
  gridRank: number,
  size: number,
  indices: Float64Array,
): DimensionMap {
  return UnstructuredMap.ofRank({ size, gridSize, gridRank, indices });
}
