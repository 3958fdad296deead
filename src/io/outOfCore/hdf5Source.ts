/** Datasets of HDF5 files that are read block by block. */
import { DTYPES, type Dtype, type TypedArray } from '../../dtype/dtype.ts';
import { sizeOfShape } from '../../kernels/stridedView.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { registerClass } from '../../mpi/objects/registry.ts';
import { checkEverywhere } from '../atomicFile.ts';
import { Connection, raw, resolvePath, withConnection } from '../hdf5/connection.ts';
import { checkDataset } from '../hdf5/objects.ts';
import { storedDtype } from '../hdf5/transfer.ts';
import type { BlockSource, OpenSource, PendingSlab } from './blockSource.ts';
import { ByteSource } from './byteSource.ts';
import type { Slab } from './slab.ts';

/**
 * Returns a dataset of an HDF5 file. Where its elements lie in the file in one piece, byte by byte as in memory, they are read
 * from there, without the library; chunks, filters and other byte orders are the library's.
 *
 * @remarks Collective: the same arguments on every process.
 * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_HDF5`, `ERR_HDF5_KEY`, `ERR_HDF5_DTYPE`
 */
export function hdf5Source(file: string, key: string, comm: Comm): BlockSource {
  checkEverywhere(comm, file, 'r');
  const path = resolvePath('/', key);
  const name = `${file} ${path}`;
  const { dtype, ...info } = withConnection(
    Connection.open(comm, file, file, false),
    (connection) =>
      connection.perform(path, (handle) => {
        checkDataset(connection, handle, path);
        const found = raw.describeDataset(handle, path);
        return { ...found, dtype: storedDtype(connection, path, found) };
      }),
  );
  const { shape, offset, isNative, chunks } = info;
  if (offset < 0 || !isNative) return new DatasetSource(file, path, name, dtype, shape, chunks);
  return new ByteSource({
    path: file,
    name,
    dtype,
    shape,
    byteOrder: 'little',
    order: 'C',
    dataOffset: offset,
    truncated: 'ERR_HDF5',
  });
}

/** A dataset that the library must read. */
class DatasetSource implements BlockSource {
  readonly order = 'C';
  readonly readsGaps = false;
  readonly readsAhead = false;
  readonly itemsize: number;
  readonly granularity: readonly number[];
  readonly overhead: number;
  readonly file: string;
  readonly path: string;
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly chunks: readonly number[];

  constructor(
    file: string,
    path: string,
    name: string,
    dtype: Dtype,
    shape: readonly number[],
    chunks: readonly number[],
  ) {
    this.file = file;
    this.path = path;
    this.name = name;
    this.dtype = dtype;
    this.shape = shape;
    this.chunks = chunks;
    this.itemsize = DTYPES[dtype].itemsize;
    this.granularity = shape.map((_, axis) => chunks[axis] ?? 1);
    // A chunk as it is in the file, and as it is in memory.
    this.overhead = chunks.length > 0 ? 2 * sizeOfShape(chunks) * this.itemsize : 0;
  }

  open(comm: Comm): OpenSource {
    return new OpenDataset(this, Connection.open(comm, this.file, this.file, false));
  }
}

type DatasetFields = ConstructorParameters<typeof DatasetSource>;
registerClass(DatasetSource, {
  name: 'distarray.DatasetSource',
  serialize({ file, path, name, dtype, shape, chunks }): DatasetFields {
    return [file, path, name, dtype, shape, chunks];
  },
  deserialize: (fields: DatasetFields) => new DatasetSource(...fields),
});

class OpenDataset implements OpenSource {
  readonly #source: DatasetSource;
  readonly #connection: Connection;

  constructor(source: DatasetSource, connection: Connection) {
    this.#source = source;
    this.#connection = connection;
  }

  start(slab: Slab, elements: ArrayBufferView): PendingSlab {
    const { path, dtype } = this.#source;
    return {
      wait: () => {
        if (slab.size === 0) return;
        const selection = slab.axes.map(({ start, step, count }) =>
          step === 1
            ? Float64Array.of(start, count, 1, count)
            : Float64Array.of(start, step, count, 1),
        );
        this.#connection.ask(path, (file) =>
          raw.readDataset(file, path, elements as TypedArray, dtype, selection, false),
        );
      },
    };
  }

  close(): void {
    this.#connection.close();
  }
}
