/** Distributed arrays in HDF5 files, written and read by all ranks together. */
import { ArgumentTypeError } from '../errors.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkEverywhere } from './atomicFile.ts';
import { checkComm, checkFileName, checkOptions } from './fileArguments.ts';
import {
  distributionFor,
  localArraysOf,
  type SpreadOptions,
  targetText,
} from './hdf5/arrayKind.ts';
import { Attributes } from './hdf5/attributes.ts';
import {
  accessText,
  Connection,
  checkAccessOptions,
  type FileAccessOptions,
  raw,
  withConnection,
} from './hdf5/connection.ts';
import {
  type DatasetSpec,
  fillTimeOfData,
  rawSpecOf,
  type StorageOptions,
  specText,
} from './hdf5/datasetOptions.ts';
import { checkHdf5Mode, datasetPath, type Hdf5Mode, intoHdf5 } from './hdf5/intoFile.ts';
import { checkDataset } from './hdf5/objects.ts';
import { allOf } from './hdf5/selection.ts';
import {
  DISTRIBUTION_ATTRIBUTE,
  distributionText,
  restoreDistribution,
} from './hdf5/storedDistribution.ts';
import { checkTransfer, readElements, type TransferMode, writeElements } from './hdf5/transfer.ts';

export type { Hdf5Mode };

/** Options of {@link saveHdf5}. */
export interface SaveHdf5Options extends StorageOptions, FileAccessOptions {
  /** Name of the dataset; groups on the way are made. Default `buffer`, as in DistArray. */
  readonly key?: string;
  /** Default `a`. */
  readonly mode?: Hdf5Mode;
  /**
   * Whether a file that mode `a` adds to is copied first, and the copy takes its place when it is complete and on disk:
   * a crash leaves the former one. Default false. The other modes do so anyway.
   */
  readonly atomic?: boolean;
  /** Whether the distribution is stored, too, so that {@link loadHdf5} finds it. Default true. */
  readonly storeDistribution?: boolean;
  /** How elements are transferred; default `collective`. */
  readonly transfer?: TransferMode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Options of {@link loadHdf5} when it is given a distribution. */
export interface LoadHdf5Options extends FileAccessOptions {
  /** Name of the dataset. Default `buffer`. */
  readonly key?: string;
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** How elements are transferred; default `collective`. */
  readonly transfer?: TransferMode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
  /** The targets to use when nothing else is said. @internal */
  readonly defaultTargets?: readonly number[];
}

/** Options of {@link loadHdf5} when the distribution is the stored one, or made for the shape in the file. */
export interface LoadHdf5ShapedOptions extends LoadHdf5Options, SpreadOptions {}

/**
 * Writes a distributed array into a dataset of an HDF5 file (parallel HDF5).
 *
 *     saveHdf5('a.h5', array, { key: 'group/u', compression: 'gzip', shuffle: true });
 *
 * In the modes `w` and `w-`, and when the file is new, it gets its name only when it is complete and
 * on disk; a job that is killed half-way leaves `<name>.<random>.tmp` behind. In mode `a` an existing
 * file is changed in place, unless `atomic` is true: an argument error leaves it untouched, a crash half-way may not.
 *
 * @param name path of the file, seen by all ranks
 * @param array the local part, on every rank of its communicator
 * @remarks Collective over `array.comm`.
 * @throws {@link DistArrayError} on every rank alike: `EEXIST` when the file (`w-`) or the dataset
 * (`a`) is there already, `EACCES`, `ENOENT`, `ENOSPC`, …, `ERR_HDF5` with the library's account
 */
export function saveHdf5(name: string, array: LocalArray, options: SaveHdf5Options = {}): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  const { comm, dtype, globalShape: shape, distribution } = array;
  const { spec, path, settings } = agree(comm, () => {
    checkOptions(options);
    return checkSave(name, array, options);
  });
  const { key, mode, atomic, storeDistribution } = settings;
  checkSame(comm, {
    name,
    key,
    mode,
    dtype,
    distribution: String(distribution),
    options: `${specText(spec)} ${accessText(options)} ${atomic} ${storeDistribution} ${options.transfer}`,
  });
  const text = storeDistribution
    ? onRoot(comm, () => distributionText(distribution, comm.size))
    : '';
  const target = { path, mode, atomic, bytes: array.nbytes, access: options };
  intoHdf5(comm, name, target, (connection) => {
    connection.perform(path, (file) => raw.createDataset(file, path, rawSpecOf(spec)));
    writeElements(connection, path, array, allOf(shape), options);
    if (text !== '') new Attributes(connection, path).set(DISTRIBUTION_ATTRIBUTE, text);
  });
}

