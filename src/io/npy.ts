/** Distributed arrays in .npy files, one global array each, written and read by all processes together (MPI-IO). */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { ArgumentTypeError, DistArrayError } from '../errors.ts';
import { sameShape } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';
import type { FromShapeOptions } from '../maps/distributionOptions.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../mpi/communicator.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { checkEverywhere, writeAtomically } from './atomicFile.ts';
import { truncatedError } from './boxTransfers.ts';
import { arrangeForFile, type ElementLayout, readElements, writeElements } from './elementFile.ts';
import {
  checkComm,
  checkFileName,
  checkOptions,
  checkWriteMode,
  type WriteMode,
} from './fileArguments.ts';
import { readHeader } from './fileBytes.ts';
import { formatNpyHeader, NPY, type NpyHeader, npyDataBytes, parseNpyHeader } from './npyHeader.ts';

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

const TRUNCATED = 'ERR_NPY_TRUNCATED';

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
  const arranged = arrangeForFile(array, traffic);
  const header = formatNpyHeader(dtype, globalShape);
  writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) =>
    writeElements(temporary, header, arranged, { label: name }),
  );
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
  return readElements(comm, name, npyLayout(header), distribution, TRUNCATED, { traffic });
}

/** Returns how the elements lie in a file of this header. */
export function npyLayout(header: NpyHeader): ElementLayout {
  const { dtype, shape, byteOrder, fortranOrder, dataOffset: offset } = header;
  return { dtype, shape, byteOrder, order: fortranOrder ? 'F' : 'C', offset };
}

/** Reads the header of a file, and checks that the file has what it says. */
export function readNpyHeader(name: string): NpyHeader {
  const descriptor = openSync(name, 'r');
  try {
    const header = parseNpyHeader(readHeader(descriptor, NPY));
    const expected = header.dataOffset + npyDataBytes(header);
    const { size } = fstatSync(descriptor);
    if (size < expected) throw truncatedError(TRUNCATED, name, expected, size);
    return header;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code?.startsWith('ERR_NPY') || code === TRUNCATED) throw error;
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

function targetText(target: Distribution | LoadNpyShapedOptions): string {
  if (target instanceof Distribution) return String(target);
  const { comm: _, traffic: __, ...shaped } = target;
  return JSON.stringify(shaped);
}
