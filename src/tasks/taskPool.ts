/** Pools of workers that run tasks. */
import { callSite } from '../engine/clientLink.ts';
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { Context } from '../global/context.ts';
import type { Comm } from '../mpi/communicator.ts';
import { inspect } from '../mpi/objects/graph.ts';
import { checkOptions } from '../options.ts';
import { AsyncResult, type Waits } from './asyncResult.ts';
import type { Carrier } from './carrier.ts';
import { FunctionTable } from './functionTable.ts';
import {
  type Items,
  IteratorItems,
  isArrayLike,
  iterableOf,
  iteratorOf,
  ListItems,
} from './items.ts';
import { Job } from './job.ts';
import { LocalCarrier } from './localCarrier.ts';
import { carrierFor } from './modeCarrier.ts';
import { overComm } from './over.ts';
import { isSequence } from './pieces.ts';
import {
  defaultsOf,
  type MapOptions,
  OVER_OPTIONS,
  type OverOptions,
  POOL_OPTIONS,
  type PoolDefaults,
  type PoolOptions,
  readOptions,
  setupOf,
  TASK_OPTIONS,
  type TaskOptions,
} from './poolOptions.ts';
import { Pump } from './pump.ts';
import { TaskResults } from './results.ts';
import { Scheduler } from './scheduler.ts';

/** Results that nobody has taken, of an iterator's items, for each worker at least. */
const WINDOW = 64;

/**
 * Workers that call a function for many items, as multiprocessing's and pathos's pools: engines of a client
 * (`new TaskPool()`), or the other processes of a communicator ({@link TaskPool.over}). A process without others runs its tasks itself.
 *
 *     using pool = new TaskPool();
 *     pool.map((n) => n ** 2, [1, 2, 3]);                    // [1, 4, 9]
 *     const later = pool.mapAsync(simulate, seeds, { timeout: 60, retries: 1 });
 *     await later;
 *
 * Functions travel as text: what they use from around them they declare (`{ capture: { k } }`). They may be async.
 * Arguments and results are data: numbers, strings, arrays, plain objects, typed arrays. What a task throws is thrown here,
 * with the fields `engine`, `task`, `attempts` and `engineStack`, and the call of the program as its `cause`.
 */
export class TaskPool implements Disposable, AsyncDisposable {
  readonly #carrier: Carrier;
  readonly #scheduler: Scheduler;
  readonly #functions: FunctionTable;
  readonly #defaults: PoolDefaults;
  readonly #pump: Pump;
  readonly #waits: Waits;
  /** Jobs that have failed, of which the program may not know. */
  readonly #failed = new Set<Job>();
  #isClosed = false;

  /**
   * @param carrier - connects to the workers; internal
   * @remarks In a client's program, or that of a single process.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for engines that do not exist, and none;
   * {@link DistArrayError} `ERR_TASK_POOL` where every process runs the program: see {@link TaskPool.over}
   */
  constructor(options: PoolOptions = {}, carrier?: Carrier) {
    const isOver = carrier !== undefined;
    checkOptions(options, isOver ? OVER_OPTIONS : POOL_OPTIONS, '{ chunkSize: 10 }');
    this.#defaults = defaultsOf(options);
    const setup = setupOf(options, isOver);
    this.#carrier = carrier ?? carrierFor(options);
    this.#scheduler = new Scheduler(this.#carrier, setup);
    this.#functions = new FunctionTable((fn) => this.#scheduler.forget(fn));
    this.#pump = new Pump(this.#carrier, this.#scheduler, () => !this.#scheduler.isIdle);
    this.#waits = { waitUntil: (...args) => this.#waitUntil(...args) };
  }

  /**
   * Runs `body` with a pool on one process, and serves its tasks on the others, until it is done (as mpi4py.futures'
   * `MPICommExecutor`). Returns what the body returns, on every process. In a client's program the engines are the workers, and a
   * single process runs the tasks itself, so that the same program runs in all modes.
   *
   *     const squares = await TaskPool.over(ctx, (pool) => pool.map((n) => n ** 2, [1, 2, 3]));
   *
   * @param where - the processes
   * @remarks Collective over them. When the body has returned, tasks that are under way are waited for. Pools on disjoint
   * communicators run at the same time; a task may itself use a pool.
   * @throws what the body throws, on every process alike
   */
  static async over<R>(
    where: Context | Comm,
    body: (pool: TaskPool) => R | PromiseLike<R>,
    options: OverOptions = {},
  ): Promise<R> {
    if (where instanceof Context && where.rank === null) {
      checkOptions(options, OVER_OPTIONS, '{ master: 0 }');
      const { master: _, ...rest } = options;
      return await new TaskPool({ ...rest, context: where }).#during(body);
    }
    return await overComm(where instanceof Context ? where.comm : where, {
      options,
      body,
      start: (carrier) => {
        const pool = new TaskPool(options, carrier ?? new LocalCarrier(options.functions ?? {}));
        return {
          run: () => pool.#during(body),
          scheduler: pool.#scheduler,
          drain: (milliseconds) => pool.#drain(milliseconds),
        };
      },
    });
  }

