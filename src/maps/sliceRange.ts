/** Indices and ranges that may count from the end, as NumPy has them. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';

/** A range with NumPy's defaults and clipping. */
export interface SliceRange {
  readonly start?: number | null;
  readonly stop?: number | null;
  readonly step?: number | null;
}

/**
 * Returns the non-negative form of an index that may count from the end.
 *
 * @param argument - the name that an error calls it by
 * @param entry - its place in the argument, if it is one of several
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function positiveIndex(
  index: number,
  extent: number,
  argument = 'index',
  entry?: number,
): number {
  if (Number.isInteger(index) && index >= -extent && index < extent) {
    return index < 0 ? index + extent : index;
  }
  const name = entry === undefined ? argument : `${argument}[${entry}]`;
  if (typeof index !== 'number') throw new ArgumentTypeError(name, 'an integer', index);
  const expected =
    extent > 0 ? `an integer in [${-extent}, ${extent - 1}]` : 'nothing (there is no index)';
  throw new ArgumentRangeError(name, expected, index);
}

/**
 * Returns start, step and count of a range over `extent` indices (Python `slice.indices`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function resolveRange(
  range: SliceRange | null,
  extent: number,
  argument = 'slice',
): { readonly start: number; readonly step: number; readonly count: number } {
  if (range !== null && (typeof range !== 'object' || Array.isArray(range))) {
    const expected = "an integer, { start, stop, step }, null, '...' or newaxis";
    throw new ArgumentTypeError(argument, expected, range);
  }
  const step = range?.step ?? 1;
  checkInteger(`${argument}.step`, step);
  if (step === 0) throw new ArgumentRangeError(`${argument}.step`, 'a step that is not 0', step);
  const [lowest, highest] = step > 0 ? [0, extent] : [-1, extent - 1];
  const clipped = (bound: number | null | undefined, missing: number, name: string): number => {
    if (bound === null || bound === undefined) return missing;
    checkInteger(`${argument}.${name}`, bound);
    const positive = bound < 0 ? bound + extent : bound;
    return Math.max(lowest, Math.min(highest, positive));
  };
  const start = clipped(range?.start, step > 0 ? lowest : highest, 'start');
  const stop = clipped(range?.stop, step > 0 ? highest : lowest, 'stop');
  const span = step > 0 ? stop - start : start - stop;
  const count = span <= 0 ? 0 : Math.floor((span - 1) / Math.abs(step)) + 1;
  return { start: count > 0 ? start : 0, step, count };
}

/**
 * Returns an index or a range without negative entries, in NumPy's sense (DistArray 0.5
 * `positivify`): an index must exist, the ends of a range are clipped to the extent.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function positivify(index: number, extent: number): number;
export function positivify(index: SliceRange, extent: number): SliceRange;
export function positivify(index: number | SliceRange, extent: number): number | SliceRange {
  if (typeof index === 'number') return positiveIndex(index, extent);
  const { step: stride } = resolveRange(index, extent, 'index');
  const clipped = (bound: number | null | undefined): number | null => {
    if (bound === null || bound === undefined) return null;
    const positive = bound < 0 ? bound + extent : bound;
    if (positive >= 0) return positive;
    // Before the beginning: where an ascending range begins, and a descending one ends.
    return stride > 0 ? 0 : null;
  };
  const { start, stop, step } = index;
  // A descending range that would begin before the beginning is empty.
  const isEmpty = stride < 0 && typeof start === 'number' && start < -extent;
  if (isEmpty) return { start: 0, stop: 0, step: stride };
  return { start: clipped(start), stop: clipped(stop), step: step ?? null };
}
