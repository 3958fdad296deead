/** The operands of an expression, brought to where its result is. */
import type { StridedView } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import type { Distribution } from '../maps/distribution.ts';
import { alignTo, isAligned } from '../ops/align.ts';
import type { OperationEnvironment } from '../ops/operation.ts';
import { type Cut, cutsOf } from './cuts.ts';
import { type Box, Edges, viewInBox, type Window, windowOf } from './windows.ts';

/** Views of all operands for a box of the result, for all of it when the box is null. */
export type Visit = (views: readonly StridedView[], box: Box | null) => void;

/** Operands where the result is, some of them perhaps in pieces. */
export interface Operands {
  /** Whether the result is computed in boxes. The same on every process. */
  readonly isCut: boolean;
  /**
   * Calls back for each box of a result of this shape, first for those that wait for no neighbour; null for a process
   * without results. All processes call it, once.
   */
  forBoxes(shape: readonly number[] | null, visit: Visit): void;
}

/** How operands get to a distribution. The same on every process. */
export interface Layout {
  /** Slices of blocks that are shifted against it. */
  readonly windows: readonly (Window | null)[];
  /** Operands that lie so already. */
  readonly aligned: readonly boolean[];
  /** Whether windows reach over the edges of parts. */
  readonly isCut: boolean;
}

/** Returns how the first `count` arrays get to a distribution; those that are neither must be redistributed. */
export function layoutOf(
  arrays: readonly LocalArray[],
  count: number,
  distribution: Distribution,
): Layout {
  const aligned = new Array<boolean>(count);
  const windows = new Array<Window | null>(count);
  let isCut = false;
  for (let k = 0; k < count; k++) {
    const array = arrays[k];
    aligned[k] = array.distribution === distribution || isAligned(array.distribution, distribution);
    windows[k] = aligned[k] ? null : windowOf(array, distribution);
    if (windows[k]?.crosses) isCut = true;
  }
  return { windows, aligned, isCut };
}

/**
 * Brings operands to a distribution: slices of blocks that are shifted against it by edges of neighbours, of which
 * each array's come once; others by redistribution.
 *
 * @param count - how many of the arrays are operands
 * @remarks Collective.
 */
export function broughtTogether(
  arrays: readonly LocalArray[],
  count: number,
  distribution: Distribution,
  environment: OperationEnvironment,
): Operands {
  const { windows, aligned, isCut } = layoutOf(arrays, count, distribution);
  const views = windows.map((window, k) => {
    if (window !== null) return null;
    return aligned[k] ? arrays[k].readView() : alignTo(arrays[k], distribution, environment);
  });
  const edges = isCut ? new Edges(windows) : null;
  return {
    isCut,
    forBoxes(shape, visit) {
      if (shape === null) {
        edges?.exchange(environment.traffic, () => {});
        return;
      }
      if (windows.every((window) => window === null)) {
        visit(views as StridedView[], null);
        return;
      }
      const { inner, outer } = cutsOf(shape, windows, edges);
      const run = ({ box, views: shown }: Cut) =>
        visit(
          shown.map((view, k) => view ?? viewInBox(views[k]!, box)),
          box,
        );
      const runInner = () => inner.forEach(run);
      if (edges === null) runInner();
      else edges.exchange(environment.traffic, runInner);
      outer.forEach(run);
    },
  };
}
