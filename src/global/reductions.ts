/** Reductions of distributed arrays, as functions and methods. @remarks All are collective. */
import type { Dtype } from '../dtype/dtype.ts';
import { REDUCTIONS, type ReductionName } from '../dtype/reductions.ts';
import { ArgumentTypeError } from '../errors.ts';
import { newaxis } from '../maps/sliceSpec.ts';
import type { CumulativeName } from '../ops/reduce/cumulative.ts';
import { cumulativeOperation, reduceOperation } from '../ops/reduce/reduceOperations.ts';
import { checkOptions, type OptionNames, optionNames } from '../options.ts';
import { DistArray } from './distArray.ts';
import { sameContext } from './isDistArray.ts';
import type {
  Cumulative,
  CumulativeCallOptions,
  Reduction,
  ReductionOptions,
} from './reductionTypes.ts';

const CUMULATIVE_OPTIONS = optionNames<CumulativeCallOptions>({
  axis: true,
  dtype: true,
  includeInitial: true,
  out: true,
});

/** Returns the sum over axes (`numpy.sum`); of integers and bools as 64-bit integers. */
export const sum = reduction('sum');
/** Returns the product over axes (`numpy.prod`). */
export const prod = reduction('prod');
/** Returns the mean over axes (`numpy.mean`); float64 for integers. */
export const mean = reduction('mean');
/** Returns the variance over axes (`numpy.var`), by a method that does not lose digits. */
export const variance = reduction('var');
/** Returns the standard deviation over axes (`numpy.std`). */
export const std = reduction('std');
/** Returns the smallest element over axes (`numpy.min`); NaN if there is one. */
export const min = reduction('min');
/** Returns the largest element over axes (`numpy.max`); NaN if there is one. */
export const max = reduction('max');
/** Returns the index of the smallest element along an axis, or in the flat array (`numpy.argmin`). */
export const argmin = reduction('argmin');
/** Returns the index of the largest element along an axis, or in the flat array (`numpy.argmax`). */
export const argmax = reduction('argmax');
/** Returns whether any element over axes is not 0 (`numpy.any`). */
export const any = reduction('any');
/** Returns whether all elements over axes are not 0 (`numpy.all`). */
export const all = reduction('all');
/** Returns how many elements over axes are not 0 (`numpy.count_nonzero`). */
export const countNonzero = reduction('countNonzero');
/**
 * Returns the sums of the elements up to each one along an axis (`numpy.cumulative_sum`), which may be left out for one
 * dimension; of an array without dimensions one of one element.
 */
export const cumulativeSum = cumulativeFunction('cumulativeSum');
/** Returns the products of the elements up to each one along an axis (`numpy.cumulative_prod`): {@link cumulativeSum}. */
export const cumulativeProd = cumulativeFunction('cumulativeProd');

const FUNCTIONS: { readonly [Name in ReductionName]: Reduction<Name> } & {
  readonly [Name in CumulativeName]: Cumulative;
} = {
  sum,
  prod,
  mean,
  var: variance,
  std,
  min,
  max,
  argmin,
  argmax,
  any,
  all,
  countNonzero,
  cumulativeSum,
  cumulativeProd,
};

for (const [name, call] of Object.entries(FUNCTIONS)) {
  const value = function (this: DistArray, options?: CumulativeCallOptions) {
    return call(this, options);
  };
  Object.defineProperty(DistArray.prototype, name, { value, writable: true, configurable: true });
}

function reduction<Name extends ReductionName>(name: Name): Reduction<Name> {
  const names = namesOf(name);
  return (array, options) => {
    const { arrays, plain } = operandsOf(array, options, names);
    const { axis, keepdims, dtype, ddof, initial, out, where } = plain;
    const { context } = array;
    const result = context.session.execute(
      reduceOperation,
      arrays.map(({ handle }) => handle),
      {
        name,
        axis,
        keepdims,
        dtype,
        ddof,
        initial,
        hasOut: out !== undefined,
        hasWhere: where !== undefined,
      },
    );
    return options?.out ?? new DistArray(context, result);
  };
}

function cumulativeFunction(name: CumulativeName): Cumulative {
  return (array, options) => {
    const { arrays } = operandsOf(array, options, CUMULATIVE_OPTIONS);
    // As in NumPy an array without dimensions counts as one of one element.
    if (array.ndim === 0) arrays[0] = array.slice([newaxis]);
    const { axis, dtype, includeInitial, out }: CumulativeCallOptions = options ?? {};
    const { context } = array;
    const handles = arrays.map(({ handle }) => handle);
    const params = { name, axis, dtype, includeInitial, hasOut: out !== undefined };
    const result = context.session.execute(cumulativeOperation, handles, params);
    return options?.out ?? new DistArray(context, result);
  };
}

/** The array, and those among the options. */
function operandsOf(
  array: DistArray<Dtype>,
  options: ReductionOptions | undefined,
  names: OptionNames,
): {
  readonly arrays: DistArray<Dtype>[];
  readonly plain: ReductionOptions;
} {
  if (!(array instanceof DistArray)) throw new ArgumentTypeError('array', 'a DistArray', array);
  if (options === undefined) return { arrays: [array], plain: {} };
  checkOptions(options, names, '{ axis: 0 }');
  const { out, where } = options;
  const arrays: DistArray<Dtype>[] = [array];
  for (const [argument, other] of Object.entries({ out, where })) {
    if (other === undefined) continue;
    if (!(other instanceof DistArray)) {
      throw new ArgumentTypeError(`options.${argument}`, 'a DistArray', other);
    }
    sameContext(array, other);
    arrays.push(other);
  }
  return { arrays, plain: options };
}

/** The options that a reduction has. */
function namesOf(name: ReductionName): OptionNames {
  const { takesDtype, takesWhere, takesInitial } = REDUCTIONS[name];
  const names = ['axis', 'keepdims', 'out'];
  if (takesDtype) names.push('dtype');
  if (takesWhere) names.push('where');
  if (takesInitial) names.push('initial');
  if (name === 'var' || name === 'std') names.push('ddof');
  return new Set(names);
}
