/** Views of engines, of which whoever is free does what comes next (ipyparallel's LoadBalancedView). */
import type { Context } from '../global/context.ts';
import type { AsyncResult } from './asyncResult.ts';
import type { MapOptions, PoolDefaults, TaskOptions } from './poolOptions.ts';
import type { TaskResults } from './results.ts';
import { TaskPool } from './taskPool.ts';

/** Options of {@link LoadBalancedView}. */
export interface LoadBalancedOptions extends PoolDefaults {
  /** The engines; default all. */
  readonly targets?: readonly number[];
}

/**
 * A {@link TaskPool} under the names of a view: each call goes to an engine that is free.
 *
 *     const view = new LoadBalancedView(ctx);
 *     view.apply(simulate, [seed]);
 *     await view.mapAsync(simulate, seeds);
 */
export class LoadBalancedView {
  /** The pool that does it. */
  readonly pool: TaskPool;

  /**
   * @param where - a context of a client or of a single process, or a pool, as {@link TaskPool.over} gives it where every process
   * runs the program
   * @throws as {@link TaskPool} does
   */
  constructor(where: Context | TaskPool, options: LoadBalancedOptions = {}) {
    if (where instanceof TaskPool) {
      this.pool = where;
      return;
    }
    const { targets, ...defaults } = options;
    this.pool = new TaskPool({ ...defaults, context: where, engines: targets });
  }

  /** The engines, or ranks. */
  get ids(): readonly number[] {
    return this.pool.engines;
  }

  /** Calls a function on one engine, and returns what it returns; see {@link TaskPool.apply}. */
  apply<Args extends readonly unknown[], R>(
    fn: ((...args: Args) => R) | string,
    args?: readonly [...Args],
    options?: TaskOptions,
  ): Awaited<R> {
    return this.pool.apply(fn, args, options);
  }

  /** Begins a call on one engine; see {@link TaskPool.submit}. */
  applyAsync<Args extends readonly unknown[], R>(
    fn: ((...args: Args) => R) | string,
    args?: readonly [...Args],
    options?: TaskOptions,
  ): AsyncResult<Awaited<R>> {
    return this.pool.submit(fn, args, options);
  }

  /** See {@link TaskPool.map}. */
  map<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options?: MapOptions,
  ): Awaited<R>[] {
    return this.pool.map(fn, items, options);
  }

  /** See {@link TaskPool.mapAsync}. */
  mapAsync<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options?: MapOptions,
  ): AsyncResult<Awaited<R>[], Awaited<R>> {
    return this.pool.mapAsync(fn, items, options);
  }

  /** See {@link TaskPool.imap}. */
  imap<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options?: MapOptions,
  ): TaskResults<Awaited<R>> {
    return this.pool.imap(fn, items, options);
  }

  /** Waits for all calls, and ends the pool. */
  close(): void {
    this.pool.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
