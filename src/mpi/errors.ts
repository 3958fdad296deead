/** Errors that MPI reports. */
import { DistArrayError } from '../errors.ts';
import { BLOCKING, command, MODE, NOT_INITIALIZED, RESULT, raw, slotNames } from './command.ts';

/**
 * An MPI call that failed (`MPI_ERRORS_RETURN`).
 *
 * `code` and `class` hold the name of the error class, such as `MPI_ERR_TRUNCATE`, since the
 * numbers differ between the MPI implementations; `errorCode` is the number.
 */
export class MPIError extends DistArrayError {
  /** The MPI function, such as `MPI_Recv`. */
  readonly call: string;
  /** Name of the MPI error class, such as `MPI_ERR_RANK`. */
  readonly class: string;
  /** The implementation's error code. */
  readonly errorCode: number;
  /** Rank in `COMM_WORLD` of the process that noticed; -1 when MPI is not active. */
  readonly rank: number;

  constructor(call: string, errorClass: string, errorCode: number, rank: number, text: string) {
    super(errorClass, text);
    this.name = 'MPIError';
    this.call = call;
    this.class = errorClass;
    this.errorCode = errorCode;
    this.rank = rank;
  }
}

let worldRank = -1;

/** Tells this module who we are, for messages. */
export function setWorldRank(rank: number): void {
  worldRank = rank;
}

/**
 * The error of the command that has just failed.
 * @param name the MPI function, in its blocking form
 * @param slots arguments in the command block that belong into the message
 */
export function commandError(name: string, ...slots: readonly number[]): MPIError {
  // MPI_Bcast, when it was started only, is MPI_Ibcast.
  const call = command[MODE] === BLOCKING ? name : `MPI_I${name[4].toLowerCase()}${name.slice(5)}`;
  const errorCode = command[RESULT];
  const given = slots.map((slot) => `${slotNames[slot]} ${command[slot]}`).join(', ');
  const where = `${call}${given && ` (${given})`} on rank ${worldRank}`;
  if (errorCode === NOT_INITIALIZED) {
    return new MPIError(call, 'MPI_ERR_OTHER', errorCode, worldRank, `${where}: MPI is finalized`);
  }
  const { errorClass, text } = raw.errorInfo(errorCode);
  return new MPIError(call, errorClass, errorCode, worldRank, `${where}: ${errorClass}: ${text}`);
}

/** The error for a code that a call has left somewhere else than in the command block. */
export function codeError(call: string, errorCode: number): MPIError {
  const { errorClass, text } = raw.errorInfo(errorCode);
  const message = `${call} on rank ${worldRank}: ${errorClass}: ${text}`;
  return new MPIError(call, errorClass, errorCode, worldRank, message);
}

/** An error of a class of MPI's that was noticed before MPI could. */
export function classError(call: string, errorClass: string, why: string): MPIError {
  const message = `${call} on rank ${worldRank}: ${errorClass}: ${why}`;
  return new MPIError(call, errorClass, NOT_INITIALIZED, worldRank, message);
}

/** The error for using a communicator that is `COMM_NULL` or was freed. */
export function nullCommunicatorError(call: string): MPIError {
  return classError(call, 'MPI_ERR_COMM', 'the communicator is COMM_NULL or was freed');
}
