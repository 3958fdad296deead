/** Arrays in files, and elementwise functions of them, computed into memory. */
import type { Dtype, TypedArrayOf } from '../../dtype/dtype.ts';
import { DTYPES } from '../../dtype/dtype.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { sizeOfShape, viewOf } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { newaxis } from '../../maps/sliceSpec.ts';
import { copyInto } from '../../ops/align.ts';
import { boxOf } from '../boxRuns.ts';
import { inBoxes } from '../slabs.ts';
import { type BlockPart, BlockRun, type Evaluation } from './blockRun.ts';
import { atLeast1d, type Expression, partsOf } from './expression.ts';
import { partOf } from './program.ts';
import type { Box } from './slab.ts';
import { giveBack, WorkMemory } from './workMemory.ts';

/**
 * Returns an expression as an array in memory, distributed as it is wanted.
 *
 * @remarks Collective. Where parts are boxes, each process reads its own; otherwise blocks that all processes share are
 * redistributed one by one.
 * @throws {@link DistArrayError} on every process alike
 */
export function computeBlocks(
  expression: Expression,
  distribution: Distribution,
  evaluation: Evaluation,
): LocalArray {
  const { comm } = evaluation;
  const { dtype } = expression;
  const result = new LocalArray(distribution, { dtype, comm, zeroed: false });
  if (expression.shape.includes(0)) return result;
  if (expression.shape.length === 0) {
    computeShared(atLeast1d(expression), result.slice([newaxis]), evaluation);
    return result;
  }
  const { arrays } = partsOf(expression);
  if (arrays.length === 0 && inBoxes(distribution)) computeOwn(expression, result, evaluation);
  else computeShared(expression, result, evaluation);
  return result;
}

/** Each process computes its own part. */
function computeOwn(expression: Expression, result: LocalArray, evaluation: Evaluation): void {
  const { distribution, cartCoords, rank } = result;
  const own: Box =
    rank < 0
      ? expression.shape.map(() => ({ start: 0, count: 0 }))
      : boxOf(distribution, cartCoords).map(([start, count]) => ({ start, count }));
  const run = new BlockRun(expression, evaluation, { own });
  try {
    for (const { share, shape, elements } of run.parts()) {
      run.attempt(() => {
        const place = share.map(({ start, count }, axis) => ({
          start: start - own[axis].start,
          count,
        }));
        const target = result.strided;
        run.program.computeInto(elements, { ...partOf(target, target.shape, place), shape });
      });
    }
    run.agreeOnFailure();
  } finally {
    run.close();
  }
}

/** All share every block, and send it to where it is wanted. */
function computeShared(expression: Expression, result: LocalArray, evaluation: Evaluation): void {
  const { dtype } = expression;
  const run = new BlockRun(expression, evaluation, { extra: bytesOfShare(dtype) });
  try {
    const memory = new WorkMemory();
    const out = memory.take(dtype, sizeOfShape(run.largestShare));
    for (const part of run.parts()) {
      const block = computePart(run, part, dtype, out, evaluation);
      const items = part.box.map(({ start, count }) => ({ start, stop: start + count }));
      copyInto(result.slice(items), block, evaluation);
    }
    run.agreeOnFailure();
    memory.release();
  } finally {
    run.close();
  }
}

/** A block of an array, and where it begins in the array. */
export interface LocalBlock {
  /** First index along each axis. */
  readonly offset: readonly number[];
  readonly array: LocalArray;
}

/** Options of {@link eachBlock}. */
export interface EachBlockOptions {
  /** Indices of a block along the first axis; by default blocks fill the memory. */
  readonly rows?: number;
}

/**
 * The blocks of an expression, one after the other, each shared by all processes. The memory of one is given back when the next
 * one is asked for.
 *
 * @remarks Collective: all processes go through all blocks, or leave at the same one.
 * @throws {@link DistArrayError} on every process alike
 */
export function* eachBlock(
  expression: Expression,
  evaluation: Evaluation,
  { rows }: EachBlockOptions = {},
): Generator<LocalBlock> {
  const { dtype, shape } = expression;
  if (shape.includes(0)) return;
  const options = { extra: bytesOfShare(dtype), isLarge: true, rows };
  const run = new BlockRun(atLeast1d(expression), evaluation, options);
  try {
    for (const part of run.parts()) {
      const memory = allocateForResult(dtype, Math.max(1, sizeOfShape(part.shape)));
      try {
        const array = computePart(run, part, dtype, memory, evaluation);
        run.agreeOnFailure();
        if (shape.length === 0) yield { offset: [], array: array.slice([0]) };
        else yield { offset: part.box.map(({ start }) => start), array };
      } finally {
        giveBack(memory);
      }
    }
  } finally {
    run.close();
  }
}

/** Computes this process's share of a block into memory, which the array is over. */
function computePart<D extends Dtype>(
  run: BlockRun,
  { box, shape, elements }: BlockPart,
  dtype: D,
  memory: TypedArrayOf<D>,
  { comm }: Evaluation,
): LocalArray<D> {
  const distribution = run.distributionOf(box);
  const size = sizeOfShape(shape);
  const data = memory.subarray(0, size * DTYPES[dtype].lanes) as TypedArrayOf<D>;
  run.attempt(() => {
    if (size > 0)
      run.program.computeInto(elements, viewOf<Dtype>(memory as TypedArrayOf<Dtype>, dtype, shape));
  });
  return new LocalArray<D>(distribution, { dtype, comm, data } as never);
}

/** Returns the bytes of a share of a block. */
export function bytesOfShare(dtype: Dtype): (share: readonly number[]) => number {
  const { itemsize } = DTYPES[dtype];
  return (share) => sizeOfShape(share) * itemsize;
}
