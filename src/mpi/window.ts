/** Windows: memory that the ranks of a communicator may access without its owner taking part. */
import { markAsUntransferable } from 'node:worker_threads';
import { ArgumentTypeError, checkInteger } from '../errors.ts';
import { optionNames } from '../options.ts';
import type { TypedArray } from './buffer.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  COMM,
  command,
  OUTPUT,
  OUTPUT2,
  RECV_ADDRESS,
  RESULT,
  raw,
  SEND_ADDRESS,
} from './command.ts';
import { Comm } from './communicator.ts';
import { beforeFinalize } from './environment.ts';
import { classError, commandError, nullCommunicatorError } from './errors.ts';
import { type Info, setInfo } from './info.ts';
import { debugging, track, untrack } from './leaks.ts';
import { checkTypedArrayConstructor, type TypedArrayConstructor } from './memory.ts';
import { addMemoryUsers } from './memoryUsers.ts';
import { checkOptions } from './pointToPoint.ts';
import { WindowAccess } from './windowAccess.ts';
import { type Exposure, freedWindowError, sharedAddress } from './windowHandle.ts';

/** Options of all windows. */
export interface WindowOptions {
  /** Hints for MPI, such as `{ no_locks: 'true' }`; those that it does not know are ignored. */
  readonly info?: Info;
}

/** Options of windows over memory. */
export interface WindowMemoryOptions extends WindowOptions {
  /** Bytes of a step of a displacement. Default: those of an element, so that steps are elements. */
  readonly dispUnit?: number;
}

const WINDOW_OPTIONS = optionNames<WindowMemoryOptions>({ info: true, dispUnit: true });

/** Memory that a window over a rank's array is made of. */
export type WindowView = TypedArray | DataView;

/** How a window was made (`MPI_WIN_CREATE_FLAVOR`): by which of the makers of {@link Win}. */
export type WindowFlavor = 'create' | 'allocate' | 'shared' | 'dynamic';

/** Windows whose memory MPI will take away when it is finalized. */
const open = new Set<Win>();
addMemoryUsers((buffer) => {
  for (const window of open) if (window.usesMemory(buffer)) return 'a window';
  return undefined;
});
beforeFinalize(() => {
  for (const window of open) window.loseMemory();
});

/**
 * A window (`MPI_Win`): what each rank exposes of its memory, for the other ranks to access by `put`,
 * `get`, `accumulate` and their kin between synchronisations (`fence`; `post`, `start`, `complete`,
 * `wait`; `lock` and `unlock`).
 *
 * @typeParam T the array of this rank's memory
 * @remarks Freeing is collective, so it never happens behind your back: call {@link Win.free}, or
 * declare with `using`. A rank that computes lets others wait: MPI moves data while it is called.
 */
export class Win<T extends WindowView = WindowView> extends WindowAccess {
  /** This rank's memory; of length 0 after `free()` when it is MPI's. Null in a dynamic window. */
  readonly memory: T | null;
  /** Buffers over memory of MPI's, by rank. */
  private readonly buffers = new Map<number, ArrayBuffer>();
  /** What `attach` has attached, by displacement; kept in memory. */
  private readonly attached = new Map<number, WindowView>();
  private readonly kind: Kind<T>;

  /** @internal */
  constructor(handle: number, comm: Comm, exposure: Exposure, kind: Kind<T>) {
    super(handle, comm.rank, gatherExposures(comm, exposure));
    this.kind = kind;
    this.memory = kind.view ?? this.arrayOver(this.rank, kind.address);
    open.add(this);
    if (debugging) track('window', handle);
  }

  /**
   * Returns a window in which each rank exposes an array of its own (`MPI_Win_create`). Each may be of
   * another length, also 0.
   * @remarks Collective.
   */
  static create<V extends WindowView>(view: V, comm: Comm, options?: WindowMemoryOptions): Win<V> {
    checkExposable('view', view);
    const unit = dispUnit(options, view instanceof DataView ? 1 : view.BYTES_PER_ELEMENT);
    const exposure = { bytes: view.byteLength, unit };
    setCreation(comm, exposure, options);
    command[RECV_ADDRESS] = exposure.bytes === 0 ? 0 : raw.addressOf(view);
    raw.winCreate();
    if (command[RESULT] !== 0) throw commandError('MPI_Win_create');
    return new Win<V>(command[OUTPUT], comm, exposure, { flavor: 'create', view });
  }

