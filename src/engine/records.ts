/** What a client tells its engines, and what they answer: tuples, which are short to write. */
import type { Dtype } from '../dtype/dtype.ts';
import type { ErrorDescription } from '../errors.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { PlainDistribution } from './distributionForm.ts';

/** What is to be done. */
export const Action = {
  /** An operation that makes an array, of which the client knows dtype and distribution. */
  execute: 0,
  /** An operation that makes an array, of which the engines tell dtype and distribution. */
  discover: 1,
  /** An operation with a value, which the first engine answers. */
  evaluate: 2,
  /** The same of an operation without one: nothing is answered unless it fails. */
  perform: 3,
  /** An array of elements that the client sends to their owners. */
  scatter: 4,
  /** The owners send the elements of an array to the client. */
  gather: 5,
  /** Nothing but what every record says. */
  none: 6,
  /** The engines end. */
  quit: 7,
  /** The client is gone: the engines forget what it has made, and wait for the next. */
  reset: 8,
  /** A client has come that works in this folder. */
  enter: 9,
  /** Whether elementwise functions are computed at once from now on. */
  eager: 10,
} as const;
export type Action = (typeof Action)[keyof typeof Action];

/** What the client does not use any more. */
export interface Freed {
  readonly arrays: readonly number[];
  readonly distributions: readonly number[];
}

/** What is known of an array, with a distribution that gets no number: this is no news to the engines. */
export interface PlainMeta {
  readonly dtype: Dtype;
  readonly distribution: PlainDistribution;
}

/** A record: its number, what is free, what is to be done, and what that takes. */
export type RecordTuple =
  | readonly [
      sequence: number,
      freed: Freed | null,
      action: typeof Action.execute | typeof Action.discover,
      operation: string,
      arrays: readonly number[],
      params: unknown,
      result: number,
      /** What the client takes the result for, where that is checked. */
      inferred?: PlainMeta,
    ]
  | readonly [
      sequence: number,
      freed: Freed | null,
      action: typeof Action.evaluate | typeof Action.perform,
      operation: string,
      arrays: readonly number[],
      params: unknown,
    ]
  | readonly [
      sequence: number,
      freed: Freed | null,
      action: typeof Action.scatter,
      /** Of the elements as they are sent, and of the array. */
      given: Dtype,
      dtype: Dtype,
      distribution: Distribution,
      result: number,
    ]
  | readonly [sequence: number, freed: Freed | null, action: typeof Action.gather, array: number]
  | readonly [sequence: number, freed: Freed | null, action: typeof Action.enter, folder: string]
  | readonly [sequence: number, freed: Freed | null, action: typeof Action.eager, isEager: boolean]
  | readonly [
      sequence: number,
      freed: Freed | null,
      action: typeof Action.none | typeof Action.quit | typeof Action.reset,
    ];

/** How a record has ended. */
export const Outcome = {
  value: 0,
  failure: 1,
  /** Records up to this one are done. */
  done: 2,
} as const;
export type Outcome = (typeof Outcome)[keyof typeof Outcome];

/** What went wrong on an engine. */
export interface Failure {
  /** The record that failed first; later ones fail because they need what it was to make. */
  readonly sequence: number;
  readonly engine: number;
  readonly error: ErrorDescription;
  /** Where on the engine. */
  readonly stack: string | undefined;
}

/** An engine's answer. */
export type ReplyTuple =
  | readonly [sequence: number, outcome: typeof Outcome.value, value: unknown]
  | readonly [sequence: number, outcome: typeof Outcome.failure, failure: Failure]
  | readonly [sequence: number, outcome: typeof Outcome.done];

/** The first engine tells every so many records that they are done; the client lets twice as many wait. */
export const RECORDS_PER_ACKNOWLEDGEMENT = 128;
