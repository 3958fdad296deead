/** The boundary between the global view of arrays and the processes that hold them. */
import type { LocalArray } from '../local/localArray.ts';
import type { Comm } from '../mpi/communicator.ts';
import type { ArrayMeta, ArrayOperation, PreparedCall, ValueOperation } from '../ops/operation.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';

/**
 * What stands for an array in a session: its metadata, and what only the session knows. Where the program runs
 * on the processes that hold the arrays, it is the LocalArray itself.
 */
export type ArrayHandle = ArrayMeta;

/** Who is told what has come of a call, once. */
export interface Settle<Value> {
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/**
 * Carries out operations on arrays. Arrays and contexts are the same in all modes; how an operation gets to
 * the processes that hold the elements is up to their session.
 */
export interface Session {
  /** Number of processes that share the arrays. */
  readonly size: number;
  /** Rank of this process among them; null where this process holds no elements. */
  readonly rank: number | null;
  /** Whether this process speaks for the whole job: it is true on one. */
  readonly isRoot: boolean;
  /** Whether the processes that hold the arrays are gone, and the program has been told. */
  readonly areProcessesGone: boolean;
  /** Messages and bytes that were sent because elements changed their places. */
  readonly traffic: Traffic;
  /**
   * The processes that share the arrays.
   * @throws {@link DistArrayError} `ERR_NO_LOCAL_DATA` where this process is none of them
   */
  readonly comm: Comm;
  /** Carries out an operation that makes an array. */
  execute<Params>(
    operation: ArrayOperation<Params>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle;
  /**
   * Prepares a call that was carried out, and whose result went into its last array, to be made again; null where
   * nothing is gained by it.
   */
  prepare<Params>(
    operation: ArrayOperation<Params>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): PreparedCall<Params> | null;
  /** Makes a prepared call with a result that goes into the memory of `out`; returns whether it was made. */
  repeat<Params>(call: PreparedCall<Params>, out: ArrayHandle, params: Params): boolean;
  /**
   * Returns a number that tells the elements behind a handle from all others that were there; 0 where they are not yet
   * there, or not any more.
   */
  identityOf(handle: ArrayHandle): number;
  /** Carries out an operation that makes a value. */
  evaluate<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): Value;
  /**
   * The same for an operation that takes its time: the program goes on meanwhile, and `settle` is told of what comes of it,
   * be it at once, and of what is wrong with the call. It must not throw.
   */
  evaluateLater<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
    settle: Settle<Awaited<Value>>,
  ): void;
  /**
   * Waits until something is so that comes by {@link Session.evaluateLater}.
   * @throws {@link DistArrayError} `ERR_ASYNC` where the program runs on the processes, which cannot wait here
   */
  waitUntil(isDone: () => boolean, what: string): void;
  /**
   * Carries out an operation that makes an array of which only its run tells dtype and distribution, such as
   * one that is in a file.
   */
  discover<Params>(
    operation: ValueOperation<Params, LocalArray>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle;
  /** Returns what `step` returns; what goes wrong in one of the processes that run the program, all are told. */
  agree<T>(step: () => T): T;
  /** Returns the text that `step` returns on one process, which all that run the program are told. */
  tellAll(step: () => string, root: number): string;
  /** Checks that values, as text, are the same in all processes that run the program. */
  checkSame(values: Readonly<Record<string, string>>): void;
  /** Whether elementwise functions are computed at once instead of when their results are needed. */
  isEager: boolean;
  /**
   * Returns this process's part of an array, whose memory the caller may write to and keep.
   * @throws {@link DistArrayError} `ERR_NO_LOCAL_DATA` where this process holds no elements
   */
  localOf(handle: ArrayHandle): LocalArray;
  /** The same for a caller that only reads, and keeps nothing. */
  peekAt(handle: ArrayHandle): LocalArray;
  /** The array is not used any more: what it alone has is given back. Communicates nothing. */
  release(handle: ArrayHandle): void;
  /** The context that the session was made for is closed: its arrays are not used any more. */
  close(): void;
  /** Returns the handle of an array of which every process has its part. */
  handleOf(local: LocalArray): ArrayHandle;
}
