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
  SEND_ADDRESS,
} from './command.ts';
import { PROC_NULL } from './environment.ts';
import { classError, commandError, type MPIError } from './errors.ts';
import { Group } from './group.ts';
import { type Info, infoOfTexts, setInfo } from './info.ts';
import { addressOfTexts, checkText, readTexts } from './text.ts';

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

  /** The name, for debuggers and profilers (`MPI_Win_get_name`, `MPI_Win_set_name`). */
  get name(): string {
    return readTexts(() => this.call('MPI_Win_get_name', raw.winGetName))[0];
  }

  set name(name: string) {
    checkText('name', name);
    command[SEND_ADDRESS] = addressOfTexts(name);
    this.call('MPI_Win_set_name', raw.winSetName);
  }

  /** The processes that share it (`MPI_Win_get_group`): a new group each time, to be freed. */
  get group(): Group {
    this.call('MPI_Win_get_group', raw.winGroup);
    return new Group(command[OUTPUT]);
  }

  /**
   * `unified` when what others put and what this process reads is the same memory, `separate` when MPI
   * keeps copies that synchronisations bring up to date (`MPI_WIN_MODEL`).
   */
  get model(): 'unified' | 'separate' {
    this.call('MPI_Win_get_attr', raw.winModel);
    return command[OUTPUT] === 0 ? 'unified' : 'separate';
  }

  /** Returns the hints that MPI follows (`MPI_Win_get_info`). */
  getInfo(): Record<string, string> {
    return infoOfTexts(readTexts(() => this.call('MPI_Win_get_info', raw.winGetInfo)));
  }

  /** Gives MPI hints (`MPI_Win_set_info`). @remarks Collective. */
  setInfo(info: Info): void {
    setInfo('info', info);
    this.call('MPI_Win_set_info', raw.winSetInfo);
  }

  /** Returns bytes and displacement unit of what a rank exposes (`MPI_WIN_SIZE`, `MPI_WIN_DISP_UNIT`). */
  exposure(rank: number = this.rank): Exposure {
    checkInteger('rank', rank, 0, this.size - 1);
    return this.exposures[rank];
  }

  /**
   * Returns the number that Fortran knows the window by (`MPI_Win_c2f`), for other libraries of this
   * process.
   */
  toFortran(): number {
    this.call('MPI_Win_c2f', raw.winToFortran);
    return command[OUTPUT];
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

  /** Whether an access that is not known to be complete uses a buffer. @internal */
  protected keeps(buffer: ArrayBufferLike): boolean {
    return this.kept.some((list) => list.some((memory) => memory.buffer === buffer));
  }

  /** Whether accesses are not known to be complete. @internal */
  protected get hasAccesses(): boolean {
    return this.kept.some((list) => list.length > 0);
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
