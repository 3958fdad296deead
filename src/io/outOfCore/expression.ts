/** What a lazy array is made of: arrays in files and in memory, and elementwise functions of them. Computes nothing. */
import { DTYPES, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import type { ElementwiseName } from '../../dtype/elementwise.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError, checkInteger } from '../../errors.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import type { ResolvedItem } from '../../maps/resolveSlice.ts';
import { newaxis } from '../../maps/sliceSpec.ts';
import { elementwiseOperation } from '../../ops/elementwise/elementwiseOperation.ts';
import { powerOfTen } from '../../ops/elementwise/roundDecimals.ts';
import type { ArrayMeta } from '../../ops/operation.ts';
import {
  type BasicView,
  shapeOfSlice,
  sliceItems,
  sliceOfBroadcast,
  sliceView,
  wholeView,
} from './basicView.ts';
import type { BlockSource } from './blockSource.ts';

interface Node {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** A slice of an array in a file. */
export interface StoredPart extends Node {
  readonly kind: 'stored';
  readonly source: BlockSource;
  readonly view: BasicView;
}

/** An array in memory, whatever its distribution. */
export interface ArrayPart extends Node {
  readonly kind: 'array';
  /** The array, local or elsewhere, or its number among those of an operation. */
  readonly array: ArrayMeta | number;
  /** What is sliced of it, one slice after the other: by {@link localPart}, where it is computed. */
  readonly slices: readonly (readonly ResolvedItem[])[];
}

/** An elementwise function of operands that are broadcast together, or a cast of one. */
export interface Call extends Node {
  readonly kind: 'call';
  /** The function; `astype` casts to the dtype of the call. */
  readonly name: ElementwiseName | 'astype';
  readonly operands: readonly Operand[];
  /** What is computed in, instead of what the operands' dtypes tell. */
  readonly computed?: Dtype;
}

export type Expression = StoredPart | ArrayPart | Call;
export type Operand = Expression | Scalar;

/** Whether an operand is no number. */
export function isExpression(operand: Operand): operand is Expression {
  return typeof operand === 'object' && 'kind' in operand;
}

/** Returns all of an array in a file. */
export function storedPart(source: BlockSource): StoredPart {
  const { shape, dtype } = source;
  return { kind: 'stored', source, view: wholeView(shape), shape, dtype };
}

/** Returns an array in memory as an operand. */
export function arrayPart(array: ArrayMeta): ArrayPart {
  const { dtype, distribution } = array;
  return { kind: 'array', array, slices: [], shape: distribution.shape, dtype };
}

/** The local part of an array in memory, as it is sliced. */
export function localPart({ array, slices }: ArrayPart): LocalArray {
  if (!(array instanceof LocalArray)) throw new TypeError('a local array was expected');
  return slices.reduce((part: LocalArray, items) => part.slice(sliceItems(items, newaxis)), array);
}

/**
 * Returns an elementwise function of operands, by the rules of arrays in memory.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for dtypes that the function does not take, shapes that
 * cannot be broadcast together, numbers that the dtype has not
 */
export function call(
  name: ElementwiseName,
  operands: readonly Operand[],
  computed?: Dtype,
): Expression {
  const arrays = operands.filter(isExpression).map(({ shape, dtype }) => ({
    dtype,
    distribution: Distribution.replicated(shape),
  }));
  const scalars = operands.map((operand) => (isExpression(operand) ? null : operand));
  const params = { name, scalars, dtype: computed, hasOut: false, hasWhere: false };
  const { dtype, distribution } = elementwiseOperation.infer(arrays, params, 1);
  return { kind: 'call', name, operands, computed, dtype, shape: distribution.shape };
}

/** Returns an expression cast to another dtype (`ndarray.astype`). */
export function astype(operand: Expression, dtype: Dtype): Expression {
  parseDtype(dtype, 'dtype');
  if (operand.dtype === dtype) return operand;
  return { kind: 'call', name: 'astype', operands: [operand], dtype, shape: operand.shape };
}

/**
 * Returns an expression rounded to decimals, halves to even, by NumPy's way: multiplied by a power of ten, rounded,
 * divided (`numpy.round`).
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function round(operand: Expression, decimals: number): Expression {
  checkInteger('decimals', decimals);
  if (decimals === 0) return call('round', [operand]);
  const { dtype } = operand;
  const { kind } = DTYPES[dtype];
  if (kind === 'bool') throw new ArgumentTypeError('array', 'a dtype of numbers', dtype);
  const isInteger = kind === 'int' || kind === 'uint';
  if (isInteger && decimals > 0) return operand;
  const factor = powerOfTen(Math.abs(decimals));
  const [up, down] =
    decimals > 0 ? (['multiply', 'divide'] as const) : (['divide', 'multiply'] as const);
  const scaled = call(up, [isInteger ? astype(operand, 'float64') : operand, factor]);
  return astype(call(down, [call('round', [scaled]), factor]), dtype);
}

/** Returns a basic slice of an expression. What occurs in it several times is sliced once. */
export function slice(expression: Expression, items: readonly ResolvedItem[]): Expression {
  const known = new Map<Expression, Map<string, Expression>>();
  const sliced = (of: Expression, taken: readonly ResolvedItem[]): Expression => {
    const key = JSON.stringify(taken);
    let ofExpression = known.get(of);
    if (ofExpression === undefined) {
      ofExpression = new Map();
      known.set(of, ofExpression);
    }
    let result = ofExpression.get(key);
    if (result === undefined) {
      result = sliceNode(of, taken, sliced);
      ofExpression.set(key, result);
    }
    return result;
  };
  return sliced(expression, items);
}

function sliceNode(
  node: Expression,
  items: readonly ResolvedItem[],
  sliced: (of: Expression, items: readonly ResolvedItem[]) => Expression,
): Expression {
  const shape = shapeOfSlice(items);
  if (node.kind === 'stored') return { ...node, shape, view: sliceView(node.view, items) };
  if (node.kind === 'array') return { ...node, shape, slices: [...node.slices, items] };
  const operands = node.operands.map((operand) =>
    isExpression(operand)
      ? sliced(operand, sliceOfBroadcast(items, node.shape, operand.shape))
      : operand,
  );
  return { ...node, shape, operands };
}

/** Returns an expression with one dimension at least: what has none gets one of one index. */
export function atLeast1d(expression: Expression): Expression {
  return expression.shape.length > 0 ? expression : slice(expression, [{ kind: 'newaxis' }]);
}

/** The parts of an expression that are read from files, and those that are in memory, each once. */
export function partsOf(expression: Expression): {
  readonly stored: readonly StoredPart[];
  readonly arrays: readonly ArrayPart[];
} {
  const stored = new Map<string, StoredPart>();
  const arrays = new Set<ArrayPart>();
  const seen = new Set<Expression>();
  const visit = (node: Expression): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'stored') stored.set(keyOf(node), node);
    else if (node.kind === 'array') arrays.add(node);
    else for (const operand of node.operands) if (isExpression(operand)) visit(operand);
  };
  visit(expression);
  return { stored: [...stored.values()], arrays: [...arrays] };
}

/** What tells a part of a file from others. */
export function keyOf({ source, view }: StoredPart): string {
  return JSON.stringify([source.name, view]);
}

/** Returns an expression as text, for people and to be compared between processes. */
export function describe(expression: Expression): string {
  const show = (operand: Operand): string => {
    if (!isExpression(operand)) {
      if (typeof operand !== 'object') return String(operand);
      return `(${operand.re} + ${operand.im}j)`;
    }
    const what = `${operand.dtype}[${operand.shape.join(', ')}]`;
    if (operand.kind === 'array') return `array ${what}`;
    if (operand.kind === 'call') {
      const { name, operands, dtype, computed = '' } = operand;
      return `${name}(${[...operands.map(show), name === 'astype' ? dtype : computed].filter(Boolean).join(', ')})`;
    }
    const { source, view } = operand;
    const axes = view.axes.map(
      ({ axis, start, step }) => `${start}${axis === null ? '' : `:${step}→${axis}`}`,
    );
    return `'${source.name}' ${source.dtype}[${source.shape.join(', ')}] at [${axes.join(', ')}] ${what}`;
  };
  return show(expression);
}
