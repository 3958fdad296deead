/** Elements between the client and the owners: each engine gets or sends its part, nobody anything else. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { cast } from '../kernels/copy.ts';
import {
  contiguousStrides,
  newResult,
  newView,
  type StridedView,
  sizeOfShape,
} from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { partOfData, placePart, viewOfPart } from '../ops/partOfData.ts';
import { type Channel, CLIENT } from './channel.ts';

/** The part of an engine in memory of the client. */
export interface Part {
  /** Number of the engine on the channel. */
  readonly engine: number;
  readonly localShape: readonly number[];
  /** In the distribution. */
  readonly rank: number;
}

/**
 * Returns the parts that have elements; of an array that every process has, one. The first comes last: where several list
 * an element, what it has stays, as in `gatherArray`.
 */
export function partsOf(distribution: Distribution): Part[] {
  const ranks = distribution.isReplicated ? 1 : distribution.numProcesses;
  const parts: Part[] = [];
  for (let rank = ranks - 1; rank >= 0; rank--) {
    const localShape = distribution.localShape(rank);
    if (localShape.includes(0)) continue;
    parts.push({ engine: distribution.targetOf(rank) + 1, localShape, rank });
  }
  return parts;
}

/** Sends engines what they are to have of data of the client; see {@link receivePart}. */
export function sendParts(channel: Channel, data: StridedView, distribution: Distribution): void {
  for (const { engine, rank } of destinations(distribution)) {
    const part = partOfData(data, distribution, rank);
    const packed = isContiguous(part) ? part : cast(part, part.dtype);
    channel.sendElements(engine, memoryOf(packed));
  }
}

/** As {@link partsOf}, but all that have elements, also of an array that every process has. */
function destinations(distribution: Distribution): Part[] {
  if (!distribution.isReplicated || distribution.size === 0) return partsOf(distribution);
  return Array.from({ length: distribution.numProcesses }, (_, rank) => ({
    engine: distribution.targetOf(rank) + 1,
    localShape: distribution.shape,
    rank,
  }));
}

/**
 * Receives this engine's part of what {@link sendParts} sends: into the array, or, without one, to nowhere.
 *
 * @param whileWaiting - called between looks; may throw
 */
export function receivePart(
  channel: Channel,
  dtype: Dtype,
  distribution: Distribution,
  array: LocalArray | null,
  whileWaiting?: () => void,
): void {
  const rank = distribution.rankOfTarget(channel.number - 1);
  if (rank < 0) return;
  const shape = distribution.localShape(rank);
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size === 0) return;
  if (array === null) {
    channel.dropElements(CLIENT, size * DTYPES[dtype].itemsize);
    return;
  }
  const direct = array.dtype === dtype ? contiguousMemory(array) : null;
  if (direct !== null) {
    channel.receiveElements(CLIENT, direct, whileWaiting);
    return;
  }
  const packed = newResult(dtype, shape);
  channel.receiveElements(CLIENT, packed.data, whileWaiting);
  array.assignView(packed, 'unsafe');
}

/** The memory of an array's own elements, if they lie in C order in one piece. */
function contiguousMemory(array: LocalArray): ArrayBufferView | null {
  if (!array.isStrided) return null;
  return isContiguous(array.strided) ? memoryOf(array.strided) : null;
}

/** Sends the client this engine's part of an array, if it is one of {@link partsOf}. */
export function sendPart(channel: Channel, array: LocalArray): void {
  const { rank, distribution, localSize } = array;
  if (rank < 0 || localSize === 0 || (distribution.isReplicated && rank > 0)) return;
  channel.sendElements(CLIENT, array.toContiguous());
}

/**
 * Puts parts into an array of the client.
 *
 * @param receive - fills memory with the elements of a part, in C order
 */
export function placeParts(
  dtype: Dtype,
  distribution: Distribution,
  receive: (part: Part, elements: ArrayBufferView) => void,
): StridedView {
  // Unstructured maps need not list every element.
  const make = distribution.hasPreciseIndex ? newResult : newView;
  const whole = make<Dtype>(dtype, distribution.shape);
  for (const part of partsOf(distribution)) {
    const place = viewOfPart(whole, distribution, part.rank);
    if (place !== null && isContiguous(place)) {
      receive(part, memoryOf(place));
      continue;
    }
    const packed = newResult<Dtype>(dtype, part.localShape);
    receive(part, packed.data);
    placePart(whole, distribution, part.rank, packed);
  }
  return whole;
}

function isContiguous({ shape, strides }: StridedView): boolean {
  const wanted = contiguousStrides(shape);
  return shape.every((extent, axis) => extent === 1 || strides[axis] === wanted[axis]);
}

/** The memory of a contiguous view. */
function memoryOf({ data, dtype, shape, offset }: StridedView): ArrayBufferView {
  const { lanes } = DTYPES[dtype];
  return data.subarray(offset * lanes, (offset + sizeOfShape(shape)) * lanes);
}
