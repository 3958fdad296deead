/** Edges of neighbours beside an array that has no halo: fetched when slices need them, in memory that is kept. */
import { allocate } from '../../dtype/dtype.ts';
import { contiguousStrides, type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { PairMemo } from '../../maps/pairMemo.ts';
import type { Traffic } from '../redistribute/traffic.ts';
import {
  type EdgeMessages,
  type GhostExchange,
  ghostExchange,
  type HaloExchange,
} from './haloExchange.ts';
import type { Stencil } from './haloPlan.ts';
import { areWindows, ownedBy, spanOf } from './windows.ts';

/** How far slices reach over the edges of the parts of their base, along each axis. */
export type Reach = readonly number[];

const known = new PairMemo<Reach | null>();

/**
 * Returns how far a slice reaches over the edges of the parts of its base, for the parts of another distribution
 * of its shape; null when it is no window on blocks, or reaches beyond neighbours. Pure.
 *
 * @param from - distribution of the slice
 * @param base - that of its base
 * @param to - that of the result
 */
export function reachOf(from: Distribution, base: Distribution, to: Distribution): Reach | null {
  return known.of(from, to, () => reachBetween(from, base, to));
}

/** {@link reachOf} without its memory, which takes the base of a slice for granted. */
export function reachBetween(
  from: Distribution,
  base: Distribution,
  to: Distribution,
): Reach | null {
  if (!areWindows(from, base, to)) return null;
  const reach: number[] = [];
  for (let axis = 0; axis < base.ndim; axis++) {
    const own = base.maps[axis];
    let widest = 0;
    for (let coord = 0; coord < own.gridSize; coord++) {
      const span = spanOf(from.maps[axis], to.maps[axis], coord);
      if (span === null) continue;
      const [start, stop] = ownedBy(own, coord);
      const width = Math.max(start - span.low, span.high + 1 - stop, 0);
      // What has no part has no edges either, and edges come from the next part alone.
      if (width > 0 && (start === stop || width > narrowest(own))) return null;
      widest = Math.max(widest, width);
    }
    reach.push(widest);
  }
  return reach;
}

/** Elements of the smallest part, those of its own apart that have nothing behind them. */
function narrowest(map: Distribution['maps'][number]): number {
  let least = Infinity;
  for (let coord = 0; coord < map.gridSize; coord++) least = Math.min(least, map.localSize(coord));
  return least;
}

/** The edges of the neighbours around the part of an array. */
export class Ghosts {
  /**
   * Memory for a part with the edges around it, of which the edges alone are used: pages in between are never
   * touched, so that they are no memory.
   */
  readonly view: StridedView;
  readonly #exchange: GhostExchange;

  /** @param stencil - whether edges across corners are needed, too */
  constructor(array: LocalArray, reach: Reach, stencil: Stencil) {
    const { distribution, dtype, comm, rank } = array;
    const padded = distribution.withMaps(
      distribution.maps.map((map, axis) =>
        reach[axis] === 0
          ? map
          : BlockMap.fromBounds((map as BlockMap).bounds, { commPadding: reach[axis] }),
      ),
    );
    const coords = rank < 0 ? null : distribution.coordsFromRank(rank);
    const halo = padded.maps.map((map, axis) =>
      coords === null ? [0, 0] : map.halo(coords[axis]),
    );
    const { shape: own, strides, offset, data } = array.strided;
    const shape = own.map((extent, axis) => extent + halo[axis][0] + halo[axis][1]);
    const before = strides.reduce((sum, stride, axis) => sum + stride * halo[axis][0], 0);
    const owned = { data, dtype, shape, strides, offset: offset - before };
    this.view = {
      data: allocate(dtype, Math.max(1, sizeOfShape(shape))),
      dtype,
      shape,
      strides: contiguousStrides(shape),
      offset: 0,
    };
    this.halo = halo.map(([lower]) => lower);
    this.#exchange = ghostExchange(padded, comm, stencil, owned, this.view);
  }

  /** Width of the edge before the part along each axis. */
  readonly halo: readonly number[];

  /** Starts bringing the edges up to date. @remarks Collective. */
  start(traffic: Traffic): HaloExchange {
    return this.#exchange.start(traffic);
  }

  /** What brings the edges up to date, message by message. */
  messages(): EdgeMessages {
    return this.#exchange.messages();
  }
}

const ghosts = new WeakMap<LocalArray, Map<string, Ghosts>>();

/** Returns the memory for edges of this reach, which goes with the array. */
export function ghostsOf(array: LocalArray, reach: Reach, stencil: Stencil): Ghosts {
  let ofArray = ghosts.get(array);
  if (ofArray === undefined) {
    ofArray = new Map();
    ghosts.set(array, ofArray);
  }
  const key = `${stencil} ${reach}`;
  let found = ofArray.get(key);
  if (found === undefined) {
    found = new Ghosts(array, reach, stencil);
    ofArray.set(key, found);
  }
  return found;
}
