/** Reading expressions: NumPy's operators with Python's precedence. */
import type { Complex } from '../dtype/dtype.ts';
import { ELEMENTWISE, ELEMENTWISE_NAMES, type ElementwiseName } from '../dtype/elementwise.ts';
import { REDUCTIONS, type ReductionName } from '../dtype/reductions.ts';
import { parseSlice, type SliceItem, showSlice } from '../maps/sliceSpec.ts';
import { ExpressionError } from './expressionError.ts';
import { type Token, tokensOf } from './tokens.ts';
import {
  type Call,
  depthOf,
  type Expression,
  type Literal,
  type Place,
  type TopReduction,
  type Tree,
} from './tree.ts';

/** How tightly operators of two operands bind, as in Python. */
const BINARY: Readonly<Record<string, readonly [strength: number, name: ElementwiseName]>> = {
  '<': [1, 'less'],
  '<=': [1, 'lessEqual'],
  '>': [1, 'greater'],
  '>=': [1, 'greaterEqual'],
  '==': [1, 'equal'],
  '!=': [1, 'notEqual'],
  '|': [2, 'bitwiseOr'],
  '^': [3, 'bitwiseXor'],
  '&': [4, 'bitwiseAnd'],
  '<<': [5, 'leftShift'],
  '>>': [5, 'rightShift'],
  '+': [6, 'add'],
  '-': [6, 'subtract'],
  '*': [7, 'multiply'],
  '/': [7, 'divide'],
  '//': [7, 'floorDivide'],
  '%': [7, 'remainder'],
  '**': [9, 'power'],
};
const COMPARISON = 1;
const UNARY_STRENGTH = 8;
const POWER = 9;
const UNARY: Readonly<Record<string, ElementwiseName>> = {
  '-': 'negative',
  '+': 'positive',
  '~': 'invert',
};

const CONSTANTS: Readonly<Record<string, Literal>> = {
  pi: literal(Math.PI, 'float'),
  e: literal(Math.E, 'float'),
  inf: literal(Infinity, 'float'),
  nan: literal(NaN, 'float'),
  True: literal(true, 'bool'),
  False: literal(false, 'bool'),
  true: literal(true, 'bool'),
  false: literal(false, 'bool'),
};

/** Names of functions: ours, their aliases, NumPy's. */
const FUNCTIONS: ReadonlyMap<string, ElementwiseName> = new Map([
  ...(Object.keys(ELEMENTWISE) as ElementwiseName[]).map((name): [string, ElementwiseName] => [
    ELEMENTWISE[name].numpy,
    name,
  ]),
  ...ELEMENTWISE_NAMES,
]);

/**
 * Reads a template.
 *
 * @param strings - the text around the holes
 * @throws {@link ExpressionError} that tells the column
 */
export function parseExpression(strings: readonly string[]): Expression {
  return new Parser(strings).read();
}

