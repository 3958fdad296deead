/** The true elements of masks: where the local ones stand, and how all of them come into C order. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { gather } from '../../kernels/copy.ts';
import { countTrue, findTrue } from '../../kernels/findTrue.ts';
import { addBlockOwners } from '../../kernels/owners.ts';
import {
  contiguousStrides,
  newResult,
  type StridedView,
  viewOf,
} from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { axisPlaces, placeAt, stepOf } from '../axisPlaces.ts';
import type { OperationEnvironment } from '../operation.ts';
import { privateComm } from '../privateComm.ts';
import { isSlab } from '../redistribute/flatPlan.ts';
import { orderedBlocks } from './indexDistribution.ts';
import { sortedByOwner } from './requests.ts';
import { someRows } from './rows.ts';

/** What the local indices along an axis stand for: `start + k · step`, or entry k of a table. */
export interface AxisValues {
  readonly extent: number;
  readonly start: number;
  readonly step: number;
  readonly table: Float64Array | null;
}

/**
 * Returns for each true element, in C order, the sum of what its local indices stand for.
 *
 * @param mask - in C order
 */
export function sumsOfTrue(mask: Uint8Array, axes: readonly AxisValues[]): Float64Array {
  const sums = new Float64Array(countTrue(mask));
  const inner = axes.at(-1);
  if (inner === undefined || mask.length === 0) return sums;
  const { extent, start, step, table } = inner;
  const outer = axes.slice(0, -1);
  const index = new Int32Array(outer.length);
  let count = 0;
  for (let row = 0; row < mask.length; row += extent) {
    let begin = 0;
    for (let axis = 0; axis < outer.length; axis++) begin += valueAt(outer[axis], index[axis]);
    if (table === null) count += findTrue(mask, row, extent, begin + start, step, sums, count);
    else {
      for (let k = 0; k < extent; k++) if (mask[row + k] !== 0) sums[count++] = begin + table[k];
    }
    for (let axis = outer.length - 1; axis >= 0; axis--) {
      index[axis]++;
      if (index[axis] < outer[axis].extent) break;
      index[axis] = 0;
    }
  }
  return sums;
}

function valueAt({ start, step, table }: AxisValues, k: number): number {
  return table === null ? start + k * step : table[k];
}

/** Returns what local indices add to the flat index in the whole array, along each axis. */
export function flatValues({
  distribution,
  cartCoords,
  localShape,
  rank,
}: LocalArray): AxisValues[] {
  if (rank < 0) return [];
  const strides = contiguousStrides(distribution.shape);
  return distribution.maps.map((map, axis) => {
    const extent = localShape[axis];
    const places = axisPlaces(map, cartCoords[axis]);
    const step = stepOf(places, extent);
    const stride = strides[axis];
    if (step !== undefined) {
      const start = extent === 0 ? 0 : placeAt(places, 0) * stride;
      return { extent, start, step: step * stride, table: null };
    }
    const table = new Float64Array(extent);
    for (let k = 0; k < extent; k++) table[k] = placeAt(places, k) * stride;
    return { extent, start: 0, step: 0, table };
  });
}

/** Returns the distribution of so many true elements of an array: even blocks, on the same processes. */
export function distributionOfTrue(distribution: Distribution, count: number): Distribution {
  const { targets, isReplicated, numProcesses } = distribution;
  if (isReplicated) return Distribution.replicated([count], { targets });
  return Distribution.fromMaps(orderedBlocks([count], numProcesses), { targets });
}

/** Returns whether the elements of an array are in C order from process to process. */
export function isInOrder(distribution: Distribution): boolean {
  if (!isSlab(distribution)) return false;
  // Ranks of transposed grids are not in the order of their processes.
  const { targets } = distribution;
  return targets.every((target, rank) => rank === 0 || target > targets[rank - 1]);
}

/**
 * Brings what each process knows of its true elements into C order, in even blocks.
 *
 * @param entries - one a true element, in local C order
 * @param flat - flat indices of the same elements; null where they ascend already ({@link isInOrder})
 * @param from - distribution of the mask, without unstructured maps
 * @param to - that of the result ({@link distributionOfTrue})
 * @remarks Collective: one exchange where parts are runs of the flat index, otherwise two, the first by even blocks of
 * it. No process gets more than its share of either.
 */
