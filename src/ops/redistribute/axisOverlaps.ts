/** Along one axis: what a process sends, receives and keeps when a map takes the place of another. */
import { ArgumentRangeError } from '../../errors.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { type Overlap, regularOverlap } from './overlap.ts';

/** What the parts of one process along an axis have in common with those of others. */
export interface AxisOverlaps {
  /** With its old part, by grid rank of the new map. */
  readonly outgoing: ReadonlyMap<number, Overlap>;
  /** With its new part, by grid rank of the old map. */
  readonly incoming: ReadonlyMap<number, Overlap>;
  /** Its old part with its new part. */
  readonly staying: Overlap | null;
}

/**
 * Returns the overlaps of a process along one axis; pure, of maps whose owners are all known.
 *
 * @param fromRank its grid rank under the old map; null when it holds nothing
 * @param toRank its grid rank under the new map; null when it will hold nothing
 * @remarks Where several processes own an index, the one with the lowest grid rank sends it, and all
 * that will own it receive it.
 * @throws {@link UnknownIndicesError} for unstructured maps of which not all lists are known
 * @throws {@link ArgumentRangeError} when the old map lists an index nowhere
 */
export function axisOverlaps(
  from: DimensionMap,
  fromRank: number | null,
  to: DimensionMap,
  toRank: number | null,
): AxisOverlaps {
  if (from.dist !== 'u' && to.dist !== 'u') return regularOverlaps(from, fromRank, to, toRank);
  if (from.dist === 'u') checkCovers(from);
  return {
    outgoing: fromRank === null ? new Map() : listedOutgoing(from, fromRank, to),
    incoming: toRank === null ? new Map() : listedIncoming(from, to, toRank),
    staying:
      fromRank === null || toRank === null ? null : listedStaying(from, fromRank, to, toRank),
  };
}

function regularOverlaps(
  from: DimensionMap,
  fromRank: number | null,
  to: DimensionMap,
  toRank: number | null,
): AxisOverlaps {
  const outgoing = new Map<number, Overlap>();
  const incoming = new Map<number, Overlap>();
  if (fromRank !== null) {
    for (const rank of ranksThatMeet(to, from, fromRank)) {
      const overlap = regularOverlap(from, fromRank, to, rank);
      if (overlap !== null) outgoing.set(rank, overlap);
    }
  }
  if (toRank !== null) {
    for (const rank of ranksThatMeet(from, to, toRank)) {
      const overlap = regularOverlap(from, rank, to, toRank);
      if (overlap !== null) incoming.set(rank, overlap);
    }
  }
  const staying = toRank === null ? null : (outgoing.get(toRank) ?? null);
  return { outgoing, incoming, staying };
}

/** The grid ranks of `map` whose parts can meet that of `rank` under `other`. */
function ranksThatMeet(map: DimensionMap, other: DimensionMap, rank: number): number[] {
  const runs = other.runs(rank);
  if (runs.length === 0) return [];
  if (map.dist !== 'b') return [...Array(map.gridSize).keys()];
  // Blocks are in the order of their ranks, or in the opposite one.
  const last = Math.max(
    ...runs.map(
      ({ start, stride, blockSize, count }) => start + stride * (count - 1) + blockSize - 1,
    ),
  );
  const owners = [map.owner(runs[0].start), map.owner(last)].sort((a, b) => a - b);
  return Array.from({ length: owners[1] - owners[0] + 1 }, (_, k) => owners[0] + k);
}

/** The indices 0 … size − 1 of a part in ascending order, and where the part has each of them. */
export interface SortedPart {
  readonly indices: Float64Array;
  readonly places: Int32Array;
}

/** Returns the indices of a part in ascending order. */
export function sortedPart(map: DimensionMap, rank: number): SortedPart {
  const all = Float64Array.from(map.globalIndices(rank));
  if (all.length > 2 ** 31 - 1) {
    throw new ArgumentRangeError('map', 'fewer than 2^31 listed indices a process', all.length);
  }
  const exists = (index: number) => index >= 0 && index < map.size;
  const ascending = all.every((index, k) => k === 0 || index > all[k - 1]);
  let places: Int32Array;
  if (ascending) places = Int32Array.from(all.keys());
  else if (map.size * all.length < Number.MAX_SAFE_INTEGER) {
    // Sorting numbers is several times as fast as sorting by a function.
    const keys = Float64Array.from(all, (index, k) =>
      exists(index) ? index * all.length + k : -1,
    );
    keys.sort();
    places = Int32Array.from(keys.subarray(keys.findIndex((key) => key >= 0)), (key) =>
      key < 0 ? 0 : key % all.length,
    );
  } else places = Int32Array.from(all.keys()).sort((a, b) => all[a] - all[b]);
  const existing = places.filter((place) => exists(all[place]));
  return { indices: Float64Array.from(existing, (place) => all[place]), places: existing };
}

