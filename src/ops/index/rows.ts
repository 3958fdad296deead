/** Rows: the elements at one index along the axes that arrays go through, and all local ones along the others. */
import type { Dtype } from '../../dtype/dtype.ts';
import { type AxisPositions, gather, scatter } from '../../kernels/copy.ts';
import {
  contiguousStrides,
  type StridedView,
  sizeOfShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { IndexPlan } from './indexPlan.ts';
import { firstOfBlock, localPositions, unravel } from './ownersOfIndices.ts';

/** The rows of a local part, by the flat index over the axes that arrays go through. */
export class Rows {
  /** Extents of a row. */
  readonly shape: readonly number[];
  /** Number of elements of a row. */
  readonly size: number;
  readonly #array: LocalArray;
  readonly #indexed: readonly number[];
  /** The memory as one line of elements, from the lowest that belongs to the part, and the axes of a row. */
  readonly #line: StridedView;
  readonly #positions: readonly AxisPositions[];
  /** Where in the line the first position of all axes is. */
  readonly #origin: number;

  /** @param array - the basic slice that is indexed */
  constructor(array: LocalArray, { indexed, kept }: Pick<IndexPlan, 'indexed' | 'kept'>) {
    const { placement, localShape } = array;
    const { data, dtype, shape, strides, offset } = placement.indexed;
    let below = 0;
    let above = 0;
    for (const dim of indexed) {
      const reach = strides[dim] * Math.max(0, shape[dim] - 1);
      if (reach < 0) below -= reach;
      else above += reach;
    }
    this.#array = array;
    this.#indexed = indexed;
    this.#origin = below;
    this.#positions = kept.map((dim) => placement.positions[dim]);
    this.#line = {
      data,
      dtype,
      shape: [below + above + 1, ...kept.map((dim) => shape[dim])],
      strides: [1, ...kept.map((dim) => strides[dim])],
      offset: offset - below,
    };
    this.shape = kept.map((dim) => localShape[dim]);
    this.size = sizeOfShape(this.shape);
  }

  /** Copies rows of the part to others: `[number of rows, …extents of a row]`, of the same dtype. */
  gather(indices: Float64Array, packed: StridedView): void {
    this.#inParts(indices, packed, (some, positions) => gather(some, this.#line, positions));
  }

  /** Copies others to rows of the part; of those for one row the last stays. */
  scatter(indices: Float64Array, packed: StridedView): void {
    this.#inParts(indices, packed, (some, positions) => scatter(this.#line, some, positions));
  }

  /** Calls back for some rows at a time: what is between the indices and the copy stays in a cache. */
  #inParts(
    indices: Float64Array,
    packed: StridedView,
    copy: (some: StridedView, positions: readonly AxisPositions[]) => void,
  ): void {
    if (this.size === 0) return;
    for (let begin = 0; begin < indices.length; begin += ROWS_AT_ONCE) {
      const end = Math.min(begin + ROWS_AT_ONCE, indices.length);
      const places = this.#placesOf(indices.subarray(begin, end));
      copy(someRows(packed, begin, end), [places, ...this.#positions]);
    }
  }

  /** Where in the line the rows begin. */
  #placesOf(indices: Float64Array): Float64Array {
    const { placement, distribution, cartCoords } = this.#array;
    const places = roomForPlaces.subarray(0, indices.length).fill(this.#origin);
    const along = roomAlong.subarray(0, indices.length);
    const extents = this.#indexed.map((dim) => distribution.shape[dim]);
    unravel(indices, extents, (axis, wanted) => {
      const dim = this.#indexed[axis];
      const listed = placement.positions[dim];
      const stride = placement.indexed.strides[dim];
      const map = distribution.maps[dim];
      const first = listed === null ? firstOfBlock(map, cartCoords[dim]) : null;
      if (first !== null) {
        for (let k = 0; k < places.length; k++) places[k] += (wanted[k] - first) * stride;
        return;
      }
      localPositions(map, cartCoords[dim], wanted, along);
      if (listed === null) {
        for (let k = 0; k < places.length; k++) places[k] += along[k] * stride;
      } else {
        for (let k = 0; k < places.length; k++) places[k] += Number(listed[along[k]]) * stride;
      }
    });
    return places;
  }
}

/** Number of rows whose places are worked out at a time. */
const ROWS_AT_ONCE = 8192;
/** Room for where these rows begin, and for their places along an axis. */
const roomForPlaces = new Float64Array(ROWS_AT_ONCE);
const roomAlong = new Float64Array(ROWS_AT_ONCE);

/**
 * Returns contiguous elements of a local part of a result as rows, one for each local index tuple.
 *
 * @param localShape - of the part
 */
export function rowsOfResult<D extends Dtype>(
  data: StridedView<D>['data'],
  dtype: D,
  localShape: readonly number[],
  { place, indexShape }: IndexPlan,
): StridedView<D> {
  const behind = place + indexShape.length;
  const strides = contiguousStrides(localShape);
  const tuples = sizeOfShape(localShape.slice(place, behind));
  const step = sizeOfShape(localShape.slice(behind));
  const keep = (values: readonly number[]) => [...values.slice(0, place), ...values.slice(behind)];
  return {
    data,
    dtype,
    shape: [tuples, ...keep(localShape)],
    strides: [step, ...keep(strides)],
    offset: 0,
  };
}

/** Returns the rows `begin` ≤ k < `end`. */
export function someRows<D extends Dtype>(
  rows: StridedView<D>,
  begin: number,
  end: number,
): StridedView<D> {
  return {
    ...rows,
    shape: [end - begin, ...rows.shape.slice(1)],
    offset: rows.offset + (begin === end ? 0 : begin * rows.strides[0]),
  };
}

/** Returns the first rows of contiguous memory. */
export function packedRows<D extends Dtype>(
  data: StridedView<D>['data'],
  dtype: D,
  count: number,
  shape: readonly number[],
): StridedView<D> {
  return viewOf(data, dtype, [count, ...shape]);
}
