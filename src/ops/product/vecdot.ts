/** Sums of products of vectors along an axis, or of all elements, the first ones conjugated. */

import { DTYPES } from '../../dtype/dtype.ts';
import { promoteTypes } from '../../dtype/promotion.ts';
import { ArgumentRangeError } from '../../errors.ts';
import { broadcastShapes, sameShape } from '../../kernels/stridedView.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import { alignTo } from '../align.ts';
import { commonDistribution } from '../elementwise/commonDistribution.ts';
import { elementwise } from '../elementwise/elementwise.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation } from '../operation.ts';
import { reduce } from '../reduce/reduce.ts';
import { onceOnly } from './countingOnce.ts';
import { inferInnerProduct, innerProduct } from './innerProduct.ts';
import { flatMeta, flattened } from './outer.ts';

/** Takes the axis, of arrays that are broadcast along all others. */
export const vecdotOperation = arrayOperation<number>('vecdot', {
  infer: ([a, b], axis, processes) => {
    const common = commonOf(a, b, axis);
    if (common.distribution.ndim === 1) return inferInnerProduct(a, b, processes);
    return {
      dtype: promoteTypes(a.dtype, b.dtype),
      distribution: common.distribution.reduce([common.axis]),
    };
  },
  run: ([a, b], given, environment) => {
    const { distribution, axis } = commonOf(a, b, given);
    if (distribution.ndim === 1) return innerProduct(a, b, true, environment);
    const dtype = promoteTypes(a.dtype, b.dtype);
    const left = alignTo(a, distribution, environment);
    const right = alignTo(b, distribution, environment);
    const products = newArray(distribution, { dtype, comm: environment.comm, zeroed: false });
    if (products.localSize > 0) {
      const isComplex = DTYPES[left.dtype].kind === 'complex';
      const first = isComplex ? elementwise('conj', [left]) : left;
      elementwise('multiply', [first, right], { out: products.strided });
    }
    return reduce(products, 'sum', { axis, dtype });
  },
});

/** `numpy.vdot`: of all elements, in C order. */
export const vdotOperation = arrayOperation<null>('vdot', {
  infer: ([a, b], _, processes) => {
    checkSizes(a, b);
    return inferInnerProduct(flatMeta(a), flatMeta(b), processes);
  },
  run: ([a, b], _, environment) => {
    checkSizes(a, b);
    if (sameShape(a.globalShape, b.globalShape)) return innerProduct(a, b, true, environment);
    const [first, second] = [a, b].map((array) => flattened(array, environment));
    return innerProduct(first, second, true, environment);
  },
});

/** Where both are brought to, and the axis there. */
function commonOf(
  a: ArrayMeta,
  b: ArrayMeta,
  given: number,
): { readonly distribution: Distribution; readonly axis: number } {
  const shapes = [a.distribution.shape, b.distribution.shape];
  const least = Math.min(...shapes.map(({ length }) => length));
  if (least === 0) {
    const why = 'vecdot: Input operands need one dimension or more';
    throw new ArgumentRangeError('operands', `vectors, or stacks of them (${why})`, 'shape ()');
  }
  const isLast = Number.isInteger(given) && given < 0;
  const sameLength = shapes[0].length === shapes[1].length;
  if (!isLast && !sameLength) {
    const expected = 'a negative axis, as the arrays have not as many dimensions';
    throw new ArgumentRangeError('options.axis', expected, given);
  }
  const fromEnd = least - positiveIndex(given, least, 'options.axis');
  const [first, second] = shapes.map((shape) => shape[shape.length - fromEnd]);
  if (first !== second) {
    const why =
      'vecdot: Input operand 1 has a mismatch in its core dimension 0 ' +
      `(size ${second} is different from ${first})`;
    throw new ArgumentRangeError('b', `${first} indices along the axis (${why})`, second);
  }
  const shape = broadcastShapes(shapes);
  const axis = shape.length - fromEnd;
  return { distribution: onceOnly(commonDistribution([a, b], shape), [axis]), axis };
}

function checkSizes(a: ArrayMeta, b: ArrayMeta): void {
  const [first, second] = [a.distribution.size, b.distribution.size];
  if (first === second) return;
  throw new ArgumentRangeError('b', `as many elements as the first array has, ${first}`, second);
}
