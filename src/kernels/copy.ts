/** Copies, casts, fills, and packing by index vectors, of local strided views. */
import { type Dtype, dtypeOf, type TypedArrayOf } from '../dtype/dtype.ts';
import { type Casting, canCast } from '../dtype/promotion.ts';
import { assignedAs, type Scalar } from '../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { addressOfArray } from '../mpi/buffer.ts';
import {
  BAD_INDEX,
  block,
  checkKernel,
  DIMENSIONS,
  DTYPE_NUMBERS,
  KERNEL_RESULT,
  MASKED,
  OPERANDS,
  raw,
  SHAPE,
} from './block.ts';
import { writeConstant } from './constant.ts';
import { newResult, type StridedView, sameShape, writeShape, writeView } from './stridedView.ts';

/** Options of {@link copyTo} and {@link fill}. */
export interface CopyOptions {
  /** Which casts are allowed. Default `'sameKind'`, as in assignments of NumPy. */
  readonly casting?: Casting;
  /** Only elements where this bool view (broadcast) is true are written. */
  readonly where?: StridedView<'bool'>;
}

/**
 * Copies a view, broadcast and cast, to another one (`numpy.copyto`). They may overlap.
 *
 * @remarks Local. Floats become integers by truncation, then modulo 2^bits; NaN, infinities and what
 * does not fit into 64 bits become the smallest int64, whose low bits are 0. Complex numbers lose
 * their imaginary part.
 * @throws {@link ArgumentTypeError} for a cast that is not allowed
 * @throws {@link ArgumentRangeError} when the shapes do not fit
 */
export function copyTo(target: StridedView, source: StridedView, options: CopyOptions = {}): void {
  const { casting = 'sameKind', where } = options;
  if (!canCast(source.dtype, target.dtype, casting)) {
    throw new ArgumentTypeError(
      'source',
      `what can be cast to ${target.dtype} by the rule '${casting}'`,
      source.dtype,
    );
  }
  const { shape } = target;
  let slot = writeView(target, shape, writeShape(shape, SHAPE), 'target');
  slot = writeView(source, shape, slot, 'source');
  if (where !== undefined) writeView(where, shape, slot, 'where');
  performCopy(shape, where !== undefined);
}

/**
 * Sets all elements of a view to a value (`ndarray.fill`).
 *
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError} when the dtype has no such value (int8 and 300)
 */
export function fill(target: StridedView, value: Scalar, where?: StridedView<'bool'>): void {
  const { shape } = target;
  const element = assignedAs(value, target.dtype);
  let slot = writeView(target, shape, writeShape(shape, SHAPE), 'target');
  slot = writeConstant(element, target.dtype, shape.length, slot, 0, 'value');
  if (where !== undefined) writeView(where, shape, slot, 'where');
  performCopy(shape, where !== undefined);
}

function performCopy(shape: readonly number[], masked: boolean): void {
  block[DIMENSIONS] = shape.length;
  block[OPERANDS] = masked ? 3 : 2;
  block[MASKED] = masked ? 1 : 0;
  raw.copy();
  checkKernel('copy');
}

/**
 * Returns a new C-contiguous array with the elements of a view as another dtype (`ndarray.astype`).
 * @throws {@link ArgumentTypeError} for a cast that `casting` (default `'unsafe'`) does not allow
 */
export function cast<D extends Dtype>(
  source: StridedView,
  dtype: D,
  casting: Casting = 'unsafe',
): StridedView<D> {
  const result = newResult(dtype, source.shape);
  copyTo(result, source, { casting });
  return result;
}

/** Which elements of an axis: positions, each in [0, length); null for all of it. */
export type AxisPositions = Int32Array | Uint32Array | Float64Array | BigInt64Array | null;

/**
 * Copies from `source` the elements at all combinations of per-axis positions to `packed`:
 * `packed[i, j] = source[positions[0][i], positions[1][j]]` (`source[numpy.ix_(…)]`).
 *
 * @remarks Local. Both have one dtype; `packed` has one dimension per axis, as long as its positions, and shares
 * no memory with `source`.
 * @throws {@link ArgumentRangeError} for positions out of range, and shapes that do not fit
 */
export function gather(
  packed: StridedView,
  source: StridedView,
  positions: readonly AxisPositions[],
): void {
  move('gather', source, packed, positions);
}

/**
 * The reverse of {@link gather}: `target[positions[0][i], positions[1][j]] = packed[i, j]`. Where a
 * position occurs twice, the last one's element stays.
 */
export function scatter(
  target: StridedView,
  packed: StridedView,
  positions: readonly AxisPositions[],
): void {
  move('scatter', target, packed, positions);
}

function move(
  name: 'gather' | 'scatter',
  indexed: StridedView,
  packed: StridedView,
  positions: readonly AxisPositions[],
): void {
  const { shape } = packed;
  checkPacking(indexed, packed, positions);
  // Of the indexed view's memory all may be reached, hence its own shape is what is checked.
  const start = writeShape(shape, SHAPE);
  writeView(indexed, indexed.shape, start, 'indexed');
  let slot = writeView(packed, shape, start + 2 + shape.length, 'packed');
  for (let axis = 0; axis < shape.length; axis++, slot += 3) {
    const index = positions[axis];
    block[slot] = index === null || index.length === 0 ? 0 : addressOfArray(index, 'positions');
    block[slot + 1] = index === null ? 0 : DTYPE_NUMBERS[dtypeOf(index)];
    block[slot + 2] = indexed.shape[axis];
  }
  block[DIMENSIONS] = shape.length;
  block[OPERANDS] = 2;
  raw[name]();
  const badAxis = block[KERNEL_RESULT] - BAD_INDEX;
  if (badAxis >= 0) {
    throw new ArgumentRangeError(
      `positions[${badAxis}]`,
      `positions in [0, ${indexed.shape[badAxis]})`,
      [...(positions[badAxis] ?? [])],
    );
  }
  checkKernel(name);
}

function checkPacking(
  indexed: StridedView,
  packed: StridedView,
  positions: readonly AxisPositions[],
): void {
  if (packed.dtype !== indexed.dtype) {
    throw new ArgumentTypeError('packed', `a view of dtype ${indexed.dtype}`, packed.dtype);
  }
  const wanted = indexed.shape.map((extent, axis) => positions[axis]?.length ?? extent);
  if (positions.length !== wanted.length || !sameShape(wanted, packed.shape)) {
    throw new ArgumentRangeError(
      'packed',
      `shape (${wanted.join(', ')}), as the positions tell`,
      `(${packed.shape.join(', ')})`,
    );
  }
  if (packed.data.buffer === indexed.data.buffer) {
    throw new ArgumentRangeError('packed', 'memory of its own', 'a view of the same buffer');
  }
}

/** Returns the elements of a view, in C order, as a new typed array. */
export function toContiguous<D extends Dtype>(view: StridedView<D>): TypedArrayOf<D> {
  return cast(view, view.dtype, 'no').data;
}
