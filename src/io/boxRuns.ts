/** Where in a file the elements of a box of an array lie. Pure. */
import type { Distribution } from '../maps/distribution.ts';
import { axesInOrder, type StorageOrder } from './slabs.ts';

/** Elements that lie one after the other in a file. */
export interface FileRun {
  /** Number of the first one in the file. */
  readonly first: number;
  readonly length: number;
}

/** First index and number of indices along an axis. */
export type BoxRange = readonly [start: number, count: number];

/** Returns the box that a process of a distribution in boxes has (`inBoxes`). */
export function boxOf({ maps }: Distribution, coords: readonly number[]): BoxRange[] {
  return maps.map((map, axis) => {
    const [run] = map.runs(coords[axis]);
    return run === undefined ? [0, 0] : [run.start, run.blockSize];
  });
}

/**
 * The runs in the file, ascending, that make a box of an array of this shape. In this order the box's elements are
 * in the storage order themselves.
 */
export function* boxRuns(
  shape: readonly number[],
  box: readonly BoxRange[],
  order: StorageOrder,
): IterableIterator<FileRun> {
  if (box.some(([, count]) => count === 0)) return;
  const axes = axesInOrder(shape.length, order);
  // The fastest axes that the box has all of, and one more, make a run.
  let inner = axes.length;
  let extent = 1;
  while (inner > 0) {
    const [, count] = box[axes[--inner]];
    extent *= shape[axes[inner]];
    if (count < shape[axes[inner]]) break;
  }
  const length = axes.slice(inner).reduce((product, axis) => product * box[axis][1], 1);
  const begin = axes.slice(inner).reduce((sum, axis) => sum * shape[axis] + box[axis][0], 0);
  const outer = axes.slice(0, inner);
  const runs = outer.reduce((product, axis) => product * box[axis][1], 1);
  for (let run = 0; run < runs; run++) {
    let rest = run;
    let stride = extent;
    let first = begin;
    for (let place = outer.length - 1; place >= 0; place--) {
      const [start, count] = box[outer[place]];
      first += (start + (rest % count)) * stride;
      rest = Math.floor(rest / count);
      stride *= shape[outer[place]];
    }
    yield { first, length };
  }
}
