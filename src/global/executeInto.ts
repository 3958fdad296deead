/** Results that go to arrays which are given. */
import type { Dtype } from '../dtype/dtype.ts';
import { canCast } from '../dtype/promotion.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { sameShape } from '../kernels/stridedView.ts';
import { showShape } from '../maps/shape.ts';
import type { ArrayOperation } from '../ops/operation.ts';
import { DistArray } from './distArray.ts';
import { sameContext } from './isDistArray.ts';

/** An option of functions that make arrays. */
export interface OutOptions<R extends Dtype = Dtype> {
  /** Where the result goes, cast and redistributed, instead of to a new array. It may be one of the operands. */
  readonly out?: DistArray<R>;
}

/**
 * Carries out an operation on arrays of one context, into an array if one is given.
 *
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError} or {@link ContextError}, before anything is computed,
 * for an `out` of another shape, of a dtype that the result cannot be cast to, or of another context
 */
export function executeInto<Params, R extends Dtype>(
  arrays: readonly DistArray<Dtype>[],
  operation: ArrayOperation<Params>,
  params: Params,
  out: DistArray<R> | undefined,
): DistArray<R> {
  const [{ context }] = arrays;
  const handles = arrays.map(({ handle }) => handle);
  if (out !== undefined) {
    if (!(out instanceof DistArray)) throw new ArgumentTypeError('options.out', 'a DistArray', out);
    sameContext(arrays[0], out);
    const { dtype, distribution } = operation.infer(handles, params, context.size);
    if (!sameShape(out.shape, distribution.shape)) {
      const expected = `shape ${showShape(distribution.shape)}`;
      throw new ArgumentRangeError('options.out', expected, [...out.shape]);
    }
    if (!canCast(dtype, out.dtype, 'sameKind')) {
      const expected = `a dtype that ${dtype}, the result of ${operation.name}, can be cast to`;
      throw new ArgumentTypeError('options.out', expected, out.dtype);
    }
  }
  const result = new DistArray<R>(context, context.session.execute(operation, handles, params));
  return out === undefined ? result : out.assign(result);
}
