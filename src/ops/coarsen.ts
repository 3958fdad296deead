/** Coarsening: means over the cells of a coarser grid. */
import { DTYPES } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import type { LocalArray } from '../local/localArray.ts';

/** A small matrix of float64 in C order. */
export interface CoarseMatrix {
  readonly shape: readonly [number, number];
  readonly data: Float64Array;
}

/** Options of {@link coarsen}. */
export interface CoarsenOptions {
  /** Rank that gets the result; default 0. */
  readonly root?: number;
}

/**
 * Returns the means of a 2-D array over the cells of a coarser grid, on the root; null elsewhere. No
 * rank holds more of the array than its part: only sums over cells travel.
 *
 * @param array real, of shape (n, m)
 * @param shape of the result, (h, w) with h ≤ n and w ≤ m; cell (r, c) covers the indices i with
 * ⌊i·h/n⌋ = r along the first axis, likewise along the second
 * @remarks Collective over `array.comm`.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function coarsen(
  array: LocalArray,
  shape: readonly [number, number],
  options: CoarsenOptions = {},
): CoarseMatrix | null {
  const { root = 0 } = options;
  checkArguments(array, shape);
  const [height, width] = shape;
  const [rows, columns] = [0, 1].map((axis) => cellsOf(array, axis, shape[axis]));
  const sums = new Float64Array(height * width);
  const data = array.toContiguous() as Float64Array;
  for (let i = 0, k = 0; i < rows.length; i++) {
    const base = rows[i] * width;
    for (let j = 0; j < columns.length; j++, k++) sums[base + columns[j]] += data[k];
  }
  const isRoot = array.comm.rank === root;
  const totals = isRoot ? new Float64Array(height * width) : null;
  array.comm.reduce(sums, totals, { root });
  if (totals === null) return null;
  divideByCellSizes(totals, array.globalShape, shape);
  return { shape: [height, width], data: totals };
}

/** For each local index along an axis, the cell that it lies in. */
function cellsOf(array: LocalArray, axis: number, cells: number): Int32Array {
  const extent = array.globalShape[axis];
  return Int32Array.from(array.globalIndices(axis), (i) => Math.floor((i * cells) / extent));
}

function divideByCellSizes(
  totals: Float64Array,
  globalShape: readonly number[],
  [height, width]: readonly [number, number],
): void {
  const [perRow, perColumn] = [height, width].map((cells, axis) => {
    const sizes = new Float64Array(cells);
    const extent = globalShape[axis];
    for (let i = 0; i < extent; i++) sizes[Math.floor((i * cells) / extent)]++;
    return sizes;
  });
  for (let r = 0, k = 0; r < height; r++) {
    for (let c = 0; c < width; c++, k++) totals[k] /= perRow[r] * perColumn[c];
  }
}

function checkArguments(array: LocalArray, shape: readonly [number, number]): void {
  if (array.ndim !== 2) throw new ArgumentRangeError('array', 'two dimensions', array.ndim);
  if (DTYPES[array.dtype].kind === 'complex' || array.itemsize !== array.data.BYTES_PER_ELEMENT) {
    throw new ArgumentTypeError('array', 'a real dtype', array.dtype);
  }
  if (array.data instanceof BigInt64Array || array.data instanceof BigUint64Array) {
    throw new ArgumentTypeError('array', 'a dtype of at most 32 bits or a float', array.dtype);
  }
  if (!Array.isArray(shape) || shape.length !== 2) {
    throw new ArgumentRangeError('shape', 'two extents', shape);
  }
  for (const axis of [0, 1]) {
    checkInteger(`shape[${axis}]`, shape[axis], 1, array.globalShape[axis]);
  }
}
