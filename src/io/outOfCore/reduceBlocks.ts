/** Reductions of arrays in files. */
import type { ReductionName } from '../../dtype/reductions.ts';
import { States } from '../../kernels/reduction.ts';
import { contiguousStrides } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';
import { copyInto } from '../../ops/align.ts';
import {
  finishReduction,
  planReduction,
  type ReduceOptions,
  type ReductionPlan,
  reduce,
} from '../../ops/reduce/reduce.ts';
import { boxOfBlock } from './blockPlan.ts';
import { type BlockPart, BlockRun, type Evaluation } from './blockRun.ts';
import { atLeast1d, type Expression } from './expression.ts';
import type { Box } from './slab.ts';

/** Options of {@link reduceBlocks}, as NumPy's. */
export type BlockReduceOptions = Pick<ReduceOptions, 'axis' | 'keepdims' | 'dtype' | 'ddof'>;

/** Part of the memory that states may use. */
const STATES_SHARE = 1 / 4;

/**
 * Returns several reductions of an expression over the same axes, in one pass over the files: `reduce` of what need not fit
 * into memory. Of all axes each is a 0-d array that every process knows; of some it is distributed in blocks along its first
 * axis.
 *
 * @remarks Collective.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike, before any data are read; what reading
 * says
 */
export function reduceBlocks(
  expression: Expression,
  names: readonly ReductionName[],
  options: BlockReduceOptions,
  evaluation: Evaluation,
): LocalArray[] {
  const { shape } = expression;
  const plans = names.map((name) => planReduction(expression, name, options));
  if (shape.includes(0))
    return names.map((name) => reduceNothing(expression, name, options, evaluation));
  if (shape.length === 0) {
    const { dtype, ddof } = options;
    return reduceBlocks(atLeast1d(expression), names, { dtype, ddof }, evaluation);
  }
  const { axes, isFull } = plans[0];
  const { comm, memory } = evaluation;
  const stateBytes = plans
    .map(({ state, compute }) => new States(state, compute, 1).size)
    .reduce((sum, bytes) => sum + bytes, 0);
  const keptAxes = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const keptElements = (extents: readonly number[]) =>
    keptAxes.reduce((product, axis) => product * extents[axis], 1);
  const run = new BlockRun(expression, evaluation, {
    keeps: (share) => isFull || keptElements(share) * stateBytes <= memory * STATES_SHARE,
    outerAxes: keptAxes,
  });
  try {
    const results = plans.map((plan) => newResult(plan, shape, evaluation));
    const { count, grid } = run.plan;
    const blocksOfTile = axes.reduce((product, axis) => product * grid[axis], 1);
    const parts = run.parts();
    for (let first = 0; first < count; first += blocksOfTile) {
      const tile = boxOfBlock(run.plan, first);
      let states: States[] = [];
      for (let k = 0; k < blocksOfTile; k++) {
        const part = parts.next().value as BlockPart;
        if (k === 0) states = statesOf(plans, keptElements(part.shape));
        run.attempt(() => addPart(run, part, states, plans[0]));
      }
      run.agreeOnFailure();
      const array = { comm, distribution: run.distributionOf(tile) };
      plans.forEach((plan, k) => {
        const finished = finishReduction(array, states[k], plan);
        if (isFull) results[k] = finished;
        else putTile(results[k], finished, tile, plan, evaluation);
      });
    }
    return results;
  } finally {
    run.close();
  }
}

function statesOf(plans: readonly ReductionPlan[], count: number): States[] {
  return plans.map(({ state, compute }) => new States(state, compute, count));
}

/** Adds the elements of a part, piece by piece, to the states of its kept axes, which have one index after the other. */
function addPart(
  run: BlockRun,
  { elements, shape, share }: BlockPart,
  states: readonly States[],
  { axes }: ReductionPlan,
): void {
  /** From an index to the next along each axis, in the numbers that `argmin` and `argmax` give. */
  const steps = shape.map(() => 0);
  contiguousStrides(axes.map((axis) => run.plan.shape[axis])).forEach((stride, k) => {
    steps[axes[k]] = stride;
  });
  run.program.computePieces(elements, shape, (piece, box) => {
    const within = { shape, begin: box.map(({ start }) => start) };
    const start = box.reduce(
      (sum, at, axis) => sum + (share[axis].start + at.start) * steps[axis],
      0,
    );
    for (const each of states) each.add(piece, axes, { start, steps }, undefined, within);
  });
}

function newResult(
  { axes, keepdims, result }: ReductionPlan,
  shape: readonly number[],
  { comm }: Evaluation,
): LocalArray {
  const extents = shape.flatMap((extent, axis) => {
    if (!axes.includes(axis)) return [extent];
    return keepdims ? [1] : [];
  });
  const distribution = Distribution.fromShape(extents, { size: comm.size });
  return new LocalArray(distribution, { dtype: result, comm });
}

/** Puts the result of some of the kept indices to its place. */
function putTile(
  result: LocalArray,
  tile: LocalArray,
  box: Box,
  { axes, keepdims }: ReductionPlan,
  evaluation: Evaluation,
): void {
  const items = box.flatMap(({ start, count }, axis): SliceItem[] => {
    if (!axes.includes(axis)) return [{ start, stop: start + count }];
    return keepdims ? [null] : [];
  });
  copyInto(result.slice(items), tile, evaluation);
}

/** The reduction of an array without elements. */
function reduceNothing(
  { shape, dtype }: Expression,
  name: ReductionName,
  options: BlockReduceOptions,
  evaluation: Evaluation,
): LocalArray {
  const { comm } = evaluation;
  const nothing = new LocalArray(Distribution.fromShape(shape, { size: comm.size }), {
    dtype,
    comm,
  });
  const reduced = reduce(nothing, name, options);
  const plan = planReduction({ shape, dtype }, name, options);
  if (plan.isFull) return reduced;
  const result = newResult(plan, shape, evaluation);
  copyInto(result, reduced, evaluation);
  return result;
}
