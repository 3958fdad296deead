/** Where elements stand in the whole array, for `argmin` and `argmax`. */
import type { Dtype } from '../../dtype/dtype.ts';
import { gather } from '../../kernels/copy.ts';
import type { States } from '../../kernels/reduction.ts';
import { contiguousStrides, newView, type StridedView } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { type AxisPlaces, axisPlaces, placeAt, stepOf } from '../axisPlaces.ts';

/** A part whose elements have places that grow along each axis. */
export interface PlacedView {
  readonly view: StridedView;
  readonly places: { readonly start: number; readonly steps: readonly number[] };
  /** Makes global places of those in the states, where `places` are local. */
  readonly translate?: (states: States) => void;
}

/**
 * Returns the local elements and the numbers that they have, in C order, among those along the reduced axes of
 * the whole array.
 */
export function globalPlaces(array: LocalArray, axes: readonly number[]): PlacedView {
  const { globalShape, localShape, distribution, cartCoords } = array;
  const perAxis = axes.map((axis) => axisPlaces(distribution.maps[axis], cartCoords[axis]));
  const factors = contiguousStrides(axes.map((axis) => globalShape[axis]));
  const steps = perAxis.map((places, k) => stepOf(places, localShape[axes[k]]));
  const onAxes = (values: readonly number[]) =>
    localShape.map((_, axis) => (axes.includes(axis) ? values[axes.indexOf(axis)] : 0));
  const view = array.readView();
  if (steps.every((step) => step !== undefined)) {
    const starts = perAxis.map((places, k) =>
      localShape[axes[k]] === 0 ? 0 : placeAt(places, 0) * factors[k],
    );
    return {
      view,
      places: {
        start: starts.reduce((sum, start) => sum + start, 0),
        steps: onAxes(steps.map((step, k) => step * factors[k])),
      },
    };
  }
  const sorted = perAxis.map(ascending);
  const locals = axes.map((axis) => localShape[axis]);
  const localFactors = contiguousStrides(locals);
  return {
    view: inOrder(view, axes, sorted),
    places: { start: 0, steps: onAxes(localFactors) },
    translate: (states) => {
      const numbers = states.data as Float64Array;
      const width = states.size / 8;
      for (let k = width - 1; k < numbers.length; k += width) {
        if (!Number.isFinite(numbers[k])) continue;
        let rest = numbers[k];
        let place = 0;
        for (let axis = 0; axis < axes.length; axis++) {
          const local = Math.floor(rest / localFactors[axis]);
          rest -= local * localFactors[axis];
          place += placeAt(sorted[axis].places, local) * factors[axis];
        }
        numbers[k] = place;
      }
    },
  };
}

/** Places in ascending order, and which local elements they are; null for all as they are. */
interface Sorted {
  readonly places: AxisPlaces;
  readonly positions: Float64Array | null;
}

function ascending(places: AxisPlaces): Sorted {
  const { table } = places;
  if (table === null || table.every((place, k) => k === 0 || table[k - 1] < place)) {
    return { places, positions: null };
  }
  const positions = Float64Array.from(table.keys()).sort((a, b) => table[a] - table[b]);
  return { places: { table: positions.map((local) => table[local]) }, positions };
}

function inOrder<D extends Dtype>(
  view: StridedView<D>,
  axes: readonly number[],
  sorted: readonly Sorted[],
): StridedView<D> {
  if (sorted.every(({ positions }) => positions === null)) return view;
  const packed = newView(view.dtype, view.shape);
  const positions = view.shape.map((_, axis) =>
    axes.includes(axis) ? sorted[axes.indexOf(axis)].positions : null,
  );
  gather(packed, view, positions);
  return packed;
}
