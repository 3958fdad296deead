/**
 * Other orders of axes, and dimensions of one index: views over the same memory, whatever the distribution.
 * @remarks All are collective, and send nothing.
 */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, checkInteger } from '../../errors.ts';
import { normalizeReductionAxes } from '../../maps/reductionAxes.ts';
import { showShape } from '../../maps/shape.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { transposeOperation } from '../../ops/index/views.ts';
import type { DistArray } from '../distArray.ts';
import { axisOf, checkArray, checked, derived } from './call.ts';
import { AXIS_OPTIONS, PLANE_OPTIONS } from './optionNames.ts';
import type { AxesOptions, PlaneOptions } from './types.ts';

/**
 * Returns the array with its axes in another order (`numpy.transpose`).
 *
 * @param axes - axis k of the view is axis `axes[k]` of the array; by default all in reverse order
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless every axis is named once
 */
export function transpose<D extends Dtype>(
  array: DistArray<D>,
  axes: readonly number[] | null = null,
): DistArray<D> {
  return derived(array, transposeOperation, axes);
}

/** Returns the array with its axes in another order (`permute_dims` of the Array API): {@link transpose}. */
export function permuteDims<D extends Dtype>(
  array: DistArray<D>,
  axes: readonly number[],
): DistArray<D> {
  return transpose(array, axes);
}

/**
 * Returns the array with its last two axes exchanged (`matrix_transpose` of the Array API).
 * @throws {@link ArgumentRangeError} for fewer than two dimensions
 */
export function matrixTranspose<D extends Dtype>(array: DistArray<D>): DistArray<D> {
  checkArray(array);
  if (array.ndim < 2) {
    throw new ArgumentRangeError('array', 'at least two dimensions', showShape(array.shape));
  }
  return swapaxes(array, -2, -1);
}

/**
 * Returns the array with two axes exchanged (`numpy.swapaxes`).
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for an axis that does not exist
 */
export function swapaxes<D extends Dtype>(
  array: DistArray<D>,
  axis1: number,
  axis2: number,
): DistArray<D> {
  checkArray(array);
  const [first, second] = [axisOf(axis1, array.ndim, 'axis1'), axisOf(axis2, array.ndim, 'axis2')];
  const order = [...array.shape.keys()];
  return transpose(array, order.with(first, second).with(second, first));
}

/**
 * Returns the array with some axes moved to other places; the others stay in their order (`numpy.moveaxis`).
 *
 * @param source - one axis, or several
 * @param destination - as many places
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function moveaxis<D extends Dtype>(
  array: DistArray<D>,
  source: number | readonly number[],
  destination: number | readonly number[],
): DistArray<D> {
  checkArray(array);
  const { ndim } = array;
  const from = listed(source, ndim, 'source');
  const to = listed(destination, ndim, 'destination');
  if (from.length !== to.length) {
    throw new ArgumentRangeError('destination', `${from.length} axes, as source has`, destination);
  }
  const order = [...array.shape.keys()].filter((axis) => !from.includes(axis));
  for (const [place, axis] of to.map((place, k) => [place, from[k]]).sort(([a], [b]) => a - b)) {
    order.splice(place, 0, axis);
  }
  return transpose(array, order);
}

/**
 * Returns the array with new dimensions of one index (`numpy.expand_dims`).
 *
 * @param axis - where the new ones are in the result: one, or several
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function expandDims<D extends Dtype>(
  array: DistArray<D>,
  axis: number | readonly number[],
): DistArray<D> {
  checkArray(array);
  const ndim = array.ndim + (Array.isArray(axis) ? axis.length : 1);
  const added = listed(axis, ndim, 'axis');
  return array.slice(
    Array.from({ length: ndim }, (_, k): SliceItem => (added.includes(k) ? newaxis : null)),
  );
}

/**
 * Returns the array without dimensions of one index (`numpy.squeeze`): those that are named, or all.
 *
 * @remarks What is not distributed stays so; of a dimension that is, the processes stay that have the index.
 * @throws {@link ArgumentRangeError} for an axis of another extent
 */
export function squeeze<D extends Dtype>(array: DistArray<D>, options?: AxesOptions): DistArray<D> {
  checkArray(array);
  const { axis } = checked(options, AXIS_OPTIONS, '{ axis: 0 }');
  const all = axis === undefined || axis === null;
  const named = normalizeReductionAxes(axis, array.ndim, 'options.axis');
  const dropped = named.filter((each) => array.shape[each] === 1);
  if (!all && dropped.length < named.length) {
    const shape = showShape(array.shape);
    throw new ArgumentRangeError('options.axis', `axes of one index of shape ${shape}`, axis);
  }
  return array.slice(array.shape.map((_, each) => (dropped.includes(each) ? 0 : null)));
}

/**
 * Returns the array with its elements in reverse order along axes (`numpy.flip`): one, several, or all.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function flip<D extends Dtype>(array: DistArray<D>, options?: AxesOptions): DistArray<D> {
  checkArray(array);
  const { axis } = checked(options, AXIS_OPTIONS, '{ axis: 0 }');
  const axes = normalizeReductionAxes(axis, array.ndim, 'options.axis');
  return array.slice(array.shape.map((_, each) => (axes.includes(each) ? { step: -1 } : null)));
}

/**
 * Returns the array turned by 90° in the plane of two axes (`numpy.rot90`), from the first one towards the second.
 *
 * @param k - how often; negative ones the other way
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function rot90<D extends Dtype>(
  array: DistArray<D>,
  k = 1,
  options?: PlaneOptions,
): DistArray<D> {
  checkArray(array);
  checkInteger('k', k);
  const { axes = [0, 1] } = checked(options, PLANE_OPTIONS, '{ axes: [0, 1] }');
  if (!Array.isArray(axes) || axes.length !== 2) {
    throw new ArgumentRangeError('options.axes', 'two axes', axes);
  }
  const [from, to] = listed(axes, array.ndim, 'options.axes');
  switch (((k % 4) + 4) % 4) {
    case 0:
      return array.slice('...');
    case 1:
      return swapaxes(flip(array, { axis: to }), from, to);
    case 2:
      return flip(array, { axis: [from, to] });
    default:
      return flip(swapaxes(array, from, to), { axis: to });
  }
}

/** One axis or several, in the order given. */
function listed(
  axes: number | readonly number[],
  ndim: number,
  argument: string,
): readonly number[] {
  if (!Array.isArray(axes)) return [axisOf(axes as number, ndim, argument)];
  normalizeReductionAxes(axes, ndim, argument);
  return axes.map((axis) => (axis < 0 ? axis + ndim : axis));
}
