/** What programs hold of arrays that are in files: local parts, or arrays of a context. */

import type { Dtype } from '../../dtype/dtype.ts';
import { ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import { type ArrayInput, readArrayInput } from '../../local/arrayInput.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import type { FromShapeOptions } from '../../maps/distributionOptions.ts';
import type { Comm } from '../../mpi/communicator.ts';
import type { Traffic } from '../../ops/redistribute/traffic.ts';

/**
 * How arrays of a kind become local arrays, and local arrays become them.
 * @internal
 */
export interface ArrayKind<A> {
  readonly comm: Comm;
  /** Processes that hold what is read, unless told otherwise; default all. */
  readonly targets?: readonly number[];
  /** Counts what this process sends to others. */
  readonly traffic?: Traffic;
  /** Whether a value is such an array, rather than data that all processes have. */
  isArray(value: unknown): value is A;
  /** @throws {@link ArgumentTypeError} or another error for what this file's arrays cannot be */
  toLocal(array: A): LocalArray;
  fromLocal(local: LocalArray): A;
}

/** Local arrays of the processes of a communicator. @internal */
export function localArraysOf(comm: Comm): ArrayKind<LocalArray> {
  return {
    comm,
    isArray: (value) => value instanceof LocalArray,
    toLocal(array) {
      if (array.comm === comm) return array;
      throw new ArgumentTypeError('array', "an array of the file's communicator", array.comm);
    },
    fromLocal: (local) => local,
  };
}

/** How an array is spread that is read from a file: see `Distribution.fromShape`. */
export type SpreadOptions = Omit<FromShapeOptions, 'size'>;

/**
 * Returns data that all processes have, the same, as an array of which each holds a copy.
 *
 * @param wanted - what numbers of nested arrays become; typed arrays have their own dtype
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function copyOnEach(value: ArrayInput, comm: Comm, wanted?: Dtype): LocalArray {
  const given = Array.isArray(value) ? wanted : undefined;
  const { shape, dtype, ...elements } = readArrayInput(value, given, 'value');
  const array = new LocalArray(Distribution.replicated(shape, { size: comm.size }), {
    comm,
    dtype,
  });
  return array.assignView({ ...elements, shape, dtype });
}

/**
 * Returns the distribution that an array of this shape is read into.
 *
 * @param what - that has the shape, for errors
 * @throws {@link DistArrayError} `ERR_HDF5_SHAPE` when a distribution of another shape is given
 */
export function distributionFor<A>(
  arrays: ArrayKind<A>,
  shape: readonly number[],
  target: Distribution | SpreadOptions,
  what: string,
): Distribution {
  if (!(target instanceof Distribution)) {
    const { targets } = arrays;
    return Distribution.fromShape(shape, { targets, size: arrays.comm.size, ...target });
  }
  if (sameShape(target.shape, shape)) return target;
  throw new DistArrayError(
    'ERR_HDF5_SHAPE',
    `The shape of ${what} is [${shape.join(', ')}], but the distribution's is ` +
      `[${target.shape.join(', ')}]`,
  );
}

/** How an array shall be spread, as text to be compared between processes. */
export function targetText(target: Distribution | SpreadOptions): string {
  return target instanceof Distribution ? String(target) : JSON.stringify(target);
}
