/** Elements of arrays where a mask of the same shape is true. */
import { type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { cast, fill } from '../../kernels/copy.ts';
import {
  contiguousStrides,
  type StridedView,
  sameShape,
  viewOf,
} from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { alignTo } from '../align.ts';
import {
  type ArrayMeta,
  arrayOperation,
  type OperationEnvironment,
  valueOperation,
} from '../operation.ts';
import { partOfData } from '../partOfData.ts';
import type { CountParams } from './nonzero.ts';
import {
  distributionOfTrue,
  flatValues,
  inCOrder,
  isInOrder,
  picked,
  sumsOfTrue,
} from './trueElements.ts';

/**
 * Returns whether {@link selectByMaskOperation} can select from an array of this distribution: each process must have
 * elements that no other one has.
 */
export function selectsInPlace({
  isReplicated,
  hasPreciseIndex,
}: ArrayMeta['distribution']): boolean {
  return !isReplicated && hasPreciseIndex;
}

/**
 * The elements of an array (the first) where a mask (the second) is true, in C order (`a[mask]`): in even blocks on
 * the array's processes. The mask is brought to the array; elements travel to their place in the result only.
 */
export const selectByMaskOperation = arrayOperation<CountParams>('selectByMask', {
  infer: (arrays, params) => inferSelection(arrays, params),
  run: ([array, mask], params, environment) => {
    const { dtype, distribution: to } = inferSelection([array, mask], params);
    const isTrue = packedMask(mask, null, array, environment);
    const { localSize: extent, distribution: from } = array;
    const places = sumsOfTrue(isTrue, [{ extent, start: 0, step: 1, table: null }]);
    const entries = picked(viewOf(array.toContiguous(), dtype, [extent]), places);
    const flat = isInOrder(from) ? null : sumsOfTrue(isTrue, flatValues(array));
    const { data } = inCOrder(entries, flat, from, to, environment);
    return new LocalArray(to, { dtype, data, comm: environment.comm, isOwn: true });
  },
});

function inferSelection(
  [{ dtype, distribution }, mask]: readonly ArrayMeta[],
  { count }: CountParams,
): ArrayMeta {
  checkMask(distribution.shape, mask.distribution.shape);
  return { dtype, distribution: distributionOfTrue(distribution, count) };
}

/** What {@link fillByMaskOperation} takes. */
export interface FillByMaskParams {
  readonly value: Scalar;
  /** A mask that every process has; null for the second array. */
  readonly mask: StridedView | null;
}

/** Gives the elements of an array where a mask is true a value (`a[mask] = value`). Masks travel, elements do not. */
export const fillByMaskOperation = valueOperation<FillByMaskParams, void>('fillByMask', {
  isSilent: true,
  check: checkFill,
  run: ([array, mask], params, environment) => {
    checkFill([array, mask], params);
    const data = packedMask(mask, params.mask, array, environment);
    if (array.localSize === 0) return;
    const where = viewOf(data, 'bool', array.localShape);
    if (array.isStrided) fill(array.strided, params.value, where);
    else {
      const packed = viewOf(array.toContiguous(), array.dtype, array.localShape);
      fill(packed, params.value, where);
      array.assignView(packed, 'no');
    }
  },
});

function checkFill(
  [{ distribution, dtype }, mask]: readonly ArrayMeta[],
  params: FillByMaskParams,
): void {
  checkMask(distribution.shape, params.mask?.shape ?? mask.distribution.shape);
  scalarAs(params.value, dtype);
}

function checkMask(shape: readonly number[], mask: readonly number[]): void {
  if (sameShape(shape, mask)) return;
  const expected = `a boolean array of shape (${shape.join(', ')}), as the indexed one has`;
  throw new ArgumentRangeError('index', expected, `shape (${mask.join(', ')})`);
}

/** Where the elements of a view of bools begin, if they lie one after the other. */
function contiguousBegin({ dtype, shape, strides, offset }: StridedView): number | null {
  const wanted = contiguousStrides(shape);
  const isDense = shape.every((extent, axis) => extent === 1 || strides[axis] === wanted[axis]);
  return isDense && dtype === 'bool' ? offset : null;
}

/** The elements of a mask where a process has those of an array, in C order. */
function packedMask(
  mask: LocalArray | undefined,
  known: StridedView | null,
  array: LocalArray,
  environment: OperationEnvironment,
): Uint8Array {
  const { distribution, rank, localSize } = array;
  if (mask !== undefined && mask.dtype !== 'bool') {
    throw new ArgumentTypeError('index', 'an array of booleans', mask.dtype);
  }
  const aligned = mask === undefined ? null : alignTo(mask, distribution, environment);
  if (localSize === 0) return new Uint8Array(0);
  const view = aligned ?? partOfData(known as StridedView, distribution, rank);
  // Elements of a mask in the array's own memory are read before any is written.
  const begin = mask?.sharesMemoryWith(array) ? null : contiguousBegin(view);
  if (begin === null) return cast(view, 'bool').data;
  return (view.data as Uint8Array).subarray(begin, begin + localSize);
}
