/** Errors that MPI reports. */
import { DistArrayError, tellErrorsOf } from '../errors.ts';
import {
  BLOCKING,
  command,
  INSIDE_OPERATION,
  MODE,
  NOT_INITIALIZED,
  OPERATION_FAILED_ELSEWHERE,
  OPERATION_FAILED_HERE,
  OPERATION_IN_USE,
  PERSISTENT,
  RESULT,
  raw,
  slotNames,
  UNSUPPORTED,
} from './command.ts';

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

  constructor(
    call: string,
    errorClass: string,
    errorCode: number,
    rank: number,
    text: string,
    options?: ErrorOptions,
  ) {
    super(errorClass, text, options);
    this.name = 'MPIError';
    this.call = call;
    this.class = errorClass;
    this.errorCode = errorCode;
    this.rank = rank;
  }
}

tellErrorsOf(MPIError);

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
  const call = formOf(name);
  const errorCode = command[RESULT];
  const given = slots.map((slot) => `${slotNames[slot]} ${command[slot]}`).join(', ');
  return describedError(call, errorCode, `${call}${given && ` (${given})`} on rank ${worldRank}`);
}

/** The error for a code that a call has left somewhere else than in the command block. */
export function codeError(call: string, errorCode: number): MPIError {
  return describedError(call, errorCode, `${call} on rank ${worldRank}`);
}

function formOf(name: string): string {
  if (command[MODE] === BLOCKING) return name;
  if (command[MODE] === PERSISTENT) return `${name}_init`;
  return `MPI_I${name[4].toLowerCase()}${name.slice(5)}`;
}

/** What user operations have thrown last, by slot. */
export const operationErrors: unknown[] = [];

let refusal: MPIError | undefined;

/** The error of a call that was refused since it came from within a user operation. */
export function takeRefusal(): MPIError | undefined {
  const taken = refusal;
  refusal = undefined;
  return taken;
}

function describedError(call: string, errorCode: number, where: string): MPIError {
  if (errorCode <= OPERATION_FAILED_HERE) return operationError(call, errorCode, where);
  const own = ownErrors[errorCode];
  const { errorClass, text } = own ?? raw.errorInfo(errorCode);
  // Open MPI's texts begin with the class, MPICH's do not.
  const why = text.startsWith(`${errorClass}: `) ? text : `${errorClass}: ${text}`;
  const error = new MPIError(call, errorClass, errorCode, worldRank, `${where}: ${why}`);
  if (errorCode === INSIDE_OPERATION) refusal = error;
  return error;
}

/** Errors that the addon notices itself. */
const ownErrors: Readonly<Record<number, { errorClass: string; text: string } | undefined>> = {
  [NOT_INITIALIZED]: { errorClass: 'MPI_ERR_OTHER', text: 'MPI is finalized' },
  [INSIDE_OPERATION]: {
    errorClass: 'MPI_ERR_OTHER',
    text: 'a user operation cannot call MPI, which it runs inside of',
  },
  [OPERATION_IN_USE]: {
    errorClass: 'MPI_ERR_OP',
    text: 'started communication still uses the operation',
  },
  [UNSUPPORTED]: {
    errorClass: 'MPI_ERR_UNSUPPORTED_OPERATION',
    text: 'this MPI does not have it, or not with a user operation',
  },
};

function operationError(call: string, errorCode: number, where: string): MPIError {
  if (errorCode <= OPERATION_FAILED_ELSEWHERE) {
    const text = `${where}: MPI_ERR_OP: the user operation threw on another rank`;
    return new MPIError(call, 'MPI_ERR_OP', errorCode, worldRank, text);
  }
  const cause = operationErrors[OPERATION_FAILED_HERE - errorCode];
  const text = `${where}: MPI_ERR_OP: the user operation threw: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new MPIError(call, 'MPI_ERR_OP', errorCode, worldRank, text, { cause });
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
