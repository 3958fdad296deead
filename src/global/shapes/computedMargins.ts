/** Margins that are computed from the elements along their axis. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { ArgumentRangeError } from '../../errors.ts';
import { showShape } from '../../maps/shape.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';
import { concatenateOperation } from '../../ops/shape/join.ts';
import type { DistArray } from '../distArray.ts';
import { rint } from '../elementwise/functions.ts';
import { max, mean, min } from '../reductions.ts';
import { combined } from './call.ts';
import { broadcastTo } from './reshape.ts';
import type { StatisticMode } from './types.ts';

/** What holds for the two edges of each axis. */
export type Edges<T> = readonly (readonly [before: T, after: T])[];

/** Returns the margins of one axis of what has those of the axes before; null where there is none. */
type Margins<D extends Dtype> = (
  array: DistArray<D>,
  axis: number,
) => readonly [before: DistArray<D> | null, after: DistArray<D> | null];

const STATISTICS = { maximum: max, minimum: min, mean } as const;

/** The modes of margins full of what the elements along the axis come to. */
export const STATISTIC_MODES = Object.keys(STATISTICS) as readonly StatisticMode[];

/**
 * Returns an array with margins of what the elements along each axis come to.
 * @param lengths - how many elements beside the edge count; null for all
 */
export function withStatistics<D extends Dtype>(
  array: DistArray<D>,
  widths: Edges<number>,
  mode: StatisticMode,
  lengths: Edges<number | null>,
): DistArray<D> {
  const { dtype } = array;
  const isRounded = mode === 'mean' && ['int', 'uint'].includes(DTYPES[dtype].kind);
  const statistic = (part: DistArray<D>, axis: number): DistArray<D> => {
    const exact: DistArray<Dtype> = STATISTICS[mode](part, { axis, keepdims: true });
    // Means of integers are rounded, as NumPy's.
    return (isRounded ? rint(exact) : exact).astype(dtype);
  };
  return withMargins(array, widths, mode, (padded, axis) => {
    const extent = padded.shape[axis];
    const [first, last] = lengths[axis].map((length) => Math.min(length ?? extent, extent));
    const [before, after] = widths[axis].map((width) => padded.shape.with(axis, width));
    const left = along(padded, axis, { stop: first });
    const low = statistic(left, axis);
    const high =
      first === extent && last === extent
        ? low
        : statistic(along(padded, axis, { start: extent - last }), axis);
    return [broadcastTo(low, before), broadcastTo(high, after)];
  });
}

/** Returns an array with margins that go evenly from `ends` to its edges (`numpy.linspace`). */
export function withRamps<D extends Dtype>(
  array: DistArray<D>,
  widths: Edges<number>,
  ends: Edges<Scalar>,
): DistArray<D> {
  const { dtype, context } = array;
  const { kind } = DTYPES[dtype];
  const computed = kind === 'complex' ? 'complex128' : 'float64';
  const ramp = (edge: DistArray<D>, axis: number, end: Scalar, width: number): DistArray<D> => {
    const start = scalarAs(end, computed, 'options.endValues');
    const steps = context
      .arange(width)
      .reshape(edge.shape.map((_, dim) => (dim === axis ? width : 1)));
    const delta = edge.astype(computed).subtract(start);
    const step = delta.divide(width);
    // NumPy multiplies in another order where there are steps of 0, which may be differences that vanish.
    const rises = step.equal(0).any().item()
      ? steps.divide(width).multiply(delta)
      : steps.multiply(step);
    const exact = rises.add(start);
    return (kind === 'int' || kind === 'uint' ? exact.floor() : exact).astype(dtype);
  };
  return withMargins(array, widths, 'linearRamp', (padded, axis) => {
    const [before, after] = widths[axis];
    const [low, high] = ends[axis];
    const [first, last] = edgesOf(padded, axis);
    return [
      before === 0 ? null : ramp(first, axis, low, before),
      after === 0 ? null : ramp(last, axis, high, after).flip({ axis }),
    ];
  });
}

