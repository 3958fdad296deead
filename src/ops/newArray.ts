/** New arrays that all processes get, or none. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { agree } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';

/** What a new array is made of. */
export interface NewArrayOptions<D extends Dtype> {
  readonly dtype: D;
  readonly comm: Comm;
  /** False where the caller writes all elements. Default true. */
  readonly zeroed?: boolean;
}

/** From so many bytes on, of all processes together, one may lack the memory that others have. */
const LARGE_BYTES = 2 ** 30;

/**
 * Returns this process's part of a new array.
 *
 * @remarks Collective. Of a large array the processes tell each other whether they have got memory, which is nothing
 * beside writing to it: if one has not, none goes on alone.
 * @throws {@link DistArrayError} `ERR_MEMORY` on every process alike
 */
export function newArray<D extends Dtype>(
  distribution: Distribution,
  options: NewArrayOptions<D>,
): LocalArray<D> {
  if (distribution.size * DTYPES[options.dtype].itemsize < LARGE_BYTES) {
    return new LocalArray<D>(distribution, options);
  }
  return agree(options.comm, () => new LocalArray<D>(distribution, options));
}
