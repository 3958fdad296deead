/** What connects a master to its workers, whatever carries their messages. */
import type { Encoded } from '../mpi/objects/encoding.ts';
import type { ToMaster } from './protocol.ts';

/** A message that cannot be read: its value names something that this process does not have. */
export interface Unreadable {
  readonly unreadable: unknown;
}

/** Gets what workers send. */
export type Receiver = (worker: number, message: ToMaster | Unreadable) => void;

/** The master's end of the connections to the workers of a pool, which are numbered from 0. */
export interface Carrier {
  /** What the workers are called in errors and results: the numbers of engines, or ranks. */
  readonly names: readonly number[];
  /** What one of them is: `engine` or `rank`. */
  readonly noun: 'engine' | 'rank';
  /** Gets what workers send; set by who uses the carrier. */
  receiver: Receiver | null;
  /** Number of this pool: different from those of all others that share the workers. */
  readonly pool: number;
  /**
   * Sends a message. A long one waits until the worker takes it, so it should have nothing else to do.
   * @param isAnswered - whether the worker answers
   */
  send(worker: number, encoded: Encoded, isAnswered: boolean): void;
  /** Takes what has come, at most so many messages; returns how many. Never waits. */
  take(limit: number): number;
  /**
   * Waits until `isDone`, taking what comes.
   * @param what - is waited for, in errors
   * @throws {@link AbortError} for Ctrl-C where that can be seen; {@link DistArrayError} `ERR_ASYNC` where only the event loop
   * can bring it
   */
  waitUntil(isDone: () => boolean, what: string): void;
  /** Looks whether the program was interrupted while it awaits tasks, where that can be seen. */
  interruptAwaits?(): void;
  /** Gets to know of an interrupt; set by who uses the carrier. */
  onInterrupt?: ((error: Error) => void) | null;
  /** No pool uses the carrier any more. */
  close(): void;
}
