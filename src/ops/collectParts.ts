/** All parts of an array on every process. */
import type { TypedArray } from '../dtype/dtype.ts';
import type { DimData } from '../maps/dimData.ts';
import { valueOperation } from './operation.ts';

/** The part of one process. */
export interface CollectedPart {
  readonly rank: number;
  readonly localShape: readonly number[];
  readonly dimData: readonly DimData[];
  /** In C order. */
  readonly elements: TypedArray;
}

/** Returns copies of all parts, by rank, on every process. */
export const collectParts = valueOperation<null, CollectedPart[]>('parts', {
  check: () => {},
  run: ([array], _, { comm }) => {
    const { rank, localShape, dimData } = array;
    const elements = array.toContiguous().slice() as TypedArray;
    const own = rank < 0 ? null : { rank, localShape: [...localShape], dimData, elements };
    const parts: (CollectedPart | null)[] = comm.size === 1 ? [own] : comm.allgatherObjects(own);
    return parts.filter((part) => part !== null).sort((a, b) => a.rank - b.rank);
  },
});
