/** Messages between a client and its engines, whatever carries them. */
import type { Encoded } from '../mpi/objects/encoding.ts';

/** The number of the client on every channel; engine t is number t + 1. */
export const CLIENT = 0;

/** What messages are about: each kind has its own order, and none waits for another. */
export const Kind = {
  /** From the client, by way of other engines: what all engines do, in this order. */
  record: 1,
  /** To the client: what a record has come to. */
  reply: 2,
  /** To and from single engines: tasks and their results. */
  task: 3,
  /** Between a relay and single engines: its client is gone, and they have forgotten what it has made. */
  control: 4,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** A message that has come. */
export interface Incoming {
  readonly from: number;
  readonly kind: Kind;
  /** The value, as bytes: it can be passed on without being read. */
  readonly encoded: Encoded;
  /** Returns the value. */
  read(): unknown;
}

/**
 * What connects a process to the others of a session. Values are messages; the elements of arrays travel beside them,
 * from the memory of an array into that of another.
 */
export interface Channel {
  /** Number of this process: {@link CLIENT} or that of an engine. */
  readonly number: number;
  /** Number of engines. */
  readonly engines: number;
  /** Whether the engines are gone, which an error has told. */
  readonly isGone: boolean;
  /** Sends a value; comes back when its memory may be written to. Messages that come meanwhile are kept. */
  send(to: number, kind: Kind, encoded: Encoded): void;
  /** Returns the next message that is there already, in the order of arrival; null when there is none. */
  poll(): Incoming | null;
  /** Sends elements to who calls {@link Channel.receiveElements} for them. Messages that come meanwhile are kept. */
  sendElements(to: number, elements: ArrayBufferView): void;
  /**
   * Receives as many elements as were sent.
   *
   * @param whileWaiting - called between looks with the number of bytes that have come; what it throws ends the wait,
   * and the others are to be received or dropped later
   */
  receiveElements(
    from: number,
    elements: ArrayBufferView,
    whileWaiting?: (received: number) => void,
  ): void;
  /** Receives so many bytes that were sent, to nowhere. */
  dropElements(from: number, bytes: number): void;
  /** Whether elements of an engine are there. */
  hasElements(from: number): boolean;
  /** Ends the connection, when all have agreed to end. */
  close(): void;
}
