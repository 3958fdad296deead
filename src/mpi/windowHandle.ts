/** What every window is: a handle, the ranks that share it, and what each of them exposes. */
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import {
  BLOCKING,
  COMM,
  command,
  DEST,
  MODE,
  NONBLOCKING,
  OUTPUT,
  RESULT,
  raw,
} from './command.ts';
import { PROC_NULL } from './environment.ts';
import { classError, commandError, type MPIError } from './errors.ts';

/** What a rank exposes in a window. */
export interface Exposure {
  /** Bytes; infinite in a dynamic window, where only MPI knows what is attached. */
  readonly bytes: number;
  /** Bytes of a step of a displacement. */
  readonly unit: number;
}

/** Base of the window classes. */
export abstract class WindowHandle {
  /** The addon's handle; 0 after `free()`. @internal */
  handle: number;
  /** Rank of this process among those of the window. */
  readonly rank: number;
  /** What each rank exposes. */
  protected readonly exposures: readonly Exposure[];
  /**
   * Origin buffers of accesses that are not known to be complete, by target: until then they must not
   * be collected.
   */
  private readonly kept: ArrayBufferView[][];

  /** @internal */
  constructor(handle: number, rank: number, exposures: readonly Exposure[]) {
    this.handle = handle;
    this.rank = rank;
    this.exposures = exposures;
    this.kept = exposures.map(() => []);
  }

  /** Number of processes that share the window. */
  get size(): number {
    return this.exposures.length;
  }

  /** Whether it was freed. */
  get isNull(): boolean {
    return this.handle === 0;
  }

  /** Puts the target into the command block; throws unless it is a rank, or `PROC_NULL`. @internal */
  protected setTarget(target: number): void {
    if (target !== PROC_NULL) checkInteger('target', target, 0, this.size - 1);
    command[DEST] = target;
  }

  /** Throws unless a target exposes this many bytes at a displacement. @internal */
  protected checkRange(target: number, displacement: number, bytes: number): void {
    checkInteger('options.displacement', displacement, 0);
    if (target === PROC_NULL) return;
    const { bytes: exposed, unit } = this.exposures[target];
    if (displacement * unit + bytes > exposed) {
      throw new ArgumentRangeError(
        'options.displacement',
        `${bytes} bytes at displacement ${displacement} (× ${unit}) within the ${exposed} bytes ` +
          `that rank ${target} exposes`,
        displacement,
      );
    }
  }

  /** Keeps a buffer in memory until the access to `target` is complete. @internal */
  protected keep(target: number, memory: ArrayBufferView): void {
    if (target === PROC_NULL) return;
    const list = this.kept[target];
    if (list[list.length - 1] !== memory) list.push(memory);
  }

  /** The accesses to a target (default: to all) have left their buffers. @internal */
  protected release(target?: number): void {
    if (target === undefined) {
      for (const list of this.kept) list.length = 0;
    } else if (target !== PROC_NULL) {
      this.kept[target].length = 0;
    }
  }

  /** Makes a call that is about this window. @internal */
  protected call(name: string, action: () => void, ...slots: readonly number[]): void {
    if (this.handle === 0) throw freedWindowError(name);
    command[COMM] = this.handle;
    action();
    if (command[RESULT] !== 0) throw commandError(name, ...slots);
  }

  /** The same in a form that leaves a request, whose handle is returned. @internal */
  protected callStart(name: string, action: () => void): number {
    if (this.handle === 0) throw freedWindowError(name);
    command[COMM] = this.handle;
    command[MODE] = NONBLOCKING;
    action();
    command[MODE] = BLOCKING;
    if (command[RESULT] !== 0) throw commandError(name, DEST);
    return command[OUTPUT];
  }
}

/** The error for using a window that was freed. @internal */
export function freedWindowError(call: string): MPIError {
  return classError(call, 'MPI_ERR_WIN', 'the window was freed');
}

/** The address of what a rank shares, in this process. @internal */
export function sharedAddress(handle: number, rank: number): number {
  command[COMM] = handle;
  command[DEST] = rank;
  raw.winSharedQuery();
  if (command[RESULT] !== 0) throw commandError('MPI_Win_shared_query', DEST);
  return command[OUTPUT];
}
