/** Intercommunicators: two groups of processes, each of which talks to those of the other. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import {
  type BufferLike,
  IN_PLACE,
  type InPlace,
  setRecv,
  setRecvNothing,
  setSend,
  setSendNothing,
} from './buffer.ts';
import {
  type AlltoallOptions,
  type BlockOptions,
  blockNames,
  leavesOutRecvCounts,
  needed,
  notInPlace,
  type RootOptions,
} from './collectives.ts';
import * as commandBlock from './command.ts';
import {
  Comm,
  communicatorKinds,
  createHandle,
  KIND,
  type SplitOptions,
  splitHandle,
} from './communicator.ts';
import { evenBlock, setBlocks } from './counts.ts';
import { isStrided, throughCopies } from './denseCopy.ts';
import { PROC_NULL, ROOT as ROOT_RANK } from './environment.ts';
import { classError, commandError, nullCommunicatorError } from './errors.ts';
import { Group } from './group.ts';
import { InterObjects } from './objects/interObjects.ts';
import { type OpOptions, setOperation } from './reductions.ts';

const {
  ARGUMENT0,
  COMM,
  command,
  OUTPUT,
  RECV_COUNT,
  RECV_TYPE,
  RESULT,
  ROOT,
  raw,
  SEND_ADDRESS,
  SEND_COUNT,
  SEND_TYPE,
} = commandBlock;

/** The root reads no send buffer, but MPICH 4.0 refuses a null pointer and the receive buffer's. */
const unread = new Uint8Array(1);

/**
 * A communicator between two groups. Ranks of messages are those of the other group.
 *
 * @remarks In collectives with a root, data flow between the root and the other group: the root gives
 * `MPI.ROOT` as root, the rest of its group `MPI.PROC_NULL`, and the other group the root's rank. In
 * the other collectives each group gets what the other one gives. There is no `IN_PLACE`.
 */
export class InterComm extends InterObjects {
  /** Error codes of the processes that were spawned, 0 for those that run; else empty. */
  errorCodes: readonly number[] = [];

  /** @internal */
  constructor(handle: number) {
    super(handle);
    if (handle === 0) return;
    command[COMM] = handle;
    raw.remoteSize();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_remote_size');
    this.partnerCount = command[OUTPUT];
  }

  /** Number of processes in the other group (`MPI_Comm_remote_size`). */
  get remoteSize(): number {
    if (this.handle === 0) throw nullCommunicatorError('MPI_Comm_remote_size');
    return this.partnerCount;
  }

  /** The other group (`MPI_Comm_remote_group`): a new one each time, to be freed. */
  get remoteGroup(): Group {
    command[COMM] = this.handle;
    raw.remoteGroup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_remote_group');
    return new Group(command[OUTPUT]);
  }

  /**
   * Returns the intercommunicator of the ranks of both groups that gave the same color
   * (`MPI_Comm_split`); a null one where the color is `UNDEFINED`, or no rank of the other group gave it.
   * @param color a non-negative integer, or `UNDEFINED`
   * @remarks Collective, on both sides.
   */
  split(color: number, options?: SplitOptions): InterComm {
    return new InterComm(splitHandle(this, color, options));
  }

  /**
   * Returns the intercommunicator of some processes of both groups (`MPI_Comm_create`); a null one on
   * the others.
   * @param group some processes of this side
   * @remarks Collective, on both sides.
   */
  create(group: Group): InterComm {
    return new InterComm(createHandle(this, group));
  }

  /**
   * Returns an intracommunicator of both groups (`MPI_Intercomm_merge`).
   * @param high whether this group's ranks come after the other's; all of a group give the same
   * @remarks Collective, on both sides.
   */
  merge(high: boolean): Comm {
    command[COMM] = this.handle;
    command[ARGUMENT0] = high ? 1 : 0;
    raw.mergeIntercommunicator();
    if (command[RESULT] !== 0) throw commandError('MPI_Intercomm_merge');
    return new Comm(command[OUTPUT]);
  }

  /**
   * Copies the root's buffer into the buffers of the other group (`MPI_Bcast`).
   * @param buffer null where the root is `PROC_NULL`
   * @remarks Collective, on both sides.
   */
  override bcast(buffer: BufferLike | null, options?: RootOptions): void {
    const root = this.root(options);
    if (root === PROC_NULL) setSendNothing();
    else setSend(needed(buffer, 'buffer'), 'buffer');
    this.run('MPI_Bcast', raw.bcast, root);
  }

