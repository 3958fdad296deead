/** Lets tasks go on while the program awaits something: a look a turn of the event loop, rarer when nothing comes. */
import type { Carrier } from './carrier.ts';
import type { Scheduler } from './scheduler.ts';

/** Messages a turn. */
const MOST = 64;
/** Milliseconds of looking on every turn. */
const EAGER = 2;

/** Looks for messages as long as somebody waits for tasks. */
export class Pump {
  readonly #carrier: Carrier;
  readonly #scheduler: Scheduler;
  readonly #isNeeded: () => boolean;
  #isRunning = false;
  #last = 0;

  /** @param isNeeded - whether somebody waits */
  constructor(carrier: Carrier, scheduler: Scheduler, isNeeded: () => boolean) {
    this.#carrier = carrier;
    this.#scheduler = scheduler;
    this.#isNeeded = isNeeded;
    carrier.onInterrupt = (error) => scheduler.failAwaited(error);
  }

  /** Begins to look, if it does not already. */
  start(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#last = performance.now();
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    // It may have been waited for meanwhile, and its connection closed.
    if (!this.#isNeeded()) {
      this.#isRunning = false;
      return;
    }
    let taken = 0;
    try {
      taken = this.#carrier.take(MOST);
      this.#scheduler.tick();
      if (this.#scheduler.isAwaited) this.#carrier.interruptAwaits?.();
    } catch (error) {
      // The engines are gone.
      this.#scheduler.failAll(error);
    }
    const now = performance.now();
    if (taken > 0) this.#last = now;
    if (now - this.#last < EAGER) setImmediate(this.#turn);
    else setTimeout(this.#turn, 1);
  };
}
