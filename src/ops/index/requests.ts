/** Requests for elements by index: which go to which process. */
import { allocateForResult } from '../../kernels/allocation.ts';
import { sortByRank } from '../../kernels/owners.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { MIN } from '../../mpi/operation.ts';
import { Directory } from '../directory.ts';
import { isPartlyKnown, registrar } from '../redistribute/askedOverlaps.ts';
import { missingIndexError } from '../redistribute/axisOverlaps.ts';
import { coordsOf } from '../redistribute/plan.ts';
import { hasCopies } from './indexDistribution.ts';
import type { IndexPlan } from './indexPlan.ts';
import { addOwners, listedOwners, unravel } from './ownersOfIndices.ts';

/** What one process asks for, by the processes that own it; for each of them in the order of the asking. */
export interface Requests {
  /** Flat indices over the axes that arrays go through. */
  readonly indices: Float64Array;
  /** Number of the index tuple that each is for; null when they are 0, 1, 2, … */
  readonly order: Uint32Array | null;
  /** How many go to each process of the communicator. */
  readonly counts: Int32Array;
}

/** Requests in another order than that of the index tuples. */
export interface SortedRequests extends Requests {
  readonly order: Uint32Array;
}

/**
 * Returns this process's requests.
 *
 * @param base - distribution of the indexed array
 * @param result - distribution of what the index takes out; of the axes that no array goes through it has the maps
 * @param writes - whether all processes that list an index are meant, instead of the lowest
 * @remarks Collective where an axis is unstructured: all agree that somebody owns each index, and where
 * its map is known in parts a directory tells who.
 * @throws {@link ArgumentRangeError} on every process alike for an index that nobody lists
 */
export function requestsFor(
  indices: Float64Array,
  plan: IndexPlan,
  base: Distribution,
  result: Distribution,
  comm: Comm,
  writes: boolean,
): Requests {
  if (base.isReplicated || comm.size === 1) return toItself(indices, comm);
  const first = firstOwner(plan, base, result, comm.rank);
  const ranks = allocateForResult('int32', indices.length).fill(first);
  const strides = strideOfRanks(base);
  const extents = plan.indexed.map((dim) => base.shape[dim]);
  /** Unstructured axes where an index may be on several processes that are all meant. */
  const copied: CopiedAxis[] = [];
  const lists: Float64Array[] = [];
  unravel(indices, extents, (axis, along) => {
    const dim = plan.indexed[axis];
    const map = base.maps[dim];
    if (map.dist !== 'u') return addOwners(map, along, strides[dim], ranks);
    lists[axis] = along.slice();
  });
  // What is collective comes in one order on all processes, whatever the callback's.
  for (const [axis, dim] of plan.indexed.entries()) {
    const map = base.maps[dim];
    if (map.dist !== 'u') continue;
    const owners = agreedOwners(map, lists[axis], base, dim, comm);
    if (writes && hasCopies(map)) {
      copied.push({ map, indices: lists[axis], stride: strides[dim] });
    } else {
      for (let k = 0; k < ranks.length; k++) ranks[k] += owners[k] * strides[dim];
    }
  }
  if (copied.length === 0) return sortedByOwner(indices, ranks, base, comm.size);
  return toAll(indices, ranks, copied, base, comm.size);
}

/** All to this process: that of an array that is on every process, or on this one alone. */
function toItself(indices: Float64Array, comm: Comm): Requests {
  const counts = new Int32Array(comm.size);
  counts[comm.rank] = indices.length;
  return { indices, order: null, counts };
}

/** Rank at this process's coordinates along the axes that keep their maps, and 0 along the others. */
function firstOwner(
  { kept, indexShape, place }: IndexPlan,
  base: Distribution,
  result: Distribution,
  process: number,
): number {
  const own = coordsOf(result, process);
  const coords = base.gridShape.map(() => 0);
  if (own === null) return 0;
  kept.forEach((dim, k) => {
    coords[dim] = own[k < place ? k : k + indexShape.length];
  });
  return base.rankFromCoords(coords);
}

