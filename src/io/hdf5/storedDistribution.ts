/** Distributions as text that goes with a dataset: what `loadHdf5` needs to read an array as it was. */

import { sameShape } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { BlockPaddingOptions } from '../../maps/blockPadding.ts';
import { CyclicMap } from '../../maps/cyclicMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { type GlobalDimData, mapFromGlobalDimData } from '../../maps/globalDimData.ts';
import { affineOf, sliceMap } from '../../maps/sliceMap.ts';
import { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import { isPartlyKnown } from '../../ops/redistribute/askedOverlaps.ts';

/** Name of the attribute. */
export const DISTRIBUTION_ATTRIBUTE = 'distarray_distribution';

/** What the attribute holds, as JSON. */
interface StoredDistribution {
  readonly version: 1;
  /** Number of processes of the communicator: only as many read the array as it was. */
  readonly processes: number;
  /** The target of each rank, where it is not the rank itself. */
  readonly targets?: readonly number[];
  /** Whether each target has a copy of everything. */
  readonly replicated?: true;
  /** One a dimension. */
  readonly maps: readonly StoredMap[];
}

/**
 * A dictionary as `Distribution.fromGlobalDimData` takes it; of blocks by the even rule without bounds. `slice` is that of
 * a view: start, step and count over the map that the dictionary describes.
 */
type StoredMap = {
  readonly slice?: readonly [start: number, step: number, count: number];
} & (GlobalDimData | EvenBlocks);

interface EvenBlocks extends Omit<Extract<GlobalDimData, { dist_type: 'b' }>, 'bounds'> {
  readonly bounds?: undefined;
  readonly size: number;
  readonly proc_grid_size: number;
}

/** Most characters: attributes have to fit into the head of the dataset. */
const LONGEST = 32_000;

/** Returns a distribution as text; empty when it is too long, or only known in parts by each process. */
export function distributionText(distribution: Distribution, processes: number): string {
  const { maps, numProcesses, isReplicated, targets } = distribution;
  if (maps.some(isPartlyKnown) || numProcesses > LONGEST) return '';
  const ordinary = targets.every((target, rank) => target === rank);
  const stored: StoredDistribution = {
    version: 1,
    processes,
    ...(ordinary && !isReplicated ? {} : { targets }),
    ...(isReplicated ? { replicated: true } : {}),
    maps: maps.map(storedMap),
  };
  const text = JSON.stringify(stored);
  if (text.length > LONGEST) return '';
  const restored = restoreDistribution(text, distribution.shape, processes);
  // What would come back otherwise is better not stored.
  return restored?.equals(distribution) ? text : '';
}

/**
 * Returns the distribution that a text describes; null when it is one of another shape or for another number of
 * processes, or no description at all.
 */
export function restoreDistribution(
  text: string,
  shape: readonly number[],
  processes: number,
): Distribution | null {
  try {
    const stored = JSON.parse(text) as StoredDistribution;
    if (stored.version !== 1 || stored.processes !== processes) return null;
    const { targets, replicated = false } = stored;
    const maps = stored.maps.map(mapOf);
    const made = replicated
      ? Distribution.replicated(
          maps.map(({ size }) => size),
          { targets },
        )
      : Distribution.fromMaps(maps);
    const distribution = targets === undefined || replicated ? made : made.onTargets(targets);
    const fits = sameShape(distribution.shape, shape) && distribution.highestTarget < processes;
    return fits ? distribution : null;
  } catch {
    // The attribute is not ours, or somebody has changed it.
    return null;
  }
}

function storedMap(map: DimensionMap): StoredMap {
  const { base } = map;
  if (base === map) return storedBase(base);
  const { start, step, count } = affineOf(map);
  return { ...storedBase(base), slice: [start, step, count] };
}

function storedBase(map: DimensionMap): StoredMap {
  const { size, gridSize } = map;
  if (map instanceof BlockMap) {
    const padding = map.isPadded ? storedPadding(map) : {};
    if (map.isEven) return { dist_type: 'b', size, proc_grid_size: gridSize, ...padding };
    return { dist_type: 'b', bounds: map.bounds, ...padding };
  }
  if (map instanceof CyclicMap) {
    const { blockSize } = map;
    return { dist_type: 'c', size, proc_grid_size: gridSize, block_size: blockSize };
  }
  if (map instanceof UnstructuredMap) {
    const indices = Array.from({ length: gridSize }, (_, rank) => [...map.globalIndices(rank)]);
    return { dist_type: 'u', size, indices, one_to_one: map.oneToOne };
  }
  return { dist_type: 'n', size };
}

function storedPadding(map: BlockMap) {
  const { gridSize, uniformPadding, periodic } = map;
  const edges = Array.from({ length: gridSize - 1 }, (_, rank) => map.halo(rank)[1]);
  return {
    comm_padding: uniformPadding ?? (periodic ? [...edges, map.halo(0)[0]] : edges),
    boundary_padding: [map.boundary(0)[0], map.boundary(gridSize - 1)[1]] as const,
    periodic,
  };
}

function mapOf({ slice, ...dimData }: StoredMap, axis: number): DimensionMap {
  const base =
    dimData.dist_type === 'b' && dimData.bounds === undefined
      ? evenBlocks(dimData as EvenBlocks)
      : mapFromGlobalDimData(dimData as GlobalDimData, `maps[${axis}]`);
  if (slice === undefined) return base;
  const [start, step, count] = slice;
  return sliceMap(base, { start, step, count });
}

function evenBlocks(dimData: EvenBlocks): BlockMap {
  const { size, proc_grid_size: gridSize } = dimData;
  const { comm_padding: commPadding, boundary_padding: boundaryPadding, periodic } = dimData;
  const options: BlockPaddingOptions = { commPadding, boundaryPadding, periodic };
  return BlockMap.even(size, gridSize, options);
}
