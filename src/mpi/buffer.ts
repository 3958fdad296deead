/** Message buffers: what may be sent and received, and how it gets into the command block. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import * as commandBlock from './command.ts';
import { Datatype } from './datatype.ts';
import { checkPart } from './layout.ts';
import { BYTE, datatypeOfArray } from './predefinedTypes.ts';
import { isNdArray, type NdArrayLike, resolveNdArray } from './stridedView.ts';
import { bytesOf, canShrink, isGone } from './viewMemory.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  command,
  IN_PLACE_ADDRESS,
  RECV_ADDRESS,
  RECV_COUNT,
  RECV_TYPE,
  raw,
  SEND_ADDRESS,
  SEND_COUNT,
  SEND_TYPE,
} = commandBlock;

/** A typed array whose elements MPI knows. */
export type TypedArray =
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** A part of a typed array or DataView, or one whose elements are of another datatype. */
export interface BufferSpec {
  readonly data: TypedArray | DataView;
  /** Index of the first element of `data` (of the first byte for a DataView). Default 0. */
  readonly offset?: number;
  /** Number of elements of `datatype`. Default: as many as there are. */
  readonly count?: number;
  /** Default: that of the elements of `data`; `BYTE` for a DataView. */
  readonly datatype?: Datatype;
}

/**
 * What is sent or received: a typed array (all of it), a DataView, a {@link BufferSpec}, or a scijs
 * `ndarray`, whose elements travel in the C order of the view, whatever its strides.
 */
export type BufferLike = TypedArray | DataView | BufferSpec | NdArrayLike;

/** Stands for the buffer that a collective reads its input from and leaves its result in. */
export const IN_PLACE: unique symbol = Symbol('MPI.IN_PLACE');
export type InPlace = typeof IN_PLACE;

/** What we remember of a typed array: asking Node-API for its address costs 80 ns. */
interface Registration {
  /** The array itself: another one may inherit from it, and with that find its registration. */
  readonly owner: unknown;
  /** Address of the first element. Valid as long as the array's length is not 0 (not detached). */
  readonly address: number;
  readonly type: number;
  /** Length when it was registered. */
  readonly length: number;
  /** Whether its memory may be cut off. */
  readonly shrinks: boolean;
}

const registrationKey = Symbol('distarray.registration');
type Registered = { [registrationKey]?: Registration };

// A frozen or sealed array cannot carry a symbol.
const unextendable = new WeakMap<object, Registration>();

// User operations run JavaScript inside of MPI calls, and with it the garbage collector, which does
// not know that the buffers of the call are in use. As long as there is one, they are held here.
let holders = 0;
const held: { send: unknown; recv: unknown } = { send: undefined, recv: undefined };

/** From now on keeps the buffers of the last call in memory, until {@link releaseBuffers}. */
export function holdBuffers(): void {
  holders++;
}

/** Ends one {@link holdBuffers}. */
export function releaseBuffers(): void {
  holders--;
  if (holders > 0) return;
  held.send = undefined;
  held.recv = undefined;
}

/** Puts the send buffer into the command block and returns its number of elements. */
export function setSend(buffer: BufferLike, argument: string): number {
  if (holders !== 0) held.send = buffer;
  const known = (buffer as Registered | null)?.[registrationKey];
  if (known !== undefined && known.owner === buffer) {
    const count = (buffer as TypedArray).length;
    if (count === 0 && known.length !== 0) throw detachedError(argument);
    command[SEND_ADDRESS] = known.address;
    command[SEND_TYPE] = known.type;
    command[SEND_COUNT] = count;
    return count;
  }
  return setUnregistered(buffer, argument, SEND_ADDRESS, SEND_COUNT, SEND_TYPE);
}

