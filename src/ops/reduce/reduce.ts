/** Reductions of distributed arrays. */
import type { Dtype } from '../../dtype/dtype.ts';
import { parseDtype } from '../../dtype/dtype.ts';
import { canCast } from '../../dtype/promotion.ts';
import { REDUCTIONS, type ReductionName, resolveReduction } from '../../dtype/reductions.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { States } from '../../kernels/reduction.ts';
import { sizeOfShape } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import { Distribution } from '../../maps/distribution.ts';
import { normalizeReductionAxes } from '../../maps/reductionAxes.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { axisGroup } from './axisGroup.ts';
import { finishOnAll, mergeStatesOnRoot } from './mergeStates.ts';
import { globalPlaces } from './places.ts';

/** Options of {@link reduce}, as NumPy's. */
export interface ReduceOptions {
  /** Axes to reduce over: one, several, negative ones from the end; all when left out or null. */
  readonly axis?: number | readonly number[] | null;
  /** Whether the reduced axes stay, with one index. Default false. */
  readonly keepdims?: boolean;
  /** What elements are cast to before they are reduced; also the dtype of the result. */
  readonly dtype?: Dtype;
  /** Where the result goes, instead of to a new array: of the result's distribution. */
  readonly out?: LocalArray;
  /** Of `var` and `std`: what is taken off the number of elements that sums are divided by. Default 0. */
  readonly ddof?: number;
  /** Which elements count, distributed as the array. Not for `min`, `max`, `argmin` and `argmax`. */
  readonly where?: LocalArray<'bool'>;
}

const NO_OPTIONS: ReduceOptions = {};
const REDUCE_OPTIONS = optionNames<ReduceOptions>({
  axis: true,
  keepdims: true,
  dtype: true,
  out: true,
  ddof: true,
  where: true,
});

/**
 * Returns a reduction over axes (`numpy.sum` and its kin): of all axes a 0-d array that every process of
 * the communicator knows, bit by bit the same; of some the distribution that `Distribution.reduce` tells.
 *
 * - Dtypes are those of {@link resolveReduction}. Sums of float32 are kept as float64, those of float64
 *   with their rounding errors: they hardly depend on how the array is distributed.
 * - A NaN is the minimum, maximum, and what `argmin` and `argmax` find. Complex numbers are ordered by the
 *   real part, then by the imaginary one. `argmin` and `argmax` give the index along the axis, or of all axes
 *   the number of the element in C order; of equal ones the first.
 * - Indices that several processes of an unstructured map list count once for each.
 *
 * @remarks Collective over `array.comm`: one `MPI_Reduce` over the processes that differ in the reduced axes,
 * where there are several, and for a reduction over all axes one `MPI_Bcast` of the result.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every rank alike, before any data move
 */
export function reduce(
  array: LocalArray,
  name: ReductionName,
  options: ReduceOptions = NO_OPTIONS,
): LocalArray {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  checkOptions(options, REDUCE_OPTIONS, '{ axis: 0 }');
  const { where } = options;
  return reduceElements(array, name, options, (states, axes) =>
    addPart(states, array, axes, name, where),
  );
}

/** The elements of an array, whether they are in memory or not. */
export type Elements = Pick<
  LocalArray,
  'comm' | 'distribution' | 'dtype' | 'globalShape' | 'localShape' | 'rank'
>;

/**
 * {@link reduce} for elements that need not be in memory.
 *
 * @param addTo - adds the local ones to the states of a reduction over axes; called where there are such, and where
 * they count
 * @remarks Collective.
 */
