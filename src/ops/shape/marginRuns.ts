/** Which elements the margins of an array repeat. */

/** Margins that show the array again: reflected at the centre of the edge, or beside it, or from its other end. */
export type MirrorMode = 'reflect' | 'symmetric' | 'wrap';

/** Elements of a margin that are neighbours where they come from, too. */
export interface MarginRun {
  /** Index of the first one: negative before the array, from its extent on behind it. */
  readonly start: number;
  readonly count: number;
  /** Index of the element of the array that the first one repeats. */
  readonly source: number;
  /** Whether the others repeat those after it or those before it. */
  readonly step: 1 | -1;
  /** Number of elements that are repeated. */
  readonly extent: number;
}

/**
 * Returns the runs of the indices `start` ≤ i < `stop` beyond an axis of `extent` elements, which goes on in both
 * directions as the mode says.
 *
 * @param extent - at least 1, with `'reflect'` 2
 */
export function marginRuns(
  mode: MirrorMode,
  extent: number,
  start: number,
  stop: number,
): MarginRun[] {
  // There and back: reflected at their centre, the ends are there once.
  const turn = mode === 'reflect' ? extent - 1 : extent;
  const period = mode === 'wrap' ? extent : 2 * turn;
  const runs: MarginRun[] = [];
  for (let at = start; at < stop; ) {
    const phase = ((at % period) + period) % period;
    const forwards = phase < turn;
    const count = Math.min(stop - at, forwards ? turn - phase : period - phase);
    const back = mode === 'reflect' ? period - phase : period - 1 - phase;
    runs.push({
      start: at,
      count,
      source: forwards ? phase : back,
      step: forwards ? 1 : -1,
      extent: count,
    });
    at += count;
  }
  return runs;
}
