/** Repeating elements. */
import { ArgumentRangeError } from '../../errors.ts';
import { gather } from '../../kernels/copy.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { checkShape, showShape } from '../../maps/shape.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import { alignTo } from '../align.ts';
import { type ArrayMeta, arrayOperation } from '../operation.ts';
import { likeDistribution } from './likeDistribution.ts';

/** What {@link repeatOperation} takes. */
export interface RepeatParams {
  readonly axis: number;
  /** How often each element along the axis is there; one number for all. */
  readonly counts: readonly number[];
}

/**
 * Elements repeated along an axis (`numpy.repeat`). Each process asks for those that its part of the result
 * repeats, each once, and repeats them itself.
 */
export const repeatOperation = arrayOperation<RepeatParams>('repeat', {
  infer: inferRepeat,
  run: ([array], params, environment) => {
    const { dtype, distribution } = inferRepeat([array], params);
    const axis = positiveIndex(params.axis, array.ndim, 'options.axis');
    const extent = array.globalShape[axis];
    const result = new LocalArray(distribution, { dtype, comm: environment.comm });
    const map = distribution.maps[axis];
    const coord = result.rank < 0 ? 0 : result.cartCoords[axis];
    const sources =
      result.rank < 0
        ? new Float64Array(0)
        : sourcesOf(map.globalIndices(coord), map.localSize(coord), params.counts);
    const wanted = map.gridSize === 1 ? null : distinct(sources);
    const maps = distribution.maps.with(axis, mapOf(map, coord, extent, wanted));
    const arrived = alignTo(array, distribution.withMaps(maps), environment);
    if (result.localSize === 0) return result;
    const along = wanted === null ? sources : placesIn(wanted, sources);
    const positions = maps.map((_, dim) => (dim === axis ? along : null));
    gather(result.strided, arrived, positions);
    return result;
  },
});

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
  const total =
    counts.length === 1 ? counts[0] * extent : counts.reduce((sum, count) => sum + count, 0);
  const longer = checkShape(shape.with(axis, total), 'repeats');
  return { dtype, distribution: likeDistribution(distribution, longer) };
}

/** The source index of each of these indices of the result, in their order. */
function sourcesOf(
  indices: IterableIterator<number>,
  count: number,
  counts: readonly number[],
): Float64Array {
  const sources = new Float64Array(count);
  const ends = new Float64Array(counts.length);
  let end = 0;
  for (let source = 0; source < counts.length; source++) {
    end += counts[source];
    ends[source] = end;
  }
  const one = counts.length === 1;
  let k = 0;
  for (const index of indices) {
    sources[k++] = one ? Math.floor(index / counts[0]) : firstAbove(ends, index);
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

/** The numbers of a list, ascending, each once. */
function distinct(numbers: Float64Array): Float64Array {
  const sorted = numbers.slice().sort();
  return sorted.filter((number, k) => k === 0 || number !== sorted[k - 1]);
}

function placesIn(ascending: Float64Array, numbers: Float64Array): Float64Array {
  return numbers.map((number) => firstAbove(ascending, number) - 1);
}

/** The map by which a process gets the elements that it wants; all of them where there is no list. */
function mapOf(
  { gridSize }: DimensionMap,
  gridRank: number,
  size: number,
  wanted: Float64Array | null,
): DimensionMap {
  if (wanted === null) return new UndistributedMap(size);
  return UnstructuredMap.ofRank({ size, gridSize, gridRank, indices: wanted });
}
