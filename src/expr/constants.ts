/** Parts of an expression that are made of numbers alone: computed once a call, not for each element. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { type Scalar, sideOfRange, type WeakKind, weakKindOf } from '../dtype/scalar.ts';
import { fill } from '../kernels/copy.ts';
import { newView, type StridedView } from '../kernels/stridedView.ts';
import { readElement } from '../local/elementAccess.ts';
import { elementwise, select } from '../ops/elementwise/elementwise.ts';
import type { Tree } from './tree.ts';

/** A number and its kind: of `4 / 2` a float, which JavaScript's 2 alone does not tell. */
export interface Constant {
  readonly value: Scalar;
  readonly weak: WeakKind;
}

/**
 * Returns what a part without arrays comes to: integers are computed as int64, other numbers as float64 and
 * complex128, with the kernels of arrays.
 *
 * @param scalarAt - the number at a place
 */
export function evaluateConstant(tree: Tree, scalarAt: (place: number) => Scalar): Constant {
  if (tree.kind === 'literal') return tree;
  if (tree.kind === 'hole') {
    const value = scalarAt(tree.place);
    return { value, weak: weakKindOf(value) };
  }
  const operands = tree.operands.map((operand) => evaluateConstant(operand, scalarAt));
  const quick = quickly(tree.name, operands);
  if (quick !== null) return quick;
  if (tree.name === 'power' && isNegativePower(operands)) {
    return computed(tree.name, [{ ...operands[0], weak: 'float' }, operands[1]]);
  }
  return computed(tree.name, operands);
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
  const isSafe = typeof value === 'bigint' && Number.isSafeInteger(Number(value));
  return {
    value: isSafe ? Number(value) : value,
    weak: kind === 'uint' ? 'int' : kind,
  } as Constant;
}

function asView({ value, weak }: Constant): StridedView {
  let dtype: Dtype = KINDS[weak];
  if (weak === 'int' && sideOfRange(value as number | bigint, 'int64') > 0) dtype = 'uint64';
  const view = newView(dtype, []);
  fill(view, value);
  return view;
}

/** Sums, differences and products of doubles need no kernel. */
function quickly(name: string, [a, b]: readonly Constant[]): Constant | null {
  if (b === undefined || typeof a.value !== 'number' || typeof b.value !== 'number') return null;
  const weak = a.weak === 'int' && b.weak === 'int' ? 'int' : 'float';
  const value =
    name === 'multiply'
      ? a.value * b.value
      : name === 'add'
        ? a.value + b.value
        : name === 'subtract'
          ? a.value - b.value
          : null;
  if (value === null || (weak === 'int' && !Number.isSafeInteger(value))) return null;
  // The integer 0 has no sign.
  return { value: weak === 'int' ? value + 0 : value, weak };
}

function isNegativePower([base, exponent]: readonly Constant[]): boolean {
  return base.weak === 'int' && exponent.weak === 'int' && Number(exponent.value) < 0;
}