  /**
   * Returns a window over new memory in each rank, which MPI can access faster than any other
   * (`MPI_Win_allocate`): `win.memory`, zeroed.
   * @param length elements of this rank; ranks may differ
   * @remarks Collective.
   */
  static allocate<A extends TypedArray>(
    type: TypedArrayConstructor<A>,
    length: number,
    comm: Comm,
    options?: WindowMemoryOptions,
  ): Win<A> {
    return allocateWindow('MPI_Win_allocate', type, length, comm, options);
  }

  /**
   * Returns a window over memory that all ranks have in common (`MPI_Win_allocate_shared`):
   * {@link Win.shared} is the part of a rank as an array in every rank, zeroed. What one writes the
   * others see, at the latest after `sync()` and a barrier; `Atomics` work too (`Atomics.wait` does
   * not).
   * @param type the same on all ranks
   * @param length elements of this rank; ranks may differ
   * @param comm ranks of one host
   * @remarks Collective.
   */
  static allocateShared<A extends TypedArray>(
    type: TypedArrayConstructor<A>,
    length: number,
    comm: Comm,
    options?: WindowMemoryOptions,
  ): Win<A> {
    return allocateWindow('MPI_Win_allocate_shared', type, length, comm, options);
  }

  /**
   * Returns a window without memory, to which each rank attaches some when it likes
   * (`MPI_Win_create_dynamic`). Displacements are addresses, as {@link Win.attach} returns them.
   * @remarks Collective.
   */
  static createDynamic(comm: Comm, options?: WindowOptions): Win<never> {
    const exposure = { bytes: Number.POSITIVE_INFINITY, unit: 1 };
    setCreation(comm, { bytes: 0, unit: 1 }, options);
    raw.winCreateDynamic();
    if (command[RESULT] !== 0) throw commandError('MPI_Win_create_dynamic');
    return new Win<never>(command[OUTPUT], comm, exposure, { flavor: 'dynamic' });
  }

  /**
   * Returns a rank's part of the memory that all ranks have in common (`MPI_Win_shared_query`), as an
   * array over the very memory; of length 0 after `free()`.
   * @param rank default: this one
   * @throws {@link MPIError} `MPI_ERR_RMA_FLAVOR` when the window is none of `allocateShared`
   */
  shared(rank: number = this.rank): T {
    checkInteger('rank', rank, 0, this.size - 1);
    if (this.handle === 0) throw freedWindowError('MPI_Win_shared_query');
    if (this.flavor !== 'shared') {
      const why = 'its memory is not shared';
      throw classError('MPI_Win_shared_query', 'MPI_ERR_RMA_FLAVOR', why);
    }
    return this.arrayOver(rank) as T;
  }

  /** How it was made (`MPI_WIN_CREATE_FLAVOR`). */
  get flavor(): WindowFlavor {
    return this.kind.flavor;
  }

  /**
   * Attaches an array of this rank to a dynamic window and returns the displacement by which others
   * name its first byte (`MPI_Win_attach`).
   */
  attach(view: WindowView): number {
    checkExposable('view', view);
    command[SEND_ADDRESS] = raw.addressOf(view);
    command[ARGUMENT0] = view.byteLength;
    this.call('MPI_Win_attach', raw.winAttach);
    const displacement = command[OUTPUT];
    this.attached.set(displacement, view);
    return displacement;
  }

  /** Detaches an array, which nobody may access any more (`MPI_Win_detach`). */
  detach(view: WindowView): void {
    const found = [...this.attached].find(([, attached]) => attached === view);
    if (found === undefined) {
      throw classError('MPI_Win_detach', 'MPI_ERR_RMA_RANGE', 'the array is not attached');
    }
    command[SEND_ADDRESS] = found[0];
    this.call('MPI_Win_detach', raw.winDetach);
    this.attached.delete(found[0]);
  }

  /**
   * Gives the window back (`MPI_Win_free`). Arrays over memory of MPI's have length 0 afterwards.
   * @remarks Collective; no access may be going on.
   */
  free(): void {
    if (this.handle === 0) throw freedWindowError('MPI_Win_free');
    this.checkClosed('MPI_Win_free');
    // MPICH notices too, but after the arrays have lost their memory.
    if (this.hasAccesses) {
      throw classError('MPI_Win_free', 'MPI_ERR_RMA_SYNC', 'no fence came after the last access');
    }
    this.loseMemory();
    this.call('MPI_Win_free', raw.winFree);
    if (debugging) untrack(this.handle);
    this.handle = 0;
    this.release();
    this.attached.clear();
    open.delete(this);
  }

  /** {@link Win.free}, for `using`; does nothing when it was freed before. */
  [Symbol.dispose](): void {
    if (this.handle !== 0) this.free();
  }

