/** Chunks: the pieces in which HDF5 stores datasets that grow or are compressed. Pure. */
import { BlockMap } from '../../maps/blockMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { slabs } from '../slabs.ts';
import { rangesOf, type Selected, type SelectedRange } from './selection.ts';

/** Bytes that chunks have at most unless told otherwise: few enough for a cache, enough for a disk. */
const CHUNK_BYTES = 2 ** 20;
/** Extent that chunks begin with along axes that have no elements yet. */
const UNKNOWN_EXTENT = 1024;

/**
 * Returns a shape of chunks for a dataset: all of it, halved along one axis after the other, the first ones first, until
 * it is small enough. (h5py guesses in the same way, smaller ones.)
 */
export function guessChunks(shape: readonly number[], itemsize: number): number[] {
  const chunks = shape.map((extent) => (extent === 0 ? UNKNOWN_EXTENT : extent));
  const bytes = () => chunks.reduce((product, extent) => product * extent, itemsize);
  for (let axis = 0; bytes() > CHUNK_BYTES; axis = (axis + 1) % chunks.length) {
    chunks[axis] = Math.ceil(chunks[axis] / 2);
  }
  return chunks;
}

/** What is written about a chunk. */
const CHUNK_OVERHEAD = 128;

/**
 * Returns how many bytes a dataset may need in the file, whatever its filters.
 * @param chunks - none when it is in one piece
 */
export function storageBytes(
  shape: readonly number[],
  chunks: readonly number[],
  itemsize: number,
): number {
  const product = (numbers: readonly number[]) => numbers.reduce((so, one) => so * one, 1);
  if (chunks.length === 0) return product(shape) * itemsize;
  const count = product(shape.map((extent, axis) => Math.ceil(extent / chunks[axis])));
  return count * (product(chunks) * itemsize + CHUNK_OVERHEAD);
}

/** Returns how many bytes the chunks have that a slice reaches. @param selected - an ascending slice of the dataset */
export function reachedBytes(
  selected: Selected,
  chunks: readonly number[],
  itemsize: number,
): number {
  const reached = selected.map((item, axis) =>
    item.kind === 'index' ? chunks[axis] : chunksOf(item, chunks[axis]) * chunks[axis],
  );
  return storageBytes(reached, chunks, itemsize);
}

/**
 * Returns the distribution in blocks along one axis of which no two processes have elements of the same chunk.
 *
 * @param shape - of what the slice takes
 * @param selected - an ascending slice of the dataset
 */
export function chunkSlabs(
  shape: readonly number[],
  selected: Selected,
  chunks: readonly number[],
  processes: number,
): Distribution {
  const ranges = rangesOf(selected);
  if (ranges.length === 0) return slabs(shape, processes);
  const counts = ranges.map((range) => chunksOf(range, chunks[range.axis]));
  const enough = counts.findIndex((count) => count >= processes);
  const axis = enough >= 0 ? enough : counts.indexOf(Math.max(...counts));
  const bounds = Array.from({ length: processes + 1 }, (_, process) =>
    firstBehind(
      ranges[axis],
      chunks[ranges[axis].axis],
      Math.round((process * counts[axis]) / processes),
    ),
  );
  return Distribution.fromMaps(
    shape.map((extent, each) =>
      each === axis ? BlockMap.fromBounds(bounds) : new UndistributedMap(extent),
    ),
  );
}

/** How many chunks a range reaches from the first to the last. */
function chunksOf({ start, step, count }: SelectedRange, chunk: number): number {
  if (count === 0) return 0;
  return Math.floor((start + (count - 1) * step) / chunk) - Math.floor(start / chunk) + 1;
}

/** The first place in a range that lies behind so many chunks, or the number of its places. */
function firstBehind({ start, step, count }: SelectedRange, chunk: number, chunks: number): number {
  if (chunks === 0) return 0;
  const index = (Math.floor(start / chunk) + chunks) * chunk;
  return Math.min(count, Math.max(0, Math.ceil((index - start) / step)));
}

/** Returns the first place in a range, at one or before it, from where on chunks are whole. */
export function firstOfChunk({ start, step }: SelectedRange, chunk: number, place: number): number {
  const index = Math.floor((start + place * step) / chunk) * chunk;
  return Math.max(0, Math.ceil((index - start) / step));
}
