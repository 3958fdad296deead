/** Memory that the processes of a host have in common, with a lock. */
import { types } from 'node:util';
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { Patience } from '../engine/patience.ts';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import { Context } from '../global/context.ts';
import { agree, checkSame } from '../mpi/agreement.ts';
import { Comm } from '../mpi/communicator.ts';
import { MIN } from '../mpi/operation.ts';
import { Win } from '../mpi/window.ts';

/** Bytes before the elements, of which the first four are the lock: a cache line of its own. */
const HEADER = 64;

/**
 * Elements that all processes of a communicator see, and a lock. The lock is a word in the memory itself: none of MPI's, for
 * which the process that has it would have to take part.
 */
export class SharedMemory<D extends Dtype> implements Disposable {
  readonly dtype: D;
  readonly #window: Win<Uint8Array>;
  readonly #lock: Int32Array;
  readonly #data: TypedArrayOf<D>;
  readonly #patience = new Patience();
  /** How often this process has taken the lock without giving it back. */
  #depth = 0;

  /**
   * @param where - processes of one host
   * @remarks Collective.
   */
  constructor(where: Context | Comm, dtype: D, length: number) {
    const comm = where instanceof Context ? where.comm : where;
    if (!(comm instanceof Comm) || comm.isNull) {
      throw new ArgumentTypeError('where', 'a Context or a communicator', comm);
    }
    agree(comm, () => {
      checkDtype(dtype);
      if (!Number.isSafeInteger(length) || length < 0) {
        throw new ArgumentRangeError('length', 'an integer ≥ 0', length);
      }
    });
    checkSame(comm, { dtype, length: String(length) });
    checkHost(comm);
    const { itemsize, arrayType } = DTYPES[dtype];
    const bytes = comm.rank === 0 ? HEADER + length * itemsize : 0;
    this.dtype = dtype;
    this.#window = Win.allocateShared(Uint8Array, bytes, comm);
    const { buffer } = this.#window.shared(0);
    this.#lock = new Int32Array(buffer, 0, 1);
    this.#data = new arrayType(buffer, HEADER, length) as TypedArrayOf<D>;
  }

  /**
   * The elements. They are zeros at first.
   * @throws {@link DistArrayError} `ERR_SHARED_FREED` after {@link SharedMemory.free}
   */
  get data(): TypedArrayOf<D> {
    if (this.#window.isNull) {
      throw new DistArrayError('ERR_SHARED_FREED', 'The shared memory was freed');
    }
    return this.#data;
  }

  /**
   * Does something while no other process does something with this lock, and returns what it returns. May be called
   * inside of itself.
   * @param step - does not wait for other processes of the same lock, and is not async
   */
  withLock<R>(step: () => R): R {
    if (typeof step !== 'function') throw new ArgumentTypeError('step', 'a function', step);
    if (types.isAsyncFunction(step)) throw notAsync(step);
    this.#acquire();
    try {
      const value = step();
      if (types.isPromise(value)) throw notAsync(value);
      return value;
    } finally {
      this.#release();
    }
  }

  /** Gives the memory back. @remarks Collective. */
  free(): void {
    if (!this.#window.isNull) this.#window.free();
  }

  [Symbol.dispose](): void {
    this.free();
  }

  #acquire(): void {
    const { data: _ } = this;
    if (this.#depth++ > 0) return;
    this.#patience.reset();
    while (Atomics.compareExchange(this.#lock, 0, 0, 1) !== 0) this.#patience.pause();
  }

  #release(): void {
    if (--this.#depth === 0) Atomics.store(this.#lock, 0, 0);
  }
}

function checkDtype(dtype: unknown): void {
  if (typeof dtype !== 'string') {
    throw new ArgumentTypeError('options.dtype', 'the name of a dtype', dtype);
  }
  const { kind } = DTYPES[dtype as Dtype] ?? {};
  if (kind !== undefined && kind !== 'complex' && kind !== 'bool') return;
  const known = Object.entries(DTYPES).filter(([, one]) => !['complex', 'bool'].includes(one.kind));
  const names = known.map(([name]) => name).join(', ');
  throw new ArgumentRangeError('options.dtype', `one of ${names}`, dtype);
}

/** Processes of several hosts have no memory in common. */
function checkHost(comm: Comm): void {
  const local = comm.splitType('shared');
  const isOne = comm.allreduce(local.size === comm.size ? 1 : 0, { op: MIN }) === 1;
  local.free();
  if (isOne) return;
  const message =
    "The processes are on several hosts, which have no memory in common: see comm.splitType('shared')";
  throw new DistArrayError('ERR_SHARED_HOSTS', message);
}

function notAsync(given: unknown): ArgumentTypeError {
  return new ArgumentTypeError('step', 'a function that is not async', given);
}
