/** Which elements of a dataset a process transfers. Pure. */
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { type IndexRun, indicesOfRuns } from '../../maps/indexRun.ts';
import type { ResolvedItem } from '../../maps/resolveSlice.ts';
import { writesNothing } from '../slabs.ts';

/** What a slice takes of one axis of a dataset: an index, or a range. */
export type SelectedAxis = Exclude<ResolvedItem, { readonly kind: 'newaxis' }>;
/** A range of indices along an axis of a dataset. */
export type SelectedRange = Extract<SelectedAxis, { readonly kind: 'range' }>;

/** What a slice takes of a dataset, an entry for each axis of it. */
export type Selected = readonly SelectedAxis[];

/** Returns the slice that takes all of a dataset. */
export function allOf(shape: readonly number[]): Selected {
  return shape.map((count, axis) => ({ kind: 'range', axis, start: 0, step: 1, count }));
}

/** Returns the ranges of a slice: an array of what it takes has an axis for each. */
export function rangesOf(selected: Selected): readonly SelectedRange[] {
  return selected.filter((item) => item.kind === 'range');
}

/** Returns the shape of what a slice takes. */
export function shapeOf(selected: Selected): number[] {
  return rangesOf(selected).map(({ count }) => count);
}

/** Returns the slice that takes what an ascending one does at the indices from `first` to before `end` of its first range. */
export function rowsOf(selected: Selected, first: number, end: number): Selected {
  const rows = selected.findIndex((item) => item.kind === 'range');
  return selected.map((item, axis) => {
    if (axis !== rows || item.kind !== 'range') return item;
    return { ...item, start: item.start + item.step * first, count: end - first };
  });
}

/** Returns a slice of the same elements with ascending indices. */
export function ascending(selected: Selected): Selected {
  return selected.map((item) => {
    if (item.kind === 'index' || item.step > 0) return item;
    const { start, step, count } = item;
    return { ...item, start: start + step * Math.max(0, count - 1), step: -step };
  });
}

/**
 * Gaps of so many bytes between elements are read through by several processes: MPI-IO makes a list entry of every element.
 * One process alone has libhdf5 pick them from what it reads at once.
 */
const GAP_BYTES = 256;

/**
 * Returns what to read for an ascending slice: the same, or with what lies in short gaps along the last axis.
 * @returns also the slice of what is read that takes what was wanted; null when that is all
 */
export function throughGaps(
  selected: Selected,
  itemsize: number,
  processes: number,
): { readonly dense: Selected; readonly steps: ({ readonly step: number } | null)[] | null } {
  const last = selected.at(-1);
  const isShort =
    processes > 1 &&
    last?.kind === 'range' &&
    last.step > 1 &&
    last.count > 1 &&
    (last.step - 1) * itemsize <= GAP_BYTES;
  if (!isShort) return { dense: selected, steps: null };
  const { step, count } = last;
  return {
    dense: selected.with(-1, { ...last, step: 1, count: (count - 1) * step + 1 }),
    steps: rangesOf(selected).map((_, axis, { length }) => (axis === length - 1 ? { step } : null)),
  };
}

/** Returns the numbers of the first element in a dataset that an ascending slice takes, and of the one behind the last. */
export function extentOf(
  selected: Selected,
  shape: readonly number[],
): [first: number, end: number] {
  let [first, last] = [0, 0];
  selected.forEach((item, axis) => {
    const [start, reach] =
      item.kind === 'index' ? [item.index, 0] : [item.start, (item.count - 1) * item.step];
    first = first * shape[axis] + start;
    last = last * shape[axis] + start + reach;
  });
  return [first, last + 1];
}

/**
 * Returns the slice of an array that turns around the axes along which a slice of the dataset descends; null when
 * there is none.
 */
export function reversal(selected: Selected): { readonly step: number }[] | null {
  const steps = rangesOf(selected).map(({ step }) => ({ step: Math.sign(step) }));
  return steps.some(({ step }) => step < 0) ? steps : null;
}

