/** Completion of several requests. */
import { ALL, ANY, completeRequests, SOME } from './poller.ts';
import type { Request } from './request.ts';

/** A request, or null where there is none (`MPI_REQUEST_NULL`). */
export type RequestOrNull<T = unknown> = Request<T> | null;

/**
 * Waits until all requests are complete and returns their results, null for null requests
 * (`MPI_Waitall`).
 * @throws {@link MPIError} of the first that failed; all are complete nevertheless
 */
export function waitAll<T>(requests: readonly RequestOrNull<T>[]): (T | null)[] {
  completeRequests(requests, ALL, -1);
  return requests.map((request) => (request === null ? null : request.result()));
}

/**
 * Waits until one of the requests is complete and returns its index (`MPI_Waitany`); -1 when none is
 * active.
 * @throws {@link MPIError} when that one failed
 */
export function waitAny(requests: readonly RequestOrNull[]): number {
  return only(requests, completeRequests(requests, ANY, -1)) ?? -1;
}

/**
 * Waits until at least one of the requests is complete and returns the indices of those that are
 * (`MPI_Waitsome`); null when none is active. Those that failed throw when their result is asked for.
 */
export function waitSome(requests: readonly RequestOrNull[]): number[] | null {
  return completeRequests(requests, SOME, -1);
}

/**
 * Returns whether all requests are complete (`MPI_Testall`). Never waits.
 * @throws {@link MPIError} of the first that failed
 */
export function testAll(requests: readonly RequestOrNull[]): boolean {
  completeRequests(requests, ALL, 0);
  const complete = requests.every((request) => request === null || request.isComplete);
  if (complete) for (const request of requests) request?.result();
  return complete;
}

/**
 * Returns the index of a request that has just become complete (`MPI_Testany`), undefined when there
 * is none; -1 when none is active. Never waits.
 * @throws {@link MPIError} when that one failed
 */
export function testAny(requests: readonly RequestOrNull[]): number | undefined {
  const completed = completeRequests(requests, ANY, 0);
  return completed === null ? -1 : only(requests, completed);
}

/**
 * Returns the indices of the requests that have just become complete (`MPI_Testsome`), possibly none;
 * null when none is active. Never waits.
 */
export function testSome(requests: readonly RequestOrNull[]): number[] | null {
  return completeRequests(requests, SOME, 0);
}

function only(
  requests: readonly RequestOrNull[],
  completed: readonly number[] | null,
): number | undefined {
  if (completed === null || completed.length === 0) return undefined;
  requests[completed[0]]?.result();
  return completed[0];
}
