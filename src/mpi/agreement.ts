/**
 * Agreement: a step that may fail on one rank only (a full disk, a missing permission) fails on all
 * of them, with the same error, or on none.
 */
import { DistArrayError } from '../errors.ts';
import { MPIError } from './errors.ts';
import { MAX } from './operation.ts';
import type { Reductions } from './reductions.ts';

/**
 * Returns what `step` returns, when it succeeded on every rank.
 * @remarks Collective: one small allreduce, and two broadcasts when a rank failed.
 * @param step what this rank does; may be collective itself
 * @throws {@link DistArrayError} on every rank alike, an {@link MPIError} when it was one: code and
 * message of the lowest rank that failed; where it happened the original error is the `cause`
 */
export function agree<T>(comm: Reductions, step: () => T): T {
  let result: T | undefined;
  let failure: unknown;
  let failed = false;
  try {
    result = step();
  } catch (error) {
    failure = error;
    failed = true;
  }
  // The largest key is that of the lowest rank that failed; 0 when none did.
  const first = comm.size - comm.allreduce(failed ? comm.size - comm.rank : 0, { op: MAX });
  if (first === comm.size) return result as T;
  const told = broadcastText(comm, failed ? JSON.stringify(describe(failure)) : '', first);
  throw errorOf(JSON.parse(told), failed ? { cause: failure } : undefined);
}

/**
 * Does something on one rank and returns its result, a string, on all.
 * @remarks Collective. Fails on every rank alike, as {@link agree}.
 */
export function onRoot(comm: Reductions, step: () => string, root = 0): string {
  const text = agree(comm, () => (comm.rank === root ? step() : ''));
  return broadcastText(comm, text, root);
}

/** Returns the root's string on every rank. @remarks Collective. */
export function broadcastText(comm: Reductions, text: string, root: number): string {
  const length = new Int32Array(1);
  const encoded = comm.rank === root ? new TextEncoder().encode(text) : undefined;
  if (encoded) length[0] = encoded.length;
  comm.bcast(length, { root });
  const bytes = encoded ?? new Uint8Array(length[0]);
  comm.bcast(bytes, { root });
  return new TextDecoder().decode(bytes);
}

/** What ranks tell each other about an error; of an MPIError also what only that has. */
interface Described {
  readonly code: string;
  readonly message: string;
  readonly mpi?: { readonly call: string; readonly errorCode: number; readonly rank: number };
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { code: 'ERR_UNKNOWN', message: String(error) };
  const { message } = error;
  if (error instanceof MPIError) {
    const { call, errorCode, rank } = error;
    return { code: error.class, message, mpi: { call, errorCode, rank } };
  }
  const code = (error as { code?: unknown }).code;
  return { code: typeof code === 'string' ? code : 'ERR_UNKNOWN', message };
}

function errorOf({ code, message, mpi }: Described, options?: ErrorOptions): DistArrayError {
  if (mpi === undefined) return new DistArrayError(code, message, options);
  return new MPIError(mpi.call, code, mpi.errorCode, mpi.rank, message, options);
}
