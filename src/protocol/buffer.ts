/** What counts as a buffer of the protocol, read into one form. */
import { DTYPES, type Dtype, dtypeOf, type TypedArray } from '../dtype/dtype.ts';
import { describe, isInteger } from './values.ts';

/** A buffer with everything said: see {@link StridedBuffer} for the units. */
export interface BufferView {
  readonly data: TypedArray;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
  readonly dtype: Dtype;
}

/**
 * Returns `value` read as a buffer, over the same memory, or a string that says why it is none.
 * Never throws for values whose properties can be read.
 */
export function readBuffer(value: unknown): BufferView | string {
  if (value instanceof ArrayBuffer || isShared(value)) return ofArray(new Uint8Array(value));
  if (ArrayBuffer.isView(value)) return ofView(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return `${describe(value)} is not a buffer`;
  }
  const { data, shape, offset = 0, dtype } = value as Partial<Record<string, unknown>>;
  const { strides = (value as { stride?: unknown }).stride } = value as { strides?: unknown };
  if (!ArrayBuffer.isView(data)) return `${describe(value)} is not a buffer`;
  const array = ofView(data);
  if (typeof array === 'string') return array;
  if (!isIndexList(shape) || shape.some((extent) => extent < 0)) {
    return `its shape (${describe(shape)}) is not an array of integers ≥ 0`;
  }
  const name = dtypeNamed(dtype, array.data);
  if (name === undefined) return `its dtype (${describe(dtype)}) does not fit its ${tag(data)}`;
  const steps = strides ?? cOrderStrides(shape);
  if (!isIndexList(steps) || steps.length !== shape.length) {
    return `its strides (${describe(steps)}) are not ${shape.length} integers`;
  }
  if (!isInteger(offset) || offset < 0) {
    return `its offset (${describe(offset)}) is not an integer ≥ 0`;
  }
  const view: BufferView = { data: array.data, shape, strides: steps, offset, dtype: name };
  return fits(view)
    ? view
    : `its shape, strides and offset reach beyond its memory of ${elements(view)} elements`;
}

/** Returns the strides of a C-order array, in elements. */
export function cOrderStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis];
  }
  return strides;
}

/** Returns whether the elements lie one after the other in C order. */
export function isContiguous({ shape, strides }: Pick<BufferView, 'shape' | 'strides'>): boolean {
  if (shape.includes(0)) return true;
  const expected = cOrderStrides(shape);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === expected[axis]);
}

/**
 * Returns the elements in C order as a typed array of their own length: a view of the buffer's memory
 * where they lie so, otherwise a copy.
 */
export function toContiguous(view: BufferView): TypedArray {
  const { data, shape, strides, offset, dtype } = view;
  const { lanes } = DTYPES[dtype];
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (isContiguous(view)) {
    return data.subarray(offset * lanes, (offset + count) * lanes) as TypedArray;
  }
  const packed = new DTYPES[dtype].arrayType(count * lanes) as TypedArray;
  const index = new Array<number>(shape.length).fill(0);
  let from = offset;
  for (let k = 0; k < count; k++) {
    for (let lane = 0; lane < lanes; lane++) {
      packed[k * lanes + lane] = data[from * lanes + lane] as never;
    }
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++index[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      index[axis] = 0;
    }
  }
  return packed;
}

function isShared(value: unknown): value is ArrayBuffer {
  return typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer;
}

function ofView(view: ArrayBufferView): BufferView | string {
  if (tag(view) === 'DataView' || tag(view) === 'Uint8ClampedArray') {
    return ofArray(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }
  try {
    dtypeOf(view as TypedArray);
  } catch {
    return `no dtype is stored in a ${tag(view)}`;
  }
  return ofArray(view as TypedArray);
}

function ofArray(data: TypedArray): BufferView {
  return { data, shape: [data.length], strides: [1], offset: 0, dtype: dtypeOf(data) };
}

function tag(view: ArrayBufferView): string {
  return String((view as unknown as { [Symbol.toStringTag]: string })[Symbol.toStringTag]);
}

function isIndexList(value: unknown): value is number[] {
  return Array.isArray(value) && Array.from(value).every((entry) => Number.isSafeInteger(entry));
}

/** scijs writes int64 as bigint64. */
const SCIJS_NAMES: ReadonlyMap<unknown, Dtype> = new Map([
  ['bigint64', 'int64'],
  ['biguint64', 'uint64'],
  ['uint8_clamped', 'uint8'],
]);

function dtypeNamed(dtype: unknown, data: TypedArray): Dtype | undefined {
  if (dtype === undefined) return dtypeOf(data);
  const name = SCIJS_NAMES.get(dtype) ?? dtype;
  if (typeof name !== 'string' || !Object.hasOwn(DTYPES, name)) return undefined;
  const stored = DTYPES[name as Dtype].arrayType as unknown as { readonly name: string };
  return stored.name === tag(data) ? (name as Dtype) : undefined;
}

function elements({ data, dtype }: BufferView): number {
  return Math.floor(data.length / DTYPES[dtype].lanes);
}

function fits(view: BufferView): boolean {
  const { shape, strides, offset } = view;
  if (shape.includes(0)) return true;
  let low = offset;
  let high = offset;
  shape.forEach((extent, axis) => {
    const reach = (extent - 1) * strides[axis];
    if (reach < 0) low += reach;
    else high += reach;
  });
  return low >= 0 && high < elements(view);
}
