/** Requests: communication that has been started and will be complete some time. */
import * as commandBlock from './command.ts';
import type { Copies } from './denseCopy.ts';
import { classError, commandError } from './errors.ts';
import { debugging, track, untrack } from './leaks.ts';
import { addMemoryUsers } from './memoryUsers.ts';
import { awaitCompletion } from './poller.ts';
import { commandStatus, type Status } from './status.ts';
import { bytesOf } from './viewMemory.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { ARGUMENT0, command, OUTPUT, OUTPUT2, RESULT, raw } = commandBlock;

/**
 * Requests that are not complete, by their index in the addon's table: MPI goes on using their buffers
 * when the program has dropped them.
 */
const pending: (Request<unknown> | undefined)[] = [];
/** Bits of a handle that are the index (`HandleTable` in `native/napi/handles.h`). */
const INDEX = 2 ** 18 - 1;

addMemoryUsers((buffer) => {
  for (const request of pending) {
    if (request?.usesMemory(buffer)) return `a request of ${request.call}`;
  }
  return undefined;
});

/** Makes the result of a request when it is complete. */
type ResultOf<T> = (status: Status) => T;

/**
 * A communication that has been started (`MPI_Request`). Wait for it with `.wait()`, look with
 * `.test()`, or `await` it, which lets other work of the event loop go on.
 *
 * @remarks The buffers stay in memory until it is complete; until then do not write to them, nor read
 * those that are received into, nor transfer or shrink their memory, which is an error that is noticed
 * only afterwards. Dropping a request does not end it: its buffers stay in memory for good.
 */
export class Request<T = Status> implements PromiseLike<T> {
  // One of these is made for each isend: fields that are only declared are set once, by the
  // constructor, and not before it to undefined as well.
  /** The MPI call that started it. */
  declare readonly call: string;
  /** The addon's handle; 0 once it is complete or freed. @internal */
  declare handle: number;
  /** @internal */
  declare protected state: 'pending' | 'complete' | 'failed';
  declare private outcome: unknown;
  declare private promise: Promise<T> | undefined;
  declare private cancelled: boolean;
  declare private cancelling: boolean;
  declare private readonly resultOf: ResultOf<T> | undefined;
  declare private buffer1: ArrayBufferView | undefined;
  declare private buffer2: ArrayBufferView | undefined;
  declare private readonly length1: number;
  declare private readonly length2: number;
  /** What else must stay in memory; never read. @internal */
  declare kept: unknown;
  /** Of the last list that it was in, so that none has it twice. @internal */
  declare mark: number;

  /**
   * @param buffer1 memory that MPI uses meanwhile, as `buffer2` is
   * @param kept anything else that must stay in memory
   * @internal
   */
  constructor(
    call: string,
    handle: number,
    buffer1?: ArrayBufferView,
    buffer2?: ArrayBufferView,
    resultOf?: ResultOf<T>,
    kept?: unknown,
  ) {
    this.call = call;
    // Handles are int32: as such they need no box.
    this.handle = handle | 0;
    this.state = 'pending';
    this.outcome = undefined;
    this.promise = undefined;
    this.cancelled = false;
    this.cancelling = false;
    this.mark = 0;
    this.buffer1 = buffer1;
    this.buffer2 = buffer2;
    this.length1 = buffer1 === undefined ? 0 : lengthOf(buffer1);
    this.length2 = buffer2 === undefined ? 0 : lengthOf(buffer2);
    this.resultOf = resultOf;
    this.kept = kept;
    pending[this.handle & INDEX] = this as Request<unknown>;
    if (debugging) track('request', handle);
  }

  /** Whether it is known to be complete, or to have failed; looks at nothing. */
  get isComplete(): boolean {
    return this.state !== 'pending';
  }

  /** Whether it ended by {@link Request.cancel} (`MPI_Test_cancelled`). */
  get isCancelled(): boolean {
    return this.cancelled;
  }

  /**
   * Waits until it is complete and returns the result (`MPI_Wait`); the same again when it is known
   * to be complete.
   * @throws {@link MPIError} when the communication failed
   */
  wait(): T {
    if (this.state === 'pending') {
      command[ARGUMENT0] = this.handle;
      raw.requestWait();
      this.takeResult();
    }
    return this.result();
  }

  /**
   * Returns the result when it is complete, otherwise null (`MPI_Test`). Never waits.
   * @throws {@link MPIError} when the communication failed
   */
  test(): T | null {
    if (this.state === 'pending') {
      command[ARGUMENT0] = this.handle;
      raw.requestTest();
      this.takeResult();
    }
    return this.state === 'pending' ? null : this.result();
  }

  /**
   * Returns the status when it is complete, otherwise null (`MPI_Request_get_status`): as
   * {@link Request.test}, but nobody takes note. Null for one that is known to be complete.
   */
  getStatus(): Status | null {
    if (this.state !== 'pending') return null;
    this.use(raw.requestGetStatus, 'MPI_Request_get_status');
    return command[OUTPUT] === 1 ? commandStatus() : null;
  }

