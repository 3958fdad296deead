/** Distributed arrays in HDF5 files, written and read by all ranks together. */
import { existsSync } from 'node:fs';
import { DTYPES, type Dtype, parseDtype, type TypedArray } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { allocateLocal } from '../kernels/allocation.ts';
import { type AxisPositions, gather, scatter } from '../kernels/copy.ts';
import { newResult, viewOf } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import { loadNative } from '../native.ts';
import { redistribute } from '../ops/redistribute/redistribute.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkEverywhere, checkRoom, writeAtomically } from './atomicFile.ts';
import { checkFileName, checkOptions } from './fileArguments.ts';
import { inLongRuns, slabs, writesNothing } from './slabs.ts';

const raw = loadNative().hdf5;

/** How {@link saveHdf5} treats a file that exists: `a` adds to it, `w` replaces it, `w-` fails. */
export type Hdf5Mode = 'a' | 'w' | 'w-';

/** Options of {@link saveHdf5}. */
export interface SaveHdf5Options {
  /** Name of the dataset; groups on the way are made. Default `buffer`, as in DistArray. */
  readonly key?: string;
  /** Default `a`. */
  readonly mode?: Hdf5Mode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Options of {@link loadHdf5}. */
export interface LoadHdf5Options {
  /** Name of the dataset. Default `buffer`. */
  readonly key?: string;
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/**
 * Writes a distributed array into a dataset of an HDF5 file (parallel HDF5, collective transfer).
 *
 * In the modes `w` and `w-`, and when the file is new, it gets its name only when it is complete and
 * on disk; a job that is killed half-way leaves `<name>.<random>.tmp` behind. In mode `a` an existing
 * file is changed in place: an argument error leaves it untouched, a crash half-way may not.
 *
 * @param name path of the file, seen by all ranks
 * @param array the local part, on every rank of its communicator
 * @remarks Collective over `array.comm`.
 * @throws {@link DistArrayError} on every rank alike: `EEXIST` when the file (`w-`) or the dataset
 * (`a`) is there already, `EACCES`, `ENOENT`, `ENOSPC`, …, `ERR_HDF5` with the library's account
 */
export function saveHdf5(name: string, array: LocalArray, options: SaveHdf5Options = {}): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  checkOptions(options);
  const { key = 'buffer', mode = 'a', traffic } = options;
  const { comm } = array;
  agree(comm, () => {
    checkName(name, key);
    if (mode !== 'a' && mode !== 'w' && mode !== 'w-') {
      throw new ArgumentRangeError('options.mode', "'a', 'w' or 'w-'", mode);
    }
  });
  checkSame(comm, {
    name,
    key,
    mode,
    dtype: array.dtype,
    distribution: String(array.distribution),
  });
  const stored = inLongRuns(array.distribution, array.itemsize, SHORT_RUN)
    ? array
    : redistribute(array, slabs(array.globalShape, comm.size), { traffic });
  // Libhdf5 may crash, or wait for ever, when the disk is full.
  agree(comm, () => comm.rank === 0 && checkRoom(name, array.nbytes));
  const exists = mode === 'a' && onRoot(comm, () => (existsSync(name) ? 'yes' : '')) === 'yes';
  if (exists) {
    checkEverywhere(comm, name, 'r+');
    const open = () => raw.openFile(name, comm.handle, false);
    withHandle(comm, `'${name}'`, open, (file) => {
      agree(comm, () => naming(`'${key}' in '${name}'`, () => checkAbsent(file, name, key)));
      writeDataset(file, stored, key);
    });
  } else {
    writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) => {
      const create = () => raw.createFile(temporary, comm.handle);
      withHandle(comm, `'${name}'`, create, (file) => writeDataset(file, stored, key));
    });
  }
}

/**
 * Reads a dataset of an HDF5 file into a distributed array (parallel HDF5, collective transfer),
 * whatever the distribution that it was written with.
 *
 * @param name path of the file, seen by all ranks
 * @param distribution of the result; its shape must be the dataset's
 * @returns the local part, of the dataset's dtype, in native byte order
 * @remarks Collective over `options.comm`.
 * @throws {@link DistArrayError} on every rank alike: `ENOENT`, `EACCES`, `ERR_HDF5`,
 * `ERR_HDF5_KEY` when there is no such dataset, `ERR_HDF5_SHAPE`, `ERR_HDF5_DTYPE`
 */
export function loadHdf5(
  name: string,
  distribution: Distribution,
  options: LoadHdf5Options = {},
): LocalArray {
  checkOptions(options);
  const { key = 'buffer', comm = COMM_WORLD, traffic } = options;
  agree(comm, () => {
    checkName(name, key);
    if (!(distribution instanceof Distribution)) {
      throw new ArgumentTypeError('distribution', 'a Distribution', distribution);
    }
  });
  checkSame(comm, { name, key, distribution: String(distribution) });
  checkEverywhere(comm, name, 'r');
  const stored = readDataset(name, key, distribution, comm);
  if (stored.distribution === distribution) return stored;
  return redistribute(stored, distribution, { traffic });
}

/** Shortest run of bytes in the file for which a strided transfer is worth its bookkeeping. */
const SHORT_RUN = 2048;

/** Reads into the given distribution, or into slabs when that one's runs are short. */
function readDataset(
  name: string,
  key: string,
  distribution: Distribution,
  comm: Comm,
): LocalArray {
  const openFile = () => raw.openFile(name, comm.handle, true);
  return withHandle(comm, `'${name}'`, openFile, (file) => {
    const openDataset = () => {
      checkPresent(file, name, key);
      return raw.openDataset(file, key);
    };
    return withHandle(comm, `'${key}' in '${name}'`, openDataset, (dataset) =>
      agree(comm, () => {
        const dtype = checkStored(name, key, dataset, distribution);
        const direct = inLongRuns(distribution, DTYPES[dtype].itemsize, SHORT_RUN);
        const array = new LocalArray(direct ? distribution : slabs(distribution.shape, comm.size), {
          comm,
          dtype,
        });
        if (array.globalSize > 0) readElements(dataset, array);
        return array;
      }),
    );
  });
}

