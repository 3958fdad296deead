/** Numbers in text: lines of fields become rows of elements. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { addressOfArray } from '../mpi/buffer.ts';
import {
  block,
  checkKernel,
  DTYPE_NUMBERS,
  raw,
  TEXT_BYTES,
  TEXT_COLUMN_COUNT,
  TEXT_COLUMNS,
  TEXT_COMMENT,
  TEXT_COMMENT_LENGTH,
  TEXT_DELIMITER,
  TEXT_DTYPE,
  TEXT_FIELD,
  TEXT_FIELDS,
  TEXT_FILLER,
  TEXT_IS_LAST,
  TEXT_LENGTH,
  TEXT_LINES,
  TEXT_MISSING,
  TEXT_MISSING_LENGTH,
  TEXT_OUT,
  TEXT_PROBLEM,
  TEXT_QUOTE,
  TEXT_ROOM,
  TEXT_ROWS,
  TEXT_USED,
} from './block.ts';

/** How the numbers are written. */
export interface TextFormat<D extends Dtype = Dtype> {
  readonly dtype: D;
  /** The byte between two fields; null where white space separates them. */
  readonly delimiter: number | null;
  /** The byte around fields in which delimiters and comments mean nothing; null when there is none. */
  readonly quote: number | null;
  /** How many fields every row has; null when those of `columns` suffice. */
  readonly fields: number | null;
  /** The fields that become elements, in their order; null for all. */
  readonly columns: Int32Array | null;
  /** What begins a comment; may be empty. */
  readonly comment: Uint8Array;
  /** Fields that stand for no value, beside empty ones; one a line. */
  readonly missing: Uint8Array;
  /** The element in the place of such fields; null when they are an error. */
  readonly filler: TypedArrayOf<D> | null;
}

/** Kinds of {@link ParsedText.problem}. */
export const TEXT_PROBLEMS = ['none', 'ragged', 'noNumber', 'openQuote'] as const;

/** How far the parser has come. */
export interface ParsedText {
  /** Bytes of the lines that were read. */
  readonly used: number;
  readonly lines: number;
  readonly rows: number;
  /** What is wrong with the line behind those that were read. */
  readonly problem: (typeof TEXT_PROBLEMS)[number];
  /** Number of fields of a ragged row; the field that is no number or has no end. */
  readonly field: number;
}

/**
 * Reads the lines that end in a text, until there is no room for more rows; lines without fields are skipped.
 *
 * @param isLast - whether the end of the text ends a line, too
 * @param out - gets the elements, row after row
 * @param at - index of the first element there
 * @remarks Local.
 */
export function parseText<D extends Dtype>(
  text: Uint8Array,
  isLast: boolean,
  format: TextFormat<D>,
  out: TypedArrayOf<D>,
  at: number,
  rows: number,
): ParsedText {
  setFormat(text, isLast, format);
  const { BYTES_PER_ELEMENT } = out;
  const { lanes } = DTYPES[format.dtype];
  block[TEXT_OUT] = addressOfArray(out, 'out') + at * lanes * BYTES_PER_ELEMENT;
  block[TEXT_ROOM] = rows;
  raw.parseText();
  checkKernel('parseText');
  return {
    used: block[TEXT_USED],
    lines: block[TEXT_LINES],
    rows: block[TEXT_ROWS],
    problem: TEXT_PROBLEMS[block[TEXT_PROBLEM]],
    field: block[TEXT_FIELD],
  };
}

/** Returns how many fields the first line has that has any; 0 when none ends in the text. @remarks Local. */
export function countFields(text: Uint8Array, isLast: boolean, format: TextFormat): number {
  setFormat(text, isLast, format);
  block[TEXT_OUT] = 0;
  raw.parseText();
  checkKernel('parseText');
  return block[TEXT_FIELD];
}

function setFormat(text: Uint8Array, isLast: boolean, format: TextFormat): void {
  const { dtype, delimiter, quote, fields, columns, comment, missing, filler } = format;
  const bytes = addressOfArray(text, 'text');
  const columnsAt = columns === null ? 0 : addressOfArray(columns, 'columns');
  const commentAt = addressOfArray(comment, 'comment');
  const missingAt = addressOfArray(missing, 'missing');
  const fillerAt = filler === null ? 0 : addressOfArray(filler, 'filler');
  block[TEXT_BYTES] = bytes;
  block[TEXT_LENGTH] = text.length;
  block[TEXT_IS_LAST] = isLast ? 1 : 0;
  block[TEXT_DTYPE] = DTYPE_NUMBERS[dtype];
  block[TEXT_DELIMITER] = delimiter ?? -1;
  block[TEXT_QUOTE] = quote ?? -1;
  block[TEXT_FIELDS] = fields ?? -1;
  block[TEXT_COLUMNS] = columnsAt;
  block[TEXT_COLUMN_COUNT] = columns?.length ?? 0;
  block[TEXT_COMMENT] = commentAt;
  block[TEXT_COMMENT_LENGTH] = comment.length;
  block[TEXT_MISSING] = missingAt;
  block[TEXT_MISSING_LENGTH] = missing.length;
  block[TEXT_FILLER] = fillerAt;
}
