/** Slices that reach over the edges of parts: read from the halo, instead of being brought together anew. */
import type { StridedView } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { PairMemo } from '../../maps/pairMemo.ts';
import type { Traffic } from '../redistribute/traffic.ts';
import { exchangeHalo } from './haloExchange.ts';
import type { Stencil } from './haloPlan.ts';
import { areWindows, ownedBy, spanOf } from './windows.ts';

/**
 * Returns the elements of a slice that this process needs for its part under `to`, as a view of the slice's base
 * and its halo, which is brought up to date for it; null unless on every process all that it needs is there.
 *
 * @param array - of the shape of `to`; a slice of an array with communication padding
 * @remarks Collective when it returns a view on one process, which it then does on all: the answer comes from
 * metadata. Sends the halo alone, and nothing where all slices stay within their parts.
 */
export function shiftedView(
  array: LocalArray,
  to: Distribution,
  traffic: Traffic,
): StridedView | null {
  const { base } = array;
  if (base === null || base.dtype !== array.dtype) return null;
  const reach = reachOf(array.distribution, base.distribution, to);
  if (reach === null) return null;
  if (reach !== 'inside') exchangeHalo(base, { stencil: reach, traffic });
  return viewInHalo(array, base, to);
}

/** Whether slices stay within their parts, or how far into the halo they go. */
type Reach = 'inside' | Stencil;

const known = new PairMemo<Reach | null>();

function reachOf(from: Distribution, base: Distribution, to: Distribution): Reach | null {
  return known.of(from, to, () => findReach(from, base, to));
}

function findReach(from: Distribution, base: Distribution, to: Distribution): Reach | null {
  if (!base.maps.some(hasHalo) || !areWindows(from, base, to)) return null;
  let crossed = 0;
  for (let axis = 0; axis < base.ndim; axis++) {
    const within = reachAlong(from.maps[axis], to.maps[axis]);
    if (within === null) return null;
    if (within === 'halo') crossed++;
  }
  if (crossed === 0) return 'inside';
  return crossed === 1 ? 'star' : 'box';
}

/** Whether all parts have what they need themselves, or in their halo; null when one has not. */
function reachAlong(map: DimensionMap, needed: DimensionMap): 'part' | 'halo' | null {
  let reach: 'part' | 'halo' = 'part';
  for (let coord = 0; coord < map.gridSize; coord++) {
    const span = spanOf(map, needed, coord);
    if (span === null) continue;
    const [start, stop] = ownedBy(map.base, coord);
    if (start <= span.low && span.high < stop) continue;
    const [lower, upper] = map.base.halo(coord);
    if (span.low < start - lower || span.high >= stop + upper) return null;
    reach = 'halo';
  }
  return reach;
}

function viewInHalo(array: LocalArray, base: LocalArray, to: Distribution): StridedView {
  const rank = to.rankOfTarget(base.comm.rank);
  const { data, dtype, strides, offset: origin } = base.paddedStrided;
  if (rank < 0) return { data, dtype, shape: to.shape.map(() => 0), strides, offset: 0 };
  const shape: number[] = [];
  const steps: number[] = [];
  let offset = origin;
  to.coordsFromRank(rank).forEach((coord, axis) => {
    const map = array.distribution.maps[axis];
    const span = spanOf(map, to.maps[axis], coord);
    shape.push(span?.count ?? 0);
    steps.push(strides[axis] * (span?.step ?? 1));
    if (span === null) return;
    const begin = ownedBy(map.base, coord)[0] - map.base.halo(coord)[0];
    offset += strides[axis] * (span.first - begin);
  });
  return { data, dtype, shape, strides: steps, offset: shape.includes(0) ? 0 : offset };
}

function hasHalo(map: DimensionMap): boolean {
  return map instanceof BlockMap && map.isPadded;
}
