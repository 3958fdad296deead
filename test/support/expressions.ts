/** Random expressions: as templates, as chains of functions, and for NumPy (test/fixtures/numpy/expression.py). */
import type { Dtype } from '../../src/dtype/dtype.ts';
import { DTYPE_NAMES, DTYPES } from '../../src/dtype/dtype.ts';
import { ELEMENTWISE, type ElementwiseName } from '../../src/dtype/elementwise.ts';
import { numpyName } from '../../src/dtype/numpyNames.ts';
import { resultType } from '../../src/dtype/promotion.ts';
import { resolveElementwise } from '../../src/dtype/resolve.ts';
import { type Scalar, scalarAs, type WeakKind, weakKindOf } from '../../src/dtype/scalar.ts';
import type { ExpressionOperand } from '../../src/entry/index.ts';
import * as functions from '../../src/entry/index.ts';
import { newView, type StridedView } from '../../src/kernels/stridedView.ts';
import { writeElement } from '../../src/local/elementAccess.ts';
import { type Dice, filled } from './indexCases.ts';
import { encode } from './numpy.ts';

/** Bounds and step of a slice along an axis. */
export type Range = readonly [start: number | null, stop: number | null, step: number | null];

interface ArrayNode {
  readonly kind: 'array';
  readonly array: number;
  readonly ranges: readonly Range[] | null;
  readonly dtype: Dtype;
  readonly isExact: true;
}

interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: Scalar;
  readonly weak: WeakKind;
  /** How it is written; null for a hole. */
  readonly text: string | null;
}

interface CallNode {
  readonly kind: 'call';
  readonly name: ElementwiseName | 'where';
  readonly operands: readonly Node[];
  readonly dtype: Dtype;
  readonly compute: Dtype;
  /** Whether nothing was rounded, so that products of complex numbers do not depend on how they are computed. */
  readonly isExact: boolean;
}

export type Node = ArrayNode | ScalarNode | CallNode;
type Typed = ArrayNode | CallNode;

/** A tag of templates, with its strings and operands apart. */
export type Template = readonly [strings: string[], values: ExpressionOperand[]];

const SIGNS: { readonly [name: string]: string | undefined } = {
  add: '+',
  subtract: '-',
  multiply: '*',
  divide: '/',
  floorDivide: '//',
  remainder: '%',
  bitwiseAnd: '&',
  bitwiseOr: '|',
  bitwiseXor: '^',
  leftShift: '<<',
  rightShift: '>>',
  less: '<',
  lessEqual: '<=',
  greater: '>',
  greaterEqual: '>=',
  equal: '==',
  notEqual: '!=',
};
const UNARY_SIGNS: { readonly [name: string]: string | undefined } = {
  negative: '-',
  positive: '+',
  invert: '~',
};

/** Functions whose results are the same everywhere to the last bit. */
const EXACT: readonly ElementwiseName[] = [
  ...(Object.keys(SIGNS) as ElementwiseName[]),
  ...(Object.keys(UNARY_SIGNS) as ElementwiseName[]),
  ...(['add', 'subtract', 'multiply', 'multiply', 'divide'] as const),
  ...(['square', 'sqrt', 'abs', 'conj', 'real', 'imag', 'floor', 'ceil', 'trunc', 'rint'] as const),
  ...(['maximum', 'minimum', 'copysign', 'isnan', 'isfinite', 'signbit', 'clip'] as const),
  ...(['logicalAnd', 'logicalOr', 'logicalXor', 'logicalNot'] as const),
];
const ALL = Object.keys(ELEMENTWISE) as ElementwiseName[];
const ROUNDS = new Set<ElementwiseName>(['divide', 'sqrt']);

/** What expressions are made of. */
export interface ExpressionOptions {
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** Whether NumPy is asked: functions that round correctly, and literals such as `2.0`. */
  readonly isForNumpy: boolean;
  readonly dtypes?: readonly Dtype[];
}

/** Makes arrays and expressions of them. */
export class Expressions {
  /** Arrays that the expressions read. */
  readonly views: StridedView[] = [];
  readonly #dice: Dice;
  readonly #options: ExpressionOptions;

