/** Comparing arrays of floats. */
import { DTYPES, type Dtype } from '../dtype/dtype.ts';
import { checkOptions, optionNames } from '../options.ts';
import type { DistArray } from './distArray.ts';
import * as fn from './elementwise/functions.ts';
import { all } from './reductions.ts';

/** Options of `allclose`, with NumPy's defaults. */
export interface AllcloseOptions {
  /** Relative tolerance. Default 1e-5. */
  readonly rtol?: number;
  /** Absolute tolerance. Default 1e-8. */
  readonly atol?: number;
  /** Whether NaNs are close to each other. Default false. */
  readonly equalNan?: boolean;
}

const ALLCLOSE_OPTIONS = optionNames<AllcloseOptions>({ rtol: true, atol: true, equalNan: true });

/** Returns whether |a − b| ≤ atol + rtol · |b| everywhere; infinities are close to themselves only. */
export function allclose(
  a: DistArray<Dtype>,
  b: DistArray<Dtype> | number,
  options: AllcloseOptions,
): boolean {
  checkOptions(options, ALLCLOSE_OPTIONS, '{ rtol, atol }');
  const { rtol = 1e-5, atol = 1e-8, equalNan = false } = options;
  const given = typeof b === 'number' ? a.copy().astype('float64').fill(b) : b;
  // Differences of unsigned integers wrap around, and there are none of booleans.
  const other = isInexact(given.dtype) ? given : given.astype('float64');
  const tolerance = fn.add(fn.multiply(fn.abs(other), rtol), atol);
  const near = fn.lessEqual(fn.abs(fn.subtract(a, other)), tolerance);
  const close = fn.logicalOr(fn.equal(a, other), fn.logicalAnd(near, fn.isfinite(other)));
  if (!equalNan) return all(close).item();
  const bothNan = fn.logicalAnd(fn.isnan(a), fn.isnan(other));
  return all(fn.logicalOr(close, bothNan)).item();
}

function isInexact(dtype: Dtype): boolean {
  const { kind } = DTYPES[dtype];
  return kind === 'float' || kind === 'complex';
}
