/** Making local arrays (DistArray 0.5 `localapi`: `empty`, `zeros`, `ones` and their likes). */
import type { Complex, Dtype } from '../dtype/dtype.ts';
import { ArgumentTypeError } from '../errors.ts';
import type { Distribution } from '../maps/distribution.ts';
import type { Comm } from '../mpi/communicator.ts';
import { checkOptions, optionNames } from '../options.ts';
import { LocalArray } from './localArray.ts';
import type { LocalBuffer } from './memory.ts';

/** Options of the functions that make local arrays. */
export interface CreationOptions<D extends Dtype> {
  /** Element type; default `float64`. */
  readonly dtype?: D;
  /** Processes that share the array; default `COMM_WORLD`. */
  readonly comm?: Comm;
}

/** Options of the functions that make an array like another one. */
export interface LikeOptions<D extends Dtype> {
  /** Element type; default that of the other array. */
  readonly dtype?: D;
}

const CREATION_OPTIONS = optionNames<CreationOptions<Dtype>>({ dtype: true, comm: true });
const LIKE_OPTIONS = optionNames<LikeOptions<Dtype>>({ dtype: true });

/** Returns the local part of an array of zeros. Communicates nothing. */
export function zeros<D extends Dtype = 'float64'>(
  distribution: Distribution,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  checkOptions(options, CREATION_OPTIONS, "{ dtype: 'int32' }");
  const { dtype, comm } = options;
  return new LocalArray<D>(distribution, { dtype, comm });
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

/**
 * Returns the local part of an array full of one value. Communicates nothing.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the dtype has no such value
 */
export function full<D extends Dtype = 'float64'>(
  distribution: Distribution,
  value: number | bigint | boolean | Complex,
  options: CreationOptions<D> = {},
): LocalArray<D> {
  return zeros<D>(distribution, options).fill(value);
}

/**
 * Returns an array of zeros that is distributed like another one, of its dtype unless told otherwise.
 * Communicates nothing.
 */
export function zerosLike<D extends Dtype>(
  array: LocalArray<D>,
  options: LikeOptions<D> = {},
): LocalArray<D> {
  checkArray(array);
  checkOptions(options, LIKE_OPTIONS, "{ dtype: 'int32' }");
  const { comm, dtype, distribution } = array;
  return new LocalArray<D>(distribution, { comm, dtype: options.dtype ?? dtype });
}

/** Returns an array whose values do not matter, distributed like another one: see {@link empty}. */
export const emptyLike = zerosLike;

/** Returns an array of ones that is distributed like another one, of its dtype unless told otherwise. */
export function onesLike<D extends Dtype>(
  array: LocalArray<D>,
  options: LikeOptions<D> = {},
): LocalArray<D> {
  return zerosLike(array, options).fill(1);
}

/**
 * Returns an array full of one value that is distributed like another one, of its dtype unless told
 * otherwise.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when the dtype has no such value
 */
export function fullLike<D extends Dtype>(
  array: LocalArray<D>,
  value: number | bigint | boolean | Complex,
  options: LikeOptions<D> = {},
): LocalArray<D> {
  return zerosLike(array, options).fill(value);
}

/**
 * Returns the array whose local part is an ndarray or another memory, used without a copy, and that is
 * distributed like another array (DistArray 0.5 `fromndarray_like`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} when it does not fit the local shape
 */
export function fromNdArrayLike<D extends Dtype = Dtype>(
  data: LocalBuffer<D>,
  array: LocalArray,
): LocalArray<D> {
  checkArray(array);
  if (data === undefined) throw new ArgumentTypeError('data', 'an ndarray', data);
  const { comm, distribution } = array;
  return new LocalArray<D>(distribution, { comm, data });
}

function checkArray(array: unknown): void {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
}
