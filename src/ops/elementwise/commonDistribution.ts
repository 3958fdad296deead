/** Where operands with different distributions are brought together. */
import { DTYPES } from '../../dtype/dtype.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { PairMemo } from '../../maps/pairMemo.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { isAligned } from '../align.ts';
import { reachBetween } from '../halo/ghosts.ts';
import type { ArrayMeta } from '../operation.ts';

/**
 * Returns the distribution that the result of operands has which are broadcast together: that of one of
 * them, such that the fewest bytes of the others have to move; of equal ones the first. Pure.
 *
 * @param shape - of the result
 */
export function commonDistribution(
  operands: readonly ArrayMeta[],
  shape: readonly number[],
): Distribution {
  const first = operands[0].distribution;
  if (isCommon(operands, first) && sameShape(first.shape, shape)) return first;
  const spread = operands.filter(({ distribution }) => !distribution.isReplicated);
  if (spread.length === 0) return ofReplicated(operands, shape);
  const whole = new Set(
    spread.map((each) => each.distribution).filter((each) => sameShape(each.shape, shape)),
  );
  const candidates = whole.size > 0 ? [...whole] : [broadcastOf(largest(spread), shape)];
  if (candidates.length === 1) return candidates[0];
  const costs = candidates.map((candidate) => bytesToMove(operands, candidate));
  return candidates[costs.indexOf(Math.min(...costs))];
}

function isCommon(operands: readonly ArrayMeta[], distribution: Distribution): boolean {
  for (let k = 0; k < operands.length; k++) {
    if (operands[k].distribution !== distribution) return false;
  }
  return true;
}

/** All bytes of the operands that the processes would have to get from others. */
function bytesToMove(operands: readonly ArrayMeta[], candidate: Distribution): number {
  let bytes = 0;
  for (const { distribution, dtype } of operands) {
    bytes += elementsToMove(distribution, candidate) * DTYPES[dtype].itemsize;
  }
  return bytes;
}

const known = new PairMemo<number>();

function elementsToMove(from: Distribution, to: Distribution): number {
  return known.of(from, to, () => (isAligned(from, to) ? 0 : (edgesToMove(from, to) ?? from.size)));
}

/** Of a slice of blocks that is a little shifted: the edges of the parts; null for others. */
function edgesToMove(from: Distribution, to: Distribution): number | null {
  if (!sameShape(from.shape, to.shape) || from.maps.every((map) => map.base === map)) return null;
  if (from.isReplicated) return null;
  const base = from.withMaps(from.maps.map((map) => map.base));
  const reach = reachBetween(from, base, to);
  if (reach === null) return null;
  return reach.reduce(
    (sum, width, axis) =>
      sum + (width * (from.gridShape[axis] - 1) * base.size) / Math.max(1, base.shape[axis]),
    0,
  );
}

function largest(operands: readonly ArrayMeta[]): Distribution {
  return operands.reduce((best, each) =>
    each.distribution.size > best.distribution.size ? each : best,
  ).distribution;
}

function ofReplicated(operands: readonly ArrayMeta[], shape: readonly number[]): Distribution {
  const first = operands[0].distribution;
  const fitting = operands.find(({ distribution }) => sameShape(distribution.shape, shape));
  return fitting?.distribution ?? Distribution.replicated(shape, { targets: first.targets });
}

/** A distribution whose axes of length 1 are made as long as those of `shape`, on the same grid. */
function broadcastOf(distribution: Distribution, shape: readonly number[]): Distribution {
  const lead = new Array<SliceItem>(shape.length - distribution.ndim).fill(newaxis);
  const expanded = distribution.slice([...lead, '...']);
  const maps = expanded.maps.map((map, axis) => {
    const extent = shape[axis];
    if (map.size === extent) return map;
    return map.gridSize === 1 ? new UndistributedMap(extent) : BlockMap.even(extent, map.gridSize);
  });
  return expanded.withMaps(maps);
}
