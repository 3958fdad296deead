/** Expressions over global arrays: `` expr`${a}**2 + ${b}` ``. */
import type { Dtype } from '../dtype/dtype.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import { ArgumentTypeError } from '../errors.ts';
import { evaluateOperation } from '../expr/evaluateOperation.ts';
import { evaluateReducedOperation } from '../expr/evaluateReduced.ts';
import { ExpressionError } from '../expr/expressionError.ts';
import { ParsedExpression } from '../expr/parsedExpression.ts';
import type { Expression } from '../expr/tree.ts';
import type { SliceSpec } from '../maps/sliceSpec.ts';
import { DistArray } from './distArray.ts';
import { sameContext } from './isDistArray.ts';
import { RepeatedCalls } from './repeatedCalls.ts';

/** What may be written as `${…}`: arrays and numbers. */
export type ExpressionOperand = DistArray<Dtype> | Scalar;

/** A template of an expression. */
export type ExpressionTag = (
  strings: TemplateStringsArray,
  ...operands: ExpressionOperand[]
) => DistArray<Dtype>;

/** Expressions, and where their results go. */
export interface Expr extends ExpressionTag {
  /**
   * Returns a tag whose result goes into an array, cast to its dtype; the array may be among the operands, also
   * shifted.
   */
  into(out: DistArray<Dtype>): ExpressionTag;
  /** Returns a tag whose result goes into a slice of an array (`target[slice] = …`). */
  assign(target: DistArray<Dtype>, slice: SliceSpec): ExpressionTag;
}

/** A place of the program that has a template. */
interface Site {
  readonly expression: Expression;
  readonly calls: RepeatedCalls;
}

/** Templates that have been read, by their texts: each call site has its own object. */
const known = new WeakMap<TemplateStringsArray, Site>();

function siteOf(strings: TemplateStringsArray, holes: number): Site {
  let site = known.get(strings);
  if (site === undefined) {
    const isTemplate = Array.isArray(strings) && strings.length === holes + 1;
    if (!isTemplate) throw new ArgumentTypeError('strings', 'those of a template', strings);
    // What no JavaScript string has, such as a backslash and a digit, leaves no text.
    const unread = strings.findIndex((part: unknown) => typeof part !== 'string');
    if (unread >= 0) {
      throw new ArgumentTypeError('strings', 'a text without backslashes', strings.raw?.[unread]);
    }
    site = { expression: new ParsedExpression(strings), calls: new RepeatedCalls() };
    known.set(strings, site);
  }
  return site;
}

/**
 * Slices of arrays that expressions have taken, by their texts, so that processes know the same ones: those of a loop
 * are taken once.
 */
const slices = new WeakMap<DistArray<Dtype>, Map<string, DistArray<Dtype>>>();
/** Most slices of an array that are kept. */
const MOST_SLICES = 64;

function sliceOf(array: DistArray<Dtype>, text: string, slice: SliceSpec): DistArray<Dtype> {
  let ofArray = slices.get(array);
  if (ofArray === undefined) {
    ofArray = new Map();
    slices.set(array, ofArray);
  }
  let view = ofArray.get(text);
  if (view === undefined) {
    view = array.slice(slice);
    if (ofArray.size === MOST_SLICES) ofArray.clear();
    ofArray.set(text, view);
  }
  return view;
}

/** Where results go: an array, or a slice of it as it is written. */
interface Target {
  readonly array: DistArray<Dtype>;
  readonly slice: string | null;
}

function evaluate(
  strings: TemplateStringsArray,
  values: readonly ExpressionOperand[],
  target: Target | null,
): DistArray<Dtype> {
  const { expression, calls } = siteOf(strings, values.length);
  if (target !== null && calls.repeat(values, target.array, target.slice)) return outOf(target);
  const arrays: DistArray<Dtype>[] = [];
  const scalars: Scalar[] = [];
  const places = expression.places.map(({ index, slice, shown, column }) => {
    const value: unknown = values[index];
    if (value instanceof DistArray) {
      const array = slice === null ? value : sliceOf(value, shown!, slice);
      const at = arrays.indexOf(array);
      return at >= 0 ? at : arrays.push(array) - 1;
    }
    if (!isScalar(value)) {
      throw new ArgumentTypeError(`operand ${index + 1}`, 'a DistArray or a number', value);
    }
    if (slice !== null) {
      const problem = `A number has no slice [${shown}]`;
      throw new ExpressionError(problem, expression.text, column);
    }
    return -scalars.push(value);
  });
  if (arrays.length === 0) {
    throw new ArgumentTypeError('operands', 'at least one DistArray', 'only numbers');
  }
  const { context } = arrays[0];
  for (const array of arrays) if (array.context !== context) sameContext(arrays[0], array);
  const handles = arrays.map(({ handle }) => handle);
  const out = target === null ? null : outOf(target);
  if (out !== null) {
    sameContext(arrays[0], out);
    handles.push(out.handle);
  }
  const params = { expression, places, scalars, hasOut: out !== null };
  if (expression.reduction !== null && out !== null) {
    throw new ExpressionError('A reduction makes an array of its own', expression.text, 1);
  }
  const operation = expression.reduction === null ? evaluateOperation : evaluateReducedOperation;
  const result = context.session.execute(operation, handles, params);
  if (out === null) return new DistArray(context, result);
  calls.note(values, target!.array, target!.slice, { operation, handles, params });
  return out;
}

function outOf({ array, slice }: Target): DistArray<Dtype> {
  return slice === null ? array : sliceOf(array, slice, slice);
}

function checkArray(argument: string, value: unknown): void {
  if (!(value instanceof DistArray)) throw new ArgumentTypeError(argument, 'a DistArray', value);
}

/**
 * Evaluates an expression in one pass over its operands, without temporary arrays:
 * `` expr`${u}[1:-1] + ${k} * (${u}[2:] - 2 * ${u}[1:-1] + ${u}[:-2])` ``.
 *
 * Operators, precedence, broadcasting and dtypes are NumPy's; numbers are weak scalars. Every elementwise function may
 * be called by its name here or in NumPy, `where(c, x, y)` too; arrays may be sliced.
 *
 * @returns a new array, distributed as the operand that spares the others most bytes
 * @remarks Collective. The text is read once for each place in the program, and compiled once for each combination of
 * dtypes.
 * @throws {@link ExpressionError} for a text that cannot be read, with the column
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError} for operands that do not fit
 */
export const expr: Expr = Object.assign(
  (strings: TemplateStringsArray, ...values: ExpressionOperand[]) =>
    evaluate(strings, values, null),
  {
    into(out: DistArray<Dtype>): ExpressionTag {
      checkArray('out', out);
      const target = { array: out, slice: null };
      return (strings, ...values) => evaluate(strings, values, target);
    },
    assign(array: DistArray<Dtype>, slice: SliceSpec): ExpressionTag {
      checkArray('target', array);
      const target =
        typeof slice === 'string' ? { array, slice } : { array: array.slice(slice), slice: null };
      return (strings, ...values) => evaluate(strings, values, target);
    },
  },
);