export function reduceElements(
  array: Elements,
  name: ReductionName,
  options: ReduceOptions,
  addTo: (states: States, axes: readonly number[]) => void,
): LocalArray {
  const { globalShape: shape, dtype } = array;
  const plan = planReduction({ shape, dtype }, name, options);
  const { axes, isFull } = plan;
  const { out, where } = options;
  if (where !== undefined) checkWhere(array, where, name);
  if (out !== undefined) {
    checkOut(out, array, reducedDistribution(array, plan), plan.result, name);
  }
  const keptShape = array.localShape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const states = new States(plan.state, plan.compute, isFull ? 1 : sizeOfShape(keptShape));
  // Where every process has the same elements, one counts.
  const isCopy = array.distribution.isReplicated;
  if (array.rank > 0 && isCopy && isFull && !isOnAll(array)) {
    // The root tells.
  } else if (array.rank >= 0) addTo(states, axes);
  return finishReduction(array, states, plan, { isKnown: isCopy && isOnAll(array), out });
}

/** What a reduction comes to, wherever the elements are. */
export interface ReductionPlan {
  readonly axes: readonly number[];
  readonly isFull: boolean;
  readonly keepdims: boolean;
  /** The states that are kept of elements. */
  readonly state: States['name'];
  /** What elements are computed in. */
  readonly compute: Dtype;
  readonly result: Dtype;
  /** Of `States.finish`. */
  readonly parameter: number;
}

/**
 * Returns what a reduction of an array of this shape and dtype comes to.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function planReduction(
  array: { readonly shape: readonly number[]; readonly dtype: Dtype },
  name: ReductionName,
  options: ReduceOptions,
): ReductionPlan {
  if (!Object.hasOwn(REDUCTIONS, name)) {
    throw new ArgumentRangeError('name', `one of ${Object.keys(REDUCTIONS).join(', ')}`, name);
  }
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentTypeError('options', 'an object such as { axis: 0 }', options);
  }
  const { axis, keepdims = false, dtype, ddof = 0, where } = options;
  const { shape } = array;
  const isPlace = name === 'argmin' || name === 'argmax';
  if (isPlace && axis !== undefined && axis !== null && typeof axis !== 'number') {
    throw new ArgumentTypeError('options.axis', `one axis of ${name}, or none`, axis);
  }
  if (typeof keepdims !== 'boolean') {
    throw new ArgumentTypeError('options.keepdims', 'a boolean', keepdims);
  }
  if (typeof ddof !== 'number') throw new ArgumentTypeError('options.ddof', 'a number', ddof);
  const axes = normalizeReductionAxes(axis, shape.length, 'options.axis');
  const wanted = dtype === undefined ? undefined : parseDtype(dtype, 'options.dtype');
  const types = resolveReduction(name, array.dtype, wanted);
  const extents = axes.map((reduced) => shape[reduced]);
  checkNotEmpty(name, shape, axes);
  return {
    axes,
    isFull: axes.length === shape.length,
    keepdims,
    state: stateOf(name, types, where !== undefined),
    compute: types.compute,
    result: types.result,
    parameter: name === 'mean' ? sizeOfShape(extents) : ddof,
  };
}

/** @throws {@link ArgumentRangeError} where results have no elements that they could be made of. */
function checkNotEmpty(
  name: ReductionName,
  shape: readonly number[],
  axes: readonly number[],
): void {
  if (REDUCTIONS[name].hasEmpty || !axes.some((axis) => shape[axis] === 0)) return;
  if (shape.some((extent, axis) => extent === 0 && !axes.includes(axis))) return;
  throw new ArgumentRangeError(
    'array',
    `an element along the reduced axes: ${name} of none is nothing`,
    `shape (${shape.join(', ')})`,
  );
}

/** Returns the distribution of what a reduction of an array gives. */
function reducedDistribution(
  { comm, distribution }: Pick<LocalArray, 'comm' | 'distribution'>,
  { axes, isFull, keepdims }: ReductionPlan,
): Distribution {
  if (!isFull) return distribution.reduce(axes, { keepdims });
  return Distribution.replicated(keepdims ? axes.map(() => 1) : [], { size: comm.size });
}

