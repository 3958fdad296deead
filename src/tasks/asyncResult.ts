/** Results that are not there yet. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { TaskTimeoutError } from './errors.ts';
import type { Job, TaskDetails } from './job.ts';

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
  readonly #job: Job;
  readonly #waits: Waits;
  readonly #make: (job: Job) => T;
  #promise: Promise<T> | null = null;

  /**
   * @param make - makes the result of a job that is over and has not failed
   * @internal
   */
  constructor(job: Job, waits: Waits, make: (job: Job) => T) {
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
    return this.#job.settings.items.total ?? 0;
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
   * @throws {@link DistArrayError} `ERR_ASYNC` where a process runs its tasks itself, and one is an async function
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

  /** Gives it up: tasks that no engine has are dropped, what engines do is done, and nobody waits for it. */
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
