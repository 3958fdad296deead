/** The reductions, and which dtypes they compute in and give. */
import { ArgumentTypeError } from '../errors.ts';
import { DTYPES, type Dtype } from './dtype.ts';
import { realDtype } from './resolve.ts';

/** What a reduction does with dtypes. */
interface ReductionRule {
  /**
   * What integers and bools are computed in: as they are, as the 64-bit integer of their kind
   * (int64 for bools), or as float64.
   */
  readonly integers: 'same' | 'long' | 'float64';
  /** Dtype of the result: the one that is computed in, its real part's, or a fixed one. */
  readonly result: 'same' | 'real' | 'bool' | 'int64';
  /** Whether a dtype may be asked for. */
  readonly takesDtype: boolean;
  /** Whether no elements at all have a result. */
  readonly hasEmpty: boolean;
  /** Whether it may begin with a value. */
  readonly takesInitial: boolean;
  /** Whether a mask may tell which elements count. */
  readonly takesWhere: boolean;
}

/** The reductions of arrays along axes, by name. */
export const REDUCTIONS = Object.freeze({
  sum: rule('long', 'same', { takesInitial: true }),
  prod: rule('long', 'same', { takesInitial: true }),
  mean: rule('float64', 'same'),
  var: rule('float64', 'real'),
  std: rule('float64', 'real'),
  min: rule('same', 'same', { takesDtype: false, hasEmpty: false, takesInitial: true }),
  max: rule('same', 'same', { takesDtype: false, hasEmpty: false, takesInitial: true }),
  argmin: rule('same', 'int64', { takesDtype: false, hasEmpty: false, takesWhere: false }),
  argmax: rule('same', 'int64', { takesDtype: false, hasEmpty: false, takesWhere: false }),
  any: rule('same', 'bool', { takesDtype: false }),
  all: rule('same', 'bool', { takesDtype: false }),
  countNonzero: rule('same', 'int64', { takesDtype: false }),
});

/** Name of a reduction. */
export type ReductionName = keyof typeof REDUCTIONS;

/** The dtypes of one call. */
export interface ReductionTypes {
  /** What elements are cast to before they are reduced. */
  readonly compute: Dtype;
  readonly result: Dtype;
}

/**
 * Returns the dtypes of a reduction of elements of a dtype, as NumPy's: sums and products of integers
 * and bools are 64 bits wide, means and variances of them float64, variances of complex numbers real.
 *
 * @param wanted - the dtype that was asked for: elements are cast to it, so that sums of any dtype in
 * any other can be had; bools add up to whether there is one
 * @throws {@link ArgumentTypeError} when a dtype was asked for that the reduction cannot give
 */
export function resolveReduction(
  name: ReductionName,
  dtype: Dtype,
  wanted?: Dtype,
): ReductionTypes {
  const { integers, result, takesDtype } = REDUCTIONS[name];
  if (wanted !== undefined && !takesDtype) {
    throw new ArgumentTypeError(
      'options.dtype',
      `undefined: ${name} has a dtype of its own`,
      wanted,
    );
  }
  const elements = wanted ?? dtype;
  let compute = elements;
  if (integers !== 'same') {
    const { kind } = DTYPES[elements];
    if (kind === 'uint') compute = integers === 'long' ? 'uint64' : 'float64';
    else if (kind === 'int' || kind === 'bool') compute = integers === 'long' ? 'int64' : 'float64';
  }
  // The squared distances of complex numbers are real, but not those of their real parts.
  if (result === 'real' && DTYPES[dtype].kind === 'complex' && DTYPES[compute].kind === 'float') {
    compute = compute === 'float32' ? 'complex64' : 'complex128';
  }
  if (result === 'bool' || result === 'int64') return { compute, result };
  if (wanted !== undefined)
    return { compute, result: result === 'real' ? realDtype(wanted) : wanted };
  return { compute, result: result === 'real' ? realDtype(compute) : compute };
}

function rule(
  integers: ReductionRule['integers'],
  result: ReductionRule['result'],
  { takesDtype = true, hasEmpty = true, takesInitial = false, takesWhere = true } = {},
): ReductionRule {
  return Object.freeze({ integers, result, takesDtype, hasEmpty, takesInitial, takesWhere });
}
