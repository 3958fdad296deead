/** Reductions and cumulative functions as operations. */
import type { Dtype } from '../../dtype/dtype.ts';
import { parseDtype } from '../../dtype/dtype.ts';
import { canCast } from '../../dtype/promotion.ts';
import { REDUCTIONS, type ReductionName, resolveReduction } from '../../dtype/reductions.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { normalizeReductionAxes } from '../../maps/reductionAxes.ts';
import { alignTo, coincide } from '../align.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../operation.ts';
import { redistribute } from '../redistribute/redistribute.ts';
import { assembled } from '../shape/assembly.ts';
import { countedOnce } from './countedOnce.ts';
import { type CumulativeName, cumulative, cumulativeAxis } from './cumulative.ts';
import {
  afterInitial,
  checkInitial,
  type InitialName,
  reduceFrom,
  withOneMore,
} from './initial.ts';
import { noMaskError, planReduction, reduce } from './reduce.ts';

/** A call of a reduction. Its arrays are the array, and `out` and `where` if they are given. */
export interface ReduceParams {
  readonly name: ReductionName;
  readonly axis?: number | readonly number[] | null;
  readonly keepdims?: boolean;
  readonly dtype?: Dtype;
  readonly ddof?: number;
  /** What the reduction begins with. */
  readonly initial?: Scalar;
  readonly hasOut: boolean;
  readonly hasWhere: boolean;
}

/** Reductions over axes (`numpy.sum` and its kin); `out` and `where` may lie elsewhere than the array. */
export const reduceOperation = arrayOperation<ReduceParams>('reduce', {
  infer: inferReduction,
  run: (arrays, params, environment) => {
    const { name, hasOut, hasWhere, initial, ...options } = params;
    const { comm } = environment;
    const meta = inferReduction(arrays, params, comm.size);
    const axes = normalizeReductionAxes(options.axis, arrays[0].ndim, 'options.axis');
    const array = COUNTS.has(name) ? countedOnce(arrays[0], axes, environment) : arrays[0];
    const where = hasWhere ? alike(arrays[arrays.length - 1], array, environment) : undefined;
    const result =
      initial === undefined
        ? reduce(array, name, { ...options, where })
        : reduceFrom(array, name as InitialName, initial, { ...options, where });
    return hasOut ? put(result, arrays[1], meta, environment) : result;
  },
});

/** What {@link cumulativeOperation} takes. Its arrays are the array, and `out` if it is given. */
export interface CumulativeParams {
  readonly name: CumulativeName;
  readonly axis?: number;
  readonly dtype?: Dtype;
  /** Whether the result begins with the sum or product of no elements. */
  readonly includeInitial?: boolean;
  readonly hasOut: boolean;
}

/** Cumulative sums and products (`numpy.cumsum`, `numpy.cumprod`). */
export const cumulativeOperation = arrayOperation<CumulativeParams>('cumulative', {
  infer: inferCumulative,
  run: (arrays, params, environment) => {
    const meta = inferCumulative(arrays, params);
    const { name, axis, dtype, includeInitial, hasOut } = params;
    const along = normalizeReductionAxes(axis ?? 0, arrays[0].ndim, 'options.axis');
    const array = countedOnce(arrays[0], along, environment);
    const sums = cumulative(array, name, { axis, dtype });
    const { traffic } = environment;
    const partial =
      array === arrays[0] ? sums : redistribute(sums, arrays[0].distribution, { traffic });
    const result = includeInitial
      ? assembled([partial], afterInitial(partial, name, axis), environment)
      : partial;
    return hasOut ? put(result, arrays[1], meta, environment) : result;
  },
});

/** Reductions that one more copy of an element would change. */
const COUNTS: ReadonlySet<ReductionName> = new Set([
  'sum',
  'prod',
  'mean',
  'var',
  'std',
  'countNonzero',
]);

