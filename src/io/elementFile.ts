/**
 * The elements of arrays in files, one after the other in C or Fortran order: what .npy files, raw ones and checkpoints
 * have in common. All processes transfer them together (MPI-IO).
 */
import { closeSync, openSync } from 'node:fs';
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import type { ByteOrder } from '../dtype/numpyNames.ts';
import { DistArrayError } from '../errors.ts';
import { allocateForResult } from '../kernels/allocation.ts';
import { contiguousStrides, type StridedView } from '../kernels/stridedView.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { agree } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';
import { MPIError } from '../mpi/errors.ts';
import { File } from '../mpi/file.ts';
import { redistribute } from '../ops/redistribute/redistribute.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { boxOf, boxRuns } from './boxRuns.ts';
import { bytesOf, normalizeBools, swapBytes } from './byteOrder.ts';
import { writeAll } from './fileBytes.ts';
import {
  axesInOrder,
  inBoxes,
  inLongRuns,
  type StorageOrder,
  slabs,
  writesNothing,
} from './slabs.ts';
import { TransferProgress } from './transferProgress.ts';

/** How the elements of an array lie in a file. */
export interface ElementLayout {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly order: StorageOrder;
  readonly byteOrder: ByteOrder;
  /** Where the first one begins, in bytes. */
  readonly offset: number;
}

/** What is told of the bytes that this process transfers: those of the file, in ascending places behind the offset. */
export type BytesObserver = (at: number, bytes: Uint8Array) => void;

/** Options of the transfers. */
export interface TransferOptions {
  /** Counts what this process sends to others. */
  readonly traffic?: Traffic;
  readonly observe?: BytesObserver;
  /** The file that the bar names; by default the path. */
  readonly label?: string;
  /** The bar of a larger task; by default the transfer has one of its own. */
  readonly progress?: TransferProgress;
}

/** Shortest run of bytes that is transferred on its own; shorter ones are brought together. */
const SHORT_RUN = 2 ** 20;
/** Bytes of one transfer: processes that write to one file wait for each other, and not for long. */
const TRANSFER_BYTES = 2 ** 23;

/**
 * Returns the array as it is written: itself, when its parts lie in the file in long runs; otherwise in slabs.
 * @remarks Collective.
 */
export function arrangeForFile<D extends Dtype>(
  array: LocalArray<D>,
  traffic?: Traffic,
): LocalArray<D> {
  const { distribution, dtype, globalShape, comm } = array;
  if (isDirect(distribution, dtype, 'C')) return array;
  return redistribute(array, slabs(globalShape, comm.size), { traffic });
}

/** Returns the bytes that this process writes of an array of {@link arrangeForFile}. */
export function bytesToWrite(arranged: LocalArray): number {
  return writesNothing(arranged) ? 0 : arranged.localSize * arranged.itemsize;
}

/**
 * Writes the elements of an array into a file that exists, in C order and the memory's byte order.
 *
 * @param header - what comes before them
 * @param arranged - of {@link arrangeForFile}
 * @remarks Collective. The processes agree on the outcome.
 */
export function writeElements(
  path: string,
  header: Uint8Array,
  arranged: LocalArray,
  { observe, progress: given, label = path }: TransferOptions = {},
): void {
  const { comm } = arranged;
  withFile(comm, path, 'r+', (file) => {
    const progress = given ?? new TransferProgress(comm, 'writing', label, bytesToWrite(arranged));
    try {
      if (comm.rank === 0 && header.length > 0) writeAt(file, 0, header);
      if (bytesToWrite(arranged) === 0) return;
      eachRun(
        arranged.distribution,
        arranged,
        bytesOf(arranged.toContiguous()),
        'C',
        (at, bytes) => {
          writeAt(file, header.length + at, bytes);
          observe?.(at, bytes);
          progress.add(bytes.length);
        },
      );
    } finally {
      if (given === undefined) progress.finish();
    }
  });
}

/**
 * Reads the elements of an array from a file.
 *
 * @param truncated - code of the error when the file ends early
 * @returns the local part, in C order and the memory's byte order
 * @remarks Collective. The processes agree on the outcome. What would lie in short runs is read in slabs.
 */
export function readElements(
  comm: Comm,
  path: string,
  layout: ElementLayout,
  distribution: Distribution,
  truncated: string,
  options: TransferOptions = {},
): LocalArray {
  const { dtype, shape, order } = layout;
  const direct = isDirect(distribution, dtype, order);
  const readAs = direct ? distribution : slabs(shape, comm.size, order);
  const stored = withFile(comm, path, 'r', (file) =>
    readPart(file, layout, readAs, comm, truncated, options),
  );
  return direct ? stored : redistribute(stored, distribution, { traffic: options.traffic });
}

