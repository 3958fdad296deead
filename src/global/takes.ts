/** Functions that take elements by their indices, or tell the indices of elements. @remarks All are collective. */
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { viewOf } from '../kernels/stridedView.ts';
import { getIndexedOperation } from '../ops/index/getIndexed.ts';
import type { IndexEntry, IndexMode } from '../ops/index/indexPlan.ts';
import { unravelOperation } from '../ops/index/nonzero.ts';
import { checkOptions, optionNames } from '../options.ts';
import { DistArray } from './distArray.ts';
import { where as select, type Ternary } from './elementwise/call.ts';
import type { ArrayOperand, ElementwiseOptions } from './elementwise/options.ts';
import { type IndexArray, readIndexArray } from './indexItems.ts';
import { flatIndicesOf, integerEntry } from './indexing.ts';

/** Options of {@link take}. */
export interface TakeOptions {
  /** Axis to take along; the array counts as flat when left out or null. */
  readonly axis?: number | null;
  /** What is done with indices out of range: an error (the default), counted around, or moved to the nearest end. */
  readonly mode?: IndexMode;
}

/** Options of functions that work along an axis. */
export interface FlatAxisOptions {
  /** Axis to go along; the array counts as flat when left out or null. */
  readonly axis?: number | null;
}

const TAKE_OPTIONS = optionNames<TakeOptions>({ axis: true, mode: true });
const AXIS_OPTIONS = optionNames<FlatAxisOptions>({ axis: true });

/**
 * Returns the elements at indices along an axis, or of the flat array (`numpy.take`).
 *
 * @param indices - integers; the axis is replaced by their dimensions
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError} on every process alike
 */
export function take<D extends Dtype>(
  array: DistArray<D>,
  indices: IndexArray | number,
  options: TakeOptions = {},
): DistArray<D> {
  checkArray(array);
  checkOptions(options, TAKE_OPTIONS, '{ axis: 0 }');
  const { mode = 'raise' } = options;
  if (!MODES.includes(mode)) {
    throw new ArgumentRangeError('options.mode', `one of ${MODES.join(', ')}`, mode);
  }
  const axis = axisOf(array, options.axis);
  const read = readIndexArray(array, indices, 'indices');
  const axes = axis === null ? array.ndim : 1;
  const { entry, handles } = integerEntry(read, { axes, mode });
  const before = new Array<IndexEntry>(axis ?? 0).fill(null);
  return taken(array, [...before, entry], handles);
}

const MODES: readonly IndexMode[] = ['raise', 'wrap', 'clip'];

/**
 * Returns the elements at indices that are given for every line along an axis (`numpy.take_along_axis`): what
 * `argmax` with `keepdims` finds, say.
 *
 * @param indices - as many dimensions as the array has; but for the axis the shapes are broadcast
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError} on every process alike
 */
export function takeAlongAxis<D extends Dtype>(
  array: DistArray<D>,
  indices: IndexArray,
  options: FlatAxisOptions = {},
): DistArray<D> {
  checkArray(array);
  checkOptions(options, AXIS_OPTIONS, '{ axis: 0 }');
  const axis = axisOf(array, options.axis);
  const read = readIndexArray(array, indices, 'indices');
  if (read.isMask) throw new ArgumentTypeError('indices', 'an array of integers', 'booleans');
  if (axis === null) {
    const { entry, handles } = integerEntry(read, { axes: array.ndim });
    return taken(array, [entry], handles);
  }
  const { shape } = array;
  if (read.shape.length !== shape.length) {
    throw new ArgumentRangeError('indices', `${shape.length} dimensions`, read.shape);
  }
  const { entry, handles } = integerEntry(read, {});
  const entries = shape.map((extent, dim): IndexEntry => {
    if (dim === axis) return entry;
    // Index i along another axis is that of the line; a broadcast array has one line for all.
    const count = extent === 1 ? read.shape[dim] : extent;
    const along = new Float64Array(count);
    if (extent !== 1) for (let k = 0; k < count; k++) along[k] = k;
    const view = viewOf(
      along,
      'float64',
      shape.map((_, other) => (other === dim ? count : 1)),
    );
    return { view, axes: 1, mode: 'raise', mask: null };
  });
  return taken(array, entries, handles);
}

/**
 * Returns the indices of the elements that are not 0: one array a dimension, in C order (`numpy.nonzero`).
 * @throws {@link ArgumentTypeError} for an array without dimensions
 */
export function nonzero(array: DistArray<Dtype>): DistArray<'int64'>[] {
  checkArray(array);
  const { shape, context } = array;
  if (shape.length === 0) throw new ArgumentTypeError('array', 'an array with dimensions', 0);
  const flat = flatIndicesOf(array);
  if (shape.length === 1) return [new DistArray(context, flat)];
  return shape.map((_, axis) => {
    const along = context.session.execute(unravelOperation, [flat], { shape, axis });
    return new DistArray<'int64'>(context, along);
  });
}

