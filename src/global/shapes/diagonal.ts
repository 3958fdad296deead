/** Diagonals. @remarks Collective. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, checkInteger } from '../../errors.ts';
import { showShape } from '../../maps/shape.ts';
import type { DistArray } from '../distArray.ts';
import { axisOf, checkArray, checked } from './call.ts';
import { DIAGONAL_OPTIONS } from './optionNames.ts';
import type { DiagonalOptions } from './types.ts';
import { moveaxis } from './views.ts';

/**
 * Returns a diagonal of two axes (`numpy.diagonal`); the last dimension goes along it. Unlike NumPy's it is a copy.
 *
 * @remarks Only its elements travel.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function diagonal<D extends Dtype>(
  array: DistArray<D>,
  options?: DiagonalOptions,
): DistArray<D> {
  checkArray(array);
  const { ndim } = array;
  const { offset = 0, axis1 = 0, axis2 = 1 } = checked(options, DIAGONAL_OPTIONS, '{ offset: 1 }');
  checkInteger('options.offset', offset);
  if (ndim < 2) {
    throw new ArgumentRangeError('array', 'two dimensions or more', showShape(array.shape));
  }
  const rows = axisOf(axis1, ndim, 'options.axis1');
  const columns = axisOf(axis2, ndim, 'options.axis2');
  if (rows === columns) throw new ArgumentRangeError('options.axis2', 'another axis', axis2);
  const [firstRow, firstColumn] = [Math.max(0, -offset), Math.max(0, offset)];
  const count = Math.min(array.shape[rows] - firstRow, array.shape[columns] - firstColumn);
  const along = (first: number) =>
    Int32Array.from({ length: Math.max(0, count) }, (_, k) => first + k);
  const planes = moveaxis(array, [rows, columns], [ndim - 2, ndim - 1]);
  return planes.get('...', along(firstRow), along(firstColumn)) as DistArray<D>;
}
