/** Taking elements out of distributed arrays by arrays of indices. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../../dtype/dtype.ts';
import { ArgumentTypeError } from '../../errors.ts';
import { newResult } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../operation.ts';
import { redistribute } from '../redistribute/redistribute.ts';
import { fetchRows } from './fetchRows.ts';
import { indexableDistribution, indexedDistribution } from './indexDistribution.ts';
import { type IndexEntry, type IndexPlan, planIndex } from './indexPlan.ts';
import { checkKnownIndices, localIndices } from './indexValues.ts';
import { requestsFor } from './requests.ts';
import { Rows, rowsOfResult } from './rows.ts';

/** An index: its entries; the arrays of integers among them are operands, or data that every process has. */
export interface IndexParams {
  readonly entries: readonly IndexEntry[];
}

/**
 * The elements of an array (the first) at an index with arrays of integers in it (`numpy` advanced indexing), as a new
 * array under the distribution that {@link indexedDistribution} tells.
 */
export const getIndexedOperation = arrayOperation<IndexParams>('getIndexed', {
  infer: (arrays, { entries }) => {
    const [{ dtype }, ...operands] = arrays;
    const { plan, distribution } = planFor(arrays, entries, false);
    const base = distribution.slice(plan.basic);
    return { dtype, distribution: indexedDistribution(base, plan, operands) };
  },
  run: ([array, ...operands], { entries }, environment) => {
    const { plan, distribution } = planFor([array, ...operands], entries, false);
    const { comm } = environment;
    const base = broughtTo(array, distribution, environment).slice(plan.basic);
    const to = indexedDistribution(base.distribution, plan, operands);
    const indices = localIndices(plan, to, operands, environment);
    const requests = requestsFor(indices, plan, base.distribution, to, comm, false);
    const { data, localShape } = partFor(to, comm.rank, array.dtype);
    const target = rowsOfResult(data, array.dtype, localShape, plan);
    const isLocal = base.distribution.isReplicated || comm.size === 1;
    fetchRows(requests, new Rows(base, plan), target, isLocal, environment);
    return arrayOfPart(to, { data, dtype: array.dtype, comm });
  },
});

/** Memory for a process's part of a result, in C order, that is to be written. */
function partFor<D extends Dtype>(distribution: Distribution, process: number, dtype: D) {
  const rank = distribution.rankOfTarget(process);
  const localShape = rank < 0 ? distribution.shape.map(() => 0) : distribution.localShape(rank);
  const { data } = newResult(dtype, rank < 0 ? [0] : localShape);
  return { data, localShape };
}

/** Makes an array of a part; where kept axes have halos, their elements are copied. */
function arrayOfPart<D extends Dtype>(
  distribution: Distribution,
  { data, dtype, comm }: { data: TypedArrayOf<D>; dtype: D; comm: Comm },
): LocalArray<D> {
  const rank = distribution.rankOfTarget(comm.rank);
  const coords = rank < 0 ? [] : distribution.coordsFromRank(rank);
  const hasHalo = coords.some((coord, axis) => {
    const [lower, upper] = distribution.maps[axis].halo(coord);
    return lower + upper > 0;
  });
  if (!hasHalo) return new LocalArray(distribution, { data, dtype, comm, isOwn: true });
  return new LocalArray(distribution, { dtype, comm }).assignContiguous(data);
}

/**
 * Returns the plan of an index, and the distribution that the array (the first) is brought to before.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function planFor(
  [{ distribution }, ...operands]: readonly ArrayMeta[],
  entries: readonly IndexEntry[],
  writes: boolean,
): { readonly plan: IndexPlan; readonly distribution: Distribution } {
  for (const { dtype } of operands) {
    const { kind } = DTYPES[dtype];
    if (kind !== 'int' && kind !== 'uint' && kind !== 'bool') {
      throw new ArgumentTypeError('index', 'arrays of integers or booleans', dtype);
    }
  }
  const { shape, maps } = distribution;
  const plan = planIndex(
    shape,
    entries,
    operands.map((each) => each.distribution.shape),
    (axis) => maps[axis].dist === 'u',
  );
  checkKnownIndices(plan);
  return { plan, distribution: indexableDistribution(distribution, plan, writes) };
}

/** Returns an array under a distribution, which mostly is its own. */
export function broughtTo(
  array: LocalArray,
  distribution: Distribution,
  { traffic }: OperationEnvironment,
): LocalArray {
  if (array.distribution === distribution) return array;
  return redistribute(array, distribution, { traffic });
}
