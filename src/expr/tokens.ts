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
const NUMBER =
  /(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)[jn]?/y;
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
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) return [kind, found[0]];
  }
  if (text.startsWith('...', at)) return ['sign', '...'];
  throw new ExpressionError(`No expression has '${text[at]}'`, text, at + 1);
}

const PATTERNS = [
  ['space', SPACE],
  ['number', NUMBER],
  ['name', NAME],
  ['sign', SIGNS],
] as const;
