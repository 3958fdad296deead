/**
 * The command block: arguments of MPI calls are written into one Float64Array shared with C++, and
 * the native function is called without arguments, which costs a tenth of passing them
 * (see `native/napi/command.h`, whose slots these are).
 */
import { loadNative } from '../native.ts';

export const RESULT = 0;
export const COMM = 1;
export const SEND_ADDRESS = 2;
export const SEND_COUNT = 3;
export const SEND_TYPE = 4;
export const RECV_ADDRESS = 5;
export const RECV_COUNT = 6;
export const RECV_TYPE = 7;
export const DEST = 8;
export const SEND_TAG = 9;
export const SOURCE = 10;
export const RECV_TAG = 11;
export const ROOT = 12;
export const OPERATION = 13;
export const SEND_COUNTS = 14;
export const SEND_DISPLS = 15;
export const RECV_COUNTS = 16;
export const RECV_DISPLS = 17;
export const STATUS_SOURCE = 18;
export const STATUS_TAG = 19;
export const STATUS_COUNT = 20;
export const STATUS_BYTES = 21;
export const OUTPUT = 22;
export const OUTPUT2 = 23;
export const ARGUMENT0 = 24;
export const ARGUMENT1 = 25;
export const ARGUMENT2 = 26;
export const MODE = 27;
/** Number of slots, for the test that compares them with those of C++. */
export const SLOT_COUNT = 28;

/**
 * Forms of a communication, for {@link MODE}: the nonblocking one leaves a request in `OUTPUT`. Between
 * calls the slot always says `BLOCKING`, so that blocking calls need not set it.
 */
export const BLOCKING = 0;
export const NONBLOCKING = 1;
export const PERSISTENT = 2;

/** Address that stands for `MPI_IN_PLACE`. */
export const IN_PLACE_ADDRESS = -1;

/** `RESULT` of a call before `MPI_Init` or after `MPI_Finalize`. */
export const NOT_INITIALIZED = -1;
/** `RESULT`: a call from within a user operation. */
export const INSIDE_OPERATION = -2;
/** `RESULT`: an operation that started communication uses cannot be freed. */
export const OPERATION_IN_USE = -3;
/** `RESULT`: this MPI does not have the function. */
export const UNSUPPORTED = -4;
/** `RESULT`: the user operation of this slot (subtracted) has failed on this rank, … */
export const OPERATION_FAILED_HERE = -100;
/** … or on others only. */
export const OPERATION_FAILED_ELSEWHERE = -200;

/** The addon's MPI functions. */
export const raw = withQuickProperties(loadNative().mpi);

/** The command block itself. */
export const command = raw.command;

/** Names of slots in error messages. */
export const slotNames: Readonly<Record<number, string>> = {
  [SEND_COUNT]: 'count',
  [RECV_COUNT]: 'count',
  [DEST]: 'dest',
  [SEND_TAG]: 'tag',
  [SOURCE]: 'source',
  [RECV_TAG]: 'tag',
  [ROOT]: 'root',
  [ARGUMENT0]: 'argument',
};

/**
 * V8 keeps the properties of an object with so many of them in a hash table, which each call would
 * look its function up in (5 ns); those of a prototype it does not.
 */
function withQuickProperties<T extends object>(object: T): T {
  const heir = Object.create(object) as T;
  // V8 rearranges them when the first one is looked up through the heir.
  for (const key in object) void heir[key];
  return object;
}
