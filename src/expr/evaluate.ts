/** Expressions as an operation on distributed arrays. */

import { canCast } from '../dtype/promotion.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { runProgram } from '../kernels/program.ts';
import { broadcastShapes, type StridedView, sameShape, viewOf } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import { alignTo } from '../ops/align.ts';
import { commonDistribution } from '../ops/elementwise/commonDistribution.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../ops/operation.ts';
import { type Places, type Plan, planOf } from './plan.ts';
import type { Expression } from './tree.ts';

/** A call of an expression. Its arrays are those at its places, slices already taken, and `out`. */
export interface EvaluateParams {
  readonly expression: Expression;
  /** What is at its places: the number of an array, or -1 − the number of a scalar. */
  readonly places: Places;
  readonly scalars: readonly Scalar[];
  /** Whether the last array receives the result. */
  readonly hasOut: boolean;
}

/** Expressions, computed in one pass over their operands. */
export const evaluateOperation = arrayOperation<EvaluateParams>('evaluate', {
  infer: (arrays, params) => inferred(arrays, params).meta,
  run: evaluate,
});

interface Inferred {
  readonly meta: ArrayMeta;
  readonly plan: Plan;
}

function inferred(arrays: readonly ArrayMeta[], params: EvaluateParams): Inferred {
  const { expression, places, scalars, hasOut } = params;
  const count = arrays.length - (hasOut ? 1 : 0);
  const plan = planOf(expression, places, arrays, count, scalars);
  const { dtype } = plan.compiled;
  const shape = shapeOf(arrays, count);
  if (!hasOut) return { plan, meta: { dtype, distribution: commonDistribution(arrays, shape) } };
  const out = arrays[count];
  if (!sameShape(broadcastShapes([shape, out.distribution.shape]), out.distribution.shape)) {
    throw new ArgumentRangeError('out', `shape (${shape.join(', ')})`, [...out.distribution.shape]);
  }
  if (!canCast(dtype, out.dtype, 'sameKind')) {
    const expected = `a dtype that ${dtype}, the result of the expression, can be cast to`;
    throw new ArgumentTypeError('out', expected, out.dtype);
  }
  return { plan, meta: out };
}

function shapeOf(arrays: readonly ArrayMeta[], count: number): readonly number[] {
  const { shape } = arrays[0].distribution;
  for (let k = 1; k < count; k++) {
    if (sameShape(shape, arrays[k].distribution.shape)) continue;
    return broadcastShapes(arrays.slice(0, count).map(({ distribution }) => distribution.shape));
  }
  return shape;
}

function evaluate(
  arrays: readonly LocalArray[],
  params: EvaluateParams,
  environment: OperationEnvironment,
): LocalArray {
  const { meta, plan } = inferred(arrays, params);
  const { distribution, dtype } = meta;
  const result = params.hasOut
    ? arrays[arrays.length - 1]
    : new LocalArray(distribution, { dtype, comm: environment.comm, zeroed: false });
  const count = arrays.length - (params.hasOut ? 1 : 0);
  const views = new Array<StridedView>(count);
  for (let k = 0; k < count; k++) {
    const array = arrays[k];
    views[k] =
      array.distribution === distribution
        ? array.readView()
        : alignTo(array, distribution, environment);
  }
  if (result.localSize === 0) return result;
  const out = result.isStrided
    ? result.strided
    : viewOf(result.toContiguous(), result.dtype, result.localShape);
  runProgram(plan.compiled.program, operandsOf(plan, views), out);
  // Where the elements are no strided view of memory, a packed copy was written to.
  if (!result.isStrided) result.assignView(out);
  return result;
}

function operandsOf({ compiled, constants }: Plan, views: readonly StridedView[]) {
  return compiled.inputs.map((input) => {
    if ('array' in input) return views[input.array];
    return 'constant' in input ? constants[input.constant].value : input.fixed;
  });
}
