/** What a process owns of a dimension, by a dictionary that is known to be valid. */
import { readBuffer } from './buffer.ts';
import type { BlockDimDict, CyclicDimDict, DimDict } from './structure.ts';

/** Returns how many indices the process owns. */
export function numberOwned(dimDict: DimDict): number {
  switch (dimDict.dist_type) {
    case 'b':
      return ownedByBlock(dimDict);
    case 'c':
      return ownedByCyclic(dimDict);
    case 'u': {
      const view = readBuffer(dimDict.indices);
      return typeof view === 'string' ? 0 : view.shape[0];
    }
  }
}

/** Returns the block that stands for a dimension which is not distributed. */
export function wholeBlock(size: number): BlockDimDict {
  return { dist_type: 'b', size, proc_grid_size: 1, proc_grid_rank: 0, start: 0, stop: size };
}

/** Returns the communication padding of a block at its lower and upper end; 0 at the grid's edges. */
export function communicationPadding(dimDict: BlockDimDict): [number, number] {
  const [lower, upper] = dimDict.padding ?? [0, 0];
  const { proc_grid_rank: rank, proc_grid_size: size } = dimDict;
  return [Number(rank) > 0 ? lower : 0, Number(rank) < Number(size) - 1 ? upper : 0];
}

function ownedByBlock(dimDict: BlockDimDict): number {
  const [lower, upper] = communicationPadding(dimDict);
  return Number(dimDict.stop) - Number(dimDict.start) - Number(lower) - Number(upper);
}

function ownedByCyclic(dimDict: CyclicDimDict): number {
  const { size, proc_grid_rank: rank, proc_grid_size: gridSize, block_size: block = 1 } = dimDict;
  const round = Number(block) * Number(gridSize);
  const rounds = Math.floor(Number(size) / round);
  const rest = Number(size) - rounds * round - Number(rank) * Number(block);
  return rounds * Number(block) + Math.min(Math.max(rest, 0), Number(block));
}
