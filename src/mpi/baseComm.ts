/** What intra- and intercommunicators share: copies, name, hints, attributes, group, the end. */
import { ArgumentTypeError, checkInteger } from '../errors.ts';
import { optionNames } from '../options.ts';
import {
  adoptAttributes,
  copyAttributes,
  deleteAllAttributes,
  deleteAttribute,
  getAttribute,
  type Keyval,
  setAttribute,
} from './attributes.ts';
import {
  ARGUMENT0,
  COMM,
  command,
  OUTPUT,
  RECV_ADDRESS,
  RESULT,
  raw,
  SEND_ADDRESS,
} from './command.ts';
import { predefined } from './environment.ts';
import { commandError, nullCommunicatorError } from './errors.ts';
import { type Comparison, comparisons, Group } from './group.ts';
import { type Info, infoOfTexts, setInfo } from './info.ts';
import { debugging, track, untrack } from './leaks.ts';
import { ObjectMessages } from './objects/objectMessages.ts';
import { checkOptions } from './pointToPoint.ts';
import { Request } from './request.ts';
import { addressOfTexts, checkText, readTexts } from './text.ts';

/** Options of {@link BaseComm.dup}. */
export interface DupOptions {
  /** Hints for the copy. Default: those of the original. */
  readonly info?: Info;
}

const INFO_OPTIONS = optionNames<DupOptions>({ info: true });

/**
 * A communicator, intra or inter.
 * @remarks Freeing is collective, so it never happens behind your back: call {@link BaseComm.free},
 * or declare with `using`. With `DISTARRAY_DEBUG=1` a job ends with a list of what was not freed.
 */
export abstract class BaseComm extends ObjectMessages {
  /** @internal */
  constructor(handle: number) {
    super(handle);
    if (debugging && !isPredefined(handle)) track('communicator', handle);
  }

  /**
   * Returns a copy with its own space of messages, the same topology, the same hints, and the
   * attributes that are copied (`MPI_Comm_dup`).
   * @param options `info`: other hints (`MPI_Comm_dup_with_info`)
   * @remarks Collective.
   */
  dup(options?: DupOptions): this {
    if (options !== undefined) checkOptions(options, '{ info }', options?.info, INFO_OPTIONS);
    if (options?.info !== undefined) setInfo('options.info', options.info);
    const attributes = copyAttributes(this);
    command[COMM] = this.handle;
    if (options?.info === undefined) raw.dup();
    else {
      setInfo('options.info', options.info);
      raw.dupWithInfo();
    }
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_dup');
    const copy = this.same(command[OUTPUT]);
    adoptAttributes(copy, attributes);
    return copy;
  }

  /**
   * Starts a {@link BaseComm.dup} (`MPI_Comm_idup`); the request's result is the copy.
   * @remarks Collective.
   */
  idup(): Request<this> {
    const attributes = copyAttributes(this);
    const room = new BigInt64Array(1);
    const address = raw.addressOf(room);
    command[COMM] = this.handle;
    command[RECV_ADDRESS] = address;
    raw.idup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_idup');
    const adopt = (): this => {
      command[RECV_ADDRESS] = address;
      raw.adoptCommunicator();
      if (command[RESULT] !== 0) throw commandError('MPI_Comm_idup');
      const copy = this.same(command[OUTPUT]);
      adoptAttributes(copy, attributes);
      return copy;
    };
    return new Request('MPI_Comm_idup', command[OUTPUT], room, undefined, adopt);
  }

  /**
   * Returns how two communicators are alike (`MPI_Comm_compare`): `identical` when they are the same
   * one, `congruent` when they have the same processes in the same order, `similar` when the order
   * differs, otherwise `unequal`.
   */
  compare(other: BaseComm): Comparison {
    if (!(other instanceof BaseComm)) {
      throw new ArgumentTypeError('other', 'a communicator', other);
    }
    command[COMM] = this.handle;
    command[ARGUMENT0] = other.handle;
    raw.compareCommunicators();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_compare');
    return comparisons[command[OUTPUT]];
  }

  /**
   * The group of this side's processes (`MPI_Comm_group`): a new one each time, to be freed.
   */
  get group(): Group {
    command[COMM] = this.handle;
    raw.communicatorGroup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_group');
    return new Group(command[OUTPUT]);
  }

