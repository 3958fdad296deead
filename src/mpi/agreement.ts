/**
 * Agreement: a step that may fail on one rank only (a full disk, a missing permission) fails on all
 * of them, with the same error, or on none.
 */
import { DistArrayError } from '../errors.ts';
import { MAX } from './operation.ts';
import type { Reductions } from './reductions.ts';

/**
 * Returns what `step` returns, when it succeeded on every rank.
 * @remarks Collective: one small allreduce, and two broadcasts when a rank failed.
 * @param step what this rank does; may be collective itself
 * @throws {@link DistArrayError} on every rank alike: code and message of the lowest rank that
 * failed; where it happened the original error is the `cause`
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
  const { code, message } = failed ? describe(failure) : { code: '', message: '' };
  throw new DistArrayError(
    broadcastText(comm, code, first),
    broadcastText(comm, message, first),
    failed ? { cause: failure } : undefined,
  );
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

function describe(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'ERR_UNKNOWN', message: String(error) };
  const code = (error as { code?: unknown }).code;
  return { code: typeof code === 'string' ? code : 'ERR_UNKNOWN', message: error.message };
}
