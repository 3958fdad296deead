/** Collective communication that is started now and completed later (`MPI_Ibcast` and its kin). */
import { type BufferLike, checkLasting, IN_PLACE, type InPlace, memoryOf } from './buffer.ts';
import type { AlltoallOptions, BlockOptions, RootOptions } from './collectives.ts';
import { BLOCKING, command, MODE, NONBLOCKING, OUTPUT } from './command.ts';
import { takeCounts } from './counts.ts';
import { takeCopies } from './denseCopy.ts';
import { type OpOptions, type ReduceScatterOptions, Reductions } from './reductions.ts';
import { Request } from './request.ts';
import type { Status } from './status.ts';

/**
 * Communicators whose collectives can be started now and completed later.
 * @remarks Collective: every process starts them, in the same order. A blocking collective does not
 * match a nonblocking one.
 */
export abstract class StartedCollectives extends Reductions {
  /** Starts a {@link Collectives.barrier} (`MPI_Ibarrier`). */
  ibarrier(): Request {
    return started('MPI_Ibarrier', () => this.barrier());
  }

  /** Starts a {@link Collectives.bcast} (`MPI_Ibcast`). */
  ibcast(buffer: BufferLike, options?: RootOptions): Request {
    return started('MPI_Ibcast', () => this.bcast(buffer, options), buffer);
  }

  /**
   * Starts a {@link Reductions.reduce} (`MPI_Ireduce`). Of a number or bigint the request's result is
   * the combination on the root, undefined elsewhere.
   */
  ireduce(value: number, options?: RootOptions & OpOptions): Request<number | undefined>;
  ireduce(value: bigint, options?: RootOptions & OpOptions): Request<bigint | undefined>;
  ireduce(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & OpOptions,
  ): Request;
  ireduce(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | (RootOptions & OpOptions) | null,
    options?: RootOptions & OpOptions,
  ): Request<number | undefined> | Request<bigint | undefined> | Request {
    if (typeof input === 'number')
      return this.ireduceScalar(Float64Array, input, second as OpOptions);
    if (typeof input === 'bigint') {
      return this.ireduceScalar(BigInt64Array, input, second as OpOptions);
    }
    const recvbuf = second as BufferLike | null | undefined;
    const start = () => this.reduce(input, recvbuf, options);
    return started<Status>('MPI_Ireduce', start, input, recvbuf);
  }

  /**
   * Starts an {@link Reductions.allreduce} (`MPI_Iallreduce`). Of a number or bigint the request's
   * result is the combination.
   */
  iallreduce(value: number, options?: OpOptions): Request<number>;
  iallreduce(value: bigint, options?: OpOptions): Request<bigint>;
  iallreduce(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): Request;
  iallreduce(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): Request<number> | Request<bigint> | Request {
    const start = (s: BufferLike | InPlace, r: BufferLike, o?: OpOptions) =>
      this.allreduce(s, r, o);
    return startedReduction('MPI_Iallreduce', start, input, second, options);
  }

  /** Starts a {@link Reductions.scan} (`MPI_Iscan`). */
  iscan(value: number, options?: OpOptions): Request<number>;
  iscan(value: bigint, options?: OpOptions): Request<bigint>;
  iscan(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): Request;
  iscan(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): Request<number> | Request<bigint> | Request {
    const start = (s: BufferLike | InPlace, r: BufferLike, o?: OpOptions) => this.scan(s, r, o);
    return startedReduction('MPI_Iscan', start, input, second, options);
  }

  /** Starts a {@link Reductions.exscan} (`MPI_Iexscan`). */
  iexscan(value: number, options?: OpOptions): Request<number>;
  iexscan(value: bigint, options?: OpOptions): Request<bigint>;
  iexscan(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): Request;
  iexscan(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): Request<number> | Request<bigint> | Request {
    const start = (s: BufferLike | InPlace, r: BufferLike, o?: OpOptions) => this.exscan(s, r, o);
    return startedReduction('MPI_Iexscan', start, input, second, options);
  }

  /** Starts a {@link Reductions.reduceScatter} (`MPI_Ireduce_scatter`). */
  ireduceScatter(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: ReduceScatterOptions,
  ): Request {
    const start = () => this.reduceScatter(sendbuf, recvbuf, options);
    return started('MPI_Ireduce_scatter', start, sendbuf, recvbuf);
  }