/** Puts the receive buffer into the command block and returns its number of elements. */
export function setRecv(buffer: BufferLike, argument: string): number {
  if (holders !== 0) held.recv = buffer;
  const known = (buffer as Registered | null)?.[registrationKey];
  if (known !== undefined && known.owner === buffer) {
    const count = (buffer as TypedArray).length;
    if (count === 0 && known.length !== 0) throw detachedError(argument);
    command[RECV_ADDRESS] = known.address;
    command[RECV_TYPE] = known.type;
    command[RECV_COUNT] = count;
    return count;
  }
  return setUnregistered(buffer, argument, RECV_ADDRESS, RECV_COUNT, RECV_TYPE);
}

/** Makes a collective take its input from where its result goes. */
export function setSendInPlace(): void {
  command[SEND_ADDRESS] = IN_PLACE_ADDRESS;
  command[SEND_COUNT] = 0;
  command[SEND_TYPE] = BYTE.handle;
}

/** The same on the receiving side (scatter on the root). */
export function setRecvInPlace(): void {
  command[RECV_ADDRESS] = IN_PLACE_ADDRESS;
  command[RECV_COUNT] = 0;
  command[RECV_TYPE] = BYTE.handle;
}

/** For ranks on which a collective ignores the send buffer. */
export function setSendNothing(): void {
  command[SEND_ADDRESS] = 0;
  command[SEND_COUNT] = 0;
  command[SEND_TYPE] = BYTE.handle;
}

/** For ranks on which a collective ignores the receive buffer. */
export function setRecvNothing(): void {
  command[RECV_ADDRESS] = 0;
  command[RECV_COUNT] = 0;
  command[RECV_TYPE] = BYTE.handle;
}

/** The address of an integer array of counts or displacements, for the command block. */
export function addressOfInts(array: Int32Array): number {
  return register(array, 'counts').address;
}

/**
 * The address of the first element of a typed array. What MPI has sent or received before is remembered;
 * other arrays are not registered for this, which costs more than asking.
 * @throws {@link ArgumentTypeError} for what is no typed array, {@link ArgumentRangeError} for a detached one
 */
export function addressOfArray(array: TypedArray, argument: string): number {
  const known = (array as Registered | null)?.[registrationKey];
  if (known !== undefined && known.owner === array) {
    if (array.length === 0 && known.length !== 0) throw detachedError(argument);
    return known.address;
  }
  if (!ArrayBuffer.isView(array)) throw bufferTypeError(argument, array);
  return raw.addressOf(array);
}

/** The view whose memory a buffer is. */
export function memoryOf(buffer: BufferLike): ArrayBufferView {
  return ArrayBuffer.isView(buffer) ? buffer : buffer.data;
}

/**
 * Throws when the memory of a buffer may be cut off while a communication that is only started uses
 * it. Whether it is a buffer at all is found out elsewhere.
 */
export function checkLasting(buffer: unknown, argument: string): void {
  const known = (buffer as Registered | null | undefined)?.[registrationKey];
  if (known !== undefined && known.owner === buffer && !known.shrinks) return;
  const memory = ArrayBuffer.isView(buffer)
    ? buffer
    : (buffer as Partial<BufferSpec> | null | undefined)?.data;
  if (!ArrayBuffer.isView(memory) || !canShrink(memory)) return;
  throw new ArgumentTypeError(
    argument,
    'memory of a fixed length, which no resize() can cut off meanwhile',
    memory.buffer,
  );
}

/** The datatype of a buffer's elements, also of an ndarray's; undefined when there is none. */
export function datatypeOf(buffer: BufferLike): Datatype | undefined {
  if ('datatype' in buffer && buffer.datatype) return buffer.datatype;
  const memory = memoryOf(buffer);
  return memory instanceof DataView ? BYTE : datatypeOfArray(memory);
}

/** Bytes of one element of the datatype in a buffer. */
export function elementSize(buffer: BufferLike): number {
  if (ArrayBuffer.isView(buffer)) return buffer instanceof DataView ? 1 : buffer.BYTES_PER_ELEMENT;
  if ('datatype' in buffer && buffer.datatype) return buffer.datatype.size;
  return elementSize(buffer.data);
}

