/** Where a box of a view lies in a file, and how it is read: few runs, with what lies between short gaps. Pure. */
import { axesInOrder, type StorageOrder } from '../slabs.ts';
import type { BasicView } from './basicView.ts';

/** Indices along an axis. */
export interface BoxAxis {
  readonly start: number;
  readonly count: number;
}

/** A box of an array, one entry an axis. */
export type Box = readonly BoxAxis[];

/** What is read of a file for a box, in elements. */
export interface Slab {
  /** Number of the first element in the file. */
  readonly first: number;
  /** Elements of a run. */
  readonly run: number;
  /** How often runs repeat, from the outermost dimension to the innermost. */
  readonly counts: readonly number[];
  /** From a run to the next along each of these. */
  readonly strides: readonly number[];
  /** Elements of all runs, one after the other. */
  readonly size: number;
  /** The first index and number of indices along each axis of the file that are read; steps of those with gaps. */
  readonly axes: readonly SlabAxis[];
  /** The box among the elements that are read, one stride an axis of the view. */
  readonly shape: readonly number[];
  readonly offset: number;
  readonly viewStrides: readonly number[];
}

/** What is read along an axis of the file. */
export interface SlabAxis {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Gaps of so many bytes are read through: another read costs more. */
const GAP_BYTES = 4096;

/** How an array lies in a file. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly itemsize: number;
  readonly order: StorageOrder;
  /** Whether elements are read that nobody wants, because they lie in short gaps. */
  readonly readsGaps: boolean;
}

/** Returns what to read for a box of a view of an array. */
export function slabOf(stored: StoredArray, view: BasicView, box: Box): Slab {
  const { shape, itemsize, order, readsGaps } = stored;
  const wanted = view.axes.map(({ axis, start, step }): SlabAxis => {
    if (axis === null) return { start, step: 1, count: 1 };
    const { start: from, count } = box[axis];
    const low = start + (step < 0 ? from + count - 1 : from) * step;
    return { start: low, step: count > 1 ? Math.abs(step) : 1, count };
  });
  const extents = box.map(({ count }) => count);
  if (extents.includes(0)) return emptySlab(wanted, extents);

  const slow = axesInOrder(shape.length, order);
  const read: SlabAxis[] = [...wanted];
  const counts: number[] = [];
  const strides: number[] = [];
  let run = 1;
  /** Elements from an index of the axis to the next. */
  let extent = 1;
  /** Whether runs so far lie side by side. */
  let isJoined = true;
  for (let place = slow.length - 1; place >= 0; place--) {
    const axis = slow[place];
    const { start, step, count } = wanted[axis];
    const gap = (step - 1) * extent * itemsize;
    const isDense = isJoined && (gap === 0 || (readsGaps && gap <= GAP_BYTES));
    if (isDense) {
      let [from, length] = [start, (count - 1) * step + 1];
      const outside = (shape[axis] - length) * extent * itemsize;
      const repeats = slow.slice(0, place).some((outer) => wanted[outer].count > 1);
      if (repeats && readsGaps && outside <= GAP_BYTES) [from, length] = [0, shape[axis]];
      read[axis] = { start: from, step: 1, count: length };
      run *= length;
      isJoined = length === shape[axis];
    } else {
      isJoined = false;
      if (count > 1) {
        counts.unshift(count);
        strides.unshift(step * extent);
      }
    }
    extent *= shape[axis];
  }
  const first = slow.reduce((sum, axis) => sum * shape[axis] + read[axis].start, 0);
  return {
    first,
    run,
    counts,
    strides,
    axes: read,
    ...boxAmong(read, wanted, slow, view, extents),
  };
}

/** Where the elements of the box are among those that are read. */
function boxAmong(
  read: readonly SlabAxis[],
  wanted: readonly SlabAxis[],
  slow: readonly number[],
  { axes }: BasicView,
  shape: readonly number[],
): Pick<Slab, 'shape' | 'offset' | 'viewStrides' | 'size'> {
  const viewStrides = shape.map(() => 0);
  let offset = 0;
  let size = 1;
  for (let place = slow.length - 1; place >= 0; place--) {
    const axis = slow[place];
    const { start, step, count } = wanted[axis];
    const apart = (read[axis].step === step ? 1 : step) * size;
    offset += ((start - read[axis].start) / read[axis].step) * size;
    const { axis: to, step: direction } = axes[axis];
    if (direction < 0) offset += (count - 1) * apart;
    if (to !== null) viewStrides[to] = direction < 0 ? -apart : apart;
    size *= read[axis].count;
  }
  return { shape, offset, viewStrides, size };
}

function emptySlab(axes: readonly SlabAxis[], shape: readonly number[]): Slab {
  const none = { first: 0, run: 0, counts: [], strides: [], size: 0, offset: 0 };
  return { ...none, axes, shape, viewStrides: shape.map(() => 0) };
}
