/** Distributions of which an engine knows its own part only, as a client must know them. */
import type { DimensionMap } from '../maps/dimensionMap.ts';
import { Distribution } from '../maps/distribution.ts';
import { storeView, viewOfMap } from '../maps/storedMap.ts';
import { UnstructuredMap } from '../maps/unstructuredMap.ts';
import type { Comm } from '../mpi/communicator.ts';

/**
 * Returns the distribution with the indices of all processes.
 * @remarks Collective when an unstructured map is known in parts: these are then sent to all.
 */
export function completed(distribution: Distribution, comm: Comm): Distribution {
  if (distribution.maps.every(isComplete)) return distribution;
  const rank = distribution.rankOfTarget(comm.rank);
  const coords = rank < 0 ? null : distribution.coordsFromRank(rank);
  const maps = distribution.maps.map((map, axis) => {
    if (isComplete(map)) return map;
    const base = map.base as UnstructuredMap;
    const own =
      coords === null ? null : { coord: coords[axis], indices: base.indices(coords[axis]) };
    const all = comm.allgatherObjects(own);
    const lists = Array.from({ length: base.gridSize }, (_, coord) => {
      const found = all.find((one) => one?.coord === coord);
      return found?.indices ?? [];
    });
    const { size, oneToOne } = base;
    return viewOfMap(UnstructuredMap.fromIndices(lists, { size, oneToOne }), storeView(map).slice);
  });
  const { targets } = distribution;
  return Distribution.fromMaps(maps, { targets }).onTargets(targets);
}

function isComplete(map: DimensionMap): boolean {
  return map.dist !== 'u' || (map.base as UnstructuredMap).isComplete;
}