/**
 * Reads a dataset of an HDF5 file into a distributed array (parallel HDF5), whatever the distribution that it was written
 * with.
 *
 * @param name path of the file, seen by all ranks
 * @param target distribution of the result, whose shape must be the dataset's; or how to distribute its shape
 * (`dist`, `gridShape`, …; see `Distribution.fromShape`). When nothing is said, the distribution is the one that
 * {@link saveHdf5} has stored, if there are as many processes as there were then; otherwise blocks along the first axis.
 * @returns the local part, of the dataset's dtype, in native byte order
 * @remarks Collective over `options.comm`.
 * @throws {@link DistArrayError} on every rank alike: `ENOENT`, `EACCES`, `ERR_HDF5`,
 * `ERR_HDF5_KEY` when there is no such dataset, `ERR_HDF5_SHAPE`, `ERR_HDF5_DTYPE`
 */
export function loadHdf5(
  name: string,
  distribution: Distribution,
  options?: LoadHdf5Options,
): LocalArray;
export function loadHdf5(name: string, options?: LoadHdf5ShapedOptions): LocalArray;
export function loadHdf5(
  name: string,
  target: Distribution | LoadHdf5ShapedOptions = {},
  options: LoadHdf5Options = target instanceof Distribution ? {} : target,
): LocalArray {
  checkOptions(options);
  const { comm = COMM_WORLD, key = 'buffer', transfer, traffic, defaultTargets } = options;
  checkComm(comm);
  const path = agree(comm, () => {
    checkFileName(name, 'name');
    checkOptions(target, 'distribution');
    if (Array.isArray(target)) {
      throw new ArgumentTypeError('distribution', 'a Distribution, or { dist, … }', target);
    }
    checkTransfer(transfer);
    checkAccessOptions(options);
    return datasetPath(key);
  });
  const wanted = target instanceof Distribution ? target : spreadOf(target);
  checkSame(comm, {
    name,
    key,
    distribution: targetText(wanted),
    options: `${accessText(options)} ${transfer}`,
  });
  checkEverywhere(comm, name, 'r');
  return withConnection(Connection.open(comm, name, name, false, options), (connection) => {
    const arrays = { ...localArraysOf(comm), targets: defaultTargets };
    const distribution = connection.perform(path, (file) => {
      checkDataset(connection, file, path);
      const { shape } = raw.describeDataset(file, path);
      const stored = isEmpty(wanted) ? storedIn(connection, path, shape, arrays.targets) : null;
      return stored ?? distributionFor(arrays, shape, wanted, `'${path}' in '${name}'`);
    });
    return readElements(connection, path, distribution, allOf(distribution.shape), {
      transfer,
      traffic,
    });
  });
}

/** What is said about the distribution in the options. */
function spreadOf(options: LoadHdf5ShapedOptions): SpreadOptions {
  const { dist, gridShape, targets, commPadding, boundaryPadding, periodic, blockSize } = options;
  const spread = { dist, gridShape, targets, commPadding, boundaryPadding, periodic, blockSize };
  const said = Object.entries(spread).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said);
}

function isEmpty(wanted: Distribution | SpreadOptions): boolean {
  return !(wanted instanceof Distribution) && Object.keys(wanted).length === 0;
}

/** The distribution that is stored with a dataset, if it fits here. */
function storedIn(
  connection: Connection,
  path: string,
  shape: readonly number[],
  targets: readonly number[] | undefined,
): Distribution | null {
  const attributes = new Attributes(connection, path);
  if (!attributes.has(DISTRIBUTION_ATTRIBUTE)) return null;
  const text = attributes.get(DISTRIBUTION_ATTRIBUTE);
  if (typeof text !== 'string') return null;
  const distribution = restoreDistribution(text, shape, connection.comm.size);
  const here = targets === undefined || distribution?.targets.every((one) => targets.includes(one));
  return here ? distribution : null;
}

interface SaveSettings {
  readonly key: string;
  readonly mode: Hdf5Mode;
  readonly atomic: boolean;
  readonly storeDistribution: boolean;
}

function checkSave(
  name: unknown,
  { dtype, globalShape: shape }: LocalArray,
  options: SaveHdf5Options,
): { readonly spec: DatasetSpec; readonly path: string; readonly settings: SaveSettings } {
  const { key = 'buffer', mode = 'a', atomic = false, storeDistribution = true } = options;
  checkFileName(name, 'name');
  checkHdf5Mode(mode);
  for (const [option, value] of Object.entries({ atomic, storeDistribution })) {
    if (typeof value !== 'boolean') {
      throw new ArgumentTypeError(`options.${option}`, 'a boolean', value);
    }
  }
  checkTransfer(options.transfer);
  checkAccessOptions(options);
  const { chunks, maxshape, compression, compressionOpts, shuffle } = options;
  const storage = { chunks, maxshape, compression, compressionOpts, shuffle };
  const spec: DatasetSpec = { ...storage, dtype, shape, fillTime: fillTimeOfData(shape, maxshape) };
  rawSpecOf(spec);
  return { spec, path: datasetPath(key), settings: { key, mode, atomic, storeDistribution } };
}
