/** Sources as templates of a program, and where they stand in it. */
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ArgumentTypeError } from '../errors.ts';
import type { Language } from './compiler.ts';

/** A place in a program. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/**
 * Returns the source that a template is: its text as it stands there, backslashes and all, with numbers put in as
 * literals of the language.
 *
 * @throws {@link ArgumentTypeError} for a value that is no finite number
 */
export function sourceOfTemplate(
  strings: TemplateStringsArray,
  values: readonly unknown[],
  language: Language,
): string {
  const { raw } = strings;
  let source = raw[0];
  values.forEach((value, k) => {
    source += literal(value, language, `value ${k + 1} of the template`) + raw[k + 1];
  });
  return source;
}

/** A number as a literal that has exactly its value; integers are literals of integers. */
function literal(value: unknown, language: Language, argument: string): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new ArgumentTypeError(argument, 'a finite number', value);
  }
  const text = language === 'fortran' ? ofFortran(value) : ofC(value);
  return value < 0 || Object.is(value, -0) ? `(${text})` : text;
}

function ofC(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  // The shortest decimal that reads back as the number; beyond 2^53 it is a floating-point literal.
  const text = String(value);
  return Number.isInteger(value) && !Number.isSafeInteger(value) && !/[.e]/.test(text)
    ? `${text}.0`
    : text;
}

function ofFortran(value: number): string {
  if (Object.is(value, -0)) return '-0d0';
  if (Number.isSafeInteger(value)) return Math.abs(value) < 2 ** 31 ? `${value}` : `${value}_8`;
  const text = String(value);
  return text.includes('e') ? text.replace('e+', 'd').replace('e', 'd') : `${text}d0`;
}

/**
 * Returns where a function was called; null when that cannot be told.
 * @param callee - the function, or one that it was called by
 */
export function placeOfCall(callee: (...args: never[]) => unknown): Place | null {
  const holder: { stack?: string } = {};
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  Error.captureStackTrace(holder, callee);
  Error.stackTraceLimit = stackTraceLimit;
  const found = /(?:\(|at )((?:file:\/\/)?\/[^()\n]*?):(\d+):\d+\)?\s*$/m.exec(holder.stack ?? '');
  if (found === null) return null;
  const [, file, line] = found;
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  const near = relative(process.cwd(), path);
  return { file: near.startsWith(`..${sep}`) ? path : near, line: Number(line) };
}
