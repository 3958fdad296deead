/** Operations on distributed arrays: each is declared once, for every way to run a program. */
import type { Dtype } from '../dtype/dtype.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import type { Traffic } from './redistribute/traffic.ts';

/** What is known of an array without its elements; a LocalArray has it too. */
export interface ArrayMeta {
  readonly dtype: Dtype;
  readonly distribution: Distribution;
}

/** What operations need beside their operands. */
export interface OperationEnvironment {
  /** The processes that share the arrays. */
  readonly comm: Comm;
  /** Counts what this process sends when elements change their places. */
  readonly traffic: Traffic;
}

/**
 * An operation whose result is an array.
 *
 * `infer` tells the result's dtype and distribution, or throws for wrong arguments: a pure function of
 * metadata and parameters, hence the same on every process and on one that has no elements at all.
 * `run` is a collective function of the local parts; it checks its arguments as `infer` does before any
 * data move.
 */
export interface ArrayOperation<Params> {
  readonly name: string;
  /** @param processes - number of processes that share the arrays */
  infer(arrays: readonly ArrayMeta[], params: Params, processes: number): ArrayMeta;
  run(arrays: readonly LocalArray[], params: Params, environment: OperationEnvironment): LocalArray;
  /**
   * Prepares a call that `run` has carried out to be made again with the same arrays, whose memory is still there;
   * null where nothing is gained by it. Local; a process that prepares nothing takes part by `run`.
   */
  prepare?(
    arrays: readonly LocalArray[],
    params: Params,
    environment: OperationEnvironment,
  ): PreparedCall<Params> | null;
}

/** A call of an operation that can be made again. It does not keep the arrays. */
export interface PreparedCall<Params> {
  /**
   * Takes parameters of which only the numbers may differ from those that it was prepared for.
   * @returns whether it can be made with them; not where numbers are of other kinds
   * @throws as the operation, for numbers that do not fit
   */
  accept(params: Params): boolean;
  /** Makes the call with what was accepted last. */
  run(): void;
}

/**
 * An operation whose result is a JavaScript value, or none. `check` throws for wrong arguments, from
 * metadata alone; `run` is collective, and checks before any data move.
 */
export interface ValueOperation<Params, Value> {
  readonly name: string;
  /** Whether there is no value: a program that is elsewhere need not wait. */
  readonly isSilent?: boolean;
  check(arrays: readonly ArrayMeta[], params: Params): void;
  run(arrays: readonly LocalArray[], params: Params, environment: OperationEnvironment): Value;
}

/** What an operation is called where the program does not run. */
type AnyOperation = ArrayOperation<unknown> | ValueOperation<unknown, unknown>;
const operations = new Map<string, AnyOperation>();

/** Returns the operation of a name. */
export function operationNamed(name: string): AnyOperation | undefined {
  return operations.get(name);
}

function declared<Operation extends { readonly name: string }>(operation: Operation): Operation {
  if (operations.has(operation.name))
    throw new Error(`Two operations are called ${operation.name}`);
  operations.set(operation.name, operation as unknown as AnyOperation);
  return Object.freeze(operation);
}

/** Declares an operation that makes an array. */
export function arrayOperation<Params>(
  name: string,
  definition: Omit<ArrayOperation<Params>, 'name'>,
): ArrayOperation<Params> {
  return declared({ name, ...definition });
}

/** Declares an operation that makes a value. */
export function valueOperation<Params, Value>(
  name: string,
  definition: Omit<ValueOperation<Params, Value>, 'name'>,
): ValueOperation<Params, Value> {
  return declared({ name, ...definition });
}
