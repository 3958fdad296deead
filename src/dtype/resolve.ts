/** Which dtype an elementwise function computes in, and which one its result has. */
import { ArgumentTypeError } from '../errors.ts';
import { DTYPES, type Dtype } from './dtype.ts';
import { type DtypeRule, ELEMENTWISE, type ElementwiseName } from './elementwise.ts';

/** The dtypes of one call. */
export interface Resolution {
  /** Operands are cast to it, and the kernel computes in it. */
  readonly compute: Dtype;
  readonly result: Dtype;
}

/**
 * Returns the dtypes of an elementwise function for operands whose dtypes promote to `dtype`.
 *
 * @throws {@link ArgumentTypeError} when the function takes no such operands (`bitwiseAnd` of floats)
 */
export function resolveElementwise(name: ElementwiseName, dtype: Dtype): Resolution {
  const compute = computeDtype(ELEMENTWISE[name].rule, dtype);
  if (compute === undefined) {
    throw new ArgumentTypeError(`operands of ${name}`, kindsOf(ELEMENTWISE[name].rule), dtype);
  }
  const { result } = ELEMENTWISE[name].rule;
  if (result === 'same') return { compute, result: compute };
  return { compute, result: result === 'bool' ? 'bool' : realDtype(compute) };
}

/** Returns the dtype of the real part of numbers: float32 for complex64, itself for real ones. */
export function realDtype(dtype: Dtype): Dtype {
  if (DTYPES[dtype].kind !== 'complex') return dtype;
  return dtype === 'complex64' ? 'float32' : 'float64';
}

function computeDtype(rule: DtypeRule, dtype: Dtype): Dtype | undefined {
  const { kind } = DTYPES[dtype];
  const wish = rule[kind === 'uint' ? 'int' : kind];
  switch (wish) {
    case 'same':
      return dtype;
    case 'float':
      return DTYPES[dtype].itemsize <= 2 ? 'float32' : 'float64';
    case 'none':
      return undefined;
    default:
      return wish;
  }
}

function kindsOf(rule: DtypeRule): string {
  const kinds = (['bool', 'int', 'float', 'complex'] as const).filter(
    (kind) => rule[kind] !== 'none',
  );
  return `arrays of kind ${kinds.join(', ')}`;
}
