/** The parser of JavaScript, loaded when something is parsed: most programs never need it. */
import { createRequire } from 'node:module';
import type { Options, Program } from 'acorn';

let acorn: typeof import('acorn') | undefined;

/**
 * Returns the syntax tree of a script, in the latest form of the language.
 * @throws SyntaxError, with the line as `loc`
 */
export function parseScript(code: string, options: Partial<Options> = {}): Program {
  acorn ??= createRequire(import.meta.url)('acorn') as typeof import('acorn');
  return acorn.parse(code, { ...options, ecmaVersion: 'latest' });
}
