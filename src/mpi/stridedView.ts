/** Scijs ndarrays as buffers: a range of memory, or a derived datatype that is kept for the next. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { TypedArray } from './buffer.ts';
import {
  ARGUMENT0,
  command,
  OUTPUT,
  RESULT,
  raw,
  SEND_ADDRESS,
  SEND_COUNTS,
  SEND_TYPE,
} from './command.ts';
import { commandError } from './errors.ts';
import { datatypeOfArray } from './predefinedTypes.ts';

/** A scijs `ndarray` over a typed array. */
export interface NdArrayLike {
  readonly data: TypedArray;
  readonly shape: number[];
  readonly stride: number[];
  /** Index in `data` of the element at `[0, 0, …]`. */
  readonly offset: number;
}

/** An ndarray as MPI takes it. */
export interface ResolvedView {
  readonly address: number;
  readonly type: number;
  readonly count: number;
  /** Number of elements, which `count` is not when the datatype is one of all of them. */
  readonly elements: number;
}

/** The dimensions of a view: those that lie one behind the other made one, those of 1 left out. */
export interface Steps {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly elements: number;
}

// Handles of the latest datatypes; a Map is in the order of insertion.
const cache = new Map<string, number>();
const CACHE_SIZE = 64;

/** Whether a buffer is an ndarray. */
export function isNdArray(buffer: unknown): buffer is NdArrayLike {
  const { shape, stride } = (buffer ?? {}) as Partial<NdArrayLike>;
  return Array.isArray(shape) && Array.isArray(stride);
}

/** The view's steps, checked: all of its elements are inside of its data. */
export function stepsOf(view: NdArrayLike, argument: string): Steps {
  const { data, shape, stride, offset } = view;
  if (!ArrayBuffer.isView(data) || datatypeOfArray(data) === undefined) {
    throw new ArgumentTypeError(`${argument}.data`, "a typed array as an ndarray's data", data);
  }
  checkInteger(`${argument}.offset`, offset, 0);
  const merged = { shape: [] as number[], stride: [] as number[] };
  let elements = 1;
  let first = offset;
  let last = offset;
  for (const [d, extent] of shape.entries()) {
    checkInteger(`${argument}.shape[${d}]`, extent, 0);
    checkInteger(`${argument}.stride[${d}]`, stride[d]);
    elements *= extent;
    const reach = (extent - 1) * stride[d];
    if (reach < 0) first += reach;
    else last += reach;
    if (extent === 1) continue;
    const outer = merged.shape.length - 1;
    if (outer >= 0 && merged.stride[outer] === extent * stride[d]) {
      merged.shape[outer] *= extent;
      merged.stride[outer] = stride[d];
    } else {
      merged.shape.push(extent);
      merged.stride.push(stride[d]);
    }
  }
  if (elements > 0 && (first < 0 || last >= data.length)) {
    throw new ArgumentRangeError(
      argument,
      `a view of elements in [0, ${data.length - 1}]`,
      `one of [${first}, ${last}]`,
    );
  }
  return { ...merged, elements };
}

/** Whether the elements are one range of memory, in order. */
export function isDense({ shape, stride, elements }: Steps): boolean {
  return elements === 0 || shape.length === 0 || (shape.length === 1 && stride[0] === 1);
}

/** `receives`: whether it is written to. */
export function resolveNdArray(
  view: NdArrayLike,
  argument: string,
  receives: boolean,
): ResolvedView {
  const steps = stepsOf(view, argument);
  const { elements } = steps;
  const type = datatypeOfArray(view.data)!;
  const itemBytes = view.data.BYTES_PER_ELEMENT;
  if (elements === 0) {
    return { address: raw.addressOf(view.data), type: type.handle, count: 0, elements };
  }
  const address = raw.addressOf(view.data) + view.offset * itemBytes;
  if (isDense(steps)) return { address, type: type.handle, count: elements, elements };
  if (receives) checkWritable(steps, argument);
  return {
    address,
    type: stridedType(type.handle, itemBytes, steps, argument),
    count: 1,
    elements,
  };
}

/** Throws when a buffer is an ndarray whose elements are the same memory: it cannot be written to. */
export function checkRoom(buffer: unknown, argument: string): void {
  if (isNdArray(buffer)) checkWritable(stepsOf(buffer, argument), argument);
}

/** Throws when elements of the view are the same memory. */
export function checkWritable(steps: Steps, argument: string): void {
  if (steps.elements === 0 || !steps.stride.includes(0)) return;
  throw new ArgumentRangeError(argument, 'elements of their own (no stride 0)', [...steps.stride]);
}

function stridedType(element: number, itemBytes: number, steps: Steps, argument: string): number {
  const key = `${element}|${steps.shape}|${steps.stride}`;
  const known = cache.get(key);
  if (known !== undefined) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  for (const extent of steps.shape) checkInteger(`${argument}.shape`, extent, 0, 2 ** 31 - 1);
  if (cache.size >= CACHE_SIZE) freeOldest();
  const type = makeStrided(
    element,
    Int32Array.from(steps.shape),
    Float64Array.from(steps.stride, (stride) => stride * itemBytes),
  );
  cache.set(key, type);
  return type;
}

/** The slots of both buffers are as before afterwards: the other one may be in them already. */
function makeStrided(element: number, shape: Int32Array, strides: Float64Array): number {
  const slots = [SEND_TYPE, SEND_COUNTS, SEND_ADDRESS, ARGUMENT0];
  const before = slots.map((slot) => command[slot]);
  const values = [element, raw.addressOf(shape), raw.addressOf(strides), shape.length];
  for (const [k, slot] of slots.entries()) command[slot] = values[k];
  raw.typeStrided();
  if (command[RESULT] !== 0) throw commandError('MPI_Type_create_hvector');
  for (const [k, slot] of slots.entries()) command[slot] = before[k];
  return command[OUTPUT];
}

/** What is under way with it still arrives. */
function freeOldest(): void {
  const [[key, type]] = cache;
  const before = command[SEND_TYPE];
  command[SEND_TYPE] = type;
  raw.typeFree();
  command[SEND_TYPE] = before;
  cache.delete(key);
}
