/** Expressions over the parts of distributed arrays. */

import { DTYPES } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { type Scalar, scalarAs } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { runProgram } from '../kernels/program.ts';
import { broadcastShapes, newResult, type StridedView, sameShape } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import { commonDistribution } from '../ops/elementwise/commonDistribution.ts';
import type { ArrayMeta, OperationEnvironment } from '../ops/operation.ts';
import { warm } from './hot.ts';
import { broughtTogether } from './operands.ts';
import { type Places, type Plan, planOf } from './plan.ts';
import type { Expression } from './tree.ts';
import { viewInBox } from './windows.ts';

/** A call of an expression. Its arrays are those at its places, slices already taken, and `out`. */
export interface EvaluateParams {
  readonly expression: Expression;
  /** What is at its places: the number of an array, or -1 − the number of a scalar. */
  readonly places: Places;
  readonly scalars: readonly Scalar[];
  /** Whether the last array receives the result. */
  readonly hasOut: boolean;
}

export interface Inferred {
  readonly meta: ArrayMeta;
  readonly plan: Plan;
}

/** What an expression comes to, from metadata alone. */
export function inferred(arrays: readonly ArrayMeta[], params: EvaluateParams): Inferred {
  const { expression, places, scalars, hasOut } = params;
  const count = arrays.length - (hasOut ? 1 : 0);
  const plan = planOf(expression, places, arrays, count, scalars);
  checkFits(plan);
  const { dtype } = plan.compiled;
  const shape = shapeOf(arrays, count);
  if (!hasOut) return { plan, meta: { dtype, distribution: commonDistribution(arrays, shape) } };
  const out = arrays[count];
  if (!fitsInto(shape, out.distribution.shape)) {
    throw new ArgumentRangeError('out', `shape (${shape.join(', ')})`, [...out.distribution.shape]);
  }
  if (!canCast(dtype, out.dtype, 'sameKind')) {
    const expected = `a dtype that ${dtype}, the result of the expression, can be cast to`;
    throw new ArgumentTypeError('out', expected, out.dtype);
  }
  return { plan, meta: out };
}

/** Whether a shape broadcasts to another one. */
function fitsInto(shape: readonly number[], into: readonly number[]): boolean {
  const lead = into.length - shape.length;
  return lead >= 0 && shape.every((extent, axis) => extent === 1 || extent === into[lead + axis]);
}

/** Numbers beyond the range of an integer dtype are an error, also where no elements are. */
function checkFits({ compiled, constants }: Plan): void {
  const { inputs, program } = compiled;
  for (let k = 0; k < inputs.length; k++) {
    const input = inputs[k];
    if (!('constant' in input)) continue;
    const dtype = program.inputs[k];
    const { kind } = DTYPES[dtype];
    if (kind === 'int' || kind === 'uint') {
      scalarAs(constants[input.constant].value, dtype, 'operand');
    }
  }
}

function shapeOf(arrays: readonly ArrayMeta[], count: number): readonly number[] {
  const { shape } = arrays[0].distribution;
  for (let k = 1; k < count; k++) {
    if (sameShape(shape, arrays[k].distribution.shape)) continue;
    return broadcastShapes(arrays.slice(0, count).map(({ distribution }) => distribution.shape));
  }
  return shape;
}

/** Computes an expression into a new array, or `out`. @remarks Collective. */
export function evaluate(
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
  const operands = broughtTogether(arrays, count, distribution, environment);
  const isDirect = result.isStrided && !(operands.isCut && isAmong(result, arrays, count));
  const out = isDirect ? result.strided : newResult(result.dtype, result.localShape);
  warm(plan.compiled, result.localSize);
  operands.forBoxes(result.localSize === 0 ? null : out.shape, (views, box) => {
    const target = box === null ? out : viewInBox(out, box);
    runProgram(plan.compiled.program, inputsOf(plan, views), target);
  });
  if (!isDirect && result.localSize > 0) result.assignView(out);
  return result;
}

/**
 * Whether an array may share memory with an operand: what is computed box by box would be read again. Arrays that
 * were made of one buffer do not know each other.
 */
export function isAmong(result: LocalArray, arrays: readonly LocalArray[], count: number): boolean {
  const { buffer } = result.data;
  for (let k = 0; k < count; k++) if (arrays[k].data.buffer === buffer) return true;
  return false;
}

/** The inputs of the program for one box of the result. */
export function inputsOf({ compiled, constants }: Plan, views: readonly StridedView[]) {
  return compiled.inputs.map((input) => {
    if ('array' in input) return views[input.array];
    return 'constant' in input ? constants[input.constant].value : input.fixed;
  });
}
