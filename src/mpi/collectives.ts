/** Collective communication, blocking. Every process of the communicator calls, in the same order. */
import { ArgumentTypeError } from '../errors.ts';
import { type OptionNames, optionNames } from '../options.ts';
import {
  type BufferLike,
  elementSize,
  IN_PLACE,
  type InPlace,
  setRecv,
  setRecvInPlace,
  setRecvNothing,
  setSend,
  setSendInPlace,
  setSendNothing,
} from './buffer.ts';
import * as commandBlock from './command.ts';
import { evenBlock, matchingBlock, setBlocks, setCounts } from './counts.ts';
import type { Datatype } from './datatype.ts';
import { isStrided, throughCopies } from './denseCopy.ts';
import { commandError } from './errors.ts';
import { asElements, blocking, bytesOfBlock } from './inferredCounts.ts';
import { checkOptions } from './pointToPoint.ts';
import { StartedPointToPoint } from './startedPointToPoint.ts';
import { setTypedBlocks } from './typedBlocks.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { ARGUMENT0, COMM, command, RECV_COUNT, RESULT, ROOT, raw, SEND_COUNT } = commandBlock;

/** Options of collectives with a root. */
export interface RootOptions {
  /** Default 0; the same on all ranks. */
  readonly root?: number;
}

/** Options of {@link Collectives.gather}, {@link Collectives.scatter} and
 * {@link Collectives.allgather}: blocks of different lengths. */
export interface BlockOptions {
  /** Elements of each rank's block, by rank. Default: blocks of one length. */
  readonly counts?: ArrayLike<number>;
  /**
   * Whether blocks are of different lengths although `counts` are left out: then these are allgathered
   * first, which takes one more, small collective, and waits for all ranks also where the collective
   * itself is only started. The same on all ranks; not with `IN_PLACE`. Default false.
   */
  readonly varying?: boolean;
  /** Where each rank's block begins, in elements. Default: one after the other. */
  readonly displs?: ArrayLike<number>;
}

/** Options of {@link Collectives.alltoall}: blocks of different lengths, and of different datatypes. */
export interface AlltoallOptions {
  /** Elements for each rank. Default: one block of the same length for each. */
  readonly sendCounts?: ArrayLike<number>;
  readonly sendDispls?: ArrayLike<number>;
  /**
   * Elements from each rank. When only `sendCounts` are given, these are exchanged first, which takes
   * one more, small collective, and waits for all ranks also where this one is only started; not with
   * `IN_PLACE`, nor datatypes of blocks. On all ranks or none.
   */
  readonly recvCounts?: ArrayLike<number>;
  readonly recvDispls?: ArrayLike<number>;
  /**
   * A datatype for each block (`MPI_Alltoallw`), with `sendCounts` in elements of them and
   * `sendDispls` in bytes. Default: that of the buffer.
   */
  readonly sendTypes?: readonly Datatype[];
  readonly recvTypes?: readonly Datatype[];
}

const BLOCK_OPTIONS = optionNames<BlockOptions>({ counts: true, varying: true, displs: true });
const ALLTOALL_OPTIONS = optionNames<AlltoallOptions>({
  sendCounts: true,
  sendDispls: true,
  recvCounts: true,
  recvDispls: true,
  sendTypes: true,
  recvTypes: true,
});
/** Of all calls with a root: some of these take blocks, others an operation, or what to start. */
const ROOT_OPTIONS: OptionNames = new Set([
  'root',
  'counts',
  'varying',
  'displs',
  'op',
  'maxprocs',
  'info',
]);

// Names of the counts in errors.
export const blockNames = { counts: 'options.counts', displs: 'options.displs' };
const sendNames = { counts: 'options.sendCounts', displs: 'options.sendDispls' };
const recvNames = { counts: 'options.recvCounts', displs: 'options.recvDispls' };

