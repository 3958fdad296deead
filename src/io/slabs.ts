/**
 * Distributions whose parts lie in files in long runs. What lies in short ones (cyclic columns, say) is brought into
 * such a distribution before it is written, and read in one: MPI-IO makes a list with an entry for each run, and
 * takes a hundred times as long as it takes to send the elements.
 */
import { contiguousStrides } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { isPartlyKnown } from '../ops/redistribute/askedOverlaps.ts';

/** Which index of an array in a file varies fastest: the last one (`C`) or the first (`F`). */
export type StorageOrder = 'C' | 'F';

/** Returns the axes from the one whose index varies slowest in a file to the one whose varies fastest. */
export function axesInOrder(ndim: number, order: StorageOrder): number[] {
  const axes = [...Array(ndim).keys()];
  return order === 'C' ? axes : axes.reverse();
}

/** Returns the strides of an array in memory whose elements lie one after the other in this order. */
export function stridesInOrder(shape: readonly number[], order: StorageOrder): number[] {
  const axes = axesInOrder(shape.length, order);
  const inOrder = contiguousStrides(axes.map((axis) => shape[axis]));
  return shape.map((_, axis) => inOrder[axes.indexOf(axis)]);
}

/**
 * Returns whether every part lies in the file in runs of at least `shortest` bytes, or in one.
 * @remarks Pure: the same on every process.
 */
export function inLongRuns(
  distribution: Distribution,
  itemsize: number,
  shortest: number,
  order: StorageOrder = 'C',
): boolean {
  const { maps, numProcesses } = distribution;
  if (numProcesses === 1) return true;
  // Every process has all of it.
  if (distribution.isReplicated) return true;
  let runBytes = itemsize;
  const axes = axesInOrder(maps.length, order);
  for (let place = axes.length - 1; place >= 0; place--) {
    const map = maps[axes[place]];
    // What a process alone knows of a map the others cannot go by.
    const [run] = isPartlyKnown(map) ? [] : map.runs(0);
    runBytes *= run?.blockSize ?? 0;
    if ((run?.blockSize ?? 0) < map.size) {
      const outer = axes.slice(0, place);
      if (map.dist === 'b' && outer.every((axis) => maps[axis].size === 1)) return true;
      break;
    }
  }
  return runBytes >= shortest;
}

/**
 * Returns whether every part is a box of the array: neighbours along all axes, in ascending order.
 * @remarks Pure: the same on every process.
 */
export function inBoxes({ maps }: Distribution): boolean {
  return maps.every((map) => map.dist === 'b' || (map.gridSize === 1 && map.dist !== 'u'));
}

/**
 * Returns the distribution in blocks along one axis: the slowest one that has an index for every process.
 * @param processes - number of processes, all of which take part
 */
export function slabs(
  shape: readonly number[],
  processes: number,
  order: StorageOrder = 'C',
): Distribution {
  if (shape.length === 0) return Distribution.fromShape(shape);
  const axes = axesInOrder(shape.length, order);
  const longest = shape.indexOf(Math.max(...shape));
  const axis = axes.find((each) => shape[each] >= processes) ?? longest;
  return Distribution.fromShape(shape, { dist: { [axis]: 'b' }, size: processes });
}

/** Returns whether a process leaves writing to others: of copies on all processes the first is written. */
export function writesNothing({ rank, distribution }: LocalArray): boolean {
  return rank < 0 || (distribution.isReplicated && rank > 0);
}
