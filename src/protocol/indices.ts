/** The indices of an unstructured dimension: integers, each once. */
import { DTYPES, type TypedArray } from '../dtype/dtype.ts';
import { type BufferView, toContiguous } from './buffer.ts';

/** Returns what is wrong with a buffer of indices (`are not …`), or `undefined`. */
export function indicesProblem(view: BufferView): string | undefined {
  if (view.shape.length !== 1) return `have ${view.shape.length} dimensions instead of one`;
  const { kind } = DTYPES[view.dtype];
  if (kind !== 'int' && kind !== 'uint') return `have non-integer dtype ${view.dtype}`;
  const twice = duplicateIn(toContiguous(view));
  return twice === undefined ? undefined : `are not unique: ${twice} comes twice`;
}

/** Returns a value that an array of integers has twice, or `undefined`. */
export function duplicateIn(indices: TypedArray): number | bigint | undefined {
  if (isAscending(indices)) return undefined;
  // A sorted copy takes a fraction of a Set's memory.
  const sorted = indices.slice().sort();
  for (let k = 1; k < sorted.length; k++) {
    if (sorted[k] === sorted[k - 1]) return sorted[k];
  }
  return undefined;
}

function isAscending(indices: TypedArray): boolean {
  for (let k = 1; k < indices.length; k++) {
    if (indices[k] <= indices[k - 1]) return false;
  }
  return true;
}