/** Returns the indices of the elements that are not 0, one a row, in C order (`numpy.argwhere`). */
export function argwhere(array: DistArray<Dtype>): DistArray<'int64'> {
  checkArray(array);
  const { shape, context } = array;
  const params = { shape, axis: null };
  const rows = context.session.execute(unravelOperation, [flatIndicesOf(array)], params);
  return new DistArray(context, rows);
}

/** Returns the indices, in the flat array, of the elements that are not 0 (`numpy.flatnonzero`). */
export function flatnonzero(array: DistArray<Dtype>): DistArray<'int64'> {
  checkArray(array);
  return new DistArray(array.context, flatIndicesOf(array));
}

/**
 * Returns the elements of the flat array where a condition is not 0 (`numpy.extract`).
 * @param condition - as many elements as the array has, or fewer
 */
export function extract<D extends Dtype>(
  condition: DistArray<Dtype>,
  array: DistArray<D>,
): DistArray<D> {
  return take(array, flatnonzero(condition));
}

/**
 * Returns the slices along an axis for which a condition is not 0 (`numpy.compress`), or such elements of the flat
 * array.
 * @param condition - of one dimension, as long as the axis or shorter
 */
export function compress<D extends Dtype>(
  condition: DistArray<Dtype>,
  array: DistArray<D>,
  options: FlatAxisOptions = {},
): DistArray<D> {
  checkArray(condition);
  if (condition.ndim !== 1) {
    throw new ArgumentRangeError('condition', 'an array of one dimension', condition.shape);
  }
  checkOptions(options, AXIS_OPTIONS, '{ axis: 0 }');
  return take(array, flatnonzero(condition), { axis: options.axis });
}

/**
 * With three operands, returns for every element `x` where the condition holds, and `y` elsewhere; all are broadcast
 * together. Two numbers make float64, as everywhere where no array tells the dtype (bigints int64, booleans bool). With
 * a condition alone, returns the indices where it holds: {@link nonzero} (`numpy.where`).
 *
 * @throws {@link ArgumentTypeError}, {@link ArgumentRangeError}, {@link ContextError}
 */
export function where(condition: DistArray<Dtype>): DistArray<'int64'>[];
export function where<R extends Dtype = Dtype>(
  condition: ArrayOperand,
  x: ArrayOperand,
  y: ArrayOperand,
  options?: ElementwiseOptions<R>,
): DistArray<R>;
export function where(
  condition: ArrayOperand,
  ...rest: [] | [ArrayOperand, ArrayOperand, ElementwiseOptions?]
): DistArray<Dtype>[] | DistArray<Dtype> {
  if (rest.length === 0) return nonzero(condition as DistArray<Dtype>);
  return (select as Ternary)(condition, ...rest);
}

/** Methods of arrays that take elements, or tell where they are. */
export interface IndexingMethods<D extends Dtype> {
  /** Returns the elements at indices along an axis, or of the flat array: {@link take}. @remarks Collective. */
  take(indices: IndexArray | number, options?: TakeOptions): DistArray<D>;
  /** Returns the elements at indices given for every line along an axis: {@link takeAlongAxis}. @remarks Collective. */
  takeAlongAxis(indices: IndexArray, options?: FlatAxisOptions): DistArray<D>;
  /** Returns the indices of the elements that are not 0: {@link nonzero}. @remarks Collective. */
  nonzero(): DistArray<'int64'>[];
}

Object.defineProperties(DistArray.prototype, {
  take: method(take),
  takeAlongAxis: method(takeAlongAxis),
  nonzero: method(nonzero),
});

function method(call: (array: DistArray<Dtype>, ...rest: never[]) => unknown): PropertyDescriptor {
  const value = function (this: DistArray<Dtype>, ...rest: never[]) {
    return call(this, ...rest);
  };
  return { value, writable: true, configurable: true };
}

function taken<D extends Dtype>(
  array: DistArray<D>,
  entries: readonly IndexEntry[],
  handles: readonly DistArray<Dtype>['handle'][],
): DistArray<D> {
  const { context, handle } = array;
  const operands = [handle, ...handles];
  return new DistArray(
    context,
    context.session.execute(getIndexedOperation, operands, { entries }),
  );
}

function checkArray(array: unknown): asserts array is DistArray<Dtype> {
  if (!(array instanceof DistArray)) throw new ArgumentTypeError('array', 'a DistArray', array);
}

function axisOf({ ndim }: DistArray<Dtype>, axis: number | null | undefined): number | null {
  if (axis === undefined || axis === null) return null;
  checkInteger('options.axis', axis, -ndim, ndim - 1);
  return axis < 0 ? axis + ndim : axis;
}
