/** Elements on their way between distributed arrays and a dataset. */
import { DTYPES, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { ArgumentRangeError, DistArrayError } from '../../errors.ts';
import { sizeOfShape } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { isPartlyKnown } from '../../ops/redistribute/askedOverlaps.ts';
import { redistribute } from '../../ops/redistribute/redistribute.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';
import type { RawDatasetInfo } from '../../rawHdf5.ts';
import { WorkMemory } from '../outOfCore/workMemory.ts';
import { inLongRuns, slabs } from '../slabs.ts';
import { TransferProgress } from '../transferProgress.ts';
import { chunkSlabs, firstOfChunk, reachedBytes } from './chunks.ts';
import { type Connection, raw } from './connection.ts';
import { elementsInFileOrder, memoryInFileOrder } from './elementOrder.ts';
import { checkParallelWrite } from './parallelWrites.ts';
import { PIECE_BYTES, type Piece, pieceCount, pieceOf } from './pieces.ts';
import {
  ascending,
  extentOf,
  hasFewRuns,
  rangesOf,
  reversal,
  rowsOf,
  type Selected,
  selectionOf,
  shapeOf,
  throughGaps,
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
    checkParallelWrite(connection, path, info);
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
      const parts = rowParts(cast, target, info).map(({ first, end }) => {
        const place = rowsOf(target, first, end);
        return { first, end, place, layout: slabs(shapeOf(place), comm.size) };
      });
      overOneMemory(connection, path, cast.dtype, parts, ({ first, end, place }, out) => {
        const part = parts.length === 1 ? cast : cast.slice([{ start: first, stop: end }]);
        redistribute(part, out.distribution, { traffic, out });
        write(out, place, progress);
      });
    }
  });
}

/**
 * Parts of the first axis, of which each process's share is a piece; they begin where chunks do, so that none is read twice.
 * Pure: the same on every process.
 *
 * @param selected - the ascending slice that the array stands for
 */
function rowParts(
  { globalShape: [rows = 1], itemsize, comm, distribution }: LocalArray,
  selected: Selected,
  { chunks }: RawDatasetInfo,
): { readonly first: number; readonly end: number }[] {
  // What a process alone knows cannot be sliced by all.
  const isOne = distribution.maps.some(isPartlyKnown);
  const { dense } = throughGaps(selected, itemsize, comm.size);
  const bytes = sizeOfShape(shapeOf(dense)) * itemsize;
  const count = isOne ? 1 : Math.max(1, Math.ceil(bytes / (PIECE_BYTES * comm.size)));
  const [range] = rangesOf(selected);
  const bound = (k: number) => {
    const row = Math.floor((rows * k) / count);
    return k === 0 || k === count ? row : firstOfChunk(range, chunks[range.axis] ?? 1, row);
  };
  return Array.from({ length: count }, (_, k) => ({ first: bound(k), end: bound(k + 1) })).filter(
    ({ first, end }) => end > first,
  );
}

/**
 * Does something with an array of each part's layout: one after the other, over the same memory.
 * @remarks Collective.
 */
function overOneMemory<Part extends { readonly layout: Distribution }>(
  connection: Connection,
  path: string,
  dtype: Dtype,
  parts: readonly Part[],
  work: (part: Part, array: LocalArray) => void,
): void {
  const { comm } = connection;
  const memory = new WorkMemory();
  const sizes = parts.map(({ layout }) => sizeIn(layout, comm));
  try {
    const all = connection.perform(path, () => memory.take(dtype, Math.max(...sizes)));
    parts.forEach((part, k) => {
      const data = all.subarray(0, sizes[k] * DTYPES[dtype].lanes) as never;
      work(part, new LocalArray(part.layout, { comm, dtype, data }));
    });
  } finally {
    memory.release();
  }
}

