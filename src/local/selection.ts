/** Which elements of a part are those of a view, as positions. */
import type { AxisPositions } from '../kernels/copy.ts';
import type { DimensionMap } from '../maps/dimensionMap.ts';
import {
  type LocalSelection,
  listed,
  positionsOf,
  stridedSelection,
} from '../maps/localSelection.ts';

/**
 * Returns which elements of `root`'s part are those of `map`, a view of `root` or of what `root` is
 * itself a view of, in `map`'s local order.
 */
export function selectionWithin(
  root: DimensionMap,
  map: DimensionMap,
  gridRank: number,
): LocalSelection {
  const count = map.localSize(gridRank);
  if (map === root) return stridedSelection(0, 1, count);
  const inner = map.localSelection(gridRank);
  if (root.base === root) return inner;
  const outer = root.localSelection(gridRank);
  if (outer.kind === 'strided' && inner.kind === 'strided') {
    const start = (inner.start - outer.start) / outer.step;
    return stridedSelection(start, inner.step / outer.step, count);
  }
  const placeOf = new Map<number, number>();
  for (const position of positionsOf(outer)) placeOf.set(position, placeOf.size);
  return listed(Array.from(positionsOf(inner), (position) => placeOf.get(position) as number));
}

/** Returns the positions of a selection one by one; null where they are one strided run. */
export function positionVector(selection: LocalSelection): AxisPositions {
  switch (selection.kind) {
    case 'strided':
      return null;
    case 'listed':
      return selection.positions;
    case 'periodic':
      return vectorOf([...positionsOf(selection)]);
  }
}

function vectorOf(positions: readonly number[]): Int32Array | Float64Array {
  const small = positions.every((position) => position === (position | 0));
  return small ? Int32Array.from(positions) : Float64Array.from(positions);
}
