/** Distributed directories: who owns an index of a map of which each process knows its own part. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { DimensionMap } from '../maps/dimensionMap.ts';
import { checkSame } from '../mpi/agreement.ts';
import { Comm } from '../mpi/communicator.ts';
import { MIN } from '../mpi/operation.ts';

/** What a {@link Directory} answers, one entry a question. */
export interface Owners {
  /** Grid rank of the owner, the lowest where several own it; −1 when nobody does. */
  readonly gridRanks: Int32Array;
  /** Where the owner keeps it in its local part; −1 when nobody does. */
  readonly positions: Float64Array;
}

/** Indices as they are asked for. */
export type Questions = Int32Array | Float64Array | readonly number[];

/**
 * Who owns which index, spread over the processes of a communicator: process r answers for the
 * indices in the r-th block of ⌈size / P⌉, which takes O(size / P) memory a process. Any other
 * integer that is listed has a process, too.
 */
export class Directory {
  /** Number of global indices, as the map has it. */
  readonly size: number;
  readonly #comm: Comm;
  readonly #homes: Homes;
  readonly #entries: Entries;

  private constructor(comm: Comm, homes: Homes, entries: Entries) {
    this.#comm = comm;
    this.#homes = homes;
    this.#entries = entries;
    this.size = homes.size;
    Object.freeze(this);
  }

  /**
   * Returns the directory of an unstructured map.
   *
   * @param map of which this process knows the indices of `gridRank`; of one size, grid and kind on
   * all processes
   * @param gridRank whose indices this process enters; −1 for none. Of those that hold the same
   * indices (along another axis of the process grid) one must enter them
   * @remarks Collective: two all-to-all exchanges, and an agreement before. The messages and the
   * directory take O(size / P) memory a process where processes list about as many.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, on every process alike: also
   * when the map is one to one, and an index is on several grid ranks
   */
  static build(comm: Comm, map: DimensionMap, gridRank: number): Directory {
    checkArguments(comm, map, gridRank);
    const oneToOne = isOneToOne(map);
    checkSame(comm, { map: `${map.size}/${map.gridSize}${oneToOne ? ' one to one' : ''}` });
    const homes = new Homes(map.size, comm.size);
    const entries = new Entries(homes.begin(comm.rank), homes.end(comm.rank));
    const own = gridRank < 0 ? [] : Float64Array.from(map.globalIndices(gridRank));
    const { sent, order, sendCounts } = homes.sorted(own);
    const heads = exchangeHeads(comm, sendCounts, gridRank);
    const recvCounts = heads.counts;
    const indices = new Float64Array(total(recvCounts));
    comm.alltoall(sent, indices, { sendCounts, recvCounts });
    const positions = new Float64Array(indices.length);
    comm.alltoall(order, positions, { sendCounts, recvCounts });
    let at = 0;
    for (let process = 0; process < comm.size; process++) {
      for (const end = at + recvCounts[process]; at < end; at++) {
        entries.enter(indices[at], heads.gridRanks[process], positions[at]);
      }
    }
    if (oneToOne) checkOneToOne(comm, homes, entries);
    return new Directory(comm, homes, entries);
  }

  /**
   * Returns who owns these indices, each process its own.
   *
   * @param indices any integers; none on a process that has nothing to ask
   * @remarks Collective: the questions go to the processes that know, and the answers come back, in
   * O(questions + answers) memory. Questions are checked before: a process that throws has sent
   * nothing, but others that ask well wait for it.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless all are safe integers
   */
  owners(indices: Questions): Owners {
    checkQuestions(indices);
    const comm = this.#comm;
    const { sent, order, sendCounts } = this.#homes.sorted(indices);
    const recvCounts = new Int32Array(comm.size);
    comm.alltoall(sendCounts, recvCounts);
    const asked = new Float64Array(total(recvCounts));
    comm.alltoall(sent, asked, { sendCounts, recvCounts });
    const ranksOut = Int32Array.from(asked, (index) => this.#entries.gridRank(index));
    for (let k = 0; k < asked.length; k++) asked[k] = this.#entries.position(asked[k]);
    const ranksIn = new Int32Array(sent.length);
    comm.alltoall(ranksOut, ranksIn, { sendCounts: recvCounts, recvCounts: sendCounts });
    comm.alltoall(asked, sent, { sendCounts: recvCounts, recvCounts: sendCounts });
    const gridRanks = new Int32Array(sent.length);
    const positions = new Float64Array(sent.length);
    for (let k = 0; k < order.length; k++) {
      gridRanks[order[k]] = ranksIn[k];
      positions[order[k]] = sent[k];
    }
    return { gridRanks, positions };
  }
}

/** Which process keeps the entry of an index. */
class Homes {
  readonly size: number;
  readonly #processes: number;
  readonly #block: number;

  constructor(size: number, processes: number) {
    this.size = size;
    this.#processes = processes;
    this.#block = Math.max(1, Math.ceil(size / processes));
  }

