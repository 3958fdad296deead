/** How numbers are written in text files: what programs say of it, as the parser wants it. */
import { allocate, type Dtype, parseDtype, type TypedArrayOf } from '../../dtype/dtype.ts';
import { type Scalar, scalarAs } from '../../dtype/scalar.ts';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../../errors.ts';
import type { TextFormat } from '../../kernels/parseText.ts';
import { writeElement } from '../../local/elementAccess.ts';

/** How a text is read (`numpy.loadtxt`, `numpy.genfromtxt`). */
export interface TextOptions<D extends Dtype = Dtype> {
  /** Default float64. */
  readonly dtype?: D;
  /** The letter between two fields, such as `','`; by default white space separates them, as in NumPy. */
  readonly delimiter?: string;
  /**
   * The letter around fields in which delimiters and comments mean nothing, such as `'"'` (RFC 4180): `"1.5"` is a number,
   * and `"a, b"` one field, which `useCols` can leave out. Doubled, it stands for itself. Fields end on the line on which
   * they begin. Default null: quotes are letters as others are, as in NumPy.
   */
  readonly quoteChar?: string | null;
  /** What begins a comment, which goes on to the line's end; null when nothing does. Default `'#'`. */
  readonly comments?: string | null;
  /** Lines to skip at the beginning, comments and empty ones among them. Default 0. */
  readonly skipRows?: number;
  /**
   * The columns that are read, in this order, from 0; negative ones from the end. Rows may then have different
   * numbers of fields. A number, not in a list, makes an array of one dimension.
   */
  readonly useCols?: number | readonly number[];
  /** Stands for missing values: empty fields, and those of `missingValues`. Without it these are errors. */
  readonly fillingValue?: Scalar;
  /** Texts that stand for missing values, such as `NA`. */
  readonly missingValues?: readonly string[];
}

/** Checked options. */
export interface CheckedTextOptions {
  /** All but the fields and columns, which the file tells. */
  readonly format: TextFormat;
  readonly skipRows: number;
  readonly columns: readonly number[] | null;
  /** Whether one column is read, and makes an array of one dimension. */
  readonly isFlat: boolean;
}

const encoder = new TextEncoder();

/** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} */
export function checkTextOptions(options: TextOptions): CheckedTextOptions {
  const { delimiter, comments = '#', skipRows = 0, useCols, missingValues = [] } = options;
  const { quoteChar = null } = options;
  const dtype = parseDtype(options.dtype ?? 'float64', 'options.dtype');
  checkInteger('options.skipRows', skipRows, 0);
  if (comments !== null && typeof comments !== 'string') {
    throw new ArgumentTypeError('options.comments', 'a text or null', comments);
  }
  if (comments === '') throw new ArgumentRangeError('options.comments', 'a text or null', comments);
  const columns = useCols === undefined ? null : typeof useCols === 'number' ? [useCols] : useCols;
  if (columns !== null) {
    if (!Array.isArray(columns)) {
      throw new ArgumentTypeError('options.useCols', 'a number or a list of numbers', useCols);
    }
    if (columns.length === 0) {
      throw new ArgumentRangeError('options.useCols', 'at least one column', columns);
    }
    for (const column of columns) checkInteger('options.useCols', column, -(2 ** 30), 2 ** 30);
  }
  return {
    format: {
      dtype,
      delimiter: checkDelimiter(delimiter),
      quote: checkQuote(quoteChar, delimiter, comments),
      fields: null,
      columns: null,
      comment: encoder.encode(comments ?? ''),
      missing: encoder.encode(
        checkMissing(missingValues, options.fillingValue, quoteChar).join('\n'),
      ),
      filler: fillerOf(options.fillingValue, dtype),
    },
    skipRows,
    columns,
    isFlat: typeof useCols === 'number',
  };
}

/** The byte of a delimiter; null for white space. */
export function checkDelimiter(delimiter: unknown): number | null {
  if (delimiter === undefined) return null;
  const expected = 'one ASCII letter, no digit or line end';
  if (typeof delimiter !== 'string') {
    throw new ArgumentTypeError('options.delimiter', expected, delimiter);
  }
  if (/^[^\n\r\da-zA-Z.+-]$/.test(delimiter) && delimiter.charCodeAt(0) < 128) {
    return delimiter.charCodeAt(0);
  }
  throw new ArgumentRangeError('options.delimiter', expected, delimiter);
}

/** The byte of a quote; null for none. */
function checkQuote(quote: unknown, delimiter: unknown, comments: string | null): number | null {
  if (quote === null) return null;
  const expected =
    'one ASCII letter, no digit, space, delimiter or beginning of a comment, or null';
  if (typeof quote !== 'string') throw new ArgumentTypeError('options.quoteChar', expected, quote);
  const isFree = quote !== delimiter && !comments?.startsWith(quote);
  if (isFree && /^[!-/:-@[-`{-~]$/.test(quote) && !/[.+-]/.test(quote)) return quote.charCodeAt(0);
  throw new ArgumentRangeError('options.quoteChar', expected, quote);
}

function checkMissing(texts: unknown, filler: unknown, quote: string | null): readonly string[] {
  const expected = 'a list of texts of one line, without quotes';
  if (!Array.isArray(texts)) throw new ArgumentTypeError('options.missingValues', expected, texts);
  for (const text of texts) {
    if (typeof text !== 'string') {
      throw new ArgumentTypeError('options.missingValues', expected, text);
    }
    const isQuoted = quote !== null && text.includes(quote);
    if (text.trim() !== text || text === '' || /[\r\n]/.test(text) || isQuoted) {
      throw new ArgumentRangeError('options.missingValues', expected, text);
    }
  }
  if (texts.length > 0 && filler === undefined) {
    const wanted = 'a value for the missing ones (options.missingValues)';
    throw new ArgumentTypeError('options.fillingValue', wanted, filler);
  }
  return texts;
}

function fillerOf(value: Scalar | undefined, dtype: Dtype): TypedArrayOf<Dtype> | null {
  if (value === undefined) return null;
  const element = allocate(dtype, 1);
  writeElement(element, dtype, 0, scalarAs(value, dtype, 'options.fillingValue'));
  return element;
}
