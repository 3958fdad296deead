/** What elementwise functions take. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import { optionNames } from '../../options.ts';
import type { DistArray } from '../distArray.ts';

/**
 * An operand: an array, or a number, which takes part in promotion with its kind only (NumPy 2's weak
 * scalars).
 */
export type ArrayOperand = DistArray<Dtype> | Scalar;

/** Options of elementwise functions, as NumPy's. */
export interface ElementwiseOptions<R extends Dtype = Dtype> {
  /** Where the result goes, instead of to a new array; operands are brought to its distribution. */
  readonly out?: DistArray<R>;
  /** Only elements where this array is true are computed; others of a new result are 0. */
  readonly where?: DistArray<'bool'>;
  /** What is computed in, instead of what the operands' dtypes tell. */
  readonly dtype?: R;
}

/** The options of {@link ElementwiseOptions}. */
export const ELEMENTWISE_OPTIONS = Object.freeze({ out: true, where: true, dtype: true } as const);

/** Their names. */
export const ELEMENTWISE_NAMES = optionNames<ElementwiseOptions>(ELEMENTWISE_OPTIONS);
