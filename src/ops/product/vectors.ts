/** Products of arrays and vectors: vectors go to where the array lies. */

import type { Dtype } from '../../dtype/dtype.ts';
import { promoteTypes } from '../../dtype/promotion.ts';
import { cast } from '../../kernels/copy.ts';
import { gemm } from '../../kernels/gemm.ts';
import { newView, type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { alignTo } from '../align.ts';
import type { ArrayMeta, OperationEnvironment } from '../operation.ts';
import { axisGroup } from '../reduce/axisGroup.ts';
import { mergeStatesOnRoot } from '../reduce/mergeStates.ts';
import { countingOnce } from './countingOnce.ts';
import { stretched } from './matrices.ts';
import { sumStates } from './sumStates.ts';

/** Dtype and distribution of `array · vector`, or `vector · array` over the last axis but one. Pure. */
export function inferVector(array: ArrayMeta, vector: ArrayMeta, axis: number): ArrayMeta {
  return {
    dtype: promoteTypes(array.dtype, vector.dtype),
    distribution: array.distribution.reduce([axis]),
  };
}

/**
 * Returns the sums of products of an array with a vector over one of its last two axes: distributed as a reduction over
 * that axis is.
 *
 * @remarks Collective: the vector goes to where the array lies, and sums are merged, in the order of the
 * processes, along the axis.
 */
export function multiplyVector(
  array: LocalArray,
  vector: LocalArray,
  axis: number,
  environment: OperationEnvironment,
): LocalArray {
  const { comm } = environment;
  const { dtype, distribution } = inferVector(array, vector, axis);
  const matrix = countingOnce(array, [axis], environment);
  const trailing = matrix.ndim - 1 - axis;
  const items: SliceItem[] = ['...', ...new Array<SliceItem>(trailing).fill(newaxis)];
  const spread = trailing === 0 ? vector : vector.slice(items);
  const aligned = alignTo(spread, matrix.distribution, environment);
  const result = new LocalArray(distribution, { dtype, comm, zeroed: false });
  const gridSize = matrix.distribution.gridShape[axis];
  const group = gridSize > 1 ? axisGroup(comm, matrix.distribution, [axis]) : null;
  if (matrix.rank < 0) return result;

  const shape = matrix.localShape.filter((_, other) => other !== axis);
  const core = stretched(
    aligned,
    matrix.localShape.map((extent, other) => (other === axis ? extent : 1)),
  );
  const sums = localSums(matrix.readView(), core, axis, shape, dtype);
  if (group === null) {
    result.assignView(sums, 'unsafe');
    return result;
  }
  const states = sumStates(dtype, sizeOfShape(shape));
  if (states.count > 0) states.add(sums, []);
  mergeStatesOnRoot(group, states);
  if (result.rank >= 0) result.assignView(states.finish(shape, 0), 'unsafe');
  return result;
}

/** The products of this process's part, as an array of the kept axes. */
function localSums(
  matrix: StridedView,
  vector: StridedView,
  axis: number,
  shape: readonly number[],
  dtype: Dtype,
): StridedView {
  const sums = newView(dtype, shape);
  const left = matrix.dtype === dtype ? matrix : cast(matrix, dtype);
  const right = vector.dtype === dtype ? vector : cast(vector, dtype);
  const ndim = matrix.shape.length;
  const depth = matrix.shape[axis];
  if (axis === ndim - 1) {
    const column = { ...right, shape: [depth, 1], strides: [right.strides[axis], 0] };
    gemm(withAxis(sums, ndim - 1), left, column);
  } else {
    const row = { ...right, shape: [1, depth], strides: [0, right.strides[axis]] };
    gemm(withAxis(sums, ndim - 2), row, left);
  }
  return sums;
}

/** A view with one more dimension of length 1. */
function withAxis(view: StridedView, axis: number): StridedView {
  const insert = (list: readonly number[], entry: number) => [
    ...list.slice(0, axis),
    entry,
    ...list.slice(axis),
  ];
  return { ...view, shape: insert(view.shape, 1), strides: insert(view.strides, 0) };
}
