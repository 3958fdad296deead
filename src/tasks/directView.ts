/** Views of engines, on which all of them do what they are told (ipyparallel's DirectView). */
import { readFileSync } from 'node:fs';
import { ArgumentTypeError } from '../errors.ts';
import type { ArrayArguments } from '../global/arrayArguments.ts';
import { type Applied, Context } from '../global/context.ts';
import { targetsOf } from '../global/targetCalls.ts';
import { checkName } from '../ops/functions/namespace.ts';
import { isThenable } from '../ops/functions/targetCall.ts';
import { type Capture, ShippedFunction } from '../ops/shippedFunction.ts';
import { checkOptions, optionNames } from '../options.ts';
import { AsyncResult } from './asyncResult.ts';
import { DirectCall, waitsBy } from './directCall.ts';
import { isSequence, joined, keepPiece, namedPiece, piecesOf, type Sequence } from './pieces.ts';
import { checkMapOptions } from './poolOptions.ts';
import type { AnyFunction } from './taskFunction.ts';
import { TaskPool } from './taskPool.ts';

/** Options of {@link DirectView}. */
export interface ViewOptions {
  /** The engines, or ranks; default those of the context. */
  readonly targets?: readonly number[];
}

/** Options of what is called on a view. */
export interface CallOptions {
  /** What the function uses from around it. */
  readonly capture?: Capture;
}

const VIEW_OPTIONS = optionNames<ViewOptions>({ targets: true });
const CALL_OPTIONS = optionNames<CallOptions>({ capture: true });
const EXAMPLE = '{ capture: { k } }';

/**
 * Some engines of a client, or ranks of a job, which all do what the view is told.
 *
 *     const view = new DirectView(ctx);
 *     view.scatter('x', [1, 2, 3, 4]);
 *     view.execute('y = x.map((n) => n ** 2)');
 *     view.gather('y');                          // [1, 4, 9, 16]
 *     view.targets([0]).apply(() => process.pid);
 *
 * Names are global variables of the engines, as those of `ctx.push`.
 *
 * @remarks All methods are collective where every process runs the program; results are the same on all.
 */
export class DirectView {
  readonly context: Context;
  /** The engines, or ranks, ascending. */
  readonly ids: readonly number[];
  #pool: TaskPool | null = null;

  /** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for engines that do not exist, and none */
  constructor(context: Context, options: ViewOptions = {}) {
    if (!(context instanceof Context)) throw new ArgumentTypeError('context', 'a Context', context);
    this.context = context;
    this.ids = context.agreed(() => {
      checkOptions(options, VIEW_OPTIONS, '{ targets: [0] }');
      return targetsOf(context, options.targets);
    });
  }

  /** Number of engines. */
  get size(): number {
    return this.ids.length;
  }

  /** Returns a view of these engines: `view.targets([0, 2])`. */
  targets(targets: readonly number[]): DirectView {
    return new DirectView(this.context, { targets });
  }

  /** Calls a function on each engine, and returns what each has returned; see `ctx.apply`. */
  apply<Args extends readonly unknown[], R>(
    fn: ((...args: ArrayArguments<Args>) => R) | string,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: CallOptions = {},
  ) {
    return this.context.apply(fn, args, this.#callOptions(options));
  }

  /**
   * Begins such a call, for which the program does not wait; async functions are waited for by who asks for the result. Its `partial`
   * results come all at once.
   */
  applyAsync<Args extends readonly unknown[], R>(
    fn: ((...args: ArrayArguments<Args>) => R) | string,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: CallOptions = {},
  ): AsyncResult<Applied<Awaited<R>>[], Applied<Awaited<R>>> {
    const call = new DirectCall(this.size, (settle) =>
      this.context.applyLater(fn, args, this.#callOptions(options), settle),
    );
    return this.#resultOf(call);
  }

  /**
   * Returns what a function returns for each item: each engine calls it for as many that follow each other.
   * @throws what the function throws
   */
  map<T, R>(fn: (item: T) => R, items: Iterable<T>, options: CallOptions = {}): Awaited<R>[] {
    if (this.#isClient) {
      checkMapOptions(options, CALL_OPTIONS, EXAMPLE);
      return this.#tasks.map(fn, items, { ...options, strategy: 'equalPortion' });
    }
    const { call } = this.#ownCalls(fn, items, options);
    return this.context.apply(call, [], { targets: this.ids }).flat() as Awaited<R>[];
  }

  /** Begins such a map; see {@link DirectView.applyAsync}. */
  mapAsync<T, R>(
    fn: (item: T) => R,
    items: Iterable<T>,
    options: CallOptions = {},
  ): AsyncResult<Awaited<R>[], Awaited<R>> {
    if (this.#isClient) {
      checkMapOptions(options, CALL_OPTIONS, EXAMPLE);
      return this.#tasks.mapAsync(fn, items, { ...options, strategy: 'equalPortion' });
    }
    const { call, total } = this.#ownCalls(fn, items, options);
    // Only what is a promise is waited for.
    const all = () => {
      const returned = call();
      return returned.some(isThenable) ? Promise.all(returned) : returned;
    };
    const begun = new DirectCall(total, ({ resolve, reject }) => {
      const joinPieces = (pieces: readonly unknown[]) => resolve(pieces.flat());
      this.context.applyLater(all, [], { targets: this.ids }, { resolve: joinPieces, reject });
    });
    return this.#resultOf(begun);
  }

  /**
   * Gives each engine a piece of a list or typed array, under a name. Pieces follow each other; the first ones are one longer
   * where it does not come out even.
   */
  scatter(name: string, sequence: Sequence): void {
    const { context, ids } = this;
    const pieces = context.agreed(() => {
      checkName(name, 'name');
      if (!isSequence(sequence)) {
        throw new ArgumentTypeError('sequence', 'an array or a typed array', sequence);
      }
      return piecesOf(sequence, this.size);
    });
    if (this.#isClient) {
      const calls = pieces.map((piece): [string, unknown] => [name, piece]);
      this.#tasks.starmap(keepPiece, calls, { strategy: 'cardDealer', chunkSize: 1 });
    } else {
      const keep = () => keepPiece(name, pieces[ids.indexOf(context.rank as number)]);
      context.apply(keep, [], { targets: ids });
    }
    context.names.add(name);
  }

  /**
   * Returns what the pieces of a name make together: a typed array when they are typed arrays of one kind, otherwise a list.
   * @throws {@link DistArrayError} `ERR_KEY` when an engine has nothing of the name
   */
  gather(name: string): Sequence {
    const { context, ids } = this;
    context.agreed(() => checkName(name, 'name'));
    const pieces = this.#isClient
      ? this.#tasks.map(namedPiece, Array(this.size).fill(name), {
          strategy: 'cardDealer',
          chunkSize: 1,
        })
      : context.pull(name, { targets: ids });
    return joined(pieces, name);
  }

