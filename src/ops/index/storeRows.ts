/** Storing rows: they go to the owners of their indices, and the last one for an index stays. */
import { DTYPES } from '../../dtype/dtype.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { gather } from '../../kernels/copy.ts';
import { newResult, type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import { waitAll } from '../../mpi/completion.ts';
import type { Request } from '../../mpi/request.ts';
import type { OperationEnvironment } from '../operation.ts';
import { privateComm, TAGS } from '../privateComm.ts';
import { largestOfOthers, rowsPerPart } from './fetchRows.ts';
import type { Requests } from './requests.ts';
import { beginsOf } from './requests.ts';
import { packedRows, type Rows, someRows } from './rows.ts';

/**
 * Writes values to the rows of their owners.
 *
 * @param rows - those of this process's part
 * @param values - one row for each index tuple of this process; or one element that all get, on all processes
 * @param isOne - whether it is the latter
 * @param isLocal - whether all processes have all rows that they write to
 * @remarks Collective, unless `isLocal`. Owners write what comes from lower ranks first: where the order of the ranks is
 * that of the index, the last value in C order stays. What has not been written travels in parts.
 */
export function storeRows(
  requests: Requests,
  rows: Rows,
  values: StridedView,
  isOne: boolean,
  isLocal: boolean,
  { comm, traffic }: OperationEnvironment,
): void {
  const { indices, counts } = requests;
  const begins = beginsOf(counts);
  // What is sent must lie packed; here it may lie as it does.
  const isInPlace = isOne || (isLocal && requests.order === null);
  const given = isInPlace ? values : inOrder(values, requests.order);
  /** Rows that are to be written at once: `count` of them, from the one at `begin` on. */
  const valuesOf = (from: StridedView, begin: number, count: number, shape: readonly number[]) =>
    isOne ? repeated(from, count, shape) : someRows(from, begin, begin + count);
  const storeOwn = () => {
    const begin = begins[comm.rank];
    const count = counts[comm.rank];
    rows.scatter(indices.subarray(begin, begin + count), valuesOf(given, begin, count, rows.shape));
  };
  if (isLocal) {
    storeOwn();
    return;
  }

  const own = privateComm(comm);
  const coming = new Int32Array(comm.size);
  own.alltoall(counts, coming);
  const { itemsize, lanes } = DTYPES[values.dtype];
  const size = isOne ? 0 : sizeOfShape(values.shape.slice(1));
  const longest = rowsPerPart(size * itemsize);
  const sent: Request[] = [];
  for (let step = 1; step < comm.size; step++) {
    const owner = (comm.rank + step) % comm.size;
    for (let at = 0; at < counts[owner]; at += longest) {
      const begin = begins[owner] + at;
      const end = begin + Math.min(longest, counts[owner] - at);
      const list = indices.subarray(begin, end);
      sent.push(own.isend(list, owner, { tag: TAGS.indices }));
      traffic.count(list.byteLength);
      if (isOne) continue;
      const block = given.data.subarray(begin * size * lanes, end * size * lanes);
      sent.push(own.isend(block, owner, { tag: TAGS.rows }));
      traffic.count(block.byteLength);
    }
  }
  const width = isOne ? 0 : rows.size;
  const part = rowsPerPart(width * itemsize);
  const most = Math.min(part, largestOfOthers(coming, comm.rank));
  const list = new Float64Array(most);
  const memory = allocateForResult(values.dtype, most * width);
  for (let sender = 0; sender < comm.size; sender++) {
    if (sender === comm.rank) {
      storeOwn();
      continue;
    }
    for (let at = 0; at < coming[sender]; at += part) {
      const count = Math.min(part, coming[sender] - at);
      const places = list.subarray(0, count);
      own.recv(places, sender, { tag: TAGS.indices });
      const received = isOne ? values : packedRows(memory, values.dtype, count, rows.shape);
      if (!isOne) {
        own.recv(memory.subarray(0, count * width * lanes), sender, { tag: TAGS.rows });
      }
      rows.scatter(places, valuesOf(received, 0, count, rows.shape));
    }
  }
  waitAll(sent);
}

/** The values in the order of the requests. */
function inOrder(values: StridedView, order: Requests['order']): StridedView {
  const rest = values.shape.slice(1);
  const count = order?.length ?? values.shape[0];
  const packed = newResult(values.dtype, [count, ...rest]);
  if (packed.data.length > 0) gather(packed, values, [order, ...rest.map(() => null)]);
  return packed;
}

/** One element as rows. */
function repeated(one: StridedView, count: number, shape: readonly number[]): StridedView {
  const whole = [count, ...shape];
  return { ...one, shape: whole, strides: whole.map(() => 0), offset: 0 };
}
