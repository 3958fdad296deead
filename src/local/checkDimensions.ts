/** How many dimensions arrays may have. */
import { ArgumentRangeError } from '../errors.ts';
import { MAX_DIMS } from '../kernels/block.ts';
import type { Distribution } from '../maps/distribution.ts';

/** @throws {@link ArgumentRangeError} for a distribution of more dimensions than the kernels know */
export function checkDimensions({ ndim }: Distribution): void {
  if (ndim <= MAX_DIMS) return;
  throw new ArgumentRangeError('distribution', `at most ${MAX_DIMS} dimensions`, ndim);
}
