/** Results that are not there yet. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { TaskTimeoutError } from './errors.ts';
import type { TaskDetails } from './job.ts';

/** What a result is that of: the tasks of a pool, or a call on all engines of a view. */
export interface Outcome {
  /** Whether nothing more will come of it. */
  readonly isOver: boolean;
  readonly hasFailed: boolean;
  /** What has ended it before all was done. */
  readonly failure: unknown;
  /** Errors of tasks, where one does not end all. */
  readonly errors: ReadonlyMap<number, Error>;
  readonly done: number;
  /** Null while nobody knows. */
  readonly total: number | null;
  readonly details: readonly TaskDetails[];
  /** By the place of the item or call; holes where there is nothing yet. */
  readonly values: readonly unknown[];
  /** So often it is awaited, while the event loop goes on. */
  awaits: number;
  /** Whether the program knows of what has come of it. */
  isTold: boolean;
  /** Calls `listener` whenever a result has come, and when it is over. */
  listen(listener: () => void): void;
  unlisten(listener: () => void): void;
  /** The program does not want it any more. */
  cancel(): void;
}

/** What results need of their pool. */
export interface Waits {
  /** Waits until `isDone`, or so many milliseconds; returns whether it is. */
  waitUntil(isDone: () => boolean, milliseconds: number | null, what: string): boolean;
}

/**
 * The result of tasks, as of multiprocessing's and ipyparallel's `AsyncResult`: look whether it is `ready`, `wait()` for it, `get()`
 * it, or `await` it.
 *
 * @typeParam T what `get()` returns
 * @typeParam Item what one task returns
 */
export class AsyncResult<T, Item = T> implements PromiseLike<T> {
  readonly #job: Outcome;
  readonly #waits: Waits;
  readonly #make: (job: Outcome) => T;
  #promise: Promise<T> | null = null;

  /**
   * @param make - makes the result of a job that is over and has not failed
   * @internal
   */
  constructor(job: Outcome, waits: Waits, make: (job: Outcome) => T) {
    this.#job = job;
    this.#waits = waits;
    this.#make = make;
  }

  /** Whether it is there, or has failed. */
  get ready(): boolean {
    return this.#job.isOver;
  }

  /** Whether it is there and nothing has failed. */
  get successful(): boolean {
    return this.#job.isOver && !this.#job.hasFailed && this.#job.errors.size === 0;
  }

  /** Number of tasks that have returned. */
  get done(): number {
    return this.#job.done;
  }

  /** Number of tasks. */
  get total(): number {
    return this.#job.total ?? 0;
  }

  /** Which engine ran each task, how long, and how often it was tried; holes where it has not come back. */
  get details(): readonly (TaskDetails | undefined)[] {
    return [...this.#job.details];
  }

  /** What has come so far, by the place of the item or call; undefined where nothing has. */
  get partial(): readonly (Item | undefined)[] {
    return Array.from({ length: this.total }, (_, index) => this.#job.values[index] as Item);
  }

  /**
   * Waits until it is there or has failed, at most `timeout` seconds, and returns whether it is so.
   * @throws {@link DistArrayError} `ERR_ASYNC` where a process runs its tasks itself, or all processes run the program, and one is
   * an async function: only `await` waits for that
   */
  wait(timeout?: number): boolean {
    return this.#waits.waitUntil(() => this.#job.isOver, millisecondsOf(timeout), 'tasks');
  }

  /**
   * Waits for it and returns it.
   * @param timeout - seconds
   * @throws what a task has thrown; {@link TaskTimeoutError} when it is not there in time: it still may come
   */
  get(timeout?: number): T {
    if (!this.wait(timeout)) {
      const message = `The result was not there after ${timeout} s: ${this.done} of ${this.total} tasks have returned`;
      throw new TaskTimeoutError(message);
    }
    return this.#result();
  }

  /** Gives it up: tasks that no engine has are dropped, what engines do is done, and who waits for it gets a `TaskCancelledError`. */
  cancel(): void {
    this.#job.cancel();
  }

  /** So that it can be awaited: the event loop goes on meanwhile. */
  // biome-ignore lint/suspicious/noThenProperty: this is what makes `await result` work
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#promise ??= new Promise<T>((resolve, reject) => {
      const job = this.#job;
      job.awaits++;
      const look = (): void => {
        if (!job.isOver) return;
        job.unlisten(look);
        job.awaits--;
        try {
          resolve(this.#result());
        } catch (error) {
          reject(error);
        }
      };
      job.listen(look);
      look();
    });
    return this.#promise.then(onFulfilled, onRejected);
  }

  #result(): T {
    const job = this.#job;
    job.isTold = true;
    if (job.hasFailed) throw job.failure;
    return this.#make(job);
  }
}

/** The milliseconds of a time in seconds; null for none. */
export function millisecondsOf(seconds: unknown, argument = 'timeout'): number | null {
  if (seconds === undefined) return null;
  if (typeof seconds !== 'number') throw new ArgumentTypeError(argument, 'seconds', seconds);
  if (!(seconds >= 0)) throw new ArgumentRangeError(argument, 'seconds ≥ 0', seconds);
  return seconds === Number.POSITIVE_INFINITY ? null : seconds * 1000;
}
