/** Products of distributed arrays, as functions and methods. @remarks All are collective. */
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentTypeError } from '../errors.ts';
import type { ArrayOperation } from '../ops/operation.ts';
import {
  dotOperation,
  innerOperation,
  matmulOperation,
  tensordotOperation,
} from '../ops/product/matmul.ts';
import { outerOperation } from '../ops/product/outer.ts';
import { traceOperation } from '../ops/product/trace.ts';
import { vdotOperation, vecdotOperation } from '../ops/product/vecdot.ts';
import { checkOptions, optionNames } from '../options.ts';
import { DistArray } from './distArray.ts';
import type { SumOf } from './elementwise/resultTypes.ts';
import { executeInto, type OutOptions } from './executeInto.ts';
import { sameContext } from './isDistArray.ts';
import type { ProductOf, TensordotOptions, TraceOptions, VecdotOptions } from './productTypes.ts';

const OUT_OPTIONS = optionNames<OutOptions>({ out: true });
const TENSORDOT_OPTIONS = optionNames<TensordotOptions>({ axes: true, out: true });
const VECDOT_OPTIONS = optionNames<VecdotOptions>({ axis: true, out: true });
const TRACE_OPTIONS = optionNames<TraceOptions>({
  offset: true,
  axis1: true,
  axis2: true,
  dtype: true,
  out: true,
});

/**
 * Returns the product of two matrices `(n, k) · (k, m)`, of a matrix and a vector, or of stacks of matrices, whose
 * dimensions before the last two are broadcast together (`numpy.matmul`). Nothing is conjugated; sums of integers
 * wrap around, and those of bools are whether there is a pair of true ones.
 *
 * The result's rows are spread as those of `a`, its columns as those of `b`, where both lie on one grid of processes;
 * otherwise on the grid of one of them, or in blocks in one or both directions, wherever fewest bytes have to travel.
 * A product with a vector is spread as a sum over the array's axis; that of two vectors is known to every process.
 *
 * @remarks Collective. Factors are brought where they are needed, then broadcast in panels, which take 64 MiB of memory
 * at most; `context.stats` counts both.
 * @throws {@link ArgumentRangeError} on every process alike when the shapes do not fit
 */
export function matmul<D extends Dtype, E extends Dtype, R extends Dtype = ProductOf<D, E>>(
  a: DistArray<D>,
  b: DistArray<E>,
  options: OutOptions<R> = {},
): DistArray<R> {
  checkOptions(options, OUT_OPTIONS, '{ out }');
  return ofTwo(matmulOperation, a, b, null, options.out);
}

/**
 * Returns the sums of products over the last axis of `a` and the last but one of `b`, or its only one (`numpy.dot`):
 * for vectors their inner product, for matrices {@link matmul}, with an array without dimensions `multiply`. With
 * more dimensions it is a {@link tensordot}.
 *
 * @remarks Collective.
 * @throws {@link ArgumentRangeError} on every process alike when the shapes do not fit
 */
export function dot<D extends Dtype, E extends Dtype, R extends Dtype = ProductOf<D, E>>(
  a: DistArray<D>,
  b: DistArray<E>,
  options: OutOptions<R> = {},
): DistArray<R> {
  checkOptions(options, OUT_OPTIONS, '{ out }');
  return ofTwo(dotOperation, a, b, null, options.out);
}

/**
 * Returns the sums of products over the last axes of both arrays (`numpy.inner`); nothing is conjugated.
 *
 * @remarks Collective.
 * @throws {@link ArgumentRangeError} on every process alike when the shapes do not fit
 */
export function inner<D extends Dtype, E extends Dtype, R extends Dtype = ProductOf<D, E>>(
  a: DistArray<D>,
  b: DistArray<E>,
  options: OutOptions<R> = {},
): DistArray<R> {
  checkOptions(options, OUT_OPTIONS, '{ out }');
  return ofTwo(innerOperation, a, b, null, options.out);
}

/**
 * Returns the products of all elements of `a`, in C order, with all of `b`: `(a.size, b.size)` (`numpy.outer`).
 * Rows are spread as the elements of `a` are, or columns as those of `b`, whichever is on more processes.
 *
 * @remarks Collective.
 */
