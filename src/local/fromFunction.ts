/** Local arrays whose elements are a function of their global indices. */
import type { Dtype, TypedArrayOf } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { ArgumentTypeError } from '../errors.ts';
import { newResult } from '../kernels/stridedView.ts';
import type { Distribution } from '../maps/distribution.ts';
import { type CreationOptions, zeros } from './creation.ts';
import { writeElement } from './elementAccess.ts';
import type { LocalArray } from './localArray.ts';
import { forEachIndex } from './ndenumerate.ts';

/**
 * Returns the array whose element at the global index (i, j, …) is `value(i, j, …)` (DistArray 0.5
 * `fromfunction`). Communicates nothing: each process computes its own elements.
 *
 * @param value - called once an element, in local order
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the dtype has no such value
 */
export function fromFunction<D extends Dtype = 'float64'>(
  value: (...globalIndex: number[]) => Scalar,
  distribution: Distribution,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  if (typeof value !== 'function') throw new ArgumentTypeError('value', 'a function', value);
  const array = zeros<D>(distribution, options);
  const { data } = newResult(array.dtype, array.localShape);
  forEachIndex(array, (index, k) => writeElement(data, array.dtype, k, value(...index)));
  return array.localSize > 0 ? array.assignContiguous(data) : array;
}

/**
 * Computes all local elements at once.
 *
 * @param indices - for each axis the global indices of the local elements along it, in local order
 * @param out - the local elements in C order, to be written: element `(i, j)` of two dimensions is at
 * `i · indices[1].length + j`; complex ones as pairs (re, im)
 */
export type IndexArrayFunction<D extends Dtype> = (
  indices: readonly Float64Array[],
  out: TypedArrayOf<D>,
) => void;

/**
 * Returns the array whose elements a function writes, to which the global indices are given as one
 * vector an axis: the quick form of {@link fromFunction}. Communicates nothing.
 */
export function fromIndexArrays<D extends Dtype = 'float64'>(
  write: IndexArrayFunction<D>,
  distribution: Distribution,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  if (typeof write !== 'function') throw new ArgumentTypeError('write', 'a function', write);
  const array = zeros<D>(distribution, options);
  const indices = distribution.maps.map((_, axis) => Float64Array.from(array.globalIndices(axis)));
  // The memory itself, unless there is a halo around the elements.
  const out = array.toContiguous();
  write(indices, out);
  return array.isContiguous ? array : array.assignContiguous(out);
}
