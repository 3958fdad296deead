/** Basic slices in NumPy's notation: parsing, and what they mean for a shape. */

import { ArgumentRangeError } from '../errors.ts';
import type { SliceRange } from './sliceRange.ts';

/** Stands for a new dimension of length 1 in a slice (`numpy.newaxis`; `None` in text). */
export const newaxis: unique symbol = Symbol.for('distarray.newaxis');

/** Stands for as many full slices as the array has dimensions left (`...`). */
export const ellipsis = '...';

/** One entry of a slice: an index, a range, `null` for a full range, `'...'`, `newaxis`. */
export type SliceItem = number | SliceRange | null | typeof ellipsis | typeof newaxis;

/** A slice: text such as `'1:-1, ::2'`, or its entries. */
export type SliceSpec = string | readonly SliceItem[];

/**
 * Returns the entries of a slice in text form, as they stand between NumPy's brackets:
 * `'1:-1, ::2'`, `'3, ...'`, `'..., None'`.
 *
 * @remarks The entries are frozen: short texts are parsed once and remembered for a while.
 * @param argument - the name that an error calls the text by
 * @throws {@link ArgumentRangeError} that names the column, counted from 1
 */
export function parseSlice(text: string, argument = 'slice'): readonly SliceItem[] {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const items = Object.freeze(itemsOf(text, argument));
  if (text.length <= LONGEST_KEPT) {
    if (parsed.size === MOST_KEPT) parsed.clear();
    parsed.set(text, items);
  }
  return items;
}

/** The last texts and what they mean: loops slice with the same ones. */
const parsed = new Map<string, readonly SliceItem[]>();
const MOST_KEPT = 256;
const LONGEST_KEPT = 100;

function itemsOf(text: string, argument: string): SliceItem[] {
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
  return Object.freeze({ start, stop, step });
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
