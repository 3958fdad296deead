/** Splitting and joining dimensions that are not distributed. */
import { sameShape } from '../../kernels/stridedView.ts';
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import type { Distribution } from '../../maps/distribution.ts';
import { UndistributedMap } from '../../maps/undistributedMap.ts';

/**
 * Returns the distribution of an array of another shape under which every process has the same elements in the
 * same C order: that where dimensions that are distributed stay, and others are split and joined. Null when
 * there is none. Pure.
 *
 * @param shape - of as many elements
 * @param mayChange - tells which dimensions may be split and joined, of those that are whole on each process
 */
export function regrouped(
  from: Distribution,
  shape: readonly number[],
  mayChange: (map: DimensionMap) => boolean = isWhole,
): Distribution | null {
  if (sameShape(from.shape, shape)) return from;
  if (from.size === 0) return null;
  const maps: DimensionMap[] = [];
  for (const { before, after } of groupsOf(from.shape, shape)) {
    const group = from.maps.slice(...before);
    const extents = shape.slice(...after);
    if (group.every(mayChange)) maps.push(...extents.map((extent) => new UndistributedMap(extent)));
    else if (group.length === 1 && extents.length === 1) maps.push(group[0]);
    else return null;
  }
  return from.withMaps(maps);
}

/** Whether each process has all indices of a dimension, in their order. */
function isWhole(map: DimensionMap): boolean {
  return map.gridSize === 1 && map.dist !== 'u';
}

type Range = readonly [start: number, stop: number];

/** Dimensions of two shapes that have equally many elements together. */
interface Group {
  readonly before: Range;
  readonly after: Range;
}

/** The smallest groups of dimensions that correspond; those of extent 1 that no other needs are alone. */
function groupsOf(before: readonly number[], after: readonly number[]): Group[] {
  const groups: Group[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [first, other] = [i, j];
    if (i < before.length && before[i] === after[j]) [i, j] = [i + 1, j + 1];
    else if (before[i] === 1) i++;
    else if (after[j] === 1) j++;
    else {
      let [left, right] = [before[i++], after[j++]];
      while (left !== right) {
        if (left < right) left *= before[i++];
        else right *= after[j++];
      }
    }
    groups.push({ before: [first, i], after: [other, j] });
  }
  return groups;
}