function setUnregistered(
  buffer: BufferLike,
  argument: string,
  addressSlot: number,
  countSlot: number,
  typeSlot: number,
): number {
  let count: number;
  if (ArrayBuffer.isView(buffer) && !(buffer instanceof DataView)) {
    const { address, type, length } = register(buffer, argument);
    count = buffer.length;
    if (count === 0 && length !== 0) throw detachedError(argument);
    command[addressSlot] = address;
    command[typeSlot] = type;
  } else if (isNdArray(buffer)) {
    const view = resolveNdArray(buffer, argument, addressSlot === RECV_ADDRESS);
    command[addressSlot] = view.address;
    command[typeSlot] = view.type;
    command[countSlot] = view.count;
    return view.elements;
  } else {
    const part = resolvePart(buffer, argument);
    count = part.count;
    command[addressSlot] = part.address;
    command[typeSlot] = part.type;
  }
  command[countSlot] = count;
  return count;
}

function register(array: ArrayBufferView, argument: string): Registration {
  const known = (array as Registered)[registrationKey] ?? unextendable.get(array);
  if (known !== undefined && known.owner === array) return known;
  const type = datatypeOfArray(array);
  if (type === undefined || hasOwnIdeaOfLength(array)) throw bufferTypeError(argument, array);
  const { length } = array as TypedArray;
  if (length === 0 && isGone(array)) throw detachedError(argument);
  const address = raw.addressOf(array);
  const shrinks = canShrink(array);
  const registration = { owner: array, address, type: type.handle, length, shrinks };
  if (Object.isExtensible(array)) {
    Object.defineProperty(array, registrationKey, { value: registration });
  } else {
    unextendable.set(array, registration);
  }
  return registration;
}

const typedArrayPrototype: object = Object.getPrototypeOf(Uint8Array.prototype);

/** Whether a subclass says another length than the memory has: MPI would go beyond it. */
function hasOwnIdeaOfLength(array: object): boolean {
  for (let level = array; level !== typedArrayPrototype; level = Object.getPrototypeOf(level)) {
    if (level === null || Object.hasOwn(level, 'length')) return true;
  }
  return false;
}

/** Checks a {@link BufferSpec} or DataView against its memory and finds the part that it means. */
function resolvePart(
  buffer: DataView | BufferSpec,
  argument: string,
): { address: number; count: number; type: number } {
  const spec: BufferSpec = buffer instanceof DataView ? { data: buffer } : buffer;
  const data = spec === null || typeof spec !== 'object' ? undefined : spec.data;
  if (!ArrayBuffer.isView(data)) throw bufferTypeError(argument, buffer);
  const itemBytes = data instanceof DataView ? 1 : data.BYTES_PER_ELEMENT;
  const datatype = spec.datatype ?? (data instanceof DataView ? BYTE : datatypeOfArray(data));
  if (datatype === undefined) throw bufferTypeError(argument, data);
  if (!(datatype instanceof Datatype)) {
    throw new ArgumentTypeError(`${argument}.datatype`, 'an MPI.Datatype', datatype);
  }
  const offset = spec.offset ?? 0;
  if (isGone(data)) throw detachedError(argument);
  const bytes = bytesOf(data);
  checkInteger(`${argument}.offset`, offset, 0, bytes / itemBytes);
  const origin = offset * itemBytes;
  const count = checkPart(argument, bytes, origin, datatype, spec.count);
  return {
    address: raw.addressOf(data) + origin,
    count,
    type: datatype.handle,
  };
}

function bufferTypeError(argument: string, value: unknown): ArgumentTypeError {
  return new ArgumentTypeError(
    argument,
    'a typed array, a DataView, an ndarray or { data, offset, count, datatype }',
    value,
  );
}

function detachedError(argument: string): ArgumentRangeError {
  return new ArgumentRangeError(
    argument,
    'memory that is still there',
    'an array whose buffer was transferred, shrunk or grown away',
  );
}
