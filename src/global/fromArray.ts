/** Making arrays of data. */
import type { Dtype } from '../dtype/dtype.ts';
import { parseDtype } from '../dtype/dtype.ts';
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import type { StridedView } from '../kernels/stridedView.ts';
import { type ArrayInput, readArrayInput } from '../local/arrayInput.ts';
import type { Distribution } from '../maps/distribution.ts';
import { agree, checkSame, onRoot } from '../mpi/agreement.ts';
import { createFromData } from '../ops/creation.ts';
import type { ContextCreation, CreationOptions } from './contextCreation.ts';
import type { DistArray } from './distArray.ts';

/** Options of `fromArray`. */
export interface FromArrayOptions<D extends Dtype = Dtype> extends CreationOptions<D> {
  /** How the array is spread, in the place of `dist`, `gridShape` and `targets`; of the data's shape. */
  readonly distribution?: Distribution;
  /** The one process that has the data; default all have them. */
  readonly root?: number;
}

/** Returns the distributed array of data that all processes have, or one of them. */
export function fromArray<D extends Dtype>(
  context: ContextCreation,
  array: ArrayInput<D> | null,
  options: FromArrayOptions<D>,
): DistArray<D> {
  const { dtype: wanted, distribution: given, root = null, ...rest } = options;
  const { comm } = context;
  if (root !== null) checkInteger('options.root', root, 0, comm.size - 1);
  let data: StridedView | null = null;
  const read = () => {
    data = readArrayInput(array, wanted);
    return data;
  };
  // What the root knows of its data the others are told.
  const { shape, dtype } =
    root === null
      ? agree(comm, read)
      : (JSON.parse(onRoot(comm, () => summary(read()), root)) as Pick<
          StridedView,
          'shape' | 'dtype'
        >);
  // Arrays of other shapes would disagree on who has which part.
  if (root === null)
    checkSame(comm, { 'array.shape': `(${shape.join(', ')})`, 'array.dtype': dtype });
  const distribution = given ?? context.distribution(shape, rest);
  context.checkDistribution(distribution, 'options.distribution');
  if (String(distribution.shape) !== String(shape)) {
    const expected = `a distribution of shape (${shape.join(', ')}), as the array has`;
    throw new ArgumentRangeError('options.distribution', expected, [...distribution.shape]);
  }
  return context.created(createFromData, {
    dtype: wanted === undefined ? dtype : parseDtype(wanted, 'options.dtype'),
    distribution,
    data: root === null || comm.rank === root ? data : null,
    root,
  });
}

function summary({ shape, dtype }: StridedView): string {
  return JSON.stringify({ shape, dtype });
}
