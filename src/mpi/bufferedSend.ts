/** Memory for buffered sends. */
import { markAsUntransferable } from 'node:worker_threads';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { type BufferLike, elementSize } from './buffer.ts';
import { command, RESULT, raw, SEND_ADDRESS, SEND_COUNT } from './command.ts';
import { classError, commandError } from './errors.ts';
import { addMemoryUsers } from './memoryUsers.ts';

/** Bytes that each buffered message takes beyond its own (at least `MPI_BSEND_OVERHEAD`). */
export const BSEND_OVERHEAD = 512;

let attached: Uint8Array | undefined;

addMemoryUsers((buffer) => (attached?.buffer === buffer ? 'the buffer of bsend' : undefined));

/**
 * Throws when a message can never fit the attached memory. MPI would say so too, but in Open MPI 4.1
 * no later message to the same rank arrives after that: the failed one has taken its turn.
 * @internal
 */
export function checkBufferedSend(buffer: BufferLike, count: number): void {
  const bytes = count * elementSize(buffer);
  const room = attached?.byteLength ?? 0;
  if (bytes + BSEND_OVERHEAD <= room) return;
  throw classError(
    'MPI_Bsend',
    'MPI_ERR_BUFFER',
    `${bytes} bytes and ${BSEND_OVERHEAD} more do not fit the ${room} bytes that are attached`,
  );
}

/**
 * Gives MPI memory for buffered sends (`MPI_Buffer_attach`): for each message that may be under way
 * its bytes and {@link BSEND_OVERHEAD} more. From now on it cannot be transferred to another thread.
 * @throws {@link ArgumentRangeError} when memory is attached already
 */
export function attachBuffer(bytes: Uint8Array): void {
  if (!(bytes instanceof Uint8Array)) throw new ArgumentTypeError('bytes', 'a Uint8Array', bytes);
  const memory = bytes.buffer as ArrayBufferLike & { readonly resizable?: boolean };
  if (memory.resizable || bytes.byteLength === 0) {
    throw new ArgumentRangeError('bytes', 'memory of a fixed length', bytes);
  }
  if (attached !== undefined) {
    throw new ArgumentRangeError('bytes', 'one buffer at a time', 'a second one');
  }
  command[SEND_ADDRESS] = raw.addressOf(bytes);
  command[SEND_COUNT] = bytes.byteLength;
  raw.attachBuffer();
  if (command[RESULT] !== 0) throw commandError('MPI_Buffer_attach', SEND_COUNT);
  attached = bytes;
  if (memory instanceof ArrayBuffer) markAsUntransferable(memory);
}

/**
 * Waits until all buffered messages are sent and takes the memory back (`MPI_Buffer_detach`).
 * Returns it; null when none was attached.
 */
export function detachBuffer(): Uint8Array | null {
  if (attached === undefined) return null;
  raw.detachBuffer();
  if (command[RESULT] !== 0) throw commandError('MPI_Buffer_detach');
  const bytes = attached;
  attached = undefined;
  return bytes;
}
