/** Local elements as scijs ndarrays over the same memory. */
import ndarray, { type NdArray } from 'ndarray';
import { type Complex, DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError } from '../errors.ts';
import type { AxisPositions } from '../kernels/copy.ts';
import type { StridedView } from '../kernels/stridedView.ts';
import { ComplexStore, type ElementStore, LaneStore, SpreadStore } from './elementStores.ts';

/** The typed array of dtype `D`, as the types of scijs know it. */
export type ScijsData<D extends Dtype> = D extends 'int64'
  ? BigInt64Array<ArrayBuffer>
  : D extends 'uint64'
    ? BigUint64Array<ArrayBuffer>
    : Exclude<TypedArrayOf<D>, BigInt64Array | BigUint64Array>;

/** A scijs ndarray of values that are no numbers, which its own types cannot set. */
type ValueNdArray<Value> = Omit<NdArray<ComplexStore>, 'get' | 'set'> & {
  get(...index: number[]): Value;
  set(...indexAndValue: [...index: number[], value: Value]): Value;
};

/**
 * The scijs ndarray of local elements of dtype `D`; complex ones are got and set as `{ re, im }`,
 * 64-bit integers as bigints, bools as 0 and 1.
 */
export type LocalNdArray<D extends Dtype> = D extends 'complex64' | 'complex128'
  ? ValueNdArray<Complex>
  : D extends 'int64' | 'uint64'
    ? ValueNdArray<bigint>
    : NdArray<ScijsData<D>>;

/** Which numbers of complex elements an ndarray shows: both as one, real or imaginary parts. */
export type Lane = 'both' | 0 | 1;

/** Elements of a strided view: all of it, or along an axis those at the positions. */
export interface IndexedElements {
  readonly indexed: StridedView;
  readonly positions: readonly AxisPositions[];
}

/**
 * Returns elements as a scijs ndarray, which shares their memory: over the typed array where they are a
 * strided view of it, otherwise over a storage that looks each one up.
 *
 * @throws {@link ArgumentRangeError} beyond 2³¹ − 1 elements, where scijs computes wrong offsets
 */
export function ndarrayOf(elements: IndexedElements, lane: Lane = 'both'): NdArray {
  const { indexed, positions } = elements;
  if (positions.every((list) => list === null)) return ndarrayOfView(indexed, lane);
  const { data, dtype, strides, offset } = indexed;
  const { lanes } = DTYPES[dtype];
  const store: ElementStore<unknown> =
    lanes === 2 && lane === 'both'
      ? new ComplexStore(data as Float64Array)
      : new LaneStore<unknown>(data, lanes, lane === 'both' ? 0 : lane);
  const offsets = indexed.shape.map((extent, axis) =>
    Float64Array.from({ length: positions[axis]?.length ?? extent }, (_, i) => {
      const position = positions[axis]?.[i] ?? i;
      return Number(position) * strides[axis];
    }),
  );
  const spread = new SpreadStore(store, offset, offsets);
  if (dtype === 'bool') boolMemory.add(spread);
  checkReach(0, spread.length - 1);
  return ndarray(
    spread as unknown as Float64Array,
    offsets.map(({ length }) => length),
  );
}

/** The memory of bools that an ndarray was made over: to scijs it is one of numbers. */
const boolMemory = new WeakSet<object>();

/** Whether an ndarray's storage is the memory of an array of bools. */
export function holdsBools(storage: unknown): boolean {
  return typeof storage === 'object' && storage !== null && boolMemory.has(storage);
}

/** Returns a strided view as a scijs ndarray over the same memory. */
export function ndarrayOfView(view: StridedView, lane: Lane = 'both'): NdArray {
  const { dtype, shape } = view;
  const { lanes } = DTYPES[dtype];
  const data = view.data as Float64Array;
  const factor = lane === 'both' ? 1 : lanes;
  const strides = view.strides.map((stride) => stride * factor);
  const offset = view.offset * factor + (lane === 'both' ? 0 : lane);
  let [low, high] = [offset, offset];
  strides.forEach((stride, axis) => {
    const reach = stride * Math.max(0, shape[axis] - 1);
    if (reach < 0) low += reach;
    else high += reach;
  });
  checkReach(low, high);
  if (dtype === 'bool') boolMemory.add(data);
  const storage = lanes === 2 && lane === 'both' ? new ComplexStore(data) : data;
  return ndarray(storage as Float64Array, [...shape], strides, offset);
}

/** Scijs computes offsets in 32 bits, and goes silently wrong beyond. */
function checkReach(low: number, high: number): void {
  if (low >= 0 && high < 2 ** 31 - 1) return;
  throw new ArgumentRangeError(
    'this array',
    'at most 2147483647 local elements for an ndarray (use .data beyond)',
    high + 1,
  );
}
