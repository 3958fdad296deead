/** Large transfers to and from datasets, piece by piece: what is under way is bounded, and there is something to tell. */
import type { TypedArray } from '../../dtype/dtype.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { isPartlyKnown } from '../../ops/redistribute/askedOverlaps.ts';

/** Bytes that a process transfers at a time. */
export const PIECE_BYTES = 2 ** 26;

/** What is transferred in one call: a part of the elements, and where it is in the dataset. */
export interface Piece {
  readonly elements: TypedArray;
  readonly runs: readonly Float64Array[];
}

/** Numbers of a run: start, stride, count, block size. */
const RUN = 4;

/** Returns in how many pieces an array is transferred. Pure: the same on every process. */
export function pieceCount({ distribution, itemsize }: LocalArray): number {
  if (distribution.maps.some(isPartlyKnown)) return 1;
  let largest = itemsize;
  for (const map of distribution.maps) {
    let extent = 0;
    for (let coord = 0; coord < map.gridSize; coord++) {
      extent = Math.max(extent, map.localSize(coord));
    }
    largest *= extent;
  }
  return Math.max(1, Math.ceil(largest / PIECE_BYTES));
}

/**
 * Returns one of the pieces of a transfer: some indices of the outermost axis that has several.
 *
 * @param elements - all elements of this process, in the order of the file
 * @param runs - where they are, by axis of the dataset; ascending
 */
export function pieceOf(
  elements: TypedArray,
  runs: readonly Float64Array[],
  piece: number,
  count: number,
): Piece {
  if (count === 1) return { elements, runs };
  const counts = runs.map(indexCount);
  const axis = Math.max(
    0,
    counts.findIndex((indices) => indices !== 1),
  );
  const total = counts[axis] ?? 0;
  const [first, end] = [piece, piece + 1].map((k) => Math.floor((total * k) / count));
  if (first === end) {
    return { elements: elements.subarray(0, 0) as TypedArray, runs: [new Float64Array(0)] };
  }
  const row = elements.length / total;
  return {
    elements: elements.subarray(first * row, end * row) as TypedArray,
    runs: runs.with(axis, someOf(runs[axis], first, end)),
  };
}

function indexCount(runs: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < runs.length; at += RUN) sum += runs[at + 2] * runs[at + 3];
  return sum;
}

/** The runs of the indices from the `first` to before the `end` one. */
function someOf(runs: Float64Array, first: number, end: number): Float64Array {
  const parts: number[] = [];
  let before = 0;
  for (let at = 0; at < runs.length; at += RUN) {
    const [start, stride, count, blockSize] = runs.subarray(at, at + RUN);
    let from = Math.max(0, first - before);
    const to = Math.min(count * blockSize, end - before);
    before += count * blockSize;
    while (from < to) {
      const block = Math.floor(from / blockSize);
      const within = from - block * blockSize;
      const whole = within === 0 ? Math.floor((to - from) / blockSize) : 0;
      const taken = whole > 0 ? whole * blockSize : Math.min(to - from, blockSize - within);
      parts.push(start + block * stride + within, whole > 0 ? stride : taken);
      parts.push(whole > 0 ? whole : 1, whole > 0 ? blockSize : taken);
      from += taken;
    }
  }
  return Float64Array.from(parts);
}
