/** What reductions take, and their methods. */
import type { Dtype } from '../dtype/dtype.ts';
import type { ReductionName } from '../dtype/reductions.ts';
import type { Scalar } from '../dtype/scalar.ts';
import type { CumulativeName } from '../ops/reduce/cumulative.ts';
import type { DistArray } from './distArray.ts';
import type { MeanOf, RealOf, SumOf } from './elementwise/resultTypes.ts';

/** Options of reductions, as NumPy's. */
export interface ReductionOptions<R extends Dtype = Dtype> {
  /** Axes to reduce over: one, several, negative ones from the end; all when left out or null. */
  readonly axis?: number | readonly number[] | null;
  /** Whether the reduced axes stay, with one index. Default false. */
  readonly keepdims?: boolean;
  /** What elements are cast to before; also the dtype of the result. */
  readonly dtype?: R;
  /** Where the result goes, instead of to a new array. */
  readonly out?: DistArray<R>;
  /** Of `var` and `std`: what is taken off the number of elements that sums are divided by. Default 0. */
  readonly ddof?: number;
  /** Which elements count. Not for `argmin` and `argmax`; for `min` and `max` only together with `initial`. */
  readonly where?: DistArray<'bool'>;
  /** Of `sum`, `prod`, `min` and `max`: what they begin with, and give where there are no elements. */
  readonly initial?: Scalar;
}

/** Options of cumulative functions. */
export interface CumulativeCallOptions<R extends Dtype = Dtype> {
  /** Axis to go along; may be left out for arrays of one dimension. */
  readonly axis?: number;
  /** What elements are cast to before; also the dtype of the result. */
  readonly dtype?: R;
  /** Whether the result begins with the sum or product of no elements, 0 or 1. Default false. */
  readonly includeInitial?: boolean;
  /** Where the result goes, instead of to a new array. */
  readonly out?: DistArray<R>;
}

/** The dtype of a reduction of elements of dtype `D`. */
export type Reduced<Name, D extends Dtype> = Name extends 'any' | 'all'
  ? 'bool'
  : Name extends 'argmin' | 'argmax' | 'countNonzero'
    ? 'int64'
    : Name extends 'min' | 'max'
      ? D
      : Name extends 'sum' | 'prod'
        ? SumOf<D>
        : Name extends 'mean'
          ? MeanOf<D>
          : RealOf<MeanOf<D>>;

/** A reduction as a function. */
export type Reduction<Name> = <D extends Dtype, R extends Dtype = Reduced<Name, D>>(
  array: DistArray<D>,
  options?: ReductionOptions<R>,
) => DistArray<R>;

/** A cumulative function. */
export type Cumulative = <D extends Dtype, R extends Dtype = SumOf<D>>(
  array: DistArray<D>,
  options?: CumulativeCallOptions<R>,
) => DistArray<R>;

/** The methods of arrays that are reductions or cumulative functions. */
export type ReductionMethods<D extends Dtype> = {
  [Name in ReductionName]: <R extends Dtype = Reduced<Name, D>>(
    options?: ReductionOptions<R>,
  ) => DistArray<R>;
} & {
  [Name in CumulativeName]: <R extends Dtype = SumOf<D>>(
    options?: CumulativeCallOptions<R>,
  ) => DistArray<R>;
};
