/** Tasks that travel together. */
import { type Encoded, encode } from '../mpi/objects/encoding.ts';
import { inspect } from '../mpi/objects/graph.ts';
import type { Job } from './job.ts';
import { Order } from './protocol.ts';

/**
 * Longer messages are sent to workers that have nothing else to do: others would not take them at once. Up to this size
 * Open MPI copies a message away; a longer one it may leave where it is until the other side looks.
 */
const SHORT_MESSAGE = 256;

/** Some tasks of a job that travel together. */
export interface Chunk {
  readonly job: Job;
  readonly indices: readonly number[];
  readonly items: readonly unknown[];
  /** How often it was tried before. */
  readonly attempts: number;
  /** The worker that should not try it again. */
  readonly avoid: number | null;
}

/**
 * Returns the message that has a worker do a chunk, with the function if it does not have that. Items that cannot be sent have
 * failed then, and null is returned.
 * @param functions - numbers of the functions that the worker has
 */
export function encodedChunk(chunk: Chunk, pool: number, functions: Set<number>): Encoded | null {
  const { job, items, indices } = chunk;
  const { fn, isSpread } = job.settings;
  const { number, sent } = fn;
  const message = [Order.run, pool, number, functions.has(number) ? null : sent, isSpread, items];
  try {
    const encoded = encode(message, 'tasks');
    functions.add(number);
    return encoded;
  } catch (error) {
    const details = { engine: -1, seconds: 0, attempts: 0 };
    for (const [k, index] of indices.entries()) {
      job.failTask(index, unsendable(items[k], index) ?? (error as Error), details);
    }
    return null;
  }
}

/**
 * So many chunks a worker gets at once: more than one when they are short, so that it need not wait for the next. Tasks with
 * time limits are never sent ahead: they may have to be done by others.
 */
export function depthOf(job: Job, worker: number, workers: number): number {
  const mean = job.meanSeconds;
  if (job.settings.timeout !== null || mean === null) return 1;
  const seconds = mean * job.chunkSizeFor(worker, workers);
  if (seconds < 2e-4) return 4;
  return seconds < 2e-2 ? 2 : 1;
}

/** The error of an item that cannot be sent, with its path. */
function unsendable(item: unknown, index: number): Error | null {
  try {
    inspect(item, `items[${index}]`, true);
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** Whether a worker that is busy would not take a message at once. */
export function isLong({ head, parts }: Encoded): boolean {
  return parts.length > 0 || head.byteLength > SHORT_MESSAGE;
}
