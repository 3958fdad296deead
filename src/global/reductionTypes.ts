/** What reductions take, and their methods. */
import type { Dtype } from '../dtype/dtype.ts';
import type { ReductionName } from '../dtype/reductions.ts';
import type { CumulativeName } from '../ops/reduce/cumulative.ts';
import type { DistArray } from './distArray.ts';

/** Options of reductions, as NumPy's. */
export interface ReductionOptions {
  /** Axes to reduce over: one, several, negative ones from the end; all when left out or null. */
  readonly axis?: number | readonly number[] | null;
  /** Whether the reduced axes stay, with one index. Default false. */
  readonly keepdims?: boolean;
  /** What elements are cast to before; also the dtype of the result. */
  readonly dtype?: Dtype;
  /** Where the result goes, instead of to a new array. */
  readonly out?: DistArray<Dtype>;
  /** Of `var` and `std`: what is taken off the number of elements that sums are divided by. Default 0. */
  readonly ddof?: number;
  /** Which elements count. Not for `min`, `max`, `argmin` and `argmax`. */
  readonly where?: DistArray<'bool'>;
}

/** Options of cumulative functions. */
export interface CumulativeCallOptions {
  /** Axis to go along; may be left out for arrays of one dimension. */
  readonly axis?: number;
  /** What elements are cast to before; also the dtype of the result. */
  readonly dtype?: Dtype;
  /** Where the result goes, instead of to a new array. */
  readonly out?: DistArray<Dtype>;
}

/** Dtypes of results that are always the same. */
type ResultOf<Name> = Name extends 'any' | 'all'
  ? 'bool'
  : Name extends 'argmin' | 'argmax' | 'countNonzero'
    ? 'int64'
    : Dtype;

/** A reduction as a function. */
export type Reduction<Name> = (
  array: DistArray<Dtype>,
  options?: ReductionOptions,
) => DistArray<ResultOf<Name>>;

/** A cumulative function. */
export type Cumulative = (array: DistArray<Dtype>, options?: CumulativeCallOptions) => DistArray;

/** The methods of arrays that are reductions or cumulative functions. */
export type ReductionMethods = {
  [Name in ReductionName]: (options?: ReductionOptions) => DistArray<ResultOf<Name>>;
} & {
  [Name in CumulativeName]: (options?: CumulativeCallOptions) => DistArray;
};
