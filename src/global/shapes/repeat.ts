/** Arrays of other elements of an array. @remarks All are collective. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import { repeatOperation } from '../../ops/shape/repeat.ts';
import { rollOperation } from '../../ops/shape/roll.ts';
import { tileOperation } from '../../ops/shape/tile.ts';
import type { DistArray } from '../distArray.ts';
import { axisOf, checkArray, checked, derived } from './call.ts';
import { AXIS_OPTIONS } from './optionNames.ts';
import { ravel, reshape } from './reshape.ts';
import type { AxesOptions, RepeatOptions } from './types.ts';

/**
 * Returns an array whose elements are moved along axes; what leaves one end comes in at the other one
 * (`numpy.roll`). It is distributed like the array: blocks send what crosses their edges.
 *
 * @param shift - towards higher indices; one for all axes, or one an axis
 * @param options - `axis`: one, or several; without it the elements move in the flat array
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function roll<D extends Dtype>(
  array: DistArray<D>,
  shift: number | readonly number[],
  options?: AxesOptions,
): DistArray<D> {
  checkArray(array);
  const { axis } = checked(options, AXIS_OPTIONS, '{ axis: 0 }');
  const given = typeof shift === 'number' ? [shift] : shift;
  if (!Array.isArray(given)) throw new ArgumentTypeError('shift', 'integers', shift);
  given.forEach((each, k) => {
    checkInteger(typeof shift === 'number' ? 'shift' : `shift[${k}]`, each);
  });
  if (axis === undefined || axis === null) {
    const total = given.reduce((sum, each) => sum + each, 0);
    if (array.ndim === 1) return derived(array, rollOperation, { shifts: [total] });
    const rolled = derived<{ shifts: number[] }, D>(ravel(array), rollOperation, {
      shifts: [total],
    });
    return reshape(rolled, array.shape, { distribution: array.distribution });
  }
  const axes = typeof axis === 'number' ? [axis] : axis;
  const count = Math.max(axes.length, given.length);
  if (
    (axes.length !== count && axes.length !== 1) ||
    (given.length !== count && given.length > 1)
  ) {
    throw new ArgumentRangeError('shift', `one, or one for each of ${axes.length} axes`, shift);
  }
  const shifts = array.shape.map(() => 0);
  for (let k = 0; k < count; k++) {
    const each = axisOf(axes[axes.length === 1 ? 0 : k], array.ndim);
    shifts[each] += given[given.length === 1 ? 0 : k];
  }
  return derived(array, rollOperation, { shifts });
}

/**
 * Returns an array of copies of an array (`numpy.tile`), distributed like it.
 *
 * @param reps - how often it is there along each axis; fewer than axes are for the last ones, more make new axes
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function tile<D extends Dtype>(
  array: DistArray<D>,
  reps: number | readonly number[],
): DistArray<D> {
  return derived(array, tileOperation, { reps: counts(reps, 'reps') });
}

/**
 * Returns an array whose elements are those of an array, each several times (`numpy.repeat`), distributed like it.
 *
 * @param repeats - how often each is there: one number, or one for each index along the axis, the same on every
 * process
 * @param options - `axis`: without it the flat array is repeated
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function repeat<D extends Dtype>(
  array: DistArray<D>,
  repeats: number | ArrayLike<number>,
  options?: RepeatOptions,
): DistArray<D> {
  checkArray(array);
  const { axis } = checked(options, AXIS_OPTIONS, '{ axis: 0 }');
  const list = counts(repeats, 'repeats');
  if (axis !== undefined && axis !== null) {
    return derived(array, repeatOperation, { axis, counts: list });
  }
  const flat = array.ndim === 1 ? array : ravel(array);
  return derived(flat, repeatOperation, { axis: 0, counts: list });
}

/** Numbers that say how often something is there: a copy, since what is computed later may need them. */
function counts(value: number | ArrayLike<number>, argument: string): readonly number[] {
  if (typeof value === 'number') {
    checkInteger(argument, value, 0);
    return [value];
  }
  const isList =
    Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
  if (!isList) throw new ArgumentTypeError(argument, 'an integer or an array of integers', value);
  const list = new Array<number>(value.length);
  for (let k = 0; k < list.length; k++) {
    const count = value[k];
    if (!Number.isInteger(count) || count < 0) checkInteger(`${argument}[${k}]`, count, 0);
    list[k] = count;
  }
  return list;
}
