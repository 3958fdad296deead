/** Arrays on engines that the program does not use any more. */
import { collectGarbage } from '../mpi/youngGarbage.ts';
import { loadNative } from '../native.ts';

/** So many arrays, or bytes of them on an engine, are made before it is looked again. */
const LEAST_ARRAYS = 1024;
const LEAST_BYTES = 64 * 2 ** 20;
/** Milliseconds between looks where the event loop turns. */
const PAUSE = 20;

/** What is watched in this process, by a number of its own: whose it is, and what that calls it. */
const watched = new Map<number, readonly [owner: UnusedArrays, number: number]>();
let lastWatched = 0;

/**
 * Finds out which handles have been collected. What V8 tells by itself comes with a turn of the event loop, which a program
 * that computes may never let happen; and a handle is so small that V8 would collect it long after the memory of the
 * engines is full.
 */
export class UnusedArrays {
  readonly #raw = loadNative().session;
  /** By number: what it is watched as, and its bytes on an engine. */
  readonly #arrays = new Map<number, { readonly watchedAs: number; readonly bytes: number }>();
  /** What was found to be gone, and nobody was told of. */
  #gone: number[] = [];
  #total = 0;
  /** Since it was looked the last time. */
  #arraysMade = 0;
  #bytesMade = 0;
  #timer: NodeJS.Timeout | null = null;
  readonly #whenTurned: () => void;

  /** @param whenTurned - called now and then when the event loop turns */
  constructor(whenTurned: () => void) {
    this.#whenTurned = whenTurned;
  }

  /** The numbers of arrays that the program may still have. */
  numbers(): Iterable<number> {
    return this.#arrays.keys();
  }

  watch(handle: object, number: number, bytes: number): void {
    const watchedAs = ++lastWatched;
    this.#raw.watchObject(handle, watchedAs);
    watched.set(watchedAs, [this, number]);
    this.#arrays.set(number, { watchedAs, bytes });
    this.#total += bytes;
    this.#arraysMade++;
    this.#bytesMade += bytes;
    if (this.#timer !== null) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#whenTurned();
    }, PAUSE).unref();
  }

  /** An array was given back otherwise; returns whether it was there. */
  forget(number: number): boolean {
    const array = this.#arrays.get(number);
    if (array === undefined) return false;
    this.#raw.forgetObject(array.watchedAs);
    this.#drop(array.watchedAs);
    return true;
  }

  /** Returns, once, the numbers of arrays that are known to be used no more. */
  take(): readonly number[] {
    this.#look();
    const gone = this.#gone;
    this.#gone = [];
    return gone;
  }

  get #isFull(): boolean {
    return this.#bytesMade > Math.max(LEAST_BYTES, (this.#total - this.#bytesMade) / 2);
  }

  /** Whether so much was made since the last time that {@link UnusedArrays.collect} is worth its time. */
  get isDue(): boolean {
    return this.#isFull || this.#arraysMade > Math.max(LEAST_ARRAYS, this.#arrays.size / 2);
  }

  /** Collects garbage, and returns the numbers as {@link UnusedArrays.take} does. */
  collect(): readonly number[] {
    const isFull = this.#isFull;
    const made = this.#bytesMade;
    this.#arraysMade = 0;
    this.#bytesMade = 0;
    if (isFull) collectGarbage('minor');
    const before = this.#total;
    this.#look();
    // Handles that have grown old are not found so.
    if (isFull && before - this.#total < made / 2) {
      collectGarbage('major');
    }
    return this.take();
  }

  /** What is gone may be of another session of the program, which is told when it looks. */
  #look(): void {
    for (const watchedAs of this.#raw.takeGoneObjects()) {
      const [owner, number] = watched.get(watchedAs) as readonly [UnusedArrays, number];
      owner.#drop(watchedAs);
      owner.#gone.push(number);
    }
  }

  #drop(watchedAs: number): void {
    const [, number] = watched.get(watchedAs) as readonly [UnusedArrays, number];
    watched.delete(watchedAs);
    this.#total -= this.#arrays.get(number)?.bytes ?? 0;
    this.#arrays.delete(number);
  }
}
