/** What two parts have in common: the plan of a message between them. */

import type { DimensionMap } from './dimensionMap.ts';
import { clipRun, type IndexRun, repeatedRun } from './indexRun.ts';
import { gcd, lcm, mod, solveCongruence } from './numberTheory.ts';

/**
 * Where the blocks of an {@link IndexRun} lie in a local part, counted in its local order: the
 * first at `start`, each `stride` after the one before, consecutive within a block.
 */
export interface LocalBlocks {
  readonly start: number;
  readonly stride: number;
}

/** A run of global indices that two parts share, and its places in both. */
export interface CommonRun extends IndexRun {
  /** Places in the part under the first map. */
  readonly inA: LocalBlocks;
  /** Places in the part under the second map. */
  readonly inB: LocalBlocks;
}

/**
 * Returns the global indices that `gridRankA` owns under `mapA` and `gridRankB` under `mapB`.
 *
 * @remarks The runs are disjoint and start in ascending order; of periodic parts one stride is
 * the least common multiple of their periods, and runs may interleave. Both sides of a message
 * get the same runs, whichever map is named first. It costs the number of runs, not of indices,
 * unless a map is unstructured: then it costs the length of its list.
 */
export function intersection(
  mapA: DimensionMap,
  gridRankA: number,
  mapB: DimensionMap,
  gridRankB: number,
): readonly CommonRun[] {
  const shared =
    mapA.dist === 'u' || mapB.dist === 'u'
      ? sharedOfLists(mapA, gridRankA, mapB, gridRankB)
      : sharedOfRuns(mapA.runs(gridRankA), mapB.runs(gridRankB));
  return shared.map((run) => ({
    ...run,
    inA: places(mapA, gridRankA, run),
    inB: places(mapB, gridRankB, run),
  }));
}

function places(map: DimensionMap, gridRank: number, run: IndexRun): LocalBlocks {
  const start = map.localFromGlobal(run.start, gridRank);
  const stride =
    run.count > 1 ? map.localFromGlobal(run.start + run.stride, gridRank) - start : run.blockSize;
  return { start, stride };
}

function sharedOfRuns(a: readonly IndexRun[], b: readonly IndexRun[]): readonly IndexRun[] {
  const shared = a.flatMap((runA) => b.flatMap((runB) => sharedOfTwo(runA, runB)));
  return shared.sort((one, other) => one.start - other.start);
}

function sharedOfTwo(one: IndexRun, other: IndexRun): readonly IndexRun[] {
  // The same order whichever comes first, so that both sides get the same runs.
  const [a, b] = before(one, other) ? [one, other] : [other, one];
  if (a.count === 1) return clipRun(b, a.start, a.start + a.blockSize);
  const divisor = gcd(a.stride, b.stride);
  const offsets = Math.ceil((a.blockSize + b.blockSize - 1) / divisor);
  if (a.count > offsets) return overlaps(a, b, divisor);
  return Array.from({ length: a.count }, (_, block) => a.start + block * a.stride).flatMap(
    (start) => clipRun(b, start, start + a.blockSize),
  );
}

function before(a: IndexRun, b: IndexRun): boolean {
  if (a.count !== b.count) return a.count < b.count;
  if (a.stride !== b.stride) return a.stride < b.stride;
  if (a.blockSize !== b.blockSize) return a.blockSize < b.blockSize;
  return a.start <= b.start;
}

/**
 * The overlaps of the blocks of two runs: for each distance between blocks at which they
 * overlap, the pairs of blocks at that distance repeat with the common period.
 */
function overlaps(a: IndexRun, b: IndexRun, divisor: number): readonly IndexRun[] {
  const period = lcm(a.stride, b.stride);
  const runs: IndexRun[] = [];
  // The distance from a block of `a` to one of `b` is b.start − a.start modulo the divisor.
  const lowest = 1 - b.blockSize;
  const first = lowest + mod(b.start - a.start - lowest, divisor);
  for (let distance = first; distance < a.blockSize; distance += divisor) {
    // a.start + i * a.stride + distance = b.start + j * b.stride
    const i = solveCongruence(a.stride, b.start - a.start - distance, b.stride);
    const j = (a.start + i * a.stride + distance - b.start) / b.stride;
    const [stepA, stepB] = [b.stride / divisor, a.stride / divisor];
    // Both block numbers must exist; j may be negative for the smallest i.
    const skipped = j < 0 ? Math.ceil(-j / stepB) : 0;
    const [firstA, firstB] = [i + skipped * stepA, j + skipped * stepB];
    const left = Math.min(
      Math.floor((a.count - 1 - firstA) / stepA),
      Math.floor((b.count - 1 - firstB) / stepB),
    );
    const start = a.start + firstA * a.stride + Math.max(0, distance);
    const end = a.start + firstA * a.stride + Math.min(a.blockSize, distance + b.blockSize);
    runs.push(...repeatedRun(start, end - start, period, left + 1));
  }
  return runs;
}

function sharedOfLists(
  mapA: DimensionMap,
  gridRankA: number,
  mapB: DimensionMap,
  gridRankB: number,
): readonly IndexRun[] {
  const [lister, listerRank, other, otherRank] =
    mapA.dist === 'u' ? [mapA, gridRankA, mapB, gridRankB] : [mapB, gridRankB, mapA, gridRankA];
  // Of an unstructured map that is no view, any integer can be an index.
  const bounded = other.dist !== 'u' || other.base !== other;
  const exists = (index: number) => !bounded || (index >= 0 && index < other.size);
  const shared = Array.from(lister.globalIndices(listerRank)).filter(
    (index) => exists(index) && other.owns(otherRank, index),
  );
  shared.sort((a, b) => a - b);
  return consecutive(shared, [
    [lister, listerRank],
    [other, otherRank],
  ]);
}

/** Joins neighbours that are neighbours in both local parts. */
function consecutive(
  indices: readonly number[],
  parts: readonly (readonly [DimensionMap, number])[],
): readonly IndexRun[] {
  const runs: IndexRun[] = [];
  let places: readonly number[] = [];
  for (let i = 0; i < indices.length; ) {
    const start = indices[i];
    places = parts.map(([map, rank]) => map.localFromGlobal(start, rank));
    let length = 1;
    while (
      i + length < indices.length &&
      indices[i + length] === start + length &&
      parts.every(
        ([map, rank], p) => map.localFromGlobal(start + length, rank) === places[p] + length,
      )
    ) {
      length++;
    }
    runs.push({ start, blockSize: length, stride: length, count: 1 });
    i += length;
  }
  return runs;
}
