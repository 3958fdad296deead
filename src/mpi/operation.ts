/** Reduction operations. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { type BufferLike, setRecv, setSend } from './buffer.ts';
import * as commandBlock from './command.ts';
import { predefined } from './environment.ts';
import { classError, commandError } from './errors.ts';

const { command, OPERATION, OUTPUT, RECV_TYPE, RESULT, raw, SEND_COUNT, SEND_TYPE } = commandBlock;

/** An operation of {@link Comm.reduce} and its kin (`MPI_Op`). */
export class Op {
  /** Name in the MPI standard without the prefix, such as `SUM`. */
  readonly name: string;
  /** The addon's handle; 0 after `free()`. @internal */
  handle: number;

  /** @internal */
  constructor(name: string, handle: number) {
    this.name = name;
    this.handle = handle;
  }

  /** Whether it is one of MPI's own. */
  get isPredefined(): boolean {
    return this.constructor === Op;
  }

  /**
   * Whether a ∘ b = b ∘ a (`MPI_Op_commutative`).
   * @throws {@link MPIError} `MPI_ERR_OP` when it was freed
   */
  get isCommutative(): boolean {
    command[OPERATION] = this.handle;
    raw.operationCommutes();
    if (command[RESULT] !== 0) throw commandError('MPI_Op_commutative');
    return command[OUTPUT] === 1;
  }

  /**
   * Combines two buffers of this process, element by element (`MPI_Reduce_local`):
   * `inoutbuf[i] = inbuf[i] ∘ inoutbuf[i]`.
   * @param inbuf as long as `inoutbuf`, and of the same datatype
   */
  reduceLocal(inbuf: BufferLike, inoutbuf: BufferLike): void {
    const count = setSend(inbuf, 'inbuf');
    const room = setRecv(inoutbuf, 'inoutbuf');
    if (count !== room) {
      throw new ArgumentRangeError('inoutbuf', `${count} elements, as inbuf has`, room);
    }
    if (command[SEND_TYPE] !== command[RECV_TYPE]) {
      throw new ArgumentTypeError('inoutbuf', 'the datatype of inbuf', inoutbuf);
    }
    command[OPERATION] = this.handle;
    raw.reduceLocal();
    if (command[RESULT] !== 0) throw commandError('MPI_Reduce_local', SEND_COUNT);
  }

  /**
   * Gives an operation of {@link createOp} back (`MPI_Op_free`).
   * @throws {@link MPIError} `MPI_ERR_OP` when it is predefined or freed already, or when started
   * communication uses it
   */
  free(): void {
    throw classError('MPI_Op_free', 'MPI_ERR_OP', `${this} is predefined`);
  }

  /** {@link Op.free}, for `using`; does nothing when it was freed before. */
  [Symbol.dispose](): void {
    if (this.handle !== 0) this.free();
  }

  toString(): string {
    return `MPI.${this.name}`;
  }
}

function builtin(name: string): Op {
  return new Op(name, predefined[name]);
}

/** Sum; of integers, floats and complex numbers. */
export const SUM = builtin('SUM');
/** Product; of integers, floats and complex numbers. */
export const PROD = builtin('PROD');
/** Minimum; not of complex numbers. */
export const MIN = builtin('MIN');
/** Maximum; not of complex numbers. */
export const MAX = builtin('MAX');
/** Logical and, or, exclusive or; of integers. */
export const LAND = builtin('LAND');
export const LOR = builtin('LOR');
export const LXOR = builtin('LXOR');
/** Bitwise and, or, exclusive or; of integers and bytes. */
export const BAND = builtin('BAND');
export const BOR = builtin('BOR');
export const BXOR = builtin('BXOR');
/** What was there is replaced; only for windows, as `NO_OP` is. */
export const REPLACE = builtin('REPLACE');
/** What was there stays: a `getAccumulate` or `fetchAndOp` with it only reads. */
export const NO_OP = builtin('NO_OP');
/** Smallest value and, among equal ones, the smallest index; of pairs such as `DOUBLE_INT`. */
export const MINLOC = builtin('MINLOC');
/** Largest value and, among equal ones, the smallest index; of pairs such as `DOUBLE_INT`. */
export const MAXLOC = builtin('MAXLOC');
