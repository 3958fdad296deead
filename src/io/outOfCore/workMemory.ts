/** Memory that a computation uses while it runs, and gives back at its end. */
import type { Dtype, TypedArrayOf } from '../../dtype/dtype.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { loadNative } from '../../native.ts';

const raw = loadNative().mpi;

/** Memory that is given back at once, not when it is collected: a loop must not fill the machine. */
export class WorkMemory {
  readonly #taken = new Set<ArrayBufferView>();

  /** Returns a typed array for elements of a dtype, with anything in it. */
  take<D extends Dtype>(dtype: D, length: number): TypedArrayOf<D> {
    // Of no elements there would be no address.
    const elements = allocateForResult(dtype, Math.max(1, length));
    this.#taken.add(elements);
    return elements;
  }

  /** Gives all of it back: the arrays have length 0 afterwards. */
  release(): void {
    for (const elements of this.#taken) giveBack(elements);
    this.#taken.clear();
  }
}

/** Gives the memory of an array back, which has length 0 afterwards, as every other one over it. */
export function giveBack({ buffer }: ArrayBufferView): void {
  if (buffer.byteLength > 0 && !raw.freeMem(buffer)) raw.detachMemory(buffer);
}
