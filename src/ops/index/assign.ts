/** Giving all elements of an array new values. */
import type { Dtype } from '../../dtype/dtype.ts';
import { assignedAs, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentRangeError } from '../../errors.ts';
import type { StridedView } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { copyInto } from '../align.ts';
import { type ArrayMeta, valueOperation } from '../operation.ts';
import { partOfData } from '../partOfData.ts';

/** Gives every element of an array one value. Sends nothing. */
export const fillOperation = valueOperation<Scalar, void>('fill', {
  isSilent: true,
  check: ([{ dtype }], value) => {
    assignedAs(value, dtype);
  },
  run: ([array], value) => {
    assignedAs(value, array.dtype);
    if (array.localSize > 0) array.fill(value);
  },
});

/**
 * Gives the elements of an array (the first) those of another one, broadcast and cast as in NumPy's
 * assignments. Elements travel where the arrays do not lie alike.
 */
export const assignArray = valueOperation<null, void>('assign', {
  isSilent: true,
  check: checkArrays,
  run: ([target, source], _, environment) => {
    checkArrays([target, source]);
    const lead = superfluous(target.distribution.shape, source.distribution.shape);
    const fitting = lead > 0 ? (source as LocalArray).slice(Array(lead).fill(0)) : source;
    // What the elements are before any of them is written to.
    const from = target.sharesMemoryWith(source) ? (fitting as LocalArray).copy() : fitting;
    copyInto(target, from, environment);
  },
});

/** Gives the elements of an array those of data that every process has, broadcast and cast. Sends nothing. */
export const assignData = valueOperation<StridedView<Dtype>, void>('assignData', {
  isSilent: true,
  check: ([{ distribution }], data) => checkBroadcast(distribution.shape, data.shape),
  run: ([target], data) => {
    checkBroadcast(target.distribution.shape, data.shape);
    if (target.localSize === 0) return;
    const { distribution, rank } = target;
    target.assignView(
      partOfData(fittingView(data, distribution.shape), distribution, rank),
      'unsafe',
    );
  },
});

function checkArrays([target, source]: readonly ArrayMeta[]): void {
  checkBroadcast(target.distribution.shape, source.distribution.shape);
}

/**
 * As in NumPy's assignments, a value may have more dimensions than what it is assigned to, of one index each.
 * @throws {@link ArgumentRangeError} unless a value of this shape can be assigned to elements of shape `to`
 */
export function checkBroadcast(to: readonly number[], shape: readonly number[]): void {
  const lead = to.length - shape.length;
  const fits = shape.every((extent, axis) => extent === 1 || extent === to[axis + lead]);
  if (fits) return;
  const expected = `a shape that can be broadcast to (${to.join(', ')})`;
  throw new ArgumentRangeError('value', expected, `(${shape.join(', ')})`);
}

/** How many dimensions, the first ones, a value has more than what it is assigned to. */
export function superfluous(to: readonly number[], shape: readonly number[]): number {
  return Math.max(0, shape.length - to.length);
}

/** Returns a value that can be assigned to elements of shape `to` without superfluous dimensions. */
export function fittingView(view: StridedView, to: readonly number[]): StridedView {
  const lead = superfluous(to, view.shape);
  if (lead === 0) return view;
  return { ...view, shape: view.shape.slice(lead), strides: view.strides.slice(lead) };
}
