/** The words of an expression. */
import { ExpressionError } from './expressionError.ts';

/** A word: a number, a name, a sign, a hole, or the end. */
export interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'hole' | 'end';
  readonly text: string;
  /** From 1. */
  readonly column: number;
  /** The column after it. */
  readonly end: number;
  /** Number of a hole. */
  readonly hole: number;
}

/** How a hole is shown. */
const HOLE = `$\u007b}`;
// Longer signs first.
const SIGNS = /\*\*|\/\/|<<|>>|<=|>=|==|!=|[-+*/%<>&|^~()[\],:=]/y;
const DIGITS = '\\d(?:_?\\d)*';
/** Python's numbers, and JavaScript's bigints. */
const NUMBER = new RegExp(
  [
    '0[xX](?:_?[0-9a-fA-F])+n?',
    '0[bB](?:_?[01])+n?',
    '0[oO](?:_?[0-7])+n?',
    `(?:(?:${DIGITS}\\.(?:${DIGITS})?|\\.${DIGITS})(?:[eE][+-]?${DIGITS})?|${DIGITS}[eE][+-]?${DIGITS})[jJ]?`,
    `${DIGITS}[jJn]?`,
  ].join('|'),
  'y',
);
/** What is written like a number. */
const NUMERAL = /[\w.]+/y;
const NAME = /[A-Za-z_]\w*/y;
const SPACE = /\s+/y;

/** The text of a template, `${}` for each hole, and its words. */
export function tokensOf(strings: readonly string[]): { text: string; tokens: Token[] } {
  const text = strings.join(HOLE);
  const tokens: Token[] = [];
  let start = 0;
  strings.forEach((part, index) => {
    readPart(text, start, start + part.length, tokens);
    start += part.length;
    if (index === strings.length - 1) return;
    tokens.push({ kind: 'hole', text: HOLE, column: start + 1, end: start + 4, hole: index });
    start += HOLE.length;
  });
  tokens.push({ kind: 'end', text: '', column: text.length + 1, end: text.length + 1, hole: -1 });
  return { text, tokens };
}

function readPart(text: string, start: number, end: number, tokens: Token[]): void {
  let at = start;
  while (at < end) {
    const [kind, word] = wordAt(text, at);
    if (kind !== 'space') {
      tokens.push({ kind, text: word, column: at + 1, end: at + word.length + 1, hole: -1 });
    }
    at += word.length;
  }
}

function wordAt(text: string, at: number): ['space' | 'number' | 'name' | 'sign', string] {
  for (const [kind, pattern] of PATTERNS) {
    const word = matchAt(pattern, text, at);
    if (word === null) continue;
    if (kind === 'number') checkNumber(word, text, at);
    return [kind, word];
  }
  if (text.startsWith('...', at)) return ['sign', '...'];
  throw new ExpressionError(`No expression has '${text[at]}'`, text, at + 1);
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Nothing may follow a number directly, and only zeros begin with a zero. */
function checkNumber(word: string, text: string, at: number): void {
  if (!/\w/.test(text[at + word.length] ?? ' ') && !/^0\d*[1-9]\d*n?$/.test(word.replace(/_/g, '')))
    return;
  const problem = `There is no number '${matchAt(NUMERAL, text, at)}'`;
  throw new ExpressionError(problem, text, at + 1);
}

const PATTERNS = [
  ['space', SPACE],
  ['number', NUMBER],
  ['name', NAME],
  ['sign', SIGNS],
] as const;