  /** Starts a {@link Collectives.gather} (`MPI_Igather`, `MPI_Igatherv`). */
  igather(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & BlockOptions,
  ): Request {
    const start = () => this.gather(sendbuf, recvbuf, options);
    return started('MPI_Igather', start, sendbuf, recvbuf);
  }

  /** Starts an {@link Collectives.allgather} (`MPI_Iallgather`, `MPI_Iallgatherv`). */
  iallgather(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: BlockOptions): Request {
    const start = () => this.allgather(sendbuf, recvbuf, options);
    return started('MPI_Iallgather', start, sendbuf, recvbuf);
  }

  /** Starts a {@link Collectives.scatter} (`MPI_Iscatter`, `MPI_Iscatterv`). */
  iscatter(
    sendbuf: BufferLike | null,
    recvbuf: BufferLike | InPlace,
    options?: RootOptions & BlockOptions,
  ): Request {
    const start = () => this.scatter(sendbuf, recvbuf, options);
    return started('MPI_Iscatter', start, sendbuf, recvbuf);
  }

  /** Starts an {@link Collectives.alltoall} (`MPI_Ialltoall`, `MPI_Ialltoallv`). */
  ialltoall(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: AlltoallOptions,
  ): Request {
    const start = () => this.alltoall(sendbuf, recvbuf, options);
    return started('MPI_Ialltoall', start, sendbuf, recvbuf);
  }

  private ireduceScalar<T extends number | bigint>(
    Values: { new (length: number): Float64Array | BigInt64Array },
    input: T,
    options?: RootOptions & OpOptions,
  ): Request<T | undefined> {
    const receives = this.isReceiver(options);
    const value = new Values(1).fill(input as never);
    const result = new Values(1);
    const start = () => this.reduce(value, receives ? result : null, options);
    const resultOf = () => (receives ? (result[0] as T) : undefined);
    return started<T | undefined>('MPI_Ireduce', start, value, result, resultOf);
  }
}

/** Runs a blocking method in its nonblocking form and returns the request that it leaves. @internal */
export function started<T = Status>(
  call: string,
  start: () => void,
  sendbuf?: BufferLike | InPlace | null,
  recvbuf?: BufferLike | InPlace | null,
  resultOf?: (status: Status) => T,
): Request<T> {
  checkLasting(sendbuf, recvbuf === undefined ? 'buffer' : 'sendbuf');
  checkLasting(recvbuf, 'recvbuf');
  command[MODE] = NONBLOCKING;
  try {
    start();
  } finally {
    command[MODE] = BLOCKING;
  }
  const handle = command[OUTPUT];
  const copies = takeCopies();
  const result =
    copies === undefined
      ? resultOf
      : (status: Status): T => {
          // Both of them stay in memory until here, for MPI.
          copies.copyBack();
          // Only buffers are copied, and their requests have the status.
          return status as T;
        };
  return new Request(call, handle, kept(sendbuf), kept(recvbuf), result, takeCounts());
}

function startedReduction(
  call: string,
  start: (sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions) => void,
  input: number | bigint | BufferLike | InPlace,
  second: BufferLike | OpOptions | undefined,
  options: OpOptions | undefined,
): Request<number> | Request<bigint> | Request {
  if (typeof input === 'number') {
    const value = Float64Array.of(input);
    const result = new Float64Array(1);
    const begin = () => start(value, result, second as OpOptions);
    return started<number>(call, begin, value, result, () => result[0]);
  }
  if (typeof input === 'bigint') {
    const value = BigInt64Array.of(input);
    const result = new BigInt64Array(1);
    const begin = () => start(value, result, second as OpOptions);
    return started<bigint>(call, begin, value, result, () => result[0]);
  }
  const recvbuf = second as BufferLike;
  return started<Status>(call, () => start(input, recvbuf, options), input, recvbuf);
}

/** The memory that a request must keep. @internal */
export function kept(buffer: BufferLike | InPlace | null | undefined): ArrayBufferView | undefined {
  return buffer === IN_PLACE || buffer === null || buffer === undefined
    ? undefined
    : memoryOf(buffer);
}
