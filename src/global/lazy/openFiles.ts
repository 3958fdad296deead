/** Files as lazy arrays, as methods of contexts. */
import { checkFileName, checkOptions } from '../../io/fileArguments.ts';
import { storedPart } from '../../io/outOfCore/expression.ts';
import { DEFAULT_MEMORY, type MemorySize, parseMemorySize } from '../../io/outOfCore/memorySize.ts';
import { npySource } from '../../io/outOfCore/npySource.ts';
import { agree, checkSame } from '../../mpi/agreement.ts';
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
}

const METHODS: LazyFileMethods & ThisType<Context> = {
  openNpy(name, options = {}) {
    const { comm } = this;
    const memory = agree(comm, () => {
      checkFileName(name, 'name');
      checkOptions(options);
      return parseMemorySize(options.memory ?? DEFAULT_MEMORY);
    });
    checkSame(comm, { name, 'options.memory': String(memory) });
    return new LazyArray(this, storedPart(npySource(name, comm)), memory);
  },
};

for (const [name, value] of Object.entries(METHODS)) {
  Object.defineProperty(Context.prototype, name, { value, writable: true, configurable: true });
}
