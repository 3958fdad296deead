/** Elements on their way between distributed arrays and a dataset. */
import { DTYPES, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, DistArrayError } from '../../errors.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { redistribute } from '../../ops/redistribute/redistribute.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import type { RawDatasetInfo } from '../../rawHdf5.ts';
import { inLongRuns, slabs } from '../slabs.ts';
import { TransferProgress } from '../transferProgress.ts';
import { chunkSlabs, reachedBytes } from './chunks.ts';
import { type Connection, raw } from './connection.ts';
import { elementsInFileOrder, memoryInFileOrder } from './elementOrder.ts';
import { PIECE_BYTES, type Piece, pieceCount, pieceOf } from './pieces.ts';
import {
  ascending,
  extentOf,
  hasFewRuns,
  reversal,
  rowsOf,
  type Selected,
  selectionOf,
  shapeOf,
} from './selection.ts';

/** How elements are transferred: by all processes together, or by each on its own. */
export type TransferMode = 'collective' | 'independent';

/** Options of transfers. */
export interface TransferOptions {
  /**
   * `collective` (the default) lets MPI-IO bring together what the processes transfer; `independent` does not, which
   * may be faster where each process has one long run. Datasets with filters are always written collectively.
   */
  readonly transfer?: TransferMode;
  /** Counts what this process sends to others. @internal */
  readonly traffic?: Traffic;
}

/** Shortest run of bytes in the file for which a strided transfer is worth its bookkeeping. */
const SHORT_RUN = 2048;

/** @throws {@link ArgumentRangeError} unless it is a way of transferring elements */
export function checkTransfer(transfer: unknown): void {
  if (transfer === undefined || transfer === 'collective' || transfer === 'independent') return;
  throw new ArgumentRangeError('options.transfer', "'collective' or 'independent'", transfer);
}

/**
 * Writes an array to what a slice takes of a dataset.
 *
 * @param array - of the slice's shape; cast to the dataset's dtype, if it has another one
 * @remarks Collective. Parts that lie in the file in short runs are brought into slabs first: MPI-IO makes a list entry
 * of every run, and needs a hundred times as long.
 */
export function writeElements(
  connection: Connection,
  path: string,
  array: LocalArray,
  selected: Selected,
  options: TransferOptions = {},
): void {
  // HDF5 has no place in the file for a dataset without elements, and fails to write nothing there.
  if (array.globalSize === 0) return;
  const { comm } = connection;
  const { traffic, transfer } = options;
  const info = connection.ask(path, (file) => raw.describeDataset(file, path));
  const backwards = reversal(selected);
  const target = ascending(selected);
  const turned = backwards === null ? array : array.slice(backwards);
  const [cast, stored] = connection.perform(path, () => {
    const dtype = storedDtype(connection, path, info);
    if (comm.size > 1 && info.filters > 0) checkPlaces(connection, path, info);
    // HDF5 would convert the elements, too, but not collectively, and it cuts off what is too large.
    const converted = turned.dtype === dtype ? turned : turned.astype(dtype);
    return [converted, layoutFor(converted, target, info, comm.size)];
  });
  reserveFor(connection, target, info, cast.nbytes);
  const collective = transfer !== 'independent' || info.filters > 0;
  const write = (placed: LocalArray, place: Selected, progress: TransferProgress) => {
    const [elements, runs] = connection.perform(path, () => [
      elementsInFileOrder(placed),
      selectionOf(placed, place, true),
    ]);
    // Chunks with filters are written as wholes.
    const count = info.filters > 0 ? 1 : pieceCount(placed);
    eachPiece({ elements, runs, count }, progress, (piece) =>
      connection.perform(path, (file) =>
        raw.writeDataset(file, path, piece.elements, placed.dtype, piece.runs, collective),
      ),
    );
  };
  withProgress(connection, 'writing', cast.localNbytes, (progress) => {
    if (stored === cast.distribution) write(cast, target, progress);
    else if (info.filters > 0) write(redistribute(cast, stored, { traffic }), target, progress);
    else {
      // A part of the rows at a time: what is brought into slabs goes to the same memory again.
      for (const { first, end } of rowParts(cast)) {
        const part = cast.slice([{ start: first, stop: end }]);
        const placed = redistribute(part, slabs(part.globalShape, comm.size), { traffic });
        write(placed, rowsOf(target, first, end), progress);
      }
    }
  });
}

/** Parts of the first axis, of which each process's share is a piece. Pure: the same on every process. */
function rowParts({ globalShape: [rows], nbytes, comm }: LocalArray) {
  const count = Math.max(1, Math.min(rows, Math.ceil(nbytes / (PIECE_BYTES * comm.size))));
  return Array.from({ length: count }, (_, k) => ({
    first: Math.floor((rows * k) / count),
    end: Math.floor((rows * (k + 1)) / count),
  }));
}

