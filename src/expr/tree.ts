/** What an expression says: a tree of plain values. */
import type { Complex } from '../dtype/dtype.ts';
import type { ElementwiseName } from '../dtype/elementwise.ts';
import type { ReductionName } from '../dtype/reductions.ts';
import type { WeakKind } from '../dtype/scalar.ts';
import type { SliceItem } from '../maps/sliceSpec.ts';

/** A number in the text; `2.0` is a float, as in Python, although JavaScript cannot tell it from `2`. */
export interface Literal {
  readonly kind: 'literal';
  readonly value: number | bigint | boolean | Complex;
  readonly weak: WeakKind;
}

/** What stands for `${…}` with the slice in brackets behind it: one of the expression's places. */
export interface Hole {
  readonly kind: 'hole';
  readonly place: number;
}

/** A hole and a slice; the same hole with the same slice is one place. */
export interface Place {
  /** Number of the hole. */
  readonly index: number;
  readonly slice: readonly SliceItem[] | null;
  /** The slice in one form, whatever its spaces. */
  readonly shown: string | null;
  /** Where it is first in the text, from 1. */
  readonly column: number;
}

/** An elementwise function of one to three operands, or a choice between two. */
export interface Call {
  readonly kind: 'call';
  readonly name: ElementwiseName | 'where';
  readonly operands: readonly Tree[];
  readonly column: number;
  /** Whether it is an operator in the text: `x ** 2` is a square, as in NumPy, but `power(x, 2)` a power. */
  readonly isOperator: boolean;
  /** How many calls are within one another, this one included. */
  readonly depth: number;
}

export type Tree = Literal | Hole | Call;

/** How many calls are within one another. */
export function depthOf(tree: Tree): number {
  return tree.kind === 'call' ? tree.depth : 0;
}

/** A reduction of the whole expression. */
export interface TopReduction {
  readonly name: ReductionName;
  readonly axis?: number | readonly number[] | null;
  readonly keepdims?: boolean;
  readonly ddof?: number;
}

/** A template that has been read. */
export interface Expression {
  readonly tree: Tree;
  readonly reduction: TopReduction | null;
  /** The text, `${}` for each hole. */
  readonly text: string;
  readonly places: readonly Place[];
}
