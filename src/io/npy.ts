/** Distributed arrays in .npy files, one global array each, written and read by all processes together (MPI-IO). */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { allocateForResult } from '../kernels/allocation.ts';
import { sameShape } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import type { FromShapeOptions } from '../maps/distributionOptions.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import type { File } from '../mpi/file.ts';
import { redistribute } from '../ops/redistribute/redistribute.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkEverywhere, writeAtomically } from './atomicFile.ts';
import { boxOf } from './boxRuns.ts';
import { eachRun, readTo, truncatedError, withFile, writeAt } from './boxTransfers.ts';
import { bytesOf, normalizeBools, swapBytes } from './byteOrder.ts';
import {
  checkComm,
  checkFileName,
  checkOptions,
  checkWriteMode,
  type WriteMode,
} from './fileArguments.ts';
import { readHeader } from './fileBytes.ts';
import { formatNpyHeader, NPY, type NpyHeader, npyDataBytes, parseNpyHeader } from './npyHeader.ts';
import {
  inBoxes,
  inLongRuns,
  type StorageOrder,
  slabs,
  stridesInOrder,
  writesNothing,
} from './slabs.ts';

/** Options of {@link saveNpy}. */
export interface SaveNpyOptions {
  /** What becomes of a file that exists; default `w`, as in NumPy. */
  readonly mode?: WriteMode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Options of {@link loadNpy} when it is given a distribution. */
export interface LoadNpyOptions {
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Options of {@link loadNpy} when the distribution is made for the shape in the file. */
export interface LoadNpyShapedOptions extends LoadNpyOptions, Omit<FromShapeOptions, 'size'> {}

/** Shortest run of bytes that is written on its own; shorter ones are brought together first. */
const SHORT_RUN = 2 ** 20;

/**
 * Writes a distributed array into a .npy file, whatever its distribution: the bytes that `numpy.save` writes for the
 * whole array in C order. Of padded arrays the elements alone are written.
 *
 * The file gets its name only when it is complete and on disk; a job that is killed half-way leaves
 * `<name>.<random>.tmp` behind.
 *
 * @param name - path of the file, seen by all processes; nothing is added to it
 * @param array - the local part, on every process of its communicator
 * @remarks Collective over `array.comm`. Each process writes its part, if it lies in long runs; others are
 * redistributed into slabs first, and no process holds more than its share twice.
 * @throws {@link DistArrayError} on every process alike: `EEXIST` (`w-`), `EACCES`, `ENOENT`, `ENOSPC`, …
 */
export function saveNpy(name: string, array: LocalArray, options: SaveNpyOptions = {}): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  const { comm, dtype, distribution, globalShape } = array;
  agree(comm, () => {
    checkOptions(options);
    checkFileName(name, 'name');
    checkWriteMode(options.mode ?? 'w');
  });
  const { mode = 'w', traffic } = options;
  checkSame(comm, { name, mode, dtype, distribution: String(distribution) });
  const stored = isDirect(distribution, dtype, 'C')
    ? array
    : redistribute(array, slabs(globalShape, comm.size), { traffic });
  const header = formatNpyHeader(dtype, globalShape);
  writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) => {
    withFile(comm, temporary, 'r+', (file) => {
      if (comm.rank === 0) writeAt(file, 0, header);
      if (writesNothing(stored) || stored.localSize === 0) return;
      const place = { shape: globalShape, order: 'C', itemsize: stored.itemsize } as const;
      const box = boxOf(stored.distribution, stored.cartCoords);
      eachRun(place, box, bytesOf(stored.toContiguous()), (at, bytes) =>
        writeAt(file, header.length + at, bytes),
      );
    });
  });
}

/**
 * Reads a .npy file into a distributed array: of versions 1.0 to 3.0, in C or Fortran order, little- or
 * big-endian.
 *
 * @param name - path of the file, seen by all processes
 * @param target - distribution of the result, whose shape must be the file's; or how to distribute its shape
 * (`dist`, `gridShape`, …; see `Distribution.fromShape`): by default in blocks along the first axis
 * @returns the local part, of the file's dtype, in native byte order and C order
 * @remarks Collective over `options.comm`. As with {@link saveNpy}, what would lie in short runs is read in slabs.
 * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EACCES`, …, `ERR_NPY_HEADER` when it is no
 * .npy file, `ERR_NPY_DTYPE` when no dtype holds its elements, `ERR_NPY_SHAPE`, `ERR_NPY_TRUNCATED`
 */
