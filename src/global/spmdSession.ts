/** The session of programs that every process runs. */
import { DistArrayError } from '../errors.ts';
import { Link } from '../expr/chain.ts';
import { reduceWaiting } from '../expr/reduceChain.ts';
import type { LocalArray } from '../local/localArray.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';
import { releaseMemory } from '../mpi/memory.ts';
import { applyFunction } from '../ops/applyFunction.ts';
import {
  type ElementwiseParams,
  elementwiseOperation,
} from '../ops/elementwise/elementwiseOperation.ts';
import type {
  ArrayMeta,
  ArrayOperation,
  OperationEnvironment,
  PreparedCall,
  ValueOperation,
} from '../ops/operation.ts';
import { Traffic } from '../ops/redistribute/traffic.ts';
import { type ReduceParams, reduceOperation } from '../ops/reduce/reduceOperations.ts';
import { Deferral } from './deferral.ts';
import { describeCall } from './describeCall.ts';
import type { ArrayHandle, Session, Settle } from './session.ts';

/**
 * Whether each call is checked to be the same on all processes, at the price of an allreduce a call, and
 * operations to make what they say.
 */
export const isChecked = ['1', 'true'].includes(process.env.DISTARRAY_CHECK ?? '');

/**
 * Calls operations directly: every process runs the program and holds its part of each array. With
 * `DISTARRAY_CHECK=1` a call that differs between processes is an error on all of them.
 */
export class SpmdSession implements Session {
  readonly comm: Comm;
  readonly traffic = new Traffic();
  readonly size: number;
  readonly rank: number;
  isEager = false;
  readonly #environment: OperationEnvironment;
  readonly #deferral = new Deferral();

  constructor(comm: Comm) {
    this.comm = comm;
    this.size = comm.size;
    this.rank = comm.rank;
    this.#environment = Object.freeze({ comm, traffic: this.traffic });
  }

  /** The program ends with them. */
  readonly areProcessesGone = false;

  get isRoot(): boolean {
    return this.rank === 0;
  }

