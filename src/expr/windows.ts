/** Shifted slices among the operands of an expression: read where they lie, and at the edges from the neighbours'. */
import type { StridedView } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { type Ghosts, ghostsOf, type Reach, reachOf } from '../ops/halo/ghosts.ts';
import type { HaloExchange } from '../ops/halo/haloExchange.ts';
import { ownedBy, type Span, spanOf } from '../ops/halo/windows.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';

/** A part of the result: along each axis the indices from `begin` to `end`, local ones. */
export interface Box {
  readonly begin: readonly number[];
  readonly end: readonly number[];
}

/** What a process needs of a slice: one strided run of its base along each axis. */
export class Window {
  readonly base: LocalArray;
  readonly reach: Reach;
  /** Along each axis: what is needed, and where the own part begins; null where nothing is needed. */
  readonly #spans: readonly (Span | null)[];
  readonly #starts: readonly number[];
  /** Along each axis: the results from the first to the second one are made of the own part. */
  readonly inside: readonly (readonly [from: number, to: number])[];

  constructor(array: LocalArray, base: LocalArray, to: Distribution, reach: Reach) {
    this.base = base;
    this.reach = reach;
    const rank = to.rankOfTarget(base.comm.rank);
    const coords = rank < 0 ? null : to.coordsFromRank(rank);
    const { maps } = base.distribution;
    const owned = maps.map((map, axis) => (coords === null ? [0, 0] : ownedBy(map, coords[axis])));
    this.#starts = owned.map(([start]) => start);
    this.#spans = maps.map((_, axis) =>
      coords === null ? null : spanOf(array.distribution.maps[axis], to.maps[axis], coords[axis]),
    );
    this.inside = this.#spans.map((span, axis) => insideOf(span, owned[axis]));
  }

  /** Whether edges across corners are needed. */
  get crossesCorners(): boolean {
    return this.reach.filter((width) => width > 0).length > 1;
  }

  get crosses(): boolean {
    return this.reach.some((width) => width > 0);
  }

  /** The elements for a box of the result, which must be of the own part alone or not of it at all. */
  viewOf({ begin, end }: Box, ghosts: Ghosts | undefined): StridedView {
    const isInside = this.inside.every(
      ([from, to], axis) => from <= begin[axis] && end[axis] <= to,
    );
    const from = isInside ? this.base.strided : ghosts!.view;
    let { offset } = from;
    const { data, dtype } = from;
    const ndim = begin.length;
    const shape = new Array<number>(ndim);
    const strides = new Array<number>(ndim);
    for (let axis = 0; axis < ndim; axis++) {
      const { first, step } = this.#spans[axis]!;
      const lead = isInside ? 0 : ghosts!.halo[axis];
      shape[axis] = end[axis] - begin[axis];
      strides[axis] = from.strides[axis] * step;
      offset += (first + begin[axis] * step - this.#starts[axis] + lead) * from.strides[axis];
    }
    return { data, dtype, shape, strides, offset };
  }
}

/** The results that are made of indices between the bounds. */
function insideOf(span: Span | null, [start, stop]: readonly number[]): [number, number] {
  if (span === null) return [0, 0];
  const { first, step, count } = span;
  const [low, high] =
    step > 0
      ? [Math.ceil((start - first) / step), Math.floor((stop - 1 - first) / step)]
      : [Math.ceil((first - stop + 1) / -step), Math.floor((first - start) / -step)];
  const from = Math.min(Math.max(low, 0), count);
  return [from, Math.max(from, Math.min(high + 1, count))];
}

const known = new WeakMap<LocalArray, { to: Distribution; window: Window | null }>();

/**
 * Returns a slice as a window for a result, null when it must be brought there as a whole. The same on every process.
 */
export function windowOf(array: LocalArray, to: Distribution): Window | null {
  const last = known.get(array);
  if (last?.to === to) return last.window;
  const { base } = array;
  let window: Window | null = null;
  if (base !== null && base.dtype === array.dtype) {
    const reach = reachOf(array.distribution, base.distribution, to);
    if (reach !== null) window = new Window(array, base, to, reach);
  }
  known.set(array, { to, window });
  return window;
}

/** The edges that windows need, one exchange for each base. */
export class Edges {
  readonly #ghosts = new Map<LocalArray, Ghosts>();

  /** @param windows - those of the same slices on every process */
  constructor(windows: readonly (Window | null)[]) {
    const needs = new Map<LocalArray, { reach: number[]; box: boolean }>();
    for (const window of windows) {
      if (window === null || !window.crosses) continue;
      const need = needs.get(window.base);
      const { reach, crossesCorners } = window;
      needs.set(window.base, {
        reach: reach.map((width, axis) => Math.max(width, need?.reach[axis] ?? 0)),
        box: crossesCorners || (need?.box ?? false),
      });
    }
    for (const [base, { reach, box }] of needs) {
      this.#ghosts.set(base, ghostsOf(base, reach, box ? 'box' : 'star'));
    }
  }

  ghostsOf(base: LocalArray): Ghosts | undefined {
    return this.#ghosts.get(base);
  }

  /** The edges of all bases. */
  get all(): Iterable<Ghosts> {
    return this.#ghosts.values();
  }

  /**
   * Starts bringing all edges up to date, and computes meanwhile.
   *
   * @param meanwhile - what needs no edges; when it throws, they are waited for all the same
   * @remarks Collective.
   */
  exchange(traffic: Traffic, meanwhile: () => void): void {
    const exchanges: HaloExchange[] = [];
    try {
      for (const ghosts of this.#ghosts.values()) exchanges.push(ghosts.start(traffic));
      meanwhile();
    } finally {
      for (const exchange of exchanges) exchange.wait();
    }
  }
}

/**
 * Returns the result cut into boxes, for each of which every window is of the own part alone or of neighbours' alone:
 * first those that need no neighbour.
 */
export function boxesOf(
  shape: readonly number[],
  windows: readonly (Window | null)[],
): { readonly inner: readonly Box[]; readonly outer: readonly Box[] } {
  let boxes: Box[] = [{ begin: [], end: [] }];
  for (let axis = 0; axis < shape.length; axis++) {
    const cuts = new Set([0, shape[axis]]);
    for (const window of windows) for (const cut of window?.inside[axis] ?? []) cuts.add(cut);
    const sorted = [...cuts].sort((a, b) => a - b);
    boxes = boxes.flatMap(({ begin, end }) =>
      sorted.slice(1).map((stop, k) => ({ begin: [...begin, sorted[k]], end: [...end, stop] })),
    );
  }
  const isInner = ({ begin, end }: Box) =>
    windows.every(
      (window) =>
        window === null ||
        window.inside.every(([from, to], axis) => from <= begin[axis] && end[axis] <= to),
    );
  return {
    inner: boxes.filter(isInner),
    outer: boxes.filter((box) => !isInner(box)),
  };
}

/** The part of a view, which broadcasts to the result, that belongs to a box of it. */
export function viewInBox(view: StridedView, { begin, end }: Box): StridedView {
  const { data, dtype, strides } = view;
  const lead = begin.length - strides.length;
  let { offset } = view;
  const shape = view.shape.map((extent, dim) => {
    if (extent === 1) return 1;
    offset += begin[dim + lead] * strides[dim];
    return end[dim + lead] - begin[dim + lead];
  });
  return { data, dtype, shape, strides, offset };
}
