/** Synchronisation of windows: when accesses may happen, and when they have happened. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { addressOfInts } from './buffer.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  command,
  DEST,
  OUTPUT,
  raw,
  SEND_ADDRESS,
  SEND_COUNT,
} from './command.ts';
import { classError } from './errors.ts';
import { freedWindowError, WindowHandle } from './windowHandle.ts';

/** What is known of a fence; a wrong promise is an error that MPI need not notice. */
export interface FenceOptions {
  /** This process has not written to its window since the last synchronisation. */
  readonly noStore?: boolean;
  /** Nobody writes into this process's window until the next fence. */
  readonly noPut?: boolean;
  /** No access ends with this fence; the same on all ranks. */
  readonly noPrecede?: boolean;
  /** No access begins with this fence; the same on all ranks. */
  readonly noSucceed?: boolean;
}

/** What is known of an exposure to others. */
export interface PostOptions {
  /** The matching `start` has not been called yet, and knows it. */
  readonly noCheck?: boolean;
  /** This process has not written to its window since the last synchronisation. */
  readonly noStore?: boolean;
  /** Nobody writes into this process's window meanwhile. */
  readonly noPut?: boolean;
}

/** What is known of an access to others. */
export interface StartOptions {
  /** The matching `post` calls are complete. */
  readonly noCheck?: boolean;
}

/** How {@link WindowSync.lock} locks. */
export interface LockOptions {
  /** `shared` lets others lock as `shared` too. Default `exclusive`. */
  readonly type?: 'exclusive' | 'shared';
  /** Nobody else holds or wants a lock that conflicts. */
  readonly noCheck?: boolean;
}

/** Bits in the order of `assertions` in `native/mpi/window.cc`. */
const assertionNames = ['noCheck', 'noStore', 'noPut', 'noPrecede', 'noSucceed'] as const;

type Assertions = { readonly [name in (typeof assertionNames)[number]]?: boolean };

/** Windows whose accesses can be synchronised. */
export abstract class WindowSync extends WindowHandle {
  /** Calls whose counterparts have not been called yet. MPI may wait for ever where one is missing. */
  private readonly begun = new Set<string>();

  /**
   * Ends all accesses and begins new ones (`MPI_Win_fence`): afterwards what others have put is here,
   * and what this process has got is in its buffers.
   * @remarks Collective over the window.
   */
  fence(options?: FenceOptions): void {
    this.checkClosed('MPI_Win_fence');
    setAssertions(options);
    this.call('MPI_Win_fence', raw.winFence);
    this.release();
  }

  /**
   * Opens this process's window to some ranks (`MPI_Win_post`); they `start`. Does not wait.
   * @param origins ranks that will access
   */
  post(origins: readonly number[], options?: PostOptions): void {
    this.setRanks('origins', origins);
    this.checkNone('MPI_Win_post', 'post');
    setAssertions(options);
    this.call('MPI_Win_post', raw.winPost);
    this.begun.add('post');
  }

  /**
   * Begins accesses to the windows of some ranks, which `post` (`MPI_Win_start`).
   * @param targets ranks that will be accessed
   */
  start(targets: readonly number[], options?: StartOptions): void {
    this.setRanks('targets', targets);
    this.checkNone('MPI_Win_start', 'start', 'lock');
    setAssertions(options);
    this.call('MPI_Win_start', raw.winStart);
    this.begun.add('start');
  }

  /** Ends the accesses that `start` began (`MPI_Win_complete`). */
  complete(): void {
    this.checkBegun('MPI_Win_complete', 'start');
    this.call('MPI_Win_complete', raw.winComplete);
    this.begun.delete('start');
    this.release();
  }

  /** Waits until all ranks of `post` have called `complete` (`MPI_Win_wait`). */
  wait(): void {
    this.checkBegun('MPI_Win_wait', 'post');
    this.call('MPI_Win_wait', raw.winWait);
    this.begun.delete('post');
  }

  /**
   * Returns whether all ranks of `post` have called `complete` (`MPI_Win_test`); when it is so, it is
   * as if `wait` had been called. Never waits.
   */
  test(): boolean {
    this.checkBegun('MPI_Win_test', 'post');
    this.call('MPI_Win_test', raw.winTest);
    const done = command[OUTPUT] === 1;
    if (done) this.begun.delete('post');
    return done;
  }

  /**
   * Begins accesses to a rank's window that this rank takes no part in (`MPI_Win_lock`). MPI may wait
   * for the lock here or in the first access.
   */
  lock(target: number, options?: LockOptions): void {
    const type = options?.type ?? 'exclusive';
    if (type !== 'exclusive' && type !== 'shared') {
      throw new ArgumentRangeError('options.type', "'exclusive' or 'shared'", type);
    }
    this.setTarget(target);
    this.checkNone('MPI_Win_lock', 'start', 'lockAll', `lock(${target})`);
    setAssertions(options);
    command[ARGUMENT1] = type === 'exclusive' ? 1 : 0;
    this.call('MPI_Win_lock', raw.winLock, DEST);
    this.begun.add(`lock(${target})`);
  }