/** Returns the places by key, each list in the order of `keys`. @internal */
export function bucketed(
  keys: ArrayLike<number>,
  places: ArrayLike<number>,
): Map<number, Int32Array> {
  const counts = new Map<number, number>();
  for (let k = 0; k < keys.length; k++) counts.set(keys[k], (counts.get(keys[k]) ?? 0) + 1);
  const lists = new Map<number, Int32Array>();
  for (const [key, count] of counts) {
    lists.set(key, new Int32Array(count));
    counts.set(key, 0);
  }
  for (let k = 0; k < keys.length; k++) {
    const at = counts.get(keys[k]) ?? 0;
    const list = lists.get(keys[k]);
    if (list !== undefined) list[at] = places[k];
    counts.set(keys[k], at + 1);
  }
  return lists;
}

function listedOutgoing(
  from: DimensionMap,
  fromRank: number,
  to: DimensionMap,
): Map<number, Overlap> {
  const outgoing = new Map<number, Overlap>();
  const add = (rank: number, places: Int32Array) => {
    if (places.length === 0) return;
    outgoing.set(rank, { kind: 'places', extent: places.length, from: places, to: null });
  };
  if (to.dist !== 'u') {
    const { indices, places } = sortedPart(from, fromRank);
    const sends = places.filter((_, k) => from.owner(indices[k]) === fromRank);
    const owners = indices
      .filter((index) => from.owner(index) === fromRank)
      .map((index) => to.owner(index));
    for (const [rank, list] of bucketed(owners, sends)) add(rank, list);
    return outgoing;
  }
  for (let rank = 0; rank < to.gridSize; rank++) {
    const wanted = sortedPart(to, rank).indices.filter((index) => from.owner(index) === fromRank);
    add(
      rank,
      Int32Array.from(wanted, (index) => from.localFromGlobal(index, fromRank)),
    );
  }
  return outgoing;
}

function listedIncoming(
  from: DimensionMap,
  to: DimensionMap,
  toRank: number,
): Map<number, Overlap> {
  const { indices, places } = sortedPart(to, toRank);
  const owners = indices.map((index) => from.owner(index));
  const incoming = new Map<number, Overlap>();
  for (const [rank, list] of bucketed(owners, places)) {
    incoming.set(rank, { kind: 'places', extent: list.length, from: null, to: list });
  }
  return incoming;
}

function listedStaying(
  from: DimensionMap,
  fromRank: number,
  to: DimensionMap,
  toRank: number,
): Overlap | null {
  const { indices, places } = sortedPart(to, toRank);
  const stays = (index: number) => from.owner(index) === fromRank;
  const target = places.filter((_, k) => stays(indices[k]));
  const source = Int32Array.from(indices.filter(stays), (index) =>
    from.localFromGlobal(index, fromRank),
  );
  if (target.length === 0) return null;
  return { kind: 'places', extent: target.length, from: source, to: target };
}

const covering = new WeakSet<DimensionMap>();

/** Checks, where all lists are known, that every index is on one of them. */
function checkCovers(map: DimensionMap): void {
  if (covering.has(map)) return;
  const listed = new Uint8Array(map.size);
  for (let rank = 0; rank < map.gridSize; rank++) {
    for (const index of map.globalIndices(rank)) if (index >= 0) listed[index] = 1;
  }
  const missing = listed.indexOf(0);
  if (missing >= 0) throw missingIndexError(missing, map);
  covering.add(map);
}

/** The error for an index that no process has. */
export function missingIndexError(index: number, map: DimensionMap): ArgumentRangeError {
  const expected = `an array that has all of its elements (${map} lists not all indices)`;
  return new ArgumentRangeError('array', expected, `none at index ${index}`);
}
