/** What a master tells its workers, and what they answer: tuples, which are short to write. */
import type { Thrown } from './errors.ts';
import type { SentFunction } from './taskFunction.ts';

/** Kinds of messages to workers. Each of the first two is answered, in the order in which they came. */
export const Order = {
  /** A pool begins: its functions, and what is to be called first. */
  open: 0,
  /** Some calls of one function. */
  run: 1,
  /** Functions that are not called any more. */
  forget: 2,
  /** A pool ends. */
  close: 3,
  /** All is over: what the body of {@link TaskPool.over} has returned or thrown. */
  end: 4,
} as const;

/** What a pool has on each worker from the beginning. */
export interface PoolSetup {
  /** Functions that tasks name, and where the program runs on the worker too, those that it has by itself. */
  readonly functions: Readonly<Record<string, SentFunction>>;
  readonly initializer: SentFunction | null;
  readonly initArgs: readonly unknown[];
}

/** A message to a worker. Functions are sent with the first run that calls them, and have numbers then. */
export type ToWorker =
  | readonly [order: typeof Order.open, pool: number, setup: PoolSetup]
  | readonly [
      order: typeof Order.run,
      pool: number,
      fn: number,
      sent: SentFunction | null,
      /** Whether each item is a list of arguments; otherwise it is the only one. */
      isSpread: boolean,
      items: readonly unknown[],
    ]
  | readonly [order: typeof Order.forget, pool: number, fns: readonly number[]]
  | readonly [order: typeof Order.close, pool: number]
  | readonly [order: typeof Order.end, failure: Thrown | null, value: unknown];

/** Kinds of answers. */
export const Answer = {
  /** A pool is open. */
  opened: 0,
  /** It cannot be opened: the initializer has thrown. */
  failed: 1,
  /** Every call of a chunk has returned. */
  done: 2,
  /** Some have thrown. */
  mixed: 3,
  /** What came cannot be read: it names something that the worker does not have. */
  unreadable: 4,
  /** The worker ends. */
  gone: 5,
} as const;

/** What one call has come to. */
export type CallOutcome =
  | readonly [isDone: true, value: unknown]
  | readonly [isDone: false, thrown: Thrown];

/** An answer of a worker. Seconds are those of each call. */
export type ToMaster =
  | readonly [answer: typeof Answer.opened, pool: number]
  | readonly [answer: typeof Answer.failed, pool: number, thrown: Thrown]
  | readonly [
      answer: typeof Answer.done,
      pool: number,
      values: readonly unknown[],
      seconds: readonly number[],
    ]
  | readonly [
      answer: typeof Answer.mixed,
      pool: number,
      outcomes: readonly CallOutcome[],
      seconds: readonly number[],
    ]
  | readonly [answer: typeof Answer.unreadable, thrown: Thrown]
  | readonly [answer: typeof Answer.gone, exitCode: number];
