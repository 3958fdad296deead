/** Completion of several requests. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { ObjectRequest, pauseAfter } from './objects/objectRequest.ts';
import { ALL, ANY, completeRequests, SOME } from './poller.ts';
import { PersistentRequest, Request } from './request.ts';

/** A request, or null where there is none (`MPI_REQUEST_NULL`). */
export type RequestOrNull<T = unknown> = Request<T> | ObjectRequest<T> | null;

/**
 * Waits until all requests are complete and returns their results, null for null requests
 * (`MPI_Waitall`).
 * @throws {@link MPIError} of the first that failed; all are complete nevertheless
 */
export function waitAll<T>(requests: readonly RequestOrNull<T>[]): (T | null)[] {
  complete(requests, ALL, true);
  return requests.map((request) => (request === null ? null : request.result()));
}

/**
 * Waits until one of the requests is complete and returns its index (`MPI_Waitany`); -1 when none is
 * active.
 * @throws {@link MPIError} when that one failed
 */
export function waitAny(requests: readonly RequestOrNull[]): number {
  return only(requests, complete(requests, ANY, true)) ?? -1;
}

/**
 * Waits until at least one of the requests is complete and returns the indices of those that are
 * (`MPI_Waitsome`); null when none is active. Those that failed throw when their result is asked for.
 */
export function waitSome(requests: readonly RequestOrNull[]): number[] | null {
  return complete(requests, SOME, true);
}

/**
 * Returns whether all requests are complete (`MPI_Testall`). Never waits.
 * @throws {@link MPIError} of the first that failed
 */
export function testAll(requests: readonly RequestOrNull[]): boolean {
  complete(requests, ALL, false);
  const done = requests.every((request) => !isPending(request));
  if (done) for (const request of requests) request?.result();
  return done;
}

/**
 * Returns the index of a request that has just become complete (`MPI_Testany`), undefined when there
 * is none; -1 when none is active. Never waits.
 * @throws {@link MPIError} when that one failed
 */
export function testAny(requests: readonly RequestOrNull[]): number | undefined {
  const completed = complete(requests, ANY, false);
  return completed === null ? -1 : only(requests, completed);
}

/**
 * Returns the indices of the requests that have just become complete (`MPI_Testsome`), possibly none;
 * null when none is active. Never waits.
 */
export function testSome(requests: readonly RequestOrNull[]): number[] | null {
  return complete(requests, SOME, false);
}

/**
 * Starts prepared communications (`MPI_Startall`): all of them, or none when one cannot be.
 * @throws {@link MPIError} `MPI_ERR_REQUEST` when one is active already or was freed
 */
export function startAll(requests: readonly PersistentRequest[]): void {
  check(requests);
  for (const [k, request] of requests.entries()) {
    if (!(request instanceof PersistentRequest)) {
      throw new ArgumentTypeError(`requests[${k}]`, 'a PersistentRequest', request);
    }
    request.checkStartable();
  }
  for (const request of requests) request.start();
}

type Completion = typeof ALL | typeof ANY | typeof SOME;

function complete(
  requests: readonly RequestOrNull[],
  completion: Completion,
  wait: boolean,
): number[] | null {
  if (check(requests)) return completeByLooking(requests, completion, wait);
  return completeRequests(requests as readonly (Request | null)[], completion, wait ? -1 : 0);
}

/** MPI knows nothing of requests of values: each is looked at by itself. */
function completeByLooking(
  requests: readonly RequestOrNull[],
  completion: Completion,
  wait: boolean,
): number[] | null {
  const active = [...requests.keys()].filter((k) => isPending(requests[k]));
  if (active.length === 0) return null;
  for (let looks = 0; ; looks++) {
    const completed: number[] = [];
    for (const k of active) {
      lookAt(requests[k]!);
      if (isPending(requests[k])) continue;
      completed.push(k);
      if (completion === ANY) break;
    }
    const enough = completion === ALL ? active.length : 1;
    if (completed.length >= enough || !wait) return completed;
    pauseAfter(looks);
  }
}

function lookAt(request: Request<unknown> | ObjectRequest<unknown>): void {
  try {
    request.test();
  } catch {
    // It tells whoever asks for its result.
  }
}

/** Whether something is under way. */
function isPending(request: RequestOrNull): boolean {
  if (request === null || request.isComplete) return false;
  return !(request instanceof PersistentRequest) || request.isActive;
}

function only(
  requests: readonly RequestOrNull[],
  completed: readonly number[] | null,
): number | undefined {
  if (completed === null || completed.length === 0) return undefined;
  requests[completed[0]]?.result();
  return completed[0];
}

let marks = 0;

/** Throws unless these are requests, each once; returns whether some are of values. */
function check(requests: readonly RequestOrNull[]): boolean {
  if (!Array.isArray(requests)) {
    throw new ArgumentTypeError('requests', 'an array of requests', requests);
  }
  marks++;
  let ofValues = false;
  for (let k = 0; k < requests.length; k++) {
    const request: RequestOrNull = requests[k];
    if (request === null) continue;
    if (request instanceof ObjectRequest) ofValues = true;
    else if (!(request instanceof Request)) {
      throw new ArgumentTypeError(`requests[${k}]`, 'a request or null', request);
    }
    if (request.mark === marks) {
      throw new ArgumentRangeError(
        `requests[${k}]`,
        'each request once',
        'one that is there twice',
      );
    }
    request.mark = marks;
  }
  return ofValues;
}
