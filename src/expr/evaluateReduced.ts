/** Reductions of expressions: what is reduced is never in memory as a whole. */
import { allocate, type Dtype, type TypedArray } from '../dtype/dtype.ts';
import type { ReductionName } from '../dtype/reductions.ts';
import { runProgram } from '../kernels/program.ts';
import type { States } from '../kernels/reduction.ts';
import { type StridedView, viewOf } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../ops/operation.ts';
import { type ReduceOptions, reduceElements } from '../ops/reduce/reduce.ts';
import { type ReduceParams, reduceOperation } from '../ops/reduce/reduceOperations.ts';
import { type EvaluateParams, evaluate, inferred, inputsOf } from './evaluate.ts';
import { warm } from './hot.ts';
import { broughtTogether, type Operands } from './operands.ts';
import type { Plan } from './plan.ts';
import type { TopReduction } from './tree.ts';
import { type Box, viewInBox } from './windows.ts';

/** Reductions around whole expressions. */
export const evaluateReducedOperation = arrayOperation<EvaluateParams>('evaluateReduced', {
  infer: (arrays, params, processes) => {
    const { meta } = inferred(arrays, params);
    return reduceOperation.infer([meta], reduceParams(params), processes);
  },
  run: evaluateReduced,
});

/** Elements that are computed before they are added up: they stay in the second-level cache. */
const CHUNK = 2 ** 15;

function evaluateReduced(
  arrays: readonly LocalArray[],
  params: EvaluateParams,
  environment: OperationEnvironment,
): LocalArray {
  const { meta, plan } = inferred(arrays, params);
  const { distribution } = meta;
  const { name, ...options } = params.expression.reduction as TopReduction;
  if (!isFused(distribution, name)) {
    const array = evaluate(arrays, params, environment);
    return reduceOperation.run([array], reduceParams(params), environment);
  }
  const { comm } = environment;
  reduceOperation.infer([meta], reduceParams(params), comm.size);
  const operands = broughtTogether(arrays, arrays.length, distribution, environment);
  return reduceOperands({ meta, plan, comm, operands }, name, options);
}

/** What is reduced: the elements that a program makes of operands. */
export interface Computed {
  readonly meta: ArrayMeta;
  readonly plan: Plan;
  readonly comm: Comm;
  readonly operands: Pick<Operands, 'forBoxes'>;
}

/** Reduces what a program makes, in chunks that are used again. @remarks Collective. */
export function reduceOperands(
  { meta, plan, comm, operands }: Computed,
  name: ReductionName,
  options: ReduceOptions,
): LocalArray {
  const { distribution, dtype } = meta;
  const rank = distribution.rankOfTarget(comm.rank);
  const { shape: globalShape, ndim } = distribution;
  const localShape = rank < 0 ? globalShape.map(() => 0) : distribution.localShape(rank);
  const isEmpty = rank < 0 || localShape.includes(0);
  let isWaitedFor = false;
  const addTo = (states: States, axes: readonly number[]) => {
    isWaitedFor = true;
    warm(
      plan.compiled,
      localShape.reduce((size, extent) => size * extent, 1),
    );
    operands.forBoxes(isEmpty ? null : localShape, (views, box) => {
      const begin = box?.begin ?? localShape.map(() => 0);
      const shape = box === null ? localShape : box.end.map((end, axis) => end - begin[axis]);
      forChunks(shape, (chunk) => {
        const elements = computed(plan, views, chunk, dtype);
        const within = {
          shape: localShape,
          begin: begin.map((at, axis) => at + chunk.begin[axis]),
        };
        states.add(elements, axes, null, undefined, within);
      });
    });
  };
  const elements = { comm, distribution, dtype, globalShape, localShape, ndim, rank };
  const result = reduceElements(elements, name, options, addTo);
  // Neighbours are to be waited for also where nothing counts.
  if (!isWaitedFor) operands.forBoxes(null, () => {});
  return result;
}

function reduceParams({ expression }: EvaluateParams): ReduceParams {
  return { ...(expression.reduction as TopReduction), hasOut: false, hasWhere: false };
}

/** Whether elements need not be in memory together: places are counted, and copies left out, in arrays. */
export function isFused({ maps }: Distribution, name: ReductionName): boolean {
  return name !== 'argmin' && name !== 'argmax' && maps.every(({ dist }) => dist !== 'u');
}

/** Room for the elements of a chunk, used again for the next one. */
const rooms = new Map<Dtype, TypedArray>();

function computed(
  { compiled, ...plan }: Plan,
  views: readonly StridedView[],
  chunk: Box,
  dtype: Dtype,
): StridedView {
  let room = rooms.get(dtype);
  if (room === undefined) {
    room = allocate(dtype, CHUNK);
    rooms.set(dtype, room);
  }
  const shape = chunk.end.map((end, axis) => end - chunk.begin[axis]);
  const out = viewOf(room as StridedView['data'], dtype, shape);
  const parts = views.map((view) => viewInBox(view, chunk));
  runProgram(compiled.program, inputsOf({ compiled, ...plan }, parts), out);
  return out;
}

/** Calls back for parts of a shape that have at most {@link CHUNK} elements, in C order. */
function forChunks(shape: readonly number[], visit: (chunk: Box) => void): void {
  let inner = 1;
  let axis = shape.length - 1;
  while (axis > 0 && inner * shape[axis] <= CHUNK) inner *= shape[axis--];
  if (axis < 0) {
    visit({ begin: [], end: [] });
    return;
  }
  const step = Math.max(1, Math.floor(CHUNK / inner));
  const begin = shape.map(() => 0);
  for (;;) {
    const end = shape.map((extent, dim) => (dim < axis ? begin[dim] + 1 : extent));
    end[axis] = Math.min(begin[axis] + step, shape[axis]);
    visit({ begin: [...begin], end });
    let dim = axis;
    begin[dim] += step;
    while (begin[dim] >= shape[dim]) {
      if (dim === 0) return;
      begin[dim] = 0;
      dim--;
      begin[dim]++;
    }
  }
}