function inferReduction(
  arrays: readonly ArrayMeta[],
  { name, axis, keepdims = false, dtype, ddof, initial, hasOut, hasWhere }: ReduceParams,
  processes: number,
): ArrayMeta {
  const [{ dtype: from, distribution }] = arrays;
  const axes = normalizeReductionAxes(axis, distribution.ndim, 'options.axis');
  const wanted = dtype === undefined ? undefined : parseDtype(dtype, 'options.dtype');
  const { result } = resolveReduction(name, from, wanted);
  const isFull = axes.length === distribution.ndim;
  const reduced = isFull
    ? Distribution.replicated(keepdims ? axes.map(() => 1) : [], { size: processes })
    : distribution.reduce(axes, { keepdims });
  if (initial !== undefined) checkInitial(name, initial, result);
  else
    planReduction({ shape: distribution.shape, dtype: from }, name, {
      axis,
      keepdims,
      dtype,
      ddof,
    });
  if (hasWhere) {
    const where = arrays[arrays.length - 1];
    if (where.dtype !== 'bool') {
      throw new ArgumentTypeError('options.where', 'an array of dtype bool', where.dtype);
    }
    checkBroadcast(where.distribution.shape, distribution.shape);
    if (!REDUCTIONS[name].hasEmpty && initial === undefined) {
      if (!REDUCTIONS[name].takesInitial) throw noMaskError(name, where);
      const expected = `a value beside options.where, which may leave no element for ${name},`;
      throw new ArgumentTypeError('options.initial', expected, initial);
    }
  }
  return hasOut
    ? checkedOut(arrays[1], result, reduced.shape, name)
    : { dtype: result, distribution: reduced };
}

function inferCumulative(
  arrays: readonly ArrayMeta[],
  { name, axis, dtype, includeInitial = false, hasOut }: CumulativeParams,
): ArrayMeta {
  const [{ dtype: from, distribution: summed }] = arrays;
  const wanted = dtype === undefined ? undefined : parseDtype(dtype, 'options.dtype');
  const { result } = resolveReduction(name === 'cumulativeSum' ? 'sum' : 'prod', from, wanted);
  const along = cumulativeAxis(summed.ndim, axis);
  const distribution = includeInitial ? withOneMore(summed, along) : summed;
  if (!hasOut) return { dtype: result, distribution };
  return checkedOut(arrays[1], result, distribution.shape, name);
}

function checkedOut(
  out: ArrayMeta,
  dtype: Dtype,
  shape: readonly number[],
  name: string,
): ArrayMeta {
  if (!sameShape(out.distribution.shape, shape)) {
    throw new ArgumentRangeError('options.out', `shape (${shape.join(', ')})`, [
      ...out.distribution.shape,
    ]);
  }
  if (!canCast(dtype, out.dtype, 'sameKind')) {
    const expected = `a dtype that ${dtype}, the result of ${name}, can be cast to`;
    throw new ArgumentTypeError('options.out', expected, out.dtype);
  }
  return out;
}

/** Puts a result where it was wanted. */
function put(
  result: LocalArray,
  out: LocalArray,
  { distribution }: ArrayMeta,
  environment: OperationEnvironment,
): LocalArray {
  const view = alignTo(result, distribution, environment);
  if (out.localSize > 0) out.assignView(view);
  return out;
}

/** The mask, broadcast, on the processes that have the array. */
function alike(
  where: LocalArray,
  array: LocalArray,
  environment: OperationEnvironment,
): LocalArray<'bool'> {
  const { distribution, comm } = array;
  if (coincide(where.distribution, distribution)) return where as LocalArray<'bool'>;
  const view = alignTo(where, distribution, environment);
  const mask = new LocalArray<'bool'>(distribution, { dtype: 'bool', comm, zeroed: false });
  return mask.localSize > 0 ? mask.assignView(view) : mask;
}

function checkBroadcast(shape: readonly number[], to: readonly number[]): void {
  const lead = to.length - shape.length;
  if (lead >= 0 && shape.every((extent, axis) => extent === 1 || extent === to[axis + lead]))
    return;
  throw new ArgumentRangeError(
    'options.where',
    `a shape that can be broadcast to (${to.join(', ')})`,
    `(${shape.join(', ')})`,
  );
}
