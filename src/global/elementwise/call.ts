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

function call<R extends Dtype>(
  name: ElementwiseParams['name'],
  operands: readonly ArrayOperand[],
  options: ElementwiseOptions = {},
): DistArray<R> {
  checkOptions(options, ELEMENTWISE_NAMES, '{ out }');
  const { out, where, dtype } = options;
  const arrays: DistArray<Dtype>[] = [];
  const scalars = operands.map((operand: unknown): Scalar | null => {
    if (operand instanceof DistArray) arrays.push(operand);
    else if (isScalar(operand)) return operand;
    else throw new ArgumentTypeError(`operand of ${name}`, 'a DistArray or a number', operand);
    return null;
  });
  for (const [argument, array] of Object.entries({ out, where })) {
    if (array === undefined) continue;
    if (!(array instanceof DistArray)) {
      throw new ArgumentTypeError(`options.${argument}`, 'a DistArray', array);
    }
    arrays.push(array);
  }
  if (arrays.length === 0) {
    throw new ArgumentTypeError(`operands of ${name}`, 'at least one DistArray', 'only numbers');
  }
  for (const array of arrays) sameContext(arrays[0], array);
  const { context } = arrays[0];
  const handles = arrays.map(({ handle }): ArrayHandle => handle);
  const params = { name, scalars, dtype, hasOut: out !== undefined, hasWhere: where !== undefined };
  const result = context.session.execute(elementwiseOperation, handles, params);
  return out === undefined ? new DistArray<R>(context, result) : (out as DistArray<R>);
}