  /** Runs code on each engine; see `ctx.execute`. */
  execute(code: string): void {
    this.context.execute(code, { targets: this.ids });
  }

  /** The same; the program goes on meanwhile, and the code may await at its top. */
  async executeAsync(code: string): Promise<void> {
    await this.context.executeAsync(code, { targets: this.ids });
  }

  /**
   * Runs a file of JavaScript on each engine, as {@link DirectView.execute} does with its text.
   * @param name - of the file, where the program runs
   */
  run(name: string): void {
    this.execute(this.context.session.tellAll(() => readFileSync(name, 'utf8'), 0));
  }

  /** Gives values names on each engine: `view.push({ a: 1, b: [2] })`. */
  push(values: Readonly<Record<string, unknown>>): void {
    this.context.push(values, { targets: this.ids });
  }

  /** Returns the value of a name from each engine, or a list from each for several names. */
  pull(name: string): unknown[];
  pull(names: readonly string[]): unknown[][];
  pull(names: string | readonly string[]): unknown[] {
    return this.context.pull(names as string, { targets: this.ids });
  }

  /** As a dictionary: the value of a name from each engine. */
  get(name: string): unknown[] {
    return this.pull(name);
  }

  /** As a dictionary: gives a value a name on each engine. */
  set(name: string, value: unknown): this {
    this.push({ [name]: value });
    return this;
  }

  /** As a dictionary: whether each engine has something of the name. */
  has(name: string): boolean {
    return this.keys().includes(name);
  }

  /** As a dictionary: forgets a name on each engine. */
  delete(name: string): void {
    this.context.deleteKey(name, { targets: this.ids });
  }

  /** As a dictionary: the names that all engines have. */
  keys(): string[] {
    const [first, ...others] = this.context.keys({ targets: this.ids });
    return first.filter((name) => others.every((names) => names.includes(name)));
  }

  toString(): string {
    return `DirectView of ${this.ids.join(', ')}`;
  }

  get #isClient(): boolean {
    return this.context.rank === null;
  }

  /** What is sent to single engines. */
  get #tasks(): TaskPool {
    this.#pool ??= new TaskPool({ context: this.context, engines: this.ids });
    return this.#pool;
  }

  #resultOf<R>(call: DirectCall): AsyncResult<R[], R> {
    const { session } = this.context;
    const cameAtOnce = call.isOver;
    const waits = waitsBy((isDone, what) => {
      // Whether a promise has settled is another thing on each process; what has been awaited is not.
      const isThere = this.#isClient ? isDone : () => cameAtOnce || call.isTold;
      session.waitUntil(isThere, what);
    });
    return new AsyncResult(call, waits, ({ values }) => values as R[]);
  }

  #callOptions(options: CallOptions) {
    // Whatever is wrong with them, all processes are told of by the call.
    const given = typeof options === 'object' && options !== null ? options : { options };
    return { ...given, targets: this.ids };
  }

  /** How a function is called for the items of this process, and how many items all have. */
  #ownCalls<T>(fn: unknown, items: Iterable<T>, options: CallOptions) {
    const { context, ids } = this;
    return context.agreed(() => {
      checkMapOptions(options, CALL_OPTIONS, EXAMPLE);
      const shipped = ShippedFunction.of(fn, { capture: options.capture, argument: 'fn' });
      const called = shipped.compile() as AnyFunction;
      const list = [...items];
      const own = piecesOf(list, this.size)[ids.indexOf(context.rank as number)];
      const call = () => Array.from(own, (item) => called(item as never));
      return { call, total: list.length };
    });
  }
}
