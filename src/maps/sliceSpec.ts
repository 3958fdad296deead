/** Basic slices in NumPy's notation: parsing, and what they mean for a shape. */

import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';

/** Stands for a new dimension of length 1 in a slice (`numpy.newaxis`; `None` in text). */
export const newaxis: unique symbol = Symbol.for('distarray.newaxis');

/** Stands for as many full slices as the array has dimensions left (`...`). */
export const ellipsis = '...';

/** A range with NumPy's defaults and clipping. */
export interface SliceRange {
  readonly start?: number | null;
  readonly stop?: number | null;
  readonly step?: number | null;
}

/** One entry of a slice: an index, a range, `null` for a full range, `'...'`, `newaxis`. */
export type SliceItem = number | SliceRange | null | typeof ellipsis | typeof newaxis;

/** A slice: text such as `'1:-1, ::2'`, or its entries. */
export type SliceSpec = string | readonly SliceItem[];

/** What one entry of a slice means for an array of a known shape. */
export type ResolvedItem =
  | { readonly kind: 'index'; readonly axis: number; readonly index: number }
  | {
      readonly kind: 'range';
      readonly axis: number;
      readonly start: number;
      readonly step: number;
      readonly count: number;
    }
  | { readonly kind: 'newaxis' };

/**
 * Returns the entries of a slice in text form, as they stand between NumPy's brackets:
 * `'1:-1, ::2'`, `'3, ...'`, `'..., None'`.
 *
 * @param argument - the name that an error calls the text by
 * @throws {@link ArgumentRangeError} that names the column, counted from 1
 */
export function parseSlice(text: string, argument = 'slice'): readonly SliceItem[] {
  const items: SliceItem[] = [];
  const parts = text.split(',');
  // NumPy takes one comma at the end: `a[3,]`.
  if (parts.length > 1 && parts[parts.length - 1].trim() === '') parts.pop();
  let at = 0;
  for (const part of parts) {
    items.push(parseItem(part, at, text, argument));
    at += part.length + 1;
  }
  return items;
}

/**
 * Returns what a slice means for an array of this shape, entry by entry: ranges clipped and
 * negative indices resolved as NumPy does, dimensions without an entry as full ranges.
 *
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function resolveSlice(
  spec: SliceSpec,
  shape: readonly number[],
  argument = 'slice',
): readonly ResolvedItem[] {
  const items = typeof spec === 'string' ? parseSlice(spec, argument) : spec;
  if (!Array.isArray(items)) {
    throw new ArgumentTypeError(argument, 'a string or an array of indices and ranges', spec);
  }
  const used = items.filter((item) => item !== newaxis && item !== ellipsis).length;
  if (used > shape.length) {
    const expected = `at most ${shape.length} indices, one a dimension`;
    throw new ArgumentRangeError(argument, expected, showSlice(items));
  }
  const resolved: ResolvedItem[] = [];
  let axis = 0;
  const addFull = (until: number) => {
    for (; axis < until; axis++) {
      resolved.push({ kind: 'range', axis, start: 0, step: 1, count: shape[axis] });
    }
  };
  let seenEllipsis = false;
  for (const [i, item] of items.entries()) {
    const name = `${argument}[${i}]`;
    if (item === newaxis) {
      resolved.push({ kind: 'newaxis' });
    } else if (item === ellipsis) {
      if (seenEllipsis) {
        throw new ArgumentRangeError(argument, "one '...' at most", showSlice(items));
      }
      seenEllipsis = true;
      addFull(axis + shape.length - used);
    } else if (typeof item === 'number') {
      const index = positiveIndex(item, shape[axis], name);
      resolved.push({ kind: 'index', axis, index });
      axis++;
    } else {
      const range = resolveRange(item, shape[axis], name);
      resolved.push({ kind: 'range', axis, ...range });
      axis++;
    }
  }
  addFull(shape.length);
  return resolved;
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

/** Returns the entries of a slice in NumPy's notation. */
export function showSlice(items: readonly SliceItem[]): string {
  const show = (item: SliceItem): string => {
    if (item === newaxis) return 'None';
    if (item === null) return ':';
    if (typeof item !== 'object') return String(item);
    const { start, stop, step } = item;
    return `${start ?? ''}:${stop ?? ''}${step === undefined || step === null ? '' : `:${step}`}`;
  };
  return items.map(show).join(', ');
}

function parseItem(part: string, at: number, text: string, argument: string): SliceItem {
  const word = part.trim();
  const column = at + part.length - part.trimStart().length + 1;
  if (word === '...' || word === 'Ellipsis') return ellipsis;
  if (word === 'None' || word === 'newaxis') return newaxis;
  if (word === '') {
    throw columnError(argument, 'an index or a range', at + 1, text);
  }
  if (!word.includes(':')) return parseInteger(part, at, text, argument) as number;
  const bounds = part.split(':');
  if (bounds.length > 3) {
    const third = at + bounds.slice(0, 3).join(':').length + 1;
    throw columnError(argument, 'at most two colons in a range', third, text);
  }
  let offset = at;
  const numbers = bounds.map((bound) => {
    const number = bound.trim() === '' ? null : parseInteger(bound, offset, text, argument);
    offset += bound.length + 1;
    return number;
  });
  const [start = null, stop = null, step = null] = numbers;
  if (step === 0) {
    throw columnError(argument, 'a step that is not 0', column + word.lastIndexOf(':') + 1, text);
  }
  return { start, stop, step };
}

function parseInteger(part: string, at: number, text: string, argument: string): number {
  const word = part.trim();
  const column = at + part.length - part.trimStart().length + 1;
  const number = Number(word);
  if (!/^[+-]?\d+$/.test(word) || !Number.isSafeInteger(number)) {
    throw columnError(argument, 'an integer', column, text);
  }
  return number + 0;
}

function columnError(
  argument: string,
  expected: string,
  column: number,
  text: string,
): ArgumentRangeError {
  return new ArgumentRangeError(argument, `${expected} at column ${column}`, text);
}
