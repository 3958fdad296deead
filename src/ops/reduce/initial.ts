/** What reductions and cumulative functions begin with. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import type { ReductionName } from '../../dtype/reductions.ts';
import { assignedAs, type Scalar } from '../../dtype/scalar.ts';
import { ArgumentTypeError } from '../../errors.ts';
import { copyTo, fill } from '../../kernels/copy.ts';
import { newResult } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { normalizeReductionAxes } from '../../maps/reductionAxes.ts';
import { elementwise } from '../elementwise/elementwise.ts';
import type { ArrayMeta } from '../operation.ts';
import { type Assembly, range, sliceAt } from '../shape/assembly.ts';
import { likeDistribution } from '../shape/likeDistribution.ts';
import { type CumulativeName, cumulativeAxis } from './cumulative.ts';
import { type ReduceOptions, reduce } from './reduce.ts';

/** How results are combined with what they begin with, by reduction. */
const COMBINED_BY = { sum: 'add', prod: 'multiply', min: 'minimum', max: 'maximum' } as const;

/** The reductions that may begin with a value. */
export type InitialName = keyof typeof COMBINED_BY;

/**
 * Checks the option `initial` of a reduction.
 * @param dtype - of the result
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkInitial(name: ReductionName, initial: Scalar, dtype: Dtype): void {
  if (!Object.hasOwn(COMBINED_BY, name)) {
    const expected = `undefined: only ${Object.keys(COMBINED_BY).join(', ')} begin with a value`;
    throw new ArgumentTypeError('options.initial', expected, initial);
  }
  assignedAs(initial, dtype, 'options.initial');
}

/**
 * Returns a reduction that begins with a value, which is the result where there are no elements.
 *
 * @param options - with a mask for all of the reductions
 * @remarks Collective, as {@link reduce}.
 */
export function reduceFrom(
  array: LocalArray,
  name: InitialName,
  initial: Scalar,
  options: ReduceOptions,
): LocalArray {
  const result = reducedElements(array, name, initial, options);
  const { dtype } = result;
  if (result.localSize === 0) return result;
  const view = result.readView();
  const value = assignedAs(initial, dtype);
  return result.assignView(elementwise(COMBINED_BY[name], [view, value], { out: view }), 'unsafe');
}

function reducedElements(
  array: LocalArray,
  name: InitialName,
  initial: Scalar,
  { where, ...options }: ReduceOptions,
): LocalArray {
  if (name !== 'min' && name !== 'max') return reduce(array, name, { ...options, where });
  const { comm, distribution } = array;
  const dtype = options.dtype ?? array.dtype;
  const axes = normalizeReductionAxes(options.axis, array.ndim);
  if (axes.some((axis) => array.globalShape[axis] === 0)) {
    const ones = { keepdims: options.keepdims ?? false };
    const isFull = axes.length === array.ndim;
    const extents = ones.keepdims ? axes.map(() => 1) : [];
    const reduced = isFull
      ? Distribution.replicated(extents, { size: comm.size })
      : distribution.reduce(axes, ones);
    const result = new LocalArray(reduced, { dtype, comm });
    return result.localSize > 0 ? result.fill(initial) : result;
  }
  if (where === undefined) return reduce(array, name, options);
  // What does not count does not change the result when it is the value that this begins with.
  const chosen = new LocalArray(distribution, { dtype, comm, zeroed: false });
  if (chosen.localSize > 0) {
    const elements = newResult<Dtype>(dtype, chosen.localShape);
    fill(elements, initial);
    copyTo(elements, array.readView(), { where: where.readView(), casting: 'unsafe' });
    chosen.assignView(elements);
  }
  return reduce(chosen, name, options);
}

/** Returns the distribution of an array with one index more along an axis. */
export function withOneMore(distribution: Distribution, axis: number): Distribution {
  const { shape } = distribution;
  return likeDistribution(distribution, shape.with(axis, shape[axis] + 1));
}

/** Returns how cumulative sums or products are put behind the one of no elements. */
export function afterInitial(
  { dtype, distribution }: ArrayMeta,
  name: CumulativeName,
  axis: number | undefined,
): Assembly {
  const { ndim, shape } = distribution;
  const along = cumulativeAxis(ndim, axis);
  const unit = name === 'cumulativeSum' ? 0 : 1;
  const value = DTYPES[dtype].kind === 'bool' ? unit === 1 : unit;
  return {
    dtype,
    distribution: withOneMore(distribution, along),
    pieces: [
      { to: sliceAt(ndim, { [along]: range(0, 1) }), from: { value } },
      {
        to: sliceAt(ndim, { [along]: range(1, shape[along] + 1) }),
        from: { array: 0, slice: [] },
      },
    ],
  };
}
