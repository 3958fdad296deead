/** Chains of elementwise functions whose computation waits, so that all of a chain is computed in one pass. */
import type { Dtype } from '../dtype/dtype.ts';
import type { ElementwiseName } from '../dtype/elementwise.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { runProgram } from '../kernels/program.ts';
import { newResult } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import type { Weak } from '../mpi/weak.ts';
import type { ArrayMeta } from '../ops/operation.ts';
import { inputsOf } from './evaluate.ts';
import { warm } from './hot.ts';
import { type Places, type Plan, planOf } from './plan.ts';
import { depthOf, type Expression, type Place, type Tree } from './tree.ts';

/** An operand of a link: an array in memory, one that is not computed yet, or a number. */
export type LinkOperand = LocalArray | Link | Scalar;

/** Told of the array that a link has become, and of the links that will read it. */
export type WhenComputed = (array: LocalArray, readers: readonly Weak<Link>[]) => void;

/**
 * The result of an elementwise function that is not computed yet. All operands lie as the result does, so that
 * computing it is local.
 */
export class Link implements ArrayMeta {
  readonly dtype: Dtype;
  readonly distribution: Distribution;
  /** How many arrays and numbers would be read to compute it. */
  readonly width: number;
  /** Links that have it as an operand. */
  readonly readers: Weak<Link>[] = [];
  readonly #name: ElementwiseName;
  readonly #comm: Comm;
  readonly #whenComputed: WhenComputed;
  #operands: readonly LinkOperand[] | null;
  #value: LocalArray | null = null;

  constructor(
    name: ElementwiseName,
    operands: readonly LinkOperand[],
    { dtype, distribution }: ArrayMeta,
    comm: Comm,
    whenComputed: WhenComputed,
  ) {
    this.#name = name;
    this.#whenComputed = whenComputed;
    this.#operands = operands;
    this.#comm = comm;
    this.dtype = dtype;
    this.distribution = distribution;
    this.width = operands.reduce(
      (sum: number, each) => sum + (each instanceof Link && each.isWaiting ? each.width : 1),
      0,
    );
  }

  /** Whether it has not been computed. */
  get isWaiting(): boolean {
    return this.#value === null;
  }

  /** The array, if it has been computed. */
  get value(): LocalArray | null {
    return this.#value;
  }

  /** Returns the array: computed now, if it was not before. @remarks Local. */
  compute(): LocalArray {
    if (this.#value !== null) return this.#value;
    const { plan, arrays } = this.planned();
    const { dtype, distribution } = this;
    const result = new LocalArray(distribution, { dtype, comm: this.#comm, zeroed: false });
    if (result.localSize > 0) {
      const out = result.isStrided ? result.strided : newResult(dtype, result.localShape);
      const views = arrays.map((array) => array.readView());
      warm(plan.compiled, result.localSize);
      runProgram(plan.compiled.program, inputsOf(plan, views), out);
      if (!result.isStrided) result.assignView(out);
    }
    this.#value = result;
    this.#operands = null;
    this.#whenComputed(result, this.readers.splice(0));
    return result;
  }

  /** The processes that share the array. */
  get comm(): Comm {
    return this.#comm;
  }

  /** How it is computed while it waits, and of what. */
  planned(): { readonly plan: Plan; readonly arrays: readonly LocalArray[] } {
    const { expression, places, arrays, scalars } = new Chain(this).finish();
    return { plan: planOf(expression, places, arrays, arrays.length, scalars), arrays };
  }

  /** Name and operands, while it waits. @internal */
  get parts(): { readonly name: ElementwiseName; readonly operands: readonly LinkOperand[] } {
    return { name: this.#name, operands: this.#operands! };
  }
}

/** Expressions of chains, by what they are made of. */
const expressions = new Map<string, { readonly expression: Expression; readonly places: Places }>();
const MOST_KEPT = 1000;

/** A chain as an expression: equal chains of other arrays have the same one. */
class Chain {
  readonly #arrays: LocalArray[] = [];
  readonly #scalars: Scalar[] = [];
  readonly #places: number[] = [];
  readonly #root: Link;
  readonly #key: string;

  constructor(root: Link) {
    this.#root = root;
    this.#key = this.#keyOf(root);
  }

  /** The expression and its operands. */
  finish() {
    let known = expressions.get(this.#key);
    if (known === undefined) {
      let next = 0;
      const tree = treeOf(this.#root, () => next++);
      const places = this.#places.map(
        (_, index): Place => ({ index, slice: null, shown: null, column: 1 }),
      );
      const expression = { tree, reduction: null, text: this.#key, places };
      known = { expression, places: this.#places };
      if (expressions.size === MOST_KEPT) expressions.clear();
      expressions.set(this.#key, known);
    }
    return { ...known, arrays: this.#arrays, scalars: this.#scalars };
  }

  /** Describes a link, numbers its arrays, and lists its numbers. */
  #keyOf(link: Link): string {
    const { name, operands } = link.parts;
    let key = `${name}(`;
    for (const operand of operands) {
      if (operand instanceof Link && operand.isWaiting) {
        key += `${this.#keyOf(operand)},`;
        continue;
      }
      const array = operand instanceof Link ? operand.compute() : operand;
      const place =
        array instanceof LocalArray ? this.#numberOf(array) : -this.#scalars.push(array);
      this.#places.push(place);
      key += `${place},`;
    }
    return `${key})`;
  }

  #numberOf(array: LocalArray): number {
    const known = this.#arrays.indexOf(array);
    return known >= 0 ? known : this.#arrays.push(array) - 1;
  }
}

/** The tree of a link; its holes are numbered in the order in which {@link Chain} meets them. */
function treeOf(link: Link, nextPlace: () => number): Tree {
  const { name, operands } = link.parts;
  const trees = operands.map(
    (operand): Tree =>
      operand instanceof Link && operand.isWaiting
        ? treeOf(operand, nextPlace)
        : { kind: 'hole', place: nextPlace() },
  );
  const depth = 1 + Math.max(...trees.map(depthOf));
  return { kind: 'call', name, operands: trees, column: 1, depth, isOperator: false };
}
