/** Runs of indices: the compact form in which regular maps say what a process owns. */

/**
 * `count` blocks of `blockSize` consecutive indices, the first at `start` and each `stride`
 * after the one before (the shape of an HDF5 hyperslab).
 */
export interface IndexRun {
  readonly start: number;
  readonly blockSize: number;
  readonly stride: number;
  readonly count: number;
}

/** Returns the indices that `runs` describe, one run after the other. */
export function* indicesOfRuns(runs: readonly IndexRun[]): IterableIterator<number> {
  for (const { start, blockSize, stride, count } of runs) {
    for (let block = 0; block < count; block++) {
      const first = start + block * stride;
      for (let offset = 0; offset < blockSize; offset++) yield first + offset;
    }
  }
}

/** Returns the one run of the indices `start` ≤ index < `stop`, or none when there are none. */
export function contiguousRuns(start: number, stop: number): readonly IndexRun[] {
  const blockSize = stop - start;
  return blockSize > 0 ? [{ start, blockSize, stride: blockSize, count: 1 }] : [];
}

/** Returns the number of indices in `runs`. */
export function sizeOfRuns(runs: readonly IndexRun[]): number {
  return runs.reduce((sum, { blockSize, count }) => sum + blockSize * count, 0);
}

/** Returns the run whose blocks are `blockSize` long, or none when that is nothing. */
export function repeatedRun(
  start: number,
  blockSize: number,
  stride: number,
  count: number,
): readonly IndexRun[] {
  if (blockSize <= 0 || count <= 0) return [];
  if (count === 1) return contiguousRuns(start, start + blockSize);
  // Blocks that touch are one.
  if (stride === blockSize) return contiguousRuns(start, start + blockSize * count);
  return [{ start, blockSize, stride, count }];
}

/** Returns the part of `run` within `low` ≤ index < `high`: at most three runs, ascending. */
export function clipRun(run: IndexRun, low: number, high: number): readonly IndexRun[] {
  const { start, blockSize, stride, count } = run;
  // Blocks that reach into the window, and those that lie in it whole.
  const firstTouching = Math.max(0, Math.floor((low - start - blockSize) / stride) + 1);
  const endTouching = Math.min(count, Math.ceil((high - start) / stride));
  if (firstTouching >= endTouching || low >= high) return [];
  const firstWhole = Math.max(firstTouching, Math.ceil((low - start) / stride));
  const endWhole = Math.max(
    firstWhole,
    Math.min(endTouching, Math.floor((high - start - blockSize) / stride) + 1),
  );
  const runs: IndexRun[] = [];
  const partial = (block: number) => {
    const from = start + block * stride;
    runs.push(...contiguousRuns(Math.max(from, low), Math.min(from + blockSize, high)));
  };
  for (let block = firstTouching; block < Math.min(firstWhole, endTouching); block++) {
    partial(block);
  }
  runs.push(...repeatedRun(start + firstWhole * stride, blockSize, stride, endWhole - firstWhole));
  for (let block = Math.max(endWhole, firstTouching); block < endTouching; block++) {
    if (block >= firstWhole) partial(block);
  }
  return runs;
}