  /**
   * Collects the blocks of the other group, in rank order, on the root (`MPI_Gather`, `MPI_Gatherv`).
   * @param sendbuf this rank's block; null in the root's group
   * @param recvbuf room for the blocks of the other group, on the root
   * @remarks Collective, on both sides.
   */
  override gather(
    sendbuf: BufferLike | InPlace | null,
    recvbuf?: BufferLike | null,
    options?: RootOptions & BlockOptions,
  ): void {
    const root = this.root(options);
    if (root === ROOT_RANK && isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.gather(s, r, options));
      return;
    }
    setSendNothing();
    setRecvNothing();
    if (root === ROOT_RANK) this.setPartnerBlocks('recv', needed(recvbuf, 'recvbuf'), options);
    else if (root !== PROC_NULL) setGiven(sendbuf);
    this.run('MPI_Gather', options?.counts ? raw.gatherv : raw.gather, root);
  }

  /**
   * Hands each rank of the other group its block of the root's buffer (`MPI_Scatter`,
   * `MPI_Scatterv`).
   * @param sendbuf blocks for the other group, on the root; null elsewhere
   * @param recvbuf this rank's block; null in the root's group
   * @remarks Collective, on both sides.
   */
  override scatter(
    sendbuf: BufferLike | null,
    recvbuf?: BufferLike | InPlace | null,
    options?: RootOptions & BlockOptions,
  ): void {
    const root = this.root(options);
    if (root === ROOT_RANK && isStrided(sendbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.scatter(s, r, options));
      return;
    }
    setSendNothing();
    setRecvNothing();
    if (root === ROOT_RANK) {
      this.setPartnerBlocks('send', needed(sendbuf, 'sendbuf'), options);
    } else if (root !== PROC_NULL) {
      setRecv(needed(notInPlace(recvbuf as BufferLike, 'recvbuf'), 'recvbuf'), 'recvbuf');
    }
    this.run('MPI_Scatter', options?.counts ? raw.scatterv : raw.scatter, root);
  }

  /**
   * Combines the values or buffers of the other group into one on the root (`MPI_Reduce`).
   * @param sendbuf a number or bigint, which counts in the other group only and whose combination is
   * returned on the root; or this rank's elements, null in the root's group
   * @param recvbuf the result, on the root
   * @remarks Collective, on both sides.
   */
  override reduce(value: number, options?: RootOptions & OpOptions): number | undefined;
  override reduce(value: bigint, options?: RootOptions & OpOptions): bigint | undefined;
  override reduce(
    sendbuf: BufferLike | InPlace | null,
    recvbuf?: BufferLike | null,
    options?: RootOptions & OpOptions,
  ): void;
  override reduce(
    sendbuf: number | bigint | BufferLike | InPlace | null,
    second?: BufferLike | (RootOptions & OpOptions) | null,
    options?: RootOptions & OpOptions,
  ): number | bigint | undefined {
    if (typeof sendbuf === 'number' || typeof sendbuf === 'bigint') {
      return this.reduceScalar(sendbuf, second as RootOptions & OpOptions);
    }
    const recvbuf = second as BufferLike | null | undefined;
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.reduce(s, r, options));
      return undefined;
    }
    const root = this.root(options);
    setOperation(options);
    setSendNothing();
    setRecvNothing();
    if (root === ROOT_RANK) {
      command[SEND_COUNT] = setRecv(needed(recvbuf, 'recvbuf'), 'recvbuf');
      command[SEND_TYPE] = command[RECV_TYPE];
      command[SEND_ADDRESS] = raw.addressOf(unread);
    } else if (root !== PROC_NULL) {
      setGiven(sendbuf);
    }
    this.run('MPI_Reduce', raw.reduce, root);
    return undefined;
  }

  /**
   * Collects the blocks of the other group, in rank order, on every rank (`MPI_Allgather`,
   * `MPI_Allgatherv`).
   * @param sendbuf this rank's block, for the other group
   * @param recvbuf room for the blocks of the other group
   * @remarks Collective, on both sides.
   */
  override allgather(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: BlockOptions,
  ): void {
    if (isStrided(recvbuf) || (options?.counts && isStrided(sendbuf))) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.allgather(s, r, options));
      return;
    }
    setGiven(sendbuf);
    this.setPartnerBlocks('recv', needed(recvbuf, 'recvbuf'), options);
    this.run('MPI_Allgather', options?.counts ? raw.allgatherv : raw.allgather, 0);
  }

  /**
   * Sends a block to every rank of the other group and receives one from each (`MPI_Alltoall`,
   * `MPI_Alltoallv`).
   * @remarks Collective, on both sides.
   */
  override alltoall(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: AlltoallOptions,
  ): void {
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.alltoall(s, r, options));
      return;
    }
    if (options?.sendTypes !== undefined || options?.recvTypes !== undefined) {
      const why = 'blocks have datatypes of their own inside of one group only';
      throw classError('MPI_Alltoallw', 'MPI_ERR_UNSUPPORTED_OPERATION', why);
    }
    const given = notInPlace(sendbuf, 'sendbuf');
    if (leavesOutRecvCounts(options, given)) {
      this.alltoall(given, recvbuf, this.withRecvCounts(options!, given, recvbuf));
      return;
    }
    const varying = options?.sendCounts !== undefined || options?.recvCounts !== undefined;
    const room = needed(recvbuf, 'recvbuf');
    if (varying) {
      const { sendCounts, sendDispls, recvCounts, recvDispls } = options;
      const size = this.partnerCount;
      const sendNames = { counts: 'options.sendCounts', displs: 'options.sendDispls' };
      const recvNames = { counts: 'options.recvCounts', displs: 'options.recvDispls' };
      setBlocks('send', setSend(given, 'sendbuf'), size, sendCounts, sendDispls, sendNames);
      setBlocks('recv', setRecv(room, 'recvbuf'), size, recvCounts, recvDispls, recvNames);
    } else {
      this.setPartnerBlocks('send', given);
      this.setPartnerBlocks('recv', room);
    }
    this.run('MPI_Alltoall', varying ? raw.alltoallv : raw.alltoall, 0);
  }

  /** There is no order between two groups: always an error. */
  override scan(): never {
    throw classError('MPI_Scan', 'MPI_ERR_COMM', 'not on an intercommunicator');
  }

  /** There is no order between two groups: always an error. */
  override exscan(): never {
    throw classError('MPI_Exscan', 'MPI_ERR_COMM', 'not on an intercommunicator');
  }

  override toString(): string {
    if (this.handle === 0) return 'InterComm(null)';
    const own = `rank ${this.processRank} of ${this.processCount}`;
    return `InterComm(${own}, remote size ${this.partnerCount})`;
  }

  /** `ROOT`, `PROC_NULL`, or a rank of the other group, by default 0. */
  protected override root(options?: RootOptions & BlockOptions): number {
    if (options?.varying && options.counts === undefined) {
      throw new ArgumentTypeError('options.counts', 'counts, between two groups', undefined);
    }
    const root = options?.root ?? 0;
    if (root === ROOT_RANK || root === PROC_NULL) return root;
    if (this.handle === 0) throw nullCommunicatorError('MPI_Comm_remote_size');
    if (Number.isInteger(root) && (root < 0 || root >= this.partnerCount)) {
      const expected = `a rank in [0, ${this.partnerCount - 1}], ROOT or PROC_NULL`;
      throw new ArgumentRangeError('options.root', expected, root);
    }
    checkInteger('options.root', root);
    return root;
  }

  protected override isReceiver(options?: RootOptions): boolean {
    return this.root(options) === ROOT_RANK;
  }

  /** The blocks of all ranks of the other group. */
  private setPartnerBlocks(
    side: 'send' | 'recv',
    buffer: BufferLike,
    options?: BlockOptions,
  ): void {
    const size = this.partnerCount;
    const name = side === 'send' ? 'sendbuf' : 'recvbuf';
    const available = side === 'send' ? setSend(buffer, name) : setRecv(buffer, name);
    if (options?.counts) {
      setBlocks(side, available, size, options.counts, options.displs, blockNames);
    } else {
      command[side === 'send' ? SEND_COUNT : RECV_COUNT] = evenBlock(name, available, size);
    }
  }

  private run(call: string, action: () => void, root: number): void {
    command[COMM] = this.handle;
    command[ROOT] = root;
    action();
    if (command[RESULT] !== 0) throw commandError(call, ROOT);
  }
}

communicatorKinds.ofHandle[KIND.inter] = (handle) => new InterComm(handle);

function setGiven(sendbuf: BufferLike | InPlace | null): void {
  const given = sendbuf === IN_PLACE ? notInPlace(sendbuf, 'sendbuf') : sendbuf;
  setSend(needed(given, 'sendbuf'), 'sendbuf');
}
