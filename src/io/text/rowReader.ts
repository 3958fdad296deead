/** The rows of a part of a text file, read some of the text at a time. Not collective. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../../dtype/dtype.ts';
import { DistArrayError } from '../../errors.ts';
import { allocateForResult } from '../../kernels/allocation.ts';
import { type ParsedText, parseText, type TextFormat } from '../../kernels/parseText.ts';
import type { TextFile } from './textLines.ts';

/** Rows, one after the other, and what is wrong behind them. */
export interface TextRows {
  readonly data: TypedArrayOf<Dtype>;
  readonly rows: number;
  /** Lines that were read, also those without a row. */
  readonly lines: number;
  readonly problem: TextProblem | null;
}

/** A line that is no row. */
export interface TextProblem {
  readonly code: 'ERR_TXT_RAGGED' | 'ERR_TXT_NUMBER' | 'ERR_TXT_QUOTE';
  readonly text: string;
}

/** Bytes that are read at once. */
const CHUNK_BYTES = 2 ** 22;
/** Rows that there is room for at first. */
const FEWEST_ROWS = 16;

/**
 * Reads the lines between two places of a file.
 *
 * @param begin - where a line begins
 * @param end - where one begins, or the file ends
 * @param fields - of the first row of the file, for messages
 * @param width - elements of a row
 * @param progress - is told how many bytes were read
 */
export function readRows(
  file: TextFile,
  [begin, end]: readonly [number, number],
  format: TextFormat,
  fields: number,
  width: number,
  progress: (bytes: number) => void,
): TextRows {
  const { dtype } = format;
  const { lanes } = DTYPES[dtype];
  let memory = new Uint8Array(Math.min(CHUNK_BYTES, end - begin));
  let data = allocateForResult(dtype, 0);
  let room = 0;
  let rows = 0;
  let lines = 0;
  /** Gives room for about as many rows as the rest of the text has, going by what was read of it. */
  const grow = (at: number) => {
    const guessed = rows === 0 ? 0 : Math.ceil(1.02 * rows * ((end - begin) / (at - begin)));
    room = Math.max(FEWEST_ROWS, guessed, Math.ceil(1.25 * rows) + FEWEST_ROWS);
    const larger = allocateForResult(dtype, room * Math.max(1, width));
    (larger as Uint8Array).set(data.subarray(0, rows * width * lanes) as Uint8Array);
    data = larger;
  };
  const done = (problem: TextProblem | null): TextRows => {
    const used = data.subarray(0, rows * width * lanes) as TypedArrayOf<Dtype>;
    return { data: used, rows, lines, problem };
  };
  for (let at = begin; at < end; ) {
    const chunk = file.read(at, memory.subarray(0, Math.min(memory.length, end - at)));
    const isLast = at + chunk.length >= end;
    let used = 0;
    for (;;) {
      if (rows === room) grow(at + used);
      const rest = chunk.subarray(used);
      const parsed = parseText(rest, isLast, format, data, rows * width, room - rows);
      used += parsed.used;
      rows += parsed.rows;
      lines += parsed.lines;
      if (parsed.problem !== 'none') {
        return done(problemOf(parsed, chunk.subarray(used), format, fields));
      }
      if (rows < room) break;
    }
    progress(used);
    at += used;
    if (used > 0) continue;
    // A line that is longer than the memory for it, or a file that somebody cuts off meanwhile.
    if (chunk.length < memory.length || isLast) break;
    memory = new Uint8Array(Math.min(2 * memory.length, end - at));
  }
  return done(null);
}

function problemOf(
  { problem, field }: ParsedText,
  rest: Uint8Array,
  { dtype, columns, delimiter, quote }: TextFormat,
  fields: number,
): TextProblem {
  if (problem === 'ragged') {
    const wanted = columns === null ? `${fields}` : `at least ${Math.max(...columns) + 1}`;
    const text = `${field} ${field === 1 ? 'field' : 'fields'} instead of ${wanted}`;
    return { code: 'ERR_TXT_RAGGED', text };
  }
  if (problem === 'openQuote') {
    const text = `the quoted field in column ${field} does not end with a quote, or something is behind it`;
    return { code: 'ERR_TXT_QUOTE', text };
  }
  const [line] = Buffer.from(rest.buffer, rest.byteOffset, Math.min(rest.length, 2 ** 16))
    .toString('latin1')
    .split('\n', 1);
  const found = splitLine(line, delimiter, quote)[field]?.trim() ?? '';
  const shown = found === '' ? 'an empty field' : `'${found.slice(0, 40)}'`;
  return { code: 'ERR_TXT_NUMBER', text: `${shown} in column ${field} is no ${dtype}` };
}

/** The fields of a line, to be shown. */
function splitLine(line: string, delimiter: number | null, quote: number | null): string[] {
  const separator = delimiter === null ? /\s+/ : String.fromCharCode(delimiter);
  const text = delimiter === null ? line.trim() : line;
  if (quote === null) return text.split(separator);
  const mark = String.fromCharCode(quote);
  // What is between quotes has every second place.
  const hidden: string[] = [];
  const plain = text
    .split(mark)
    .map((part, k) => (k % 2 === 0 ? part : `\0${hidden.push(part) - 1}\0`));
  return plain
    .join('')
    .split(separator)
    .map((field) => field.replace(/\0(\d+)\0/g, (_, k) => hidden[k]));
}

/** Returns the error of a line. */
export function lineError(name: string, line: number, { code, text }: TextProblem): DistArrayError {
  return new DistArrayError(code, `'${name}', line ${line}: ${text}`);
}