  /** The name, for debuggers and profilers (`MPI_Comm_get_name`, `MPI_Comm_set_name`). */
  get name(): string {
    return readTexts(() => {
      command[COMM] = this.handle;
      raw.getName();
      if (command[RESULT] !== 0) throw commandError('MPI_Comm_get_name');
    })[0];
  }

  set name(name: string) {
    checkText('name', name);
    command[COMM] = this.handle;
    command[SEND_ADDRESS] = addressOfTexts(name);
    raw.setName();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_set_name');
  }

  /**
   * Returns the hints that MPI follows (`MPI_Comm_get_info`).
   */
  getInfo(): Record<string, string> {
    const texts = readTexts(() => {
      command[COMM] = this.handle;
      raw.getInfo();
      if (command[RESULT] !== 0) throw commandError('MPI_Comm_get_info');
    });
    return infoOfTexts(texts);
  }

  /**
   * Gives MPI hints (`MPI_Comm_set_info`).
   * @remarks Collective.
   */
  setInfo(info: Info): void {
    setInfo('info', info);
    command[COMM] = this.handle;
    raw.setInfo();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_set_info');
  }

  /** Returns the value of an attribute, undefined when there is none (`MPI_Comm_get_attr`). */
  getAttr<T>(keyval: Keyval<T>): T | undefined {
    this.checkAlive('MPI_Comm_get_attr');
    return getAttribute(this, keyval);
  }

  /** Keeps a value with the communicator (`MPI_Comm_set_attr`), on this process. */
  setAttr<T>(keyval: Keyval<T>, value: T): void {
    this.checkAlive('MPI_Comm_set_attr');
    setAttribute(this, keyval, value);
  }

  /** Deletes an attribute (`MPI_Comm_delete_attr`); returns whether there was one. */
  deleteAttr<T>(keyval: Keyval<T>): boolean {
    this.checkAlive('MPI_Comm_delete_attr');
    return deleteAttribute(this, keyval);
  }

  /**
   * Returns the number that Fortran knows the communicator by (`MPI_Comm_c2f`), for other libraries of
   * this process.
   */
  toFortran(): number {
    this.checkAlive('MPI_Comm_c2f');
    command[COMM] = this.handle;
    raw.toFortran();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_c2f');
    return command[OUTPUT];
  }

  /**
   * Gives the communicator back (`MPI_Comm_free`); afterwards it is as `COMM_NULL`.
   * @remarks Collective.
   * @throws {@link MPIError} `MPI_ERR_COMM` for a predefined or freed communicator
   */
  free(): void {
    this.end('MPI_Comm_free', raw.free);
  }

  /**
   * Waits until all that was sent has arrived and gives the communicator back (`MPI_Comm_disconnect`):
   * afterwards the end of one side's job does not concern the other's.
   * @remarks Collective, on both sides of an intercommunicator.
   */
  disconnect(): void {
    this.end('MPI_Comm_disconnect', raw.disconnect);
  }

  /** {@link BaseComm.free}, for `using`; does nothing when it was freed before. */
  [Symbol.dispose](): void {
    if (this.handle !== 0) this.free();
  }

  /**
   * Ends all processes of the job at once (`MPI_Abort`).
   * @param exitCode what the launcher returns, 1–255; default 1
   */
  abort(exitCode = 1): never {
    checkInteger('exitCode', exitCode, 1, 255);
    command[COMM] = this.handle;
    command[ARGUMENT0] = exitCode;
    raw.abort();
    throw commandError('MPI_Abort', ARGUMENT0);
  }

  override toString(): string {
    return this.handle === 0
      ? `${this.constructor.name}(null)`
      : `${this.constructor.name}(rank ${this.processRank} of ${this.processCount})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }

  /** Called when the communicator was given back. @internal */
  protected freed(): void {}

  /** Another communicator of this class. */
  private same(handle: number): this {
    const SameClass = this.constructor as new (handle: number) => this;
    return new SameClass(handle);
  }

  private end(call: string, action: () => void): void {
    const { handle } = this;
    this.checkAlive(call);
    if (!isPredefined(handle)) deleteAllAttributes(this);
    command[COMM] = handle;
    action();
    if (command[RESULT] !== 0) throw commandError(call);
    if (debugging) untrack(handle);
    this.handle = 0;
    this.freed();
  }

  private checkAlive(call: string): void {
    if (this.handle === 0) throw nullCommunicatorError(call);
  }
}

function isPredefined(handle: number): boolean {
  return handle === predefined.COMM_WORLD || handle === predefined.COMM_SELF;
}
