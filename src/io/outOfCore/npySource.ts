/** .npy files that are read block by block. */
import { onRoot } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { checkEverywhere } from '../atomicFile.ts';
import { readNpyHeader } from '../npy.ts';
import type { NpyHeader } from '../npyHeader.ts';
import type { BlockSource } from './blockSource.ts';
import { ByteSource } from './byteSource.ts';

/**
 * Returns the array in a .npy file of version 1.0 to 3.0, in C or Fortran order, little- or big-endian. Reads the header.
 *
 * @remarks Collective: the same name on every process.
 * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_NPY_HEADER`, `ERR_NPY_DTYPE`,
 * `ERR_NPY_TRUNCATED`
 */
export function npySource(path: string, comm: Comm): BlockSource {
  checkEverywhere(comm, path, 'r');
  const header: NpyHeader = JSON.parse(onRoot(comm, () => JSON.stringify(readNpyHeader(path))));
  const { dtype, shape, byteOrder, dataOffset, fortranOrder } = header;
  const order = fortranOrder ? 'F' : 'C';
  const truncated = 'ERR_NPY_TRUNCATED';
  return new ByteSource({
    path,
    name: path,
    dtype,
    shape,
    byteOrder,
    order,
    dataOffset,
    truncated,
  });
}
