/** Neighbourhood collectives: communication along the edges of a process topology. */
import { addressOfInts, type BufferLike, elementSize, setRecv, setSend } from './buffer.ts';
import {
  type AlltoallOptions,
  type BlockOptions,
  blockNames,
  leavesOutRecvCounts,
} from './collectives.ts';
import * as commandBlock from './command.ts';
import { Comm } from './communicator.ts';
import { evenBlock, matchingBlock, setBlocks, setCounts } from './counts.ts';
import { isStrided, throughCopies } from './denseCopy.ts';
import { commandError } from './errors.ts';
import { asElements, blocking, bytesOfBlock } from './inferredCounts.ts';
import { prepared } from './persistentCollectives.ts';
import type { PersistentRequest, Request } from './request.ts';
import { started } from './startedCollectives.ts';
import { setTypedBlocks } from './typedBlocks.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { COMM, command, RECV_ADDRESS, RECV_COUNT, RESULT, raw, SEND_ADDRESS, SEND_COUNT } =
  commandBlock;

const sendNames = { counts: 'options.sendCounts', displs: 'options.sendDispls' };
const recvNames = { counts: 'options.recvCounts', displs: 'options.recvDispls' };

/** The processes that one exchanges data with. */
export interface Neighbors {
  /** Ranks whose data arrive here. `PROC_NULL` beyond the edge of a grid. */
  readonly sources: number[];
  /** Ranks that this one's data go to. */
  readonly destinations: number[];
}

/**
 * A communicator whose processes have neighbours. Blocks of its collectives are in the order of
 * {@link NeighborhoodComm.neighbors}; blocks for `PROC_NULL` are neither read nor written.
 */
export abstract class NeighborhoodComm extends Comm {
  #degrees: readonly [number, number] | undefined;

  /** Returns the neighbours of this process. */
  abstract neighbors(): Neighbors;

