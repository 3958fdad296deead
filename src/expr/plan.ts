/** Expressions that have been compiled, by what their operands are. */
import type { Dtype } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { type Compiled, compileExpression, constantClass } from './compile.ts';
import { type Constant, evaluateConstant } from './constants.ts';
import type { Expression, Tree } from './tree.ts';

/** What is at the places of an expression: the number of an array, or -1 − the number of a scalar. */
export type Places = readonly number[];

/** A program and the numbers that it takes in this call. */
export interface Plan {
  readonly compiled: Compiled;
  readonly constants: readonly Constant[];
}

/** An expression with arrays at some places and numbers at the others. */
interface Variant {
  readonly places: Places;
  /** The largest parts without arrays; of equal ones one. */
  readonly constants: readonly Tree[];
  /** Each of them, with the number of the one that is in the list. */
  readonly numbers: ReadonlyMap<Tree, number>;
  readonly plans: { dtypes: readonly Dtype[]; classes: readonly string[]; compiled: Compiled }[];
}

const variants = new WeakMap<Expression, Variant[]>();

/**
 * Returns the program of an expression for these operands; it is compiled once for arrays of the same dtypes and
 * numbers of the same kinds.
 *
 * @param arrays - whose dtypes count
 */
export function planOf(
  expression: Expression,
  places: Places,
  arrays: readonly { readonly dtype: Dtype }[],
  count: number,
  scalars: readonly Scalar[],
): Plan {
  const variant = variantOf(expression, places);
  const scalarAt = (place: number) => scalars[-1 - places[place]];
  const { text } = expression;
  const constants = variant.constants.map((tree) => evaluateConstant(tree, scalarAt, text));
  search: for (const { dtypes, classes, compiled } of variant.plans) {
    for (let k = 0; k < count; k++) if (dtypes[k] !== arrays[k].dtype) continue search;
    for (let k = 0; k < classes.length; k++) {
      if (classes[k] !== constantClass(constants[k])) continue search;
    }
    return { compiled, constants };
  }
  const dtypes = arrays.slice(0, count).map(({ dtype }) => dtype);
  const numbered = new Map(
    [...variant.numbers].map(([tree, number]) => [tree, { number, constant: constants[number] }]),
  );
  const compiled = compileExpression(expression, (place) => places[place], dtypes, numbered);
  variant.plans.push({ dtypes, classes: constants.map(constantClass), compiled });
  return { compiled, constants };
}

function variantOf(expression: Expression, places: Places): Variant {
  let known = variants.get(expression);
  if (known === undefined) {
    known = [];
    variants.set(expression, known);
  }
  for (const variant of known) {
    if (variant.places === places || variant.places.every((each, k) => each === places[k])) {
      return variant;
    }
  }
  const constants: Tree[] = [];
  if (!hasArray(expression.tree, places, constants)) constants.push(expression.tree);
  const keys = [...new Set(constants.map(keyOf))];
  const variant = {
    places: [...places],
    constants: keys.map((key) => constants.find((tree) => keyOf(tree) === key)!),
    numbers: new Map(constants.map((tree) => [tree, keys.indexOf(keyOf(tree))])),
    plans: [],
  };
  known.push(variant);
  return variant;
}

/** The same for parts that come to the same number. */
function keyOf(tree: Tree): string {
  if (tree.kind === 'hole') return `place ${tree.place}`;
  if (tree.kind === 'call') return `${tree.name}(${tree.operands.map(keyOf)})`;
  const { value, weak } = tree;
  if (typeof value === 'object') return `${weak} ${value.re} ${value.im}`;
  return `${weak} ${Object.is(value, -0) ? '-0' : value}`;
}

/** Whether a part has an array; if so, its largest parts without one are added to the list. */
function hasArray(tree: Tree, places: Places, constants: Tree[]): boolean {
  if (tree.kind === 'literal') return false;
  if (tree.kind === 'hole') return places[tree.place] >= 0;
  const found = tree.operands.map((operand) => hasArray(operand, places, constants));
  if (!found.includes(true)) return false;
  tree.operands.forEach((operand, k) => {
    if (!found[k]) constants.push(operand);
  });
  return true;
}
