/** Elementwise functions of distributed arrays. */
import { DTYPES, type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { ELEMENTWISE, type ElementwiseName } from '../../dtype/elementwise.ts';
import { canCast, resultType } from '../../dtype/promotion.ts';
import { resolveElementwise, resolveUniform } from '../../dtype/resolve.ts';
import { isScalar, type Scalar, scalarAs, type WeakKind, weakKindOf } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { cast, copyTo, fill } from '../../kernels/copy.ts';
import {
  broadcastShapes,
  newView,
  type StridedView,
  sameShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { alignTo } from '../align.ts';
import { newArray } from '../newArray.ts';
import { type ArrayMeta, arrayOperation, type OperationEnvironment } from '../operation.ts';
import { commonDistribution } from './commonDistribution.ts';
import { elementwise, type Operand, select } from './elementwise.ts';

/** A call of an elementwise function. Its arrays are the operands that are no scalars, `out`, `where`. */
export interface ElementwiseParams {
  /** The function; `where` takes a condition and what to take where it holds, or not. */
  readonly name: ElementwiseName | 'where';
  /** One an operand: the scalar, or null for the next array. */
  readonly scalars: readonly (Scalar | null)[];
  /** What is computed in, instead of what the operands' dtypes tell. */
  readonly dtype?: Dtype;
  /** Whether an array is given that receives the result. */
  readonly hasOut: boolean;
  /** Whether an array is given that tells which elements are computed. */
  readonly hasWhere: boolean;
}

/**
 * Elementwise functions (`numpy` ufuncs): operands are broadcast together, and brought to the distribution
 * of one of them, or of `out`, where they do not lie alike.
 */
export const elementwiseOperation = arrayOperation<ElementwiseParams>('elementwise', {
  infer: inferElementwise,
  run: runElementwise,
});

function inferElementwise(arrays: readonly ArrayMeta[], params: ElementwiseParams): ArrayMeta {
  const { hasOut, hasWhere } = params;
  const dtype = resultDtype(operandsOf(arrays, params), params);
  const shape = shapeOf(arrays, hasOut);
  if (!hasOut) return { dtype, distribution: commonDistribution(arrays, shape) };
  const out = arrays[arrays.length - (hasWhere ? 2 : 1)];
  if (!sameShape(shape, out.distribution.shape)) {
    throw new ArgumentRangeError('options.out', `shape (${shape.join(', ')})`, [
      ...out.distribution.shape,
    ]);
  }
  if (!canCast(dtype, out.dtype, 'sameKind')) {
    const expected = `a dtype that ${dtype}, the result of ${params.name}, can be cast to`;
    throw new ArgumentTypeError('options.out', expected, out.dtype);
  }
  return out;
}

function runElementwise(
  arrays: readonly LocalArray[],
  params: ElementwiseParams,
  environment: OperationEnvironment,
): LocalArray {
  const { name, scalars, hasOut, hasWhere, dtype } = params;
  const meta = inferElementwise(arrays, params);
  const { distribution } = meta;
  const result = hasOut
    ? arrays[arrays.length - (hasWhere ? 2 : 1)]
    : newArray(distribution, {
        dtype: meta.dtype,
        comm: environment.comm,
        zeroed: hasWhere,
      });
  let next = 0;
  const operands = new Array<Operand>(scalars.length);
  for (let k = 0; k < scalars.length; k++) {
    operands[k] = scalars[k] ?? viewOn(arrays[next++], distribution, environment);
  }
  const where = hasWhere
    ? (viewOn(arrays[arrays.length - 1], distribution, environment) as StridedView<'bool'>)
    : undefined;
  if (result.localSize === 0) return result;
  const out = result.isStrided
    ? result.strided
    : viewOf(result.toContiguous(), result.dtype, result.localShape);
  if (name === 'where') copyTo(out, chosen(operands), { casting: 'sameKind', where });
  else elementwise(name, operands, { out, where, dtype });
  // Where the elements are no strided view of memory, a packed copy was written to.
  if (!result.isStrided) result.assignView(out);
  return result;
}

function viewOn(
  array: LocalArray,
  distribution: ArrayMeta['distribution'],
  environment: OperationEnvironment,
): StridedView {
  if (array.distribution === distribution) return array.readView();
  return alignTo(array, distribution, environment);
}

/** The elements of `x` where the condition holds, those of `y` elsewhere. */
function chosen([condition, x, y]: readonly Operand[]): StridedView {
  if (isScalar(condition)) {
    const taken = [x, y].map((each) => (isScalar(each) ? constant(each, resultType(each)) : each));
    return taken[scalarAs(condition, 'bool') ? 0 : 1];
  }
  const view = condition.dtype === 'bool' ? condition : cast(condition, 'bool');
  const numbers = isScalar(x) && isScalar(y);
  return select(view as StridedView<'bool'>, numbers ? constant(x, resultType(x, y)) : x, y);
}

function constant(value: Scalar, dtype: Dtype): StridedView {
  const view = newView(dtype, []);
  fill(view, value);
  return view;
}

function operandsOf(
  arrays: readonly ArrayMeta[],
  { hasOut, hasWhere }: ElementwiseParams,
): readonly ArrayMeta[] {
  if (!hasOut && !hasWhere) return arrays;
  if (hasWhere && arrays[arrays.length - 1].dtype !== 'bool') {
    throw new ArgumentTypeError(
      'options.where',
      'an array of dtype bool',
      arrays[arrays.length - 1].dtype,
    );
  }
  return arrays.slice(0, arrays.length - (hasOut ? 1 : 0) - (hasWhere ? 1 : 0));
}

/** The shape of all arrays together; `out` is not broadcast, but the others are to it. */
function shapeOf(arrays: readonly ArrayMeta[], hasOut: boolean): readonly number[] {
  const first = arrays[0].distribution;
  let isSame = !hasOut;
  for (let k = 1; k < arrays.length; k++) isSame &&= arrays[k].distribution === first;
  if (isSame) return first.shape;
  return broadcastShapes(arrays.map(({ distribution }) => distribution.shape));
}

function resultDtype(operands: readonly ArrayMeta[], params: ElementwiseParams): Dtype {
  const { name, scalars } = params;
  if (operands.length === 0) {
    throw new ArgumentTypeError('operands', 'at least one DistArray', 'only numbers');
  }
  if (name !== 'where' && params.dtype === undefined) {
    const [{ dtype }] = operands;
    let isUniform = true;
    for (let k = 1; k < operands.length; k++) isUniform &&= operands[k].dtype === dtype;
    if (isUniform) {
      const weak = operands.length === scalars.length ? undefined : strongest(scalars);
      const { compute, result } = resolveUniform(name, dtype, weak);
      if (weak !== undefined) checkFits(name, scalars, compute);
      return result;
    }
  }
  const dtypes = operands.map(({ dtype }) => dtype);
  if (name === 'where') {
    const [, ...chosen] = inOrder(operands, scalars);
    return resultType(...chosen);
  }
  const weak = strongest(scalars);
  const { compute, result } =
    params.dtype === undefined
      ? resolveElementwise(name, dtypes, weak)
      : resolveElementwise(name, [parseDtype(params.dtype, 'options.dtype')]);
  if (params.dtype !== undefined) {
    for (const dtype of dtypes) {
      if (canCast(dtype, compute, 'sameKind')) continue;
      throw new ArgumentTypeError('operand', `what can be cast to ${compute}`, dtype);
    }
  }
  if (weak !== undefined) checkFits(name, scalars, compute);
  return result;
}

function inOrder(
  arrays: readonly ArrayMeta[],
  scalars: readonly (Scalar | null)[],
): (Dtype | Scalar)[] {
  let next = 0;
  return scalars.map((scalar) => scalar ?? arrays[next++].dtype);
}

const WEAK_ORDER: Readonly<Record<WeakKind, number>> = { bool: 0, int: 1, float: 2, complex: 3 };

function strongest(scalars: readonly (Scalar | null)[]): WeakKind | undefined {
  let weak: WeakKind | undefined;
  for (let k = 0; k < scalars.length; k++) {
    const scalar = scalars[k];
    if (scalar === null) continue;
    const kind = weakKindOf(scalar);
    if (weak === undefined || WEAK_ORDER[kind] > WEAK_ORDER[weak]) weak = kind;
  }
  return weak;
}

/** Numbers beyond the range of an integer dtype are an error, but for comparisons. */
function checkFits(
  name: ElementwiseName,
  scalars: readonly (Scalar | null)[],
  compute: Dtype,
): void {
  const { kind } = DTYPES[compute];
  if (ELEMENTWISE[name].comparison || (kind !== 'int' && kind !== 'uint')) return;
  for (const scalar of scalars) if (scalar !== null) scalarAs(scalar, compute, 'operand');
}
