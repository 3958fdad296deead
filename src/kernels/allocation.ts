/** Memory of local arrays. */
import { Buffer, constants } from 'node:buffer';
import { allocate, DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { DistArrayError } from '../errors.ts';
import { hugeBuffer, preferHugePages, recycledBuffer } from '../mpi/memory.ts';

/**
 * Returns a new zeroed typed array for `length` elements of `dtype`, from 4 MiB on with huge pages,
 * over which messages travel faster.
 *
 * @throws {@link DistArrayError} `ERR_MEMORY` when there is not so much memory
 */
export function allocateLocal<D extends Dtype>(dtype: D, length: number): TypedArrayOf<D> {
  const { arrayType, itemsize } = DTYPES[dtype];
  const buffer = hugeBuffer(length * itemsize);
  if (buffer !== null) return new arrayType(buffer) as TypedArrayOf<D>;
  try {
    return preferHugePages(allocate(dtype, length));
  } catch (error) {
    // V8 says that a length is invalid, or that an allocation failed.
    if (error instanceof RangeError) throw noMemory(dtype, length, error);
    throw error;
  }
}

/** Number of elements from which on nothing can be allocated, whatever the machine has. */
export function mostElements(dtype: Dtype): number {
  return constants.MAX_LENGTH / DTYPES[dtype].lanes;
}

/** The error for an array that there is no memory for. */
export function noMemory(dtype: Dtype, length: number, cause?: unknown): DistArrayError {
  const bytes = length * DTYPES[dtype].itemsize;
  const why = length > mostElements(dtype) ? ', more than an array of JavaScript can have' : '';
  const text = `There is no memory for ${length} elements of dtype ${dtype} on one process: ${bytes} bytes${why}`;
  return new DistArrayError('ERR_MEMORY', text, cause === undefined ? undefined : { cause });
}

/** From this size on new memory is worth not to be zeroed. */
const LARGE_BYTES = 2 ** 16;

/**
 * Returns a new typed array for `length` elements of `dtype` that the caller writes all of: large ones
 * are not zeroed, and hold what was in memory before.
 *
 * @remarks The memory is used again as soon as the garbage collector has seen that it is free, without a turn of
 * the event loop, and while it is still mapped: a chain of operations meets few page faults.
 */
export function allocateForResult<D extends Dtype>(dtype: D, length: number): TypedArrayOf<D> {
  const { arrayType, itemsize } = DTYPES[dtype];
  const bytes = length * itemsize;
  if (bytes < LARGE_BYTES || bytes > constants.MAX_LENGTH) return allocateLocal(dtype, length);
  try {
    const buffer = recycledBuffer(bytes) ?? Buffer.allocUnsafeSlow(bytes).buffer;
    return preferHugePages(new arrayType(buffer) as TypedArrayOf<D>);
  } catch (error) {
    if (error instanceof RangeError) throw noMemory(dtype, length, error);
    throw error;
  }
}
