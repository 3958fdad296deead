/** Fetching rows: requests go to the owners, and rows come back. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../../dtype/dtype.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { scatter } from '../../kernels/copy.ts';
import { type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { waitAll } from '../../mpi/completion.ts';
import type { Request } from '../../mpi/request.ts';
import type { OperationEnvironment } from '../operation.ts';
import { privateComm, TAGS } from '../privateComm.ts';
import { beginsOf, type Requests } from './requests.ts';
import { packedRows, type Rows, someRows } from './rows.ts';

/** Most bytes of rows that go from one process to another at a time, but for a row that is longer. */
const LONGEST_PART = 2 ** 20;

/** Returns how many rows travel at a time; the same on all processes that have rows of this size. */
export function rowsPerPart(rowBytes: number): number {
  return Math.max(1, Math.floor(LONGEST_PART / Math.max(8, rowBytes)));
}

/**
 * Brings the rows that processes ask for to `target`.
 *
 * @param rows - those of this process's part
 * @param target - of the dtype of `rows`, one row for each index tuple of this process
 * @param isLocal - whether all processes have all rows that they ask for
 * @remarks Collective, unless `isLocal`. Each process answers one other at a time, in parts: what is under way takes
 * the memory of four parts, also where all ask the same process.
 */
export function fetchRows(
  requests: Requests,
  rows: Rows,
  target: StridedView,
  isLocal: boolean,
  { comm, traffic }: OperationEnvironment,
): void {
  copyOwn(requests, comm.rank, rows, target);
  if (isLocal) return;
  const own = privateComm(comm);
  const coming = new Int32Array(comm.size);
  own.alltoall(requests.counts, coming);
  const asking = new Asking(requests, target, comm.rank);
  const answering = new Answering(coming, rows, target.dtype, comm.rank);
  for (let step = 1; step < comm.size; step++) {
    const owner = (comm.rank + step) % comm.size;
    const asker = (comm.rank - step + comm.size) % comm.size;
    for (let part = 0; asking.has(owner, part) || answering.has(asker, part); part++) {
      const sent: Request[] = [];
      // All that a neighbour may wait for is on its way before this process waits.
      if (answering.has(asker, part)) answering.listen(own, asker, part);
      if (asking.has(owner, part)) sent.push(asking.ask(own, owner, part));
      if (answering.has(asker, part)) sent.push(answering.answer(own, asker, part));
      if (asking.has(owner, part)) asking.take(owner, part);
      waitAll(sent);
    }
  }
  traffic.messages += asking.messages + answering.messages;
  traffic.bytes += asking.bytes + answering.bytes;
}

/** Returns the largest of some counts but for a process's own. */
export function largestOfOthers(counts: Int32Array, rank: number): number {
  let largest = 0;
  for (let k = 0; k < counts.length; k++) {
    if (k !== rank) largest = Math.max(largest, counts[k]);
  }
  return largest;
}

/** The side that asks for rows. */
class Asking {
  messages = 0;
  bytes = 0;
  readonly #requests: Requests;
  readonly #target: StridedView;
  readonly #begins: Float64Array;
  readonly #part: number;
  readonly #lanes: number;
  readonly #received: TypedArrayOf<Dtype>;
  #answer: Request | undefined;

  constructor(requests: Requests, target: StridedView, rank: number) {
    const { dtype, shape } = target;
    const size = sizeOfShape(shape.slice(1));
    const { itemsize, lanes } = DTYPES[dtype];
    const part = rowsPerPart(size * itemsize);
    const most = Math.min(part, largestOfOthers(requests.counts, rank));
    this.#requests = requests;
    this.#target = target;
    this.#begins = beginsOf(requests.counts);
    this.#part = part;
    this.#lanes = size * lanes;
    this.#received = allocateForResult(dtype, most * size);
  }

  has(owner: number, part: number): boolean {
    return part * this.#part < this.#requests.counts[owner];
  }

