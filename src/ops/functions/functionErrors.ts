/** Errors of functions and code that run elsewhere. */
import { tellErrorsOf } from '../../errors.ts';

/**
 * A function that is to run elsewhere uses names of the program around it, which do not travel with it. `code` is
 * `ERR_CAPTURE`.
 */
export class CaptureError extends ReferenceError {
  readonly code = 'ERR_CAPTURE';
  /** The function's name in the call. */
  readonly argument: string;
  /** What it uses, with commas between. */
  readonly names: string;

  constructor(argument: string, names: readonly string[], hint = '') {
    const list = names.join(', ');
    const variables = names.filter((name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name));
    const remedy =
      argument === 'options.capture'
        ? 'what is captured captures nothing itself, so pass as arguments what it needs'
        : variables.length === names.length
          ? `pass ${names.length === 1 ? 'it as an argument, or declare it' : 'them as arguments, or declare them'}: { capture: { ${list} } }`
          : 'pass as arguments what the function needs';
    super(
      `The function given for ${argument} uses ${list} of the program around it: ${remedy}${hint}`,
    );
    this.name = 'CaptureError';
    this.argument = argument;
    this.names = list;
  }
}

/** Code for `execute` that cannot be read. `code` is `ERR_CODE`. */
export class CodeError extends SyntaxError {
  readonly code = 'ERR_CODE';
  readonly argument = 'code';
  /** The line of the code, from 1. */
  readonly line: number;

  constructor(line: number, source: string, what: string) {
    super(`line ${line}: ${what}${shownLine(source, line)}`);
    this.name = 'CodeError';
    this.line = line;
  }
}

/** Code of `execute` that has thrown. `code` is `ERR_EXECUTE`; `cause` is what was thrown, on the process where it was. */
export class ExecuteError extends Error {
  readonly code = 'ERR_EXECUTE';
  /** The process that has thrown. */
  readonly rank: number;
  /** The line of the code, from 1; 0 when it is not known. */
  readonly line: number;

  constructor(rank: number, line: number, source: string, cause: unknown) {
    const what = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    const where = line > 0 ? `, line ${line}` : '';
    super(`rank ${rank}${where}: ${what}${shownLine(source, line)}`, { cause });
    this.name = 'ExecuteError';
    this.rank = rank;
    this.line = line;
  }
}

function shownLine(source: string, line: number): string {
  const text = source.split('\n')[line - 1];
  return text === undefined ? '' : `\n${String(line).padStart(5)} | ${text}`;
}

for (const errorClass of [CaptureError, CodeError, ExecuteError]) tellErrorsOf(errorClass);
