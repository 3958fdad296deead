/**
 * The elements of arrays in files, one after the other in C or Fortran order: what .npy files, raw ones and checkpoints
 * have in common. All processes transfer them together (MPI-IO).
 */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import type { ByteOrder } from '../dtype/numpyNames.ts';
import { allocateForResult } from '../kernels/allocation.ts';
import { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import type { File } from '../mpi/file.ts';
import { redistribute } from '../ops/redistribute/redistribute.ts';
import type { Traffic } from '../ops/redistribute/traffic.ts';
import { boxOf } from './boxRuns.ts';
import { eachRun, readTo, withFile, writeAt } from './boxTransfers.ts';
import { bytesOf, normalizeBools, swapBytes } from './byteOrder.ts';
import {
  inBoxes,
  inLongRuns,
  type StorageOrder,
  slabs,
  stridesInOrder,
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
      const { distribution, cartCoords, globalShape: shape, itemsize } = arranged;
      const box = boxOf(distribution, cartCoords);
      const elements = bytesOf(arranged.toContiguous());
      eachRun({ shape, order: 'C', itemsize }, box, elements, (at, bytes) => {
        writeAt(file, header.length + at, bytes);
        observe?.(at, bytes);
        progress.add(bytes.length);
      });
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
    const { itemsize, cartCoords, localShape: shape } = empty;
    const place = { shape: distribution.shape, order, itemsize };
    eachRun(place, boxOf(distribution, cartCoords), bytesOf(elements), (at, bytes) => {
      readTo(file, offset + at, bytes, truncated);
      observe?.(at, bytes);
      if (byteOrder === 'big') swapBytes(bytes, dtype);
      progress.add(bytes.length);
    });
    normalizeBools(elements, dtype);
    if (inPlace) return empty;
    const strides = stridesInOrder(shape, order);
    return empty.assignView({ data: elements, dtype, shape, strides, offset: 0 });
  } finally {
    if (given === undefined) progress.finish();
  }
}
