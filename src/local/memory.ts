/** The memory that local arrays are made over. */
import { DTYPES, type Dtype, dtypeOf, parseDtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { allocateForResult, allocateLocal, mostElements, noMemory } from '../kernels/allocation.ts';
import { sameShape } from '../kernels/stridedView.ts';
import type { Distribution } from '../maps/distribution.ts';
import { readBuffer } from '../protocol/buffer.ts';
import type { ScijsBuffer, StridedBuffer } from '../protocol/structure.ts';
import { type PartMemory, partOf } from './placement.ts';

/** Memory that a local array can be made over: see {@link MemoryOptions}. */
export type LocalBuffer<D extends Dtype> =
  | TypedArrayOf<D>
  | ArrayBuffer
  | ScijsBuffer
  | StridedBuffer<D>;

/** Which memory to use, and what is in it. */
export interface MemoryOptions<D extends Dtype> {
  /** Element type; default that of `data`, `float64` without. */
  readonly dtype?: D;
  /**
   * Memory to use, without a copy: a typed array or an array buffer with the elements in C order, a scijs
   * ndarray, or memory with shape, strides and offset in elements. It includes the halo where the
   * distribution has communication padding. Default: new memory full of zeros.
   */
  readonly data?: LocalBuffer<D>;
  /** False where the caller writes all elements of new memory. A halo is zeroed nevertheless. @internal */
  readonly zeroed?: boolean;
  /** Whether nobody else knows the memory of `data`. @internal */
  readonly isOwn?: boolean;
}

/** The memory that the options name, checked, or new memory. */
export function memoryFor<D extends Dtype>(
  distribution: Distribution,
  rank: number,
  { data, dtype: given, zeroed = true }: MemoryOptions<D>,
): PartMemory<D> {
  const { paddedShape: shape, paddedSize: count, size } = partOf(distribution, rank);
  if (given !== undefined) parseDtype(given, 'options.dtype');
  if (data === undefined) {
    const dtype = given ?? ('float64' as D);
    checkRoom(distribution, dtype);
    const allWritten = !zeroed && rank >= 0 && size === count;
    return { data: (allWritten ? allocateForResult : allocateLocal)(dtype, count), dtype };
  }
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) {
    const dtype = given ?? (dtypeOf(data) as D);
    checkData(data, dtype, count, 'options.data');
    return { data, dtype };
  }
  if (data instanceof ArrayBuffer) {
    const dtype = given ?? ('float64' as D);
    return { data: overBuffer(data, dtype, count), dtype };
  }
  const view = readBuffer(data);
  if (typeof view === 'string') {
    throw new ArgumentTypeError('options.data', `a typed array or an ndarray (${view})`, data);
  }
  // Scijs knows no bools and no complex numbers: their dtype is what the options say.
  if (given !== undefined && given !== view.dtype && !storesAlike(given, view.dtype)) {
    throw new ArgumentTypeError('options.data', `elements of dtype ${given}`, view.dtype);
  }
  if (!sameShape(view.shape, shape)) {
    throw new ArgumentRangeError('options.data', `shape [${shape.join(', ')}]`, view.shape);
  }
  const dtype = (given ?? view.dtype) as D;
  return { ...view, data: view.data as TypedArrayOf<D>, dtype };
}

/** Arrays of up to so many elements have room everywhere: JavaScript's arrays may be longer. */
const SMALL = 2 ** 31;

/**
 * Checks that no process would need a longer array than JavaScript has; known from metadata, hence on all alike.
 * @throws {@link DistArrayError} `ERR_MEMORY`
 */
function checkRoom(distribution: Distribution, dtype: Dtype): void {
  if (distribution.size <= SMALL) return;
  const most = mostElements(dtype);
  const largest = distribution.maps.reduce((product, map) => {
    let extent = 0;
    for (let gridRank = 0; gridRank < map.gridSize; gridRank++) {
      const [lower, upper] = map.halo(gridRank);
      extent = Math.max(extent, lower + map.localSize(gridRank) + upper);
    }
    return product * extent;
  }, 1);
  if (largest > most) throw noMemory(dtype, largest);
}

/** Whether elements of both dtypes are one element each of one kind of typed array: bool and uint8. */
function storesAlike(a: Dtype, b: Dtype): boolean {
  return DTYPES[a].arrayType === DTYPES[b].arrayType && DTYPES[a].lanes === DTYPES[b].lanes;
}

function overBuffer<D extends Dtype>(
  buffer: ArrayBuffer,
  dtype: D,
  count: number,
): TypedArrayOf<D> {
  const { arrayType, itemsize, lanes } = DTYPES[dtype];
  if (buffer.byteLength !== count * itemsize) {
    const expected = `${count * itemsize} bytes, as the local shape wants`;
    throw new ArgumentRangeError('options.data', expected, buffer.byteLength);
  }
  return new arrayType(buffer, 0, count * lanes) as TypedArrayOf<D>;
}

/** Checks that a typed array stores `count` elements of a dtype. */
export function checkData(data: unknown, dtype: Dtype, count: number, argument: string): void {
  const { arrayType, lanes } = DTYPES[dtype];
  const { name } = arrayType as { name?: string };
  if (!(data instanceof (arrayType as unknown as abstract new () => object))) {
    throw new ArgumentTypeError(argument, `a ${name} for dtype ${dtype}`, data);
  }
  const { length } = data as unknown as Float64Array;
  if (length !== count * lanes) {
    const expected = `${count * lanes} elements, as the local shape wants`;
    throw new ArgumentRangeError(argument, expected, length);
  }
}
