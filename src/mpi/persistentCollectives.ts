/** Collective communication that is prepared once and started many times (`MPI_Bcast_init` …). */
import { type BufferLike, checkLasting, type InPlace } from './buffer.ts';
import type { AlltoallOptions, BlockOptions, RootOptions } from './collectives.ts';
import { BLOCKING, command, MODE, OUTPUT, PERSISTENT } from './command.ts';
import { takeCounts } from './counts.ts';
import { takeCopies } from './denseCopy.ts';
import type { OpOptions, ReduceScatterOptions } from './reductions.ts';
import { PersistentRequest } from './request.ts';
import { kept, StartedCollectives } from './startedCollectives.ts';

/**
 * Communicators whose collectives can be prepared: with MPI-4 and with Open MPI 4.1, but not
 * with MPICH 4.0, whose persistent collectives give wrong results when they are started again.
 * @remarks Collective: every process prepares them, and starts them, in the same order. Not with
 * operations of `createOp`.
 * @throws {@link MPIError} `MPI_ERR_UNSUPPORTED_OPERATION` where the MPI does not have them
 */
export abstract class PersistentCollectives extends StartedCollectives {
  /** Prepares a {@link Collectives.barrier} (`MPI_Barrier_init`). */
  barrierInit(): PersistentRequest {
    return prepared('MPI_Barrier_init', () => this.barrier());
  }

  /** Prepares a {@link Collectives.bcast} (`MPI_Bcast_init`). */
  bcastInit(buffer: BufferLike, options?: RootOptions): PersistentRequest {
    return prepared('MPI_Bcast_init', () => this.bcast(buffer, options), buffer);
  }

  /** Prepares a {@link Reductions.reduce} (`MPI_Reduce_init`). */
  reduceInit(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & OpOptions,
  ): PersistentRequest {
    const prepare = () => this.reduce(sendbuf, recvbuf, options);
    return prepared('MPI_Reduce_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares an {@link Reductions.allreduce} (`MPI_Allreduce_init`). */
  allreduceInit(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: OpOptions,
  ): PersistentRequest {
    const prepare = () => this.allreduce(sendbuf, recvbuf, options);
    return prepared('MPI_Allreduce_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares a {@link Reductions.scan} (`MPI_Scan_init`). */
  scanInit(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: OpOptions,
  ): PersistentRequest {
    const prepare = () => this.scan(sendbuf, recvbuf, options);
    return prepared('MPI_Scan_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares an {@link Reductions.exscan} (`MPI_Exscan_init`). */
  exscanInit(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: OpOptions,
  ): PersistentRequest {
    const prepare = () => this.exscan(sendbuf, recvbuf, options);
    return prepared('MPI_Exscan_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares a {@link Reductions.reduceScatter} (`MPI_Reduce_scatter_init`). */
  reduceScatterInit(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: ReduceScatterOptions,
  ): PersistentRequest {
    const prepare = () => this.reduceScatter(sendbuf, recvbuf, options);
    return prepared('MPI_Reduce_scatter_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares a {@link Collectives.gather} (`MPI_Gather_init`). */
  gatherInit(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & BlockOptions,
  ): PersistentRequest {
    const prepare = () => this.gather(sendbuf, recvbuf, options);
    return prepared('MPI_Gather_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares an {@link Collectives.allgather} (`MPI_Allgather_init`). */
  allgatherInit(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: BlockOptions,
  ): PersistentRequest {
    const prepare = () => this.allgather(sendbuf, recvbuf, options);
    return prepared('MPI_Allgather_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares a {@link Collectives.scatter} (`MPI_Scatter_init`). */
  scatterInit(
    sendbuf: BufferLike | null,
    recvbuf: BufferLike | InPlace,
    options?: RootOptions & BlockOptions,
  ): PersistentRequest {
    const prepare = () => this.scatter(sendbuf, recvbuf, options);
    return prepared('MPI_Scatter_init', prepare, sendbuf, recvbuf);
  }

  /** Prepares an {@link Collectives.alltoall} (`MPI_Alltoall_init`). */
  alltoallInit(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: AlltoallOptions,
  ): PersistentRequest {
    const prepare = () => this.alltoall(sendbuf, recvbuf, options);
    return prepared('MPI_Alltoall_init', prepare, sendbuf, recvbuf);
  }
}

/** Runs a blocking method in its persistent form and returns the request that it leaves. @internal */
export function prepared(
  call: string,
  prepare: () => void,
  sendbuf?: BufferLike | InPlace | null,
  recvbuf?: BufferLike | InPlace | null,
): PersistentRequest {
  checkLasting(sendbuf, recvbuf === undefined ? 'buffer' : 'sendbuf');
  checkLasting(recvbuf, 'recvbuf');
  command[MODE] = PERSISTENT;
  try {
    prepare();
  } finally {
    command[MODE] = BLOCKING;
  }
  const handle = command[OUTPUT];
  const copies = takeCopies();
  return new PersistentRequest(call, handle, kept(sendbuf), kept(recvbuf), takeCounts(), copies);
}
