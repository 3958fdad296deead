/** Parts of arrays: views over the same memory. @remarks All are collective, and send nothing. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import type { SliceItem } from '../../maps/sliceSpec.ts';
import { range, sliceAt } from '../../ops/shape/assembly.ts';
import type { DistArray } from '../distArray.ts';
import { axisOf, checkArray, checked } from './call.ts';
import { AXIS_OPTIONS } from './optionNames.ts';
import type { AxisOptions } from './types.ts';

/**
 * Returns parts of an array along an axis (`numpy.split`).
 *
 * @param sections - how many parts of one size, or the indices where parts end
 * @throws {@link ArgumentRangeError} for a number that does not divide the extent; see {@link arraySplit}
 */
export function split<D extends Dtype>(
  array: DistArray<D>,
  sections: number | readonly number[],
  options?: AxisOptions,
): DistArray<D>[] {
  checkArray(array);
  const axis = axisIn(array, options);
  if (typeof sections === 'number') {
    checkInteger('sections', sections, 1);
    const extent = array.shape[axis];
    if (extent % sections !== 0) {
      const expected = `a number that divides the ${extent} indices of axis ${axis}`;
      throw new ArgumentRangeError('sections', expected, sections);
    }
  }
  return arraySplit(array, sections, options);
}

/**
 * Returns parts of an array along an axis (`numpy.array_split`), the first ones larger by one where a number of
 * parts does not divide the extent.
 *
 * @param sections - how many parts, or the indices where parts end
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function arraySplit<D extends Dtype>(
  array: DistArray<D>,
  sections: number | readonly number[],
  options?: AxisOptions,
): DistArray<D>[] {
  checkArray(array);
  const axis = axisIn(array, options);
  const extent = array.shape[axis];
  const ends = typeof sections === 'number' ? evenEnds(sections, extent) : endsAt(sections, extent);
  return ends.map((end, k) => part(array, axis, range(k === 0 ? 0 : ends[k - 1], end)));
}

/**
 * Returns the arrays along an axis, each without it (`unstack` of the Array API).
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for an axis that does not exist
 */
export function unstack<D extends Dtype>(
  array: DistArray<D>,
  options?: AxisOptions,
): DistArray<D>[] {
  checkArray(array);
  const axis = axisIn(array, options);
  return Array.from({ length: array.shape[axis] }, (_, index) => part(array, axis, index));
}

/** Returns parts side by side (`numpy.hsplit`): along the second axis, or the only one; see {@link split}. */
export function hsplit<D extends Dtype>(
  array: DistArray<D>,
  sections: number | readonly number[],
): DistArray<D>[] {
  checkDimensions(array, 1);
  return split(array, sections, { axis: array.ndim === 1 ? 0 : 1 });
}

/** Returns parts one below the other (`numpy.vsplit`): along the first of two axes at least; see {@link split}. */
export function vsplit<D extends Dtype>(
  array: DistArray<D>,
  sections: number | readonly number[],
): DistArray<D>[] {
  checkDimensions(array, 2);
  return split(array, sections, { axis: 0 });
}

/** Returns parts one behind the other (`numpy.dsplit`): along the third axis; see {@link split}. */
export function dsplit<D extends Dtype>(
  array: DistArray<D>,
  sections: number | readonly number[],
): DistArray<D>[] {
  checkDimensions(array, 3);
  return split(array, sections, { axis: 2 });
}

function checkDimensions(array: DistArray<Dtype>, least: number): void {
  checkArray(array);
  if (array.ndim >= least) return;
  const expected = least === 1 ? 'a dimension' : `${least} dimensions or more`;
  throw new ArgumentRangeError('array', expected, `shape (${array.shape.join(', ')})`);
}

function part<D extends Dtype>(array: DistArray<D>, axis: number, item: SliceItem): DistArray<D> {
  return array.slice(sliceAt(array.ndim, { [axis]: item }));
}

function axisIn(array: DistArray<Dtype>, options: AxisOptions | undefined): number {
  const { axis = 0 } = checked(options, AXIS_OPTIONS, '{ axis: 0 }');
  return axisOf(axis, array.ndim);
}

function evenEnds(sections: number, extent: number): readonly number[] {
  checkInteger('sections', sections, 1);
  const [size, larger] = [Math.floor(extent / sections), extent % sections];
  return Array.from({ length: sections }, (_, k) => (k + 1) * size + Math.min(k + 1, larger));
}

/** Indices as NumPy takes them: any integers, cut off as those of slices. */
function endsAt(sections: readonly number[], extent: number): readonly number[] {
  if (!Array.isArray(sections)) {
    throw new ArgumentTypeError('sections', 'an integer or an array of indices', sections);
  }
  sections.forEach((index, k) => {
    checkInteger(`sections[${k}]`, index);
  });
  return [...sections, extent];
}
