/** How a process waits for messages: at first it only looks, later it sleeps between looks. */
import { loadNative } from '../native.ts';

/** Milliseconds of looking without a pause. */
const EAGER = 1.5;
/** Longest sleep, in microseconds. */
const LONGEST = 500;

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
      this.#micros = Math.min(LONGEST, this.#micros * 1.2);
      return;
    }
    // The clock costs as much as a look.
    if (this.#looks % 32 !== 0) return;
    this.#pauseFor(0);
    if (this.#looks === 32) this.#since = performance.now();
    else if (performance.now() - this.#since > EAGER) this.#micros = 20;
  }
}
