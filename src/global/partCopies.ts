/** Copies of the parts of an array. */
import type { Dtype, TypedArrayOf } from '../dtype/dtype.ts';
import { viewOf } from '../kernels/stridedView.ts';
import { type LocalNdArray, ndarrayOfView } from '../local/localNdArray.ts';
import type { DimData } from '../maps/dimData.ts';
import { collectParts } from '../ops/collectParts.ts';
import type { DistArray } from './distArray.ts';

/** A copy of the part that one process holds. */
export interface PartCopy<D extends Dtype> {
  readonly rank: number;
  readonly target: number;
  readonly localShape: readonly number[];
  readonly dtype: D;
  /** The protocol's dimension dictionaries of the part. */
  readonly dimData: readonly DimData[];
  /** The elements. */
  readonly ndarray: LocalNdArray<D>;
}

/** Returns copies of all parts of an array, by rank. */
export function localArraysOf<D extends Dtype>(array: DistArray<D>): PartCopy<D>[] {
  const { distribution, dtype } = array;
  const parts = array.context.session.evaluate(collectParts, [array.handle], null);
  return parts.map(({ rank, localShape, dimData, elements }) => {
    const view = viewOf(elements as TypedArrayOf<D>, dtype, localShape);
    const ndarray = ndarrayOfView(view) as unknown as LocalNdArray<D>;
    return { rank, target: distribution.targetOf(rank), localShape, dtype, dimData, ndarray };
  });
}
