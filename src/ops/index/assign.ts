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
  check: checkArrays,
  run: ([target, source], _, environment) => {
    checkArrays([target, source]);
    // What the elements are before any of them is written to.
    const from = target.sharesMemoryWith(source) ? (source as LocalArray).copy() : source;
    copyInto(target, from, environment);
  },
});

/** Gives the elements of an array those of data that every process has, broadcast and cast. Sends nothing. */
export const assignData = valueOperation<StridedView<Dtype>, void>('assignData', {
  check: ([{ distribution }], data) => checkBroadcast(distribution.shape, data.shape),
  run: ([target], data) => {
    checkBroadcast(target.distribution.shape, data.shape);
    if (target.localSize === 0) return;
    target.assignView(partOfData(data, target.distribution, target.rank), 'unsafe');
  },
});

function checkArrays([target, source]: readonly ArrayMeta[]): void {
  checkBroadcast(target.distribution.shape, source.distribution.shape);
}

/** @throws {@link ArgumentRangeError} unless a value of this shape can be assigned to elements of shape `to` */
export function checkBroadcast(to: readonly number[], shape: readonly number[]): void {
  const lead = to.length - shape.length;
  const fits =
    lead >= 0 && shape.every((extent, axis) => extent === 1 || extent === to[axis + lead]);
  if (fits) return;
  const expected = `a shape that can be broadcast to (${to.join(', ')})`;
  throw new ArgumentRangeError('value', expected, `(${shape.join(', ')})`);
}