/**
 * Merges the states of all processes that differ in the reduced axes, and returns what they tell, as `reduce` does.
 *
 * @param states - of what this process has of an array of this distribution
 * @param isKnown - whether every process has the states of all elements already
 * @param out - where the result goes, instead of to a new array
 * @remarks Collective.
 */
export function finishReduction(
  array: Pick<LocalArray, 'comm' | 'distribution'>,
  states: States,
  plan: ReductionPlan,
  { isKnown = false, out }: { readonly isKnown?: boolean; readonly out?: LocalArray } = {},
): LocalArray {
  const { comm, distribution } = array;
  const { axes, parameter } = plan;
  const result =
    out ?? new LocalArray(reducedDistribution(array, plan), { dtype: plan.result, comm });
  if (plan.isFull) {
    const told = finishOnAll(comm, states, parameter, isKnown);
    return result.assignView({ ...told, shape: [], strides: [] }, 'unsafe');
  }
  if (!distribution.isReplicated && groupSize(distribution, axes) > 1) {
    const group = axisGroup(comm, distribution, axes);
    if (group !== null) mergeStatesOnRoot(group, states);
  }
  if (result.rank >= 0) {
    result.assignView(states.finish(result.localShape, parameter), 'unsafe');
  }
  return result;
}

/** Bools add up to whether there is one, and multiply to whether all are. */
function stateOf(
  name: ReductionName,
  { result }: { readonly result: Dtype },
  masked: boolean,
): States['name'] {
  if (result === 'bool' && name === 'sum') return 'any';
  if (result === 'bool' && name === 'prod') return 'all';
  return name === 'mean' && masked ? 'maskedMean' : name;
}

function addPart(
  states: States,
  array: LocalArray,
  axes: readonly number[],
  name: ReductionName,
  where: LocalArray<'bool'> | undefined,
): void {
  if (name === 'argmin' || name === 'argmax') {
    const { view, places, translate } = globalPlaces(array, axes);
    states.add(view, axes, places);
    translate?.(states);
  } else states.add(array.readView(), axes, null, where?.readView());
}

/** Whether every process of the communicator holds a copy. */
function isOnAll({ distribution, comm }: Elements): boolean {
  return distribution.numProcesses === comm.size;
}

function groupSize({ gridShape }: Distribution, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * gridShape[axis], 1);
}

function checkWhere(array: Elements, where: LocalArray<'bool'>, name: ReductionName): void {
  if (!REDUCTIONS[name].hasEmpty) throw noMaskError(name, where);
  if (!(where instanceof LocalArray) || where.dtype !== 'bool') {
    throw new ArgumentTypeError('options.where', 'a LocalArray of bools', where);
  }
  if (where.comm !== array.comm || !where.distribution.isCompatible(array.distribution)) {
    throw new ArgumentRangeError(
      'options.where',
      `the distribution of the array: ${array.distribution}`,
      String(where.distribution),
    );
  }
}

/** The error for a mask where nothing may be left. */
export function noMaskError(name: ReductionName, where: unknown): ArgumentTypeError {
  const expected = `undefined, since it may leave no element, of which ${name} is nothing,`;
  return new ArgumentTypeError('options.where', expected, where);
}

/** Checks that a result can be put into an array. */
export function checkOut(
  out: LocalArray,
  { comm }: Pick<LocalArray, 'comm'>,
  distribution: Distribution,
  dtype: Dtype,
  name: string,
): void {
  if (!(out instanceof LocalArray)) throw new ArgumentTypeError('options.out', 'a LocalArray', out);
  if (out.comm !== comm || !out.distribution.isCompatible(distribution)) {
    throw new ArgumentRangeError(
      'options.out',
      `the distribution of the result: ${distribution}`,
      String(out.distribution),
    );
  }
  if (!canCast(dtype, out.dtype, 'sameKind')) {
    const expected = `a dtype that ${dtype}, the result of ${name}, can be cast to`;
    throw new ArgumentTypeError('options.out', expected, out.dtype);
  }
}
