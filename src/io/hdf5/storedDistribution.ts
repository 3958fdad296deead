/** Distributions as text that goes with a dataset: what `loadHdf5` needs to read an array as it was. */

import { sameShape } from '../../kernels/stridedView.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { mapFromGlobalDimData, type UnstructuredGlobalDimData } from '../../maps/globalDimData.ts';
import {
  restoreMap,
  type StoredRegularMap,
  type StoredView,
  storeMap,
  storeView,
  viewOfMap,
} from '../../maps/storedMap.ts';
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

/** One dimension; of unstructured ones with all indices. */
type StoredMap = StoredRegularMap | (UnstructuredGlobalDimData & StoredView);

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
  if (!(base instanceof UnstructuredMap)) return storeMap(map)!;
  const { size, gridSize, oneToOne } = base;
  const indices = Array.from({ length: gridSize }, (_, rank) => [...base.globalIndices(rank)]);
  return { dist_type: 'u', size, indices, one_to_one: oneToOne, ...storeView(map) };
}

function mapOf(stored: StoredMap, axis: number): DimensionMap {
  const argument = `maps[${axis}]`;
  if (stored.dist_type !== 'u') return restoreMap(stored, argument);
  return viewOfMap(mapFromGlobalDimData(stored, argument), stored.slice);
}
