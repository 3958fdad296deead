/** The session of programs that every process runs. */
import { DistArrayError } from '../errors.ts';
import type { LocalArray } from '../local/localArray.ts';
import { checkSame } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';
import { releaseMemory } from '../mpi/memory.ts';
import type {
  ArrayMeta,
  ArrayOperation,
  OperationEnvironment,
  ValueOperation,
} from '../ops/operation.ts';
import { Traffic } from '../ops/redistribute/traffic.ts';
import { describeCall } from './describeCall.ts';
import type { ArrayHandle, Session } from './session.ts';

/**
 * Whether each call is checked to be the same on all processes, at the price of an allreduce a call, and
 * operations to make what they say.
 */
const isChecked = ['1', 'true'].includes(process.env.DISTARRAY_CHECK ?? '');

/**
 * Calls operations directly: every process runs the program and holds its part of each array. With
 * `DISTARRAY_CHECK=1` a call that differs between processes is an error on all of them.
 */
export class SpmdSession implements Session {
  readonly comm: Comm;
  readonly traffic = new Traffic();
  readonly size: number;
  readonly rank: number;
  readonly #environment: OperationEnvironment;

  constructor(comm: Comm) {
    this.comm = comm;
    this.size = comm.size;
    this.rank = comm.rank;
    this.#environment = Object.freeze({ comm, traffic: this.traffic });
  }

  get isRoot(): boolean {
    return this.rank === 0;
  }

  execute<Params>(
    operation: ArrayOperation<Params>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): ArrayHandle {
    if (!isChecked)
      return operation.run(arrays as readonly LocalArray[], params, this.#environment);
    this.#check(operation.name, arrays, params);
    const inferred = operation.infer(arrays, params, this.size);
    const result = operation.run(arrays as readonly LocalArray[], params, this.#environment);
    checkInferred(operation.name, inferred, result);
    return result;
  }

  evaluate<Params, Value>(
    operation: ValueOperation<Params, Value>,
    arrays: readonly ArrayHandle[],
    params: Params,
  ): Value {
    if (isChecked) this.#check(operation.name, arrays, params);
    return operation.run(arrays as readonly LocalArray[], params, this.#environment);
  }

  localOf(handle: ArrayHandle): LocalArray {
    return handle as LocalArray;
  }

  release(handle: ArrayHandle): void {
    const local = handle as LocalArray;
    if (!local.isHandedOut) releaseMemory(local.data.buffer);
  }

  handleOf(local: LocalArray): ArrayHandle {
    return local;
  }

  #check(name: string, arrays: readonly ArrayHandle[], params: unknown): void {
    checkSame(this.comm, { [`arguments of ${name}`]: describeCall(name, arrays, params) });
  }
}

/** A session that holds arrays elsewhere goes by what `infer` says: it must be what `run` does. */
function checkInferred(name: string, inferred: ArrayMeta, result: ArrayMeta): void {
  const { dtype, distribution } = inferred;
  if (dtype === result.dtype && distribution.isCompatible(result.distribution)) return;
  const [said, got] = [inferred, result].map((meta) => `${meta.dtype}, ${meta.distribution}`);
  throw new DistArrayError('ERR_INFERRED', `${name} was to make ${said}\nand made ${got}`);
}
