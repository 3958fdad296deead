/** Files as lazy arrays, as methods of contexts. */
import { checkFileName } from '../../io/fileArguments.ts';
import { datasetPath } from '../../io/hdf5/intoFile.ts';
import { storedPart } from '../../io/outOfCore/expression.ts';
import { openHdf5Operation, openNpyOperation } from '../../io/outOfCore/lazyOperations.ts';
import { DEFAULT_MEMORY, type MemorySize, parseMemorySize } from '../../io/outOfCore/memorySize.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { Context } from '../context.ts';
import { LazyArray } from './lazyArray.ts';

/** Options of {@link LazyFileMethods.openNpy}. */
export interface OpenNpyOptions {
  /**
   * What each process may use while it computes, beside results: bytes, or text such as `'256MiB'`, the default. The
   * system's own copy of the file, which it gives up when memory is wanted, does not count.
   */
  readonly memory?: MemorySize;
}

/** Options of {@link LazyFileMethods.openHdf5}. */
export interface OpenHdf5Options extends OpenNpyOptions {
  /** Name of the dataset. Default `buffer`. */
  readonly key?: string;
}

const NPY_OPTIONS = optionNames<OpenNpyOptions>({ memory: true });
const HDF5_OPTIONS = optionNames<OpenHdf5Options>({ memory: true, key: true });

/** The methods of contexts that open files without reading them. */
export interface LazyFileMethods {
  /**
   * Returns the array in a .npy file as a {@link LazyArray}, which is read block by block when something is computed.
   *
   *     ctx.openNpy('a.npy', { memory: '1GiB' }).mean()
   *
   * @remarks Collective; reads the header.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_NPY_HEADER`, `ERR_NPY_DTYPE`,
   * `ERR_NPY_TRUNCATED`; {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  openNpy(name: string, options?: OpenNpyOptions): LazyArray;
  /**
   * Returns a dataset of an HDF5 file as a {@link LazyArray}. Elements that lie in the file in one piece are read ahead; those of
   * datasets with chunks or filters when they are wanted, by the library.
   *
   *     ctx.openHdf5('a.h5', { key: 'u' }).max({ axis: 0 })
   *
   * @remarks Collective; reads what describes the dataset.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_HDF5`, `ERR_HDF5_KEY`,
   * `ERR_HDF5_DTYPE`; {@link ArgumentTypeError} or {@link ArgumentRangeError}
   */
  openHdf5(name: string, options?: OpenHdf5Options): LazyArray;
}

const METHODS: LazyFileMethods & ThisType<Context> = {
  openNpy(name, options = {}) {
    const { session } = this;
    const memory = session.agree(() => {
      checkFileName(name, 'name');
      checkOptions(options, NPY_OPTIONS, "{ memory: '1GiB' }");
      const { memory: given = DEFAULT_MEMORY } = options;
      return parseMemorySize(given);
    });
    session.checkSame({ name, 'options.memory': String(memory) });
    const source = session.evaluate(openNpyOperation, [], { name });
    return new LazyArray(this, storedPart(source), memory);
  },
  openHdf5(name, options = {}) {
    const { session } = this;
    const memory = session.agree(() => {
      checkOptions(options, HDF5_OPTIONS, "{ key: 'buffer' }");
      checkFileName(name, 'name');
      datasetPath(options.key ?? 'buffer');
      const { memory: given = DEFAULT_MEMORY } = options;
      return parseMemorySize(given);
    });
    const { key = 'buffer' } = options;
    session.checkSame({ name, 'options.key': key, 'options.memory': String(memory) });
    const source = session.evaluate(openHdf5Operation, [], { name, key });
    return new LazyArray(this, storedPart(source), memory);
  },
};

for (const [name, value] of Object.entries(METHODS)) {
  Object.defineProperty(Context.prototype, name, { value, writable: true, configurable: true });
}