export function loadNpy(
  name: string,
  distribution: Distribution,
  options?: LoadNpyOptions,
): LocalArray;
export function loadNpy(name: string, options?: LoadNpyShapedOptions): LocalArray;
export function loadNpy(
  name: string,
  target: Distribution | LoadNpyShapedOptions = {},
  options: LoadNpyOptions = target instanceof Distribution ? {} : target,
): LocalArray {
  checkOptions(options);
  const { comm = COMM_WORLD, traffic } = options;
  checkComm(comm);
  agree(comm, () => {
    checkFileName(name, 'name');
    checkOptions(target, 'distribution');
  });
  checkSame(comm, { name, distribution: targetText(target) });
  checkEverywhere(comm, name, 'r');
  const header: NpyHeader = JSON.parse(onRoot(comm, () => JSON.stringify(readNpyHeader(name))));
  const distribution = distributionFor(name, header, target, comm);
  const order = header.fortranOrder ? 'F' : 'C';
  const direct = isDirect(distribution, header.dtype, order);
  const readAs = direct ? distribution : slabs(header.shape, comm.size, order);
  const stored = withFile(comm, name, 'r', (file) => readPart(file, header, readAs, comm));
  return direct ? stored : redistribute(stored, distribution, { traffic });
}

/** Reads the header of a file, and checks that the file has what it says. */
export function readNpyHeader(name: string): NpyHeader {
  const descriptor = openSync(name, 'r');
  try {
    const header = parseNpyHeader(readHeader(descriptor, NPY));
    const expected = header.dataOffset + npyDataBytes(header);
    const { size } = fstatSync(descriptor);
    if (size < expected) throw truncatedError(`${expected} bytes, as its header says`, size);
    return header;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith('ERR_NPY')) throw error;
    throw new DistArrayError(code, `'${name}': ${message}`, { cause: error });
  } finally {
    closeSync(descriptor);
  }
}

function distributionFor(
  name: string,
  { shape }: NpyHeader,
  target: Distribution | LoadNpyShapedOptions,
  comm: Comm,
): Distribution {
  if (!(target instanceof Distribution)) {
    const { comm: _, traffic: __, ...shaped } = target;
    return Distribution.fromShape(shape, { size: comm.size, ...shaped });
  }
  if (sameShape(target.shape, shape)) return target;
  throw new DistArrayError(
    'ERR_NPY_SHAPE',
    `The shape of '${name}' is [${shape.join(', ')}], but the distribution's is ` +
      `[${target.shape.join(', ')}]`,
  );
}

/** Whether each process can transfer its own part: a box, which lies in the file in long runs. */
function isDirect(distribution: Distribution, dtype: Dtype, order: StorageOrder): boolean {
  return (
    inBoxes(distribution) && inLongRuns(distribution, DTYPES[dtype].itemsize, SHORT_RUN, order)
  );
}

/** Reads this process's part of a distribution in boxes. */
function readPart(
  file: File,
  { dtype, byteOrder, fortranOrder, dataOffset }: NpyHeader,
  distribution: Distribution,
  comm: Comm,
): LocalArray {
  const empty = new LocalArray(distribution, { comm, dtype, zeroed: false, data: undefined });
  if (empty.localSize === 0) return empty;
  // Where the elements of the file are those of the memory, they are read to their place.
  const inPlace = !fortranOrder && empty.isContiguous;
  const elements = inPlace ? empty.toContiguous() : allocateForResult(dtype, empty.localSize);
  const order = fortranOrder ? 'F' : 'C';
  const place = { shape: distribution.shape, order, itemsize: empty.itemsize } as const;
  eachRun(place, boxOf(distribution, empty.cartCoords), bytesOf(elements), (at, bytes) => {
    readTo(file, dataOffset + at, bytes);
    if (byteOrder === 'big') swapBytes(bytes, dtype);
  });
  normalizeBools(elements, dtype);
  if (inPlace) return empty;
  const shape = empty.localShape;
  const strides = stridesInOrder(shape, order);
  return empty.assignView({ data: elements, dtype, shape, strides, offset: 0 });
}

function targetText(target: Distribution | LoadNpyShapedOptions): string {
  if (target instanceof Distribution) return String(target);
  const { comm: _, traffic: __, ...shaped } = target;
  return JSON.stringify(shaped);
}
