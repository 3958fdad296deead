/** Which elements of distributed arrays are not 0. */
import { cast, copyTo } from '../../kernels/copy.ts';
import { type StridedView, viewOf } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { arrayOperation, type OperationEnvironment, valueOperation } from '../operation.ts';
import { redistribute } from '../redistribute/redistribute.ts';
import { withoutLists } from '../redistribute/route.ts';
import { reduce } from '../reduce/reduce.ts';
import { unravel } from './ownersOfIndices.ts';
import { distributionOfTrue, flatValues, inCOrder, isInOrder, sumsOfTrue } from './trueElements.ts';

/** Number of elements that are not 0; an element that several processes list counts once. */
export const countNonzeroOperation = valueOperation<null, number>('countNonzero', {
  check: () => {},
  run: ([array], _, environment) =>
    Number(reduce(regularMask(array, environment), 'countNonzero').get()),
});

/** What operations need that make something for each true element. */
export interface CountParams {
  /** Number of true elements. */
  readonly count: number;
}

/** Flat indices of the elements that are not 0, in C order (`numpy.flatnonzero`): int64, in even blocks. */
export const flatNonzeroOperation = arrayOperation<CountParams>('flatNonzero', {
  infer: ([{ distribution }], { count }) => ({
    dtype: 'int64',
    distribution: distributionOfTrue(distribution, count),
  }),
  run: ([array], { count }, environment) => {
    const to = distributionOfTrue(array.distribution, count);
    const result = new LocalArray(to, { dtype: 'int64', comm: environment.comm });
    const mask = regularMask(array, environment);
    const from = mask.distribution;
    const flat = sumsOfTrue(mask.toContiguous(), flatValues(mask));
    const own = viewOf(flat, 'float64', [flat.length]);
    const ordered = from.isReplicated
      ? own
      : inCOrder(own, isInOrder(from) ? null : flat, from, to, environment);
    if (result.localSize > 0) result.assignView(ordered, 'unsafe');
    return result;
  },
});

/** Returns the flat indices of the true elements of a mask that every process has. */
export function flatNonzero(mask: StridedView): StridedView<'float64'> {
  const { data } = cast(mask, 'bool');
  const strides = viewOf(data, 'bool', mask.shape).strides;
  const axes = mask.shape.map((extent, axis) => ({
    extent,
    start: 0,
    step: strides[axis],
    table: null,
  }));
  const flat = sumsOfTrue(data, axes);
  return viewOf(flat, 'float64', [flat.length]);
}

/** What {@link unravelOperation} takes. */
export interface UnravelParams {
  readonly shape: readonly number[];
  /** The axis along which indices are wanted; null for all, in a new last dimension. */
  readonly axis: number | null;
}

/** Indices along axes of flat indices (`numpy.unravel_index`). Sends nothing. */
export const unravelOperation = arrayOperation<UnravelParams>('unravelIndex', {
  infer: ([{ distribution }], params) => ({
    dtype: 'int64',
    distribution: unraveled(distribution, params),
  }),
  run: ([array], params, { comm }) => {
    const distribution = unraveled(array.distribution, params);
    const result = new LocalArray(distribution, { dtype: 'int64', comm });
    if (result.localSize === 0) return result;
    const flat = cast(array.readView(), 'float64').data;
    const { shape, axis: wanted } = params;
    const target = result.strided;
    unravel(flat, shape, (axis, indices) => {
      const along = viewOf(indices, 'float64', [indices.length]);
      if (wanted === axis) copyTo(target, along, { casting: 'unsafe' });
      if (wanted !== null) return;
      const [rows, columns] = target.strides;
      const column = {
        ...target,
        shape: [indices.length],
        strides: [rows],
        offset: target.offset + axis * columns,
      };
      copyTo(column, along, { casting: 'unsafe' });
    });
    return result;
  },
});

function unraveled(distribution: Distribution, { shape, axis }: UnravelParams): Distribution {
  if (axis !== null) return distribution;
  const { maps, targets, isReplicated } = distribution;
  if (isReplicated)
    return Distribution.replicated([...distribution.shape, shape.length], { targets });
  return Distribution.fromMaps([...maps, new UndistributedMap(shape.length)], { targets });
}

/** Returns the elements as bools, each once: unstructured maps make room for even blocks. */
function regularMask(array: LocalArray, { traffic }: OperationEnvironment): LocalArray<'bool'> {
  const mask = array.dtype === 'bool' ? (array as LocalArray<'bool'>) : array.astype('bool');
  if (array.distribution.hasPreciseIndex) return mask;
  return redistribute(mask, withoutLists(array.distribution), { traffic });
}
