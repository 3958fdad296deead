/** Checked by the TypeScript compiler only: what must and what must not compile. */
import {
  type DistArray,
  type ExpressionError,
  type ExpressionOperand,
  type ExpressionTag,
  expr,
} from '../../src/entry/index.ts';

type Equal<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function check<Holds extends true>(): Holds;
declare const floats: DistArray<'float64'>;
declare const bytes: DistArray<'int8'>;
declare const error: ExpressionError;

const sum = expr`${floats} + ${bytes} * ${2} - ${3n} + ${true} + ${{ re: 0, im: 1 }}`;
check<Equal<typeof sum, DistArray>>();
const into = expr.into(floats);
check<Equal<typeof into, ExpressionTag>>();
const assigned = expr.assign(floats, '1:-1')`${bytes}[1:] + 1`;
check<Equal<typeof assigned, DistArray>>();
expr.assign(floats, [{ start: 1 }, null])`${bytes}`;
error.column satisfies number;
error.code satisfies string;
const operand: ExpressionOperand = floats;
expr`sum(${operand}, axis=0)`;

// @ts-expect-error a text is no operand
expr`${floats} + ${'1'}`;
// @ts-expect-error nothing is no operand
expr`${floats} + ${undefined}`;
// @ts-expect-error arrays in JavaScript are no operands
expr`${floats} + ${[1, 2]}`;
// @ts-expect-error a function is no operand
expr`${floats} + ${() => 1}`;
// @ts-expect-error a text is no template
expr('1 + 1');
// @ts-expect-error a result goes into an array
expr.into(2);
// @ts-expect-error of a slice
expr.assign(floats);