  /**
   * Sends the same block to all neighbours and receives one from each (`MPI_Neighbor_allgather`,
   * with `counts` `MPI_Neighbor_allgatherv`).
   * @param recvbuf room for a block of each source
   * @param options `counts` and `displs` by source
   * @remarks Collective.
   */
  neighborAllgather(sendbuf: BufferLike, recvbuf: BufferLike, options?: BlockOptions): void {
    if (isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.neighborAllgather(s, r, options));
      return;
    }
    const [sources] = this.degrees();
    if (options?.varying && !options.counts) {
      const own = Float64Array.of(bytesOfBlock(sendbuf, 'sendbuf'));
      const coming = new Float64Array(sources);
      blocking(() => this.neighborAllgather(own, coming));
      const counts = asElements(coming, recvbuf, 'recvbuf');
      this.neighborAllgather(sendbuf, recvbuf, { ...options, counts });
      return;
    }
    const count = setSend(sendbuf, 'sendbuf');
    const room = setRecv(recvbuf, 'recvbuf');
    avoidNull();
    if (options?.counts) {
      setBlocks('recv', room, sources, options.counts, options.displs, blockNames);
    } else {
      command[RECV_COUNT] = matchingBlock('recvbuf', recvbuf, room, sources, sendbuf, count);
    }
    command[COMM] = this.handle;
    if (options?.counts) raw.neighborAllgatherv();
    else raw.neighborAllgather();
    if (command[RESULT] !== 0) throw commandError('MPI_Neighbor_allgather', SEND_COUNT);
  }

  /**
   * Sends a block to each neighbour and receives one from each (`MPI_Neighbor_alltoall`, with counts
   * `MPI_Neighbor_alltoallv`, with datatypes `MPI_Neighbor_alltoallw`).
   * @param sendbuf a block for each destination
   * @param recvbuf room for a block of each source
   * @param options by destination and by source
   * @remarks Collective.
   */
  neighborAlltoall(sendbuf: BufferLike, recvbuf: BufferLike, options?: AlltoallOptions): void {
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.neighborAlltoall(s, r, options));
      return;
    }
    const [sources, destinations] = this.degrees();
    if (leavesOutRecvCounts(options, sendbuf)) {
      const { sendCounts } = options!;
      const available = setSend(sendbuf, 'sendbuf');
      setCounts('send', available, destinations, sendCounts, options!.sendDispls, sendNames);
      const itemBytes = elementSize(sendbuf);
      const going = Float64Array.from(sendCounts!, (count) => count * itemBytes);
      const coming = new Float64Array(sources);
      blocking(() => this.neighborAlltoall(going, coming));
      const recvCounts = asElements(coming, recvbuf, 'recvbuf');
      this.neighborAlltoall(sendbuf, recvbuf, { ...options, recvCounts });
      return;
    }
    const action = this.setNeighborExchange(sendbuf, recvbuf, sources, destinations, options);
    command[COMM] = this.handle;
    action();
    if (command[RESULT] !== 0) throw commandError('MPI_Neighbor_alltoall', SEND_COUNT);
  }

  /** Starts a {@link NeighborhoodComm.neighborAllgather} (`MPI_Ineighbor_allgather`). */
  ineighborAllgather(sendbuf: BufferLike, recvbuf: BufferLike, options?: BlockOptions): Request {
    const start = () => this.neighborAllgather(sendbuf, recvbuf, options);
    return started('MPI_Ineighbor_allgather', start, sendbuf, recvbuf);
  }

  /** Starts a {@link NeighborhoodComm.neighborAlltoall} (`MPI_Ineighbor_alltoall`). */
  ineighborAlltoall(sendbuf: BufferLike, recvbuf: BufferLike, options?: AlltoallOptions): Request {
    const start = () => this.neighborAlltoall(sendbuf, recvbuf, options);
    return started('MPI_Ineighbor_alltoall', start, sendbuf, recvbuf);
  }

  /** Prepares a {@link NeighborhoodComm.neighborAllgather} (`MPI_Neighbor_allgather_init`). */
  neighborAllgatherInit(
    sendbuf: BufferLike,
    recvbuf: BufferLike,
    options?: BlockOptions,
  ): PersistentRequest {
    const prepare = () => this.neighborAllgather(sendbuf, recvbuf, options);
    return prepared('MPI_Neighbor_allgather_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares a {@link NeighborhoodComm.neighborAlltoall} (`MPI_Neighbor_alltoall_init`). */
  neighborAlltoallInit(
    sendbuf: BufferLike,
    recvbuf: BufferLike,
    options?: AlltoallOptions,
  ): PersistentRequest {
    const prepare = () => this.neighborAlltoall(sendbuf, recvbuf, options);
    return prepared('MPI_Neighbor_alltoall_init', prepare, sendbuf, recvbuf);
  }

  private degrees(): readonly [number, number] {
    if (this.#degrees === undefined) {
      const { sources, destinations } = this.neighbors();
      this.#degrees = [sources.length, destinations.length];
    }
    return this.#degrees;
  }

  /** Sets both buffers and returns the addon's function for them. */
  private setNeighborExchange(
    sendbuf: BufferLike,
    recvbuf: BufferLike,
    sources: number,
    destinations: number,
    options: AlltoallOptions | undefined,
  ): () => void {
    const available = setSend(sendbuf, 'sendbuf');
    const room = setRecv(recvbuf, 'recvbuf');
    avoidNull();
    const { sendCounts, sendDispls, sendTypes, recvCounts, recvDispls, recvTypes } = options ?? {};
    if (sendTypes !== undefined || recvTypes !== undefined) {
      const send = { types: sendTypes, counts: sendCounts, displs: sendDispls };
      const recv = { types: recvTypes, counts: recvCounts, displs: recvDispls };
      setTypedBlocks('send', sendbuf, available, destinations, send, true);
      setTypedBlocks('recv', recvbuf, room, sources, recv, true);
      command[SEND_COUNT] = destinations;
      command[RECV_COUNT] = sources;
      return raw.neighborAlltoallw;
    }
    if (sendCounts !== undefined || recvCounts !== undefined) {
      setBlocks('send', available, destinations, sendCounts, sendDispls, sendNames);
      setBlocks('recv', room, sources, recvCounts, recvDispls, recvNames);
      return raw.neighborAlltoallv;
    }
    const block =
      destinations === 0
        ? evenBlock('recvbuf', room, Math.max(sources, 1))
        : evenBlock('sendbuf', available, destinations);
    command[SEND_COUNT] = block;
    command[RECV_COUNT] =
      destinations === 0 ? block : matchingBlock('recvbuf', recvbuf, room, sources, sendbuf, block);
    return raw.neighborAlltoall;
  }
}

// An empty array lies nowhere, but MPICH refuses such an address even when there are no neighbours.
const somewhere = new Int32Array(1);

function avoidNull(): void {
  if (command[SEND_ADDRESS] === 0) command[SEND_ADDRESS] = addressOfInts(somewhere);
  if (command[RECV_ADDRESS] === 0) command[RECV_ADDRESS] = addressOfInts(somewhere);
}
