/** The steps in which an array gets from one distribution to another. */
import { ArgumentRangeError } from '../../errors.ts';
import { sameShape } from '../../kernels/stridedView.ts';
import { BlockMap } from '../../maps/blockMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { sizeOfShape } from '../../maps/shape.ts';
import { checkOptions, optionNames } from '../../options.ts';
import { flatBlocks, isSlab, planFlat } from './flatPlan.ts';
import { type Plan, planRedistribution } from './plan.ts';
import { DEFAULT_STAGING_BYTES, Traffic, trafficOf } from './traffic.ts';

/**
 * Returns the distributions that an array gets one after the other, the last one is `to`. One step
 * where shapes are equal, or where one side has its parts in single runs of the flat index; otherwise
 * what has another shape goes through blocks of the flat index.
 *
 * @throws {@link ArgumentRangeError} when the sizes differ
 */
export function routeOf(from: Distribution, to: Distribution): readonly Distribution[] {
  if (from.size !== to.size) {
    const shape = from.shape.join(', ');
    throw new ArgumentRangeError(
      'distribution',
      `shape [${shape}], or another one of ${sizeOfShape(from.shape)} elements`,
      to.shape,
    );
  }
  if (sameShape(from.shape, to.shape)) return [to];
  const [first, last] = [withoutLists(from), withoutLists(to)];
  const middle = isSlab(first) || isSlab(last) ? [] : [flatBlocks(from.size, last)];
  return [...(first === from ? [] : [first]), ...middle, last, ...(last === to ? [] : [to])];
}

/** Returns the plan of one step of a route. Pure. */
export function planOfStep(from: Distribution, to: Distribution, process: number): Plan {
  if (sameShape(from.shape, to.shape)) return planRedistribution(from, to, process);
  return planFlat(from, to, process);
}

/** Options of {@link predictTraffic}. */
export interface PredictOptions {
  /** Bytes of an element. */
  readonly itemsize: number;
  /** As {@link RedistributeOptions.stagingBytes}; it decides into how many parts messages go. */
  readonly stagingBytes?: number;
}

const PREDICT_OPTIONS = optionNames<PredictOptions>({ itemsize: true, stagingBytes: true });

/**
 * Returns what a process will send when an array is redistributed. Pure: it asks nobody, and any
 * process can be asked for.
 *
 * @param process number of the process in the communicator
 * @throws {@link UnknownIndicesError} where unstructured maps are not known as a whole
 * @throws {@link ArgumentRangeError} when the sizes differ
 */
export function predictTraffic(
  from: Distribution,
  to: Distribution,
  process: number,
  options: PredictOptions,
): Traffic {
  checkOptions(options, PREDICT_OPTIONS, '{ itemsize: 8 }');
  const { itemsize, stagingBytes = DEFAULT_STAGING_BYTES } = options;
  const all = new Traffic();
  let at = from;
  for (const next of routeOf(from, to)) {
    if (!at.isCompatible(next)) {
      const { messages, bytes } = trafficOf(planOfStep(at, next, process), itemsize, stagingBytes);
      all.messages += messages;
      all.bytes += bytes;
    }
    at = next;
  }
  return all;
}

/** Returns the distribution with even blocks in the place of unstructured maps. */
export function withoutLists(distribution: Distribution): Distribution {
  if (distribution.hasPreciseIndex) return distribution;
  const regular = distribution.maps.map((map) =>
    map.dist === 'u' ? BlockMap.even(map.size, map.gridSize) : map,
  );
  return distribution.withMaps(regular);
}
