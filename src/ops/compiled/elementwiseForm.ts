/** Compiled functions that compute elements one by one. */
import { DTYPES } from '../../dtype/dtype.ts';
import { iinfo } from '../../dtype/limits.ts';
import { ArgumentTypeError } from '../../errors.ts';
import { type Parameter, type Prototype, prototypeText } from '../../jit/prototype.ts';

/**
 * What the parameters of a function are for that takes arrays of equal length, and numbers, and writes one array:
 * `f(const double* a, double k, double* out, size_t n)`.
 */
export interface ElementwiseForm {
  /** Positions of the parameters that are operands: arrays that are read, and numbers. */
  readonly operands: readonly number[];
  /** Position of the array that is written. */
  readonly output: number;
  /** Position of the number of elements. */
  readonly count: number;
  /** Most elements of a call, by the type of their number. */
  readonly most: number;
}

/**
 * Returns what the parameters of a function are for: exactly one array is written, the last parameter is the number of
 * elements, and all others are operands.
 *
 * @throws {@link ArgumentTypeError} for a function of another form
 */
export function elementwiseForm(prototype: Prototype): ElementwiseForm {
  const { parameters, result } = prototype;
  const written = parameters.filter(({ isConst }) => !isConst);
  const count = parameters.length - 1;
  const last = parameters[count];
  const fits =
    result === null && written.length === 1 && written[0].passed === 'pointer' && isCount(last);
  if (!fits) {
    throw new ArgumentTypeError(
      'kernel',
      'a function of the form f(const double* a, …, double* out, size_t n), with one array that is not const, for map',
      prototypeText(prototype),
    );
  }
  const output = parameters.indexOf(written[0]);
  const operands = [...parameters.keys()].filter((k) => k !== output && k !== count);
  const most = Math.min(Number(iinfo(last.dtype).max), Number.MAX_SAFE_INTEGER);
  return { operands, output, count, most };
}

function isCount({ dtype, passed }: Parameter): boolean {
  const { kind } = DTYPES[dtype];
  return passed !== 'pointer' && (kind === 'int' || kind === 'uint');
}
