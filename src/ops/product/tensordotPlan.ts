/** Where a sum over pairs of axes lies, and where its factors are brought to. */
import { DTYPES } from '../../dtype/dtype.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import type { ArrayMeta } from '../operation.ts';

/** Axes that are summed over, pair by pair; at least one pair. */
export interface TensordotAxes {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/** How one factor takes part: as a matrix, whose rows and columns are several of its axes each. */
export interface TensordotFactor {
  /** Where it is brought to: spread along one axis at most. */
  readonly distribution: Distribution;
  /** Its axes, those of the rows first. */
  readonly order: readonly number[];
  /** How many of them make the rows. */
  readonly rowAxes: number;
  /** How the inner dimension is spread: in blocks of as many indices as the first of its axes has, times the others. */
  readonly inner: DimensionMap;
}

/** How a sum over pairs of axes is computed. */
export interface TensordotPlan {
  readonly result: Distribution;
  readonly a: TensordotFactor;
  readonly b: TensordotFactor;
  /**
   * Which dimension of the matrices the processes share: that of the first factor, of the second one, or the
   * inner one, so that sums have to be merged.
   */
  readonly spread: 'rows' | 'columns' | 'inner';
  /** The axis of the result that is spread; none when the inner dimension is. */
  readonly axis: number;
}

/**
 * Returns the plan of a sum over pairs of axes. Pure. The result is spread along one axis:
 *
 * - where a factor is spread along one of its axes only, and that is no summed one, it stays: the larger such factor;
 * - otherwise along the longest axis of the result, the first of equals, in blocks over the processes of the factor
 *   that has more of them.
 *
 * Sums over all axes are 0-d arrays that every process knows; those of two replicated arrays are replicated.
 *
 * @param processes - that share the arrays
 */
export function planTensordot(
  a: ArrayMeta,
  b: ArrayMeta,
  axes: TensordotAxes,
  processes: number,
): TensordotPlan {
  const [first, second] = [a.distribution, b.distribution];
  const free = [freeAxes(first, axes.a), freeAxes(second, axes.b)];
  const extents = [
    ...free[0].map((axis) => first.shape[axis]),
    ...free[1].map((axis) => second.shape[axis]),
  ];
  const longest = axes.a.reduce(
    (best, axis, k) => (first.shape[axis] > first.shape[axes.a[best]] ? k : best),
    0,
  );
  // The pair that may be spread comes first.
  const pairs = {
    a: [axes.a[longest], ...axes.a.filter((_, k) => k !== longest)],
    b: [axes.b[longest], ...axes.b.filter((_, k) => k !== longest)],
  };
  const orders = [
    { order: [...free[0], ...pairs.a], rowAxes: free[0].length },
    { order: [...pairs.b, ...free[1]], rowAxes: pairs.b.length },
  ];
  const factors = (maps: readonly [number, DimensionMap][], onSame: OnTargets) =>
    [first, second].map((distribution, k) => {
      const [axis, map] = maps[k];
      const placed = onSame(
        distribution.shape.map((extent, other) =>
          other === axis ? map : new UndistributedMap(extent),
        ),
      );
      const summed = k === 0 ? pairs.a : pairs.b;
      return { distribution: placed, ...orders[k], inner: innerMap(placed, summed) };
    });

  if (first.isReplicated && second.isReplicated && extents.length > 0) {
    const { targets } = first;
    const copies = [first, second].map((distribution, k) => ({
      distribution: Distribution.replicated(distribution.shape, { targets }),
      ...orders[k],
      inner: new UndistributedMap(innerExtent(distribution, k === 0 ? pairs.a : pairs.b)),
    }));
    const result = Distribution.replicated(extents, { targets });
    return { result, a: copies[0], b: copies[1], spread: 'rows', axis: 0 };
  }

  const kept = keptAxis(a, b, free);
  const larger = withMoreProcesses(first, second);
  const home = kept === null ? larger : kept.by === 0 ? first : second;
  const { targets } = home;
  const onSame: OnTargets = (maps) =>
    home.isReplicated ? Distribution.fromMaps(maps, { targets }) : home.withMaps(maps);
  if (extents.length === 0) {
    const map = blocks(first.shape[pairs.a[0]], targets.length);
    const [left, right] = factors(
      [
        [pairs.a[0], map],
        [pairs.b[0], map],
      ],
      onSame,
    );
    const result = Distribution.replicated([], { size: processes });
    return { result, a: left, b: right, spread: 'inner', axis: -1 };
  }
  const axis = kept === null ? extents.indexOf(Math.max(...extents)) : kept.axis;
  const map = kept?.map ?? blocks(extents[axis], targets.length);
  const isRow = axis < free[0].length;
  const own = isRow ? free[0][axis] : free[1][axis - free[0].length];
  const summed: [number, DimensionMap] = isRow
    ? [pairs.b[0], blocks(second.shape[pairs.b[0]], map.gridSize, false)]
    : [pairs.a[0], blocks(first.shape[pairs.a[0]], map.gridSize, false)];
  const [left, right] = factors(isRow ? [[own, map], summed] : [summed, [own, map]], onSame);
  const maps = extents.map((extent, other) =>
    other === axis ? map : new UndistributedMap(extent),
  );
  const result = onSame(maps);
  return { result, a: left, b: right, spread: isRow ? 'rows' : 'columns', axis };
}

/** Makes a distribution of maps over the processes of one of the factors. */
type OnTargets = (maps: readonly DimensionMap[]) => Distribution;

function freeAxes({ ndim }: Distribution, summed: readonly number[]): readonly number[] {
  return [...Array(ndim).keys()].filter((axis) => !summed.includes(axis));
}

/** The axis of the result along which the larger of the factors that can stay is spread; null when none can. */
function keptAxis(
  a: ArrayMeta,
  b: ArrayMeta,
  free: readonly (readonly number[])[],
): { readonly by: 0 | 1; readonly axis: number; readonly map: DimensionMap } | null {
  const found = ([0, 1] as const).flatMap((by) => {
    const { dtype, distribution } = by === 0 ? a : b;
    const { maps, isReplicated } = distribution;
    const spread = [...maps.keys()].filter((axis) => maps[axis].gridSize > 1);
    const place = free[by].indexOf(spread[0]);
    if (isReplicated || spread.length !== 1 || place < 0) return [];
    const axis = by === 0 ? place : free[0].length + place;
    const bytes = distribution.size * DTYPES[dtype].itemsize;
    return [{ by, axis, map: maps[spread[0]], bytes }];
  });
  if (found.length === 0) return null;
  return found.reduce((best, each) => (each.bytes > best.bytes ? each : best));
}

function withMoreProcesses(first: Distribution, second: Distribution): Distribution {
  if (first.isReplicated !== second.isReplicated) return first.isReplicated ? second : first;
  return second.numProcesses > first.numProcesses ? second : first;
}

/** Even blocks; over no more processes than there are indices, unless the grid has as many anyhow. */
function blocks(extent: number, processes: number, shrinks = true): DimensionMap {
  const gridSize = shrinks ? Math.min(processes, Math.max(1, extent)) : processes;
  return gridSize === 1 ? new UndistributedMap(extent) : BlockMap.even(extent, gridSize);
}

/** Several axes, the first of which may be in blocks, as one. */
function innerMap(distribution: Distribution, axes: readonly number[]): DimensionMap {
  const map = distribution.maps[axes[0]];
  const rest = axes.slice(1).reduce((product, axis) => product * distribution.shape[axis], 1);
  if (!(map instanceof BlockMap)) return new UndistributedMap(map.size * rest);
  return BlockMap.fromBounds(map.bounds.map((bound) => bound * rest));
}

function innerExtent({ shape }: Distribution, axes: readonly number[]): number {
  return axes.reduce((product, axis) => product * shape[axis], 1);
}
