/** Cumulative sums and products of distributed arrays. */
import { type Dtype, parseDtype } from '../../dtype/dtype.ts';
import { resolveReduction } from '../../dtype/reductions.ts';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import { cast } from '../../kernels/copy.ts';
import { States } from '../../kernels/reduction.ts';
import { type StridedView, sizeOfShape } from '../../kernels/stridedView.ts';
import { LocalArray } from '../../local/localArray.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { positiveIndex } from '../../maps/sliceRange.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { newArray } from '../newArray.ts';
import { axisGroup } from './axisGroup.ts';
import { InBlocks } from './inBlocks.ts';
import { mergeStatesBefore } from './mergeStates.ts';
import { checkOut } from './reduce.ts';

/** Names of the cumulative functions, those of the Array API standard. */
export type CumulativeName = 'cumulativeSum' | 'cumulativeProd';

/** Options of {@link cumulative}. */
export interface CumulativeOptions {
  /** Axis to add along; may be left out for arrays of one dimension. */
  readonly axis?: number;
  /** What elements are cast to before; also the dtype of the result. Default as of `sum`. */
  readonly dtype?: Dtype;
  /** Where the result goes, instead of to a new array: of the array's distribution. */
  readonly out?: LocalArray;
}

const CUMULATIVE_OPTIONS = optionNames<CumulativeOptions>({ axis: true, dtype: true, out: true });

const REDUCED = { cumulativeSum: 'sum', cumulativeProd: 'prod' } as const;

/**
 * Returns an array of the same shape and distribution whose elements are the sums or products of those up
 * to them along an axis (`numpy.cumsum`, `numpy.cumprod`).
 *
 * @remarks Collective over `array.comm` where the axis is distributed. Where the processes have it in blocks
 * in their order, one `MPI_Exscan` of the blocks' totals; otherwise elements travel to blocks and back
 * (`MPI_Alltoallv`), for which a process needs memory for its share of the array three times.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every rank alike, before any data move
 */
export function cumulative(
  array: LocalArray,
  name: CumulativeName,
  options: CumulativeOptions = {},
): LocalArray {
  if (!(array instanceof LocalArray)) throw new ArgumentTypeError('array', 'a LocalArray', array);
  if (!Object.hasOwn(REDUCED, name)) {
    throw new ArgumentRangeError('name', `one of ${Object.keys(REDUCED).join(', ')}`, name);
  }
  checkOptions(options, CUMULATIVE_OPTIONS, '{ axis: 0 }');
  const { dtype, out } = options;
  const axis = cumulativeAxis(array.ndim, options.axis);
  const wanted = dtype === undefined ? undefined : parseDtype(dtype, 'options.dtype');
  const types = resolveReduction(REDUCED[name], array.dtype, wanted);
  const compute = types.compute === 'bool' ? 'int64' : types.compute;
  const { distribution, comm } = array;
  if (out !== undefined) checkOut(out, array, distribution, types.result, name);

  const map = distribution.maps[axis];
  const isSpread = map.gridSize > 1 && !distribution.isReplicated;
  const group = isSpread ? axisGroup(comm, distribution, [axis]) : null;
  const result = out ?? newArray(distribution, { dtype: types.result, comm, zeroed: false });
  if (array.rank < 0) return result;
  const source = array.readView();
  const elements = wanted === 'bool' ? cast(source, 'bool') : source;
  // Fresh memory costs more than the sums do.
  const into = result.isStrided && !result.sharesMemoryWith(array) ? result.strided : undefined;
  const run = (view: StridedView, target?: StridedView) =>
    scan(view, axis, { name: REDUCED[name], compute, group, target });
  if (isInOrder(map)) {
    const sums = run(elements, into);
    if (sums !== into) result.assignView(sums, 'unsafe');
  } else {
    const coord = array.cartCoords[axis];
    const blocks = new InBlocks(group, axis, map, coord);
    result.assignView(blocks.bringBack(run(blocks.collect(elements))), 'unsafe');
  }
  return result;
}

/** The elements along the axis lie in the order of the group's ranks. */
function scan(
  view: StridedView,
  axis: number,
  { name, compute, group, target }: ScanOptions,
): StridedView {
  const lanes = sizeOfShape(view.shape.map((extent, dim) => (dim === axis ? 1 : extent)));
  const states = new States(name, compute, lanes);
  if (group !== null && lanes > 0) {
    states.add(view, [axis]);
    mergeStatesBefore(group, states, new States(name, compute, lanes));
  }
  return states.scan(view, axis, target?.dtype === states.output ? target : undefined);
}

interface ScanOptions {
  readonly name: 'sum' | 'prod';
  readonly compute: Dtype;
  readonly group: Comm | null;
  /** Where the result goes if it is of the right dtype. */
  readonly target: StridedView | undefined;
}

/** Whether each process has a block of neighbours, in the order of the processes: known without asking. */
function isInOrder(map: DimensionMap): boolean {
  if (map.dist === 'n' || map.size === 0) return true;
  if (map.dist === 'u') return false;
  if (map.gridSize === 1) return true;
  return map.dist === 'b' && map.owner(0) <= map.owner(map.size - 1);
}

/**
 * Returns the axis to go along.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function cumulativeAxis(ndim: number, axis: number | undefined): number {
  if (axis === undefined) {
    if (ndim === 1) return 0;
    throw new ArgumentTypeError('options.axis', `one of the ${ndim} axes of the array`, axis);
  }
  if (typeof axis !== 'number') throw new ArgumentTypeError('options.axis', 'an integer', axis);
  return positiveIndex(axis, ndim, 'options.axis');
}
