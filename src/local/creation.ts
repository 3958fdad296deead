/** Making local arrays (DistArray 0.5 `localapi`: `empty`, `zeros`, `ones`). */
import type { Complex, Dtype } from '../dtype/dtype.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import { LocalArray } from './localArray.ts';

/** Options of the functions that make local arrays. */
export interface CreationOptions<D extends Dtype> {
  /** Element type; default `float64`. */
  readonly dtype?: D;
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
}

/** Returns the local part of an array of zeros. Communicates nothing. */
export function zeros<D extends Dtype = 'float64'>(
  distribution: Distribution,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  return new LocalArray<D>(distribution, options);
}

/**
 * Returns the local part of an array whose values do not matter: JavaScript knows no uninitialised
 * memory, so they are zeros, which the operating system hands out when they are first touched.
 */
export const empty = zeros;

/** Returns the local part of an array of ones. Communicates nothing. */
export function ones<D extends Dtype = 'float64'>(
  distribution: Distribution,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  return full(distribution, 1, options);
}

/** Returns the local part of an array full of one value. Communicates nothing. */
export function full<D extends Dtype = 'float64'>(
  distribution: Distribution,
  value: number | bigint | boolean | Complex,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  return new LocalArray<D>(distribution, options).fill(value);
}
