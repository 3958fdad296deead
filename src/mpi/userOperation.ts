/** Operations of reductions that are JavaScript functions. */
import { ArgumentTypeError } from '../errors.ts';
import { holdBuffers, releaseBuffers, type TypedArray } from './buffer.ts';
import { ARGUMENT0, ARGUMENT1, command, OPERATION, OUTPUT, RESULT, raw } from './command.ts';
import { classError, commandError, operationErrors, takeRefusal } from './errors.ts';
import { debugging, track, untrack } from './leaks.ts';
import { Op } from './operation.ts';

/**
 * Combines two arrays element by element, `b[i] = a[i] ∘ b[i]`; `a` comes from lower ranks. Both have
 * the elements of the buffers (complex numbers are pairs), but MPI may hand over any part of them.
 * They are gone when the function returns.
 */
export type Reducer<A extends TypedArray = TypedArray> = (a: A, b: A) => void;

/** Options of {@link createOp}. */
export interface CreateOpOptions {
  /** Whether a ∘ b = b ∘ a, which lets MPI choose a faster order. Default false. */
  readonly commute?: boolean;
  /** What `String(op)` and errors call it. Default: the function's name. */
  readonly name?: string;
}

/** Functions by slot, `kSlots` of `native/mpi/user_operation.h`: MPI gives an operation no argument
 * that tells which one it is, so each has a C function of its own. */
const reducers: (Reducer | undefined)[] = new Array(16).fill(undefined);

/** Arrays of the kinds of elements, in the order of `kindOf` in `native/mpi/user_operation.cc`. */
const arrayKinds = [
  Int8Array,
  Int16Array,
  Int32Array,
  BigInt64Array,
  Uint8Array,
  Uint16Array,
  Uint32Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
  Float32Array,
  Float64Array,
  Uint8Array,
  Uint8Array,
] as const;

raw.setReducer(reduce);

/**
 * Returns an operation for reductions that is a JavaScript function (`MPI_Op_create`). At most 16
 * exist at a time: `free()` it, or declare it with `using`.
 *
 * @remarks The function must be associative; it runs inside of MPI, so it cannot call MPI, and it
 * cannot be async. When it throws, the reduction throws on every rank: on this one with its error as
 * the `cause`. For that, every reduction with it ends in a small allreduce; a started one is complete
 * only when every rank waits for it or looks at it.
 * @throws {@link MPIError} `MPI_ERR_OTHER` when 16 exist already
 */
export function createOp<A extends TypedArray = TypedArray>(
  reducer: Reducer<A>,
  options?: CreateOpOptions,
): Op {
  if (typeof reducer !== 'function') {
    throw new ArgumentTypeError('reducer', 'a function (a, b) => void', reducer);
  }
  const slot = reducers.indexOf(undefined);
  if (slot < 0) {
    const why = `${reducers.length} user operations exist already: free() one first`;
    throw classError('MPI_Op_create', 'MPI_ERR_OTHER', why);
  }
  command[ARGUMENT0] = slot;
  command[ARGUMENT1] = options?.commute ? 1 : 0;
  raw.createOperation();
  if (command[RESULT] !== 0) throw commandError('MPI_Op_create');
  reducers[slot] = reducer as Reducer;
  operationErrors[slot] = undefined;
  holdBuffers();
  return new UserOp(options?.name ?? (reducer.name || 'anonymous'), command[OUTPUT], slot);
}

class UserOp extends Op {
  readonly #slot: number;

  constructor(name: string, handle: number, slot: number) {
    super(name, handle);
    if (debugging) track('operation', handle);
    this.#slot = slot;
  }

  override free(): void {
    command[OPERATION] = this.handle;
    raw.freeOperation();
    if (command[RESULT] !== 0) throw commandError('MPI_Op_free');
    if (debugging) untrack(this.handle);
    this.handle = 0;
    reducers[this.#slot] = undefined;
    operationErrors[this.#slot] = undefined;
    releaseBuffers();
  }

  override toString(): string {
    return `MPI.Op(${this.name})`;
  }
}

/** What the addon calls: both operands lie in `memory`, `b` after `a`. Never throws. */
function reduce(slot: number, kind: number, memory: ArrayBuffer, elements: number): boolean {
  try {
    const Kind = arrayKinds[kind];
    const a = new Kind(memory, 0, elements);
    const b = new Kind(memory, memory.byteLength / 2, elements);
    takeRefusal();
    const result: unknown = reducers[slot]!(a, b);
    const refusal = takeRefusal();
    if (refusal !== undefined) throw refusal;
    if (result instanceof Promise) {
      result.catch(() => {});
      throw new ArgumentTypeError('reducer', 'a function that is not async', result);
    }
    return true;
  } catch (error) {
    operationErrors[slot] = error;
    return false;
  }
}
