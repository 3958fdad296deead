/** Joining arrays. */
import { type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { canCast, resultType } from '../../dtype/promotion.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { showShape } from '../../maps/shape.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import type { ArrayMeta } from '../operation.ts';
import { type Assembly, assemblyOperation, range, sliceAt } from './assembly.ts';
import { likeDistribution } from './likeDistribution.ts';

/** What {@link concatenateOperation} and {@link stackOperation} take. */
export interface JoinParams {
  readonly axis: number;
  /** The array that the result is distributed like. Default the first one. */
  readonly like?: number;
  /** Of the result; by default what the arrays' dtypes are promoted to. */
  readonly dtype?: Dtype;
}

/** Arrays one after the other along an axis (`numpy.concatenate`); distributed like the first one. */
export const concatenateOperation = assemblyOperation<JoinParams>('concatenate', concatenation);

/** Arrays one after the other along a new axis (`numpy.stack`), which is not distributed. */
export const stackOperation = assemblyOperation<JoinParams>('stack', stacking);

function concatenation(
  arrays: readonly ArrayMeta[],
  { axis, like = 0, dtype }: JoinParams,
): Assembly {
  const shapes = arrays.map(({ distribution }) => distribution.shape);
  const [first] = shapes;
  if (first.length === 0) {
    throw new ArgumentRangeError('arrays', 'arrays with dimensions to concatenate along', '()');
  }
  const along = positiveIndex(axis, first.length, 'options.axis');
  shapes.forEach((shape, k) => {
    const fits =
      shape.length === first.length &&
      shape.every((extent, dim) => dim === along || extent === first[dim]);
    if (fits) return;
    const expected = `a shape as ${showShape(first)}, but for axis ${along}`;
    throw new ArgumentRangeError(`arrays[${k}]`, expected, showShape(shape));
  });
  const total = shapes.reduce((sum, shape) => sum + shape[along], 0);
  let at = 0;
  const pieces = shapes.map((shape, array) => {
    const start = at;
    at += shape[along];
    return {
      to: sliceAt(shape.length, { [along]: range(start, at) }),
      from: { array, slice: [] },
    };
  });
  const shape = first.map((extent, dim) => (dim === along ? total : extent));
  return {
    dtype: joinedDtype(arrays, dtype),
    distribution: likeDistribution(arrays[like].distribution, shape),
    pieces,
  };
}

function stacking(arrays: readonly ArrayMeta[], { axis, like = 0, dtype }: JoinParams): Assembly {
  const shapes = arrays.map(({ distribution }) => distribution.shape);
  const [first] = shapes;
  const ndim = first.length + 1;
  const along = positiveIndex(axis, ndim, 'options.axis');
  shapes.forEach((shape, k) => {
    if (showShape(shape) === showShape(first)) return;
    throw new ArgumentRangeError(`arrays[${k}]`, `shape ${showShape(first)}`, showShape(shape));
  });
  const before = new Array<SliceItem>(along).fill(null);
  const expanded = arrays[like].distribution.slice([...before, newaxis, '...']);
  return {
    dtype: joinedDtype(arrays, dtype),
    distribution: likeDistribution(expanded, [
      ...first.slice(0, along),
      arrays.length,
      ...first.slice(along),
    ]),
    pieces: arrays.map((_, array) => ({
      to: sliceAt(ndim, { [along]: array }),
      from: { array, slice: [] },
    })),
  };
}

function joinedDtype(arrays: readonly ArrayMeta[], wanted: Dtype | undefined): Dtype {
  const dtypes = arrays.map(({ dtype }) => dtype);
  if (wanted === undefined) return resultType(...dtypes);
  const result = parseDtype(wanted, 'options.dtype');
  const stranger = dtypes.find((dtype) => !canCast(dtype, result, 'sameKind'));
  if (stranger === undefined) return result;
  throw new ArgumentTypeError('options.dtype', `a dtype that ${stranger} can be cast to`, wanted);
}