/** Communicators with collective operations. */
export abstract class Collectives extends StartedPointToPoint {
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
    if (options?.varying && !options.counts) {
      this.gather(sendbuf, recvbuf, this.withCounts(options, sendbuf, 'sendbuf', recvbuf));
      return;
    }
    if (this.processRank === root) {
      if (isStrided(recvbuf)) {
        throughCopies(sendbuf, recvbuf, (s, r) => this.gather(s, r, options));
        return;
      }
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
    if (options !== undefined) {
      checkOptions(options, '{ counts, displs }', options?.counts, BLOCK_OPTIONS);
    }
    if (options?.varying && !options.counts) {
      this.allgather(sendbuf, recvbuf, this.withCounts(options, sendbuf, 'sendbuf', recvbuf));
      return;
    }
    // With counts, Open MPI takes the send datatype for one of the counted elements.
    if (isStrided(recvbuf) || (options?.counts && isStrided(sendbuf))) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.allgather(s, r, options));
      return;
    }
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
    if (options?.varying && !options.counts) {
      this.scatter(sendbuf, recvbuf, this.withCounts(options, recvbuf, 'recvbuf', sendbuf));
      return;
    }
    if (this.processRank === root) {
      if (isStrided(sendbuf)) {
        throughCopies(sendbuf, recvbuf, (s, r) => this.scatter(s, r, options));
        return;
      }
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
   * Sends a block to every rank and receives one from each (`MPI_Alltoall`, with counts
   * `MPI_Alltoallv`, with datatypes `MPI_Alltoallw`).
   * @param sendbuf a block for each rank, in rank order; `IN_PLACE` when they are in `recvbuf`
   * @param recvbuf room for a block of each rank
   * @remarks Collective.
   */
  alltoall(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: AlltoallOptions): void {
    if (options !== undefined) {
      const known = options?.sendCounts;
      checkOptions(options, '{ sendCounts, recvCounts }', known, ALLTOALL_OPTIONS);
    }
    if (leavesOutRecvCounts(options, sendbuf)) {
      this.alltoall(sendbuf, recvbuf, this.withRecvCounts(options!, sendbuf, recvbuf));
      return;
    }
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.alltoall(s, r, options));
      return;
    }
    const typed = options?.sendTypes !== undefined || options?.recvTypes !== undefined;
    const varying = options?.sendCounts !== undefined || options?.recvCounts !== undefined;
    if (typed) this.setTypedExchange(sendbuf, needed(recvbuf, 'recvbuf'), options);
    else if (varying) this.setVaryingExchange(sendbuf, needed(recvbuf, 'recvbuf'), options!);
    else this.setEvenExchange(sendbuf, needed(recvbuf, 'recvbuf'));
    command[COMM] = this.handle;
    if (typed) raw.alltoallw();
    else if (varying) raw.alltoallv();
    else raw.alltoall();
    if (command[RESULT] !== 0) throw commandError('MPI_Alltoall', SEND_COUNT);
  }

  /** Options with the counts of all ranks' blocks, which are parts of `whole`. */
  private withCounts<T extends BlockOptions>(
    options: T,
    block: BufferLike | InPlace,
    argument: string,
    whole: BufferLike | null | undefined,
  ): T {
    const own = Float64Array.of(bytesOfBlock(block, argument));
    const all = new Float64Array(this.processCount);
    blocking(() => this.allgather(own, all));
    return { ...options, counts: asElements(all, whole, argument) };
  }

  /** Options with the counts of what comes from each partner. @internal */
  protected withRecvCounts(
    options: AlltoallOptions,
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
  ): AlltoallOptions {
    const { sendCounts } = options;
    const size = this.partnerCount;
    const available = setSend(sendbuf as BufferLike, 'sendbuf');
    setCounts('send', available, size, sendCounts, options.sendDispls, sendNames);
    const itemBytes = elementSize(sendbuf as BufferLike);
    const going = Float64Array.from(sendCounts!, (count) => count * itemBytes);
    const coming = new Float64Array(size);
    blocking(() => this.alltoall(going, coming));
    return { ...options, recvCounts: asElements(coming, recvbuf, 'recvbuf') };
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
    if (options?.counts) setBlocks('recv', room, size, options.counts, options.displs, blockNames);
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
      setBlocks('send', available, size, options.counts, options.displs, blockNames);
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

  private setTypedExchange(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options: AlltoallOptions,
  ): void {
    const size = this.processCount;
    const { sendCounts, sendDispls, sendTypes, recvCounts, recvDispls, recvTypes } = options;
    if (sendbuf === IN_PLACE) {
      setSendInPlace();
      command[ARGUMENT0] = 0;
    } else {
      const available = setSend(sendbuf, 'sendbuf');
      const send = { types: sendTypes, counts: sendCounts, displs: sendDispls };
      setTypedBlocks('send', sendbuf, available, size, send, false);
    }
    const room = setRecv(recvbuf, 'recvbuf');
    const recv = { types: recvTypes, counts: recvCounts, displs: recvDispls };
    setTypedBlocks('recv', recvbuf, room, size, recv, false);
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
      setBlocks('send', available, size, sendCounts, sendDispls, sendNames);
    }
    const room = setRecv(recvbuf, 'recvbuf');
    setBlocks('recv', room, size, recvCounts, recvDispls, recvNames);
  }

  /** The root, checked. @internal */
  protected root(options?: RootOptions): number {
    if (options !== undefined) checkOptions(options, '{ root }', options?.root, ROOT_OPTIONS);
    const root = options?.root ?? 0;
    this.checkRank('options.root', root);
    return root;
  }
}

/** Whether an exchange has counts of what goes, but not of what comes. @internal */
export function leavesOutRecvCounts(
  options: AlltoallOptions | undefined,
  sendbuf: BufferLike | InPlace,
): boolean {
  if (options?.sendCounts === undefined || options.recvCounts !== undefined) return false;
  return sendbuf !== IN_PLACE && !options.sendTypes && !options.recvTypes;
}

/** The buffer, which must be there on this rank. @internal */
export function needed(buffer: BufferLike | null | undefined, argument: string): BufferLike {
  if (buffer === null || buffer === undefined) {
    throw new ArgumentTypeError(argument, 'a buffer on this rank', buffer);
  }
  return buffer;
}

/** The buffer, which must be one. @internal */
export function notInPlace(buffer: BufferLike | InPlace, argument: string): BufferLike {
  if (buffer === IN_PLACE) {
    throw new ArgumentTypeError(argument, 'a buffer (IN_PLACE is for the root)', buffer);
  }
  return buffer;
}