  constructor(dice: Dice, options: ExpressionOptions) {
    this.#dice = dice;
    this.#options = options;
    const { shape, dtypes = DTYPE_NAMES } = options;
    // Whole operands, broadcast ones, and larger ones of which slices are taken.
    const dtype = () => dice.oneOf(dtypes);
    this.#add(dtype(), shape);
    this.#add(
      dtype(),
      shape.slice(dice.below(shape.length + 1)).map((extent) => (dice.chance(0.3) ? 1 : extent)),
    );
    for (let k = 0; k < 2; k++) {
      const room = dice.oneOf([1, 2, 2, 3]);
      this.#add(
        dtype(),
        shape.map((extent) => extent + (dice.chance(0.3) ? extent : room)),
      );
    }
  }

  #add(dtype: Dtype, shape: readonly number[]): void {
    const [factor, shift] = [this.#dice.oneOf([1, 3, 5]), this.#dice.below(7)];
    const low = DTYPES[dtype].kind === 'uint' ? 0 : 3;
    this.views.push(filled(dtype, shape, (flat) => ((flat * factor + shift) % 7) - low));
  }

  /** An expression that reads at least one array, most `depth` deep. */
  tree(depth: number): Typed {
    const dice = this.#dice;
    if (depth === 0 || dice.chance(0.15)) return this.#leaf();
    for (;;) {
      if (dice.chance(0.1)) return this.#choice(depth);
      const name = dice.oneOf(this.#options.isForNumpy ? EXACT : ALL);
      const made = this.#call(name, depth);
      if (made !== null) return made;
    }
  }

  #call(name: ElementwiseName, depth: number): CallNode | null {
    const dice = this.#dice;
    const { arity, rule } = ELEMENTWISE[name];
    const first = this.tree(depth - 1);
    const operands: Node[] = [first];
    const bounded = ['floorDivide', 'remainder', 'leftShift', 'rightShift', 'fmod'].includes(name);
    while (operands.length < arity) {
      // What divides by 0 or shifts too far is for other tests.
      operands.push(bounded || dice.chance(0.3) ? this.#number(bounded) : this.tree(depth - 1));
    }
    if (!bounded && arity === 2 && dice.chance(0.3)) operands.reverse();
    const typed = operands.filter((each): each is Typed => each.kind !== 'scalar');
    const scalars = operands.filter((each) => each.kind === 'scalar');
    const weak = scalars.map((each) => each.weak).reduce(stronger, undefined);
    const dtypes = typed.map(({ dtype }) => dtype);
    try {
      const { compute, result } = resolveElementwise(name, dtypes, weak);
      for (const { value } of scalars) scalarAs(value, compute);
      const { kind } = DTYPES[compute];
      const isExact = typed.every((each) => each.isExact) && !ROUNDS.has(name);
      if (this.#options.isForNumpy) {
        if (kind === 'complex' && !isExact && rule.result !== 'bool') return null;
        if (kind === 'complex' && (name === 'abs' || ROUNDS.has(name))) return null;
        // NumPy's vector code takes either zero.
        if (kind === 'float' && ['maximum', 'minimum', 'clip'].includes(name)) return null;
      }
      if (name === 'power' && (kind === 'int' || kind === 'uint') && weak === undefined)
        return null;
      return { kind: 'call', name, operands, dtype: result, compute, isExact };
    } catch {
      return null;
    }
  }

  #choice(depth: number): CallNode {
    const [condition, x] = [this.tree(depth - 1), this.tree(depth - 1)];
    const other = this.#dice.chance(0.3) ? this.#number(false) : this.tree(depth - 1);
    const scalar = (node: Node) =>
      node.kind === 'scalar' ? (node.weak === 'float' ? 0.5 : node.value) : node.dtype;
    const pair = this.#dice.chance(0.5) ? [x, other] : [other, x];
    let dtype = resultType(scalar(pair[0]), scalar(pair[1]));
    if (other.kind === 'scalar') {
      try {
        scalarAs(other.value, dtype);
      } catch {
        dtype = x.dtype;
        pair.fill(x);
      }
    }
    const isExact = pair.every((each) => each.kind === 'scalar' || each.isExact);
    const operands = [condition, ...pair];
    return { kind: 'call', name: 'where', operands, dtype, compute: dtype, isExact };
  }

  #number(isPositive: boolean): ScalarNode {
    const dice = this.#dice;
    const plain: readonly Scalar[] = isPositive ? [1, 2, 3] : [0, 1, 2, -2, 3, 0.5, -1.5, 1n, true];
    const value = dice.oneOf<Scalar>(isPositive || dice.chance(0.95) ? plain : [{ re: 1, im: 2 }]);
    const weak = weakKindOf(value);
    if (this.#options.isForNumpy && !isPositive && dice.chance(0.2)) {
      const text = dice.oneOf(['2.0', '1e0', '3.', '1_0.0']);
      return { kind: 'scalar', value: Number(text.replace('_', '')), weak: 'float', text };
    }
    const writable = typeof value === 'number' && dice.chance(0.5);
    return { kind: 'scalar', value, weak, text: writable ? String(value) : null };
  }

  #leaf(): ArrayNode {
    const { shape } = this.#options;
    const dice = this.#dice;
    const array = dice.oneOf([0, 0, 1, 2, 2, 2, 3, 3]);
    const { dtype, shape: own } = this.views[array];
    const ranges = array < 2 ? null : shape.map((extent, axis) => this.#range(extent, own[axis]));
    return { kind: 'array', array, ranges, dtype, isExact: true };
  }

  /** A slice of `base` indices that has `extent` ones. */
  #range(extent: number, base: number): Range {
    const dice = this.#dice;
    if (extent === 0) return [0, 0, null];
    const step = dice.chance(0.7) ? 1 : dice.oneOf([2, -1, -1, -2]);
    const span = (extent - 1) * Math.abs(step) + 1;
    if (span > base) return [0, extent, null];
    const low = dice.between(0, base - span);
    if (step > 0) {
      const stop = low + span;
      const shown = stop === base && dice.chance(0.5) ? null : stop;
      return [low, dice.chance(0.4) && stop < base ? stop - base : shown, step === 1 ? null : step];
    }
    return [low + span - 1, low === 0 ? null : low - 1, step];
  }
}

