/** Functions that the workers of a pool know by number, so that each is sent once. */
import type { Capture } from '../ops/shippedFunction.ts';
import { type AnyFunction, type SentFunction, sentFunction } from './taskFunction.ts';

/** So many functions that no job calls any more workers keep, for the next call. */
const MOST_KEPT = 64;

/** A function with its number. */
export interface KnownFunction {
  readonly number: number;
  readonly sent: SentFunction;
  /** A job does not call it any more. */
  release(): void;
}

/** The functions of a pool. */
export class FunctionTable {
  readonly #byFunction = new Map<AnyFunction | string, Entry>();
  readonly #forget: (number: number) => void;
  #next = 0;

  /** @param forget - tells the workers that a function is not called any more */
  constructor(forget: (number: number) => void) {
    this.#forget = forget;
  }

  /**
   * Returns a function with its number, for one job.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  take(fn: AnyFunction | string, capture: Capture | undefined): KnownFunction {
    const known = capture === undefined ? this.#byFunction.get(fn) : undefined;
    if (known !== undefined) {
      known.jobs++;
      // The one that was called last is forgotten last.
      this.#byFunction.delete(fn);
      this.#byFunction.set(fn, known);
      return known;
    }
    const sent = sentFunction(fn, capture, 'fn');
    const entry = new Entry(this.#next++, sent, () => this.#released(entry));
    if (capture === undefined) {
      entry.isKept = true;
      this.#byFunction.set(fn, entry);
      this.#dropOldest();
    }
    return entry;
  }

  #released(entry: Entry): void {
    if (entry.jobs > 0 || entry.isKept) return;
    this.#forget(entry.number);
  }

  #dropOldest(): void {
    if (this.#byFunction.size <= MOST_KEPT) return;
    const [[fn, oldest]] = this.#byFunction;
    this.#byFunction.delete(fn);
    oldest.isKept = false;
    this.#released(oldest);
  }
}

class Entry implements KnownFunction {
  readonly number: number;
  readonly sent: SentFunction;
  jobs = 1;
  isKept = false;
  readonly #released: () => void;

  constructor(number: number, sent: SentFunction, released: () => void) {
    this.number = number;
    this.sent = sent;
    this.#released = released;
  }

  release(): void {
    this.jobs--;
    this.#released();
  }
}
