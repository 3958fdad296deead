/** Where the local elements along an axis stand in the whole array. */
import type { DimensionMap } from '../maps/dimensionMap.ts';

/** Blocks at one distance: local element l has the global index start + ⌊l / blockSize⌋ · stride + l mod blockSize. */
export interface RegularPlaces {
  readonly start: number;
  readonly blockSize: number;
  readonly stride: number;
  readonly table: null;
}

/** Local element l has the global index `table[l]`. */
export interface ListedPlaces {
  readonly table: Float64Array;
}

/** Global indices of the local elements along an axis, in local order. */
export type AxisPlaces = RegularPlaces | ListedPlaces;

/** Returns the global indices of a grid rank's elements: for every map but unstructured ones, and some views, in short. */
export function axisPlaces(map: DimensionMap, gridRank: number): AxisPlaces {
  const regular = regularPlaces(map, gridRank);
  return regular ?? { table: Float64Array.from(map.globalIndices(gridRank)) };
}

/** The distance between all neighbours; undefined when it is not one. */
export function stepOf(places: AxisPlaces, extent: number): number | undefined {
  if (places.table !== null) return undefined;
  const { blockSize, stride } = places;
  if (blockSize >= extent || stride === blockSize) return 1;
  return blockSize === 1 ? stride : undefined;
}

/** Returns the global index of local element `l`. */
export function placeAt(places: AxisPlaces, l: number): number {
  if (places.table !== null) return places.table[l];
  const { start, blockSize, stride } = places;
  return start + Math.floor(l / blockSize) * stride + (l % blockSize);
}

function regularPlaces(map: DimensionMap, gridRank: number): RegularPlaces | undefined {
  const runs = map.runs(gridRank);
  if (runs.length === 0) return { start: 0, blockSize: 1, stride: 1, table: null };
  const [first, last] = runs;
  const { start, blockSize } = first;
  if (runs.length === 1) return { start, blockSize, stride: first.stride, table: null };
  // A shorter block at the end goes on with the pattern.
  const stride = first.count === 1 ? last.start - start : first.stride;
  const goesOn =
    runs.length === 2 &&
    last.count === 1 &&
    last.blockSize <= blockSize &&
    stride >= blockSize &&
    last.start === start + first.count * stride;
  return goesOn ? { start, blockSize, stride, table: null } : undefined;
}
