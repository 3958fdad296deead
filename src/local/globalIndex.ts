/** Local elements by their global indices. */
import type { Dtype, ScalarOf } from '../dtype/dtype.ts';
import type { Scalar } from '../dtype/scalar.ts';
import { ArgumentTypeError } from '../errors.ts';
import type { SliceSpec } from '../maps/sliceSpec.ts';
import type { LocalArray } from './localArray.ts';

/**
 * Reads and writes elements of a local array by global indices (DistArray 0.5 `global_index`); negative
 * ones count from the end. Only elements that this process owns can be reached: nothing communicates.
 */
export class GlobalIndex<D extends Dtype> {
  readonly #array: LocalArray<D>;

  constructor(array: LocalArray<D>) {
    this.#array = array;
  }

  /**
   * Returns the element at a global index.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when this process does not own it
   */
  get(...globalIndex: number[]): ScalarOf<D> {
    return this.#array.get(...this.#array.localFromGlobal(globalIndex));
  }

  /**
   * Gives the element at a global index a value (first argument, as everywhere).
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when this process does not own it, or
   * the dtype has no such value
   */
  set(value: Scalar, ...globalIndex: number[]): void {
    this.#array.set(value, ...this.#array.localFromGlobal(globalIndex));
  }

  /**
   * Returns the element at a global index, or null when this process does not own it.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the array has no such element
   */
  checkedGetitem(globalIndex: readonly number[] | number): ScalarOf<D> | null {
    const local = this.#array.ownedIndex(indicesOf(globalIndex));
    return local === null ? null : this.#array.get(...local);
  }

  /**
   * Gives the element at a global index a value and returns true; returns null when this process does
   * not own it.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the array has no such element,
   * or the dtype has no such value
   */
  checkedSetitem(globalIndex: readonly number[] | number, value: Scalar): true | null {
    const local = this.#array.ownedIndex(indicesOf(globalIndex));
    if (local === null) return null;
    this.#array.set(value, ...local);
    return true;
  }

  /** Returns a slice as a view; see `LocalArray.slice`. */
  getSlice(spec: SliceSpec): LocalArray<D> {
    return this.#array.slice(spec);
  }
}

function indicesOf(globalIndex: readonly number[] | number): readonly number[] {
  if (typeof globalIndex === 'number') return [globalIndex];
  if (Array.isArray(globalIndex)) return globalIndex;
  throw new ArgumentTypeError('globalIndex', 'an array of indices', globalIndex);
}
