/** Sums of diagonals (`numpy.trace`). */
import { type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { resolveReduction } from '../../dtype/reductions.ts';
import { ArgumentRangeError, checkInteger } from '../../errors.ts';
import { States } from '../../kernels/reduction.ts';
import { type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { intersection } from '../../maps/intersection.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../operation.ts';
import { axisGroup } from '../reduce/axisGroup.ts';
import { finishOnAll, mergeStatesOnRoot } from '../reduce/mergeStates.ts';
import { countingOnce } from './countingOnce.ts';

/** What {@link traceOperation} takes, as `numpy.trace` does. */
export interface TraceParams {
  /** How far the diagonal is above the main one; below it if negative. Default 0. */
  readonly offset?: number;
  /** The axis of its rows. Default 0. */
  readonly axis1?: number;
  /** The axis of its columns. Default 1. */
  readonly axis2?: number;
  /** What elements are cast to before; also the dtype of the result. */
  readonly dtype?: Dtype;
}

/**
 * Sums along a diagonal of two axes. Each process adds up what it has of it, where it lies; the sums are merged as
 * those of `sum` are.
 */
export const traceOperation = arrayOperation<TraceParams>('trace', {
  infer: ([array], params, processes) => {
    const { result, compute: _, ...call } = callOf(array, params);
    return { dtype: result, distribution: resultOf(array.distribution, call, processes) };
  },
  run: ([array], params, environment) => {
    const call = callOf(array, params);
    return addDiagonal(array, call, environment);
  },
});

interface TraceCall {
  readonly offset: number;
  readonly axis1: number;
  readonly axis2: number;
  readonly compute: Dtype;
  readonly result: Dtype;
}

function callOf({ dtype: from, distribution }: ArrayMeta, params: TraceParams): TraceCall {
  const { offset = 0, axis1: first = 0, axis2: second = 1, dtype } = params;
  const { ndim } = distribution;
  if (ndim < 2) {
    throw new ArgumentRangeError(
      'array',
      'two dimensions or more (diag requires an array of at least two dimensions)',
      `shape (${distribution.shape.join(', ')})`,
    );
  }
  checkInteger('options.offset', offset);
  const axis1 = positiveIndex(first, ndim, 'options.axis1');
  const axis2 = positiveIndex(second, ndim, 'options.axis2');
  if (axis1 === axis2) {
    throw new ArgumentRangeError('options.axis2', 'another axis than axis1', second);
  }
  const wanted = dtype === undefined ? undefined : parseDtype(dtype, 'options.dtype');
  return { offset, axis1, axis2, ...resolveReduction('sum', from, wanted) };
}

function resultOf(
  distribution: Distribution,
  { axis1, axis2 }: Pick<TraceCall, 'axis1' | 'axis2'>,
  processes: number,
): Distribution {
  if (distribution.ndim === 2) return Distribution.replicated([], { size: processes });
  return distribution.reduce([axis1, axis2]);
}

function addDiagonal(
  given: LocalArray,
  call: TraceCall,
  environment: OperationEnvironment,
): LocalArray {
  const { comm } = environment;
  const axes = [call.axis1, call.axis2].sort((a, b) => a - b);
  const array = countingOnce(given, axes, environment);
  const { distribution } = array;
  const { isReplicated } = distribution;
  const isFull = array.ndim === 2;
  const kept = array.localShape.filter((_, axis) => !axes.includes(axis));
  const name = call.result === 'bool' ? 'any' : 'sum';
  const states = new States(name, call.compute, sizeOfShape(kept));
  const isKnown = isReplicated && distribution.numProcesses === comm.size;
  // Where every process has the same elements, one counts.
  const counts = array.rank === 0 || (array.rank > 0 && (!isReplicated || !isFull || isKnown));
  if (counts && states.count > 0) {
    for (const view of diagonalOf(array, call)) states.add(view, [0, 1]);
  }
  const target = resultOf(given.distribution, call, comm.size);
  const result = newArray(target, { dtype: call.result, comm, zeroed: false });
  if (isFull) {
    const told = finishOnAll(comm, states, 0, isKnown);
    return result.assignView({ ...told, shape: [], strides: [] }, 'unsafe');
  }
  const processes = axes.reduce((product, axis) => product * distribution.gridShape[axis], 1);
  if (!isReplicated && processes > 1) {
    const group = axisGroup(comm, distribution, axes);
    if (group !== null) mergeStatesOnRoot(group, states);
  }
  if (result.rank >= 0) result.assignView(states.finish(result.localShape, 0), 'unsafe');
  return result;
}

/** The diagonal's elements in this process's part: blocks, places in a block, then the other axes. */
function diagonalOf(
  array: LocalArray,
  { offset, axis1, axis2 }: TraceCall,
): readonly StridedView[] {
  const { globalShape: shape } = array;
  const [row, column] = [Math.max(0, -offset), Math.max(0, offset)];
  const length = Math.min(shape[axis1] - row, shape[axis2] - column);
  if (length <= 0) return [];
  const items: SliceItem[] = shape.map((_, axis) => {
    if (axis === axis1) return { start: row, stop: row + length };
    return axis === axis2 ? { start: column, stop: column + length } : null;
  });
  const square = array.slice(items);
  const { maps } = square.distribution;
  const coords = square.cartCoords;
  const view = square.readView();
  const others = [...shape.keys()].filter((axis) => axis !== axis1 && axis !== axis2);
  const [down, across] = [view.strides[axis1], view.strides[axis2]];
  return intersection(maps[axis1], coords[axis1], maps[axis2], coords[axis2]).map(
    ({ count, blockSize, inA, inB }) => ({
      ...view,
      shape: [count, blockSize, ...others.map((axis) => view.shape[axis])],
      strides: [
        inA.stride * down + inB.stride * across,
        down + across,
        ...others.map((axis) => view.strides[axis]),
      ],
      offset: view.offset + inA.start * down + inB.start * across,
    }),
  );
}
