/** What several processes cannot write together: HDF5 1.10 would wait for ever, or do damage. */
import { DistArrayError } from '../../errors.ts';
import { sizeOfShape } from '../../kernels/stridedView.ts';
import type { RawDatasetInfo } from '../../rawHdf5.ts';
import type { Connection } from './connection.ts';

/**
 * Checks that the processes that have a file open can write to a dataset. HDF5 1.10 takes chunks without a place for one and
 * the same, and waits for ever; one process alone must not give them a place; and what is compressed is converted in no
 * collective write.
 *
 * @param shape - the extents that the dataset will have
 * @throws {@link DistArrayError} `ERR_HDF5_PARALLEL`
 */
export function checkParallelWrite(
  { comm, name }: Connection,
  path: string,
  info: RawDatasetInfo,
  shape: readonly number[] = info.shape,
): void {
  if (comm.size === 1) return;
  const isCompressed = info.filters > 0;
  const hasPlaces =
    info.isAllocated &&
    (info.allocatesEarly || chunkCount(shape, info.chunks) <= chunkCount(info.shape, info.chunks));
  const problem = hasPlaces
    ? isCompressed && !info.isNative
      ? 'compressed and of another byte order'
      : ''
    : `${isCompressed ? 'compressed and ' : ''}partly without place in the file`;
  if (problem === '') return;
  throw new DistArrayError(
    'ERR_HDF5_PARALLEL',
    `'${path}' in '${name}' is ${problem}, as a program on one process has made it: ` +
      'only one process alone can write to it',
  );
}

function chunkCount(shape: readonly number[], chunks: readonly number[]): number {
  return chunks.length === 0 ? 1 : sizeOfShape(shape.map((n, axis) => Math.ceil(n / chunks[axis])));
}
