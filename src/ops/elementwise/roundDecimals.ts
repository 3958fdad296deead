/** Rounding to a number of decimals. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../../dtype/dtype.ts';
import { realDtype } from '../../dtype/resolve.ts';
import { ArgumentTypeError, checkInteger } from '../../errors.ts';
import { cast } from '../../kernels/copy.ts';
import { type StridedView, viewOf } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { type ArrayMeta, arrayOperation } from '../operation.ts';
import { elementwise } from './elementwise.ts';

/** What {@link roundDecimalsOperation} takes. */
export interface RoundParams {
  /** Places after the point; negative ones before it. */
  readonly decimals: number;
}

/**
 * Elements rounded to decimals (`numpy.round`), by NumPy's way, which is fast but not always exact: multiplied by a power
 * of ten, rounded with halves to even, divided. Integers take the way through float64.
 */
export const roundDecimalsOperation = arrayOperation<RoundParams>('roundDecimals', {
  infer: inferRound,
  run: ([array], params, { comm }) => {
    const { dtype, distribution } = inferRound([array], params);
    const { decimals } = params;
    const result = new LocalArray(distribution, { dtype, comm, zeroed: false });
    if (result.localSize === 0) return result;
    const source = array.readView();
    const { kind } = DTYPES[dtype];
    if (kind === 'int' || kind === 'uint') {
      if (decimals >= 0) return result.assignView(source);
      return result.assignView(rounded(cast(source, 'float64'), decimals), 'unsafe');
    }
    const own = cast(source, dtype);
    rounded(kind === 'complex' ? partsOf(own) : own, decimals);
    return result.assignView(own);
  },
});

function inferRound(
  [{ dtype, distribution }]: readonly ArrayMeta[],
  { decimals }: RoundParams,
): ArrayMeta {
  checkInteger('decimals', decimals);
  if (dtype === 'bool') {
    throw new ArgumentTypeError('array', 'a dtype of numbers to round to decimals', dtype);
  }
  return { dtype, distribution };
}

/** Rounds a view in place. */
function rounded(view: StridedView, decimals: number): StridedView {
  const factor = powerOfTen(Math.abs(decimals));
  const [up, down] =
    decimals >= 0 ? (['multiply', 'divide'] as const) : (['divide', 'multiply'] as const);
  elementwise(up, [view, factor], { out: view });
  elementwise('round', [view], { out: view });
  return elementwise(down, [view, factor], { out: view });
}

/** Returns NumPy’s powers of ten: repeated products, from 10^23 on not always the nearest double. */
export function powerOfTen(exponent: number): number {
  let power = 1;
  for (let k = 0; k < Math.min(exponent, 400); k++) power *= 10;
  return power;
}

/** Real and imaginary parts of contiguous complex numbers, one after the other. */
function partsOf({ data, dtype }: StridedView): StridedView {
  const real = realDtype(dtype);
  return viewOf<Dtype>(data as TypedArrayOf<Dtype>, real, [data.length]);
}
