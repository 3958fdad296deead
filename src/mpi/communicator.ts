/** Intracommunicators: groups of processes that talk to each other. */
import { checkInteger } from '../errors.ts';

import { ARGUMENT0, ARGUMENT1, COMM, command, OUTPUT, RESULT, raw } from './command.ts';
import { predefined, UNDEFINED } from './environment.ts';
import { commandError } from './errors.ts';
import { ObjectCollectives } from './objects/objectCollectives.ts';
import type { CartComm, CartOptions } from './topology.ts';

/** Options of {@link Comm.split}. */
export interface SplitOptions {
  /** Orders the ranks of the new communicator; ties keep their order. Default 0. */
  readonly key?: number;
}

/**
 * Makers of the kinds of communicators that have a topology. Their classes extend {@link Comm}, so
 * this file cannot import them: they register here.
 * @internal
 */
export const communicatorKinds = {} as {
  createCart: (comm: Comm, dims: readonly number[], options?: CartOptions) => CartComm;
};

/**
 * An intracommunicator.
 * @remarks Freeing is collective, so it never happens behind your back: call {@link Comm.free}, or
 * declare with `using`.
 */
export class Comm extends ObjectCollectives {
  /**
   * Returns a copy with its own space of messages and the same topology (`MPI_Comm_dup`).
   * @remarks Collective.
   */
  dup(): this {
    command[COMM] = this.handle;
    raw.dup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_dup');
    const SameClass = this.constructor as new (handle: number) => this;
    return new SameClass(command[OUTPUT]);
  }

  /**
   * Returns the communicator of the ranks that gave the same color (`MPI_Comm_split`), or
   * `COMM_NULL` where the color is `UNDEFINED`.
   * @param color a non-negative integer, or `UNDEFINED`
   * @remarks Collective.
   */
  split(color: number, options?: SplitOptions): Comm {
    const key = options?.key ?? 0;
    if (color !== UNDEFINED) checkInteger('color', color, 0, 2 ** 31 - 1);
    checkInteger('options.key', key, -(2 ** 31), 2 ** 31 - 1);
    command[COMM] = this.handle;
    command[ARGUMENT0] = color;
    command[ARGUMENT1] = key;
    raw.split();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_split');
    return command[OUTPUT] === 0 ? COMM_NULL : new Comm(command[OUTPUT]);
  }

  /**
   * Returns a communicator whose ranks stand on a grid, in C order (`MPI_Cart_create`); a null one
   * on the ranks that the grid does not need.
   * @param dims processes along each dimension; their product is at most the communicator's size
   * @remarks Collective.
   */
  createCart(dims: readonly number[], options?: CartOptions): CartComm {
    return communicatorKinds.createCart(this, dims, options);
  }

  /**
   * Gives the communicator back (`MPI_Comm_free`); afterwards it is as `COMM_NULL`.
   * @remarks Collective.
   * @throws {@link MPIError} `MPI_ERR_COMM` for a predefined or freed communicator
   */
  free(): void {
    command[COMM] = this.handle;
    raw.free();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_free');
    this.handle = 0;
    this.freeObjectChannel();
  }

  /** {@link Comm.free}, for `using`; does nothing when it was freed before. */
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
}

/** The communicator that is none: what {@link Comm.split} returns for color `UNDEFINED`. */
export const COMM_NULL: Comm = new Comm(0);

/** All processes of the job. */
export const COMM_WORLD: Comm = new Comm(predefined.COMM_WORLD);

/** This process alone. */
export const COMM_SELF: Comm = new Comm(predefined.COMM_SELF);
