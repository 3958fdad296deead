/** Intersections of ranges with steps. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { ceilDiv, floorDiv, lcm, solveCongruence } from './numberTheory.ts';
import type { SliceRange } from './sliceRange.ts';

/** Indices from `start` on, below `stop`, `step` apart; 1 when left out. */
export type RangeTuple =
  | readonly [start: number, stop: number]
  | readonly [start: number, stop: number, step: number];

/**
 * Returns what two ranges have in common, with a stop right after the last index, or `null` when
 * that is nothing (DistArray 0.5 `tuple_intersection`).
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless both steps are positive
 */
export function tupleIntersection(
  a: RangeTuple,
  b: RangeTuple,
): readonly [start: number, stop: number, step: number] | null {
  const [startA, stopA, stepA] = checkedTuple(a, 'a');
  const [startB, stopB, stepB] = checkedTuple(b, 'b');
  // startA + i * stepA ≡ startB (mod stepB)
  const i = solveCongruence(stepA, startB - startA, stepB);
  if (i < 0) return null;
  const step = lcm(stepA, stepB);
  const meeting = startA + i * stepA;
  const low = Math.max(startA, startB);
  const start = meeting + Math.max(0, ceilDiv(low - meeting, step)) * step;
  const before = Math.min(stopA, stopB) - 1;
  if (!(start <= before)) return null;
  const last = Number.isFinite(step) ? start + floorDiv(before - start, step) * step : start;
  return [start, last + 1, Number.isFinite(step) ? step : stepA];
}

/**
 * Returns what two ranges with start and stop have in common (DistArray 0.5
 * `slice_intersection`); with steps of 1 possibly an empty range whose stop is below its start.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function sliceIntersection(a: SliceRange, b: SliceRange): SliceRange {
  const tuples = [a, b].map((range, i): [number, number, number] => {
    const name = i === 0 ? 'a' : 'b';
    if (typeof range !== 'object' || range === null) {
      throw new ArgumentTypeError(name, '{ start, stop, step }', range);
    }
    const { start, stop, step } = range;
    checkInteger(`${name}.start`, start, 0);
    checkInteger(`${name}.stop`, stop, 0);
    return [start, stop, step ?? 1];
  });
  const [first, second] = tuples;
  if (first[2] === 1 && second[2] === 1) {
    const start = Math.max(first[0], second[0]);
    return { start, stop: Math.min(first[1], second[1]), step: 1 };
  }
  const [start, stop, step] = tupleIntersection(first, second) ?? [0, 0, 1];
  return { start, stop, step };
}

function checkedTuple(tuple: RangeTuple, argument: string): [number, number, number] {
  if (!Array.isArray(tuple)) throw new ArgumentTypeError(argument, '[start, stop, step]', tuple);
  if (tuple.length !== 2 && tuple.length !== 3) {
    throw new ArgumentRangeError(argument, '[start, stop, step]', tuple);
  }
  const [start, stop, step = 1]: readonly unknown[] = tuple;
  checkInteger(`${argument}[0]`, start);
  checkInteger(`${argument}[1]`, stop);
  checkInteger(`${argument}[2]`, step, 1);
  return [start, stop, step];
}
