/** Differences of neighbours. */
import type { Dtype } from '../../dtype/dtype.ts';
import { resultType } from '../../dtype/promotion.ts';
import { isScalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError, checkInteger } from '../../errors.ts';
import { isArrayInput } from '../../local/arrayInput.ts';
import { range, sliceAt } from '../../ops/shape/assembly.ts';
import { concatenateOperation } from '../../ops/shape/join.ts';
import { likeDistribution } from '../../ops/shape/likeDistribution.ts';
import type { Assigned } from '../assign.ts';
import { DistArray } from '../distArray.ts';
import { notEqual, subtract } from '../elementwise/functions.ts';
import { axisOf, checkArray, checked, combined } from './call.ts';
import { broadcastTo } from './reshape.ts';
import type { DiffOptions } from './types.ts';

/**
 * Returns the differences of neighbours along an axis (`numpy.diff`): a[i + 1] − a[i]; of bools whether they differ.
 *
 * @remarks Collective. `prepend` and `append` that are numbers are of the array's dtype where that has them.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 * @throws {@link ContextError} for arrays of several contexts
 */
export function diff<D extends Dtype>(array: DistArray<D>, options?: DiffOptions): DistArray<D> {
  checkArray(array);
  const { n = 1, axis = -1, prepend, append } = checked(options, '{ axis: 0 }');
  checkInteger('options.n', n, 0);
  const along = axisOf(axis, array.ndim);
  if (n === 0) return array;
  const before = beside(array, along, prepend, 'options.prepend');
  const after = beside(array, along, append, 'options.append');
  let result: DistArray<Dtype> = array;
  if (before.length + after.length > 0) {
    const params = { axis: along, like: before.length };
    result = combined([...before, array, ...after], concatenateOperation, params);
  }
  for (let k = 0; k < n; k++) {
    const extent = result.shape[along];
    const low = result.slice(sliceAt(result.ndim, { [along]: range(0, Math.max(0, extent - 1)) }));
    const high = result.slice(sliceAt(result.ndim, { [along]: range(1, extent) }));
    result = result.dtype === 'bool' ? notEqual(high, low) : subtract(high, low);
  }
  return result as DistArray<D>;
}

/** What is put beside an array along an axis: at most one array. */
function beside(
  array: DistArray<Dtype>,
  axis: number,
  value: Assigned | undefined,
  argument: string,
): DistArray<Dtype>[] {
  if (value === undefined) return [];
  const { context, shape } = array;
  if (isScalar(value)) {
    const distribution = likeDistribution(array.distribution, shape.with(axis, 1));
    return [context.full(distribution, value, { dtype: resultType(array.dtype, value) })];
  }
  if (value instanceof DistArray) {
    return [value.ndim === 0 ? broadcastTo(value, shape.with(axis, 1)) : value];
  }
  if (!isArrayInput(value)) {
    throw new ArgumentTypeError(argument, 'a number, data of an array, or a DistArray', value);
  }
  return [context.fromArray(value, { targets: array.targets })];
}