/** No element at all. */
const NOTHING: readonly Float64Array[] = [new Float64Array(0)];

/**
 * Returns the runs of a dataset's indices that this process has, along each axis of the dataset, as the addon takes
 * them.
 *
 * @param array - its elements stand for those of the slice, which ascends
 */
export function selectionOf(
  array: LocalArray,
  selected: Selected,
  forWriting = false,
): readonly Float64Array[] {
  const { distribution, rank, cartCoords } = array;
  if (rank < 0 || (forWriting && writesNothing(array))) return NOTHING;
  let dimension = 0;
  return selected.map((item) => {
    if (item.kind === 'index') return Float64Array.of(item.index, 1, 1, 1);
    const map = distribution.maps[dimension];
    const runs = map.runs(cartCoords[dimension++]);
    const inFile = runs.flatMap((run) => [...runsInFile(run, item)]);
    return Float64Array.from(
      inSequence(inFile).flatMap(({ start, stride, count, blockSize }) => [
        start,
        stride,
        count,
        blockSize,
      ]),
    );
  });
}

/** The runs of a dataset's indices that a run of the array's stands for. */
function* runsInFile(
  { start, stride, count, blockSize }: IndexRun,
  { start: first, step }: SelectedRange,
): IterableIterator<IndexRun> {
  const begin = first + start * step;
  if (step === 1) yield { start: begin, stride, count, blockSize };
  else if (count === 1) yield { start: begin, stride: step, count: blockSize, blockSize: 1 };
  else if (blockSize === 1) yield { start: begin, stride: step * stride, count, blockSize };
  else {
    for (let block = 0; block < count; block++) {
      const at = begin + block * stride * step;
      yield { start: at, stride: step, count: blockSize, blockSize: 1 };
    }
  }
}

/**
 * Returns runs of the same indices, each behind the one before. HDF5 1.10 makes nonsense of the union of hyperslabs that
 * lie between each other, or never comes back.
 */
export function inSequence(runs: readonly IndexRun[]): readonly IndexRun[] {
  const sorted = [...runs].sort((a, b) => a.start - b.start);
  const follows = sorted.every((run, k) => k === 0 || endOf(sorted[k - 1]) <= run.start);
  return follows ? sorted : runsOf(Float64Array.from(indicesOfRuns(runs)).sort());
}

/** The index behind the last one of a run. */
function endOf({ start, stride, count, blockSize }: IndexRun): number {
  return start + (count - 1) * stride + blockSize;
}

/** Runs of ascending indices: blocks of equal length that are equally far apart are one. */
function runsOf(indices: Float64Array): IndexRun[] {
  const runs: IndexRun[] = [];
  for (let k = 0; k < indices.length; ) {
    let end = k + 1;
    while (end < indices.length && indices[end] === indices[end - 1] + 1) end++;
    const [start, blockSize] = [indices[k], end - k];
    const last = runs[runs.length - 1];
    const step = last === undefined ? 0 : start - (last.start + (last.count - 1) * last.stride);
    if (last?.blockSize === blockSize && (last.count === 1 || last.stride === step)) {
      runs[runs.length - 1] = { ...last, stride: step, count: last.count + 1 };
    } else runs.push({ start, stride: blockSize, count: 1, blockSize });
    k = end;
  }
  return runs;
}

/** Most indices along an axis whose runs may be many: HDF5 takes time for each of them that grows with their number. */
const MANY_RUNS = 4096;

/** Returns whether a process's indices along each axis are few strided runs in the dataset. */
export function hasFewRuns({ maps, dist }: Distribution, selected: Selected): boolean {
  return rangesOf(selected).every(({ step }, axis) => {
    const map = maps[axis];
    if (dist[axis] === 'b' || map.gridSize === 1 || map.size <= MANY_RUNS) return true;
    return step === 1 && dist[axis] === 'c' && map.base === map;
  });
}