export function inCOrder<D extends Dtype>(
  entries: StridedView<D>,
  flat: Float64Array | null,
  from: Distribution,
  to: Distribution,
  environment: OperationEnvironment,
): StridedView<D> {
  const sorted = flat === null ? entries : byFlatIndex(entries, flat, from, environment);
  return evened(sorted, to, environment);
}

/** Brings entries to the processes of even blocks of the flat index, and there in order. */
function byFlatIndex<D extends Dtype>(
  entries: StridedView<D>,
  flat: Float64Array,
  from: Distribution,
  environment: OperationEnvironment,
): StridedView<D> {
  const { comm } = environment;
  const { size, numProcesses, targets } = from;
  // On the same processes, but in ascending order, as their elements are to be.
  const blocks = Distribution.fromShape([size], { dist: 'b', targets });
  const block = Math.max(1, Math.ceil(size / numProcesses));
  const homes = allocateForResult('int32', flat.length).fill(0);
  addBlockOwners({ start: 0, step: 1, block, grid: 0 }, flat, 1, homes);
  const { indices, order, counts } = sortedByOwner(flat, homes, blocks, comm.size);
  const asked = viewOf(indices, 'float64', [indices.length]);
  const { data: comes } = exchanged(asked, counts, environment);
  const received = exchanged(picked(entries, order), counts, environment);
  // Where those stand that are true, in the block of this process.
  const begin = blocks.rankOfTarget(comm.rank) * block;
  const slots = new Float64Array(comes.length === 0 ? 0 : block);
  for (let k = 0; k < comes.length; k++) slots[comes[k] - begin] = k + 1;
  let next = 0;
  // The places have been read: they make room for the order.
  for (let k = 0; k < slots.length; k++) if (slots[k] > 0) comes[next++] = slots[k] - 1;
  return picked(received, comes);
}

/** Returns the elements of a line at these places, in their order. */
export function picked<D extends Dtype>(
  line: StridedView<D>,
  places: Float64Array | Uint32Array,
): StridedView<D> {
  const result = newResult(line.dtype, [places.length]);
  for (let begin = 0; begin < places.length; begin += PLACES_AT_ONCE) {
    const end = Math.min(begin + PLACES_AT_ONCE, places.length);
    gather(someRows(result, begin, end), line, [places.subarray(begin, end)]);
  }
  return result;
}

/** So many that what is between places and elements stays in a cache. */
const PLACES_AT_ONCE = 8192;

/** Moves entries that are in order from process to process into even blocks. */
function evened<D extends Dtype>(
  entries: StridedView<D>,
  to: Distribution,
  environment: OperationEnvironment,
): StridedView<D> {
  const { comm } = environment;
  if (comm.size === 1) return entries;
  const [count] = entries.shape;
  const begin = comm.exscan(count);
  const counts = new Int32Array(comm.size);
  const [map] = to.maps;
  for (let at = begin; at < begin + count; ) {
    const owner = map.owner(at);
    const end = Math.min(begin + count, at + map.localSize(owner) - map.localFromGlobal(at));
    counts[to.targetOf(owner)] = end - at;
    at = end;
  }
  return exchanged(entries, counts, environment);
}

/** Sends each process its entries, which lie one after the other; returns what comes, in the order of the ranks. */
function exchanged<D extends Dtype>(
  { data, dtype }: StridedView<D>,
  counts: Int32Array,
  { comm, traffic }: OperationEnvironment,
): StridedView<D> {
  const own = privateComm(comm);
  const coming = new Int32Array(comm.size);
  own.alltoall(counts, coming);
  const { lanes, itemsize } = DTYPES[dtype];
  const received = newResult(dtype, [coming.reduce((sum, count) => sum + count, 0)]);
  for (let process = 0; process < comm.size; process++) {
    const isSent = process !== comm.rank && counts[process] > 0;
    if (isSent) traffic.count(counts[process] * itemsize);
  }
  const entriesOf = (all: Int32Array) => Float64Array.from(all, (count) => count * lanes);
  own.alltoall(data, received.data, {
    sendCounts: entriesOf(counts),
    recvCounts: entriesOf(coming),
  });
  return received;
}