function literal(value: Literal['value'], weak: Literal['weak']): Literal {
  return Object.freeze({ kind: 'literal', value, weak });
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #places: Place[] = [];
  #at = 0;
  /** How many expressions are being read, one within the other. */
  #level = 0;

  constructor(strings: readonly string[]) {
    const { text, tokens } = tokensOf(strings);
    this.#text = text;
    this.#tokens = tokens;
  }

  read(): Expression {
    const reduction = this.#reduction();
    const tree = reduction?.tree ?? this.#expression(0);
    if (this.#next.kind !== 'end') throw this.#error('an operator or the end', this.#next);
    const top = reduction?.top ?? null;
    return Object.freeze({ tree, reduction: top, text: this.#text, places: this.#places });
  }

  get #next(): Token {
    return this.#tokens[this.#at];
  }

  #error(expected: string, token: Token): ExpressionError {
    const found = token.kind === 'end' ? 'the end' : `'${token.text}'`;
    return new ExpressionError(`Expected ${expected}, found ${found}`, this.#text, token.column);
  }

  #take(): Token {
    return this.#tokens[this.#at++];
  }

  #is(text: string): boolean {
    const { kind, text: word } = this.#next;
    return (kind === 'sign' || kind === 'name') && word === text;
  }

  #expect(text: string): Token {
    if (!this.#is(text)) throw this.#error(`'${text}'`, this.#next);
    return this.#take();
  }

  #call(name: Call['name'], operands: readonly Tree[], column: number, isOperator = false): Call {
    const depth = 1 + Math.max(...operands.map(depthOf));
    if (depth > MAX_DEPTH) throw this.#tooDeep(column);
    Object.freeze(operands);
    return Object.freeze({ kind: 'call', name, operands, column, depth, isOperator });
  }

  #tooDeep(column: number): ExpressionError {
    const problem = `Expected at most ${MAX_DEPTH} operators within one another`;
    return new ExpressionError(problem, this.#text, column);
  }

  /** What binds more tightly than `strength`. */
  #expression(strength: number): Tree {
    if (++this.#level > MAX_DEPTH) throw this.#tooDeep(this.#next.column);
    const tree = this.#operation(strength);
    this.#level--;
    return tree;
  }

  #operation(strength: number): Tree {
    let left = this.#unary();
    for (;;) {
      const sign = this.#next;
      const operator = sign.kind === 'sign' ? BINARY[sign.text] : undefined;
      if (operator === undefined || operator[0] <= strength) return left;
      const [binds, name] = operator;
      this.#take();
      // Powers group from the right, and their exponents may have a sign.
      const right = this.#expression(binds === POWER ? POWER - 1 : binds);
      left = this.#call(name, [left, right], sign.column, true);
      if (binds === COMPARISON && isComparison(this.#next)) {
        const problem = 'Comparisons cannot be chained: write (a < b) & (b < c)';
        throw new ExpressionError(problem, this.#text, this.#next.column);
      }
    }
  }

  #unary(): Tree {
    const sign = this.#next;
    const name = sign.kind === 'sign' ? UNARY[sign.text] : undefined;
    if (name === undefined) return this.#operand();
    this.#take();
    const operand = this.#expression(UNARY_STRENGTH);
    if (operand.kind === 'literal' && name === 'negative') return negated(operand);
    return this.#call(name, [operand], sign.column, true);
  }

  #operand(): Tree {
    const token = this.#take();
    if (token.kind === 'hole') {
      const slice = this.#is('[') ? this.#slice() : null;
      return Object.freeze({ kind: 'hole', place: this.#place(token, slice) });
    }
    if (token.kind === 'number') return this.#checkUnsliced(numberOf(token));
    if (token.kind === 'name') return this.#checkUnsliced(this.#named(token));
    if (token.kind === 'sign' && token.text === '(') {
      const inner = this.#expression(0);
      this.#expect(')');
      return this.#checkUnsliced(inner);
    }
    throw this.#error('a number, an array or a function', token);
  }

  #place({ hole: index, column }: Token, slice: Place['slice']): number {
    const shown = slice && showSlice(slice);
    const known = this.#places.findIndex((place) => place.index === index && place.shown === shown);
    if (known >= 0) return known;
    return this.#places.push(Object.freeze({ index, slice, shown, column })) - 1;
  }

  #checkUnsliced(tree: Tree): Tree {
    if (!this.#is('[')) return tree;
    const problem = 'Only arrays can be sliced: slice the operands instead';
    throw new ExpressionError(problem, this.#text, this.#next.column);
  }

  /** The slice in brackets, as it stands there. */
  #slice(): readonly SliceItem[] {
    const open = this.#take();
    while (!this.#is(']')) {
      if (this.#next.kind === 'end' || this.#next.kind === 'hole') {
        throw this.#error("']' (slices are written out)", this.#next);
      }
      this.#take();
    }
    const close = this.#take();
    const inside = this.#text.slice(open.end - 1, close.column - 1);
    try {
      return parseSlice(inside);
    } catch (error) {
      const at = /at column (\d+)/.exec((error as Error).message);
      const column = open.end - 1 + Number(at?.[1] ?? 1);
      const expected = (error as { expected?: string }).expected?.replace(/ at column.*/, '');
      throw new ExpressionError(`Expected ${expected ?? 'a slice'}`, this.#text, column);
    }
  }

  #named(token: Token): Tree {
    if (!this.#is('(')) {
      if (Object.hasOwn(CONSTANTS, token.text)) return CONSTANTS[token.text];
      const known = FUNCTIONS.has(token.text) || token.text === 'where';
      if (known) throw this.#error("'(' after the name of a function", this.#next);
      const problem = `'${token.text}' is no function; arrays and numbers are written as \${…}`;
      throw new ExpressionError(problem, this.#text, token.column);
    }
    const name = token.text === 'where' ? 'where' : FUNCTIONS.get(token.text);
    if (name === undefined) {
      const problem = Object.hasOwn(REDUCTIONS, reductionName(token.text))
        ? `'${token.text}' must be around the whole expression`
        : `There is no function '${token.text}'`;
      throw new ExpressionError(problem, this.#text, token.column);
    }
    this.#take();
    const operands: Tree[] = [];
    while (!this.#is(')')) {
      if (operands.length > 0) this.#expect(',');
      if (operands.length > 0 && this.#is(')')) break;
      operands.push(this.#expression(0));
    }
    this.#take();
    const arity = name === 'where' ? 3 : ELEMENTWISE[name].arity;
    if (operands.length !== arity) {
      const takes = `${token.text}() takes ${arity} operand${arity === 1 ? '' : 's'}`;
      throw new ExpressionError(`${takes}, not ${operands.length}`, this.#text, token.column);
    }
    return this.#call(name, operands, token.column);
  }

  /** A reduction that is around everything; null otherwise, and then nothing is read. */
  #reduction(): { tree: Tree; top: TopReduction } | null {
    const [first, open] = this.#tokens;
    const name = reductionName(first.text);
    if (first.kind !== 'name' || open?.text !== '(' || !Object.hasOwn(REDUCTIONS, name))
      return null;
    this.#at = 2;
    const tree = this.#expression(0);
    const top: { -readonly [K in keyof TopReduction]: TopReduction[K] } = {
      name: name as ReductionName,
    };
    while (this.#is(',')) {
      this.#take();
      const option = this.#take();
      if (option.kind !== 'name') throw this.#error('axis=, keepdims= or ddof=', option);
      this.#expect('=');
      if (option.text === 'axis') top.axis = this.#axis();
      else if (option.text === 'keepdims') top.keepdims = this.#flag();
      else if (option.text === 'ddof') top.ddof = this.#integer();
      else throw this.#error('axis=, keepdims= or ddof=', option);
    }
    this.#expect(')');
    if (this.#next.kind !== 'end') {
      const problem = `'${first.text}' must be around the whole expression`;
      throw new ExpressionError(problem, this.#text, first.column);
    }
    return { tree, top: Object.freeze(top) };
  }

  #axis(): number | number[] | null {
    if (this.#is('None')) {
      this.#take();
      return null;
    }
    if (!this.#is('(')) return this.#integer();
    this.#take();
    const axes: number[] = [];
    while (!this.#is(')')) {
      if (axes.length > 0) this.#expect(',');
      if (this.#is(')')) break;
      axes.push(this.#integer());
    }
    this.#take();
    return axes;
  }

  #integer(): number {
    const sign = this.#is('-') ? -1 : 1;
    if (sign < 0) this.#take();
    const token = this.#take();
    const number = token.kind === 'number' ? numberOf(token) : null;
    if (number === null || typeof number.value !== 'number' || number.weak !== 'int') {
      throw this.#error('an integer', token);
    }
    return sign * number.value;
  }

  #flag(): boolean {
    const token = this.#take();
    const constant = Object.hasOwn(CONSTANTS, token.text) ? CONSTANTS[token.text].value : null;
    if (typeof constant !== 'boolean') throw this.#error('True or False', token);
    return constant;
  }
}

/** Most operators and parentheses within one another: what reads and compiles trees calls itself for each. */
const MAX_DEPTH = 500;

function isComparison({ kind, text }: Token): boolean {
  return kind === 'sign' && BINARY[text]?.[0] === COMPARISON;
}

/** NumPy's names of reductions as ours. */
function reductionName(name: string): string {
  if (name === 'count_nonzero') return 'countNonzero';
  return name === 'amax' ? 'max' : name === 'amin' ? 'min' : name;
}

/** A number as Python reads it; integers that doubles do not hold are bigints. */
function numberOf({ text }: Token): Literal {
  const plain = text.replace(/_/g, '');
  const digits = plain.replace(/[jJn]$/, '');
  if (/j$/i.test(plain)) return literal({ re: 0, im: Number(digits) } as Complex, 'complex');
  if (!/^(0[xXbBoO]|\d+$)/.test(digits)) return literal(Number(digits), 'float');
  const number = Number(digits);
  return literal(Number.isSafeInteger(number) ? number : BigInt(digits), 'int');
}

function negated({ value, weak }: Literal): Literal {
  if (typeof value === 'object') return literal({ re: -value.re, im: -value.im }, weak);
  if (typeof value === 'bigint') return literal(-value, weak);
  // The integer 0 has no sign.
  if (weak === 'int' && value === 0) return literal(0, weak);
  return typeof value === 'boolean' ? literal(value ? -1 : 0, 'int') : literal(-value, weak);
}
