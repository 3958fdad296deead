/** Which blocks an array is computed in, so that none needs more memory than there is. Pure. */
import { ArgumentRangeError } from '../../errors.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import type { Box } from './slab.ts';

/** What a plan is to keep to. */
export interface BlockGoals {
  /** Axes from the one along which blocks are cut first to the one that is cut last. */
  readonly axes: readonly number[];
  /** Axes from the one along which blocks follow each other last to the one along which they do first; default `axes`. */
  readonly sequence?: readonly number[];
  /** Number of processes that share each block. */
  readonly processes: number;
  /** Whether a process has room for a share of this shape. */
  fits(share: readonly number[]): boolean;
  /** What blocks should begin at multiples of, where there is room. */
  readonly granularity?: readonly number[];
  /** Indices of a block along the first axis, instead of as many as there is room for. */
  readonly rows?: number;
}

/** The blocks of an array, all of one shape but for those at the ends, in the order in which they are computed. */
export interface BlockPlan {
  /** Shape of the array. */
  readonly shape: readonly number[];
  /** Shape of a block. */
  readonly block: readonly number[];
  /** Axes from the one along which blocks follow each other last to the one along which they do first. */
  readonly sequence: readonly number[];
  /** The axis along which the processes share each block; null for arrays of no dimensions. */
  readonly shared: number | null;
  readonly processes: number;
  /** Number of blocks along each axis. */
  readonly grid: readonly number[];
  /** Number of blocks. */
  readonly count: number;
}

/**
 * Returns a plan whose blocks are as large as the budget allows, and lie one after the other in the order of the axes.
 * @throws {@link ArgumentRangeError} when there is not even room for blocks of one element, or of `rows` indices
 */
export function planBlocks(shape: readonly number[], goals: BlockGoals): BlockPlan {
  const { axes, sequence = axes, processes, rows, granularity } = goals;
  const block = [...shape];
  if (rows !== undefined && shape.length > 0) block[0] = Math.min(rows, shape[0]);
  const fits = () => goals.fits(shareOf(block, axes, processes));
  for (const axis of axes) {
    if (fits()) break;
    if (rows !== undefined && axis === 0) continue;
    const extent = block[axis];
    block[axis] = 1;
    if (!fits()) continue;
    // The most indices for which there is room.
    let [low, high] = [1, extent];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      block[axis] = middle;
      if (fits()) low = middle;
      else high = middle;
    }
    block[axis] = wholeShares(low, granularity?.[axis] ?? 1, processes);
    if (!fits()) block[axis] = low;
  }
  if (!fits()) {
    const what = rows === undefined ? 'an element' : `${rows} rows`;
    throw new ArgumentRangeError('options.memory', `room for ${what} of each process`, 'less');
  }
  const grid = shape.map((extent, axis) => Math.ceil(extent / Math.max(1, block[axis])));
  return {
    shape,
    block,
    sequence,
    shared: sharedAxis(block, axes, processes),
    processes,
    grid,
    count: grid.reduce((product, count) => product * count, 1),
  };
}

/** Returns the first indices of a block along each axis, and how many there are. */
export function boxOfBlock({ shape, block, sequence, grid }: BlockPlan, number: number): Box {
  const box = shape.map((extent) => ({ start: 0, count: extent }));
  let rest = number;
  for (let place = sequence.length - 1; place >= 0; place--) {
    const axis = sequence[place];
    const start = (rest % grid[axis]) * block[axis];
    rest = Math.floor(rest / grid[axis]);
    box[axis] = { start, count: Math.min(block[axis], shape[axis] - start) };
  }
  return box;
}

/** Returns how the processes share a block. */
export function distributionOfBlock({ shared, processes }: BlockPlan, box: Box): Distribution {
  return Distribution.fromMaps(
    box.map(
      ({ count }, axis): DimensionMap =>
        axis === shared ? BlockMap.even(count, processes) : new UndistributedMap(count),
    ),
  );
}

/** Returns the part of a block that one process has. */
export function shareOfBox({ shared, processes }: BlockPlan, box: Box, rank: number): Box {
  return box.map(({ start, count }, axis) => {
    if (axis !== shared) return { start, count };
    const [run] = BlockMap.even(count, processes).runs(rank);
    return run === undefined
      ? { start, count: 0 }
      : { start: start + run.start, count: run.blockSize };
  });
}

/** The axis that processes share: the slowest that has an index for each, or the longest. */
function sharedAxis(
  block: readonly number[],
  axes: readonly number[],
  processes: number,
): number | null {
  if (block.length === 0) return null;
  const longest = block.indexOf(Math.max(...block));
  return axes.find((axis) => block[axis] >= processes) ?? longest;
}

/** The largest share that a process has of a block. */
function shareOf(
  block: readonly number[],
  axes: readonly number[],
  processes: number,
): readonly number[] {
  const shared = sharedAxis(block, axes, processes);
  return block.map((extent, axis) => (axis === shared ? Math.ceil(extent / processes) : extent));
}

/** Rounded down so that all processes have whole multiples, where there are so many. */
function wholeShares(count: number, granularity: number, processes: number): number {
  for (const unit of [granularity * processes, granularity, processes]) {
    if (count >= unit) return count - (count % unit);
  }
  return count;
}
