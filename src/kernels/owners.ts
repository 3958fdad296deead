/** Owners of lists of indices, by arithmetic, and lists sorted by their owners. */
import { addressOfArray, type TypedArray } from '../mpi/buffer.ts';
import {
  checkKernel,
  OWNERS_BLOCK,
  OWNERS_COUNT,
  OWNERS_GRID,
  OWNERS_INDICES,
  OWNERS_RANKS,
  OWNERS_START,
  OWNERS_STEP,
  OWNERS_STRIDE,
  raw,
  SORT_COUNT,
  SORT_INDICES,
  SORT_ORDER,
  SORT_PLACES,
  SORT_RANKS,
  SORT_SORTED,
  block as slots,
} from './block.ts';

/** How indices have their owners: place `start + i * step` is in block ⌊place / block⌋. */
export interface BlockOwners {
  readonly start: number;
  readonly step: number;
  readonly block: number;
  /** The blocks are dealt to so many processes in turn; 0 for one block a process. */
  readonly grid: number;
}

/**
 * Adds `stride` times the number of the process that owns each index to `ranks`.
 * @remarks Local. The indices exist.
 */
export function addBlockOwners(
  { start, step, block, grid }: BlockOwners,
  indices: Float64Array,
  stride: number,
  ranks: Int32Array,
): void {
  if (ranks.length === 0) return;
  slots[OWNERS_INDICES] = addressOf(indices);
  slots[OWNERS_COUNT] = ranks.length;
  slots[OWNERS_RANKS] = addressOf(ranks);
  slots[OWNERS_START] = start;
  slots[OWNERS_STEP] = step;
  slots[OWNERS_BLOCK] = block;
  slots[OWNERS_GRID] = grid;
  slots[OWNERS_STRIDE] = stride;
  raw.addOwners();
  checkKernel('addOwners');
}

/**
 * Sorts indices by rank, those of one rank in the order in which they come.
 *
 * @param places - where those of each rank begin; gets where they end
 * @param sorted - gets the indices
 * @param order - gets the number that each had
 * @remarks Local.
 */
export function sortByRank(
  indices: Float64Array,
  ranks: Int32Array,
  places: Float64Array,
  sorted: Float64Array,
  order: Uint32Array,
): void {
  if (ranks.length === 0) return;
  slots[SORT_INDICES] = addressOf(indices);
  slots[SORT_RANKS] = addressOf(ranks);
  slots[SORT_COUNT] = ranks.length;
  slots[SORT_PLACES] = addressOf(places);
  slots[SORT_SORTED] = addressOf(sorted);
  slots[SORT_ORDER] = addressOf(order);
  raw.sortByRank();
  checkKernel('sortByRank');
}

function addressOf(list: TypedArray): number {
  return addressOfArray(list, 'indices');
}
