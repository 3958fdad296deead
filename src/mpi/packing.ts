/** Packing and unpacking: elements as bytes, one after the other. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  COMM,
  command,
  OUTPUT,
  RECV_ADDRESS,
  RECV_COUNT,
  RECV_TYPE,
  RESULT,
  raw,
  SEND_ADDRESS,
  SEND_COUNT,
  SEND_TYPE,
} from './command.ts';
import { predefined } from './environment.ts';
import { commandError } from './errors.ts';
import type { CommHandle } from './handle.ts';
import { checkPart, type Layout } from './layout.ts';
import { bytesOf } from './viewMemory.ts';

/** The elements to pack, or where unpacked ones go: a view, or a part of it. */
export type PackMemory =
  | ArrayBufferView
  | {
      readonly data: ArrayBufferView;
      /** Index of the first element of `data` (of the first byte for a DataView). Default 0. */
      readonly offset?: number;
      /** Number of elements of the datatype. Default: as many as there are. */
      readonly count?: number;
    };

/** Options of {@link Datatype.packSize}. */
export interface PackFormOptions {
  /** Whether in `external32`, which all MPIs and machines read alike. Default false. */
  readonly external?: boolean;
  /** Communicator that the bytes travel in. Default `COMM_WORLD`. */
  readonly comm?: CommHandle;
}

/** Options of {@link Datatype.pack} and {@link Datatype.unpack}. */
export interface PackOptions extends PackFormOptions {
  /** Byte of the packed ones where to begin. Default 0. */
  readonly position?: number;
}

/** Bytes that `count` elements take at most. */
export function packSize(layout: Layout, count: number, options?: PackFormOptions): number {
  checkInteger('count', count, 0);
  command[SEND_TYPE] = layout.handle;
  command[SEND_COUNT] = count;
  setForm(options);
  raw.packSize();
  if (command[RESULT] !== 0) throw commandError('MPI_Pack_size', SEND_COUNT);
  return command[OUTPUT];
}

/** Packs elements and returns the position behind them. */
export function pack(
  layout: Layout,
  memory: PackMemory,
  packed: Uint8Array,
  options?: PackOptions,
): number {
  const { address, count } = elements('inbuf', layout, memory);
  const position = checkPacked(layout, count, packed, options);
  command[SEND_ADDRESS] = address;
  command[SEND_COUNT] = count;
  command[SEND_TYPE] = layout.handle;
  command[RECV_ADDRESS] = raw.addressOf(packed);
  command[RECV_COUNT] = packed.byteLength;
  command[ARGUMENT1] = position;
  setForm(options);
  raw.pack();
  if (command[RESULT] !== 0) throw commandError('MPI_Pack', SEND_COUNT);
  return command[OUTPUT];
}

/** Unpacks elements and returns the position behind them. */
export function unpack(
  layout: Layout,
  packed: Uint8Array,
  memory: PackMemory,
  options?: PackOptions,
): number {
  const { address, count } = elements('outbuf', layout, memory);
  const position = checkPacked(layout, count, packed, options);
  command[SEND_ADDRESS] = raw.addressOf(packed);
  command[SEND_COUNT] = packed.byteLength;
  command[RECV_ADDRESS] = address;
  command[RECV_COUNT] = count;
  command[RECV_TYPE] = layout.handle;
  command[ARGUMENT1] = position;
  setForm(options);
  raw.unpack();
  if (command[RESULT] !== 0) throw commandError('MPI_Unpack', RECV_COUNT);
  return command[OUTPUT];
}

function setForm(options?: PackFormOptions): void {
  command[COMM] = options?.comm === undefined ? predefined.COMM_WORLD : options.comm.handle;
  command[ARGUMENT0] = options?.external ? 1 : 0;
}

function elements(
  argument: string,
  layout: Layout,
  memory: PackMemory,
): { address: number; count: number } {
  const part = ArrayBuffer.isView(memory) ? { data: memory } : memory;
  const data = part?.data;
  if (!ArrayBuffer.isView(data)) {
    throw new ArgumentTypeError(argument, 'a view or { data, offset, count }', memory);
  }
  const itemBytes = (data as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const offset = part.offset ?? 0;
  const bytes = bytesOf(data);
  checkInteger(`${argument}.offset`, offset, 0, bytes / itemBytes);
  const origin = offset * itemBytes;
  const count = checkPart(argument, bytes, origin, layout, part.count);
  return { address: raw.addressOf(data) + origin, count };
}

/** The position, from which on there must be the bytes of `count` elements. */
function checkPacked(
  layout: Layout,
  count: number,
  packed: Uint8Array,
  options?: PackOptions,
): number {
  if (!(packed instanceof Uint8Array)) {
    throw new ArgumentTypeError('packed', 'a Uint8Array', packed);
  }
  const position = options?.position ?? 0;
  checkInteger('options.position', position, 0, packed.byteLength);
  // Between like machines MPI's own form has the elements as they are.
  const bytes = options?.external ? packSize(layout, count, options) : count * layout.size;
  if (position + bytes > packed.byteLength) {
    throw new ArgumentRangeError(
      'packed',
      `${bytes} bytes from position ${position}`,
      `${packed.byteLength} bytes`,
    );
  }
  return position;
}
