/** Memory of local arrays. */
import { allocate, DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { hugeBuffer, preferHugePages } from '../mpi/memory.ts';

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
