/** Results one by one, in the order of the items or as they come. */
import type { Waits } from './asyncResult.ts';
import type { Job } from './job.ts';

/**
 * Results of `imap` and `imapUnordered`: `for (const value of results)` waits for each, and so does
 * `for await (const value of results)`, while the event loop goes on. Items are taken from their iterator as engines need them.
 * What a task has thrown is thrown in its place; `next()` may be called again afterwards.
 */
export class TaskResults<T> implements IterableIterator<T>, AsyncIterable<T> {
  readonly #job: Job;
  readonly #waits: Waits;
  readonly #isOrdered: boolean;
  readonly #refill: () => void;
  #count = 0;

  /** @internal */
  constructor(job: Job, waits: Waits, isOrdered: boolean, refill: () => void) {
    this.#job = job;
    this.#waits = waits;
    this.#isOrdered = isOrdered;
    this.#refill = refill;
  }

  [Symbol.iterator](): this {
    return this;
  }

  [Symbol.asyncIterator](): AsyncIterator<T> {
    return {
      next: async () => {
        await this.#awaitNext();
        return this.#take();
      },
      return: async () => this.return(),
    };
  }

  /** Waits for the next result. */
  next(): IteratorResult<T> {
    this.#waits.waitUntil(() => this.#isNextThere, null, 'the next result');
    return this.#take();
  }

  /** Gives the rest up. */
  return(): IteratorResult<T> {
    this.#job.cancel();
    return { done: true, value: undefined };
  }

  /** Index of the next result; undefined when it is not there. */
  get #next(): number | undefined {
    const { arrived, values, errors } = this.#job;
    if (!this.#isOrdered) return arrived[this.#count];
    return this.#count in values || errors.has(this.#count) ? this.#count : undefined;
  }

  get #isNextThere(): boolean {
    return this.#next !== undefined || this.#job.isOver;
  }

  #take(): IteratorResult<T> {
    const job = this.#job;
    const index = this.#next;
    if (index === undefined) {
      job.isTold = true;
      if (job.hasFailed && job.failure !== undefined && !this.#hasThrown) {
        this.#hasThrown = true;
        throw job.failure;
      }
      return { done: true, value: undefined };
    }
    this.#count++;
    job.taken++;
    this.#refill();
    const error = job.errors.get(index);
    if (error !== undefined) {
      job.isTold = true;
      throw error;
    }
    const value = job.values[index] as T;
    // Nobody asks for it again.
    job.values[index] = undefined;
    return { done: false, value };
  }

  #hasThrown = false;

  async #awaitNext(): Promise<void> {
    if (this.#isNextThere) return;
    await new Promise<void>((resolve) => {
      this.#job.awaits++;
      const look = () => {
        if (!this.#isNextThere) return;
        this.#job.unlisten(look);
        this.#job.awaits--;
        resolve();
      };
      this.#job.listen(look);
    });
  }
}
