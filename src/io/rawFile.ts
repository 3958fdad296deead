/** Distributed arrays in files of nothing but elements, as `numpy.fromfile` and `ndarray.tofile` have them. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { DTYPES, type Dtype, parseDtype } from '../dtype/dtype.ts';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkInteger,
  DistArrayError,
  describeValue,
} from '../errors.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import type { FromShapeOptions } from '../maps/distributionOptions.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkEverywhere, writeAtomically } from './atomicFile.ts';
import { truncatedError } from './boxTransfers.ts';
import { arrangeForFile, readElements, writeElements } from './elementFile.ts';
import {
  checkComm,
  checkFileName,
  checkOptions,
  checkWriteMode,
  type WriteMode,
} from './fileArguments.ts';
import type { StorageOrder } from './slabs.ts';

/** What the elements of a file are, and which are read. */
export interface RawFileOptions<D extends Dtype = Dtype> {
  /** Default float64, as in NumPy. */
  readonly dtype?: D;
  /** Extents of the array; default one dimension. */
  readonly shape?: readonly number[];
  /** Bytes before the first element. Default 0. */
  readonly offset?: number;
  /** Number of elements of an array of one dimension; −1, the default, are all that follow. */
  readonly count?: number;
  /** Which index varies fastest in the file: the last (`C`, the default) or the first (`F`). */
  readonly order?: StorageOrder;
  /** Order of the bytes of a number in the file. Default `little`. */
  readonly byteOrder?: 'little' | 'big';
}

/** Options of {@link fromFile}. */
export interface FromFileOptions<D extends Dtype = Dtype>
  extends RawFileOptions<D>,
    Omit<FromShapeOptions, 'size'> {
  /** How the array is spread, in the place of `dist`, `gridShape`, …; it tells the shape, too. */
  readonly distribution?: Distribution;
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Options of {@link toFile}. */
export interface ToFileOptions {
  /** What becomes of a file that exists; default `w`, as in NumPy. */
  readonly mode?: WriteMode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

const TRUNCATED = 'ERR_FILE_TRUNCATED';

/**
 * Reads an array from a file of its elements, one after the other (`numpy.fromfile`).
 *
 * @param name - path of the file, seen by all processes
 * @returns the local part, in C order and the memory's byte order
 * @remarks Collective over `options.comm`. A process transfers its own part where that lies in the file in long runs;
 * otherwise slabs are read and redistributed.
 * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_FILE_TRUNCATED` when the file
 * has fewer elements, or ends within one (NumPy then returns fewer)
 */
export function fromFile<D extends Dtype = 'float64'>(
  name: string,
  options: FromFileOptions<D> = {},
): LocalArray<D> {
  checkOptions(options);
  const { comm = COMM_WORLD, traffic, distribution: given, ...rest } = options;
  checkComm(comm);
  const { dtype: ofFile, shape, offset, count, order, byteOrder, ...shaped } = rest;
  const layout = agree(comm, () => {
    checkFileName(name, 'name');
    if (given !== undefined && !(given instanceof Distribution)) {
      throw new ArgumentTypeError('options.distribution', 'a Distribution', given);
    }
    return checkLayout({ dtype: ofFile, offset, count, order, byteOrder, shape }, given);
  });
  checkSame(comm, {
    name,
    options: JSON.stringify([layout, shaped]),
    'options.distribution': String(given),
  });
  checkEverywhere(comm, name, 'r');
  const extents: number[] = JSON.parse(
    onRoot(comm, () => JSON.stringify(shapeInFile(name, layout))),
  );
  const distribution =
    given ?? agree(comm, () => Distribution.fromShape(extents, { size: comm.size, ...shaped }));
  const inFile = { ...layout, shape: extents };
  return readElements(comm, name, inFile, distribution, TRUNCATED, { traffic }) as LocalArray<D>;
}

/**
 * Writes the elements of an array into a file, one after the other, in C order and the memory's byte order
 * (`ndarray.tofile`). The file gets its name when it is complete and on disk.
 *
 * @param name - path of the file, seen by all processes
 * @param array - the local part, on every process of its communicator
 * @remarks Collective over `array.comm`.
 * @throws {@link DistArrayError} on every process alike: `EEXIST` (`w-`), `EACCES`, `ENOENT`, `ENOSPC`, …
 */
export function toFile(name: string, array: LocalArray, options: ToFileOptions = {}): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  const { comm, dtype, distribution } = array;
  agree(comm, () => {
    checkOptions(options);
    checkFileName(name, 'name');
    checkWriteMode(options.mode ?? 'w');
  });
  const { mode = 'w', traffic } = options;
  checkSame(comm, { name, mode, dtype, distribution: String(distribution) });
  const arranged = arrangeForFile(array, traffic);
  writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) =>
    writeElements(temporary, new Uint8Array(0), arranged, { label: name }),
  );
}

/** The layout with what is left out; `shape` is null where the file tells it. */
interface RawLayout {
  readonly dtype: Dtype;
  readonly shape: readonly number[] | null;
  readonly count: number;
  readonly offset: number;
  readonly order: StorageOrder;
  readonly byteOrder: 'little' | 'big';
}

function checkLayout(options: RawFileOptions, given: Distribution | undefined): RawLayout {
  const { shape, offset = 0, count = -1, order = 'C', byteOrder = 'little' } = options;
  const dtype = parseDtype(options.dtype ?? 'float64', 'options.dtype');
  checkInteger('options.offset', offset, 0);
  checkInteger('options.count', count, -1);
  if (order !== 'C' && order !== 'F')
    throw new ArgumentRangeError('options.order', "'C' or 'F'", order);
  if (byteOrder !== 'little' && byteOrder !== 'big') {
    throw new ArgumentRangeError('options.byteOrder', "'little' or 'big'", byteOrder);
  }
  const extents = given?.shape ?? shape ?? null;
  if (shape !== undefined) {
    // What it checks of the shape is all that is wanted.
    Distribution.fromShape(shape);
    if (given !== undefined && String(given.shape) !== String(shape)) {
      const expected = `[${given.shape.join(', ')}], as the distribution has`;
      throw new ArgumentRangeError('options.shape', expected, shape);
    }
  }
  if (extents !== null && count !== -1) {
    const expected = `nothing beside a shape (${describeValue(extents)})`;
    throw new ArgumentRangeError('options.count', expected, count);
  }
  return { dtype, shape: extents, offset, count, order, byteOrder };
}

/** The shape of what is read, when the file has all of it. Not collective. */
function shapeInFile(name: string, { dtype, shape, offset, count }: RawLayout): readonly number[] {
  const descriptor = openSync(name, 'r');
  try {
    const stats = fstatSync(descriptor);
    if (stats.isDirectory()) throw new DistArrayError('EISDIR', `'${name}' is a directory`);
    if (!stats.isFile()) {
      throw new DistArrayError('ERR_NOT_A_FILE', `'${name}' is a device, pipe or socket`);
    }
    const { itemsize } = DTYPES[dtype];
    const rest = stats.size - offset;
    if (shape === null && count === -1) {
      const elements = Math.ceil(rest / itemsize);
      if (rest === elements * itemsize && rest >= 0) return [elements];
      throw truncatedError(TRUNCATED, name, offset + Math.max(0, elements) * itemsize, stats.size);
    }
    const extents = shape ?? [count];
    const expected = extents.reduce((product, extent) => product * extent, itemsize);
    if (expected <= rest || expected === 0) return extents;
    throw truncatedError(TRUNCATED, name, offset + expected, stats.size);
  } finally {
    closeSync(descriptor);
  }
}
