/** Elements of distributed arrays as arrays of one process. */
import type { Dtype, ScalarOf } from '../dtype/dtype.ts';
import type { StridedView } from '../kernels/stridedView.ts';
import { readElement } from '../local/elementAccess.ts';
import { type LocalNdArray, ndarrayOfView } from '../local/localNdArray.ts';
import { gatherArray } from '../ops/gatherArray.ts';
import type { DistArray, RootOptions } from './distArray.ts';

/** Arrays in arrays, one level a dimension. */
export type Gathered<D extends Dtype> = ScalarOf<D> | Gathered<D>[];

/** All elements of an array, on one process. */
export interface Whole<D extends Dtype> {
  readonly view: StridedView<D>;
  readonly ndarray: LocalNdArray<D>;
}

/** Returns all elements on every process. */
export function gatherEverywhere<D extends Dtype>(array: DistArray<D>): Whole<D> {
  const view = array.context.session.evaluate(gatherArray, [array.handle], null);
  return wholeOf(view as StridedView<D>);
}

/** Returns all elements on one process, null on the others. */
export function gatherOn<D extends Dtype>(
  array: DistArray<D>,
  { root }: RootOptions,
): LocalNdArray<D> | null {
  const view = array.context.session.evaluate(gatherArray, [array.handle], root);
  return view === null ? null : wholeOf(view as StridedView<D>).ndarray;
}

/** Returns all elements as nested arrays. */
export function nested<D extends Dtype>(array: DistArray<D>): Gathered<D> {
  const { view } = gatherEverywhere(array);
  const { data, dtype, shape } = view;
  const build = (axis: number, first: number): Gathered<D> => {
    if (axis === shape.length) return readElement(data, dtype, first);
    const step = shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    return Array.from({ length: shape[axis] }, (_, i) => build(axis + 1, first + i * step));
  };
  return build(0, 0);
}

function wholeOf<D extends Dtype>(view: StridedView<D>): Whole<D> {
  return {
    view,
    get ndarray() {
      return ndarrayOfView(view) as unknown as LocalNdArray<D>;
    },
  };
}
