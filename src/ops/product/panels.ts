/** Panels: the pieces in which the inner dimension of a product is gone through. */
import type { DimensionMap } from '../../maps/dimensionMap.ts';
import { type CommonRun, intersection } from '../../maps/intersection.ts';

/** Some inner indices that one process has of the first factor, and one of the second. */
export interface Panel {
  /** Grid rank, along the inner dimension of the first factor, of the process that has them. */
  readonly ownerA: number;
  /** The same of the second factor. */
  readonly ownerB: number;
  /** Number of indices. */
  readonly count: number;
  /** All indices that both have together, of which the panel is a piece. */
  readonly runs: readonly CommonRun[];
  /** The first index of the panel among these. */
  readonly first: number;
}

/**
 * Returns the panels of a product, whose order of summation does not matter: the same on all processes.
 *
 * @param a - how the inner dimension of the first factor is spread; a regular map, as `b` is
 * @param width - most indices of a panel
 */
export function panelsOf(a: DimensionMap, b: DimensionMap, width: number): Panel[] {
  const panels: Panel[] = [];
  for (let ownerA = 0; ownerA < a.gridSize; ownerA++) {
    for (let ownerB = 0; ownerB < b.gridSize; ownerB++) {
      const runs = intersection(a, ownerA, b, ownerB);
      const all = runs.reduce((sum, { blockSize, count }) => sum + blockSize * count, 0);
      for (let first = 0; first < all; first += width) {
        panels.push({ ownerA, ownerB, runs, first, count: Math.min(width, all - first) });
      }
    }
  }
  return panels;
}

/** Where a panel is in a part, along the inner axis: from `start` on in steps, or at these positions. */
export interface PanelPlaces {
  readonly start: number;
  readonly step: number;
  readonly positions: Int32Array | null;
}

/** Returns where the owner of a panel of one of the factors has it. */
export function placesOf({ runs, first, count }: Panel, side: 'a' | 'b'): PanelPlaces {
  const positions = new Int32Array(count);
  let filled = 0;
  let before = 0;
  for (const run of runs) {
    const { start, stride } = side === 'a' ? run.inA : run.inB;
    const size = run.blockSize * run.count;
    for (let k = Math.max(0, first - before); k < size && filled < count; k++) {
      const block = Math.floor(k / run.blockSize);
      positions[filled++] = start + block * stride + (k - block * run.blockSize);
    }
    before += size;
  }
  const step = count > 1 ? positions[1] - positions[0] : 1;
  const isStrided = positions.every((position, k) => position === positions[0] + k * step);
  return { start: positions[0], step, positions: isStrided ? null : positions };
}
