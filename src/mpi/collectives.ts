/** Collective communication, blocking. Every process of the communicator calls, in the same order. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import {
  type BufferLike,
  IN_PLACE,
  type InPlace,
  setRecv,
  setRecvInPlace,
  setRecvNothing,
  setSend,
  setSendInPlace,
  setSendNothing,
} from './buffer.ts';
import {
  COMM,
  command,
  OPERATION,
  RECV_COUNT,
  RECV_TYPE,
  RESULT,
  ROOT,
  raw,
  SEND_COUNT,
  SEND_TYPE,
} from './command.ts';
import { evenBlock, matchingBlock, setCounts } from './counts.ts';
import { commandError } from './errors.ts';
import { Op, SUM } from './operation.ts';
import { PointToPoint } from './pointToPoint.ts';

/** Options of collectives with a root. */
export interface RootOptions {
  /** Default 0; the same on all ranks. */
  readonly root?: number;
}

/** Options of reductions. */
export interface OpOptions {
  /** Default `MPI.SUM`; the same on all ranks. */
  readonly op?: Op;
}

/** Options of {@link Collectives.gather}, {@link Collectives.scatter} and
 * {@link Collectives.allgather}: blocks of different lengths. */
export interface BlockOptions {
  /** Elements of each rank's block, by rank. Default: blocks of one length. */
  readonly counts?: ArrayLike<number>;
  /** Where each rank's block begins, in elements. Default: one after the other. */
  readonly displs?: ArrayLike<number>;
}

/** Options of {@link Collectives.alltoall}: blocks of different lengths. */
export interface AlltoallOptions {
  /** Elements for each rank. Default: one block of the same length for each. */
  readonly sendCounts?: ArrayLike<number>;
  readonly sendDispls?: ArrayLike<number>;
  /** Elements from each rank; needed when `sendCounts` is given. */
  readonly recvCounts?: ArrayLike<number>;
  readonly recvDispls?: ArrayLike<number>;
}

// Scalars travel through these.
const scalarIn = new Float64Array(1);
const scalarOut = new Float64Array(1);
const bigScalarIn = new BigInt64Array(1);
const bigScalarOut = new BigInt64Array(1);

// Names of the counts in errors.
const blockNames = { counts: 'options.counts', displs: 'options.displs' };
const sendNames = { counts: 'options.sendCounts', displs: 'options.sendDispls' };
const recvNames = { counts: 'options.recvCounts', displs: 'options.recvDispls' };

/** Communicators with collective operations. */
export abstract class Collectives extends PointToPoint {
  /**
   * Waits until every process has come here (`MPI_Barrier`).
   * @remarks Collective.
   */
  barrier(): void {
    command[COMM] = this.handle;
    raw.barrier();
    if (command[RESULT] !== 0) throw commandError('MPI_Barrier');
  }

  /**
   * Copies the root's buffer into the buffer of every rank (`MPI_Bcast`).
   * @param buffer of the same number of elements on all ranks
   * @remarks Collective.
   */
  bcast(buffer: BufferLike, options?: RootOptions): void {
    const root = this.root(options);
    setSend(buffer, 'buffer');
    command[COMM] = this.handle;
    command[ROOT] = root;
    raw.bcast();
    if (command[RESULT] !== 0) throw commandError('MPI_Bcast', SEND_COUNT, ROOT);
  }

  /**
   * Combines the buffers of all ranks, element by element, into one on the root (`MPI_Reduce`).
   * @param sendbuf this rank's elements; on the root `IN_PLACE` when they are in `recvbuf`
   * @param recvbuf the result, on the root; null elsewhere
   * @remarks Collective.
   */
  reduce(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & OpOptions,
  ): void {
    const root = this.root(options);
    setOperation(options);
    if (this.processRank === root) {
      setOperands(sendbuf, needed(recvbuf, 'recvbuf'));
    } else {
      setSend(notInPlace(sendbuf, 'sendbuf'), 'sendbuf');
      setRecvNothing();
    }
    command[COMM] = this.handle;
    command[ROOT] = root;
    raw.reduce();
    if (command[RESULT] !== 0) throw commandError('MPI_Reduce', SEND_COUNT, ROOT);
  }

