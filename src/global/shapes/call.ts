/** What functions that change shapes have in common. */
import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentTypeError } from '../../errors.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import type { ArrayOperation } from '../../ops/operation.ts';
import { checkOptions, type OptionNames } from '../../options.ts';
import { DistArray } from '../distArray.ts';
import { executeInto } from '../executeInto.ts';
import { sameContext } from '../isDistArray.ts';

/** Carries out an operation on an array. */
export function derived<Params, D extends Dtype>(
  array: DistArray<Dtype>,
  operation: ArrayOperation<Params>,
  params: Params,
): DistArray<D> {
  checkArray(array);
  const { context } = array;
  return new DistArray<D>(context, context.session.execute(operation, [array.handle], params));
}

/** Carries out an operation on several arrays of one context. */
export function combined<Params, D extends Dtype>(
  arrays: readonly DistArray<Dtype>[],
  operation: ArrayOperation<Params>,
  params: Params,
  out?: DistArray<D>,
): DistArray<D> {
  checkArrays(arrays);
  return executeInto(arrays, operation, params, out);
}

/** Checks that a value is a DistArray. */
export function checkArray(array: unknown, argument = 'array'): asserts array is DistArray<Dtype> {
  if (!(array instanceof DistArray)) throw new ArgumentTypeError(argument, 'a DistArray', array);
}

/** Checks that a value is a list of arrays of one context, one at least. */
export function checkArrays(arrays: unknown): asserts arrays is readonly DistArray<Dtype>[] {
  if (!Array.isArray(arrays) || arrays.length === 0) {
    throw new ArgumentTypeError('arrays', 'an array of DistArrays, one at least', arrays);
  }
  arrays.forEach((array: unknown, k) => {
    checkArray(array, `arrays[${k}]`);
    sameContext(arrays[0], array);
  });
}

/** Returns options once they are known to be an object of none but the known ones. */
export function checked<Options extends object>(
  options: Options | undefined,
  names: OptionNames,
  example: string,
): Options {
  if (options === undefined) return {} as Options;
  checkOptions(options, names, example);
  return options;
}

/** Returns an axis without counting from the end. */
export function axisOf(axis: number, ndim: number, argument = 'options.axis'): number {
  if (typeof axis !== 'number') throw new ArgumentTypeError(argument, 'an integer', axis);
  return positiveIndex(axis, ndim, argument);
}
