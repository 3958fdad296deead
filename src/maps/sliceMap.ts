/** Makes views of maps, and compares them. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { CyclicMap } from './cyclicMap.ts';
import type { DimensionMap } from './dimensionMap.ts';
import { isContiguous, SlicedBlockMap } from './slicedBlockMap.ts';
import { SlicedCyclicMap } from './slicedCyclicMap.ts';
import { type AffineSlice, SlicedMap } from './slicedMap.ts';
import { SlicedUnstructuredMap } from './slicedUnstructuredMap.ts';
import { UnstructuredMap } from './unstructuredMap.ts';

/**
 * Returns the view of `map` that shows its indices `start`, `start + step`, …, `count` in all.
 * A view of a view is a view of the base; one that shows everything in order is the base.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless all of them exist
 */
export function sliceMap(map: DimensionMap, slice: AffineSlice): DimensionMap {
  checkSlice(map, slice);
  const { base } = map;
  const { start, step, count } = collapsed(map, slice);
  if (start === 0 && step === 1 && count === base.size) return base;
  const whole = { start, step, count };
  if (base instanceof UnstructuredMap) return new SlicedUnstructuredMap(base, whole);
  if (base instanceof CyclicMap && base.gridSize > 1) return new SlicedCyclicMap(base, whole);
  if (isContiguous(base)) return new SlicedBlockMap(base, whole);
  throw new ArgumentTypeError('map', 'a map of this package', map);
}

/**
 * Returns by how many indices of the base the view `b` is ahead of the view `a`, if both are
 * views of one base with the same step and size: index i of `b` is that of `a` moved by it.
 * Undefined when they are not.
 */
export function shiftBetween(a: DimensionMap, b: DimensionMap): number | undefined {
  if (a.size !== b.size || !(a.base === b.base || a.base.equals(b.base))) return undefined;
  const first = affineOf(a);
  const second = affineOf(b);
  if (first.step !== second.step) return undefined;
  return second.start - first.start;
}

/** Returns which indices of its base a map shows: all of them when it is no view. */
export function affineOf(map: DimensionMap): AffineSlice {
  if (map instanceof SlicedMap) return { start: map.start, step: map.step, count: map.size };
  return { start: 0, step: 1, count: map.size };
}

function collapsed(map: DimensionMap, slice: AffineSlice): AffineSlice {
  const { count } = slice;
  if (count === 0) return { start: 0, step: 1, count };
  const outer = affineOf(map);
  const start = outer.start + slice.start * outer.step;
  return { start, step: count === 1 ? 1 : slice.step * outer.step, count };
}

function checkSlice(map: DimensionMap, slice: AffineSlice): void {
  if (typeof slice !== 'object' || slice === null) {
    throw new ArgumentTypeError('slice', 'an object with start, step and count', slice);
  }
  const { start, step, count } = slice;
  checkInteger('slice.count', count, 0);
  checkInteger('slice.step', step);
  if (step === 0) throw new ArgumentRangeError('slice.step', 'an integer that is not 0', step);
  if (count === 0) return;
  checkInteger('slice.start', start, 0, map.size - 1);
  const last = start + (count - 1) * step;
  if (last < 0 || last >= map.size) {
    const expected = `a count that ends within the ${map.size} indices`;
    throw new ArgumentRangeError('slice.count', expected, count);
  }
}
