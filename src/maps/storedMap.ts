/** Regular maps as plain values that JSON keeps, for files: dictionaries as `Distribution.fromGlobalDimData` takes them. */
import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import {
  type BlockGlobalDimData,
  type CyclicGlobalDimData,
  mapFromGlobalDimData,
  type UndistributedGlobalDimData,
} from './globalDimData.ts';
import { affineOf, sliceMap } from './sliceMap.ts';
import { UnstructuredMap } from './unstructuredMap.ts';

/** Blocks; those by the even rule have no bounds. */
export interface StoredBlocks extends Omit<BlockGlobalDimData, 'bounds'> {
  readonly size: number;
  readonly proc_grid_size: number;
  readonly bounds?: readonly number[];
}

/** Of a view: the indices of the map that it shows. */
export interface StoredView {
  readonly slice?: readonly [start: number, step: number, count: number];
}

/** A map that is no unstructured one, or a view of such a map. */
export type StoredRegularMap = (StoredBlocks | CyclicGlobalDimData | UndistributedGlobalDimData) &
  StoredView;

/** Returns what can be stored of a map; null for unstructured ones. */
export function storeMap(map: DimensionMap): StoredRegularMap | null {
  const { base } = map;
  if (base instanceof UnstructuredMap) return null;
  return { ...storeBase(base), ...storeView(map) };
}

/** Returns which indices of its base a map shows, if it is a view. */
export function storeView(map: DimensionMap): StoredView {
  if (map.base === map) return {};
  const { start, step, count } = affineOf(map);
  return { slice: [start, step, count] };
}

/**
 * Returns the map that was stored.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for what {@link storeMap} has not made
 */
export function restoreMap(
  { slice, ...dimData }: StoredRegularMap,
  argument: string,
): DimensionMap {
  return viewOfMap(restoreBase(dimData as StoredRegularMap, argument), slice);
}

/** Returns the view of a map that was stored with it. */
export function viewOfMap(base: DimensionMap, slice: StoredView['slice']): DimensionMap {
  if (slice === undefined) return base;
  const [start, step, count] = slice;
  return sliceMap(base, { start, step, count });
}

function storeBase(map: DimensionMap): StoredRegularMap {
  const { size, gridSize } = map;
  if (map instanceof BlockMap) {
    const bounds = map.isEven ? {} : { bounds: map.bounds };
    const padding = map.isPadded ? storePadding(map) : {};
    return { dist_type: 'b', size, proc_grid_size: gridSize, ...bounds, ...padding };
  }
  if (map instanceof CyclicMap) {
    return { dist_type: 'c', size, proc_grid_size: gridSize, block_size: map.blockSize };
  }
  return { dist_type: 'n', size };
}

function storePadding(map: BlockMap) {
  const { gridSize, uniformPadding, periodic } = map;
  const last = gridSize - 1;
  const upper = Array.from({ length: gridSize }, (_, gridRank) => map.halo(gridRank)[1]);
  const edges = periodic ? upper : upper.slice(0, last);
  const isOneWidth = edges.length > 0 && edges.every((width) => width === edges[0]);
  return {
    comm_padding: isOneWidth ? edges[0] : (uniformPadding ?? edges),
    boundary_padding: [map.boundary(0)[0], map.boundary(last)[1]] as const,
    periodic,
  };
}

function restoreBase(dimData: StoredRegularMap, argument: string): DimensionMap {
  if (dimData.dist_type !== 'b') return mapFromGlobalDimData(dimData, argument);
  const { size, proc_grid_size: gridSize, bounds } = dimData;
  if (bounds !== undefined) return mapFromGlobalDimData({ ...dimData, bounds }, argument);
  const { comm_padding: commPadding, boundary_padding: boundaryPadding, periodic } = dimData;
  return BlockMap.even(size, gridSize, { commPadding, boundaryPadding, periodic }, argument);
}
