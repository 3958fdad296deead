/**
 * Joining arrays. The result is distributed like the first one: dimensions of the same extent keep their maps,
 * others get even blocks (or are cyclic with the same block size) on the same grid.
 * @remarks All are collective. Elements go straight to where they belong.
 */
import type { Dtype } from '../../dtype/dtype.ts';
import { concatenateOperation, stackOperation } from '../../ops/shape/join.ts';
import type { DistArray } from '../distArray.ts';
import { checkArrays, checked, combined } from './call.ts';
import { CONCATENATE_OPTIONS, STACK_OPTIONS } from './optionNames.ts';
import { ravel } from './reshape.ts';
import type { ConcatenateOptions, JoinedDtype, StackOptions } from './types.ts';
import { expandDims } from './views.ts';

/**
 * Returns arrays one after the other along an axis (`numpy.concatenate`); of the dtype that theirs are promoted to.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for shapes that differ along another axis
 * @throws {@link ContextError} for arrays of several contexts
 */
export function concatenate<
  Arrays extends readonly DistArray<Dtype>[],
  R extends Dtype = JoinedDtype<Arrays>,
>(arrays: Arrays, options?: ConcatenateOptions<R>): DistArray<R> {
  checkArrays(arrays);
  const { axis = 0, dtype, out } = checked(options, CONCATENATE_OPTIONS, '{ axis: 0 }');
  if (axis !== null) return combined(arrays, concatenateOperation, { axis, dtype }, out);
  return combined(
    arrays.map((array) => ravel(array)),
    concatenateOperation,
    { axis: 0, dtype },
    out,
  );
}

export { concatenate as concat };

/**
 * Returns arrays of one shape one after the other along a new axis (`numpy.stack`), which is not distributed.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for shapes that differ
 * @throws {@link ContextError} for arrays of several contexts
 */
export function stack<
  Arrays extends readonly DistArray<Dtype>[],
  R extends Dtype = JoinedDtype<Arrays>,
>(arrays: Arrays, options?: StackOptions<R>): DistArray<R> {
  checkArrays(arrays);
  const { axis = 0, dtype, out } = checked(options, STACK_OPTIONS, '{ axis: 0 }');
  return combined(arrays, stackOperation, { axis, dtype }, out);
}

/** Returns arrays one below the other (`numpy.vstack`): those of one dimension are rows. */
export function vstack<Arrays extends readonly DistArray<Dtype>[]>(
  arrays: Arrays,
): DistArray<JoinedDtype<Arrays>> {
  checkArrays(arrays);
  const rows = arrays.map((array) => {
    if (array.ndim === 0) return expandDims(array, [0, 1]);
    return array.ndim === 1 ? expandDims(array, 0) : array;
  });
  return concatenate<typeof rows, JoinedDtype<Arrays>>(rows);
}

/** Returns arrays side by side (`numpy.hstack`): along the second axis, those of one dimension along it. */
export function hstack<Arrays extends readonly DistArray<Dtype>[]>(
  arrays: Arrays,
): DistArray<JoinedDtype<Arrays>> {
  checkArrays(arrays);
  const sides = arrays.map((array) => (array.ndim === 0 ? expandDims(array, 0) : array));
  return concatenate<typeof sides, JoinedDtype<Arrays>>(sides, {
    axis: sides[0].ndim === 1 ? 0 : 1,
  });
}
