/** Numbers and arrays that processes share, as multiprocessing's Value and Array. */
import type { Dtype, ScalarOf, TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentTypeError, checkInteger } from '../errors.ts';
import type { Context } from '../global/context.ts';
import type { Comm } from '../mpi/communicator.ts';
import { checkOptions, optionNames } from '../options.ts';
import { SharedMemory } from './sharedMemory.ts';

/** Element types of what is shared. */
export type SharedDtype = Exclude<Dtype, 'bool' | 'complex64' | 'complex128'>;

/** Options of {@link SharedValue} and {@link SharedArray}. */
export interface SharedOptions<D extends SharedDtype> {
  /** Default `float64`. */
  readonly dtype?: D;
}

const SHARED_OPTIONS = optionNames<SharedOptions<SharedDtype>>({ dtype: true });

/**
 * A number that all processes of a communicator on one host see (multiprocessing's `Value`).
 *
 *     using counter = new SharedValue(comm, 0, { dtype: 'int32' });
 *     counter.withLock(() => counter.value++);
 *
 * Between two accesses of a process others may come: what must not be torn apart is done with the lock.
 */
export class SharedValue<D extends SharedDtype = 'float64'> implements Disposable {
  readonly #memory: SharedMemory<D>;

  /**
   * @param where - processes of one host: a context of a program that all of them run, or a communicator
   * @param initial - what it is at first; that of rank 0 counts
   * @remarks Collective.
   * @throws {@link DistArrayError} `ERR_SHARED_HOSTS` on all processes, when they are on several hosts
   */
  constructor(where: Context | Comm, initial?: ScalarOf<D>, options: SharedOptions<D> = {}) {
    this.#memory = new SharedMemory(where, dtypeOf(options), 1);
    const comm = commOf(where);
    if (comm.rank === 0 && initial !== undefined) this.value = initial;
    comm.barrier();
  }

  get value(): ScalarOf<D> {
    return this.#memory.data[0] as ScalarOf<D>;
  }

  /** @throws {@link ArgumentTypeError} for what is no number, or no bigint where the dtype has bigints */
  set value(value: ScalarOf<D>) {
    const { data } = this.#memory;
    const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
    if (typeof value !== (isBig ? 'bigint' : 'number')) {
      throw new ArgumentTypeError('value', isBig ? 'a bigint' : 'a number', value);
    }
    data[0] = value as never;
  }

  get dtype(): D {
    return this.#memory.dtype;
  }

  /** Does something while no other process does something with the lock, and returns what it returns; not async. */
  withLock<R>(step: () => R): R {
    return this.#memory.withLock(step);
  }

  /** Gives the memory back. @remarks Collective. */
  free(): void {
    this.#memory.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

/**
 * Numbers that all processes of a communicator on one host see (multiprocessing's `Array`): `data` is a typed array over
 * the memory that they have in common.
 *
 *     using histogram = new SharedArray(comm, 10, { dtype: 'int32' });
 *     histogram.withLock(() => histogram.data[k]++);
 */
export class SharedArray<D extends SharedDtype = 'float64'> implements Disposable {
  readonly #memory: SharedMemory<D>;

  /**
   * @param where - processes of one host: a context of a program that all of them run, or a communicator
   * @param length - or what the elements are at first: those of rank 0 count
   * @remarks Collective.
   * @throws {@link DistArrayError} `ERR_SHARED_HOSTS` on all processes, when they are on several hosts
   */
  constructor(
    where: Context | Comm,
    length: number | ArrayLike<ScalarOf<D>>,
    options: SharedOptions<D> = {},
  ) {
    const isLength = typeof length === 'number';
    if (isLength) checkInteger('length', length, 0);
    else if (typeof length !== 'object' || length === null) {
      throw new ArgumentTypeError('length', 'a length or an array of numbers', length);
    }
    this.#memory = new SharedMemory(where, dtypeOf(options), isLength ? length : length.length);
    const comm = commOf(where);
    if (comm.rank === 0 && !isLength) this.data.set(length as never);
    comm.barrier();
  }

  /** The elements, in memory that all processes have in common; of length 0 after `free()`. */
  get data(): TypedArrayOf<D> {
    return this.#memory.data;
  }

  get length(): number {
    return this.#memory.data.length;
  }

  get dtype(): D {
    return this.#memory.dtype;
  }

  /** Does something while no other process does something with the lock, and returns what it returns; not async. */
  withLock<R>(step: () => R): R {
    return this.#memory.withLock(step);
  }

  /** Gives the memory back. @remarks Collective. */
  free(): void {
    this.#memory.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }
}

function dtypeOf<D extends SharedDtype>(options: SharedOptions<D>): D {
  checkOptions(options, SHARED_OPTIONS, "{ dtype: 'int32' }");
  return options.dtype ?? ('float64' as D);
}

function commOf(where: Context | Comm): Comm {
  return 'comm' in where ? (where.comm as Comm) : where;
}
