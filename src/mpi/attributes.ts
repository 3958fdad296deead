/**
 * Attributes: values that programs keep with a communicator. They are kept here, not in MPI: its
 * callbacks run inside of MPI calls, where JavaScript must not throw or communicate. What they mean
 * is what the standard says (section 7.7).
 */
import { ArgumentTypeError } from '../errors.ts';
import { ARGUMENT0, COMM, command, OUTPUT, OUTPUT2, RESULT, raw } from './command.ts';
import { classError, commandError } from './errors.ts';
import type { CommHandle } from './handle.ts';

/** Options of {@link createKeyval}. */
export interface KeyvalOptions<T> {
  /**
   * What a duplicate of the communicator gets: nothing (false, the default), the same value (true),
   * or what the function returns, nothing when that is undefined. It is called before MPI duplicates,
   * so when it throws, nothing has happened on this rank.
   */
  readonly copy?: boolean | ((value: T, comm: CommHandle) => T | undefined);
  /** Called when a value is deleted or replaced, or its communicator is freed or disconnected. */
  readonly delete?: (value: T, comm: CommHandle) => void;
}

/** A kind of attribute, made by {@link createKeyval}. */
export class Keyval<T> {
  /** @internal */
  readonly options: KeyvalOptions<T>;

  /** @internal */
  constructor(options: KeyvalOptions<T>) {
    this.options = options;
  }
}

/** An attribute that MPI itself sets; it can only be read. */
export class PredefinedKeyval extends Keyval<number> {
  /** Position in the addon's list. @internal */
  readonly index: number;

  /** @internal */
  constructor(index: number) {
    super({});
    this.index = index;
  }
}

/** Processes that the job could have in all, as the launcher sees it (`MPI_UNIVERSE_SIZE`). */
export const UNIVERSE_SIZE: Keyval<number> = new PredefinedKeyval(0);
/** Number of the command in `mpiexec a : b` or `spawnMultiple` that started this process. */
export const APPNUM: Keyval<number> = new PredefinedKeyval(1);
/** 1 when `wtime` shows the same time on all processes (`MPI_WTIME_IS_GLOBAL`). */
export const WTIME_IS_GLOBAL: Keyval<number> = new PredefinedKeyval(2);

/** Rank of the process that talks to the host, where there is one (`MPI_HOST`); else `PROC_NULL`. */
export const HOST: Keyval<number> = new PredefinedKeyval(3);
/** A rank that can do input and output (`MPI_IO`), `ANY_SOURCE` when all can. */
export const IO: Keyval<number> = new PredefinedKeyval(4);
/** The last error code that was added (`MPI_LASTUSEDCODE`). */
export const LASTUSEDCODE: Keyval<number> = new PredefinedKeyval(5);

/** Returns a new kind of attribute (`MPI_Comm_create_keyval`). */
export function createKeyval<T>(options: KeyvalOptions<T> = {}): Keyval<T> {
  if (options.copy !== undefined && !['boolean', 'function'].includes(typeof options.copy)) {
    throw new ArgumentTypeError('options.copy', 'a boolean or a function', options.copy);
  }
  if (options.delete !== undefined && typeof options.delete !== 'function') {
    throw new ArgumentTypeError('options.delete', 'a function', options.delete);
  }
  return new Keyval(options);
}

type Values = Map<Keyval<unknown>, unknown>;

/** By the communicator's handle: two objects may stand for one communicator. */
const attributes = new Map<number, Values>();

/** The value of an attribute; undefined when there is none. */
export function getAttribute<T>(comm: CommHandle, keyval: Keyval<T>): T | undefined {
  checkKeyval(keyval);
  if (!(keyval instanceof PredefinedKeyval)) {
    return attributes.get(comm.handle)?.get(keyval as Keyval<unknown>) as T | undefined;
  }
  command[COMM] = comm.handle;
  command[ARGUMENT0] = keyval.index;
  raw.predefinedAttribute();
  if (command[RESULT] !== 0) throw commandError('MPI_Comm_get_attr');
  return command[OUTPUT] === 1 ? (command[OUTPUT2] as T) : undefined;
}

/** Sets an attribute; the value that was there is deleted first. */
export function setAttribute<T>(comm: CommHandle, keyval: Keyval<T>, value: T): void {
  checkOwn('MPI_Comm_set_attr', keyval);
  deleteAttribute(comm, keyval);
  const values: Values = attributes.get(comm.handle) ?? new Map();
  values.set(keyval as Keyval<unknown>, value);
  attributes.set(comm.handle, values);
}

/** Deletes an attribute; returns whether there was one. */
export function deleteAttribute<T>(comm: CommHandle, keyval: Keyval<T>): boolean {
  checkOwn('MPI_Comm_delete_attr', keyval);
  const values = attributes.get(comm.handle);
  if (!values?.has(keyval as Keyval<unknown>)) return false;
  keyval.options.delete?.(values.get(keyval as Keyval<unknown>) as T, comm);
  values.delete(keyval as Keyval<unknown>);
  return true;
}

/** Deletes all attributes of a communicator that is about to be freed, the latest first. */
export function deleteAllAttributes(comm: CommHandle): void {
  const values = attributes.get(comm.handle);
  if (values === undefined) return;
  for (const keyval of [...values.keys()].reverse()) deleteAttribute(comm, keyval);
  attributes.delete(comm.handle);
}

/**
 * Deletes all attributes of a communicator at the end of MPI, the latest first, whatever deletions
 * throw; the first error goes on.
 */
export function deleteAttributesAtEnd(comm: CommHandle): void {
  const values = attributes.get(comm.handle);
  if (values === undefined) return;
  const errors: unknown[] = [];
  for (const keyval of [...values.keys()].reverse()) {
    try {
      deleteAttribute(comm, keyval);
    } catch (error) {
      errors.push(error);
    }
  }
  attributes.delete(comm.handle);
  if (errors.length > 0) throw errors[0];
}

/** What a duplicate of the communicator will have, for {@link adoptAttributes}. */
export function copyAttributes(comm: CommHandle): Values | undefined {
  const values = attributes.get(comm.handle);
  if (values === undefined) return undefined;
  const copies: Values = new Map();
  for (const [keyval, value] of values) {
    const { copy } = keyval.options;
    const result = typeof copy === 'function' ? copy(value, comm) : copy ? value : undefined;
    if (result !== undefined) copies.set(keyval, result);
  }
  return copies;
}

/** Gives a duplicate its attributes. */
export function adoptAttributes(comm: CommHandle, copies: Values | undefined): void {
  if (copies !== undefined && copies.size > 0) attributes.set(comm.handle, copies);
}

function checkKeyval(keyval: unknown): void {
  if (!(keyval instanceof Keyval)) throw new ArgumentTypeError('keyval', 'an MPI.Keyval', keyval);
}

function checkOwn(call: string, keyval: unknown): void {
  checkKeyval(keyval);
  if (keyval instanceof PredefinedKeyval) {
    throw classError(call, 'MPI_ERR_KEYVAL', 'the attribute is predefined: it can only be read');
  }
}
