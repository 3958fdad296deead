/** What arrays can be made of: nested arrays, ndarrays, typed arrays with a shape. */
import { allocate, DTYPES, type Dtype, parseDtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { resultType } from '../dtype/promotion.ts';
import { isScalar, type Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { contiguousStrides, type StridedView, sizeOfShape } from '../kernels/stridedView.ts';
import { readBuffer } from '../protocol/buffer.ts';
import type { ScijsBuffer } from '../protocol/structure.ts';
import { writeElement } from './elementAccess.ts';
import { ComplexStore } from './elementStores.ts';
import { holdsBools } from './localNdArray.ts';

/** Numbers in arrays in arrays, one level a dimension; a number alone is a 0-d array. */
export type Nested<T = Scalar> = T | readonly Nested<T>[];

/** Elements in C order and the shape of the array that they make. */
export interface ShapedData<D extends Dtype = Dtype> {
  readonly data: TypedArrayOf<D>;
  readonly shape: readonly number[];
}

/** What an ndarray of scijs has whose storage is no typed array, such as one of complex numbers. */
export interface StoredNdArray {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly data: { readonly length: number; get(index: number): unknown };
}

/** What `fromArray` takes. */
export type ArrayInput<D extends Dtype = Dtype> =
  | Nested
  | TypedArrayOf<D>
  | ShapedData<D>
  | ScijsBuffer
  | StoredNdArray;

/** Whether a value is data of an array, but no number alone. */
export function isArrayInput(value: unknown): value is ArrayInput {
  return typeof value === 'object' && value !== null && !isScalar(value);
}

/**
 * Returns data as a strided view: over their memory, but for nested arrays. Numbers in those are float64,
 * bigints int64, booleans bool, `{ re, im }` complex128.
 *
 * @param dtype - of the elements: nested arrays are stored as it; in a typed array it tells bool from uint8
 * and complex numbers, which are pairs, from floats
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also for nested arrays that are ragged
 */
export function readArrayInput(value: unknown, dtype?: Dtype, argument = 'array'): StridedView {
  if (dtype !== undefined) parseDtype(dtype, 'options.dtype');
  // Scijs has no bools: what came from an array of them is one of them again.
  else if (isOfBools(value)) return readArrayInput(value, 'bool', argument);
  if (Array.isArray(value) || isScalar(value)) return ofNested(value, dtype, argument);
  if (hasStore(value)) return ofStore(value, dtype, argument);
  checkLength(value, dtype, argument);
  const shaped = pairsAsComplex(value, dtype);
  const view = readBuffer(shaped);
  if (typeof view === 'string') {
    const expected = `nested arrays, a typed array, { data, shape } or an ndarray (${view})`;
    throw new ArgumentTypeError(argument, expected, value);
  }
  return view;
}

/** Whether a value is an ndarray over the elements of an array of bools. */
function isOfBools(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'stride' in value &&
    'data' in value &&
    holdsBools(value.data)
  );
}

/** Checks that `{ data, shape }` has as many elements as its shape wants. */
function checkLength(value: unknown, dtype: Dtype | undefined, argument: string): void {
  if (typeof value !== 'object' || value === null) return;
  const { data, shape, stride, strides } = value as Record<string, unknown>;
  if (!ArrayBuffer.isView(data) || data instanceof DataView || !Array.isArray(shape)) return;
  if (stride !== undefined || strides !== undefined) return;
  const count = sizeOfShape(shape) * (dtype === undefined ? 1 : DTYPES[dtype].lanes);
  const { length } = data as unknown as Float64Array;
  if (length === count) return;
  const expected = `${count} elements of data, as the shape (${shape.join(', ')}) wants`;
  throw new ArgumentRangeError(argument, expected, length);
}

/** Says of typed arrays that they hold bools or pairs, where the dtype is one that is stored so. */
function pairsAsComplex(value: unknown, dtype: Dtype | undefined): unknown {
  if (dtype === undefined || typeof value !== 'object' || value === null) return value;
  const { kind, arrayType } = DTYPES[dtype];
  if (kind !== 'complex' && kind !== 'bool') return value;
  const data = ArrayBuffer.isView(value) ? value : (value as { data?: unknown }).data;
  if (!(data instanceof (arrayType as unknown as new () => object))) return value;
  if (ArrayBuffer.isView(value)) {
    const { length } = value as unknown as Float64Array;
    return { data, shape: [kind === 'complex' ? Math.floor(length / 2) : length], dtype };
  }
  const isScijs = 'stride' in value;
  if (isScijs && kind === 'complex') return value;
  const { shape, stride, strides = stride, offset } = value as unknown as Record<string, unknown>;
  return strides === undefined ? { data, shape, dtype } : { data, shape, strides, offset, dtype };
}

function ofNested(value: Nested, wanted: Dtype | undefined, argument: string): StridedView {
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) shape.push(level.length);
  if (!hasShape(value, shape, 0)) throw ragged(shape, argument);
  if (wanted === undefined || wanted === 'float64') {
    const data = new Float64Array(sizeOfShape(shape));
    if (data.length > 0 && collectNumbers(value, shape, 0, data, 0) === data.length) {
      return { data, dtype: 'float64', shape, strides: contiguousStrides(shape), offset: 0 };
    }
  }
  const elements: Scalar[] = [];
  collect(value, shape, 0, elements, argument);
  const dtype = wanted ?? dtypeOfElements(elements);
  const data = allocate(dtype, elements.length);
  for (let k = 0; k < elements.length; k++) writeElement(data, dtype, k, elements[k]);
  return { data, dtype, shape, strides: contiguousStrides(shape), offset: 0 };
}

