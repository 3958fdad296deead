/** Sums of products over pairs of axes of two arrays. */
import type { Dtype } from '../../dtype/dtype.ts';
import { promoteTypes } from '../../dtype/promotion.ts';
import { cast } from '../../kernels/copy.ts';
import { gemm } from '../../kernels/gemm.ts';
import {
  contiguousStrides,
  newView,
  type StridedView,
  sizeOfShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { alignTo } from '../align.ts';
import { newArray } from '../newArray.ts';
import type { ArrayMeta, OperationEnvironment } from '../operation.ts';
import { axisGroup } from '../reduce/axisGroup.ts';
import { finishOnAll } from '../reduce/mergeStates.ts';
import { stretched } from './matrices.ts';
import { summa } from './summa.ts';
import { sumStates } from './sumStates.ts';
import { planTensordot, type TensordotAxes, type TensordotFactor } from './tensordotPlan.ts';

/** Dtype and distribution of a sum over pairs of axes ({@link planTensordot}). Pure. */
export function inferTensordot(
  a: ArrayMeta,
  b: ArrayMeta,
  axes: TensordotAxes,
  processes: number,
): ArrayMeta {
  const dtype = promoteTypes(a.dtype, b.dtype);
  return { dtype, distribution: planTensordot(a, b, axes, processes).result };
}

/**
 * Returns the sums of products over pairs of axes; the axes of the result are the other ones of `a`, then those of `b`.
 *
 * @remarks Collective: both are brought to where they are spread along one axis; then it is a product of two
 * matrices, panels of one of which are broadcast, or sums of all processes are merged.
 */
export function tensordot(
  a: LocalArray,
  b: LocalArray,
  axes: TensordotAxes,
  environment: OperationEnvironment,
): LocalArray {
  const { comm } = environment;
  const dtype = promoteTypes(a.dtype, b.dtype);
  const plan = planTensordot(a, b, axes, comm.size);
  const left = matrixOf(a, plan.a, dtype, environment);
  const right = matrixOf(b, plan.b, dtype, environment);
  const result = newArray(plan.result, { dtype, comm, zeroed: false });
  if (plan.spread === 'inner') {
    const states = sumStates(dtype, 1);
    if (left !== null && right !== null) {
      const sum = newView(dtype, [1, 1]);
      gemm(sum, left, right);
      states.add({ ...sum, shape: [1], strides: [1] }, [0]);
    }
    const told = finishOnAll(comm, states, 0, false);
    return result.assignView({ ...told, shape: [], strides: [] }, 'unsafe');
  }
  const isShared = !plan.result.isReplicated && plan.result.numProcesses > 1;
  const group = isShared ? axisGroup(comm, plan.result, [plan.axis]) : null;
  if (left === null || right === null) {
    summa(null, null, null, environment);
    return result;
  }
  const shape = [left.shape[0], right.shape[1]];
  // Padding would lie between the rows.
  const product = result.isContiguous
    ? viewOf(result.toContiguous(), dtype, shape)
    : newView(dtype, shape);
  const sharesRight = plan.spread === 'rows';
  summa(
    product,
    { view: left, inner: plan.a.inner, group: sharesRight ? null : group },
    { view: right, inner: plan.b.inner, group: sharesRight ? group : null },
    environment,
  );
  if (!result.isContiguous) {
    const { localShape } = result;
    result.assignView({ ...product, shape: localShape, strides: contiguousStrides(localShape) });
  }
  return result;
}

/** This process's part as a matrix; null when it has none. */
function matrixOf(
  array: LocalArray,
  { distribution, order, rowAxes }: TensordotFactor,
  dtype: Dtype,
  environment: OperationEnvironment,
): StridedView | null {
  const aligned = alignTo(array, distribution, environment);
  const rank = distribution.rankOfTarget(environment.comm.rank);
  if (rank < 0) return null;
  const view = stretched(aligned, distribution.localShape(rank));
  const turned = {
    ...view,
    shape: order.map((axis) => view.shape[axis]),
    strides: order.map((axis) => view.strides[axis]),
  };
  const shape = [
    sizeOfShape(turned.shape.slice(0, rowAxes)),
    sizeOfShape(turned.shape.slice(rowAxes)),
  ];
  const [rows, columns] = shape;
  const [rowStride, columnStride] = [
    joinedStride(turned, 0, rowAxes),
    joinedStride(turned, rowAxes, order.length),
  ];
  if (view.dtype !== dtype || rowStride === null || columnStride === null) {
    return viewOf(cast(turned, dtype).data, dtype, shape);
  }
  return { ...view, shape: [rows, columns], strides: [rowStride, columnStride] };
}

/** The stride of some axes as one; null when they are none. */
function joinedStride({ shape, strides }: StridedView, from: number, to: number): number | null {
  let stride: number | null = null;
  let step = 0;
  for (let axis = to - 1; axis >= from; axis--) {
    if (shape[axis] === 1) continue;
    if (stride === null) stride = strides[axis];
    else if (strides[axis] !== step) return null;
    step = strides[axis] * shape[axis];
  }
  return stride ?? 1;
}