  /**
   * Combines the values or buffers of all ranks, element by element, on every rank
   * (`MPI_Allreduce`).
   * @param sendbuf a number (as float64) or bigint (as int64), whose combination is returned; or
   * this rank's elements, or `IN_PLACE` when they are in `recvbuf`
   * @param recvbuf the result, as long as `sendbuf`
   * @remarks Collective.
   */
  allreduce(value: number, options?: OpOptions): number;
  allreduce(value: bigint, options?: OpOptions): bigint;
  allreduce(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): void;
  allreduce(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): number | bigint | undefined {
    if (typeof input === 'number') {
      scalarIn[0] = input;
      this.allreduceBuffers(scalarIn, scalarOut, second as OpOptions);
      return scalarOut[0];
    }
    if (typeof input === 'bigint') {
      bigScalarIn[0] = input;
      this.allreduceBuffers(bigScalarIn, bigScalarOut, second as OpOptions);
      return bigScalarOut[0];
    }
    this.allreduceBuffers(input, needed(second as BufferLike, 'recvbuf'), options);
    return undefined;
  }

  /**
   * Collects the blocks of all ranks, in rank order, on the root (`MPI_Gather`, `MPI_Gatherv`).
   * @param sendbuf this rank's block; on the root `IN_PLACE` when it is in `recvbuf` already
   * @param recvbuf room for all blocks, on the root; null elsewhere
   * @param options `counts` and `displs` count on the root only, but give them on all ranks or none
   * @remarks Collective.
   */
  gather(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & BlockOptions,
  ): void {
    const root = this.root(options);
    if (this.processRank === root) {
      this.setGathering(sendbuf, needed(recvbuf, 'recvbuf'), options);
    } else {
      setSend(notInPlace(sendbuf, 'sendbuf'), 'sendbuf');
      setRecvNothing();
    }
    command[COMM] = this.handle;
    command[ROOT] = root;
    if (options?.counts) raw.gatherv();
    else raw.gather();
    if (command[RESULT] !== 0) throw commandError('MPI_Gather', SEND_COUNT, ROOT);
  }

  /**
   * Collects the blocks of all ranks, in rank order, on every rank (`MPI_Allgather`,
   * `MPI_Allgatherv`).
   * @param sendbuf this rank's block, or `IN_PLACE` when it is in `recvbuf` already
   * @param recvbuf room for all blocks
   * @remarks Collective.
   */
  allgather(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: BlockOptions): void {
    this.setGathering(sendbuf, needed(recvbuf, 'recvbuf'), options);
    command[COMM] = this.handle;
    if (options?.counts) raw.allgatherv();
    else raw.allgather();
    if (command[RESULT] !== 0) throw commandError('MPI_Allgather', SEND_COUNT);
  }

  /**
   * Hands each rank its block of the root's buffer (`MPI_Scatter`, `MPI_Scatterv`).
   * @param sendbuf all blocks in rank order, on the root; null elsewhere
   * @param recvbuf this rank's block; on the root `IN_PLACE` leaves it where it is
   * @param options `counts` and `displs` count on the root only, but give them on all ranks or none
   * @remarks Collective.
   */
  scatter(
    sendbuf: BufferLike | null,
    recvbuf: BufferLike | InPlace,
    options?: RootOptions & BlockOptions,
  ): void {
    const root = this.root(options);
    if (this.processRank === root) {
      this.setScattering(needed(sendbuf, 'sendbuf'), recvbuf, options);
    } else {
      setSendNothing();
      setRecv(notInPlace(recvbuf, 'recvbuf'), 'recvbuf');
    }
    command[COMM] = this.handle;
    command[ROOT] = root;
    if (options?.counts) raw.scatterv();
    else raw.scatter();
    if (command[RESULT] !== 0) throw commandError('MPI_Scatter', ROOT);
  }

  /**
   * Sends a block to every rank and receives one from each (`MPI_Alltoall`, `MPI_Alltoallv`).
   * @param sendbuf a block for each rank, in rank order; `IN_PLACE` when they are in `recvbuf`
   * @param recvbuf room for a block of each rank
   * @remarks Collective.
   */
  alltoall(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: AlltoallOptions): void {
    const varying = options?.sendCounts !== undefined || options?.recvCounts !== undefined;
    if (varying) this.setVaryingExchange(sendbuf, needed(recvbuf, 'recvbuf'), options!);
    else this.setEvenExchange(sendbuf, needed(recvbuf, 'recvbuf'));
    command[COMM] = this.handle;
    if (varying) raw.alltoallv();
    else raw.alltoall();
    if (command[RESULT] !== 0) throw commandError('MPI_Alltoall', SEND_COUNT);
  }

  private allreduceBuffers(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: OpOptions,
  ): void {
    setOperation(options);
    setOperands(sendbuf, recvbuf);
    command[COMM] = this.handle;
    raw.allreduce();
    if (command[RESULT] !== 0) throw commandError('MPI_Allreduce', SEND_COUNT);
  }

