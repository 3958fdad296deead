/** Options of pools and of their methods. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { Context } from '../global/context.ts';
import type { Capture } from '../ops/shippedFunction.ts';
import { checkOptions, type OptionNames, optionNames } from '../options.ts';
import { millisecondsOf } from './asyncResult.ts';
import { STRATEGIES, type Strategy } from './items.ts';
import { signalOf } from './job.ts';
import { isSequence } from './pieces.ts';
import type { PoolSetup } from './protocol.ts';
import { type AnyFunction, sentFunction } from './taskFunction.ts';

/** Options of single tasks. */
export interface TaskOptions {
  /** What the function uses from around it: `{ k }`. */
  readonly capture?: Capture;
  /** How often a task is tried again that has thrown, or taken too long: by another engine if there is one. Default 0. */
  readonly retries?: number;
  /**
   * Seconds that a task may take on its engine. One that takes longer fails (`TaskTimeoutError`) or is tried elsewhere; its
   * engine gets nothing new until it answers. Default: any.
   */
  readonly timeout?: number;
  /** Gives the tasks up when it is aborted; they fail with its reason. */
  readonly signal?: AbortSignal;
}

/** Options of maps. */
export interface MapOptions extends TaskOptions {
  /** Items that travel together. Default: as many as take about a millisecond, as far as there is enough for all engines. */
  readonly chunkSize?: number;
  /** How items are dealt to engines. Default `'balanced'`: the next ones to whoever is free. */
  readonly strategy?: Strategy;
  /** Whether results are in the order of the items (default), or in that in which they come. */
  readonly ordered?: boolean;
  /** Whether a bar is shown on the terminal when it takes more than a second; a text is its label. Default false. */
  readonly progress?: boolean | string;
}

/** What all calls of a pool have unless they say otherwise. */
export type PoolDefaults = Omit<MapOptions, 'capture' | 'signal'>;

/** What a pool has on its workers. */
export interface WorkerOptions {
  /** Is called on each worker before any task. */
  readonly initializer?: AnyFunction;
  readonly initArgs?: readonly unknown[];
  /** What the initializer uses from around it. */
  readonly capture?: Capture;
  /**
   * Functions that tasks may call by their names: `pool.map('work', items)`. Where all processes run the program, these are
   * each process's own, with what is around them there.
   */
  readonly functions?: Readonly<Record<string, AnyFunction>>;
}

/** Options of pools. */
export interface PoolOptions extends PoolDefaults, WorkerOptions {
  /** The context whose engines are the workers; default that of the mode. */
  readonly context?: Context;
  /** Which engines; default all. */
  readonly engines?: readonly number[];
}

/** Options of {@link TaskPool.over}. */
export interface OverOptions extends PoolDefaults, WorkerOptions {
  /** The rank that runs the body; the others are the workers. Default 0. */
  readonly master?: number;
}

const TASK_NAMES = { capture: true, retries: true, timeout: true, signal: true } as const;
const DEFAULT_NAMES = {
  retries: true,
  timeout: true,
  chunkSize: true,
  strategy: true,
  ordered: true,
  progress: true,
} as const;
const WORKER_NAMES = { initializer: true, initArgs: true, capture: true, functions: true } as const;

export const TASK_OPTIONS = optionNames<TaskOptions>(TASK_NAMES);
export const MAP_OPTIONS = optionNames<MapOptions>({ ...TASK_NAMES, ...DEFAULT_NAMES });
export const POOL_OPTIONS = optionNames<PoolOptions>({
  ...DEFAULT_NAMES,
  ...WORKER_NAMES,
  context: true,
  engines: true,
});
export const OVER_OPTIONS = optionNames<OverOptions>({
  ...DEFAULT_NAMES,
  ...WORKER_NAMES,
  master: true,
});

/** Options of a call as jobs need them. */
export interface ReadOptions {
  readonly capture: Capture | undefined;
  readonly retries: number;
  readonly timeout: number | null;
  readonly signal: AbortSignal | null;
  readonly chunkSize: number | null;
  readonly strategy: Strategy;
  readonly isOrdered: boolean;
  readonly progress: string | null;
}

