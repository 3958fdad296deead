/** The part of data that every process has which one process is to hold. */
import { copyTo, gather, scatter } from '../kernels/copy.ts';
import { newView, type StridedView } from '../kernels/stridedView.ts';
import type { Distribution } from '../maps/distribution.ts';

/** Where a part lies in data: a view, and along the axes where it is none the places in that view. */
interface Selected {
  readonly view: StridedView;
  readonly listed: readonly (Float64Array | null)[];
}

/**
 * Returns those elements of data that a process needs for its part under a distribution: a view of the data
 * where they are one, otherwise a packed copy.
 *
 * @param data - of a shape that broadcasts to that of the distribution
 * @param rank - in the distribution
 */
export function partOfData(
  data: StridedView,
  distribution: Distribution,
  rank: number,
): StridedView {
  const { view, listed } = selected(data, distribution, rank);
  if (listed.every((indices) => indices === null)) return view;
  const packed = newView(
    data.dtype,
    view.shape.map((extent, axis) => listed[axis]?.length ?? extent),
  );
  gather(packed, view, listed);
  return packed;
}

/** Returns the view of data that a process's part is; null where it is none. As {@link partOfData}. */
export function viewOfPart(
  data: StridedView,
  distribution: Distribution,
  rank: number,
): StridedView | null {
  const { view, listed } = selected(data, distribution, rank);
  return listed.every((indices) => indices === null) ? view : null;
}

/** The reverse of {@link partOfData}: puts a process's part, packed in C order, into data. */
export function placePart(
  data: StridedView,
  distribution: Distribution,
  rank: number,
  packed: StridedView,
): void {
  const { view, listed } = selected(data, distribution, rank);
  if (listed.every((indices) => indices === null)) copyTo(view, packed);
  else scatter(view, packed, listed);
}

function selected(data: StridedView, distribution: Distribution, rank: number): Selected {
  const coords = distribution.coordsFromRank(rank);
  const lead = distribution.ndim - data.shape.length;
  const shape = [...data.shape];
  const strides = [...data.strides];
  const listed: (Float64Array | null)[] = new Array(shape.length).fill(null);
  let { offset } = data;
  shape.forEach((extent, axis) => {
    const map = distribution.maps[axis + lead];
    if (extent !== map.size) return; // It is broadcast: all have it.
    const coord = coords[axis + lead];
    const [run, ...others] = map.dist === 'u' ? [] : map.runs(coord);
    const isEven = run !== undefined && (run.count === 1 || run.blockSize === 1);
    if (isEven && others.length === 0) {
      offset += run.start * strides[axis];
      strides[axis] *= run.count === 1 ? 1 : run.stride;
      shape[axis] = run.count * run.blockSize;
    } else listed[axis] = Float64Array.from(map.globalIndices(coord));
  });
  const view: StridedView = { ...data, shape, strides, offset: shape.includes(0) ? 0 : offset };
  return { view, listed };
}