/** Does something of which a bar tells how far it is. @remarks Collective. */
function withProgress(
  { comm, name }: Connection,
  label: string,
  bytes: number,
  work: (progress: TransferProgress) => void,
): void {
  const progress = new TransferProgress(comm, label, name, bytes);
  try {
    work(progress);
  } finally {
    progress.finish();
  }
}

/** Transfers pieces one after the other, all processes as many. @remarks Collective. */
function eachPiece(
  { elements, runs, count }: Piece & { readonly count: number },
  progress: TransferProgress,
  transfer: (piece: Piece) => void,
): void {
  for (let k = 0; k < count; k++) {
    const piece = pieceOf(elements, runs, k, count);
    transfer(piece);
    progress.add(piece.elements.byteLength);
  }
}

/**
 * Reads what a slice takes of a dataset.
 *
 * @param distribution - of the result, of the slice's shape
 * @remarks Collective.
 */
export function readElements(
  connection: Connection,
  path: string,
  distribution: Distribution,
  selected: Selected,
  options: TransferOptions = {},
): LocalArray {
  const { comm } = connection;
  const { traffic, transfer } = options;
  const dtype = connection.perform(path, (file) =>
    storedDtype(connection, path, raw.describeDataset(file, path)),
  );
  const backwards = reversal(selected);
  const source = ascending(selected);
  const direct = backwards === null && isDirect(distribution, source, dtype);
  const readAs = direct ? distribution : slabs(shapeOf(source), comm.size);
  const array = connection.perform(
    path,
    () => new LocalArray(readAs, { comm, dtype, zeroed: false, data: undefined }),
  );
  if (array.globalSize > 0) {
    const memory = connection.perform(path, () => memoryInFileOrder(array));
    const { elements } = memory;
    const whole = { elements, runs: selectionOf(array, source), count: pieceCount(array) };
    withProgress(connection, 'reading', elements.byteLength, (progress) =>
      eachPiece(whole, progress, (piece) =>
        connection.perform(path, (file) =>
          raw.readDataset(
            file,
            path,
            piece.elements,
            dtype,
            piece.runs,
            transfer !== 'independent',
          ),
        ),
      ),
    );
    memory.place();
  }
  if (direct) return array;
  const turned = backwards === null ? array : array.slice(backwards);
  return redistribute(turned, distribution, { traffic });
}

/** The dtype of a dataset's elements. @throws {@link DistArrayError} `ERR_HDF5_DTYPE` when no dtype holds them */
export function storedDtype(connection: Connection, path: string, info: RawDatasetInfo): Dtype {
  if (info.dtype !== '') return parseDtype(info.dtype);
  throw new DistArrayError(
    'ERR_HDF5_DTYPE',
    `The elements of '${path}' in '${connection.name}' are of a type that no dtype holds`,
  );
}

/** HDF5 1.10 takes chunks without a place for one and the same, and waits for ever; and it converts in no collective write. */
function checkPlaces({ name }: Connection, path: string, info: RawDatasetInfo): void {
  const problem = info.isAllocated
    ? info.isNative
      ? ''
      : 'of another byte order'
    : 'partly without place in the file';
  if (problem === '') return;
  throw new DistArrayError(
    'ERR_HDF5_PARALLEL',
    `'${path}' in '${name}' is compressed and ${problem}, as a program on one process has made it: ` +
      'only one process alone can write to it',
  );
}

/** Sees to it that there is room for elements. @remarks Collective. */
function reserveFor(
  connection: Connection,
  selected: Selected,
  info: RawDatasetInfo,
  bytes: number,
): void {
  const { shape, chunks, itemsize, filters, offset, isAllocated } = info;
  // Chunks with filters become longer or shorter, and get another place then.
  if (filters > 0 || !isAllocated) connection.reserve(reachedBytes(selected, chunks, itemsize));
  else {
    const [first, end] = extentOf(selected, shape);
    const begin = offset < 0 ? offset : offset + first * itemsize;
    connection.reserveWithin(begin, (end - first) * itemsize, bytes);
  }
}

/** The distribution in which an array is written. */
function layoutFor(
  { distribution, dtype }: LocalArray,
  selected: Selected,
  info: RawDatasetInfo,
  processes: number,
): Distribution {
  const { shape } = distribution;
  // A chunk with filters is written by one process: what others have of it HDF5 would send there.
  if (info.filters > 0) return chunkSlabs(shape, selected, info.chunks, processes);
  return isDirect(distribution, selected, dtype) ? distribution : slabs(shape, processes);
}

function isDirect(distribution: Distribution, selected: Selected, dtype: Dtype): boolean {
  return (
    hasFewRuns(distribution, selected) &&
    inLongRuns(distribution, DTYPES[dtype].itemsize, SHORT_RUN)
  );
}
