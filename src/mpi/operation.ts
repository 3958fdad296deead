/** Reduction operations. */
import { predefined } from './environment.ts';

/** An operation of {@link Comm.reduce} and its kin (`MPI_Op`). */
export class Op {
  /** Name in the MPI standard without the prefix, such as `SUM`. */
  readonly name: string;
  /** @internal */
  readonly handle: number;

  /** @internal */
  constructor(name: string, handle: number) {
    this.name = name;
    this.handle = handle;
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
