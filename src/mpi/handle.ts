/** What every communicator is: a handle with a rank and a size. */
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import { COMM, command, OUTPUT, OUTPUT2, raw } from './command.ts';
import { PROC_NULL } from './environment.ts';
import { commandError, nullCommunicatorError } from './errors.ts';

/** Whether it is an int32; bigints, say, are not. */
function isInt(value: unknown): boolean {
  return typeof value === 'number' && (value | 0) === value;
}

/** Base of the communicator classes. */
export abstract class CommHandle {
  /** The addon's handle; 0 for `COMM_NULL` and after `free()`. @internal */
  handle: number;
  /** @internal */
  readonly processRank: number;
  /** @internal */
  readonly processCount: number;
  /** Number of processes that messages can go to: of the other side's, between two groups. @internal */
  partnerCount: number;

  /** @internal */
  constructor(handle: number) {
    this.handle = handle;
    if (handle === 0) {
      this.processRank = -1;
      this.processCount = 0;
      this.partnerCount = 0;
      return;
    }
    command[COMM] = handle;
    raw.rankAndSize();
    if (command[0] !== 0) throw commandError('MPI_Comm_rank');
    this.processRank = command[OUTPUT];
    this.processCount = command[OUTPUT2];
    this.partnerCount = this.processCount;
  }

  /**
   * Rank of this process in the communicator (`MPI_Comm_rank`).
   * @throws {@link MPIError} `MPI_ERR_COMM` on `COMM_NULL` or when freed.
   */
  get rank(): number {
    if (this.handle === 0) throw nullCommunicatorError('MPI_Comm_rank');
    return this.processRank;
  }

  /**
   * Number of processes in the communicator (`MPI_Comm_size`).
   * @throws {@link MPIError} `MPI_ERR_COMM` on `COMM_NULL` or when freed.
   */
  get size(): number {
    if (this.handle === 0) throw nullCommunicatorError('MPI_Comm_size');
    return this.processCount;
  }

  /** Whether this is `COMM_NULL` or was freed. */
  get isNull(): boolean {
    return this.handle === 0;
  }

  /** Throws unless `rank` is one of this communicator's. @internal */
  checkRank(argument: string, rank: number): void {
    if (isInt(rank) && rank >= 0 && rank < this.processCount) return;
    if (this.handle === 0) throw nullCommunicatorError('MPI_Comm_rank');
    checkInteger(argument, rank, 0, this.processCount - 1);
  }

  /** The same for a partner, which may be `PROC_NULL`. @internal */
  checkPartner(argument: string, rank: number): void {
    if (isInt(rank) && rank >= 0 && rank < this.partnerCount) return;
    if (rank === PROC_NULL) return;
    if (this.handle === 0)
      throw nullCommunicatorError(argument === 'dest' ? 'MPI_Send' : 'MPI_Recv');
    if (Number.isInteger(rank)) {
      throw new ArgumentRangeError(
        argument,
        `a rank in [0, ${this.partnerCount - 1}] or PROC_NULL`,
        rank,
      );
    }
    checkInteger(argument, rank);
  }
}
