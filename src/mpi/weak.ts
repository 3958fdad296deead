/** References that do not keep what they refer to. */
import { loadNative } from '../native.ts';

/**
 * Refers to an object without keeping it, as WeakRef does. But a WeakRef keeps its object until the event loop turns, which
 * a program that computes may never let happen, and arrays are large.
 */
export class Weak<T extends object> {
  readonly #reference: object;

  constructor(target: T) {
    this.#reference = loadNative().session.weakReference(target);
  }

  /** The object; undefined once it was collected. */
  deref(): T | undefined {
    return loadNative().session.weakTarget(this.#reference) as T | undefined;
  }
}
