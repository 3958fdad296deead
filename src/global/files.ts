/** Files of distributed arrays, as methods of contexts. */
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentTypeError } from '../errors.ts';
import { type DnpyName, type LoadDnpyOptions, loadDnpy, type SaveDnpyOptions } from '../io/dnpy.ts';
import {
  type SaveOperation,
  saveDnpyOperation,
  saveHdf5Operation,
  saveNpyOperation,
} from '../io/fileOperations.ts';
import type { ArrayKind } from '../io/hdf5/arrayKind.ts';
import { File, type FileOptions } from '../io/hdf5/file.ts';
import {
  type LoadHdf5Options,
  type LoadHdf5ShapedOptions,
  loadHdf5,
  type SaveHdf5Options,
} from '../io/hdf5.ts';
import { type LoadNpyShapedOptions, loadNpy, type SaveNpyOptions } from '../io/npy.ts';
import { Distribution } from '../maps/distribution.ts';
import { DISTRIBUTION_OPTIONS } from '../maps/distributionOptions.ts';
import { checkOptions, type OptionNames, optionNames } from '../options.ts';
import { Context } from './context.ts';
import { DistArray } from './distArray.ts';

/** Options of files that are not the context's to choose. */
type Chosen<Options> = Omit<Options, 'comm' | 'traffic' | 'defaultTargets'>;

const HDF5_ACCESS = { alignment: true, alignmentThreshold: true, info: true } as const;
const SAVE_HDF5_OPTIONS = optionNames<Chosen<SaveHdf5Options>>({
  ...HDF5_ACCESS,
  key: true,
  mode: true,
  atomic: true,
  storeDistribution: true,
  transfer: true,
  chunks: true,
  maxshape: true,
  compression: true,
  compressionOpts: true,
  shuffle: true,
});
const LOAD_HDF5 = { ...HDF5_ACCESS, key: true, transfer: true } as const;
const LOAD_HDF5_OPTIONS = optionNames<Chosen<LoadHdf5Options>>(LOAD_HDF5);
const LOAD_HDF5_SHAPED_OPTIONS = optionNames<Chosen<LoadHdf5ShapedOptions>>({
  ...LOAD_HDF5,
  ...DISTRIBUTION_OPTIONS,
});
const FILE_OPTIONS = optionNames<Chosen<FileOptions>>({ ...HDF5_ACCESS, mode: true });
const SAVE_NPY_OPTIONS = optionNames<Chosen<SaveNpyOptions>>({ mode: true });
const LOAD_NPY_OPTIONS = optionNames<Chosen<LoadNpyShapedOptions>>(DISTRIBUTION_OPTIONS);
const SAVE_DNPY_OPTIONS = optionNames<Chosen<SaveDnpyOptions>>({ mode: true, targets: true });
const LOAD_DNPY_OPTIONS = optionNames<Chosen<LoadDnpyOptions>>({ targets: true });

/**
 * The methods of contexts that write arrays to files and read them. All are collective, and what goes wrong on one
 * process is the same error on all; `docs/io.md` says what is in the files.
 */
export interface FileMethods {
  /**
   * Writes an array into a dataset of an HDF5 file (DistArray 0.5 `save_hdf5`).
   *
   * @param options - `key` (default `buffer`) and `mode`: `'a'` adds to a file (the default; with `atomic: true` to a copy
   * of it, which then takes its place), `'w'` replaces it, `'w-'` fails when there is one; `chunks`, `compression`,
   * `shuffle`, …
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST`, `EACCES`, `ENOENT`, …, `ERR_HDF5`
   */
  saveHdf5(name: string, array: DistArray<Dtype>, options?: Chosen<SaveHdf5Options>): void;
  /**
   * Reads a dataset of an HDF5 file (DistArray 0.5 `load_hdf5`).
   *
   * @param target - distribution of the result, whose shape must be the dataset's; or how to distribute its shape:
   * `{ dist: 'bc', gridShape, targets, … }`. When nothing is said, it is distributed as it was when it was saved, if there
   * are as many processes now, and in blocks along the first axis otherwise.
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `ERR_HDF5_KEY`, `ERR_HDF5_SHAPE`, …
   */
  loadHdf5(
    name: string,
    target?: Distribution | Chosen<LoadHdf5ShapedOptions>,
    options?: Chosen<LoadHdf5Options>,
  ): DistArray;
  /**
   * Opens an HDF5 file as h5py shows it: groups, datasets, slices, attributes. What is read from it are arrays of this
   * context.
   *
   *     using file = ctx.openHdf5File('a.h5');
   *     const a = file.dataset('group/u').slice('0:10, ::2').read({ dist: 'bb' });
   *
   * @param options - `mode`: `'r'` (the default), `'r+'`, `'a'`, `'w'` or `'w-'`, as in h5py; hints to MPI-IO, …
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EEXIST`, `EACCES`, …, `ERR_HDF5`
   */
  openHdf5File(name: string, options?: Omit<FileOptions, 'comm'>): File<DistArray<Dtype>>;
  /**
   * Writes an array into a .npy file, as `numpy.save` does.
   *
   * @param options - `mode`: `'w'` replaces a file (the default), `'w-'` fails when there is one
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST`, `EACCES`, `ENOENT`, …
   */
  saveNpy(name: string, array: DistArray<Dtype>, options?: Chosen<SaveNpyOptions>): void;
  /**
   * Reads a .npy file (DistArray 0.5 `load_npy`), in C or Fortran order, little- or big-endian.
   *
   * @param target - distribution of the result, whose shape must be the file's; or how to distribute its shape:
   * `{ dist: 'bc', gridShape, targets, … }`
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `ERR_NPY_HEADER`, `ERR_NPY_DTYPE`,
   * `ERR_NPY_SHAPE`, `ERR_NPY_TRUNCATED`, …
   */
  loadNpy(name: string, target?: Distribution | Chosen<LoadNpyShapedOptions>): DistArray;
  /**
   * Writes each process's part to a file of its own, in DistArray's format (DistArray 0.5 `save_dnpy`).
   *
   * @param name - `<name>_<rank>.dnpy` with the rank in the array's distribution, or a list of names, one for each
   * of the context's targets
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `EEXIST` (`mode: 'w-'`), `EACCES`, `ENOENT`, …
   */
  saveDnpy(name: DnpyName, array: DistArray<Dtype>, options?: Chosen<SaveDnpyOptions>): void;
  /**
   * Reads an array from .dnpy files, ours or DistArray's, distributed as it was (DistArray 0.5 `load_dnpy`).
   *
   * @param options - `targets`: those of the context that read a file each
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `ERR_DNPY_HEADER`, `ERR_DNPY_PARTS`, …
   */
  loadDnpy(name: DnpyName, options?: Chosen<LoadDnpyOptions>): DistArray;
}

