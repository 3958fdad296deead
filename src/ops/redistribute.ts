/** Redistribution: the same array under another distribution. */
import type { Dtype, TypedArray } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { allocateLocal } from '../kernels/allocation.ts';
import { LocalArray } from '../local/localArray.ts';
import { Distribution } from '../maps/distribution.ts';

/** Per axis the local indices of a part that one other rank has to do with, in local order. */
type Selection = readonly Int32Array[];

type Words = Uint8Array | Uint16Array | Uint32Array;

/**
 * Returns the same array under another distribution. No rank ever holds more than its old part, its
 * new part and their messages.
 *
 * @param array the local part, on every rank of its communicator
 * @param distribution of the result; of the same shape
 * @remarks Collective over `array.comm`: one all-to-all exchange (`MPI_Alltoallv`).
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the shapes differ, or when a
 * rank has 2³¹ or more words of at most 4 bytes
 */
export function redistribute<D extends Dtype>(
  array: LocalArray<D>,
  distribution: Distribution,
): LocalArray<D> {
  if (!(distribution instanceof Distribution)) {
    throw new ArgumentTypeError('distribution', 'a Distribution', distribution);
  }
  const { shape } = distribution;
  if (shape.length !== array.ndim || shape.some((n, axis) => n !== array.globalShape[axis])) {
    throw new ArgumentRangeError('distribution', `shape [${array.globalShape.join(', ')}]`, shape);
  }
  const { comm, dtype } = array;
  const result = new LocalArray<D>(distribution, { comm, dtype });
  const outgoing = exchangePlan(array, distribution);
  const incoming = exchangePlan(result, array.distribution);

  const { words: source, lanes } = wordsOf(array.toContiguous(), array.itemsize);
  // Where there is a halo around the elements, they are brought into its middle at the end.
  const elements = result.isContiguous
    ? result.toContiguous()
    : allocateLocal(dtype, result.localSize);
  const { words: target } = wordsOf(elements, array.itemsize);
  const sendCounts = outgoing.map((selection) => countOf(selection) * lanes);
  const recvCounts = incoming.map((selection) => countOf(selection) * lanes);
  const sent = sameKind(source, total(sendCounts));
  const received = sameKind(source, total(recvCounts));

  forEachMessage(
    outgoing,
    (selection, at) =>
      forEachRow(selection, array.localShape, (base, columns, row) => {
        for (let c = 0, k = at + row * columns.length * lanes; c < columns.length; c++) {
          const from = (base + columns[c]) * lanes;
          for (let lane = 0; lane < lanes; lane++) sent[k++] = source[from + lane];
        }
      }) * lanes,
  );
  comm.alltoall(sent, received, { sendCounts, recvCounts });
  forEachMessage(
    incoming,
    (selection, at) =>
      forEachRow(selection, result.localShape, (base, columns, row) => {
        for (let c = 0, k = at + row * columns.length * lanes; c < columns.length; c++) {
          const to = (base + columns[c]) * lanes;
          for (let lane = 0; lane < lanes; lane++) target[to + lane] = received[k++];
        }
      }) * lanes,
  );
  return result.isContiguous ? result : result.assignContiguous(elements);
}

/**
 * For every rank of the communicator, which of this part's elements lie in its part under `other`.
 * Sender and receiver list them in the same order: that of the global indices.
 */
function exchangePlan(part: LocalArray, other: Distribution): (Selection | null)[] {
  const perAxis = other.maps.map((map, axis) => {
    const lists: number[][] = Array.from({ length: map.gridSize }, () => []);
    part.globalIndices(axis).forEach((globalIndex, local) => {
      lists[map.owner(globalIndex)].push(local);
    });
    return lists.map((list) => Int32Array.from(list));
  });
  return Array.from({ length: part.comm.size }, (_, process) => {
    const rank = other.rankOfTarget(process);
    if (rank < 0 || part.rank < 0) return null;
    const coords = other.coordsFromRank(rank);
    return perAxis.map((lists, axis) => lists[coords[axis]]);
  });
}

function countOf(selection: Selection | null): number {
  return selection === null ? 0 : selection.reduce((product, list) => product * list.length, 1);
}

function total(counts: readonly number[]): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Calls `copy` for each message with where it begins in the buffer; it returns the length. */
function forEachMessage(
  plan: readonly (Selection | null)[],
  copy: (selection: Selection, at: number) => number,
): void {
  let at = 0;
  for (const selection of plan) if (selection !== null) at += copy(selection, at);
}

/**
 * Calls `visit` for each row of a selection, in C order, with the offset of the row in a local array
 * of this shape, the indices along the last axis, and the row's number. Returns the number of
 * selected elements.
 */
function forEachRow(
  selection: Selection,
  shape: readonly number[],
  visit: (base: number, columns: Int32Array, row: number) => void,
): number {
  const count = countOf(selection);
  if (count === 0) return 0;
  // A 0-d array is one row of one element.
  const columns = selection.at(-1) ?? Int32Array.of(0);
  const outer = selection.slice(0, -1);
  const position = new Int32Array(outer.length);
  const rows = count / columns.length;
  for (let row = 0; row < rows; row++) {
    let base = 0;
    for (let axis = 0; axis < outer.length; axis++) {
      base = (base + outer[axis][position[axis]]) * shape[axis + 1];
    }
    visit(base, columns, row);
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      if (++position[axis] < outer[axis].length) break;
      position[axis] = 0;
    }
  }
  return count;
}

/** The elements as unsigned words, `lanes` an element: copied as they are, whatever their dtype. */
function wordsOf(elements: TypedArray, itemsize: number): { words: Words; lanes: number } {
  const { buffer, byteOffset, byteLength } = elements;
  if (itemsize === 1) return { words: new Uint8Array(buffer, byteOffset, byteLength), lanes: 1 };
  if (itemsize === 2) {
    return { words: new Uint16Array(buffer, byteOffset, byteLength / 2), lanes: 1 };
  }
  return { words: new Uint32Array(buffer, byteOffset, byteLength / 4), lanes: itemsize / 4 };
}

function sameKind(words: Words, length: number): Words {
  if (words instanceof Uint8Array) return new Uint8Array(length);
  return words instanceof Uint16Array ? new Uint16Array(length) : new Uint32Array(length);
}