  ask(comm: Comm, owner: number, part: number): Request {
    const [begin, end] = this.#range(owner, part);
    const room = this.#received.subarray(0, (end - begin) * this.#lanes);
    this.#answer = comm.irecv(room, owner, { tag: TAGS.rows });
    const list = this.#requests.indices.subarray(begin, end);
    this.messages++;
    this.bytes += list.byteLength;
    return comm.isend(list, owner, { tag: TAGS.indices });
  }

  take(owner: number, part: number): void {
    const [begin, end] = this.#range(owner, part);
    this.#answer?.wait();
    const { dtype, shape } = this.#target;
    const packed = packedRows(this.#received, dtype, end - begin, shape.slice(1));
    placeRows(this.#requests, begin, packed, this.#target);
  }

  #range(owner: number, part: number): readonly [begin: number, end: number] {
    const first = this.#begins[owner];
    const begin = first + part * this.#part;
    return [begin, Math.min(begin + this.#part, first + this.#requests.counts[owner])];
  }
}

/** The side that has rows. */
class Answering {
  messages = 0;
  bytes = 0;
  readonly #coming: Int32Array;
  readonly #rows: Rows;
  readonly #dtype: Dtype;
  readonly #part: number;
  readonly #asked: Float64Array;
  readonly #packed: TypedArrayOf<Dtype>;
  #question: Request | undefined;

  constructor(coming: Int32Array, rows: Rows, dtype: Dtype, rank: number) {
    const part = rowsPerPart(rows.size * DTYPES[dtype].itemsize);
    const most = Math.min(part, largestOfOthers(coming, rank));
    this.#coming = coming;
    this.#rows = rows;
    this.#dtype = dtype;
    this.#part = part;
    this.#asked = new Float64Array(most);
    this.#packed = allocateForResult(dtype, most * rows.size);
  }

  has(asker: number, part: number): boolean {
    return part * this.#part < this.#coming[asker];
  }

  listen(comm: Comm, asker: number, part: number): void {
    const room = this.#asked.subarray(0, this.#count(asker, part));
    this.#question = comm.irecv(room, asker, { tag: TAGS.indices });
  }

  answer(comm: Comm, asker: number, part: number): Request {
    const count = this.#count(asker, part);
    this.#question?.wait();
    const { shape, size } = this.#rows;
    const packed = packedRows(this.#packed, this.#dtype, count, shape);
    this.#rows.gather(this.#asked.subarray(0, count), packed);
    const reply = this.#packed.subarray(0, count * size * DTYPES[this.#dtype].lanes);
    this.messages++;
    this.bytes += reply.byteLength;
    return comm.isend(reply, asker, { tag: TAGS.rows });
  }

  #count(asker: number, part: number): number {
    return Math.min(this.#part, this.#coming[asker] - part * this.#part);
  }
}

/** The rows that this process has itself. */
function copyOwn(requests: Requests, rank: number, rows: Rows, target: StridedView): void {
  const { indices, counts, order } = requests;
  const begin = beginsOf(counts)[rank];
  const end = begin + counts[rank];
  if (order === null) {
    rows.gather(indices.subarray(begin, end), someRows(target, begin, end));
    return;
  }
  const { dtype } = target;
  const part = Math.min(counts[rank], rowsPerPart(rows.size * DTYPES[dtype].itemsize));
  const memory = allocateForResult(dtype, part * rows.size);
  for (let at = begin; at < end; at += part) {
    const count = Math.min(part, end - at);
    const packed = packedRows(memory, dtype, count, rows.shape);
    rows.gather(indices.subarray(at, at + count), packed);
    placeRows(requests, at, packed, target);
  }
}

/** Puts rows where they were asked for. */
function placeRows(
  { order }: Requests,
  begin: number,
  packed: StridedView,
  target: StridedView,
): void {
  const [count] = packed.shape;
  if (packed.shape.includes(0)) return;
  const places = order?.subarray(begin, begin + count) ?? null;
  scatter(target, packed, [places, ...target.shape.slice(1).map(() => null)]);
}
