/** What products take, and their methods. */
import type { Dtype } from '../dtype/dtype.ts';
import type { DistArray } from './distArray.ts';
import type { ResultBy, SumOf } from './elementwise/resultTypes.ts';
import type { OutOptions } from './executeInto.ts';

/** Options of `vecdot`. */
export interface VecdotOptions<R extends Dtype = Dtype> extends OutOptions<R> {
  /** The axis of the vectors; default the last one, −1. */
  readonly axis?: number;
}

/** Options of `tensordot`. */
export interface TensordotOptions<R extends Dtype = Dtype> extends OutOptions<R> {
  /**
   * How many of the last axes of the first array and the first ones of the second are summed over, or which axes of
   * both, pair by pair. Default 2.
   */
  readonly axes?: number | readonly [number | readonly number[], number | readonly number[]];
}

/** Options of `trace`. */
export interface TraceOptions<R extends Dtype = Dtype> extends OutOptions<R> {
  /** How far the diagonal is above the main one; below it if negative. Default 0. */
  readonly offset?: number;
  /** The axis of its rows. Default 0. */
  readonly axis1?: number;
  /** The axis of its columns. Default 1. */
  readonly axis2?: number;
  /** What elements are cast to before; also the dtype of the result. */
  readonly dtype?: R;
}

/** The dtype of a product. */
export type ProductOf<D extends Dtype, E extends Dtype> = ResultBy<'any', D, DistArray<E>>;

/** The methods of arrays that are products; see the functions of the same names. */
export interface ProductMethods<D extends Dtype> {
  /** Returns the product with a matrix or vector, or stacks of them (`numpy.matmul`). @remarks Collective. */
  matmul<E extends Dtype, R extends Dtype = ProductOf<D, E>>(
    other: DistArray<E>,
    options?: OutOptions<R>,
  ): DistArray<R>;
  /** Returns the sums of products over the last axis and the other's last but one (`numpy.dot`). @remarks Collective. */
  dot<E extends Dtype, R extends Dtype = ProductOf<D, E>>(
    other: DistArray<E>,
    options?: OutOptions<R>,
  ): DistArray<R>;
  /** Returns the sums of products over the last axes of both (`numpy.inner`). @remarks Collective. */
  inner<E extends Dtype, R extends Dtype = ProductOf<D, E>>(
    other: DistArray<E>,
    options?: OutOptions<R>,
  ): DistArray<R>;
  /** Returns the products of all elements with all of another array (`numpy.outer`). @remarks Collective. */
  outer<E extends Dtype, R extends Dtype = ProductOf<D, E>>(
    other: DistArray<E>,
    options?: OutOptions<R>,
  ): DistArray<R>;
  /** Returns the sums of products over pairs of axes (`numpy.tensordot`). @remarks Collective. */
  tensordot<E extends Dtype, R extends Dtype = ProductOf<D, E>>(
    other: DistArray<E>,
    options?: TensordotOptions<R>,
  ): DistArray<R>;
  /** Returns the sums of products, these elements conjugated, along an axis (`numpy.vecdot`). @remarks Collective. */
  vecdot<E extends Dtype, R extends Dtype = ProductOf<D, E>>(
    other: DistArray<E>,
    options?: VecdotOptions<R>,
  ): DistArray<R>;
  /** Returns the sum of products of all elements, these conjugated (`numpy.vdot`). @remarks Collective. */
  vdot<E extends Dtype, R extends Dtype = ProductOf<D, E>>(other: DistArray<E>): DistArray<R>;
  /** Returns the sum along a diagonal (`numpy.trace`). @remarks Collective. */
  trace<R extends Dtype = SumOf<D>>(options?: TraceOptions<R>): DistArray<R>;
}
