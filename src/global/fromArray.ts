/** Making arrays of data. */
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import type { StridedView } from '../kernels/stridedView.ts';
import { type ArrayInput, readArrayInput } from '../local/arrayInput.ts';
import type { Distribution } from '../maps/distribution.ts';
import { createFromData } from '../ops/creation.ts';
import { checkOptions, optionNames } from '../options.ts';
import { refuseBesideDistribution } from './contextBase.ts';
import type { ContextCreation } from './contextCreation.ts';
import { CREATION_OPTIONS, type CreationOptions } from './creationOptions.ts';
import { distributionText } from './describeCall.ts';
import type { DistArray } from './distArray.ts';

/** Options of `fromArray`. */
export interface FromArrayOptions<D extends Dtype = Dtype> extends CreationOptions<D> {
  /** How the array is spread, in the place of `dist`, `gridShape` and `targets`; of the data's shape. */
  readonly distribution?: Distribution;
  /** The one process that has the data; default all have them. */
  readonly root?: number;
}

const FROM_ARRAY_OPTIONS = optionNames<FromArrayOptions>({
  ...CREATION_OPTIONS,
  distribution: true,
  root: true,
});

/** Returns the distributed array of data that all processes have, or one of them. */
export function fromArray<D extends Dtype>(
  context: ContextCreation,
  array: ArrayInput<D> | null,
  options: FromArrayOptions<D>,
): DistArray<D> {
  const { session } = context;
  // Also a wrong option of one process only is an error on all.
  session.agree(() => {
    checkOptions(options, FROM_ARRAY_OPTIONS, '{ dtype, dist }');
    const { root = null } = options;
    if (root !== null) checkInteger('options.root', root, 0, session.size - 1);
  });
  session.checkSame({ 'options.root': String(options.root ?? null) });
  const { dtype: wanted, distribution: given, root = null, ...rest } = options;
  let data: StridedView | null = null;
  const read = () => {
    data = readArrayInput(array, wanted);
    return data;
  };
  /** How data of this shape are to lie. */
  const place = ({ shape }: Pick<StridedView, 'shape'>): Distribution => {
    if (given !== undefined) refuseBesideDistribution(rest);
    const distribution = given ?? context.distribution(shape, rest);
    context.checkDistribution(distribution, 'options.distribution');
    if (String(distribution.shape) === String(shape)) return distribution;
    const expected = `a distribution of shape (${shape.join(', ')}), as the array has`;
    throw new ArgumentRangeError('options.distribution', expected, [...distribution.shape]);
  };
  if (root !== null) {
    // What the root knows of its data the others are told.
    const told = JSON.parse(session.tellAll(() => summary(read()), root)) as Summary;
    const distribution = session.agree(() => place(told));
    return context.created(createFromData, {
      dtype: wanted ?? told.dtype,
      distribution,
      data,
      root,
    });
  }
  const { shape, dtype, distribution } = session.agree(() => {
    const view = read();
    return { shape: view.shape, dtype: wanted ?? view.dtype, distribution: place(view) };
  });
  // Arrays of other shapes would disagree on who has which part.
  session.checkSame({
    'array.shape': `(${shape.join(', ')})`,
    'array.dtype': dtype,
    options: distributionText(distribution),
  });
  return context.created(createFromData, { dtype, distribution, data, root });
}

type Summary = Pick<StridedView, 'shape' | 'dtype'>;

function summary({ shape, dtype }: StridedView): string {
  return JSON.stringify({ shape, dtype });
}
