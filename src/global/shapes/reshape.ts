/** Arrays of another shape. @remarks All are collective. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { broadcastShapes, sameShape } from '../../kernels/stridedView.ts';
import { Distribution } from '../../maps/distribution.ts';
import { showShape } from '../../maps/shape.ts';
import { broadcastToOperation } from '../../ops/shape/broadcastTo.ts';
import { reshapeOperation, resolveShape } from '../../ops/shape/reshape.ts';
import { refuseBesideDistribution } from '../contextBase.ts';
import type { DistArray } from '../distArray.ts';
import { checkArray, checkArrays, checked, derived } from './call.ts';
import { FLATTEN_OPTIONS, RESHAPE_OPTIONS } from './optionNames.ts';
import type { ReshapeOptions } from './types.ts';

/**
 * Returns the elements, in C order, as an array of another shape (`numpy.reshape`).
 *
 * Where dimensions that are not distributed are split or joined, and the others stay, nothing is sent and the result
 * has the maps of the array; it shares memory with an array that is no view itself, and is a copy of a view.
 * Otherwise it is a copy under the default distribution, blocks along the first dimension, on the array's
 * targets, or under the one that the options tell.
 *
 * @param shape - one extent may be -1: it follows from the number of elements
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a shape of another number of elements
 */
export function reshape<D extends Dtype>(
  array: DistArray<D>,
  shape: number | readonly number[],
  options?: ReshapeOptions,
): DistArray<D> {
  checkArray(array);
  const { copy = false, distribution, ...rest } = checked(options, RESHAPE_OPTIONS, '{ dist }');
  if (typeof copy !== 'boolean') throw new ArgumentTypeError('options.copy', 'a boolean', copy);
  const resolved = resolveShape(shape, array.size);
  const { context } = array;
  if (distribution === undefined) {
    const asked = Object.values(rest).some((option) => option !== undefined);
    const wanted = asked
      ? context.distribution(resolved, { targets: array.targets, ...rest })
      : null;
    return derived(array, reshapeOperation, { shape: resolved, distribution: wanted, copy });
  }
  refuseBesideDistribution(rest);
  if (!(distribution instanceof Distribution)) {
    throw new ArgumentTypeError('options.distribution', 'a Distribution', distribution);
  }
  context.checkDistribution(distribution, 'options.distribution');
  if (!sameShape(distribution.shape, resolved)) {
    const received = showShape(distribution.shape);
    throw new ArgumentRangeError(
      'options.distribution',
      `one of shape ${showShape(resolved)}`,
      received,
    );
  }
  return derived(array, reshapeOperation, { shape: resolved, distribution, copy });
}

/** Returns the elements, in C order, as an array of one dimension (`numpy.ravel`): `reshape(array, -1)`. */
export function ravel<D extends Dtype>(
  array: DistArray<D>,
  options?: ReshapeOptions,
): DistArray<D> {
  return reshape(array, -1, options);
}

/** Returns a copy of the elements, in C order, as an array of one dimension (`ndarray.flatten`). */
export function flatten<D extends Dtype>(
  array: DistArray<D>,
  options?: Omit<ReshapeOptions, 'copy'>,
): DistArray<D> {
  return reshape(array, -1, { ...checked(options, FLATTEN_OPTIONS, '{ dist }'), copy: true });
}

/**
 * Returns an array broadcast to a shape (`numpy.broadcast_to`). Unlike NumPy's it has memory of its own and may be
 * written to.
 *
 * @remarks New dimensions are not distributed; repeated ones are as those of one index were. Functions of several
 * arrays broadcast by themselves, without such copies.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for a shape that the array has no copy in
 */
export function broadcastTo<D extends Dtype>(
  array: DistArray<D>,
  shape: readonly number[],
): DistArray<D> {
  return derived(array, broadcastToOperation, { shape });
}

/**
 * Returns copies of arrays that are broadcast together (`numpy.broadcast_arrays`): see {@link broadcastTo}.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} with all shapes in it when they do not fit
 */
export function broadcastArrays(...arrays: readonly DistArray<Dtype>[]): DistArray<Dtype>[] {
  checkArrays(arrays);
  const shape = broadcastShapes(arrays.map((array) => array.shape));
  return arrays.map((array) => broadcastTo(array, shape));
}