  /** The numbers of the workers: engines, or ranks. */
  get engines(): readonly number[] {
    return this.#carrier.names;
  }

  /** Number of workers. */
  get size(): number {
    return this.#carrier.names.length;
  }

  /**
   * Returns what a function returns for each item, in the order of the items.
   *
   * @param fn - gets an item; may be async; or the name of one of the pool's functions
   * @param items - an array, a typed array, or anything to iterate over
   * @throws what a task throws: the first that fails ends it, and tasks that no engine has yet are dropped
   * @throws {@link ArgumentTypeError} with the path of an item that cannot be sent
   */
  map<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options: MapOptions = {},
  ): Awaited<R>[] {
    return this.#got(this.mapAsync(fn, items, options));
  }

  /** Begins a map, and returns its result, which can be waited for or awaited; see {@link TaskPool.map}. */
  mapAsync<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options: MapOptions = {},
  ): AsyncResult<Awaited<R>[], Awaited<R>> {
    return this.#mapped(fn as never, items, options, false);
  }

  /** Returns what a function returns for each list of arguments; see {@link TaskPool.map}. */
  starmap<Args extends readonly unknown[], R>(
    fn: ((...args: Args) => R) | string,
    items: Iterable<Args> | ArrayLike<Args>,
    options: MapOptions = {},
  ): Awaited<R>[] {
    return this.#got(this.starmapAsync(fn, items, options));
  }

  /** Begins a map over lists of arguments; see {@link TaskPool.mapAsync}. */
  starmapAsync<Args extends readonly unknown[], R>(
    fn: ((...args: Args) => R) | string,
    items: Iterable<Args> | ArrayLike<Args>,
    options: MapOptions = {},
  ): AsyncResult<Awaited<R>[], Awaited<R>> {
    return this.#mapped(fn as never, items, options, true);
  }

  /**
   * Returns the results of a map one by one, in the order of the items, to iterate over: `for (const value of pool.imap(fn, items))`,
   * or `for await`. Items may be any number: they are taken as engines need them.
   */
  imap<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options: MapOptions = {},
  ): TaskResults<Awaited<R>> {
    const read = this.#read(options);
    const isList = isArrayLike(items) && read.strategy !== 'balanced';
    const lazy = () => new IteratorItems(iteratorOf(items));
    const job = this.#begin(fn as never, isList ? this.#listed(items, read.strategy) : lazy(), {
      read,
      isSpread: false,
      failsFast: false,
      window: isList ? null : WINDOW * this.size * (read.chunkSize ?? 1),
    });
    return new TaskResults(job, this.#waits, read.isOrdered, () => {
      if (!job.isOver) this.#scheduler.fill();
    });
  }

  /** The same in the order in which results come. */
  imapUnordered<T, R>(
    fn: ((item: T) => R) | string,
    items: Iterable<T> | ArrayLike<T>,
    options: Omit<MapOptions, 'ordered'> = {},
  ): TaskResults<Awaited<R>> {
    return this.imap(fn, items, { ...options, ordered: false });
  }

  /**
   * Begins one call, and returns its result, which can be waited for or awaited.
   * @throws {@link ArgumentTypeError} with the path of an argument that cannot be sent
   */
  submit<Args extends readonly unknown[], R>(
    fn: ((...args: Args) => R) | string,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: TaskOptions = {},
  ): AsyncResult<Awaited<R>> {
    checkOptions(options, TASK_OPTIONS, '{ retries: 1 }');
    if (!Array.isArray(args)) throw new ArgumentTypeError('args', 'an array of arguments', args);
    inspect(args, 'args');
    const read = this.#read({ ...options, chunkSize: 1 });
    const job = this.#begin(fn as never, new ListItems([args], 'balanced', this.size), {
      read,
      isSpread: true,
      failsFast: true,
      window: null,
    });
    return new AsyncResult(job, this.#waits, ({ values }) => values[0] as Awaited<R>);
  }

  /** Returns what a function returns for a list of arguments, as `submit(fn, args).get()`. */
  apply<Args extends readonly unknown[], R>(
    fn: ((...args: Args) => R) | string,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: TaskOptions = {},
  ): Awaited<R> {
    return this.#got(this.submit(fn, args, options));
  }

  /**
   * Waits for all tasks, and ends the pool.
   * @throws the first error of a task that nobody has asked for
   */
  close(): void {
    if (this.#isClosed) return;
    this.#waitUntil(() => this.#scheduler.isIdle, null, 'tasks');
    this.#end();
    this.#throwUntold();
  }

  /** The same while the event loop goes on. */
  async closeAsync(): Promise<void> {
    if (this.#isClosed) return;
    await this.#awaitIdle();
    this.#end();
    this.#throwUntold();
  }

  /** Ends the pool without waiting: tasks that are not done fail with a {@link TaskCancelledError}. */
  terminate(): void {
    this.#scheduler.cancelAll();
    this.#end();
  }

  /** As {@link TaskPool.close}. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** As {@link TaskPool.closeAsync}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.closeAsync();
  }

  toString(): string {
    return `TaskPool of ${this.size} ${this.#carrier.noun}s`;
  }

  async #during<R>(body: (pool: TaskPool) => R | PromiseLike<R>): Promise<R> {
    try {
      const value = await body(this);
      await this.closeAsync();
      if (this.#scheduler.broken !== null) throw this.#scheduler.broken;
      return value;
    } catch (error) {
      this.terminate();
      throw error;
    }
  }

  /** Waits until workers have answered, so many milliseconds at most; returns whether they have. */
  async #drain(milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    for (let looks = 0; !this.#scheduler.isQuiet; looks++) {
      if (this.#carrier.take(64) > 0) continue;
      if (performance.now() > end) return false;
      await new Promise<void>((resolve) => {
        if (looks < 200) setImmediate(resolve);
        else setTimeout(resolve, 1);
      });
    }
    return true;
  }

  #mapped<T, R>(
    fn: (...args: never[]) => R,
    items: Iterable<T> | ArrayLike<T>,
    options: MapOptions,
    isSpread: boolean,
  ): AsyncResult<Awaited<R>[], Awaited<R>> {
    const read = this.#read(options);
    const job = this.#begin(fn, this.#listed(items, read.strategy, isSpread), {
      read,
      isSpread,
      failsFast: true,
      window: null,
    });
    return new AsyncResult(job, this.#waits, ({ values }) =>
      read.isOrdered
        ? (values as Awaited<R>[])
        : job.arrived.map((index) => values[index] as Awaited<R>),
    );
  }

  #read(options: MapOptions) {
    // Only an object can be taken together with the defaults.
    if (typeof options !== 'object' || options === null || isSequence(options))
      return readOptions(options);
    const given = Object.entries(options).filter(([, value]) => value !== undefined);
    return readOptions({ ...this.#defaults, ...Object.fromEntries(given) });
  }

  #listed(items: unknown, strategy: MapOptions['strategy'], isSpread = false): Items {
    const list = isArrayLike(items) ? items : Array.from(iterableOf(items));
    if (!ArrayBuffer.isView(list)) inspect(list, 'items');
    if (isSpread) {
      for (let k = 0; k < list.length; k++) {
        if (!Array.isArray(list[k]))
          throw new ArgumentTypeError(`items[${k}]`, 'an array of arguments', list[k]);
      }
    }
    return new ListItems(list, strategy ?? 'balanced', this.size);
  }

  #begin(
    fn: (...args: never[]) => unknown,
    items: Items,
    how: Pick<Job['settings'], 'isSpread' | 'failsFast' | 'window'> & {
      readonly read: ReturnType<typeof readOptions>;
    },
  ): Job {
    if (this.#isClosed) throw new DistArrayError('ERR_TASK_POOL', `${this} is closed`);
    const { read, isSpread, failsFast, window } = how;
    const { retries, timeout, signal, chunkSize, progress, capture } = read;
    const site = callSite();
    const job = new Job({
      fn: this.#functions.take(fn, capture),
      ...{
        items,
        isSpread,
        chunkSize,
        retries,
        timeout,
        failsFast,
        window,
        signal,
        progress,
        site,
      },
    });
    job.listen(() => {
      if (job.isOver && (job.hasFailed || job.errors.size > 0)) this.#failed.add(job);
    });
    this.#scheduler.add(job);
    if (!job.isOver) this.#pump.start();
    return job;
  }

  #got<T>(result: AsyncResult<T, unknown>): T {
    try {
      return result.get();
    } catch (error) {
      // The wait has failed, not a task: what comes of the tasks nobody could ask for any more.
      if (!result.ready) result.cancel();
      throw error;
    }
  }

  #waitUntil(isDone: () => boolean, milliseconds: number | null, what: string): boolean {
    const end = milliseconds === null ? null : performance.now() + milliseconds;
    this.#carrier.waitUntil(() => {
      if (isDone()) return true;
      this.#scheduler.tick();
      return isDone() || (end !== null && performance.now() >= end);
    }, what);
    return isDone();
  }

  async #awaitIdle(): Promise<void> {
    while (!this.#scheduler.isIdle) {
      await new Promise<void>((resolve) => this.#scheduler.whenIdle(resolve));
    }
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#scheduler.close();
    this.#carrier.close();
  }

  #throwUntold(): void {
    for (const job of this.#failed) {
      const { untold } = job;
      if (untold === null) continue;
      this.#failed.clear();
      throw untold.error;
    }
  }
}
