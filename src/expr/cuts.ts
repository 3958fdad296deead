/** How a result is cut into boxes because of the windows among its operands. */
import type { StridedView } from '../kernels/stridedView.ts';
import type { LocalArray } from '../local/localArray.ts';
import { type Box, boxesOf, type Edges, type Window } from './windows.ts';

/** A box of the result that has elements, and what its windows show there, null for other operands. */
export interface Cut {
  readonly box: Box;
  readonly views: readonly (StridedView | null)[];
}

/** All boxes: those that need no neighbour, and the others. */
export interface Cuts {
  readonly inner: readonly Cut[];
  readonly outer: readonly Cut[];
}

/** The cuts of the last windows on an array: a loop has the same ones in every step. They go with the array. */
const known = new WeakMap<LocalArray, { windows: readonly (Window | null)[]; cuts: Cuts }[]>();
const MOST_KEPT = 4;

/** Returns the cuts for the parts that this process has of a result and of its operands. */
export function cutsOf(
  shape: readonly number[],
  windows: readonly (Window | null)[],
  edges: Edges | null,
): Cuts {
  const base = onlyBase(windows);
  // What several arrays have together would keep all of them in memory as long as one.
  if (base === null) return cut(shape, windows, edges);
  let kept = known.get(base);
  if (kept === undefined) {
    kept = [];
    known.set(base, kept);
  }
  for (const one of kept) if (isSame(one.windows, windows)) return one.cuts;
  const cuts = cut(shape, windows, edges);
  if (kept.length === MOST_KEPT) kept.shift();
  kept.push({ windows, cuts });
  return cuts;
}

function cut(
  shape: readonly number[],
  windows: readonly (Window | null)[],
  edges: Edges | null,
): Cuts {
  const { inner, outer } = boxesOf(shape, windows);
  const withViews = (boxes: readonly Box[]) =>
    boxes
      .filter(({ begin, end }) => begin.every((from, axis) => from < end[axis]))
      .map((box) => ({
        box,
        views: windows.map((window) => window?.viewOf(box, edges?.ghostsOf(window.base)) ?? null),
      }));
  return { inner: withViews(inner), outer: withViews(outer) };
}

function onlyBase(windows: readonly (Window | null)[]): LocalArray | null {
  let base: LocalArray | null = null;
  for (const window of windows) {
    if (window === null || window.base === base) continue;
    if (base !== null) return null;
    base = window.base;
  }
  return base;
}

/** A window is one of an array for one distribution of the result. */
function isSame(a: readonly (Window | null)[], b: readonly (Window | null)[]): boolean {
  if (a.length !== b.length) return false;
  for (let k = 0; k < a.length; k++) if (a[k] !== b[k]) return false;
  return true;
}