  /**
   * Asks MPI to give the communication up (`MPI_Cancel`); wait for it afterwards, and look at
   * {@link Request.isCancelled}. A receive that matches nothing yet can be given up; a send hardly.
   */
  cancel(): void {
    // Open MPI 4.1 dies of a second one.
    if (this.state !== 'pending' || this.cancelling) return;
    this.use(raw.requestCancel, 'MPI_Cancel');
    this.cancelling = true;
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

  /** Takes note of a completion that somebody else has seen. @internal */
  complete(status: Status, cancelled: boolean): void {
    if (!this.hasBuffers()) {
      this.fail(classError(this.call, 'MPI_ERR_BUFFER', 'a buffer was detached or shrunk'));
      return;
    }
    try {
      this.outcome = this.resultOf === undefined ? status : this.resultOf(status);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.state = 'complete';
    this.cancelled = cancelled;
    this.released();
  }

  /** Whether the buffers are as long as they were when it was made. @internal */
  protected hasBuffers(): boolean {
    return (
      (this.buffer1 === undefined || lengthOf(this.buffer1) >= this.length1) &&
      (this.buffer2 === undefined || lengthOf(this.buffer2) >= this.length2)
    );
  }

  /** Whether MPI may be using a buffer for it. @internal */
  usesMemory(buffer: ArrayBufferLike): boolean {
    return this.buffer1?.buffer === buffer || this.buffer2?.buffer === buffer;
  }

  /** Takes note of a failure. @internal */
  fail(error: unknown): void {
    this.state = 'failed';
    this.outcome = error;
    this.released();
  }

  /** The result, or the error thrown. @internal */
  result(): T {
    if (this.state === 'failed') throw this.outcome;
    return this.outcome as T;
  }

  /** What a completion releases. @internal */
  protected released(): void {
    if (debugging) untrack(this.handle);
    const index = this.handle & INDEX;
    if (pending[index] === (this as unknown)) pending[index] = undefined;
    this.handle = 0;
    this.buffer1 = undefined;
    this.buffer2 = undefined;
    this.kept = undefined;
  }

  /** Forgets the outcome: a persistent request starts again. @internal */
  protected restart(): void {
    this.state = 'pending';
    this.outcome = undefined;
    this.promise = undefined;
    this.cancelled = false;
    this.cancelling = false;
  }

  /** @internal */
  protected use(action: () => void, call: string): void {
    command[ARGUMENT0] = this.handle;
    action();
    if (command[RESULT] !== 0) throw commandError(call);
  }

  private takeResult(): void {
    if (command[RESULT] !== 0) this.fail(commandError(this.call));
    else if (command[OUTPUT] === 1) this.complete(commandStatus(), command[OUTPUT2] === 1);
  }

  private async settled(): Promise<T> {
    this.test();
    if (this.state === 'pending') await awaitCompletion(this);
    return this.result();
  }
}

/** Tells whether a view is still as long: elements, or the bytes of a DataView. */
function lengthOf(view: ArrayBufferView): number {
  // V8 compiles `length` into a load, `byteLength` into two calls.
  return (view as Uint8Array).length ?? bytesOf(view);
}

/**
 * A communication that is prepared once and started many times (`MPI_Send_init` and its kin).
 * Between `start()` and its completion it is as any {@link Request}.
 */
export class PersistentRequest extends Request<Status> {
  #active = false;
  readonly #copies: Copies | undefined;

  /** @internal */
  constructor(
    call: string,
    handle: number,
    buffer1?: ArrayBufferView,
    buffer2?: ArrayBufferView,
    kept?: unknown,
    copies?: Copies,
  ) {
    const resultOf = (status: Status): Status => {
      copies?.copyBack();
      return status;
    };
    super(call, handle, buffer1, buffer2, copies === undefined ? undefined : resultOf, kept);
    this.#copies = copies;
  }

  /** Whether it was started and is not known to be complete. */
  get isActive(): boolean {
    return this.#active;
  }

  /**
   * Starts the communication (`MPI_Start`) and returns the request.
   * @throws {@link MPIError} `MPI_ERR_REQUEST` when it is active already; `MPI_ERR_BUFFER` when a
   * buffer was detached or has shrunk
   */
  start(): this {
    this.checkStartable();
    this.#copies?.refresh();
    this.use(raw.requestStart, 'MPI_Start');
    this.restart();
    this.#active = true;
    return this;
  }

  /** Throws unless it can be started. @internal */
  checkStartable(): void {
    if (this.#active) throw classError('MPI_Start', 'MPI_ERR_REQUEST', 'it is active already');
    if (this.hasBuffers()) return;
    throw classError('MPI_Start', 'MPI_ERR_BUFFER', 'a buffer was detached or has shrunk');
  }

  /**
   * Gives the prepared communication back (`MPI_Request_free`).
   * @throws {@link MPIError} `MPI_ERR_REQUEST` when it is active
   */
  free(): void {
    if (this.#active) {
      throw classError('MPI_Request_free', 'MPI_ERR_REQUEST', 'it is active: wait for it first');
    }
    this.use(raw.requestFree, 'MPI_Request_free');
    super.released();
  }

  /** {@link PersistentRequest.free}, for `using`; waits first when it is active. */
  [Symbol.dispose](): void {
    if (this.handle === 0) return;
    if (this.#active) this.wait();
    this.free();
  }

  /** The handle and the buffers stay for the next start. */
  protected override released(): void {
    this.#active = false;
  }
}