  /** Ends the accesses that `lock` began; they are complete at the target (`MPI_Win_unlock`). */
  unlock(target: number): void {
    this.setTarget(target);
    this.checkBegun('MPI_Win_unlock', `lock(${target})`);
    this.call('MPI_Win_unlock', raw.winUnlock, DEST);
    this.begun.delete(`lock(${target})`);
    this.release(target);
  }

  /** Begins accesses to the windows of all ranks, with shared locks (`MPI_Win_lock_all`). */
  lockAll(options?: StartOptions): void {
    this.checkNone('MPI_Win_lock_all', 'start', 'lock');
    setAssertions(options);
    this.call('MPI_Win_lock_all', raw.winLockAll);
    this.begun.add('lockAll');
  }

  /** Ends the accesses that `lockAll` began (`MPI_Win_unlock_all`). */
  unlockAll(): void {
    this.checkBegun('MPI_Win_unlock_all', 'lockAll');
    this.call('MPI_Win_unlock_all', raw.winUnlockAll);
    this.begun.delete('lockAll');
    this.release();
  }

  /** Completes the accesses to a rank, here and there (`MPI_Win_flush`). The lock stays. */
  flush(target: number): void {
    this.setTarget(target);
    this.checkBegun('MPI_Win_flush', `lock(${target})`, 'lockAll');
    this.call('MPI_Win_flush', raw.winFlush, DEST);
    this.release(target);
  }

  /** Completes the accesses to a rank here: their buffers can be used again
   * (`MPI_Win_flush_local`). */
  flushLocal(target: number): void {
    this.setTarget(target);
    this.checkBegun('MPI_Win_flush_local', `lock(${target})`, 'lockAll');
    this.call('MPI_Win_flush_local', raw.winFlushLocal, DEST);
    this.release(target);
  }

  /** Completes the accesses to all ranks, here and there (`MPI_Win_flush_all`). */
  flushAll(): void {
    this.checkBegun('MPI_Win_flush_all', 'lock');
    this.call('MPI_Win_flush_all', raw.winFlushAll);
    this.release();
  }

  /** Completes the accesses to all ranks here (`MPI_Win_flush_local_all`). */
  flushLocalAll(): void {
    this.checkBegun('MPI_Win_flush_local_all', 'lock');
    this.call('MPI_Win_flush_local_all', raw.winFlushLocalAll);
    this.release();
  }

  /**
   * Makes what this process and others have written to shared memory visible to each other
   * (`MPI_Win_sync`), as a memory barrier does. Not a synchronisation in time: use `comm.barrier()`.
   */
  sync(): void {
    this.call('MPI_Win_sync', raw.winSync);
  }

  /** Throws when something that was begun has not ended: MPI would find out too late. @internal */
  protected checkClosed(name: string): void {
    this.checkNone(name, '');
  }

  /** Throws when one of these (by the beginning of their names) was begun and has not ended. */
  private checkNone(name: string, ...starts: readonly string[]): void {
    for (const call of this.begun) {
      if (!starts.some((start) => call.startsWith(start))) continue;
      throw classError(name, 'MPI_ERR_RMA_SYNC', `what ${call} began has not ended`);
    }
  }

  /** Throws unless one of these was begun. */
  private checkBegun(name: string, ...starts: readonly string[]): void {
    if (this.handle === 0) throw freedWindowError(name);
    for (const call of this.begun) if (starts.some((start) => call.startsWith(start))) return;
    throw classError(name, 'MPI_ERR_RMA_SYNC', `${starts.join(' or ')} has not been called`);
  }

  private setRanks(argument: string, ranks: readonly number[]): void {
    if (!Array.isArray(ranks)) throw new ArgumentTypeError(argument, 'an array of ranks', ranks);
    for (const [k, rank] of ranks.entries()) {
      checkInteger(`${argument}[${k}]`, rank, 0, this.size - 1);
    }
    if (new Set(ranks).size < ranks.length) {
      throw new ArgumentRangeError(argument, 'ranks that differ', ranks);
    }
    command[SEND_ADDRESS] = ranks.length === 0 ? 0 : addressOfInts(Int32Array.from(ranks));
    command[SEND_COUNT] = ranks.length;
  }
}

function setAssertions(options: Assertions | undefined): void {
  let bits = 0;
  if (options !== undefined) {
    for (const [bit, name] of assertionNames.entries()) if (options[name]) bits |= 1 << bit;
  }
  command[ARGUMENT0] = bits;
}