/** Checks options of a map; who gives a list in their place is used to a map of several lists. */
export function checkMapOptions(given: unknown, names: OptionNames, example: string): void {
  if (isSequence(given)) {
    const expected = `an object such as ${example} (several lists go to TaskPool.starmap as one, [[a, b], …])`;
    throw new ArgumentTypeError('options', expected, given);
  }
  checkOptions(given, names, example);
}

/**
 * Returns options, with what they leave out.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function readOptions(given: MapOptions, names = MAP_OPTIONS): ReadOptions {
  checkMapOptions(given, names, '{ chunkSize: 10 }');
  const { capture, retries = 0, chunkSize, strategy = 'balanced', ordered = true } = given;
  const { progress = false } = given;
  checkInteger('options.retries', retries, 0);
  if (chunkSize !== undefined) checkInteger('options.chunkSize', chunkSize, 1);
  if (!STRATEGIES.includes(strategy)) {
    const known = STRATEGIES.map((one) => `'${one}'`).join(', ');
    throw new ArgumentRangeError('options.strategy', `one of ${known}`, strategy);
  }
  if (typeof ordered !== 'boolean') {
    throw new ArgumentTypeError('options.ordered', 'a boolean', ordered);
  }
  if (typeof progress !== 'boolean' && typeof progress !== 'string') {
    throw new ArgumentTypeError('options.progress', 'a boolean or a label', progress);
  }
  const timeout = millisecondsOf(given.timeout, 'options.timeout');
  if (timeout === 0) throw new ArgumentRangeError('options.timeout', 'seconds > 0', 0);
  const label = progress === true ? 'tasks' : progress;
  return {
    capture,
    retries,
    timeout,
    signal: signalOf(given.signal),
    chunkSize: chunkSize ?? null,
    strategy,
    isOrdered: ordered,
    progress: label === false ? null : label,
  };
}

/** The defaults of a pool. */
export function defaultsOf(options: PoolDefaults): PoolDefaults {
  const { retries, timeout, chunkSize, strategy, ordered, progress } = options;
  const defaults = { retries, timeout, chunkSize, strategy, ordered, progress };
  // They are read once, so that what is wrong with them is said where they are given.
  readOptions(defaults);
  return defaults;
}

/**
 * Checks what workers are to have.
 * @throws {@link ArgumentTypeError}
 */
export function checkWorkerOptions(options: WorkerOptions): void {
  const { initializer, initArgs = [], functions = {} } = options;
  if (initializer !== undefined && typeof initializer !== 'function') {
    throw new ArgumentTypeError('options.initializer', 'a function', initializer);
  }
  if (!Array.isArray(initArgs)) {
    throw new ArgumentTypeError('options.initArgs', 'an array of arguments', initArgs);
  }
  if (typeof functions !== 'object' || functions === null) {
    throw new ArgumentTypeError('options.functions', 'an object of functions', functions);
  }
  for (const [name, fn] of Object.entries(functions)) {
    if (typeof fn === 'function') continue;
    throw new ArgumentTypeError(`options.functions.${name}`, 'a function', fn);
  }
}

/**
 * What workers get from the master.
 * @param haveFunctions - whether workers have the functions of the options by themselves
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function setupOf(options: WorkerOptions, haveFunctions: boolean): PoolSetup {
  checkWorkerOptions(options);
  const { initializer, initArgs = [], capture, functions = {} } = options;
  const sent = haveFunctions ? [] : Object.entries(functions);
  return {
    functions: Object.fromEntries(
      sent.map(([name, fn]) => [name, sentFunction(fn, undefined, `options.functions.${name}`)]),
    ),
    initializer:
      initializer === undefined ? null : sentFunction(initializer, capture, 'options.initializer'),
    initArgs,
  };
}

/**
 * Returns the engines of a pool, ascending.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for none, and for those that do not exist
 */
export function enginesOf(engines: readonly number[] | undefined, size: number): number[] {
  const list = engines ?? Array.from({ length: size }, (_, engine) => engine);
  if (!Array.isArray(list)) {
    throw new ArgumentTypeError('options.engines', 'an array of numbers of engines', engines);
  }
  if (list.length === 0)
    throw new ArgumentRangeError('options.engines', 'one engine or more', list);
  for (const [k, engine] of list.entries()) {
    checkInteger(`options.engines[${k}]`, engine, 0, size - 1);
  }
  return [...new Set(list)].sort((a, b) => a - b);
}