function writeDataset(file: number, array: LocalArray, key: string): void {
  const { comm, dtype, globalShape } = array;
  const create = () => raw.createDataset(file, key, dtype, globalShape);
  withHandle(comm, `'${key}'`, create, (dataset) => {
    // HDF5 has no place in the file for a dataset without elements, and fails to write nothing there.
    if (array.globalSize === 0) return;
    agree(comm, () =>
      naming(`'${key}'`, () =>
        raw.writeDataset(dataset, elementsInFileOrder(array), dtype, selectionOf(array, true)),
      ),
    );
  });
}

function checkAbsent(file: number, name: string, key: string): void {
  if (raw.linkExists(file, key)) {
    throw new DistArrayError('EEXIST', `'${name}' has a dataset '${key}' already`);
  }
}

function checkPresent(file: number, name: string, key: string): void {
  if (!raw.linkExists(file, key)) {
    throw new DistArrayError('ERR_HDF5_KEY', `'${name}' has no dataset '${key}'`);
  }
}

/** The dtype of a stored dataset, when it and the shape are what can be read. */
function checkStored(
  name: string,
  key: string,
  dataset: number,
  distribution: Distribution,
): Dtype {
  const { shape, dtype } = raw.describeDataset(dataset);
  if (dtype === '') {
    throw new DistArrayError(
      'ERR_HDF5_DTYPE',
      `The elements of '${key}' in '${name}' are of a type that no dtype holds`,
    );
  }
  const wanted = distribution.shape;
  if (shape.length !== wanted.length || shape.some((extent, axis) => extent !== wanted[axis])) {
    throw new DistArrayError(
      'ERR_HDF5_SHAPE',
      `The shape of '${key}' in '${name}' is [${shape.join(', ')}], ` +
        `but the distribution's is [${wanted.join(', ')}]`,
    );
  }
  return parseDtype(dtype);
}

/** This rank's elements in the order in which they lie in the file. */
function elementsInFileOrder(array: LocalArray): TypedArray {
  const positions = fileOrder(array);
  if (writesNothing(array)) return array.data.subarray(0, 0) as TypedArray;
  if (positions === null) return array.toContiguous();
  const ordered = newResult(array.dtype, array.localShape);
  gather(ordered, array.readView(), positions);
  return ordered.data;
}

/** Reads this rank's elements from where they lie in the file. */
function readElements(dataset: number, array: LocalArray): void {
  const { dtype, localShape, isContiguous } = array;
  const positions = fileOrder(array);
  const direct = positions === null && isContiguous;
  const elements = direct ? array.toContiguous() : allocateLocal(dtype, array.localSize);
  raw.readDataset(dataset, elements, dtype, selectionOf(array));
  if (direct) return;
  const ordered = viewOf(elements, dtype, localShape);
  if (positions === null || array.localSize === 0) array.assignView(ordered);
  else scatter(array.strided, ordered, positions);
}

/**
 * For each axis the local positions in the order of the global indices, which is that of the file; null
 * where the local elements are in that order.
 */
function fileOrder(array: LocalArray): AxisPositions[] | null {
  const positions = array.distribution.maps.map((map, axis): AxisPositions => {
    if (map.dist !== 'u') return null;
    const indices = array.globalIndices(axis);
    if (indices.every((index, i) => i === 0 || indices[i - 1] < index)) return null;
    return Int32Array.from(indices.keys()).sort((a, b) => indices[a] - indices[b]);
  });
  return positions.every((list) => list === null) ? null : positions;
}

/** The runs of this rank's indices along each dimension, as the addon takes them. */
function selectionOf(array: LocalArray, forWriting = false): Float64Array[] {
  const { distribution, rank, cartCoords } = array;
  if (rank < 0 || (forWriting && writesNothing(array))) return [new Float64Array(0)];
  return distribution.maps.map((map, axis) =>
    Float64Array.from(
      map
        .runs(cartCoords[axis])
        .flatMap(({ start, stride, count, blockSize }) => [start, stride, count, blockSize]),
    ),
  );
}

/**
 * Opens a file or dataset on all ranks, calls `use`, and closes it, whatever happens. HDF5's calls
 * are collective: a rank on which one failed must not be waited for in the next one, so each is
 * agreed on, and `use` either succeeds on all ranks or throws on all.
 */
function withHandle<T>(
  comm: Comm,
  what: string,
  open: () => number,
  use: (handle: number) => T,
): T {
  const handle = agree(comm, () => naming(what, open));
  const close = () => agree(comm, () => naming(what, () => raw.close(handle)));
  let result: T;
  try {
    result = use(handle);
  } catch (error) {
    try {
      close();
    } catch {
      // The first error says more.
    }
    throw error;
  }
  close();
  return result;
}

/** Runs a step of HDF5's; a failure names the file or dataset, which the library's account does not. */
function naming<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ERR_HDF5') throw error;
    throw new DistArrayError(code, `${what}: ${message}`, { cause: error });
  }
}

function checkName(name: unknown, key: unknown): void {
  checkFileName(name, 'name');
  if (typeof key !== 'string') throw new ArgumentTypeError('options.key', 'a string', key);
  if (key.includes('\0') || key.split('/').every((part) => part === '' || part === '.')) {
    throw new ArgumentRangeError('options.key', 'the name of a dataset', key);
  }
}
