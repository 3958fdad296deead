/** The indices of unstructured dimensions in checkpoints. */
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { DistArrayError } from '../../errors.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { StoredUnstructured } from '../../maps/storedDistribution.ts';
import { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import { agree } from '../../mpi/agreement.ts';
import { bytesOf } from '../byteOrder.ts';
import { checksumText } from '../checksums.ts';
import { readBytes, writeAll } from '../fileBytes.ts';
import type { StoredIndices } from './manifest.ts';

const INDEX_BYTES = BigInt64Array.BYTES_PER_ELEMENT;

/**
 * Writes the lists of indices of an unstructured dimension, each by one of the processes that have it.
 *
 * @param path - of a file that exists and is empty
 * @param file - its name in the manifest
 * @remarks Collective over `array.comm`.
 */
export function writeIndices(
  path: string,
  file: string,
  array: LocalArray,
  axis: number,
): StoredIndices {
  const { comm, distribution, rank, cartCoords } = array;
  const map = distribution.maps[axis];
  const isFirst = rank >= 0 && cartCoords.every((coord, other) => other === axis || coord === 0);
  const list = isFirst
    ? BigInt64Array.from([...map.globalIndices(cartCoords[axis])], BigInt)
    : new BigInt64Array(0);
  const bytes = bytesOf(list);
  const own = isFirst
    ? { gridRank: cartCoords[axis], count: list.length, checksum: checksumText(crc32(bytes)) }
    : null;
  const told = (comm.allgatherObjects(own) as (typeof own)[]).filter((entry) => entry !== null);
  told.sort((a, b) => a.gridRank - b.gridRank);
  const counts = told.map(({ count }) => count);
  agree(comm, () => {
    if (own === null) return;
    const first = counts.slice(0, own.gridRank).reduce((sum, count) => sum + count, 0);
    const descriptor = openSync(path, 'r+');
    try {
      writeAll(descriptor, bytes, first * INDEX_BYTES);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  });
  return { file, counts, checksums: told.map(({ checksum }) => checksum) };
}

/**
 * Returns an unstructured map as it was: of processes that knew all indices all, of others their own.
 *
 * @param gridRank - of this process; of one that has no part any
 * @throws {@link DistArrayError} `ERR_CHECKPOINT_CORRUPT`
 * @remarks Not collective.
 */
export function readIndices(
  path: string,
  stored: StoredIndices,
  map: StoredUnstructured,
  gridRank: number,
): UnstructuredMap {
  const { size, proc_grid_size: gridSize, one_to_one: oneToOne, isComplete } = map;
  const descriptor = openSync(path, 'r');
  try {
    const listOf = (rank: number) => readList(descriptor, path, stored, rank);
    if (isComplete) {
      const lists = Array.from({ length: gridSize }, (_, rank) => listOf(rank));
      return UnstructuredMap.fromIndices(lists, { size, oneToOne });
    }
    const localSizes = stored.counts;
    const indices = listOf(gridRank);
    return UnstructuredMap.ofRank({ size, gridSize, gridRank, indices, localSizes, oneToOne });
  } finally {
    closeSync(descriptor);
  }
}

function readList(
  descriptor: number,
  path: string,
  { counts, checksums }: StoredIndices,
  gridRank: number,
): Float64Array {
  const first = counts.slice(0, gridRank).reduce((sum, count) => sum + count, 0);
  const bytes = readBytes(descriptor, first * INDEX_BYTES, counts[gridRank] * INDEX_BYTES);
  if (checksumText(crc32(bytes)) !== checksums[gridRank]) {
    const message = `the checksum of '${path}' is another one: its bytes are not those that were written`;
    throw new DistArrayError('ERR_CHECKPOINT_CORRUPT', message);
  }
  const list = new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / INDEX_BYTES);
  return Float64Array.from(list, Number);
}

/** Returns the unstructured axes of an array. */
export function unstructuredAxes({ distribution }: LocalArray): number[] {
  return [...distribution.dist.keys()].filter((axis) => distribution.dist[axis] === 'u');
}