/** Whether each process can transfer its own part: a box, which lies in the file in long runs. */
function isDirect(distribution: Distribution, dtype: Dtype, order: StorageOrder): boolean {
  return (
    inBoxes(distribution) && inLongRuns(distribution, DTYPES[dtype].itemsize, SHORT_RUN, order)
  );
}

/** Returns the bytes that this process has of an array. */
export function bytesToRead(distribution: Distribution, dtype: Dtype, comm: Comm): number {
  const rank = distribution.rankOfTarget(comm.rank);
  if (rank < 0) return 0;
  const { itemsize } = DTYPES[dtype];
  return distribution.localShape(rank).reduce((product, extent) => product * extent, itemsize);
}

/** Reads this process's part of a distribution in boxes. */
function readPart(
  file: File,
  { dtype, byteOrder, order, offset }: ElementLayout,
  distribution: Distribution,
  comm: Comm,
  truncated: string,
  { observe, progress: given }: TransferOptions,
): LocalArray {
  const total = bytesToRead(distribution, dtype, comm);
  const progress = given ?? new TransferProgress(comm, 'reading', file.name, total);
  try {
    const empty = new LocalArray(distribution, { comm, dtype, zeroed: false, data: undefined });
    if (empty.localSize === 0) return empty;
    // Where the elements of the file are those of the memory, they are read to their place.
    const inPlace = order === 'C' && empty.isContiguous;
    const elements = inPlace ? empty.toContiguous() : allocateForResult(dtype, empty.localSize);
    eachRun(distribution, empty, bytesOf(elements), order, (at, bytes) => {
      readTo(file, offset + at, bytes, truncated);
      observe?.(at, bytes);
      if (byteOrder === 'big') swapBytes(bytes, dtype);
      progress.add(bytes.length);
    });
    normalizeBools(elements, dtype);
    return inPlace
      ? empty
      : empty.assignView(storageView(elements, dtype, empty.localShape, order));
  } finally {
    if (given === undefined) progress.finish();
  }
}
/** Elements in storage order as a view of a part. */
function storageView<D extends Dtype>(
  data: TypedArrayOf<D>,
  dtype: D,
  shape: readonly number[],
  order: StorageOrder,
): StridedView<D> {
  const axes = axesInOrder(shape.length, order);
  const inOrder = contiguousStrides(axes.map((axis) => shape[axis]));
  const strides = shape.map((_, axis) => inOrder[axes.indexOf(axis)]);
  return { data, dtype, shape, strides, offset: 0 };
}

/** Calls for every piece of a part that lies in one run, with its place behind the header. */
function eachRun(
  distribution: Distribution,
  { cartCoords, itemsize }: LocalArray,
  bytes: Uint8Array,
  order: StorageOrder,
  piece: (at: number, bytes: Uint8Array) => void,
): void {
  let done = 0;
  for (const { first, length } of boxRuns(
    distribution.shape,
    boxOf(distribution, cartCoords),
    order,
  )) {
    const end = done + length * itemsize;
    for (let at = first * itemsize; done < end; ) {
      const part = bytes.subarray(done, Math.min(end, done + TRANSFER_BYTES));
      piece(at, part);
      at += part.length;
      done += part.length;
    }
  }
}

function readTo(file: File, at: number, bytes: Uint8Array, truncated: string): void {
  const read = file.readAt(at, bytes).bytes;
  if (read === bytes.length) return;
  throw truncatedError(truncated, file.name, at + bytes.length, at + read);
}

/**
 * Writes at a place of a file. Where MPI fails or writes less, it does not say why: what is left is written without it,
 * and the system's error says (a full disk, say).
 */
export function writeAt(file: File, at: number, bytes: Uint8Array): void {
  let written = 0;
  try {
    written = file.writeAt(at, bytes).bytes;
  } catch (error) {
    if (!(error instanceof MPIError)) throw error;
  }
  if (written === bytes.length) return;
  const descriptor = openSync(file.name, 'r+');
  try {
    writeAll(descriptor, bytes.subarray(written), at + written);
  } finally {
    closeSync(descriptor);
  }
}

/** Opens a file on all processes, does something on each, agrees on the outcome, and closes it. */
export function withFile<T>(comm: Comm, name: string, mode: 'r' | 'r+', use: (file: File) => T): T {
  const file = File.open(comm, name, { mode });
  let result: T;
  try {
    result = agree(comm, () => use(file));
    // What other hosts have in their caches the root cannot bring to the disk.
    if (mode === 'r+') agree(comm, () => file.sync());
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return result;
}

/** The error of a file that has fewer bytes than it should. */
export function truncatedError(
  code: string,
  name: string,
  expected: number,
  found: number,
): DistArrayError {
  const message = `'${name}' ends early: it should have ${expected} bytes, but has ${found}`;
  return new DistArrayError(code, message);
}