/** Whether the arrays at every level are as long as the first ones. */
function hasShape(value: unknown, shape: readonly number[], depth: number): boolean {
  if (depth === shape.length) return true;
  if (!Array.isArray(value) || value.length !== shape[depth]) return false;
  return depth === shape.length - 1 || value.every((inner) => hasShape(inner, shape, depth + 1));
}

/** Writes what is nothing but numbers to `data`; returns where the next ones go, NaN where there is anything else. */
function collectNumbers(
  value: Nested,
  shape: readonly number[],
  depth: number,
  data: Float64Array,
  at: number,
): number {
  if (typeof value === 'number') {
    data[at] = value;
    return depth === shape.length ? at + 1 : Number.NaN;
  }
  if (!Array.isArray(value) || depth === shape.length) return Number.NaN;
  let next = at;
  if (depth < shape.length - 1) {
    for (let k = 0; k < value.length && next >= 0; k++) {
      next = collectNumbers(value[k], shape, depth + 1, data, next);
    }
    return next;
  }
  for (let k = 0; k < value.length; k++) {
    const element: unknown = value[k];
    if (typeof element !== 'number') return Number.NaN;
    data[next++] = element;
  }
  return next;
}

function collect(
  value: unknown,
  shape: readonly number[],
  depth: number,
  elements: Scalar[],
  argument: string,
): void {
  if (depth === shape.length) {
    if (isScalar(value)) elements.push(value);
    else if (Array.isArray(value)) throw ragged(shape, argument);
    else throw new ArgumentTypeError(argument, 'numbers, bigints, booleans or { re, im }', value);
    return;
  }
  for (const inner of value as readonly unknown[])
    collect(inner, shape, depth + 1, elements, argument);
}

function ragged(shape: readonly number[], argument: string): ArgumentRangeError {
  const expected = `nested arrays that are all as long as the first ones, (${shape.join(', ')})`;
  return new ArgumentRangeError(argument, expected, 'ragged ones');
}

function dtypeOfElements(elements: readonly Scalar[]): Dtype {
  const kinds = new Map<string, Scalar>();
  for (const element of elements) kinds.set(typeof element, element);
  return kinds.size === 0 ? 'float64' : resultType(...kinds.values());
}

function hasStore(value: unknown): value is StoredNdArray {
  if (typeof value !== 'object' || value === null || !('data' in value)) return false;
  const { data } = value as { data: unknown };
  return (
    typeof data === 'object' &&
    data !== null &&
    !ArrayBuffer.isView(data) &&
    typeof (data as { get?: unknown }).get === 'function' &&
    Array.isArray((value as { shape?: unknown }).shape)
  );
}

function ofStore(value: StoredNdArray, wanted: Dtype | undefined, argument: string): StridedView {
  const { shape, stride, offset, data } = value;
  const count = sizeOfShape(shape);
  const elements = Array.from({ length: count }, (_, k) => {
    let place = offset;
    let rest = k;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place += (rest % shape[axis]) * stride[axis];
      rest = Math.floor(rest / shape[axis]);
    }
    return data.get(place);
  });
  const stranger = elements.find((element) => !isScalar(element));
  if (stranger !== undefined) throw new ArgumentTypeError(argument, 'numbers', stranger);
  const own = data instanceof ComplexStore ? data.dtype : undefined;
  const flat = ofNested(elements as Scalar[], wanted ?? own, argument);
  return { ...flat, shape, strides: contiguousStrides(shape) };
}
