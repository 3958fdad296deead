/** Functions that run where the data are, with nothing of the program around them but what they declare. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';

/** Values that a function uses from around it, by name. */
export type Capture = Readonly<Record<string, unknown>>;

/**
 * Returns a function that has only its text and what it declares to capture: the one that can be sent to processes that
 * do not run the program. Other names around it are not there (`ReferenceError`), but those of JavaScript itself are.
 *
 * @param capture - undefined for the function as it is
 * @param argument - the function's name in errors
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for names that are none, and functions without text
 */
export function shippedFunction<F>(fn: F, capture: Capture | undefined, argument: string): F {
  if (typeof fn !== 'function') throw new ArgumentTypeError(argument, 'a function', fn);
  if (capture === undefined) return fn;
  if (typeof capture !== 'object' || capture === null || Array.isArray(capture)) {
    throw new ArgumentTypeError('options.capture', 'an object such as { k }', capture);
  }
  const names = Object.keys(capture);
  const wrong = names.find((name) => !IDENTIFIER.test(name));
  if (wrong !== undefined) {
    throw new ArgumentRangeError('options.capture', 'names of variables', wrong);
  }
  // Compilers wrap functions in a call that keeps their names.
  const scope = ['__name', ...names];
  const values = [(value: unknown) => value, ...names.map((name) => capture[name])];
  for (const text of textsOf(String(fn))) {
    try {
      return new Function(...scope, `"use strict"; return (${text});`)(...values);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  throw new ArgumentTypeError(argument, 'a function whose text can be read', fn);
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;

/** The text as an expression: as it is, or, of a method of an object, as that object's. */
function textsOf(source: string): readonly string[] {
  const name = /^(?:async\s+)?\*?\s*([A-Za-z_$][\w$]*)/.exec(source)?.[1];
  return name === undefined ? [source] : [source, `({ ${source} }).${name}`];
}
