/** Prototypes: what functions in a source take and return. */
import type { Dtype } from '../dtype/dtype.ts';

/** One parameter of a function. */
export interface Parameter {
  readonly name: string;
  /** The type of the value, or of the elements that a pointer points to. */
  readonly dtype: Dtype;
  /**
   * `value`: a number. `pointer`: an array. `reference`: a scalar of Fortran that is passed by its address: a number
   * when it is only read, otherwise an array of one element.
   */
  readonly passed: 'value' | 'pointer' | 'reference';
  /** Whether the function only reads what it points to; true for values. */
  readonly isConst: boolean;
  /** Its type in C or C++, as calls of the function have it. */
  readonly type: string;
}

/** A function that can be called. */
export interface Prototype {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** What it returns; null for nothing. */
  readonly result: { readonly dtype: Dtype; readonly type: string } | null;
}

/** The functions of a source. */
export interface ParsedSource {
  readonly functions: readonly Prototype[];
  /** Functions that cannot be called, and why. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
}

/** A declaration that is no prototype of a function that can be called. */
export class NotCallable extends Error {}

/** Returns a prototype as text: `f(const float64[], float64[], uint64)`. */
export function prototypeText({ name, parameters, result }: Prototype): string {
  const list = parameters.map(({ dtype, passed, isConst, name: own }) => {
    const type = passed === 'value' ? dtype : `${isConst ? 'const ' : ''}${dtype}[]`;
    return `${type} ${own}`;
  });
  return `${name}(${list.join(', ')})${result === null ? '' : `: ${result.dtype}`}`;
}
