/** Where the elements of a view lie in the local part that it looks into. */

/** `count` positions: `start`, `start + step`, …; `step` may be negative. */
export interface StridedRun {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

/** Positions with one distance between each and the next: a strided view of memory. */
export interface StridedSelection extends StridedRun {
  readonly kind: 'strided';
}

/**
 * Positions in runs: all of `runs` in order, then again with `advance` added to every position,
 * and so on, until `count` positions are reached.
 */
export interface PeriodicSelection {
  readonly kind: 'periodic';
  readonly runs: readonly StridedRun[];
  readonly advance: number;
  readonly count: number;
}

/** Positions one by one. */
export interface ListedSelection {
  readonly kind: 'listed';
  readonly positions: Int32Array | Float64Array;
  readonly count: number;
}

/**
 * Which positions of a base map's local part a map's local elements have, in the map's local
 * order. Positions count owned elements from 0; a halo before them does not count.
 */
export type LocalSelection = StridedSelection | PeriodicSelection | ListedSelection;

/** Returns the selection of `count` positions from `start` on with `step` between them. */
export function stridedSelection(start: number, step: number, count: number): StridedSelection {
  if (count === 0) return { kind: 'strided', start: 0, step: 1, count };
  return { kind: 'strided', start, step: count === 1 ? 1 : step, count };
}

/** Returns the selection of these positions; a strided one if it can be. */
export function listed(positions: readonly number[] | Int32Array | Float64Array): LocalSelection {
  const count = positions.length;
  const step = count > 1 ? positions[1] - positions[0] : 1;
  let strided = true;
  for (let i = 2; strided && i < count; i++) strided = positions[i] === positions[i - 1] + step;
  if (strided && step !== 0) return stridedSelection(positions[0], step, count);
  const fits = positions.every((position) => (position | 0) === position);
  const list = fits ? Int32Array.from(positions) : Float64Array.from(positions);
  return { kind: 'listed', positions: list, count };
}

/** Returns the position of the `i`-th selected element. */
export function positionAt(selection: LocalSelection, i: number): number {
  switch (selection.kind) {
    case 'strided':
      return selection.start + i * selection.step;
    case 'listed':
      return selection.positions[i];
    case 'periodic': {
      const length = selection.runs.reduce((sum, run) => sum + run.count, 0);
      const round = Math.floor(i / length);
      let rest = i % length;
      for (const { start, step, count } of selection.runs) {
        if (rest < count) return start + rest * step + round * selection.advance;
        rest -= count;
      }
      return Number.NaN;
    }
  }
}

/** Returns the positions of a selection, one after the other. */
export function* positionsOf(selection: LocalSelection): IterableIterator<number> {
  if (selection.kind === 'strided') {
    const { start, step, count } = selection;
    for (let i = 0; i < count; i++) yield start + i * step;
  } else if (selection.kind === 'listed') {
    yield* selection.positions;
  } else {
    let left = selection.count;
    for (let shift = 0; left > 0; shift += selection.advance) {
      for (const { start, step, count } of selection.runs) {
        for (let i = 0; i < count && left > 0; i++, left--) yield start + i * step + shift;
      }
    }
  }
}

/** Returns the selection as one strided run where its positions happen to make one. */
export function simplified(selection: PeriodicSelection): LocalSelection {
  const { runs, advance, count } = selection;
  if (count === 0) return stridedSelection(0, 1, 0);
  if (count === 1) return stridedSelection(runs[0].start, 1, 1);
  const step = positionAt(selection, 1) - positionAt(selection, 0);
  let at = runs[0].start;
  let seen = 0;
  for (const run of runs) {
    if (seen >= count) break;
    if (run.start !== at || (run.count > 1 && seen + 1 < count && run.step !== step)) {
      return selection;
    }
    at += run.count * step;
    seen += run.count;
  }
  if (seen < count && runs[0].start + advance !== at) return selection;
  return stridedSelection(runs[0].start, step, count);
}
