/** Maps of the same memory seen as more or fewer, smaller or larger, elements. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { BlockMap } from './blockMap.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { gcd } from './numberTheory.ts';
import { checkShape } from './shape.ts';
import { affineOf, sliceMap } from './sliceMap.ts';
import { UndistributedMap } from './undistributedMap.ts';
import { UnstructuredMap } from './unstructuredMap.ts';

/**
 * Returns the map of `size` indices whose parts are those of `map` in proportion (DistArray 0.5
 * `view` of a map).
 *
 * @remarks Bounds of blocks that fall between two indices are rounded down, as in DistArray;
 * block sizes and lists of indices must come out as integers.
 * @param argument - the name that an error calls the size by
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function scaleMap(map: DimensionMap, size: number, argument = 'size'): DimensionMap {
  checkInteger(argument, size, 0);
  if (size === map.size) return map;
  if (map.base !== map) return scaledView(map, size, argument);
  if (map instanceof UndistributedMap) return new UndistributedMap(size);
  if (map instanceof BlockMap) return scaledBlocks(map, size, argument);
  if (map instanceof CyclicMap) {
    const blockSize = scaled(map.blockSize, map.size, size, argument, `${map}`);
    return new CyclicMap(size, map.gridSize, { blockSize });
  }
  if (map instanceof UnstructuredMap) return scaledLists(map, size, argument);
  throw new ArgumentTypeError('map', 'a map of this package', map);
}

/**
 * Returns the maps with the last one scaled: see {@link scaleMap}.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, also when there is none
 */
export function scaleLastMap(
  maps: readonly DimensionMap[],
  size: number,
  argument: string,
): readonly DimensionMap[] {
  const last = maps.at(-1);
  if (last === undefined) {
    throw new ArgumentRangeError(argument, 'undefined for a 0-d distribution', size);
  }
  const scaled = [...maps.slice(0, -1), scaleMap(last, size, argument)];
  checkShape(
    scaled.map((map) => map.size),
    argument,
  );
  return scaled;
}

function scaledBlocks(map: BlockMap, size: number, argument: string): BlockMap {
  const scale = (value: number) => scaled(value, map.size, size, argument, `${map}`);
  const even = scaledEvenBlocks(map, size, scale);
  if (even !== undefined) return even;
  const inner = Array.from({ length: map.gridSize - 1 }, (_, rank) => map.halo(rank)[1]);
  const outer = map.periodic ? [scale(map.halo(0)[0])] : [];
  const padding = {
    commPadding: [...inner.map(scale), ...outer],
    boundaryPadding: [scale(map.boundary(0)[0]), scale(map.boundary(map.gridSize - 1)[1])] as const,
    periodic: map.periodic,
  };
  const bounds = map.bounds.map((bound) =>
    map.size === 0 ? 0 : Number((BigInt(bound) * BigInt(size)) / BigInt(map.size)),
  );
  bounds[map.gridSize] = size;
  return BlockMap.fromBounds(bounds, padding);
}

/** The scaled map where it is even again and needs no list; undefined where that is not sure. */
function scaledEvenBlocks(
  map: BlockMap,
  size: number,
  scale: (value: number) => number,
): BlockMap | undefined {
  const { gridSize, periodic, uniformPadding } = map;
  if (!map.isEven || uniformPadding === undefined || map.size === 0) return undefined;
  const reached = BigInt(map.localSize(0)) * BigInt(size);
  const block = BigInt(Math.ceil(size / gridSize));
  if (reached !== block * BigInt(map.size)) return undefined;
  return BlockMap.even(size, gridSize, {
    commPadding: scale(uniformPadding),
    boundaryPadding: [scale(map.boundary(0)[0]), scale(map.boundary(gridSize - 1)[1])],
    periodic,
  });
}

function scaledLists(map: UnstructuredMap, size: number, argument: string): UnstructuredMap {
  if (!map.isComplete) {
    const expected = `${map.size}: a map that knows one grid rank only keeps its size`;
    throw new ArgumentRangeError(argument, expected, size);
  }
  const factor = scaled(1, map.size, size, argument, `${map}`);
  const lists = Array.from({ length: map.gridSize }, (_, gridRank) =>
    Float64Array.from(
      Array.from(map.indices(gridRank)).flatMap((index) =>
        Array.from({ length: factor }, (_, part) => index * factor + part),
      ),
    ),
  );
  return UnstructuredMap.fromIndices(lists, { size, oneToOne: map.oneToOne });
}

function scaledView(map: DimensionMap, size: number, argument: string): DimensionMap {
  const { start, step } = affineOf(map);
  if (step !== 1) {
    throw new ArgumentRangeError(argument, `${map.size}: elements of ${map} are apart`, size);
  }
  const base = scaleMap(map.base, scaled(map.base.size, map.size, size, argument, `${map}`));
  const first = scaled(start, map.size, size, argument, `${map}`);
  return sliceMap(base, { start: first, step: 1, count: size });
}

/** Returns `value * size / oldSize`, which must be an integer. */
function scaled(
  value: number,
  oldSize: number,
  size: number,
  argument: string,
  map: string,
): number {
  if (value === 0) return 0;
  const divisor = gcd(oldSize, size);
  const result = (value / (oldSize / divisor)) * (size / divisor);
  if (oldSize > 0 && size > 0 && Number.isInteger(value / (oldSize / divisor))) return result;
  throw new ArgumentRangeError(argument, `a size that scales ${value} of ${map} evenly`, size);
}
