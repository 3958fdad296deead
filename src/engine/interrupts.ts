/** Ctrl-C while a program waits for its engines. */
import { DistArrayError } from '../errors.ts';
import { loadNative } from '../native.ts';

/** A wait was interrupted; what was waited for is done all the same, and its result dropped. */
export class AbortError extends DistArrayError {
  constructor(what: string) {
    super('ABORT_ERR', `The wait for ${what} was interrupted (Ctrl-C); the engines go on with it`);
    this.name = 'AbortError';
  }
}

/** Interrupts of this process that nobody has been told of. */
export class Interrupts {
  /** How many there were, and how many of them were looked at. */
  readonly #counts = loadNative().session.watchInterrupts();

  /** Whether there was one since the last call that said so. */
  take(): boolean {
    const [count, taken] = this.#counts;
    if (count === taken) return false;
    this.#counts[1] = count;
    return true;
  }

  /** Gives SIGINT its default meaning back. */
  close(): void {
    loadNative().session.unwatchInterrupts();
  }
}