  begin(process: number): number {
    return Math.min(this.size, process * this.#block);
  }

  end(process: number): number {
    return Math.min(this.size, (process + 1) * this.#block);
  }

  of(index: number): number {
    if (index >= 0 && index < this.size) return Math.floor(index / this.#block);
    const rest = index % this.#processes;
    return rest < 0 ? rest + this.#processes : rest;
  }

  /** The indices by home, and where each was. */
  sorted(indices: Questions): {
    sent: Float64Array;
    order: Float64Array;
    sendCounts: Int32Array;
  } {
    const sendCounts = new Int32Array(this.#processes);
    for (let k = 0; k < indices.length; k++) sendCounts[this.of(indices[k])]++;
    const places = new Float64Array(this.#processes);
    for (let k = 1; k < places.length; k++) places[k] = places[k - 1] + sendCounts[k - 1];
    const sent = new Float64Array(indices.length);
    const order = new Float64Array(indices.length);
    for (let k = 0; k < indices.length; k++) {
      const place = places[this.of(indices[k])]++;
      sent[place] = indices[k];
      order[place] = k;
    }
    return { sent, order, sendCounts };
  }
}

interface Stray {
  gridRank: number;
  position: number;
}

/** The entries that one process keeps: a table of its block, and the few indices beyond the size. */
class Entries {
  /** The smallest index that several grid ranks list, and two of them. */
  overlap: readonly [index: number, first: number, second: number] | undefined;
  readonly #begin: number;
  readonly #gridRanks: Int32Array;
  readonly #positions: Float64Array;
  readonly #strays = new Map<number, Stray>();

  constructor(begin: number, end: number) {
    this.#begin = begin;
    this.#gridRanks = new Int32Array(end - begin).fill(-1);
    this.#positions = new Float64Array(end - begin).fill(-1);
  }

  enter(index: number, gridRank: number, position: number): void {
    const known = this.gridRank(index);
    if (known >= 0) {
      if (this.overlap === undefined || index < this.overlap[0]) {
        this.overlap = [index, Math.min(known, gridRank), Math.max(known, gridRank)];
      }
      if (known <= gridRank) return;
    }
    const place = index - this.#begin;
    if (place >= 0 && place < this.#gridRanks.length) {
      this.#gridRanks[place] = gridRank;
      this.#positions[place] = position;
    } else {
      this.#strays.set(index, { gridRank, position });
    }
  }

  gridRank(index: number): number {
    const place = index - this.#begin;
    if (place >= 0 && place < this.#gridRanks.length) return this.#gridRanks[place];
    return this.#strays.get(index)?.gridRank ?? -1;
  }

  position(index: number): number {
    const place = index - this.#begin;
    if (place >= 0 && place < this.#positions.length) return this.#positions[place];
    return this.#strays.get(index)?.position ?? -1;
  }
}

/** Tells every process how many indices come, and whose they are. */
function exchangeHeads(comm: Comm, sendCounts: Int32Array, gridRank: number) {
  const sent = new Int32Array(2 * comm.size);
  for (let process = 0; process < comm.size; process++) {
    sent[2 * process] = sendCounts[process];
    sent[2 * process + 1] = gridRank;
  }
  const received = new Int32Array(2 * comm.size);
  comm.alltoall(sent, received);
  const counts = new Int32Array(comm.size);
  const gridRanks = new Int32Array(comm.size);
  for (let process = 0; process < comm.size; process++) {
    counts[process] = received[2 * process];
    gridRanks[process] = received[2 * process + 1];
  }
  return { counts, gridRanks };
}

function checkOneToOne(comm: Comm, homes: Homes, entries: Entries): void {
  const index = comm.allreduce(entries.overlap?.[0] ?? Number.POSITIVE_INFINITY, { op: MIN });
  if (index === Number.POSITIVE_INFINITY) return;
  const ranks = Int32Array.from(entries.overlap?.slice(1) ?? [0, 0]);
  comm.bcast(ranks, { root: homes.of(index) });
  const expected = 'indices of one process each (the map is one to one)';
  const where = `${index} on grid ranks ${ranks.join(', ')}`;
  throw new ArgumentRangeError('indices', expected, where);
}

function checkArguments(comm: Comm, map: DimensionMap, gridRank: number): void {
  if (!(comm instanceof Comm)) throw new ArgumentTypeError('comm', 'a communicator', comm);
  if (typeof map !== 'object' || map === null || map.dist !== 'u') {
    throw new ArgumentTypeError('map', 'an unstructured map', map);
  }
  checkInteger('gridRank', gridRank, -1, map.gridSize - 1);
}

function checkQuestions(indices: unknown): asserts indices is Questions {
  const isList =
    Array.isArray(indices) || indices instanceof Int32Array || indices instanceof Float64Array;
  if (!isList) {
    const expected = 'an array, an Int32Array or a Float64Array of indices';
    throw new ArgumentTypeError('indices', expected, indices);
  }
  for (let k = 0; k < indices.length; k++) {
    // The name is made for an error only.
    if (!Number.isSafeInteger(indices[k])) {
      checkInteger(`indices[${k}]`, indices[k], -Number.MAX_SAFE_INTEGER);
    }
  }
}

function isOneToOne(map: DimensionMap): boolean {
  return (map.base as Partial<{ oneToOne: boolean }>).oneToOne === true;
}

function total(counts: Int32Array): number {
  let sum = 0;
  for (const count of counts) sum += count;
  return sum;
}
