/** Calling elementwise functions with arrays and numbers. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { ElementwiseName } from '../../dtype/elementwise.ts';
import { isScalar, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError } from '../../errors.ts';
import {
  type ElementwiseParams,
  elementwiseOperation,
} from '../../ops/elementwise/elementwiseOperation.ts';
import { checkOptions } from '../../options.ts';
import { DistArray } from '../distArray.ts';
import { sameContext } from '../isDistArray.ts';
import type { ArrayHandle } from '../session.ts';
import { type ArrayOperand, ELEMENTWISE_NAMES, type ElementwiseOptions } from './options.ts';
import type { ResultOfOne, ResultOfTwo, ResultRule } from './resultTypes.ts';

/** An elementwise function of one operand. */
export type Unary<Rule extends ResultRule> = <
  X extends ArrayOperand,
  R extends Dtype = ResultOfOne<Rule, X>,
>(
  x: X,
  options?: ElementwiseOptions<R>,
) => DistArray<R>;

/** An elementwise function of two operands. */
export type Binary<Rule extends ResultRule> = <
  X extends ArrayOperand,
  Y extends ArrayOperand,
  R extends Dtype = ResultOfTwo<Rule, X, Y>,
>(
  x: X,
  y: Y,
  options?: ElementwiseOptions<R>,
) => DistArray<R>;

/** An elementwise function of three operands. */
export type Ternary = <R extends Dtype = Dtype>(
  x: ArrayOperand,
  y: ArrayOperand,
  z: ArrayOperand,
  options?: ElementwiseOptions<R>,
) => DistArray<R>;

/** Returns a function of the table with one operand. */
export function unary<Rule extends ResultRule>(name: ElementwiseName): Unary<Rule> {
  const plain: ElementwiseParams = { name, scalars: [null], hasOut: false, hasWhere: false };
  return (x, options) => {
    if (options !== undefined || !(x instanceof DistArray)) return call(name, [x], options);
    const { context } = x;
    return new DistArray(context, context.session.execute(elementwiseOperation, [x.handle], plain));
  };
}

/** Returns a function of the table with two operands. */
export function binary<Rule extends ResultRule>(name: ElementwiseName): Binary<Rule> {
  const plain: ElementwiseParams = { name, scalars: [null, null], hasOut: false, hasWhere: false };
  return (x, y, options) => {
    const isPlain = options === undefined && x instanceof DistArray && y instanceof DistArray;
    if (!isPlain) return call(name, [x, y], options);
    const { context } = x;
    if (y.context !== context) sameContext(x, y);
    const handles = [x.handle, y.handle];
    return new DistArray(context, context.session.execute(elementwiseOperation, handles, plain));
  };
}

/** Returns a function of the table with three operands. */
export function ternary(name: ElementwiseName): Ternary {
  return (x, y, z, options) => call(name, [x, y, z], options);
}

/**
 * Returns for every element `x` where the condition holds, and `y` elsewhere (`numpy.where`); all are broadcast
 * together.
 * @remarks Collective.
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError}
 */
export const where: Ternary = (condition, x, y, options) =>
  call('where', [condition, x, y], options);

const NO_OPTIONS: ElementwiseOptions = {};

/** Returns 1, the number of arrays that an option is. */
function checkOption(name: 'out' | 'where', array: unknown): 1 {
  if (array instanceof DistArray) return 1;
  throw new ArgumentTypeError(`options.${name}`, 'a DistArray', array);
}

/** The handle of an array, which must be of the context of another one. */
function handleIn(first: DistArray, array: DistArray): ArrayHandle {
  if (array.context !== first.context) sameContext(first, array);
  return array.handle;
}

function call<R extends Dtype>(
  name: ElementwiseParams['name'],
  operands: readonly ArrayOperand[],
  options: ElementwiseOptions = NO_OPTIONS,
): DistArray<R> {
  if (options !== NO_OPTIONS) checkOptions(options, ELEMENTWISE_NAMES, '{ out }');
  const { out, where, dtype } = options;
  // Small arrays are computed with as well: nothing is allocated here that is not handed on.
  const scalars = new Array<Scalar | null>(operands.length).fill(null);
  let count = 0;
  for (let k = 0; k < operands.length; k++) {
    const operand: unknown = operands[k];
    if (operand instanceof DistArray) count++;
    else if (isScalar(operand)) scalars[k] = operand;
    else throw new ArgumentTypeError(`operand of ${name}`, 'a DistArray or a number', operand);
  }
  if (out !== undefined) count += checkOption('out', out);
  if (where !== undefined) count += checkOption('where', where);
  if (count === 0) {
    throw new ArgumentTypeError(`operands of ${name}`, 'at least one DistArray', 'only numbers');
  }
  const first = (operands.find((each) => each instanceof DistArray) ?? out ?? where) as DistArray;
  const { context } = first;
  const handles = new Array<ArrayHandle>(count);
  let next = 0;
  for (let k = 0; k < operands.length; k++) {
    if (scalars[k] === null) handles[next++] = handleIn(first, operands[k] as DistArray);
  }
  if (out !== undefined) handles[next++] = handleIn(first, out);
  if (where !== undefined) handles[next++] = handleIn(first, where);
  const params = { name, scalars, dtype, hasOut: out !== undefined, hasWhere: where !== undefined };
  const result = context.session.execute(elementwiseOperation, handles, params);
  return out === undefined ? new DistArray<R>(context, result) : (out as DistArray<R>);
}