function stronger(a: WeakKind | undefined, b: WeakKind): WeakKind {
  const order = ['bool', 'int', 'float', 'complex'];
  return a === undefined || order.indexOf(b) > order.indexOf(a) ? b : a;
}

/** A slice as it is written. */
export function textOfRanges(ranges: readonly Range[]): string {
  return ranges
    .map(([start, stop, step]) => `${start ?? ''}:${stop ?? ''}${step === null ? '' : `:${step}`}`)
    .join(', ');
}

/** The expression as a template. */
export function templateOf(node: Node, arrays: readonly ExpressionOperand[]): Template {
  const strings = [''];
  const values: ExpressionOperand[] = [];
  const write = (text: string) => {
    strings[strings.length - 1] += text;
  };
  const hole = (value: ExpressionOperand) => {
    values.push(value);
    strings.push('');
  };
  const visit = (each: Node): void => {
    if (each.kind === 'array') {
      hole(arrays[each.array]);
      if (each.ranges !== null) write(`[${textOfRanges(each.ranges)}]`);
    } else if (each.kind === 'scalar') {
      if (each.text === null) hole(each.value);
      else write(each.text.startsWith('-') ? `(${each.text})` : each.text);
    } else {
      const { name, operands } = each;
      const sign = SIGNS[name] ?? UNARY_SIGNS[name];
      write(sign === undefined ? name : '');
      write(operands.length === 1 && sign !== undefined ? `(${sign}` : '(');
      operands.forEach((operand, k) => {
        if (k > 0) write(sign === undefined ? ', ' : ` ${sign} `);
        visit(operand);
      });
      write(')');
    }
  };
  visit(node);
  return [strings, values];
}

/** The expression function by function. */
export function inChain(node: Node, arrays: readonly functions.DistArray[]): ExpressionOperand {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') {
    const array = arrays[node.array];
    return node.ranges === null ? array : array.slice(textOfRanges(node.ranges));
  }
  const operands = node.operands.map((each) => inChain(each, arrays));
  // biome-ignore lint/performance/noDynamicNamespaceImportAccess: names come from the tree
  return (functions[node.name] as (...operands: ExpressionOperand[]) => functions.DistArray)(
    ...operands,
  );
}

/** The expression for NumPy: each function with what it computes in, by our tables. */
export function forNumpy(node: Node, compute: Dtype | null = null): object {
  if (node.kind === 'array') return { array: node.array, slice: node.ranges };
  if (node.kind === 'scalar') {
    const view = newView(compute!, []);
    writeElement(view.data, view.dtype, 0, scalarAs(node.value, compute!));
    return { scalar: encode(view) };
  }
  const { name, operands, dtype } = node;
  return {
    fn: name === 'where' ? 'where' : ELEMENTWISE[name].numpy,
    compute: numpyName(node.compute),
    result: numpyName(dtype),
    operands: operands.map((each) => forNumpy(each, node.compute)),
  };
}

/** What NumPy is asked: the expression of these arrays. */
export function expressionJob(node: Node, views: readonly StridedView[], more: object = {}) {
  return { job: 'expression', arrays: views.map(encode), tree: forNumpy(node), ...more };
}