function strideOfRanks({ gridShape }: Distribution): number[] {
  const strides = new Array<number>(gridShape.length);
  let stride = 1;
  for (let dim = gridShape.length - 1; dim >= 0; dim--) {
    strides[dim] = stride;
    stride *= gridShape[dim];
  }
  return strides;
}

/** Owners along an unstructured axis. */
function agreedOwners(
  map: DimensionMap,
  indices: Float64Array,
  base: Distribution,
  dim: number,
  comm: Comm,
): Int32Array {
  const owners = isPartlyKnown(map)
    ? Directory.build(comm, map, registrar(coordsOf(base, comm.rank), dim)).owners(indices)
        .gridRanks
    : listedOwners(map, indices);
  const missing = owners.indexOf(-1);
  const own = missing < 0 ? Number.POSITIVE_INFINITY : indices[missing];
  const first = comm.allreduce(own, { op: MIN });
  if (first !== Number.POSITIVE_INFINITY) throw missingIndexError(first, map);
  return owners;
}

/**
 * Returns requests by the processes of their owners in a distribution, whose ranks are given; those to one process in
 * the order in which they come.
 *
 * @param processes - of the communicator
 */
export function sortedByOwner(
  indices: Float64Array,
  ranks: Int32Array,
  { numProcesses, targets }: Distribution,
  processes: number,
): SortedRequests {
  const ofRanks = new Float64Array(numProcesses);
  for (let k = 0; k < ranks.length; k++) ofRanks[ranks[k]]++;
  const counts = new Int32Array(processes);
  for (let rank = 0; rank < numProcesses; rank++) counts[targets[rank]] = ofRanks[rank];
  const beginsOfProcesses = beginsOf(counts);
  // Ranks of a transposed grid are not in the order of their processes.
  const begins = ofRanks.map((_, rank) => beginsOfProcesses[targets[rank]]);
  const sorted = allocateForResult('float64', indices.length);
  const order = allocateForResult('uint32', indices.length);
  sortByRank(indices, ranks, begins, sorted, order);
  return { indices: sorted, order, counts };
}

/** Returns where the requests to each process begin. */
export function beginsOf(counts: Int32Array): Float64Array {
  const begins = new Float64Array(counts.length);
  for (let k = 1; k < counts.length; k++) begins[k] = begins[k - 1] + counts[k - 1];
  return begins;
}

interface CopiedAxis {
  readonly map: DimensionMap;
  readonly indices: Float64Array;
  readonly stride: number;
}

/** Requests that go to every process that lists their indices along some axes. */
function toAll(
  indices: Float64Array,
  ranks: Int32Array,
  [axis, ...others]: readonly CopiedAxis[],
  base: Distribution,
  processes: number,
): SortedRequests {
  let count = 0;
  const everyOwner = (visit: (k: number, rank: number) => void) => {
    for (let k = 0; k < indices.length; k++) {
      for (let rank = 0; rank < axis.map.gridSize; rank++) {
        if (axis.map.owns(rank, axis.indices[k])) visit(k, rank);
      }
    }
  };
  everyOwner(() => count++);
  const repeated = new Float64Array(count);
  const repeatedRanks = new Int32Array(count);
  const tuples = new Float64Array(count);
  let at = 0;
  everyOwner((k, rank) => {
    repeated[at] = indices[k];
    repeatedRanks[at] = ranks[k] + rank * axis.stride;
    tuples[at++] = k;
  });
  const along = others.map((other) => ({
    ...other,
    indices: tuples.map((k) => other.indices[k]),
  }));
  const requests =
    along.length === 0
      ? sortedByOwner(repeated, repeatedRanks, base, processes)
      : toAll(repeated, repeatedRanks, along, base, processes);
  return { ...requests, order: requests.order.map((place) => tuples[place]) };
}