  /** Whether others can reach a buffer by it, or accesses that are not complete use it. @internal */
  usesMemory(buffer: ArrayBufferLike): boolean {
    if (this.kind.view?.buffer === buffer || this.keeps(buffer)) return true;
    return [...this.attached.values()].some((view) => view.buffer === buffer);
  }

  /** Memory of MPI's is about to go: arrays over it get length 0. @internal */
  loseMemory(): void {
    for (const buffer of this.buffers.values()) raw.detachMemory(buffer);
    this.buffers.clear();
  }

  override toString(): string {
    return this.handle === 0 ? 'Win(null)' : `Win(rank ${this.rank} of ${this.size})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** An array over what MPI has allocated for a rank. */
  private arrayOver(rank: number, known?: number): T | null {
    const { type } = this.kind;
    if (type === undefined) return null;
    const { bytes } = this.exposures[rank];
    let buffer = this.buffers.get(rank);
    if (buffer === undefined) {
      // A part of length 0 has no address.
      const address = bytes === 0 ? 0 : (known ?? sharedAddress(this.handle, rank));
      buffer = bytes === 0 ? new ArrayBuffer(0) : raw.bufferOver(address, bytes);
      this.buffers.set(rank, buffer);
    }
    return new type(buffer) as T;
  }
}

/** Where the memory of a window comes from. */
interface Kind<T> {
  readonly flavor: WindowFlavor;
  /** An array of the caller's. */
  readonly view?: T;
  /** Arrays over memory of MPI's are of this type. */
  readonly type?: TypedArrayConstructor;
  /** Where this rank's memory is. */
  readonly address?: number;
}

function allocateWindow<A extends TypedArray>(
  name: 'MPI_Win_allocate' | 'MPI_Win_allocate_shared',
  type: TypedArrayConstructor<A>,
  length: number,
  comm: Comm,
  options: WindowMemoryOptions | undefined,
): Win<A> {
  checkTypedArrayConstructor('type', type);
  const itemBytes = type.BYTES_PER_ELEMENT;
  checkInteger('length', length, 0, Math.floor(2 ** 33 / itemBytes));
  const exposure = { bytes: length * itemBytes, unit: dispUnit(options, itemBytes) };
  const isShared = name === 'MPI_Win_allocate_shared';
  setCreation(comm, exposure, options);
  command[ARGUMENT2] = isShared ? 1 : 0;
  raw.winAllocate();
  if (command[RESULT] !== 0) throw commandError(name);
  const [handle, address] = [command[OUTPUT], command[OUTPUT2]];
  const flavor = isShared ? 'shared' : 'allocate';
  const window = new Win<A>(handle, comm, exposure, { flavor, type, address });
  // MPI promises no zeros. Each rank clears its part before any of them goes on.
  new Uint8Array(window.memory!.buffer).fill(0);
  comm.barrier();
  return window;
}

/** Puts what all windows are made with into the command block. */
function setCreation(comm: Comm, exposure: Exposure, options: WindowOptions | undefined): void {
  if (!(comm instanceof Comm)) throw new ArgumentTypeError('comm', 'a communicator', comm);
  if (comm.isNull) throw nullCommunicatorError('MPI_Win_create');
  if (options !== undefined) checkOptions(options, '{ info, dispUnit }', null, WINDOW_OPTIONS);
  setInfo('options.info', options?.info);
  command[COMM] = comm.handle;
  command[ARGUMENT0] = exposure.bytes;
  command[ARGUMENT1] = exposure.unit;
}

function dispUnit(options: WindowMemoryOptions | undefined, byDefault: number): number {
  const unit = options?.dispUnit ?? byDefault;
  checkInteger('options.dispUnit', unit, 1, 2 ** 31 - 1);
  return unit;
}

/** What each rank exposes. Collective. */
function gatherExposures(comm: Comm, { bytes, unit }: Exposure): Exposure[] {
  const all = new Float64Array(2 * comm.size);
  comm.allgather(Float64Array.of(bytes, unit), all);
  return Array.from({ length: comm.size }, (_, rank) => ({
    bytes: all[2 * rank],
    unit: all[2 * rank + 1],
  }));
}

/** Throws unless MPI may keep the address of a view's memory; from now on it stays where it is. */
function checkExposable(argument: string, view: WindowView): void {
  if (!ArrayBuffer.isView(view)) {
    throw new ArgumentTypeError(argument, 'a typed array or DataView', view);
  }
  const buffer = view.buffer as ArrayBufferLike & { resizable?: boolean };
  if (buffer.resizable) {
    throw new ArgumentTypeError(argument, 'memory of a fixed length', buffer);
  }
  if (buffer instanceof ArrayBuffer) markAsUntransferable(buffer);
}
