/** Where operands with different distributions are brought together. */
import { DTYPES } from '../../dtype/dtype.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import { Distribution } from '../../maps/distribution.ts';
import { newaxis, type SliceItem } from '../../maps/sliceSpec.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';
import { isAligned } from '../align.ts';
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

/** All bytes of the operands that do not lie as the candidate wants them. */
function bytesToMove(operands: readonly ArrayMeta[], candidate: Distribution): number {
  let bytes = 0;
  for (const { distribution, dtype } of operands) {
    if (isAligned(distribution, candidate)) continue;
    bytes += distribution.size * DTYPES[dtype].itemsize;
  }
  return bytes;
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