function save<Name, Options>(
  context: Context,
  operation: SaveOperation<Name, Options>,
  name: Name,
  array: DistArray<Dtype>,
  options: Options,
  names: OptionNames,
): void {
  context.checkOwn(array);
  checkOptions(options, names, "{ mode: 'w' }");
  context.session.evaluate(operation, [array.handle], { name, options });
}

/** Arrays of a context in files that it has open. */
function arraysOf(context: Context): ArrayKind<DistArray<Dtype>> {
  const { comm, targets, stats: traffic } = context;
  return {
    comm,
    targets,
    traffic,
    isArray: (value) => value instanceof DistArray,
    toLocal(array) {
      context.checkOwn(array);
      return context.session.localOf(array.handle);
    },
    fromLocal: (local) => context.fromLocalArrays(local),
  };
}

const METHODS: FileMethods & ThisType<Context> = {
  saveHdf5(name, array, options = {}) {
    save(this, saveHdf5Operation, name, array, options, SAVE_HDF5_OPTIONS);
  },
  loadHdf5(name, target = {}, options = {}) {
    checkOptions(options, LOAD_HDF5_OPTIONS, "{ key: 'buffer' }");
    const { comm, stats: traffic, targets: defaultTargets } = this;
    if (target instanceof Distribution) {
      this.checkDistribution(target, 'distribution');
      return this.adopted(loadHdf5(name, target, { ...options, comm, traffic }));
    }
    if (typeof target !== 'object' || target === null || Array.isArray(target)) {
      throw new ArgumentTypeError('distribution', 'a Distribution, or { dist, … }', target);
    }
    checkOptions(target, LOAD_HDF5_SHAPED_OPTIONS, "{ dist: 'bc' }", 'target');
    const own = { ...options, ...target, comm, traffic, defaultTargets };
    return this.adopted(loadHdf5(name, own));
  },
  openHdf5File(name, options = {}) {
    checkOptions(options, FILE_OPTIONS, "{ mode: 'r' }");
    return new File(name, { ...options, comm: this.comm }, arraysOf(this));
  },
  saveNpy(name, array, options = {}) {
    save(this, saveNpyOperation, name, array, options, SAVE_NPY_OPTIONS);
  },
  loadNpy(name, target = {}) {
    const { comm, stats: traffic, targets } = this;
    if (target instanceof Distribution) {
      this.checkDistribution(target, 'distribution');
      return this.adopted(loadNpy(name, target, { comm, traffic }));
    }
    checkOptions(target, LOAD_NPY_OPTIONS, "{ dist: 'bc' }", 'target');
    return this.adopted(loadNpy(name, { targets, ...target, comm, traffic }));
  },
  saveDnpy(name, array, options = {}) {
    checkOptions(options, SAVE_DNPY_OPTIONS, "{ mode: 'w' }");
    const all = { targets: this.targets, ...options };
    save(this, saveDnpyOperation, name, array, all, SAVE_DNPY_OPTIONS);
  },
  loadDnpy(name, options = {}) {
    checkOptions(options, LOAD_DNPY_OPTIONS, '{ targets }');
    const { comm, targets } = this;
    return this.adopted(loadDnpy(name, { targets, ...options, comm }));
  },
};

for (const [name, value] of Object.entries(METHODS)) {
  Object.defineProperty(Context.prototype, name, { value, writable: true, configurable: true });
}
