/** Matrix products of local strided views. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { block, checkKernel, DIMENSIONS, MASKED, OPERANDS, raw, SHAPE } from './block.ts';
import { fill } from './copy.ts';
import { type StridedView, sameShape, writeShape, writeView } from './stridedView.ts';

/**
 * What computes products of floats: `none` for our own kernel, or `openblas` where `DISTARRAY_BLAS=openblas` asks for
 * it and it can be loaded.
 */
export const blas: string = raw.blas;

if (process.env.DISTARRAY_BLAS === 'openblas' && blas === 'none') {
  process.emitWarning('DISTARRAY_BLAS asks for OpenBLAS, which cannot be loaded: it is not used');
}

/**
 * Writes the products of stacks of matrices into `c`, or adds them to it: `c = a · b` over the last two
 * dimensions, all others being those of a stack, to which `a` and `b` are broadcast (`numpy.matmul` without
 * promotion).
 *
 * @param c - (…, n, m), in memory apart from that of the factors
 * @param a - (…, n, k), of the dtype of `c`
 * @param b - (…, k, m), of the dtype of `c`
 * @remarks Local. Sums of integers wrap around; those of bools are whether there is a pair of true ones.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function gemm(c: StridedView, a: StridedView, b: StridedView, adds = false): void {
  const ndim = c.shape.length;
  const [rows, columns] = c.shape.slice(-2);
  const depth = a.shape[a.shape.length - 1];
  for (const [argument, view, core] of [
    ['a', a, [rows, depth]],
    ['b', b, [depth, columns]],
  ] as const) {
    if (view.dtype !== c.dtype) {
      throw new ArgumentTypeError(argument, `a view of dtype ${c.dtype}`, view.dtype);
    }
    if (ndim < 2 || !sameShape(view.shape.slice(-2), core)) {
      throw new ArgumentRangeError(argument, `shape (…, ${core.join(', ')})`, [...view.shape]);
    }
  }
  if (c.shape.includes(0)) return;
  if (depth === 0) {
    if (!adds) fill(c, 0);
    return;
  }
  const shape = [...c.shape, depth];
  let slot = writeShape(shape, SHAPE);
  slot = writeView(
    withCore(a, [rows, 1, depth], ([row, inner]) => [row, 0, inner]),
    shape,
    slot,
    'a',
  );
  slot = writeView(
    withCore(b, [1, columns, depth], ([inner, column]) => [0, column, inner]),
    shape,
    slot,
    'b',
  );
  writeView(
    withCore(c, [rows, columns, 1], ([row, column]) => [row, column, 0]),
    shape,
    slot,
    'c',
  );
  block[DIMENSIONS] = ndim + 1;
  block[OPERANDS] = 3;
  block[MASKED] = adds ? 1 : 0;
  raw.gemm();
  checkKernel('gemm');
}

/** A stack of matrices as one of boxes: rows, columns, inner dimension, one of which it does not have. */
function withCore(
  view: StridedView,
  core: readonly number[],
  stridesOf: (strides: readonly number[]) => readonly number[],
): StridedView {
  const lead = view.shape.length - 2;
  return {
    ...view,
    shape: [...view.shape.slice(0, lead), ...core],
    strides: [...view.strides.slice(0, lead), ...stridesOf(view.strides.slice(lead))],
  };
}
