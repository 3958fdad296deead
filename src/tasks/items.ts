/** The items of a map, as workers take them: by strategy, a chunk at a time. */

/**
 * How items are dealt to workers: `balanced`, the next ones to whoever is free; `equalPortion`, to each worker as many that
 * follow each other (pyina's `equalportion`); `cardDealer`, one after the other in turn (pyina's `carddealer`).
 */
export type Strategy = 'balanced' | 'equalPortion' | 'cardDealer';

export const STRATEGIES: readonly Strategy[] = ['balanced', 'equalPortion', 'cardDealer'];

/** Some items, and which ones they are. */
export interface Taken {
  readonly indices: readonly number[];
  readonly items: readonly unknown[];
}

/** Items that workers take. */
export interface Items {
  /** How many there are; null while nobody knows. */
  readonly total: number | null;
  /** How many are left to a worker, as far as is known. */
  left(worker: number): number;
  /** Takes the next ones for a worker, at most so many; null when there are none. What the program's iterator throws. */
  take(worker: number, most: number): Taken | null;
  /** A worker takes no more: what is left to it others may have. */
  release(worker: number): void;
  /** Nobody takes any more. */
  end(): void;
}

/** The indices from `next` to `end`, in steps. */
interface Portion {
  next: number;
  readonly end: number;
  readonly step: number;
}

/** Items of a list. */
export class ListItems implements Items {
  readonly total: number;
  readonly #list: ArrayLike<unknown>;
  /** By worker; portions of nobody's behind them. */
  readonly #own: (Portion | null)[];
  readonly #shared: Portion[] = [];

  constructor(list: ArrayLike<unknown>, strategy: Strategy, workers: number) {
    this.#list = list;
    this.total = list.length;
    this.#own = Array.from({ length: workers }, (_, worker) => {
      if (strategy === 'cardDealer') return { next: worker, end: this.total, step: workers };
      if (strategy === 'balanced') return null;
      const [next, end] = [worker, worker + 1].map((w) => Math.floor((this.total * w) / workers));
      return { next, end, step: 1 };
    });
    if (strategy === 'balanced') this.#shared.push({ next: 0, end: this.total, step: 1 });
  }

  left(worker: number): number {
    const portion = this.#portionOf(worker);
    return portion === undefined ? 0 : Math.ceil((portion.end - portion.next) / portion.step);
  }

  take(worker: number, most: number): Taken | null {
    const portion = this.#portionOf(worker);
    if (portion === undefined) return null;
    const indices: number[] = [];
    while (indices.length < most && portion.next < portion.end) {
      indices.push(portion.next);
      portion.next += portion.step;
    }
    return { indices, items: indices.map((index) => this.#list[index]) };
  }

  release(worker: number): void {
    const portion = this.#own[worker];
    this.#own[worker] = null;
    if (portion !== null) this.#shared.push(portion);
  }

  end(): void {
    this.#own.fill(null);
    this.#shared.length = 0;
  }

  #portionOf(worker: number): Portion | undefined {
    const own = this.#own[worker];
    if (own !== null && own.next < own.end) return own;
    while (this.#shared.length > 0 && this.#shared[0].next >= this.#shared[0].end) {
      this.#shared.shift();
    }
    // Who has a portion of their own has done with it when it is empty; what nobody does any more is everybody's.
    return this.#shared[0];
  }
}

/** Items of an iterator, which is asked for no more than workers take. */
export class IteratorItems implements Items {
  readonly #iterator: Iterator<unknown>;
  #count = 0;
  #hasEnded = false;

  constructor(iterator: Iterator<unknown>) {
    this.#iterator = iterator;
  }

  get total(): number | null {
    return this.#hasEnded ? this.#count : null;
  }

  left(): number {
    return this.#hasEnded ? 0 : Number.POSITIVE_INFINITY;
  }

  take(_worker: number, most: number): Taken | null {
    const indices: number[] = [];
    const items: unknown[] = [];
    while (!this.#hasEnded && items.length < most) {
      const { done, value } = this.#iterator.next();
      if (done === true) this.#hasEnded = true;
      else {
        indices.push(this.#count++);
        items.push(value);
      }
    }
    return items.length === 0 ? null : { indices, items };
  }

  release(): void {}

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#iterator.return?.();
  }
}
