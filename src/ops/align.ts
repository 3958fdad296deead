/** Bringing the elements of one array to the processes that hold another one's. */
import type { StridedView } from '../kernels/stridedView.ts';
import { sameShape } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { DimensionMap } from '../maps/dimensionMap.ts';
import { Distribution } from '../maps/distribution.ts';
import { PairMemo } from '../maps/pairMemo.ts';
import { ellipsis, newaxis, type SliceItem } from '../maps/sliceSpec.ts';
import { UndistributedMap } from '../maps/undistributedMap.ts';
import { UnstructuredMap } from '../maps/unstructuredMap.ts';
import { shiftedView } from './halo/shiftedView.ts';
import type { OperationEnvironment } from './operation.ts';
import { isPartlyKnown } from './redistribute/askedOverlaps.ts';
import { redistribute } from './redistribute/redistribute.ts';
import type { Traffic } from './redistribute/traffic.ts';

/**
 * Returns those elements of an array that this process needs for its part under `distribution`, as a view
 * that broadcasts to that part's local shape.
 *
 * @param array - of a shape that broadcasts to that of the distribution
 * @remarks Collective, unless `isAligned`: the array is redistributed, each broadcast element to all
 * processes that need it. Of a slice that reaches no further than the halo of its base, only that is sent.
 */
export function alignTo(
  array: LocalArray,
  distribution: Distribution,
  { traffic }: OperationEnvironment,
): StridedView {
  const needed = neededDistribution(array.distribution, distribution);
  if (needed === null) return array.readView();
  return shiftedView(array, distribution, traffic) ?? broughtTo(array, needed, traffic);
}

function broughtTo(array: LocalArray, needed: Distribution, traffic: Traffic): StridedView {
  const lead = needed.ndim - array.ndim;
  const expanded = lead === 0 ? array : array.slice(leadingAxes(lead));
  return redistribute(expanded, needed, { traffic }).readView();
}

/**
 * Gives an array the elements of another one that broadcasts to its shape, cast to its dtype. They may share
 * memory, but no elements.
 *
 * @remarks Collective. What need not be cast or broadcast goes straight to its place.
 */
export function copyInto(
  target: LocalArray,
  source: LocalArray,
  environment: OperationEnvironment,
): void {
  const { distribution, dtype, comm } = target;
  const { traffic } = environment;
  const needed = neededDistribution(source.distribution, distribution);
  const asIs =
    source.dtype === dtype &&
    source.comm === comm &&
    sameShape(source.globalShape, target.globalShape);
  if (asIs && needed !== null) {
    redistribute(source, distribution, { traffic, out: target });
    return;
  }
  // Not from the halo: on some processes the source may be a copy, which has none.
  const view = needed === null ? source.readView() : broughtTo(source, needed, traffic);
  if (target.localSize > 0) target.assignView(view, 'unsafe');
}

/**
 * Returns whether every process has those elements of an array under `from` that it needs for its part under
 * `to`, to whose shape the array broadcasts. Pure, and the same on every process.
 */
export function isAligned(from: Distribution, to: Distribution): boolean {
  return neededDistribution(from, to) === null;
}

/**
 * Returns whether both give every process the same elements in the same order, by what all processes know:
 * of maps that each knows its own indices of, only that they are the same one.
 */
export function coincide(a: Distribution, b: Distribution): boolean {
  if (a === b) return true;
  if (!a.maps.some(isPartlyKnown) && !b.maps.some(isPartlyKnown)) return a.isCompatible(b);
  return (
    a.isReplicated === b.isReplicated &&
    a.ndim === b.ndim &&
    a.targetsKey === b.targetsKey &&
    a.maps.every((map, axis) => map === b.maps[axis])
  );
}

const known = new PairMemo<Distribution | null>();

/** The distribution that an array must be brought to, null for none; kept, for plans are found by it. */
function neededDistribution(from: Distribution, to: Distribution): Distribution | null {
  if (from === to) return null;
  return known.of(from, to, () => findNeeded(from, to));
}

function findNeeded(from: Distribution, to: Distribution): Distribution | null {
  if (sameShape(from.shape, to.shape) && coincide(from, to)) return null;
  if (from.isReplicated && from.size === 1 && holdsAll(from, to)) return null;
  if (to.isReplicated) {
    if (from.isReplicated && holdsAll(from, to)) return null;
    return Distribution.replicated(from.shape, { targets: to.targets });
  }
  const lead = to.ndim - from.ndim;
  const expanded = lead === 0 ? from : from.slice(leadingAxes(lead));
  const maps = to.maps.map((map, axis): DimensionMap => {
    if (expanded.shape[axis] === map.size) return map;
    return map.gridSize === 1 ? new UndistributedMap(1) : onAll(map.gridSize);
  });
  const needed = to.withMaps(maps);
  return coincide(expanded, needed) ? null : needed;
}

/** Whether each process that `to` needs has all of an array under `from`. */
function holdsAll(from: Distribution, to: Distribution): boolean {
  return (
    from.targetsKey === to.targetsKey ||
    to.targets.every((target) => from.rankOfTarget(target) >= 0)
  );
}

/** One index that all grid ranks have. */
function onAll(gridSize: number): DimensionMap {
  return UnstructuredMap.fromIndices(new Array(gridSize).fill([0]), { size: 1 });
}

function leadingAxes(count: number): SliceItem[] {
  return [...new Array<SliceItem>(count).fill(newaxis), ellipsis];
}
