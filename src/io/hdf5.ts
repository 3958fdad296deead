/** Distributed arrays in HDF5 files, written and read by all ranks together. */
import { existsSync } from 'node:fs';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { sameShape } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkEverywhere, checkRoom, writeAtomically } from './atomicFile.ts';
import { checkFileName, checkOptions } from './fileArguments.ts';
import { Connection, raw, resolvePath, withConnection } from './hdf5/connection.ts';
import { rawSpecOf } from './hdf5/datasetOptions.ts';
import { checkAbsent, checkDataset } from './hdf5/objects.ts';
import { allOf } from './hdf5/selection.ts';
import { readElements, writeElements } from './hdf5/transfer.ts';

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
    checkHdf5Mode(mode);
  });
  checkSame(comm, {
    name,
    key,
    mode,
    dtype: array.dtype,
    distribution: String(array.distribution),
  });
  intoHdf5(comm, name, { key, mode, bytes: array.nbytes }, (connection, path) =>
    writeDataset(connection, path, array, traffic),
  );
}

/** What {@link intoHdf5} makes. */
export interface Hdf5Target {
  readonly key: string;
  readonly mode: Hdf5Mode;
  /** Bytes that will be written. */
  readonly bytes: number;
}

/**
 * Opens an HDF5 file for a new dataset as a mode says, or makes one, and lets `write` make and fill the dataset.
 *
 * @param write - gets the file and the dataset's path; must succeed on every process or throw on every process
 * @remarks Collective; what is given has been checked to be the same on every process.
 * @throws {@link DistArrayError} on every process alike
 */
export function intoHdf5(
  comm: Comm,
  name: string,
  { key, mode, bytes }: Hdf5Target,
  write: (connection: Connection, path: string) => void,
): void {
  // Libhdf5 may crash, or wait for ever, when the disk is full.
  agree(comm, () => comm.rank === 0 && checkRoom(name, bytes));
  const exists = mode === 'a' && onRoot(comm, () => (existsSync(name) ? 'yes' : '')) === 'yes';
  const path = resolvePath('/', key);
  if (exists) {
    checkEverywhere(comm, name, 'r+');
    withConnection(Connection.open(comm, name, true), (connection) => {
      connection.perform(path, (file) => checkAbsent(connection, file, path));
      write(connection, path);
    });
  } else {
    writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) => {
      withConnection(Connection.create(comm, temporary, name), (connection) =>
        write(connection, path),
      );
    });
  }
}

/** @throws {@link ArgumentRangeError} unless it is a mode of writing */
export function checkHdf5Mode(mode: unknown): asserts mode is Hdf5Mode {
  if (mode === 'a' || mode === 'w' || mode === 'w-') return;
  throw new ArgumentRangeError('options.mode', "'a', 'w' or 'w-'", mode);
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
  const path = resolvePath('/', key);
  return withConnection(Connection.open(comm, name, false), (connection) => {
    connection.perform(path, (file) => {
      checkDataset(connection, file, path);
      checkShape(connection, path, raw.describeDataset(file, path).shape, distribution);
    });
    return readElements(connection, path, distribution, allOf(distribution.shape), { traffic });
  });
}

function writeDataset(
  connection: Connection,
  path: string,
  array: LocalArray,
  traffic: Traffic | undefined,
): void {
  const { dtype, globalShape: shape } = array;
  connection.perform(path, (file) =>
    raw.createDataset(file, path, rawSpecOf({ dtype, shape, fillTime: 'never' })),
  );
  writeElements(connection, path, array, allOf(shape), { traffic });
}

/** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless they can name a file and a dataset */
export function checkName(name: unknown, key: unknown): void {
  checkFileName(name, 'name');
  if (typeof key !== 'string') throw new ArgumentTypeError('options.key', 'a string', key);
  if (key.includes('\0') || key.split('/').every((part) => part === '' || part === '.')) {
    throw new ArgumentRangeError('options.key', 'the name of a dataset', key);
  }
}

function checkShape(
  { name }: Connection,
  path: string,
  shape: readonly number[],
  distribution: Distribution,
): void {
  if (sameShape(shape, distribution.shape)) return;
  throw new DistArrayError(
    'ERR_HDF5_SHAPE',
    `The shape of '${path}' in '${name}' is [${shape.join(', ')}], ` +
      `but the distribution's is [${distribution.shape.join(', ')}]`,
  );
}
