/**
 * Progress of awaited requests from the event loop.
 *
 * One poller looks at all of them with one `MPI_Testsome`: at once, spinning for some microseconds,
 * since most messages between processes of a host arrive within one; then on every turn of the event
 * loop; and when nothing comes for a while, in growing pauses, so that waiting burns no core. There
 * is no thread, and no timer is ever late by more than the spin.
 */
import {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  command,
  OUTPUT,
  RECV_ADDRESS,
  RESULT,
  raw,
  SEND_ADDRESS,
} from './command.ts';
import { codeError, commandError } from './errors.ts';
import { Status } from './status.ts';

/** What the poller needs of a request. */
export interface Awaitable {
  readonly call: string;
  readonly handle: number;
  readonly isComplete: boolean;
  complete(status: Status, cancelled: boolean): void;
  fail(error: unknown): void;
}

/** Which completions {@link completeRequests} waits for. */
export const ALL = 0;
export const ANY = 1;
export const SOME = 2;

/** Numbers that a completed request leaves (`Record` in `native/mpi/request.cc`). */
const RECORD_SIZE = 7;

/** Microseconds that a look spins when a request is first awaited. */
const SPIN = 5;
/** Turns of the event loop without a completion before it pauses. */
const EAGER_TURNS = 500;
/** Longest pause, in milliseconds. */
const LONGEST_PAUSE = 5;

let handles = new Int32Array(16);
let records = new Float64Array(16 * RECORD_SIZE);

/**
 * Looks at requests until those that `completion` asks for are complete, at most `patience`
 * microseconds (-1: for ever). Tells each that is complete, and returns their indices; null when
 * none is active.
 */
export function completeRequests(
  requests: readonly (Awaitable | null)[],
  completion: typeof ALL | typeof ANY | typeof SOME,
  patience: number,
): number[] | null {
  const count = requests.length;
  // MPICH refuses an empty list.
  if (count === 0) return null;
  if (handles.length < count) {
    handles = new Int32Array(2 * count);
    records = new Float64Array(2 * count * RECORD_SIZE);
  }
  for (let i = 0; i < count; i++) {
    const request = requests[i];
    handles[i] = request === null || request.isComplete ? 0 : request.handle;
  }
  command[SEND_ADDRESS] = raw.addressOf(handles);
  command[RECV_ADDRESS] = raw.addressOf(records);
  command[ARGUMENT0] = count;
  command[ARGUMENT1] = completion;
  command[ARGUMENT2] = patience;
  raw.completeMany();
  if (command[RESULT] !== 0) throw commandError('MPI_Testsome');
  const completed = command[OUTPUT];
  if (completed < 0) return null;
  // Copied first: what a request tells others may use the records again.
  const found = records.slice(0, completed * RECORD_SIZE);
  return Array.from({ length: completed }, (_, k) => {
    const [index, source, tag, elements, bytes, cancelled, error] = found.subarray(k * RECORD_SIZE);
    const request = requests[index]!;
    if (error !== 0) request.fail(codeError(request.call, error));
    else request.complete(new Status(source, tag, elements, bytes), cancelled === 1);
    return index;
  });
}

let waiting: { readonly request: Awaitable; readonly done: () => void }[] = [];
let idleTurns = 0;
let scheduled = false;

/** Resolves when the request is complete or has failed. */
export function awaitCompletion(request: Awaitable): Promise<void> {
  return new Promise((done) => {
    look([request], SPIN);
    if (request.isComplete) {
      done();
      return;
    }
    waiting.push({ request, done });
    idleTurns = 0;
    schedule();
  });
}

function look(requests: readonly Awaitable[], patience: number): void {
  try {
    completeRequests(requests, SOME, patience);
  } catch (error) {
    // MPI cannot be asked any more: it is finalized, say. Nobody shall wait for ever.
    for (const request of requests) if (!request.isComplete) request.fail(error);
  }
}

function poll(): void {
  if (waiting.length > 0) {
    const before = waiting.length;
    look(
      waiting.map(({ request }) => request),
      0,
    );
    const complete = waiting.filter(({ request }) => request.isComplete);
    waiting = waiting.filter(({ request }) => !request.isComplete);
    idleTurns = waiting.length < before ? 0 : idleTurns + 1;
    for (const { done } of complete) done();
  }
  if (waiting.length > 0) schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  const turn = (): void => {
    scheduled = false;
    poll();
  };
  if (idleTurns < EAGER_TURNS) setImmediate(turn);
  else setTimeout(turn, Math.min((idleTurns - EAGER_TURNS) / 100 + 1, LONGEST_PAUSE));
}
