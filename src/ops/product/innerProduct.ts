/** Sums of products over all elements: numbers that every process knows. */
import { DTYPES } from '../../dtype/dtype.ts';
import { promoteTypes } from '../../dtype/promotion.ts';
import { cast, toContiguous } from '../../kernels/copy.ts';
import { gemm } from '../../kernels/gemm.ts';
import { newView, type StridedView, sizeOfShape, viewOf } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { alignTo } from '../align.ts';
import { commonDistribution } from '../elementwise/commonDistribution.ts';
import { elementwise } from '../elementwise/elementwise.ts';
import type { ArrayMeta, OperationEnvironment } from '../operation.ts';
import { finishOnAll } from '../reduce/mergeStates.ts';
import { onceOnly } from './countingOnce.ts';
import { stretched } from './matrices.ts';
import { sumStates } from './sumStates.ts';

/** Dtype and distribution of an inner product. Pure. */
export function inferInnerProduct(a: ArrayMeta, b: ArrayMeta, processes: number): ArrayMeta {
  return {
    dtype: promoteTypes(a.dtype, b.dtype),
    distribution: Distribution.replicated([], { size: processes }),
  };
}

/**
 * Returns the sum of the products of all elements of two arrays of one shape, the first ones conjugated if wished: a 0-d
 * array that every process knows, bit by bit the same.
 *
 * @remarks Collective: one goes to where the other one lies; then one `MPI_Reduce`, in the order of the ranks, and one
 * `MPI_Bcast`. Sums of blocks are added up with their rounding errors.
 */
export function innerProduct(
  a: LocalArray,
  b: LocalArray,
  conjugates: boolean,
  environment: OperationEnvironment,
): LocalArray {
  const { comm } = environment;
  const { dtype, distribution } = inferInnerProduct(a, b, comm.size);
  const axes = [...a.globalShape.keys()];
  const where = onceOnly(commonDistribution([a, b], a.globalShape), axes);
  const views = [a, b].map((array) => alignTo(array, where, environment));
  const rank = where.rankOfTarget(comm.rank);
  const isKnown = where.isReplicated && where.numProcesses === comm.size;
  const states = sumStates(dtype, 1);
  // Where every process has the same elements, one counts.
  if (rank === 0 || (rank > 0 && (!where.isReplicated || isKnown))) {
    const shape = where.localShape(rank);
    const [left, right] = views.map((view) => flattened(stretched(view, shape), dtype));
    const sum = newView(dtype, [1, 1]);
    gemm(sum, rowOf(conjugates ? conjugated(left) : left), columnOf(right));
    states.add({ ...sum, shape: [1], strides: [1] }, [0]);
  }
  const told = finishOnAll(comm, states, 0, isKnown);
  const result = new LocalArray(distribution, { dtype, comm });
  return result.assignView({ ...told, shape: [], strides: [] }, 'unsafe');
}

/** The elements in C order, where they lie if they lie so. */
function flattened(view: StridedView, dtype: StridedView['dtype']): StridedView {
  const size = sizeOfShape(view.shape);
  if (view.dtype !== dtype) return viewOf(cast(view, dtype).data, dtype, [size]);
  if (view.shape.length === 1) return view;
  return viewOf(toContiguous(view), dtype, [size]);
}

function conjugated(view: StridedView): StridedView {
  return DTYPES[view.dtype].kind === 'complex' ? elementwise('conj', [view]) : view;
}

function rowOf({ strides: [stride], shape: [extent], ...rest }: StridedView): StridedView {
  return { ...rest, shape: [1, extent], strides: [0, stride] };
}

function columnOf({ strides: [stride], shape: [extent], ...rest }: StridedView): StridedView {
  return { ...rest, shape: [extent, 1], strides: [stride, 0] };
}
