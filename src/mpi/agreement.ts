/**
 * Agreement: a step that may fail on one rank only (a full disk, a missing permission) fails on all
 * of them, with the same error, or on none.
 */
import { ArgumentRangeError, describeError, errorOfDescription, isDescribed } from '../errors.ts';
import { IN_PLACE } from './buffer.ts';
import { MAX } from './operation.ts';
import type { Reductions } from './reductions.ts';

/**
 * Returns what `step` returns, when it succeeded on every rank.
 * @remarks Collective: one small allreduce, and two broadcasts when a rank failed.
 * @param step what this rank does; may be collective itself
 * @throws the error of the lowest rank that failed, on every rank: of the same class, with the same message, code and
 * other fields. An error of a class of the program's own, which other ranks may lack, is a {@link DistArrayError}
 * with its code, or `ERR_UNKNOWN`, and so is what is no error. A rank that failed otherwise has its own error as
 * the `cause`
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
  if (comm.size === 1 && !failed) return result as T;
  // The largest key is that of the lowest rank that failed; 0 when none did.
  const first = comm.size - comm.allreduce(failed ? comm.size - comm.rank : 0, { op: MAX });
  if (first === comm.size) return result as T;
  const own = failed ? JSON.stringify(describeError(failure)) : '';
  const told = broadcastText(comm, own, first);
  if (told === own && isDescribed(failure)) throw failure;
  throw errorOfDescription(JSON.parse(told), failed ? { cause: failure } : undefined);
}

/**
 * Checks that arguments are the same on every rank: otherwise some would open one file and the rest
 * another, and wait for each other for ever.
 * @param values the arguments as text, by name
 * @remarks Collective: one small allreduce.
 * @throws {@link ArgumentRangeError} on every rank alike, for the first argument that differs
 */
export function checkSame(comm: Reductions, values: Readonly<Record<string, string>>): void {
  const names = Object.keys(values);
  const hashes = names.map((name) => hash(values[name]));
  const extremes = Float64Array.from([...hashes, ...hashes.map((value) => -value)]);
  comm.allreduce(IN_PLACE, extremes, { op: MAX });
  const differing = names.find((_, k) => extremes[k] !== -extremes[names.length + k]);
  if (differing === undefined) return;
  throw new ArgumentRangeError(differing, 'the same value on every rank', values[differing]);
}

/** 53 bits of a text (FNV-1a, twice). */
function hash(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let k = 0; k < text.length; k++) {
    low = Math.imul(low ^ text.charCodeAt(k), 0x01000193);
    high = Math.imul(high ^ text.charCodeAt(k), 0x85ebca6b);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
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
