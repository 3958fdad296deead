/** The integers of an index: those that this process needs, checked, one flat index for each. */
import { ArgumentRangeError } from '../../errors.ts';
import { cast, copyTo } from '../../kernels/copy.ts';
import { newResult, type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import type { LocalArray } from '../../local/localArray.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { MAX, MIN } from '../../mpi/operation.ts';
import { alignTo } from '../align.ts';
import type { OperationEnvironment } from '../operation.ts';
import { partOfData } from '../partOfData.ts';
import type { IndexComponent, IndexPlan } from './indexPlan.ts';

/**
 * Returns what this process asks for: for each of its local index tuples, in C order, the flat index over all
 * axes that the arrays go through.
 *
 * @param result - distribution of what the index takes out
 * @param operands - the array operands of the index
 * @remarks Collective where there are such: they are aligned with the result, and all processes agree that no
 * integer is out of range.
 * @throws {@link ArgumentRangeError} on every process alike
 */
export function localIndices(
  plan: IndexPlan,
  result: Distribution,
  operands: readonly LocalArray[],
  environment: OperationEnvironment,
): Float64Array {
  const part = partOf(plan, result, environment.comm.rank);
  let flat: Float64Array | undefined;
  const problems = plan.components.map((component) => {
    const values = valuesOf(component, plan, part, operands, environment);
    const bad = bringIntoRange(values, component);
    const { extent } = component;
    const before = flat;
    if (before === undefined) flat = values;
    else for (let k = 0; k < values.length; k++) before[k] = before[k] * extent + values[k];
    return bad;
  });
  if (operands.length > 0 && environment.comm.size > 1) {
    agreeOnRange(plan, part, problems, environment);
  } else {
    problems.forEach((bad, k) => {
      if (bad !== null) throw outOfRange(plan.components[k], bad.value);
    });
  }
  return flat === undefined || result.size === 0 ? new Float64Array(0) : flat;
}

/**
 * Checks integers that every process has.
 * @throws {@link ArgumentRangeError}
 */
export function checkKnownIndices({ components }: IndexPlan): void {
  for (const component of components) {
    const { view } = component.entry;
    if (view === null) continue;
    const { data } = cast(view, 'float64');
    const bad = bringIntoRange(data, component);
    if (bad !== null) throw outOfRange(component, bad.value);
  }
}

/** The index tuples of one process. */
interface IndexPart {
  readonly distribution: Distribution;
  /** Rank in the distribution; −1 for a process without elements. */
  readonly rank: number;
  /** Dimensions of the result behind those of the indices. */
  readonly behind: number;
  /** Local extents of the dimensions of the indices. */
  readonly shape: readonly number[];
}

function partOf(plan: IndexPlan, distribution: Distribution, process: number): IndexPart {
  const rank = distribution.rankOfTarget(process);
  const behind = plan.kept.length - plan.place;
  const { place, indexShape } = plan;
  const end = place + indexShape.length;
  if (rank < 0) return { distribution, rank, behind, shape: [0] };
  const local = distribution.localShape(rank);
  // Without an element along a kept axis there is nothing to ask for. Where nobody has one, integers that are out of
  // range are errors all the same.
  const isEmpty = local.some(
    (extent, axis) => (axis < place || axis >= end) && extent === 0 && distribution.shape[axis] > 0,
  );
  return { distribution, rank, behind, shape: isEmpty ? [0] : local.slice(place, end) };
}

/** The integers of a component for this process's tuples. */
function valuesOf(
  { entry, operand }: IndexComponent,
  plan: IndexPlan,
  { distribution, rank, behind, shape }: IndexPart,
  operands: readonly LocalArray[],
  environment: OperationEnvironment,
): Float64Array {
  const values = newResult('float64', shape);
  let view: StridedView;
  if (entry.view === null) {
    const items: SliceItem[] = ['...', ...new Array<SliceItem>(behind).fill(newaxis)];
    const array = operands[operand];
    view = alignTo(behind === 0 ? array : array.slice(items), distribution, environment);
  } else {
    const { shape: own, strides } = entry.view;
    const ones = new Array<number>(behind).fill(1);
    const expanded = { ...entry.view, shape: [...own, ...ones], strides: [...strides, ...ones] };
    view = rank < 0 ? expanded : partOfData(expanded, distribution, rank);
  }
  if (values.data.length > 0) {
    copyTo(values, withoutKept(view, behind, plan.indexShape.length), { casting: 'unsafe' });
  }
  return values.data;
}

/** The dimensions of the indices; the others have one index, or are broadcast. */
function withoutKept(view: StridedView, behind: number, count: number): StridedView {
  const end = view.shape.length - behind;
  const begin = Math.max(0, end - count);
  return { ...view, shape: view.shape.slice(begin, end), strides: view.strides.slice(begin, end) };
}

interface Problem {
  /** Local number of the tuple. */
  readonly at: number;
  readonly value: number;
}

/** Makes indices of integers that may count from the end, or are wrapped or clipped; returns the first that is none. */
function bringIntoRange(values: Float64Array, { entry, extent }: IndexComponent): Problem | null {
  const { mode } = entry;
  if (extent > 0 && mode === 'wrap') {
    for (let k = 0; k < values.length; k++) {
      values[k] -= Math.floor(values[k] / extent) * extent;
    }
  } else if (extent > 0 && mode === 'clip') {
    for (let k = 0; k < values.length; k++) {
      values[k] = Math.max(0, Math.min(extent - 1, values[k]));
    }
  } else {
    for (let k = 0; k < values.length; k++) {
      const value = values[k];
      if (value < -extent || value >= extent) return { at: k, value };
      if (value < 0) values[k] = value + extent;
    }
  }
  return null;
}

/** One small allreduce; in case of a problem another one. */
function agreeOnRange(
  { components, indexShape, place }: IndexPlan,
  part: IndexPart,
  problems: readonly (Problem | null)[],
  { comm }: OperationEnvironment,
): void {
  const size = sizeOfShape(indexShape);
  let own = Number.POSITIVE_INFINITY;
  const k = problems.findIndex((problem) => problem !== null);
  if (k >= 0) own = k * size + globalPlace(part, place, (problems[k] as Problem).at, indexShape);
  const first = comm.allreduce(own, { op: MIN });
  if (first === Number.POSITIVE_INFINITY) return;
  const told = first === own ? (problems[k] as Problem).value : Number.NEGATIVE_INFINITY;
  const value = comm.allreduce(told, { op: MAX });
  throw outOfRange(components[Math.floor(first / size)], value);
}

/** Which of all index tuples, in C order, a local one is. */
function globalPlace(
  { distribution, rank, shape }: IndexPart,
  place: number,
  at: number,
  indexShape: readonly number[],
): number {
  const coords = distribution.coordsFromRank(rank);
  let rest = at;
  let factor = 1;
  let flat = 0;
  for (let dim = shape.length - 1; dim >= 0; dim--) {
    const map = distribution.maps[place + dim];
    flat += map.globalFromLocal(coords[place + dim], rest % shape[dim]) * factor;
    rest = Math.floor(rest / shape[dim]);
    factor *= indexShape[dim];
  }
  return flat;
}

function outOfRange({ axis, extent, entry }: IndexComponent, value: number): ArgumentRangeError {
  const where = entry.axes === 1 ? `axis ${axis} with size ${extent}` : `size ${extent}`;
  const range = extent > 0 ? `integers in [${-extent}, ${extent - 1}]` : 'no integers';
  const expected = `${range} (index ${value} is out of bounds for ${where})`;
  return new ArgumentRangeError('index', expected, value);
}
