/** Overlaps of unstructured maps of which each process knows its own indices only: they are asked for. */
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { MIN } from '../../mpi/operation.ts';
import { Directory } from '../directory.ts';
import {
  type AxisOverlaps,
  axisOverlaps,
  bucketed,
  missingIndexError,
  sortedPart,
} from './axisOverlaps.ts';
import type { Overlap } from './overlap.ts';
import { coordsOf, type Plan, planOfAxes } from './plan.ts';

/** Returns whether a map is unstructured and this process knows its own indices only. */
export function isPartlyKnown(map: DimensionMap): boolean {
  return map.dist === 'u' && !(map.base as UnstructuredMap).isComplete;
}

/**
 * Returns this process's plan when some maps are only partly known: processes that will hold an index
 * ask the directory who owns it, and tell the owner.
 *
 * @remarks Collective. Along each such axis it takes memory for the indices of a part and, where the
 * grid has more axes, for its list once more for each process along them.
 * @throws {@link ArgumentRangeError} on all processes alike when an index belongs to nobody, or to
 * several processes of a one-to-one map
 */
export function askPlan(from: Distribution, to: Distribution, comm: Comm): Plan {
  const [fromCoords, toCoords] = [coordsOf(from, comm.rank), coordsOf(to, comm.rank)];
  const axes = from.maps.map((map, axis) => {
    if (isPartlyKnown(map) || isPartlyKnown(to.maps[axis])) return askAxis(from, to, axis, comm);
    return axisOverlaps(map, fromCoords?.[axis] ?? null, to.maps[axis], toCoords?.[axis] ?? null);
  });
  return planOfAxes(from, to, comm.rank, axes);
}

function askAxis(from: Distribution, to: Distribution, axis: number, comm: Comm): AxisOverlaps {
  const [fromMap, toMap] = [from.maps[axis], to.maps[axis]];
  const [fromCoords, toCoords] = [coordsOf(from, comm.rank), coordsOf(to, comm.rank)];
  const wanted =
    toCoords === null
      ? { indices: new Float64Array(0), places: new Int32Array(0) }
      : sortedPart(toMap, toCoords[axis]);
  const owners = ownersOf(fromMap, registrar(fromCoords, axis), wanted.indices, comm);
  const missing = owners.findIndex((owner) => owner < 0);
  const nobodys = comm.allreduce(missing < 0 ? Number.POSITIVE_INFINITY : wanted.indices[missing], {
    op: MIN,
  });
  if (nobodys !== Number.POSITIVE_INFINITY) throw missingIndexError(nobodys, fromMap);

  const incoming = new Map<number, Overlap>();
  for (const [rank, places] of bucketed(owners, wanted.places)) {
    incoming.set(rank, { kind: 'places', extent: places.length, from: null, to: places });
  }
  const speaks = registrar(toCoords, axis) >= 0;
  const asked = tellOwners(from, axis, comm, speaks ? { owners, indices: wanted.indices } : null);
  const outgoing = new Map<number, Overlap>();
  for (const { process, indices } of asked) {
    const toRank = coordsOf(to, process)?.[axis];
    const own = fromCoords?.[axis];
    if (toRank === undefined || own === undefined || indices.length === 0) continue;
    const places = Int32Array.from(indices, (index) => fromMap.localFromGlobal(index, own));
    outgoing.set(toRank, { kind: 'places', extent: places.length, from: places, to: null });
  }
  return { outgoing, incoming, staying: stayingOf(outgoing, incoming, fromCoords, toCoords, axis) };
}

/**
 * Returns the grid rank along an axis that a process speaks for in a directory; −1 for none. Of all that have it, those
 * at the origin of the other axes do.
 */
export function registrar(coords: readonly number[] | null, axis: number): number {
  if (coords === null) return -1;
  return coords.every((coord, other) => other === axis || coord === 0) ? coords[axis] : -1;
}

function ownersOf(
  map: DimensionMap,
  gridRank: number,
  indices: Float64Array,
  comm: Comm,
): Int32Array {
  if (!isPartlyKnown(map)) return Int32Array.from(indices, (index) => ownerOrNobody(map, index));
  return Directory.build(comm, map, gridRank).owners(indices).gridRanks;
}

function ownerOrNobody(map: DimensionMap, index: number): number {
  if (map.dist !== 'u') return map.owner(index);
  for (let rank = 0; rank < map.gridSize; rank++) if (map.owns(rank, index)) return rank;
  return -1;
}

/** Sends each process that owns some of the indices, along `axis`, which of its own they are. */
function tellOwners(
  from: Distribution,
  axis: number,
  comm: Comm,
  wanted: { readonly owners: Int32Array; readonly indices: Float64Array } | null,
): { process: number; indices: Float64Array }[] {
  const { size } = comm;
  const byOwner = new Map<number, Float64Array>();
  if (wanted !== null) {
    const positions = bucketed(wanted.owners, Int32Array.from(wanted.owners.keys()));
    for (const [owner, list] of positions) {
      byOwner.set(
        owner,
        Float64Array.from(list, (k) => wanted.indices[k]),
      );
    }
  }
  const listFor = (process: number) => {
    const coords = coordsOf(from, process);
    return coords === null ? undefined : byOwner.get(coords[axis]);
  };
  const sendCounts = Int32Array.from({ length: size }, (_, k) => listFor(k)?.length ?? 0);
  const recvCounts = new Int32Array(size);
  comm.alltoall(sendCounts, recvCounts);
  const sum = (counts: Int32Array) => counts.reduce((all, count) => all + count, 0);
  const sent = new Float64Array(sum(sendCounts));
  for (let process = 0, at = 0; process < size; process++) {
    const list = listFor(process);
    if (list !== undefined) sent.set(list, at);
    at += sendCounts[process];
  }
  const received = new Float64Array(sum(recvCounts));
  comm.alltoall(sent, received, { sendCounts, recvCounts });
  let at = 0;
  return Array.from(recvCounts, (count, process) => {
    const indices = received.subarray(at, at + count);
    at += count;
    return { process, indices };
  });
}

/** What this process owns and will own: the lists of both are in the same order. */
function stayingOf(
  outgoing: ReadonlyMap<number, Overlap>,
  incoming: ReadonlyMap<number, Overlap>,
  fromCoords: readonly number[] | null,
  toCoords: readonly number[] | null,
  axis: number,
): Overlap | null {
  if (fromCoords === null || toCoords === null) return null;
  const source = outgoing.get(toCoords[axis]);
  const target = incoming.get(fromCoords[axis]);
  if (source?.kind !== 'places' || target?.kind !== 'places') return null;
  return { kind: 'places', extent: source.extent, from: source.from, to: target.to };
}