export function outer<D extends Dtype, E extends Dtype, R extends Dtype = ProductOf<D, E>>(
  a: DistArray<D>,
  b: DistArray<E>,
  options: OutOptions<R> = {},
): DistArray<R> {
  checkOptions(options, OUT_OPTIONS, '{ out }');
  return ofTwo(outerOperation, a, b, null, options.out);
}

/**
 * Returns the sums of products over pairs of axes; the axes of the result are the others of `a`, then those of `b`
 * (`numpy.tensordot`). The result is spread along one axis: that of a factor which is spread along it alone,
 * otherwise the longest one, in blocks. Sums over all axes are known to every process.
 *
 * @remarks Collective.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike when the axes do not fit
 */
export function tensordot<D extends Dtype, E extends Dtype, R extends Dtype = ProductOf<D, E>>(
  a: DistArray<D>,
  b: DistArray<E>,
  options: TensordotOptions<R> = {},
): DistArray<R> {
  checkOptions(options, TENSORDOT_OPTIONS, '{ axes: 2 }');
  return ofTwo(tensordotOperation, a, b, options.axes ?? 2, options.out);
}

/**
 * Returns the sums of products along an axis, the elements of `a` conjugated, of arrays that are broadcast together
 * along all others (`numpy.vecdot`): spread as a sum over the axis, for vectors known to every process.
 *
 * @remarks Collective.
 * @throws {@link ArgumentRangeError} on every process alike when the shapes do not fit
 */
export function vecdot<D extends Dtype, E extends Dtype, R extends Dtype = ProductOf<D, E>>(
  a: DistArray<D>,
  b: DistArray<E>,
  options: VecdotOptions<R> = {},
): DistArray<R> {
  checkOptions(options, VECDOT_OPTIONS, '{ axis: -1 }');
  return ofTwo(vecdotOperation, a, b, options.axis ?? -1, options.out);
}

/**
 * Returns the sum of products of all elements in C order, those of `a` conjugated (`numpy.vdot`): an array without
 * dimensions that every process knows.
 *
 * @remarks Collective.
 * @throws {@link ArgumentRangeError} on every process alike when the arrays have not as many elements
 */
export function vdot<D extends Dtype, E extends Dtype>(
  a: DistArray<D>,
  b: DistArray<E>,
): DistArray<ProductOf<D, E>> {
  return ofTwo(vdotOperation, a, b, null);
}

/**
 * Returns the sum along a diagonal of two axes (`numpy.trace`): of a matrix an array without dimensions that every
 * process knows, of arrays with more of them one that is spread as a sum over both axes. Sums of integers and bools
 * are 64-bit integers.
 *
 * @remarks Collective.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
 */
export function trace<D extends Dtype, R extends Dtype = SumOf<D>>(
  array: DistArray<D>,
  options: TraceOptions<R> = {},
): DistArray<R> {
  if (!(array instanceof DistArray)) throw new ArgumentTypeError('array', 'a DistArray', array);
  checkOptions(options, TRACE_OPTIONS, '{ offset: 1 }');
  const { offset, axis1, axis2, dtype, out } = options;
  return executeInto([array], traceOperation, { offset, axis1, axis2, dtype }, out);
}

type Product = (a: DistArray, b: DistArray, options?: OutOptions) => DistArray;

const METHODS: Readonly<Record<string, unknown>> = {
  matmul,
  dot,
  inner,
  outer,
  tensordot,
  vecdot,
  vdot,
};

for (const [name, call] of Object.entries(METHODS)) {
  define(name, function (this: DistArray, other: DistArray, options?: OutOptions) {
    return (call as Product)(this, other, options);
  });
}
define('trace', function (this: DistArray, options?: TraceOptions) {
  return trace(this, options);
});

function define(name: string, value: (this: DistArray, ...args: never[]) => unknown): void {
  Object.defineProperty(DistArray.prototype, name, { value, writable: true, configurable: true });
}

function ofTwo<Params, R extends Dtype>(
  operation: ArrayOperation<Params>,
  a: DistArray<Dtype>,
  b: DistArray<Dtype>,
  params: Params,
  out?: DistArray<R>,
): DistArray<R> {
  for (const [argument, array] of Object.entries({ a, b })) {
    if (!(array instanceof DistArray)) throw new ArgumentTypeError(argument, 'a DistArray', array);
  }
  sameContext(a, b);
  return executeInto([a, b], operation, params, out);
}
