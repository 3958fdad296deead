/** What one call of a pool has to do, and what has come of it. */
import { ArgumentTypeError } from '../errors.ts';
import { COMM_SELF } from '../mpi/communicator.ts';
import { Progress } from '../ops/progress.ts';
import { TaskCancelledError } from './errors.ts';
import type { KnownFunction } from './functionTable.ts';
import type { Items, Taken } from './items.ts';

/** Where and how long one task ran. */
export interface TaskDetails {
  /** The engine (or rank) that ran it. */
  readonly engine: number;
  /** How long the call took there. */
  readonly seconds: number;
  /** How often it was tried. */
  readonly attempts: number;
}

/** What a job is. */
export interface JobSettings {
  readonly fn: KnownFunction;
  readonly items: Items;
  /** Whether each item is a list of arguments. */
  readonly isSpread: boolean;
  /** Items a message; null for as many as take about a millisecond. */
  readonly chunkSize: number | null;
  readonly retries: number;
  /** Milliseconds; null for any. */
  readonly timeout: number | null;
  /** Whether the first task that fails ends it. */
  readonly failsFast: boolean;
  /** Most results that nobody has taken; null for any number. */
  readonly window: number | null;
  readonly signal: AbortSignal | null;
  /** Label of the progress bar; null for none. */
  readonly progress: string | null;
  /** Where the program has made it. */
  readonly site: Error;
}

/** Seconds before a bar shows. */
const BAR_DELAY = 1;

/** What a chunk shall take at least, in seconds, so that messages cost little beside it. */
const LEAST_CHUNK = 1e-3;
const LARGEST_CHUNK = 1024;
/** Items in a chunk while nobody knows how many there are. */
const LARGEST_LAZY_CHUNK = 64;

/** The tasks of a call. Indices are those of items. */
export class Job {
  readonly settings: JobSettings;
  /** By index; holes where there is nothing yet. */
  readonly values: unknown[] = [];
  /** Errors of tasks, where one does not end all. */
  readonly errors = new Map<number, Error>();
  readonly details: TaskDetails[] = [];
  /** Indices in the order in which tasks were finished. */
  readonly arrived: number[] = [];
  /** Results that the program has taken. */
  taken = 0;
  /** What has ended it before all was done. */
  failure: unknown = undefined;
  hasFailed = false;
  /** So often it is awaited, while the event loop goes on. */
  awaits = 0;
  /** Whether the program knows of what has failed. */
  isTold = false;
  readonly #listeners = new Set<() => void>();
  readonly #progress: Progress | null;
  #issued = 0;
  #calls = 0;
  #seconds = 0;
  #isOver = false;

  constructor(settings: JobSettings) {
    this.settings = settings;
    const { progress, items, signal } = settings;
    this.#progress =
      progress === null ? null : new Progress(COMM_SELF, progress, { delay: BAR_DELAY });
    signal?.addEventListener('abort', this.#onAbort);
    if (signal?.aborted) this.#onAbort();
    else if (items.total === 0) this.#end();
  }

  /** Number of finished tasks. */
  get done(): number {
    return this.arrived.length;
  }

  /** Number of tasks; null while nobody knows. */
  get total(): number | null {
    return this.settings.items.total;
  }

  /** Whether nothing more will come of it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Seconds that its tasks take on average; null when none has come back. */
  get meanSeconds(): number | null {
    return this.#calls === 0 ? null : this.#seconds / this.#calls;
  }

  /** Calls `listener` whenever a result has come, and when it is over. */
  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Takes the next items for a worker; null when it gets none now. */
  take(worker: number, workers: number): Taken | null {
    const { items, window } = this.settings;
    if (this.#isOver) return null;
    let most = this.chunkSizeFor(worker, workers);
    if (window !== null) most = Math.min(most, window - (this.#issued - this.taken));
    if (most <= 0) return null;
    let taken: Taken | null;
    try {
      taken = items.take(worker, most);
    } catch (error) {
      // The program's own iterator has thrown.
      this.fail(error);
      return null;
    }
    if (taken !== null) this.#issued += taken.items.length;
    // Only now it may be known that there are no more.
    else this.#endWhenDone();
    return taken;
  }

  /** Items that a message to a worker holds. */
  chunkSizeFor(worker: number, workers: number): number {
    const { chunkSize, timeout, items } = this.settings;
    if (chunkSize !== null) return chunkSize;
    const mean = this.meanSeconds;
    // Time limits are those of tasks.
    if (timeout !== null || mean === null) return 1;
    const left = items.left(worker);
    const share = left === Number.POSITIVE_INFINITY ? LARGEST_LAZY_CHUNK : left / (4 * workers);
    const worth = mean <= 0 ? LARGEST_CHUNK : LEAST_CHUNK / mean;
    return Math.max(1, Math.floor(Math.min(worth, share, LARGEST_CHUNK)));
  }

  /** A task has returned. */
  settle(index: number, value: unknown, details: TaskDetails): void {
    this.#calls++;
    this.#seconds += details.seconds;
    if (this.#isOver) return;
    this.values[index] = value;
    this.#arrive(index, details);
  }

  /** A task has failed for good. */
  failTask(index: number, error: Error, details: TaskDetails): void {
    if (this.#isOver) return;
    if (this.settings.failsFast) {
      this.details[index] = details;
      this.fail(error);
      return;
    }
    this.errors.set(index, error);
    this.#arrive(index, details);
  }

  /** Ends it: what is under way nobody waits for. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.hasFailed = true;
    this.failure = error;
    this.settings.items.end();
    this.#end();
  }

  /** The program does not want it any more. */
  cancel(): void {
    const message = 'The program has cancelled the task before its result was there';
    this.fail(new TaskCancelledError(message, { cause: this.settings.site }));
    // Who cancels need not be told.
    this.isTold = true;
  }

  /** What the program should have been told of: the first failure that it has not asked for. */
  get untold(): { readonly error: unknown } | null {
    if (this.isTold) return null;
    if (this.hasFailed) return { error: this.failure };
    for (const error of this.errors.values()) return { error };
    return null;
  }

  readonly #onAbort = (): void => {
    this.fail(this.settings.signal?.reason);
    this.isTold = true;
  };

  #arrive(index: number, details: TaskDetails): void {
    this.details[index] = details;
    this.arrived.push(index);
    const { total } = this.settings.items;
    if (total !== null && this.#progress !== null) this.#progress.update(this.done / total);
    this.#endWhenDone();
    if (!this.#isOver) this.#call();
  }

  #endWhenDone(): void {
    if (this.done === this.settings.items.total) this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.settings.signal?.removeEventListener('abort', this.#onAbort);
    this.#progress?.finish();
    this.settings.fn.release();
    this.#call();
  }

  #call(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/**
 * Returns the signal of an option.
 * @throws {@link ArgumentTypeError}
 */
export function signalOf(signal: unknown): AbortSignal | null {
  if (signal === undefined) return null;
  if (signal instanceof AbortSignal) return signal;
  throw new ArgumentTypeError('options.signal', 'an AbortSignal', signal);
}
