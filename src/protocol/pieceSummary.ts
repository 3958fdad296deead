/**
 * What the processes have to tell each other of a dimension, of constant length: of unstructured ones
 * how many indices there are and a digest of them, so that nobody gathers all indices.
 */
import type { TypedArray } from '../dtype/dtype.ts';
import { type BufferView, readBuffer, toContiguous } from './buffer.ts';
import { communicationPadding, numberOwned } from './ownership.ts';
import type {
  BlockDimDict,
  CommonDimDict,
  CyclicDimDict,
  DimDict,
  EmptyDimDict,
  UnstructuredDimDict,
} from './structure.ts';

/** An unstructured dimension of one process without its indices. */
export interface UnstructuredSummary extends CommonDimDict {
  readonly dist_type: 'u';
  readonly one_to_one: boolean;
  /** Number of indices. */
  readonly count: number;
  /** The same for the same indices in the same order, and hardly ever for others. */
  readonly digest: number;
}

/** A dimension of one process as others have to know it. */
export type DimSummary = BlockDimDict | CyclicDimDict | UnstructuredSummary;

/** Returns the summary of a valid dictionary; an empty one counts as a block of unknown extent, 0. */
export function summarize(dict: DimDict | EmptyDimDict): DimSummary {
  if (dict.dist_type === undefined) {
    return { dist_type: 'b', size: 0, proc_grid_size: 1, proc_grid_rank: 0, start: 0, stop: 0 };
  }
  const given = dict as DimDict;
  if (given.dist_type !== 'u') return given;
  const { size, proc_grid_size, proc_grid_rank, one_to_one = false } = given;
  const indices = indicesOf(given);
  return {
    dist_type: 'u',
    size,
    proc_grid_size,
    proc_grid_rank,
    one_to_one,
    count: indices.length,
    digest: digestOf(indices),
  };
}

/** Returns the indices of an unstructured dimension in local order. */
export function indicesOf(dict: UnstructuredDimDict): TypedArray {
  return toContiguous(readBuffer(dict.indices) as BufferView);
}

/** Returns how many indices the process owns. */
export function countOf(summary: DimSummary): number {
  return summary.dist_type === 'u' ? summary.count : numberOwned(summary);
}

/** Returns whether two processes with one coordinate have the same part. */
export function isSamePart(a: DimSummary, b: DimSummary): boolean {
  if (a.dist_type === 'b' && b.dist_type === 'b') {
    // Boundary padding may differ: the protocol's one exception.
    const widths = (dict: BlockDimDict) => communicationPadding(dict).join();
    return a.start === b.start && a.stop === b.stop && widths(a) === widths(b);
  }
  if (a.dist_type !== 'u' || b.dist_type !== 'u') return true;
  return a.count === b.count && a.digest === b.digest;
}

/** 53 bits (FNV-1a, twice). */
function digestOf(indices: TypedArray): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (const index of indices) {
    const value = Number(index);
    const upper = Math.floor(value / 2 ** 32);
    low = Math.imul(Math.imul(low ^ value, 0x01000193) ^ upper, 0x01000193);
    high = Math.imul(Math.imul(high ^ value, 0x85ebca6b) ^ upper, 0xc2b2ae35);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}
