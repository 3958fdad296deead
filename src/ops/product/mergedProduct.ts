/** Products of matrices whose inner dimension is spread: sums travel, not factors. */
import { promoteTypes } from '../../dtype/promotion.ts';
import { cast } from '../../kernels/copy.ts';
import { gemm } from '../../kernels/gemm.ts';
import { newResult, type StridedView } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { newArray } from '../newArray.ts';
import { axisGroup } from '../reduce/axisGroup.ts';
import { mergeStatesOnRoot } from '../reduce/mergeStates.ts';
import type { ProductPlan } from './productPlan.ts';
import { sumStates } from './sumStates.ts';

/**
 * Returns the product of two matrices that are spread alike along the inner dimension alone: for each process in turn all
 * multiply what makes its block of the result, and it gets the sum, merged in the order of the processes.
 *
 * @remarks Collective: one `MPI_Reduce` a process. Takes memory for a block and its sums.
 */
export function mergeProducts(
  a: LocalArray,
  b: LocalArray,
  plan: ProductPlan,
  comm: Comm,
): LocalArray {
  const dtype = promoteTypes(a.dtype, b.dtype);
  const axis = plan.mergedAxis ?? 0;
  const result = newArray(plan.result, { dtype, comm, zeroed: false });
  const group = axisGroup(comm, plan.result, [axis]);
  if (group === null) return result;
  const [left, right] = [a, b].map((factor) => {
    const view = factor.readView();
    return view.dtype === dtype ? view : cast(view, dtype);
  });
  const map = plan.result.maps[axis];
  for (let owner = 0, first = 0; owner < map.gridSize; owner++) {
    const count = map.localSize(owner);
    const [rows, columns] =
      axis === 0 ? [partOf(left, 0, first, count), right] : [left, partOf(right, 1, first, count)];
    const shape = [rows.shape[0], columns.shape[1]];
    first += count;
    const states = sumStates(dtype, shape[0] * shape[1]);
    if (states.count === 0) continue;
    const products = newResult(dtype, shape);
    gemm(products, rows, columns);
    states.add(products, []);
    mergeStatesOnRoot(group, states, owner);
    if (group.rank === owner) result.assignView(states.finish(shape, 0), 'unsafe');
  }
  return result;
}

function partOf(view: StridedView, axis: number, first: number, count: number): StridedView {
  const shape = view.shape.map((extent, other) => (other === axis ? count : extent));
  return { ...view, shape, offset: view.offset + first * view.strides[axis] };
}