/**
 * Returns an array that goes on beyond its edges as reflections at the point of the edge: twice the element there,
 * less the reflected one. As NumPy's, what is wider than the array is reflected from what it has by then.
 */
export function withOddReflections<D extends Dtype>(
  array: DistArray<D>,
  widths: Edges<number>,
  mode: 'reflect' | 'symmetric',
): DistArray<D> {
  const { dtype } = array;
  const odd = (edge: DistArray<D>, part: DistArray<D>): DistArray<D> => {
    if (dtype !== 'bool') return edge.multiply(2).subtract(part) as DistArray<D>;
    return edge.astype('int64').multiply(2).subtract(part.astype('int64')).astype(dtype);
  };
  const isBeside = mode === 'symmetric' ? 0 : 1;
  let result = array;
  for (let axis = 0; axis < array.ndim; axis++) {
    const extent = array.shape[axis];
    const period = extent - isBeside;
    const left = [...widths[axis]];
    if (extent === 1) {
      result = withMargins(result, only(widths, axis), mode, (padded, dim) => {
        const [edge] = edgesOf(padded, dim);
        const [before, after] = widths[dim].map((width) => padded.shape.with(dim, width));
        return [broadcastTo(edge, before), broadcastTo(edge, after)];
      });
      continue;
    }
    while (left[0] > 0 || left[1] > 0) {
      const length = result.shape[axis];
      const reach = period === 0 ? 0 : Math.floor((length - isBeside) / period) * period;
      const [before, after] = left.map((width) => Math.min(width, reach));
      const step = only([...widths.slice(0, axis), [before, after]], axis);
      result = withMargins(result, step, mode, (padded) => {
        const [first, last] = edgesOf(padded, axis);
        const head = along(padded, axis, { start: isBeside, stop: isBeside + before });
        const end = length - isBeside;
        const tail = along(padded, axis, { start: end - after, stop: end });
        return [odd(first, head.flip({ axis })), odd(last, tail.flip({ axis }))];
      });
      left[0] -= before;
      left[1] -= after;
    }
  }
  return result === array ? array.copy() : result;
}

/** Margins axis by axis, each made from what is there before. */
function withMargins<D extends Dtype>(
  array: DistArray<D>,
  widths: Edges<number>,
  mode: string,
  margins: Margins<D>,
): DistArray<D> {
  const empty = array.shape.findIndex(
    (extent, axis) => extent === 0 && Math.max(...(widths[axis] ?? [0])) > 0,
  );
  if (empty >= 0) {
    const expected = `'constant' or 'empty', since axis ${empty} of ${showShape(array.shape)} is empty`;
    throw new ArgumentRangeError('options.mode', expected, mode);
  }
  let result = array;
  widths.forEach(([before, after], axis) => {
    if (before + after === 0) return;
    const [low, high] = margins(result, axis);
    const pieces: DistArray<Dtype>[] = [result];
    if (before > 0 && low !== null) pieces.unshift(low);
    if (after > 0 && high !== null) pieces.push(high);
    result = combined(pieces, concatenateOperation, { axis, like: before > 0 ? 1 : 0 });
  });
  return result === array ? array.copy() : result;
}

/** The first and the last elements along an axis, whose dimension stays. */
function edgesOf<D extends Dtype>(
  array: DistArray<D>,
  axis: number,
): readonly [DistArray<D>, DistArray<D>] {
  return [along(array, axis, { stop: 1 }), along(array, axis, { start: array.shape[axis] - 1 })];
}

function along<D extends Dtype>(array: DistArray<D>, axis: number, item: SliceItem): DistArray<D> {
  return array.slice(array.shape.map((_, dim): SliceItem => (dim === axis ? item : null)));
}

/** The widths along one axis alone. */
function only(widths: Edges<number>, axis: number): Edges<number> {
  return widths.map((pair, dim) => (dim === axis ? pair : [0, 0]));
}
