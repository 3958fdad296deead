/** Memory on huge pages, which large messages need to be fast. */
import { ArgumentTypeError, checkInteger, DistArrayError } from '../errors.ts';
import type { TypedArray } from './buffer.ts';
import { raw } from './command.ts';
import { classError } from './errors.ts';
import { userOf } from './memoryUsers.ts';
import { collectYoungGarbage } from './youngGarbage.ts';

/** Constructor of a kind of typed array. */
export interface TypedArrayConstructor<T extends TypedArray = TypedArray> {
  readonly BYTES_PER_ELEMENT: number;
  readonly name: string;
  new (buffer: ArrayBufferLike, byteOffset?: number, length?: number): T;
}

/** From this size on memory is on huge pages that nobody has asked for; `allocMem` begins at 1 MiB. */
const HUGE_BYTES = 4 * 2 ** 20;

/** From this size on it is worth to use memory again. */
const RECYCLED_BYTES = 2 ** 19;

/** After so many milliseconds in which nobody wanted any, the system may have what is kept. */
const IDLE_MS = 1000;

/** How much memory may wait for the event loop to give it back. */
const UNCOLLECTED_BYTES = 2 ** 30;

/** `%TypedArray%`, from which all kinds inherit. */
const AnyTypedArray: abstract new () => object = Object.getPrototypeOf(Int8Array);

/** Node 20 makes no longer array buffers. */
const MOST_BYTES = 2 ** 33;

/**
 * Returns zeroed memory that suits messages, in the place of `MPI_Alloc_mem`: from 1 MiB on it begins
 * at a multiple of 2 MiB and lies on huge pages (`madvise`), over which messages between processes of
 * a host travel up to twice as fast.
 *
 * @remarks The memory goes with the collection of what refers to it, at the latest when the event loop turns
 * then, or at once by {@link freeMem}. It cannot be transferred to another thread.
 * @throws {@link DistArrayError} `ERR_MEMORY` when there is not so much
 */
export function allocMem(bytes: number): ArrayBuffer;
/** Returns a typed array of `length` elements over such memory. */
export function allocMem<T extends TypedArray>(type: TypedArrayConstructor<T>, length: number): T;
export function allocMem<T extends TypedArray>(
  what: number | TypedArrayConstructor<T>,
  length?: number,
): ArrayBuffer | T {
  if (typeof what === 'number') return allocateBytes('bytes', what, 1);
  checkTypedArrayConstructor('type', what);
  return new what(allocateBytes('length', length, what.BYTES_PER_ELEMENT));
}

/**
 * Gives memory of {@link allocMem}, or of a large array in a value that was received, back at once
 * (`MPI_Free_mem`): every array over it has length 0 afterwards.
 * @throws {@link ArgumentTypeError} when the memory is not one of `allocMem`'s, or was freed
 * @throws {@link MPIError} `MPI_ERR_BUFFER` while a request or a window uses it, or buffered sends
 */
export function freeMem(memory: ArrayBuffer | ArrayBufferView): void {
  const buffer = ArrayBuffer.isView(memory) ? memory.buffer : memory;
  const user = userOf(buffer);
  if (user !== undefined) {
    throw classError('MPI_Free_mem', 'MPI_ERR_BUFFER', `${user} still uses the memory`);
  }
  if (!(buffer instanceof ArrayBuffer) || !raw.freeMem(buffer)) {
    throw new ArgumentTypeError('memory', 'memory of allocMem that was not freed', memory);
  }
}

/**
 * Gives the memory of an array buffer back at once, if it is one that can be and nothing uses it; every array over it
 * has length 0 afterwards. Otherwise it goes with the collection of what refers to it.
 * @internal
 */
export function releaseMemory(buffer: ArrayBufferLike): void {
  if (buffer instanceof ArrayBuffer && userOf(buffer) === undefined) raw.freeMem(buffer);
}

/**
 * Returns zeroed memory on huge pages for an array that is to be collected as any other; null when it
 * would not gain by them, or when there are {@link UNCOLLECTED_BYTES} of such memory already: Node
 * may give it back on a turn of the event loop only, and a loop that never lets one happen must not
 * fill the machine.
 * @internal
 */
export function hugeBuffer(bytes: number): ArrayBuffer | null {
  if (bytes < HUGE_BYTES || bytes > MOST_BYTES) return null;
  return raw.allocMem(bytes, UNCOLLECTED_BYTES, true);
}

/** What an array buffer has none of whose memory is used again when only its collection shows. */
const NOT_TRANSFERABLE = {
  transfer: { value: undefined },
  transferToFixedLength: { value: undefined },
};

/**
 * Returns memory that the caller writes all of, with anything in it: on huge pages that have been used
 * before where there are such, since to touch new ones takes as long as what is written there. They
 * come from memory of this function's that was collected or freed ({@link freeMem}); up to 512 MiB are
 * kept for it, which the system may take back when none was wanted for a second. Null when it would not
 * gain by that, or when there are {@link UNCOLLECTED_BYTES} of such memory.
 *
 * @remarks Memory comes back when the collector has seen that its array buffer is free, also in a loop that never
 * lets the event loop turn. The buffer must therefore not hand its memory to another one (`transfer`).
 * @internal
 */
export function recycledBuffer(bytes: number): ArrayBuffer | null {
  if (bytes < RECYCLED_BYTES || bytes > MOST_BYTES) return null;
  collectYoungGarbage();
  const buffer = raw.allocMem(bytes, UNCOLLECTED_BYTES, false);
  if (buffer === null) return null;
  recentlyWanted = true;
  idleCheck ??= setInterval(offerWhenIdle, IDLE_MS).unref();
  return Object.defineProperties(buffer, NOT_TRANSFERABLE);
}

let recentlyWanted = false;
let idleCheck: NodeJS.Timeout | undefined;

function offerWhenIdle(): void {
  if (recentlyWanted) {
    recentlyWanted = false;
    return;
  }
  if (raw.offerKeptMemory()) return;
  clearInterval(idleCheck);
  idleCheck = undefined;
}

/** Returns memory for a message to be received into: {@link recycledBuffer}, or new. @internal */
export function messageMemory(bytes: number): Uint8Array {
  const buffer = bytes >= HUGE_BYTES ? recycledBuffer(bytes) : null;
  return buffer === null ? preferHugePages(new Uint8Array(bytes)) : new Uint8Array(buffer);
}

/**
 * Asks for huge pages for a new array that nothing has been written to yet, when it is large enough.
 * The array stays an ordinary one: where it begins and ends, pages remain small, and memory that was
 * used before keeps its pages.
 * @internal
 */
export function preferHugePages<T extends ArrayBufferView>(array: T): T {
  if (array.byteLength >= HUGE_BYTES) raw.adviseHugePages(array);
  return array;
}

/** Throws unless `type` makes typed arrays. @internal */
export function checkTypedArrayConstructor(argument: string, type: unknown): void {
  if (typeof type === 'function' && type.prototype instanceof AnyTypedArray) return;
  throw new ArgumentTypeError(argument, 'a typed array constructor', type);
}

function allocateBytes(argument: string, length: unknown, itemBytes: number): ArrayBuffer {
  checkInteger(argument, length, 0, Math.floor(MOST_BYTES / itemBytes));
  const bytes = length * itemBytes;
  if (bytes === 0) return new ArrayBuffer(0);
  const buffer = raw.allocMem(bytes, Number.POSITIVE_INFINITY, true);
  if (buffer === null) {
    throw new DistArrayError('ERR_MEMORY', `There are no ${bytes} bytes of memory to be had.`);
  }
  return buffer;
}
