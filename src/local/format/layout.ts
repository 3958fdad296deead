/** Brackets, lines and ellipses: how the elements of an array stand on a page. */
import { DTYPES, type Dtype, type TypedArray } from '../../dtype/dtype.ts';
import { readElement } from '../elementAccess.ts';
import { elementFormat, scalarText } from './elementFormat.ts';
import type { PrintOptions } from './printOptions.ts';

const SUMMARY = '...';

/** Elements to show. */
export interface ShownElements {
  /** Shape of the whole array. */
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  /** At the positions of {@link shownPositions}, in C order. */
  readonly elements: TypedArray;
}

/**
 * Returns for each axis the positions that are shown of an array of this shape: all of them, or those at
 * the ends when it has more elements than `threshold`. So that a caller need not fetch more.
 */
export function shownPositions(
  shape: readonly number[],
  { threshold, edgeItems }: PrintOptions,
): readonly (readonly number[])[] {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return shape.map((extent) => {
    if (size <= threshold || extent <= 2 * edgeItems) return range(0, extent);
    return [...range(0, edgeItems), ...range(extent - edgeItems, extent)];
  });
}

/**
 * Returns an array as text (`numpy.array2string`).
 *
 * @param indent - characters that the caller puts before the first line
 */
export function arrayText(shown: ShownElements, options: PrintOptions, indent = 0): string {
  const { shape, dtype, elements } = shown;
  if (shape.includes(0)) return '[]';
  const counts = shownPositions(shape, options).map(({ length }) => length);
  if (shape.length === 0) return scalarText(readElement(elements, dtype, 0), dtype, options);
  const format = elementFormat(elements, dtype, options);
  const words = Array.from({ length: elements.length / DTYPES[dtype].lanes }, (_, k) =>
    format(readElement(elements, dtype, k)),
  );
  const page: Page = { shape, counts, words, edgeItems: options.edgeItems };
  const prefix = ' '.repeat(indent + 1);
  return nested(page, 0, 0, prefix, options.lineWidth);
}

interface Page {
  readonly shape: readonly number[];
  /** Number of positions that are shown of each axis. */
  readonly counts: readonly number[];
  readonly words: readonly string[];
  readonly edgeItems: number;
}

/** The part from `axis` on of which the words begin at `first`. */
function nested(page: Page, axis: number, first: number, hanging: string, width: number): string {
  const { shape, counts, edgeItems } = page;
  const count = counts[axis];
  const elided = count < shape[axis];
  const leading = elided ? edgeItems : 0;
  const step = counts.slice(axis + 1).reduce((product, extent) => product * extent, 1);
  const last = axis === shape.length - 1;
  const parts = Array.from({ length: count }, (_, i) =>
    last
      ? page.words[first + i]
      : nested(page, axis + 1, first + i * step, `${hanging} `, width - 1),
  );
  if (elided) parts.splice(leading, 0, SUMMARY);
  const text = last
    ? wrapped(parts, hanging, width)
    : parts.map((part) => hanging + part).join('\n'.repeat(shape.length - 1 - axis));
  return `[${text.slice(hanging.length)}]`;
}

/** Words in lines of at most `width` characters, the last one of which is for the bracket. */
function wrapped(words: readonly string[], hanging: string, width: number): string {
  let text = '';
  let line = hanging;
  words.forEach((word, k) => {
    const wraps = line.length + word.length > width - 1 && line.length > hanging.length;
    if (wraps) {
      text += `${line.trimEnd()}\n`;
      line = hanging;
    }
    line += word + (k < words.length - 1 ? ' ' : '');
  });
  return text + line;
}

function range(start: number, stop: number): number[] {
  return Array.from({ length: stop - start }, (_, i) => start + i);
}
