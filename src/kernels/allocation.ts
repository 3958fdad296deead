/** Memory of local arrays. */
import { Buffer, constants } from 'node:buffer';
import { allocate, DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { hugeBuffer, preferHugePages, recycledBuffer } from '../mpi/memory.ts';

/**
 * Returns a new zeroed typed array for `length` elements of `dtype`, from 4 MiB on with huge pages,
 * over which messages travel faster.
 */
export function allocateLocal<D extends Dtype>(dtype: D, length: number): TypedArrayOf<D> {
  const { arrayType, itemsize } = DTYPES[dtype];
  const buffer = hugeBuffer(length * itemsize);
  if (buffer !== null) return new arrayType(buffer) as TypedArrayOf<D>;
  return preferHugePages(allocate(dtype, length));
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
  const buffer = recycledBuffer(bytes) ?? Buffer.allocUnsafeSlow(bytes).buffer;
  return preferHugePages(new arrayType(buffer) as TypedArrayOf<D>);
}
