/** What functions that change shapes take, and their methods. */
import type { Dtype } from '../../dtype/dtype.ts';
import type { Scalar } from '../../dtype/scalar.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { PadMode } from '../../ops/shape/pad.ts';
import type { Assigned } from '../assign.ts';
import type { DistributionOptions } from '../contextBase.ts';
import type { DistArray } from '../distArray.ts';
import type { OutOptions } from '../executeInto.ts';

/** Options with one axis. */
export interface AxisOptions {
  /** Default the first one; negative ones count from the end. */
  readonly axis?: number;
}

/** Options of {@link repeat}. */
export interface RepeatOptions {
  /** Negative ones count from the end; the flat array when left out or null. */
  readonly axis?: number | null;
}

/** Options with axes. */
export interface AxesOptions {
  /** One, several, negative ones from the end; all when left out or null. */
  readonly axis?: number | readonly number[] | null;
}

/** Options of {@link reshape}: how the result is distributed. */
export interface ReshapeOptions extends DistributionOptions {
  /** In the place of the other options; of the result's shape. */
  readonly distribution?: Distribution;
  /** Whether the result must not share memory with the array. Default false: it may. */
  readonly copy?: boolean;
}

/** Options of {@link concatenate}. */
export interface ConcatenateOptions<R extends Dtype = Dtype> extends OutOptions<R> {
  /** Axis to go along, default 0; null for the flat arrays. */
  readonly axis?: number | null;
  /** Of the result; default what the arrays' dtypes are promoted to. */
  readonly dtype?: R;
}

/** Options of {@link stack}. */
export interface StackOptions<R extends Dtype = Dtype> extends OutOptions<R> {
  /** Where the new axis is in the result. Default 0. */
  readonly axis?: number;
  /** Of the result; default what the arrays' dtypes are promoted to. */
  readonly dtype?: R;
}

/** The dtype of arrays that are joined, where all have one; otherwise it is known when they are. */
export type JoinedDtype<Arrays extends readonly DistArray<Dtype>[]> =
  Arrays[number] extends DistArray<infer D> ? Single<D> : Dtype;

type Single<D extends Dtype> = {
  [Name in D]: [Exclude<D, Name>] extends [never] ? Name : Dtype;
}[D];

/** One value for all edges, `[before, after]` for all axes, or such a pair (or `[both]`) for each axis. */
export type PerEdge<T> = T | readonly T[] | readonly (readonly T[])[];

/** Margins of {@link pad} that are full of what the elements along the axis come to. */
export type StatisticMode = 'maximum' | 'minimum' | 'mean';

/** Options of {@link pad}. */
export interface PadOptions {
  /** What margins are filled with. Default `'constant'`. */
  readonly mode?: PadMode | StatisticMode | 'linearRamp';
  /** Of the mode `'constant'`: the values. Default 0. */
  readonly constantValues?: PerEdge<Scalar>;
  /** Of the mode `'linearRamp'`: what the margins begin and end with. Default 0. */
  readonly endValues?: PerEdge<Scalar>;
  /** Of statistics: how many elements beside the edge count. Default all along the axis. */
  readonly statLength?: PerEdge<number>;
  /**
   * Of `'reflect'` and `'symmetric'`: whether the reflected elements are taken as they are, or (`'odd'`) subtracted from
   * twice the one at the edge. Default `'even'`.
   */
  readonly reflectType?: 'even' | 'odd';
}

/** Options of {@link diff}. */
export interface DiffOptions {
  /** How many times differences are taken. Default 1. */
  readonly n?: number;
  /** Default the last one. */
  readonly axis?: number;
  /** What is put before the array along the axis: a number, data that every process has, an array. */
  readonly prepend?: Assigned;
  /** What is put behind it. */
  readonly append?: Assigned;
}

/** Options of {@link rot90}. */
export interface PlaneOptions {
  /** The axes of the plane. Default `[0, 1]`. */
  readonly axes?: readonly [number, number];
}

/** Options of {@link diagonal}. */
export interface DiagonalOptions {
  /** How far the diagonal is above the main one; below it if negative. Default 0. */
  readonly offset?: number;
  /** The axis of its rows. Default 0. */
  readonly axis1?: number;
  /** The axis of its columns. Default 1. */
  readonly axis2?: number;
}

/** Methods of arrays that are functions which change shapes. */
export interface ShapeMethods<D extends Dtype> {
  /** The array with its axes in reverse order: a view (`ndarray.T`). */
  readonly T: DistArray<D>;
  /** The array with its last two axes exchanged: a view (`ndarray.mT`). */
  readonly mT: DistArray<D>;
  /** {@link transpose}; axes one by one or in an array. */
  transpose(axes?: readonly number[] | null): DistArray<D>;
  transpose(...axes: readonly number[]): DistArray<D>;
  /** {@link permuteDims} */
  permuteDims(axes: readonly number[]): DistArray<D>;
  /** {@link swapaxes} */
  swapaxes(axis1: number, axis2: number): DistArray<D>;
  /** {@link moveaxis} */
  moveaxis(
    source: number | readonly number[],
    destination: number | readonly number[],
  ): DistArray<D>;
  /** {@link expandDims} */
  expandDims(axis: number | readonly number[]): DistArray<D>;
  /** {@link squeeze} */
  squeeze(options?: AxesOptions): DistArray<D>;
  /** {@link flip} */
  flip(options?: AxesOptions): DistArray<D>;
  /** {@link split} */
  split(sections: number | readonly number[], options?: AxisOptions): DistArray<D>[];
  /** {@link arraySplit} */
  arraySplit(sections: number | readonly number[], options?: AxisOptions): DistArray<D>[];
  /** {@link unstack} */
  unstack(options?: AxisOptions): DistArray<D>[];
  /** {@link reshape} */
  reshape(shape: number | readonly number[], options?: ReshapeOptions): DistArray<D>;
  /** {@link ravel} */
  ravel(options?: ReshapeOptions): DistArray<D>;
  /** {@link flatten} */
  flatten(options?: Omit<ReshapeOptions, 'copy'>): DistArray<D>;
  /** {@link broadcastTo} */
  broadcastTo(shape: readonly number[]): DistArray<D>;
  /** {@link roll} */
  roll(shift: number | readonly number[], options?: AxesOptions): DistArray<D>;
  /** {@link tile} */
  tile(reps: number | readonly number[]): DistArray<D>;
  /** {@link repeat} */
  repeat(repeats: number | ArrayLike<number>, options?: RepeatOptions): DistArray<D>;
  /** {@link pad} */
  pad(padWidth: PerEdge<number>, options?: PadOptions): DistArray<D>;
  /** {@link diagonal} */
  diagonal(options?: DiagonalOptions): DistArray<D>;
  /** {@link diff} */
  diff(options?: DiffOptions): DistArray<D>;
}
