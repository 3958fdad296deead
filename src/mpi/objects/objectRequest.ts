/** Requests of values, and what lets them go on while others are waited for. */
import { classError } from '../errors.ts';
import type { Request } from '../request.ts';

/** Something that several MPI calls complete, one after the other. */
export interface Activity {
  /** Does what can be done without waiting; true when there is nothing left to do. */
  advance(): boolean;
}

/** Activities under way, in the order in which they were begun. */
const activities = new Set<Activity>();

/** Looks without a pause before waiting begins to pause. */
const EAGER_LOOKS = 200;
const PAUSE_MS = 0.05;
const LONGEST_TIMEOUT_MS = 5;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Whether something is under way that blocking MPI calls would keep from going on. */
export function isBusy(): boolean {
  return activities.size > 0;
}

/** Begins an activity. */
export function begin(activity: Activity): void {
  activities.add(activity);
}

/** Gives an activity up. */
export function giveUp(activity: Activity): void {
  activities.delete(activity);
}

/** Lets all activities go on as far as they can without waiting. */
export function advanceAll(): void {
  for (const activity of activities) {
    if (activity.advance()) activities.delete(activity);
  }
}

/** Waits a moment when there were many looks before. */
export function pauseAfter(looks: number): void {
  if (looks > EAGER_LOOKS) Atomics.wait(sleeper, 0, 0, PAUSE_MS);
}

/**
 * A value that is being sent or received. As {@link Request}: wait for it, look at it, or `await` it.
 *
 * @remarks It goes on while any object message is waited for, looked at or awaited.
 */
export class ObjectRequest<T> implements PromiseLike<T> {
  /** The method that started it. */
  readonly call: string;
  private readonly look: () => { readonly value: T } | undefined;
  private readonly abandon: () => boolean;
  private state: 'pending' | 'complete' | 'failed' = 'pending';
  private outcome: unknown;
  private cancelled = false;
  private promise: Promise<T> | undefined;
  /** See {@link Request.mark}. @internal */
  mark = 0;

  /**
   * @param look returns the value when it is there; throws when it never will be
   * @param abandon gives it up, if that is still possible
   * @internal
   */
  constructor(call: string, look: () => { readonly value: T } | undefined, abandon: () => boolean) {
    this.call = call;
    this.look = look;
    this.abandon = abandon;
  }

  /** Whether it is known to be complete, or to have failed; looks at nothing. */
  get isComplete(): boolean {
    return this.state !== 'pending';
  }

  /** Whether it ended by {@link ObjectRequest.cancel}. */
  get isCancelled(): boolean {
    return this.cancelled;
  }

  /**
   * Waits until it is complete and returns the value; the same again afterwards.
   * @throws {@link MPIError}, {@link DistArrayError} when it failed or was cancelled
   */
  wait(): T {
    for (let looks = 0; this.state === 'pending'; looks++) {
      this.advance();
      if (this.state === 'pending') pauseAfter(looks);
    }
    return this.result();
  }

  /**
   * Looks whether it is complete, and returns `{ value }` then, otherwise null. Never waits.
   * @throws as {@link ObjectRequest.wait}
   */
  test(): { readonly value: T } | null {
    this.advance();
    return this.state === 'pending' ? null : { value: this.result() };
  }

  /** Gives a receive up whose message has not come yet; otherwise does nothing. */
  cancel(): void {
    if (this.state !== 'pending' || !this.abandon()) return;
    this.state = 'failed';
    this.cancelled = true;
    this.outcome = classError(this.call, 'MPI_ERR_REQUEST', 'it was cancelled');
  }

  /** So that it can be awaited: the event loop goes on meanwhile. */
  // biome-ignore lint/suspicious/noThenProperty: this is what makes `await request` work
  then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.promise ??= this.settled();
    return this.promise.then(onFulfilled, onRejected);
  }

  private advance(): void {
    if (this.state !== 'pending') return;
    try {
      advanceAll();
      const found = this.look();
      if (found === undefined) return;
      this.state = 'complete';
      this.outcome = found.value;
    } catch (error) {
      this.state = 'failed';
      this.outcome = error;
    }
  }

  /** The value, or the error thrown. @internal */
  result(): T {
    if (this.state === 'failed') throw this.outcome;
    return this.outcome as T;
  }

  private async settled(): Promise<T> {
    for (let looks = 0; ; looks++) {
      this.advance();
      if (this.state !== 'pending') return this.result();
      const pause = Math.min((looks - EAGER_LOOKS) / 100 + 1, LONGEST_TIMEOUT_MS);
      await new Promise<void>((done) => {
        if (looks < EAGER_LOOKS) setImmediate(done);
        else setTimeout(done, pause);
      });
    }
  }
}

/** Whether all of the requests of buffers are complete, after a look. */
export function allComplete(requests: readonly Request[]): boolean {
  for (const request of requests) if (request.test() === null) return false;
  return true;
}

/** Longest part of one message; more is sent as several. */
export const limits = { message: 2 ** 30 };

/** The messages that memory is sent in. */
export function* slices(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += limits.message) {
    yield bytes.subarray(at, Math.min(at + limits.message, bytes.byteLength));
  }
}
