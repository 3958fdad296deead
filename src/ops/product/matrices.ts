/** Products of matrices and of stacks of them, whatever their distributions. */
import type { Dtype } from '../../dtype/dtype.ts';
import { promoteTypes } from '../../dtype/promotion.ts';
import { cast } from '../../kernels/copy.ts';
import { broadcastShapes, type StridedView } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { alignTo } from '../align.ts';
import { newArray } from '../newArray.ts';
import type { ArrayMeta, OperationEnvironment } from '../operation.ts';
import { axisGroup } from '../reduce/axisGroup.ts';
import { mergeProducts } from './mergedProduct.ts';
import { type FactorPlan, planProduct } from './productPlan.ts';
import { type Factor, type SummaOptions, summa } from './summa.ts';

/** Dtype and distribution of a product of arrays of two or more dimensions ({@link planProduct}). Pure. */
export function inferMatrices(a: ArrayMeta, b: ArrayMeta): ArrayMeta {
  const dtype = promoteTypes(a.dtype, b.dtype);
  return { dtype, distribution: planProduct(a, b, stackOf(a, b)).result };
}

/**
 * Returns the product of two matrices, or of stacks of them, whose shapes fit.
 * @remarks Collective: factors are brought where they are needed, and panels of them broadcast.
 */
export function multiplyMatrices(
  a: LocalArray,
  b: LocalArray,
  environment: SummaOptions,
): LocalArray {
  const { comm } = environment;
  const dtype = promoteTypes(a.dtype, b.dtype);
  const stack = stackOf(a, b);
  const plan = planProduct(a, b, stack);
  if (plan.mergedAxis !== null) return mergeProducts(a, b, plan, comm);
  const result = newArray(plan.result, { dtype, comm, zeroed: false });
  const side = { result: plan.result, dtype, lead: stack.length };
  const left = factorOf(a, plan.a, stack.length + 1, side, environment);
  const right = factorOf(b, plan.b, stack.length, side, environment);
  const holds = result.rank >= 0;
  summa(holds ? result.strided : null, left, right, environment);
  return result;
}

/** The dimensions of the stack that the product is. */
function stackOf(a: ArrayMeta, b: ArrayMeta): readonly number[] {
  const lead = (meta: ArrayMeta) => meta.distribution.shape.slice(0, -2);
  return broadcastShapes([lead(a), lead(b)]);
}

interface Side {
  readonly result: Distribution;
  readonly dtype: Dtype;
  /** Number of dimensions of the stack. */
  readonly lead: number;
}

/** Brings a factor to where it is needed. */
function factorOf(
  array: LocalArray,
  { distribution, spread }: FactorPlan,
  innerAxis: number,
  { result, dtype, lead }: Side,
  environment: OperationEnvironment,
): Factor | null {
  const { comm } = environment;
  const aligned = alignTo(array, distribution, environment);
  const isShared = spread.reduce((product, axis) => product * result.gridShape[axis], 1) > 1;
  const group = isShared ? axisGroup(comm, result, spread) : null;
  const rank = distribution.rankOfTarget(comm.rank);
  if (rank < 0 || result.rankOfTarget(comm.rank) < 0) return null;
  const shape = onceInStack(array.globalShape, distribution.localShape(rank));
  const view = stretched(aligned, shape);
  const inner = distribution.maps[distribution.ndim - lead - 2 + innerAxis];
  return { view: view.dtype === dtype ? view : cast(view, dtype), inner, group };
}

/** The shape of a local part, of a stack of matrices without those that are repeated: the kernel broadcasts them. */
function onceInStack(whole: readonly number[], part: readonly number[]): readonly number[] {
  const lead = part.length - whole.length;
  return part.map((extent, axis) => {
    const isRepeated = axis < lead || (axis < part.length - 2 && whole[axis - lead] === 1);
    return isRepeated ? Math.min(1, extent) : extent;
  });
}

/** A view as one of this shape: elements that are there once for all stay so. */
export function stretched(view: StridedView, shape: readonly number[]): StridedView {
  const lead = shape.length - view.shape.length;
  const strides = shape.map((extent, axis) => {
    const own = axis < lead ? 1 : view.shape[axis - lead];
    return own === extent && axis >= lead ? view.strides[axis - lead] : 0;
  });
  return { ...view, shape, strides };
}