  /** Both buffers of a gathering collective on a rank that receives. */
  private setGathering(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: BlockOptions,
  ): void {
    const size = this.processCount;
    const room = setRecv(recvbuf, 'recvbuf');
    let sendCount = 0;
    if (sendbuf === IN_PLACE) setSendInPlace();
    else sendCount = setSend(sendbuf, 'sendbuf');
    if (options?.counts) setCounts('recv', room, size, options.counts, options.displs, blockNames);
    else if (sendbuf === IN_PLACE) command[RECV_COUNT] = evenBlock('recvbuf', room, size);
    else command[RECV_COUNT] = matchingBlock('recvbuf', recvbuf, room, size, sendbuf, sendCount);
  }

  /** Both buffers of a scatter on the root. */
  private setScattering(
    sendbuf: BufferLike,
    recvbuf: BufferLike | InPlace,
    options?: BlockOptions,
  ): void {
    const size = this.processCount;
    const available = setSend(sendbuf, 'sendbuf');
    let recvCount = 0;
    if (recvbuf === IN_PLACE) setRecvInPlace();
    else recvCount = setRecv(recvbuf, 'recvbuf');
    if (options?.counts) {
      setCounts('send', available, size, options.counts, options.displs, blockNames);
    } else if (recvbuf === IN_PLACE) {
      command[SEND_COUNT] = evenBlock('sendbuf', available, size);
    } else {
      command[SEND_COUNT] = matchingBlock('sendbuf', sendbuf, available, size, recvbuf, recvCount);
    }
  }

  private setEvenExchange(sendbuf: BufferLike | InPlace, recvbuf: BufferLike): void {
    const size = this.processCount;
    const room = setRecv(recvbuf, 'recvbuf');
    if (sendbuf === IN_PLACE) {
      setSendInPlace();
      command[RECV_COUNT] = evenBlock('recvbuf', room, size);
      return;
    }
    const block = evenBlock('sendbuf', setSend(sendbuf, 'sendbuf'), size);
    command[SEND_COUNT] = block;
    command[RECV_COUNT] = matchingBlock('recvbuf', recvbuf, room, size, sendbuf, block);
  }

  private setVaryingExchange(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options: AlltoallOptions,
  ): void {
    const size = this.processCount;
    const { sendCounts, sendDispls, recvCounts, recvDispls } = options;
    if (sendbuf === IN_PLACE) {
      setSendInPlace();
    } else {
      const available = setSend(sendbuf, 'sendbuf');
      setCounts('send', available, size, sendCounts, sendDispls, sendNames);
    }
    const room = setRecv(recvbuf, 'recvbuf');
    setCounts('recv', room, size, recvCounts, recvDispls, recvNames);
  }

  private root(options?: RootOptions): number {
    const root = options?.root ?? 0;
    this.checkRank('options.root', root);
    return root;
  }
}

function setOperation(options?: OpOptions): void {
  const op = options?.op ?? SUM;
  if (!(op instanceof Op)) throw new ArgumentTypeError('options.op', 'an MPI.Op', op);
  command[OPERATION] = op.handle;
}

/** Both buffers of a reduction on a rank that gets the result: same datatype, room enough. */
function setOperands(sendbuf: BufferLike | InPlace, recvbuf: BufferLike): void {
  const room = setRecv(recvbuf, 'recvbuf');
  if (sendbuf === IN_PLACE) {
    setSendInPlace();
    command[SEND_COUNT] = room;
    command[SEND_TYPE] = command[RECV_TYPE];
    return;
  }
  const count = setSend(sendbuf, 'sendbuf');
  if (room < count) {
    throw new ArgumentRangeError('recvbuf', `room for ${count} elements`, `${room} elements`);
  }
  if (command[SEND_TYPE] !== command[RECV_TYPE]) {
    throw new ArgumentTypeError('recvbuf', 'the datatype of sendbuf', recvbuf);
  }
}

function needed(buffer: BufferLike | null | undefined, argument: string): BufferLike {
  if (buffer === null || buffer === undefined) {
    throw new ArgumentTypeError(argument, 'a buffer on this rank', buffer);
  }
  return buffer;
}

function notInPlace(buffer: BufferLike | InPlace, argument: string): BufferLike {
  if (buffer === IN_PLACE) {
    throw new ArgumentTypeError(argument, 'a buffer (IN_PLACE is for the root)', buffer);
  }
  return buffer;
}
