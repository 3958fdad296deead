/** `numpy.matmul`, `numpy.dot`, `numpy.inner` and `numpy.tensordot` as operations. */
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { broadcastShapes } from '../../kernels/stridedView.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import { type ArrayMeta, type ArrayOperation, arrayOperation } from '../operation.ts';
import {
  arrayAndVector,
  contraction,
  ELEMENTWISE,
  EVERY_PAIR,
  INNER,
  MATRICES,
  type ProductCase,
  vectorAndArray,
} from './productCases.ts';
import type { TensordotAxes } from './tensordotPlan.ts';

/** Products of matrices, stacks of them, and vectors (`numpy.matmul`). */
export const matmulOperation = productOperation<null>('matmul', (a, b) => {
  const shapes = [shapeOf(a), shapeOf(b)];
  shapes.forEach((shape, k) => {
    if (shape.length > 0) return;
    const why = `matmul: Input operand ${k} does not have enough dimensions (has 0)`;
    throw new ArgumentRangeError(
      k === 0 ? 'a' : 'b',
      `one dimension or more (${why})`,
      text(shape),
    );
  });
  const [first, second] = shapes;
  const [inner, rows] = [first[first.length - 1], second[Math.max(0, second.length - 2)]];
  if (inner !== rows) {
    const why =
      'matmul: Input operand 1 has a mismatch in its core dimension 0 ' +
      `(size ${rows} is different from ${inner})`;
    const expected = `what ${text(first)} can be multiplied by (${why})`;
    throw new ArgumentRangeError('b', expected, text(second));
  }
  if (first.length === 1 && second.length === 1) return INNER;
  if (second.length === 1) return arrayAndVector(first.length - 1);
  if (first.length === 1) return vectorAndArray(second.length - 2);
  broadcastShapes([first.slice(0, -2), second.slice(0, -2)]);
  return MATRICES;
});

/** `numpy.dot`: sums over the last axis of `a` and the last but one of `b`. */
export const dotOperation = productOperation<null>('dot', (a, b) => {
  const [first, second] = [shapeOf(a), shapeOf(b)];
  if (first.length === 0 || second.length === 0) return ELEMENTWISE;
  const axis = Math.max(0, second.length - 2);
  checkAligned(first, second, axis);
  if (first.length === 1 && second.length === 1) return INNER;
  if (second.length === 1) return arrayAndVector(first.length - 1);
  if (first.length === 1) return vectorAndArray(axis);
  if (second.length === 2) return MATRICES;
  return contraction({ a: [first.length - 1], b: [axis] });
});

/** `numpy.inner`: sums over the last axes of both. */
export const innerOperation = productOperation<null>('inner', (a, b) => {
  const [first, second] = [shapeOf(a), shapeOf(b)];
  if (first.length === 0 || second.length === 0) return ELEMENTWISE;
  checkAligned(first, second, second.length - 1);
  if (first.length === 1 && second.length === 1) return INNER;
  if (second.length === 1) return arrayAndVector(first.length - 1);
  if (first.length === 1) return vectorAndArray(second.length - 1);
  return contraction({ a: [first.length - 1], b: [second.length - 1] });
});

/**
 * What {@link tensordotOperation} takes: the number of last axes of `a` and first ones of `b`, or which axes of both.
 */
export type TensordotParams =
  | number
  | readonly [number | readonly number[], number | readonly number[]];

/** `numpy.tensordot`: sums over pairs of axes. */
export const tensordotOperation = productOperation<TensordotParams>('tensordot', (a, b, axes) => {
  const pairs = pairsOf(axes, shapeOf(a), shapeOf(b));
  if (pairs.a.length === 0) return EVERY_PAIR;
  return contraction(pairs);
});

function pairsOf(
  axes: unknown,
  first: readonly number[],
  second: readonly number[],
): TensordotAxes {
  let pairs: { a: number[]; b: number[] };
  if (typeof axes === 'number') {
    const most = Math.min(first.length, second.length);
    if (!Number.isInteger(axes) || axes < 0 || axes > most) {
      throw new ArgumentRangeError('options.axes', `an integer in [0, ${most}]`, axes);
    }
    const numbers = [...Array(axes).keys()];
    pairs = { a: numbers.map((k) => first.length - axes + k), b: numbers };
  } else {
    if (!Array.isArray(axes) || axes.length !== 2) {
      throw new ArgumentTypeError('options.axes', 'a number of axes, or two lists of axes', axes);
    }
    pairs = {
      a: axesOf(axes[0], first.length, 'options.axes[0]'),
      b: axesOf(axes[1], second.length, 'options.axes[1]'),
    };
  }
  const fits =
    pairs.a.length === pairs.b.length &&
    pairs.a.every((axis, k) => first[axis] === second[pairs.b[k]]);
  if (fits) return pairs;
  throw new ArgumentRangeError(
    'options.axes',
    `pairs of axes of one length (shape-mismatch for sum of ${text(first)} and ${text(second)})`,
    axes,
  );
}

function axesOf(axes: unknown, ndim: number, argument: string): number[] {
  const list = typeof axes === 'number' ? [axes] : axes;
  if (!Array.isArray(list))
    throw new ArgumentTypeError(argument, 'an axis or a list of axes', axes);
  const positive = list.map((axis, k) => positiveIndex(axis, ndim, `${argument}[${k}]`));
  if (new Set(positive).size < positive.length) {
    throw new ArgumentRangeError(argument, 'every axis once', list);
  }
  return positive;
}

function checkAligned(first: readonly number[], second: readonly number[], axis: number): void {
  const [last, other] = [first[first.length - 1], second[axis]];
  if (last === other) return;
  const why =
    `shapes ${text(first)} and ${text(second)} not aligned: ` +
    `${last} (dim ${first.length - 1}) != ${other} (dim ${axis})`;
  throw new ArgumentRangeError('b', `what fits (${why})`, text(second));
}

function productOperation<Params>(
  name: string,
  caseOf: (a: ArrayMeta, b: ArrayMeta, params: Params) => ProductCase,
): ArrayOperation<Params> {
  return arrayOperation<Params>(name, {
    infer: ([a, b], params, processes) => caseOf(a, b, params).infer(a, b, processes),
    run: ([a, b], params, environment) => caseOf(a, b, params).run(a, b, environment),
  });
}

function shapeOf({ distribution }: ArrayMeta): readonly number[] {
  return distribution.shape;
}

function text(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}