  execute<Params>(
    operation: ArrayOperation<Params>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle {
    if (isChecked) this.#check(operation.name, arrays, params);
    if (!this.isEager && (operation as unknown) === elementwiseOperation) {
      const elementwise = params as unknown as ElementwiseParams;
      const link = this.#deferral.defer(arrays as (LocalArray | Link)[], elementwise, this.comm);
      if (link !== null) return link;
    }
    const [first] = arrays;
    if ((operation as unknown) === reduceOperation && first instanceof Link && first.isWaiting) {
      const result = reduceWaiting(first, params as unknown as ReduceParams);
      if (result !== null) return result;
    }
    const locals = this.#inMemory(arrays);
    if ((params as { hasOut?: boolean } | null)?.hasOut === true) this.#beforeWrite(locals);
    const inferred = isChecked ? operation.infer(arrays, params, this.size) : null;
    const result = operation.run(locals, params, this.#environment);
    if (inferred !== null) checkInferred(operation.name, inferred, result);
    // Functions of the program may have kept what they have made.
    if (result.isHandedOut) this.#deferral.expose(result);
    return result;
  }

  prepare<Params>(
    operation: ArrayOperation<Params>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): PreparedCall<Params> | null {
    if (operation.prepare === undefined) return null;
    const call = operation.prepare(this.#inMemory(arrays), params, this.#environment);
    if (!isChecked || call === null) return call;
    // Arrays that are only described are not kept in memory.
    const metas = arrays.map(({ dtype, distribution }) => ({ dtype, distribution }));
    let accepted = params;
    return {
      accept: (changed) => {
        accepted = changed;
        try {
          return call.accept(changed);
        } catch {
          // Its error comes after the check, as where nothing is prepared.
          return false;
        }
      },
      run: () => {
        this.#check(operation.name, metas, accepted);
        call.run();
      },
    };
  }

  repeat<Params>(call: PreparedCall<Params>, out: ArrayHandle, params: Params): boolean {
    if (!call.accept(params)) return false;
    this.#deferral.beforeWrite(inMemory(out));
    call.run();
    return true;
  }

  identityOf(handle: ArrayHandle): number {
    const local = handle instanceof Link ? handle.value : (handle as LocalArray);
    // What was transferred has no elements any more.
    return local === null || local.data.length === 0 ? 0 : local.serial;
  }

  evaluate<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): Value {
    if (isChecked) this.#check(operation.name, arrays, params);
    const locals = this.#inMemory(arrays);
    // Some write, and functions of the program may keep what they get.
    if ((operation as unknown) === applyFunction)
      for (const each of locals) this.#deferral.expose(each);
    else this.#beforeWrite(locals);
    return operation.run(locals, params, this.#environment);
  }

  /** The operation begins at once, and ends where its own promise does. */
  evaluateLater<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
    { resolve, reject }: Settle<Awaited<Value>>,
  ): void {
    let value: Value;
    try {
      value = this.evaluate(operation, arrays, params);
    } catch (error) {
      reject(error);
      return;
    }
    if (value instanceof Promise) value.then(resolve, reject);
    else resolve(value as Awaited<Value>);
  }

  waitUntil(isDone: () => boolean): void {
    if (isDone()) return;
    const message =
      'Processes that all run the program cannot wait here for what an async function returns: await the result';
    throw new DistArrayError('ERR_ASYNC', message);
  }

  discover<Params>(
    operation: ValueOperation<Params, LocalArray>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle {
    return this.handleOf(this.evaluate(operation, arrays, params));
  }

  agree<T>(step: () => T): T {
    return agree(this.comm, step);
  }

  tellAll(step: () => string, root: number): string {
    return onRoot(this.comm, step, root);
  }

  checkSame(values: Readonly<Record<string, string>>): void {
    checkSame(this.comm, values);
  }

  localOf(handle: ArrayHandle): LocalArray {
    const local = inMemory(handle);
    this.#deferral.expose(local);
    return local;
  }

  peekAt(handle: ArrayHandle): LocalArray {
    return inMemory(handle);
  }

  release(handle: ArrayHandle): void {
    if (handle instanceof Link && handle.isWaiting) return;
    const local = inMemory(handle);
    this.#deferral.beforeWrite(local);
    if (!local.isHandedOut) releaseMemory(local.data.buffer);
  }

  close(): void {}

  handleOf(local: LocalArray): ArrayHandle {
    if (local.isHandedOut) this.#deferral.expose(local);
    return local;
  }

  #inMemory(arrays: readonly ArrayHandle[]): readonly LocalArray[] {
    for (let k = 0; k < arrays.length; k++) {
      if (arrays[k] instanceof Link) return arrays.map(inMemory);
    }
    return arrays as readonly LocalArray[];
  }

  #beforeWrite(arrays: readonly LocalArray[]): void {
    for (const array of arrays) this.#deferral.beforeWrite(array);
  }

  #check(name: string, arrays: readonly ArrayHandle[], params: unknown): void {
    checkSame(this.comm, { [`arguments of ${name}`]: describeCall(name, arrays, params) });
  }
}

function inMemory(handle: ArrayHandle): LocalArray {
  return handle instanceof Link ? handle.compute() : (handle as LocalArray);
}

/** A session that holds arrays elsewhere goes by what `infer` says: it must be what `run` does. */
export function checkInferred(name: string, inferred: ArrayMeta, result: ArrayMeta): void {
  const { dtype, distribution } = inferred;
  if (dtype === result.dtype && distribution.isCompatible(result.distribution)) return;
  const [said, got] = [inferred, result].map((meta) => `${meta.dtype}, ${meta.distribution}`);
  throw new DistArrayError('ERR_INFERRED', `${name} was to make ${said}\nand made ${got}`);
}
