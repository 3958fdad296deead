/** How a process waits for messages: at first it only looks, later it sleeps between looks. */
import { loadNative } from '../native.ts';

/** Milliseconds of looking without a pause. */
const EAGER = 1.5;
/** Microseconds: the shortest sleep and the longest. */
const SHORTEST = 20;
const LONGEST = 5000;
/**
 * A sleep's part of the wait so far: what comes meanwhile is late by no more than this, and who waits long leaves the
 * core to those who compute.
 */
const SHARE = 0.02;

/** The pauses of one wait. */
export class Patience {
  readonly #pauseFor = loadNative().session.pauseFor;
  #looks = 0;
  #since = 0;
  #micros = 0;

  /** Something has come: the next wait begins. */
  reset(): void {
    this.#looks = 0;
    this.#micros = 0;
  }

  /** Whether the wait has been so long that there are better things to do than to look. */
  get isLong(): boolean {
    return this.#micros > 0;
  }

  /** Pauses before the next look. */
  pause(): void {
    this.#looks++;
    if (this.#micros > 0) {
      this.#pauseFor(this.#micros);
      const waited = 1000 * (performance.now() - this.#since);
      this.#micros = Math.min(LONGEST, Math.max(SHORTEST, SHARE * waited));
      return;
    }
    // The clock costs as much as a look.
    if (this.#looks % 32 !== 0) return;
    this.#pauseFor(0);
    if (this.#looks === 32) this.#since = performance.now();
    else if (performance.now() - this.#since > EAGER) this.#micros = SHORTEST;
  }
}
