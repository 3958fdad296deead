/** Products of matrices that are spread over a grid of processes (SUMMA). */
import type { Dtype, TypedArrayOf } from '../../dtype/dtype.ts';
import { DTYPES } from '../../dtype/dtype.ts';
import { allocateLocal } from '../../kernels/allocation.ts';
import { copyTo, fill, gather } from '../../kernels/copy.ts';
import { gemm } from '../../kernels/gemm.ts';
import {
  contiguousStrides,
  type StridedView,
  sizeOfShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { waitAll } from '../../mpi/completion.ts';
import { MAX } from '../../mpi/operation.ts';
import type { Request } from '../../mpi/request.ts';
import { DEFAULT_STAGING_BYTES, type Traffic } from '../redistribute/traffic.ts';
import { type Panel, panelsOf, placesOf } from './panels.ts';

/** A factor of a product: this process's part, and with whom it shares the inner dimension. */
export interface Factor {
  /** (…, rows, inner) of the first factor, (…, inner, columns) of the second. */
  readonly view: StridedView;
  /** How the inner dimension is spread over the group; of a regular kind. */
  readonly inner: DimensionMap;
  /** The processes that need the same rows, or columns, in the order of `inner`; null for this one alone. */
  readonly group: Comm | null;
}

/** What {@link summa} needs beside its operands. */
export interface SummaOptions {
  /** The processes that share the arrays. */
  readonly comm: Comm;
  readonly traffic: Traffic;
  /** Most bytes of staging memory on a process; default 64 MiB. */
  readonly stagingBytes?: number;
}

/** Most inner indices of a panel: as many as the kernel packs at a time. */
const WIDEST_PANEL = 256;
/**
 * Pieces that a product is cut into while a panel is on its way, so that MPI gets on with it. Each packs the
 * panel anew.
 */
const LOOKS = 2;

/**
 * Writes to `c` the product of two spread matrices, or of stacks of them: this process's part. Whoever has some of the
 * inner dimension broadcasts it, panel by panel, to the processes that need it, while they multiply the
 * panel before (van de Geijn and Watts, SUMMA, 1997).
 *
 * @param c - (…, rows, columns); null on a process that has no part
 * @param a - null with `c`
 * @param b - null with `c`
 * @remarks Collective over `comm`.
 */
export function summa(
  c: StridedView | null,
  a: Factor | null,
  b: Factor | null,
  options: SummaOptions,
): void {
  const width = panelWidth(c, a, b, options);
  if (c === null || a === null || b === null) return;
  if (a.inner.gridSize === 1 && b.inner.gridSize === 1) {
    gemm(c, a.view, b.view);
    return;
  }
  const panels = panelsOf(a.inner, b.inner, width);
  if (panels.length === 0) {
    fill(c, 0);
    return;
  }
  const widest = panels.reduce((most, { count }) => Math.max(most, count), 0);
  const lanes = [
    new Lane(a, 'a', widest, options.traffic),
    new Lane(b, 'b', widest, options.traffic),
  ];
  const start = (panel: Panel | undefined, slot: number) =>
    panel === undefined ? [] : lanes.map((lane) => lane.start(panel, slot));
  let next = start(panels[0], 0);
  for (let k = 0; k < panels.length; k++) {
    const current = next;
    next = start(panels[k + 1], (k + 1) % 2);
    // Who sends a panel has it already.
    for (const { request, isOwn } of current) if (!isOwn) request?.wait();
    const [left, right] = current;
    const requests = [...current, ...next].map(({ request }) => request);
    multiply(c, left.view, right.view, k > 0, requests);
    waitAll(current.map(({ request }) => request));
  }
}

/** The same on all processes: as wide as the staging memory of the one with the largest part allows. */
function panelWidth(
  c: StridedView | null,
  a: Factor | null,
  b: Factor | null,
  { comm, stagingBytes = DEFAULT_STAGING_BYTES }: SummaOptions,
): number {
  let bytes = 0;
  if (c !== null) {
    const across = (factor: Factor | null, axis: number): number => {
      if (factor === null || factor.group === null) return 0;
      const { shape } = factor.view;
      return sizeOfShape(shape.filter((_, other) => other !== shape.length + axis));
    };
    bytes = (across(a, -1) + across(b, -2)) * DTYPES[c.dtype].itemsize;
  }
  if (comm.size > 1) bytes = comm.allreduce(bytes, { op: MAX });
  if (bytes === 0) return WIDEST_PANEL;
  // Two panels are under way at a time.
  return Math.max(1, Math.min(WIDEST_PANEL, Math.floor(stagingBytes / (2 * bytes))));
}

/** A panel, once its request is complete; the own one at once. */
interface Started {
  readonly view: StridedView;
  readonly isOwn: boolean;
  readonly request: Request | null;
}

/** The panels of one factor, through two slots of memory. */
class Lane {
  readonly #factor: Factor;
  readonly #side: 'a' | 'b';
  readonly #traffic: Traffic;
  readonly #axis: number;
  readonly #width: number;
  readonly #slots: (TypedArrayOf<Dtype> | undefined)[] = [undefined, undefined];

  constructor(factor: Factor, side: 'a' | 'b', width: number, traffic: Traffic) {
    this.#factor = factor;
    this.#side = side;
    this.#traffic = traffic;
    this.#width = width;
    this.#axis = factor.view.shape.length - (side === 'a' ? 1 : 2);
  }

  /** Starts to bring a panel here. */
  start(panel: Panel, slot: number): Started {
    const { group } = this.#factor;
    const owner = this.#side === 'a' ? panel.ownerA : panel.ownerB;
    if (group === null) return { view: this.#own(panel, slot, false), isOwn: true, request: null };
    const isOwn = group.rank === owner;
    const view = isOwn ? this.#own(panel, slot, true) : this.#room(panel, slot);
    const elements = elementsOf(view);
    if (elements.length === 0) return { view, isOwn: true, request: null };
    if (isOwn) {
      for (let peer = 1; peer < group.size; peer++) this.#traffic.count(elements.byteLength);
    }
    return { view, isOwn, request: group.ibcast(elements, { root: owner }) };
  }

  /** A panel of the own part: a view of it if that will do, else packed. */
  #own(panel: Panel, slot: number, travels: boolean): StridedView {
    const { view } = this.#factor;
    const axis = this.#axis;
    const { start, step, positions } = placesOf(panel, this.#side);
    if (positions !== null) {
      const packed = this.#room(panel, slot);
      const all = view.shape.map((_, other) => (other === axis ? positions : null));
      if (sizeOfShape(packed.shape) > 0) gather(packed, view, all);
      return packed;
    }
    const strides = view.strides.map((stride, other) => (other === axis ? stride * step : stride));
    const offset = view.offset + start * view.strides[axis];
    const own = { ...view, shape: this.#shape(panel), strides, offset };
    if (!travels || isContiguous(own)) return own;
    const packed = this.#room(panel, slot);
    if (sizeOfShape(packed.shape) > 0) copyTo(packed, own);
    return packed;
  }

  #room(panel: Panel, slot: number): StridedView {
    const { dtype } = this.#factor.view;
    const largest = this.#shape({ ...panel, count: this.#width });
    const memory = this.#slots[slot] ?? allocateLocal(dtype, sizeOfShape(largest));
    this.#slots[slot] = memory;
    return viewOf(memory, dtype, this.#shape(panel));
  }

  #shape({ count }: Panel): readonly number[] {
    return this.#factor.view.shape.map((extent, axis) => (axis === this.#axis ? count : extent));
  }
}

/** Whether the elements lie one after the other, in C order. */
function isContiguous({ shape, strides }: StridedView): boolean {
  const wanted = contiguousStrides(shape);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === wanted[axis]);
}

/** The elements of a view in which they lie so. */
function elementsOf({ data, dtype, shape, offset }: StridedView): TypedArrayOf<Dtype> {
  const { lanes } = DTYPES[dtype];
  const begin = offset * lanes;
  const count = sizeOfShape(shape) * lanes;
  return (
    count === 0 ? data.subarray(0, 0) : data.subarray(begin, begin + count)
  ) as TypedArrayOf<Dtype>;
}

/** `c = a · b`, or `c += a · b`; MPI is looked at now and then while something is under way. */
function multiply(
  c: StridedView,
  a: StridedView,
  b: StridedView,
  adds: boolean,
  requests: readonly (Request | null)[],
): void {
  const axis = c.shape.length - 2;
  const rows = c.shape[axis];
  const isAlone = requests.every((request) => request === null);
  const step = isAlone ? rows : Math.max(64, Math.ceil(rows / LOOKS));
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    gemm(rowsOf(c, axis, first, count), rowsOf(a, axis, first, count), b, adds);
    for (const request of requests) request?.test();
  }
}

function rowsOf(view: StridedView, axis: number, first: number, count: number): StridedView {
  const shape = view.shape.map((extent, other) => (other === axis ? count : extent));
  return { ...view, shape, offset: view.offset + first * view.strides[axis] };
}