/** Elements of this process. */
function sizeIn(layout: Distribution, { rank }: Comm): number {
  return rank < layout.numProcesses ? sizeOfShape(layout.localShape(rank)) : 0;
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
  const { dtype, info } = connection.perform(path, (file) => {
    const found = raw.describeDataset(file, path);
    return { info: found, dtype: storedDtype(connection, path, found) };
  });
  const backwards = reversal(selected);
  const source = ascending(selected);
  const result = connection.perform(
    path,
    () => new LocalArray(distribution, { comm, dtype, zeroed: false, data: undefined }),
  );
  if (result.globalSize === 0) return result;
  // Where chunks have no place in the file, HDF5 1.10 fails on some processes, and the others wait for ever.
  const isCollective = transfer !== 'independent' && info.isAllocated;
  const hasGaps = throughGaps(source, result.itemsize, comm.size).steps !== null;
  if (backwards === null && !hasGaps && isDirect(distribution, source, dtype)) {
    withProgress(connection, 'reading', result.localNbytes, (progress) =>
      readPart(connection, path, result, source, isCollective, progress),
    );
    return result;
  }
  const parts = rowParts(result, source, info).map(({ first, end }) => {
    const { dense, steps } = throughGaps(rowsOf(source, first, end), result.itemsize, comm.size);
    return { first, end, dense, steps, layout: slabs(shapeOf(dense), comm.size) };
  });
  const bytes = parts.reduce((sum, { layout }) => sum + sizeIn(layout, comm) * result.itemsize, 0);
  withProgress(connection, 'reading', bytes, (progress) =>
    overOneMemory(connection, path, dtype, parts, ({ first, end, dense, steps }, part) => {
      readPart(connection, path, part, dense, isCollective, progress);
      const wanted = steps === null ? part : part.slice(steps);
      const turned = backwards === null ? wanted : wanted.slice(backwards);
      const out = parts.length === 1 ? result : rowsIn(result, first, end, backwards);
      redistribute(turned, out.distribution, { traffic, out });
    }),
  );
  return result;
}

/** Reads what an ascending slice takes into an array of its shape. @remarks Collective. */
function readPart(
  connection: Connection,
  path: string,
  array: LocalArray,
  selected: Selected,
  isCollective: boolean,
  progress: TransferProgress,
): void {
  const { elements, place } = connection.perform(path, () => memoryInFileOrder(array));
  const whole = { elements, runs: selectionOf(array, selected), count: pieceCount(array) };
  eachPiece(whole, progress, (piece) =>
    connection.perform(path, (file) =>
      raw.readDataset(file, path, piece.elements, array.dtype, piece.runs, isCollective),
    ),
  );
  place();
}

/** The rows of an array that stand for some of an ascending slice. */
function rowsIn(
  array: LocalArray,
  first: number,
  end: number,
  backwards: ReturnType<typeof reversal>,
): LocalArray {
  const [rows] = array.globalShape;
  const isTurned = backwards !== null && backwards[0].step < 0;
  return array.slice([
    isTurned ? { start: rows - end, stop: rows - first } : { start: first, stop: end },
  ]);
}

/**
 * The dtype of a dataset's elements, before they are transferred.
 * @throws {@link DistArrayError} `ERR_HDF5_DTYPE` when no dtype holds them, `ERR_HDF5_FILTER` when the library lacks their filter:
 * HDF5 would notice on those processes only that have elements, and let the others wait
 */
export function storedDtype(connection: Connection, path: string, info: RawDatasetInfo): Dtype {
  if (info.missingFilter !== '') {
    throw new DistArrayError(
      'ERR_HDF5_FILTER',
      `'${path}' in '${connection.name}' is stored with the filter '${info.missingFilter}', ` +
        'which this libhdf5 does not have (HDF5_PLUGIN_PATH says where it looks for filters)',
    );
  }
  if (info.dtype !== '') return parseDtype(info.dtype);
  throw new DistArrayError(
    'ERR_HDF5_DTYPE',
    `The elements of '${path}' in '${connection.name}' are of a type that no dtype holds`,
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
