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
   * without results.
   */
  forBoxes(shape: readonly number[] | null, visit: Visit): void;
}

/**
 * Brings operands to a distribution: slices of blocks that are shifted against it by edges of neighbours, of which
 * each array's come once; others by redistribution.
 *
 * @param count - how many of the arrays are operands
 * @remarks Collective. What was started is waited for in `forBoxes`, which every process calls.
 */
export function broughtTogether(
  arrays: readonly LocalArray[],
  count: number,
  distribution: Distribution,
  environment: OperationEnvironment,
): Operands {
  const views = new Array<StridedView | null>(count);
  const windows = new Array<Window | null>(count);
  let isCut = false;
  for (let k = 0; k < count; k++) {
    const array = arrays[k];
    windows[k] = null;
    views[k] = null;
    if (array.distribution === distribution || isAligned(array.distribution, distribution)) {
      views[k] = array.readView();
      continue;
    }
    windows[k] = windowOf(array, distribution);
    if (windows[k] === null) views[k] = alignTo(array, distribution, environment);
    else if (windows[k]!.crosses) isCut = true;
  }
  const edges = isCut ? new Edges(windows, environment.traffic) : null;
  return {
    isCut,
    forBoxes(shape, visit) {
      if (shape === null) {
        edges?.wait();
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
      inner.forEach(run);
      edges?.wait();
      outer.forEach(run);
    },
  };
}
