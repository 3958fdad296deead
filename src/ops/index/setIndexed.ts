/** Giving elements of distributed arrays, which arrays of indices tell, new values. */
import { type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { copyTo, fill } from '../../kernels/copy.ts';
import { newResult, newView, type StridedView, viewOf } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { alignTo } from '../align.ts';
import { type ArrayMeta, type OperationEnvironment, valueOperation } from '../operation.ts';
import { partOfData } from '../partOfData.ts';
import { redistribute } from '../redistribute/redistribute.ts';
import { checkBroadcast, fittingView, superfluous } from './assign.ts';
import { broughtTo, type IndexParams, planFor } from './getIndexed.ts';
import { indexedDistribution } from './indexDistribution.ts';
import type { IndexPlan } from './indexPlan.ts';
import { localIndices } from './indexValues.ts';
import { requestsFor } from './requests.ts';
import { Rows, rowsOfResult } from './rows.ts';
import { storeRows } from './storeRows.ts';

/** What elements get: a number, or data that every process has; without either, the last operand. */
export interface GivenValue {
  readonly scalar?: Scalar;
  readonly view?: StridedView;
}

/** An index, and what its elements get. */
export interface SetIndexedParams extends IndexParams {
  readonly value: GivenValue;
}

/**
 * Gives the elements of an array (the first) at an index with arrays of integers in it values, broadcast and cast. Where
 * an element is meant several times, the last value in C order stays, as in NumPy, on any number of processes.
 */
export const setIndexedOperation = valueOperation<SetIndexedParams, void>('setIndexed', {
  isSilent: true,
  check: (arrays, params) => {
    checked(arrays, params);
  },
  run: (arrays, params, environment) => {
    const { plan, distribution } = checked(arrays, params);
    const [array, ...others] = arrays;
    const source = hasOperand(params) ? others.pop() : undefined;
    const { comm } = environment;
    const whole = broughtTo(array, distribution, environment);
    const base = whole.slice(plan.basic);
    // Of even blocks the order of the processes is that of the index.
    const order = indexedDistribution(base.distribution, plan, null);
    const indices = localIndices(plan, order, others, environment);
    const requests = requestsFor(indices, plan, base.distribution, order, comm, true);
    const { scalar } = params.value;
    const values =
      scalar !== undefined
        ? oneElement(array, scalar)
        : valuesFor(array, source, params, order, plan, environment);
    const isLocal = base.distribution.isReplicated || comm.size === 1;
    const isOne = scalar !== undefined;
    storeRows(requests, new Rows(base, plan), values, isOne, isLocal, environment);
    if (whole !== array) {
      redistribute(whole, array.distribution, { out: array, traffic: environment.traffic });
    }
  },
});

function hasOperand({ value }: SetIndexedParams): boolean {
  return value.scalar === undefined && value.view === undefined;
}

function checked(
  arrays: readonly ArrayMeta[],
  params: SetIndexedParams,
): { readonly plan: IndexPlan; readonly distribution: Distribution } {
  const { entries, value } = params;
  const source = hasOperand(params) ? arrays[arrays.length - 1] : undefined;
  const indexed = source === undefined ? arrays : arrays.slice(0, -1);
  const found = planFor(indexed, entries, true);
  if (value.scalar !== undefined) scalarAs(value.scalar, arrays[0].dtype);
  else {
    const shape = source?.distribution.shape ?? value.view?.shape ?? [];
    checkBroadcast(found.plan.shape, shape);
  }
  return found;
}

function oneElement({ dtype }: LocalArray, scalar: Scalar): StridedView {
  const one = newView(dtype, []);
  fill(one, scalar);
  return one;
}

/** The values for this process's index tuples, as rows. */
function valuesFor(
  array: LocalArray,
  source: LocalArray | undefined,
  { value }: SetIndexedParams,
  order: Distribution,
  plan: IndexPlan,
  environment: OperationEnvironment,
): StridedView {
  const rank = order.rankOfTarget(environment.comm.rank);
  const shape = rank < 0 ? order.shape.map(() => 0) : order.localShape(rank);
  const { data } = newResult(array.dtype, rank < 0 ? [0] : shape);
  const view =
    source === undefined
      ? value.view && fittingView(value.view, order.shape)
      : alignTo(fittingArray(source, order.shape), order, environment);
  const rows = rowsOfResult(data, array.dtype, shape, plan);
  if (rank < 0 || view === undefined || data.length === 0) {
    return { ...rows, shape: rows.shape.map((extent, k) => (k === 0 ? 0 : extent)) };
  }
  const part = source === undefined ? partOfData(view, order, rank) : view;
  copyTo(viewOf(data, array.dtype, shape), part, { casting: 'unsafe' });
  return rows;
}

function fittingArray(source: LocalArray, to: readonly number[]): LocalArray {
  const lead = superfluous(to, source.distribution.shape);
  return lead > 0 ? source.slice(Array(lead).fill(0)) : source;
}
