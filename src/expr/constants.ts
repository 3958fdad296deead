/** Parts of an expression that are made of numbers alone: computed once a call, not for each element. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { type Scalar, sideOfRange, type WeakKind, weakKindOf } from '../dtype/scalar.ts';
import { fill } from '../kernels/copy.ts';
import { newView, type StridedView } from '../kernels/stridedView.ts';
import { readElement } from '../local/elementAccess.ts';
import { elementwise, select } from '../ops/elementwise/elementwise.ts';
import { ExpressionError } from './expressionError.ts';
import type { Tree } from './tree.ts';

/** A number and its kind: of `4 / 2` a float, which JavaScript's 2 alone does not tell. */
export interface Constant {
  readonly value: Scalar;
  readonly weak: WeakKind;
}

/**
 * Returns what a part without arrays comes to: integers are as long as they need be, as in Python; other numbers are
 * computed as float64 and complex128, with the kernels of arrays.
 *
 * @param scalarAt - the number at a place
 * @param text - of the expression, for errors
 * @throws {@link ExpressionError} for operands that a function does not take
 */
export function evaluateConstant(
  tree: Tree,
  scalarAt: (place: number) => Scalar,
  text: string,
): Constant {
  if (tree.kind === 'literal') return tree;
  if (tree.kind === 'hole') {
    const value = scalarAt(tree.place);
    return { value, weak: weakKindOf(value) };
  }
  const { name } = tree;
  const operands = tree.operands.map((operand) => evaluateConstant(operand, scalarAt, text));
  const quick = quickly(name, operands);
  if (quick !== null) return quick;
  try {
    if (operands.every(isInteger)) {
      const integer = ofIntegers(name, operands.map(asBigInt));
      if (integer !== null) return integer;
    }
    if (name === 'power' && isNegativePower(operands)) {
      return computed(name, [{ ...operands[0], weak: 'float' }, operands[1]]);
    }
    return computed(name, operands);
  } catch (error) {
    throw new ExpressionError((error as Error).message, text, tree.column);
  }
}

const KINDS = { bool: 'bool', int: 'int64', float: 'float64', complex: 'complex128' } as const;

function computed(name: Extract<Tree, { kind: 'call' }>['name'], operands: readonly Constant[]) {
  const views = operands.map(asView);
  const result =
    name === 'where'
      ? select(views[0] as StridedView<'bool'>, views[1], views[2])
      : elementwise(name, views);
  const value = readElement(result.data, result.dtype, 0) as Scalar;
  const { kind } = DTYPES[result.dtype];
  if (typeof value === 'bigint') return integerOf(value);
  return { value, weak: kind === 'uint' ? 'int' : kind };
}

function integerOf(value: bigint): Constant {
  return { value: Number.isSafeInteger(Number(value)) ? Number(value) : value, weak: 'int' };
}

function asView({ value, weak }: Constant): StridedView {
  let dtype: Dtype = KINDS[weak];
  if (weak === 'int') {
    const integer = value as number | bigint;
    if (sideOfRange(integer, 'int64') > 0) dtype = 'uint64';
    if (sideOfRange(integer, dtype) !== 0) dtype = 'float64';
  }
  const view = newView(dtype, []);
  fill(view, value);
  return view;
}

/** What doubles come to in JavaScript as in the kernels. */
const QUICK: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  subtract: (a, b) => a - b,
  multiply: (a, b) => a * b,
  divide: (a, b) => a / b,
};

/** Quotients, and sums, differences and products that are exact or of doubles. */
function quickly(name: string, [a, b]: readonly Constant[]): Constant | null {
  if (b === undefined || typeof a.value !== 'number' || typeof b.value !== 'number') return null;
  if (!Object.hasOwn(QUICK, name)) return null;
  const value = QUICK[name](a.value, b.value);
  if (name === 'divide' || a.weak !== 'int' || b.weak !== 'int') return { value, weak: 'float' };
  // Numbers beyond 2^53 are whole, but no integers: 6e23.
  if (!Number.isSafeInteger(a.value) || !Number.isSafeInteger(b.value))
    return { value, weak: 'float' };
  // The integer 0 has no sign.
  return Number.isSafeInteger(value) ? { value: value + 0, weak: 'int' } : null;
}

/** Whether a number is an integer as Python has them. */
function isInteger({ value, weak }: Constant): boolean {
  return weak === 'int' && (typeof value === 'bigint' || Number.isSafeInteger(value));
}

function asBigInt({ value }: Constant): bigint {
  return BigInt(value as number | bigint);
}

/** Most bits of an integer: far more than any dtype has. */
const MOST_BITS = 2n ** 12n;

/** What integers come to in Python; null for functions whose results are none, or that kernels have. */
function ofIntegers(name: string, [a, b]: readonly bigint[]): Constant | null {
  switch (name) {
    case 'add':
      return integerOf(a + b);
    case 'subtract':
      return integerOf(a - b);
    case 'multiply':
      return integerOf(bounded(a * b));
    case 'negative':
      return integerOf(-a);
    case 'positive':
      return integerOf(a);
    case 'abs':
      return integerOf(a < 0n ? -a : a);
    case 'square':
      return integerOf(bounded(a * a));
    case 'invert':
      return integerOf(~a);
    case 'bitwiseAnd':
      return integerOf(a & b);
    case 'bitwiseOr':
      return integerOf(a | b);
    case 'bitwiseXor':
      return integerOf(a ^ b);
    case 'floorDivide':
      return integerOf(b === 0n ? 0n : (a - modulo(a, b)) / b);
    case 'remainder':
      return integerOf(b === 0n ? 0n : modulo(a, b));
    case 'power':
      if (b < 0n) return null;
      if (a * a > 1n && bitsOf(a) * b > 2n * MOST_BITS) throw tooLarge();
      return integerOf(bounded(a ** b));
    case 'leftShift':
      if (b > MOST_BITS) throw tooLarge();
      return b < 0n ? null : integerOf(bounded(a << b));
    case 'rightShift':
      return b < 0n ? null : integerOf(b > MOST_BITS ? (a < 0n ? -1n : 0n) : a >> b);
    default:
      return null;
  }
}

/** The remainder that has the sign of the divisor. */
function modulo(a: bigint, b: bigint): bigint {
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? remainder + b : remainder;
}

function bitsOf(value: bigint): bigint {
  return BigInt(value.toString(16).length) * 4n;
}

function bounded(value: bigint): bigint {
  if (value >> MOST_BITS !== 0n && value >> MOST_BITS !== -1n) throw tooLarge();
  return value;
}

function tooLarge(): Error {
  return new Error(`Expected an integer of at most ${MOST_BITS} bits`);
}

function isNegativePower([base, exponent]: readonly Constant[]): boolean {
  return base.weak === 'int' && exponent.weak === 'int' && Number(exponent.value) < 0;
}
