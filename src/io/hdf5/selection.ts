/** Which elements of a dataset a process transfers. Pure. */
import type { LocalArray } from '../../local/localArray.ts';
import type { IndexRun } from '../../maps/indexRun.ts';
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

/** Returns a slice of the same elements with ascending indices. */
export function ascending(selected: Selected): Selected {
  return selected.map((item) => {
    if (item.kind === 'index' || item.step > 0) return item;
    const { start, step, count } = item;
    return { ...item, start: start + step * Math.max(0, count - 1), step: -step };
  });
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
    return Float64Array.from(runs.flatMap((run) => [...runsInFile(run, item)].flat()));
  });
}

/** The runs of a dataset's indices that a run of the array's stands for: start, stride, count, block each. */
function* runsInFile(
  { start, stride, count, blockSize }: IndexRun,
  { start: first, step }: SelectedRange,
): IterableIterator<[number, number, number, number]> {
  const begin = first + start * step;
  if (step === 1) yield [begin, stride, count, blockSize];
  else if (count === 1) yield [begin, step, blockSize, 1];
  else if (blockSize === 1) yield [begin, step * stride, count, 1];
  else {
    for (let block = 0; block < count; block++) {
      yield [begin + block * stride * step, step, blockSize, 1];
    }
  }
}

/** Returns whether a process's indices along each axis are in the dataset few strided runs. */
export function isSimple(array: LocalArray['distribution'], selected: Selected): boolean {
  return rangesOf(selected).every(
    ({ step }, axis) => step === 1 || array.dist[axis] === 'b' || array.dist[axis] === 'n',
  );
}
