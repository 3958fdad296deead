/** Strided views: what the kernels read and write. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { ArgumentRangeError } from '../errors.ts';
import { addressOfArray } from '../mpi/buffer.ts';
import { allocateForResult, allocateLocal } from './allocation.ts';
import { block, DTYPE_NUMBERS, MAX_DIMS } from './block.ts';

/**
 * A view of the elements of a typed array: element `(i, j, …)` is at
 * `offset + i · strides[0] + j · strides[1] + …`, all in elements of the dtype (a complex number is one
 * element). Strides may be negative, and 0 where a dimension is broadcast.
 */
export interface StridedView<D extends Dtype = Dtype> {
  readonly data: TypedArrayOf<D>;
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Returns the strides, in elements, of a C-contiguous array of a shape. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    strides[dim] = step;
    step *= shape[dim];
  }
  return strides;
}

/** Returns the number of elements of a shape. */
export function sizeOfShape(shape: readonly number[]): number {
  let size = 1;
  for (let dim = 0; dim < shape.length; dim++) size *= shape[dim];
  return size;
}

/** Returns a new zeroed C-contiguous array of a shape and dtype. */
export function newView<D extends Dtype>(dtype: D, shape: readonly number[]): StridedView<D> {
  return viewOf(allocateLocal(dtype, sizeOfShape(shape)), dtype, shape);
}

/** Returns a C-contiguous array of a shape and dtype that the caller writes all of ({@link allocateForResult}). */
export function newResult<D extends Dtype>(dtype: D, shape: readonly number[]): StridedView<D> {
  return viewOf(allocateForResult(dtype, sizeOfShape(shape)), dtype, shape);
}

/** Returns a typed array as a C-contiguous view of a shape. */
export function viewOf<D extends Dtype>(
  data: TypedArrayOf<D>,
  dtype: D,
  shape: readonly number[],
): StridedView<D> {
  return { data, dtype, shape, strides: contiguousStrides(shape), offset: 0 };
}

/**
 * Returns the shape that operands of these shapes have together (`numpy.broadcast_shapes`).
 * @throws {@link ArgumentRangeError} with all shapes in it when they do not fit
 */
export function broadcastShapes(shapes: readonly (readonly number[])[]): readonly number[] {
  let result = shapes[0] ?? [];
  for (let k = 1; k < shapes.length; k++) {
    const shape = shapes[k];
    if (shape === result || sameShape(shape, result)) continue;
    const [long, short] = shape.length > result.length ? [shape, result] : [result, shape];
    const lead = long.length - short.length;
    result = long.map((extent, dim) => {
      const other = dim < lead ? 1 : short[dim - lead];
      if (extent === other || other === 1) return extent;
      if (extent === 1) return other;
      throw new ArgumentRangeError(
        'operands',
        'shapes that can be broadcast together',
        shapes.map((each) => `(${each.join(', ')})`).join(' '),
      );
    });
  }
  return result;
}

/** Whether two shapes are the same. */
export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let dim = 0; dim < a.length; dim++) if (a[dim] !== b[dim]) return false;
  return true;
}

/**
 * Writes a view, broadcast to `shape`, into the kernels' block at `slot`: address, dtype, strides in bytes.
 * Returns the slot after it. All of the view must lie in its memory.
 *
 * @throws {@link ArgumentRangeError} when it does not, or does not broadcast to `shape`
 */
export function writeView(
  view: StridedView,
  shape: readonly number[],
  slot: number,
  argument: string,
): number {
  const { data, dtype, strides } = view;
  const { itemsize, lanes } = DTYPES[dtype];
  const lead = shape.length - view.shape.length;
  if (lead < 0) throw broadcastError(argument, view.shape, shape);
  let low = view.offset;
  let high = view.offset;
  let empty = false;
  for (let dim = 0; dim < shape.length; dim++) {
    const extent = dim < lead ? 1 : view.shape[dim - lead];
    if (extent !== shape[dim] && extent !== 1) throw broadcastError(argument, view.shape, shape);
    const stride = extent === 1 ? 0 : strides[dim - lead];
    block[slot + 2 + dim] = stride * itemsize;
    if (extent === 0) empty = true;
    else if (stride > 0) high += stride * (extent - 1);
    else low += stride * (extent - 1);
  }
  if (!empty && !(low >= 0 && high < data.length / lanes)) {
    throw new ArgumentRangeError(
      argument,
      `a view within its ${data.length / lanes} elements`,
      `elements ${low} to ${high}`,
    );
  }
  block[slot] = addressOfArray(data, argument) + view.offset * itemsize;
  block[slot + 1] = DTYPE_NUMBERS[dtype];
  return slot + 2 + shape.length;
}

/** Writes the shape of a call into the block, at `slot`, and returns the slot after it. */
export function writeShape(shape: readonly number[], slot: number): number {
  if (shape.length > MAX_DIMS) {
    throw new ArgumentRangeError('shape', `at most ${MAX_DIMS} dimensions`, shape.length);
  }
  for (let dim = 0; dim < shape.length; dim++) block[slot + dim] = shape[dim];
  return slot + shape.length;
}

function broadcastError(
  argument: string,
  from: readonly number[],
  to: readonly number[],
): ArgumentRangeError {
  return new ArgumentRangeError(
    argument,
    `a shape that can be broadcast to (${to.join(', ')})`,
    `(${from.join(', ')})`,
  );
}
