/** Where the elements lie that an index with arrays in it takes out. */
import { sameShape } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import type { UnstructuredMap } from '../../maps/unstructuredMap.ts';
import type { ArrayMeta } from '../operation.ts';
import { isPartlyKnown } from '../redistribute/askedOverlaps.ts';
import { withoutLists } from '../redistribute/route.ts';
import type { IndexPlan } from './indexPlan.ts';

/**
 * Returns the distribution of what an index takes out of an array. Pure, and the same on every process:
 *
 * - axes that no array goes through keep their maps;
 * - where none of those is distributed, the dimensions of the arrays are those of the first distributed array
 *   of integers that has their whole shape, on its processes;
 * - otherwise they are even blocks ({@link orderedBlocks}), on as many processes as the axes had that the arrays
 *   go through;
 * - an array that every process has stays one.
 *
 * @param base - distribution of the basic slice
 * @param operands - the array operands of the index; null for even blocks in any case
 */
export function indexedDistribution(
  base: Distribution,
  plan: IndexPlan,
  operands: readonly ArrayMeta[] | null,
): Distribution {
  const { targets } = base;
  if (base.isReplicated) return Distribution.replicated(plan.shape, { targets });
  const kept = plan.kept.map((dim) => base.maps[dim]);
  const around = (maps: readonly DimensionMap[]) => [
    ...kept.slice(0, plan.place),
    ...maps,
    ...kept.slice(plan.place),
  ];
  const isFree = operands !== null && kept.every(({ gridSize }) => gridSize === 1);
  const model = isFree ? modelOf(plan, operands) : undefined;
  if (model !== undefined) {
    return model.withMaps(around(model.maps.map(unpadded)));
  }
  const processes = plan.indexed.reduce((product, dim) => product * base.gridShape[dim], 1);
  const maps = around(orderedBlocks(plan.indexShape, processes));
  // Of values for one element the last in C order stays: that is the order of the processes, which the ranks of a
  // transposed grid are not in.
  return operands === null ? Distribution.fromMaps(maps, { targets }) : base.withMaps(maps);
}

/**
 * Returns even blocks of a shape over at most so many processes, such that the order of the processes is the C order of
 * their elements: along a dimension that is shorter than there are processes each has one index, and
 * the next dimension is cut, too.
 */
export function orderedBlocks(shape: readonly number[], processes: number): BlockMap[] {
  let left = processes;
  return shape.map((extent) => {
    const gridSize = Math.max(1, Math.min(extent, left));
    left = extent === 0 ? 1 : Math.floor(left / gridSize);
    return BlockMap.even(extent, gridSize);
  });
}

/**
 * Returns the distribution that an array is brought to before it is indexed: its own, or even blocks in the place of
 * unstructured maps, where processes would have to know more of them than their own indices.
 *
 * @param writes - whether elements are written, to every process that lists them
 */
export function indexableDistribution(
  distribution: Distribution,
  plan: IndexPlan,
  writes: boolean,
): Distribution {
  if (!distribution.maps.some(isPartlyKnown)) return distribution;
  const { maps } = distribution.slice(plan.basic);
  const unknown =
    plan.kept.some((dim) => isPartlyKnown(maps[dim])) ||
    (writes && plan.indexed.some((dim) => isPartlyKnown(maps[dim]) && hasCopies(maps[dim])));
  return unknown ? withoutLists(distribution) : distribution;
}

/** Whether several processes may list an index. */
export function hasCopies(map: DimensionMap): boolean {
  return map.dist === 'u' && map.gridSize > 1 && !(map.base as UnstructuredMap).oneToOne;
}

/** The distribution of the first array of integers whose shape is that of all together. */
function modelOf(plan: IndexPlan, operands: readonly ArrayMeta[]): Distribution | undefined {
  return plan.components
    .filter(({ entry, operand }) => operand >= 0 && entry.mask === null)
    .map(({ operand }) => operands[operand].distribution)
    .find((each) => !each.isReplicated && sameShape(each.shape, plan.indexShape));
}

/** A result has no halo along the dimensions of the indices. */
function unpadded(map: DimensionMap): DimensionMap {
  return map instanceof BlockMap && map.isPadded ? BlockMap.fromBounds(map.bounds) : map;
}
