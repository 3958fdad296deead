/**
 * Python literals, as headers of .npy and .dnpy files have them. They are read, never evaluated: what is no
 * literal is a SyntaxError. Pure.
 */

/** What a literal stands for; tuples and lists are arrays, dictionaries have strings as keys. */
export type PythonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

/** Brackets in brackets: headers have three. */
const MAX_DEPTH = 16;
/** Digits of an integer of 64 bits, sign not counted. */
const MAX_DIGITS = 20;

const SPACE = /[ \t\r\n\f]*/y;
const WORD = /[A-Za-z_]\w*/y;
const INTEGER = /[-+]?\d+[lL]?(?![\w.])/y;
const STRING =
  /[bBuUrR]{0,2}(?:'([^'\\\n]*(?:\\[\s\S][^'\\\n]*)*)'|"([^"\\\n]*(?:\\[\s\S][^"\\\n]*)*)")/y;
const NAMES = new Map<string, PythonValue>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

/**
 * Returns the value of a Python literal: None, booleans, integers (Python 2's `10L` too), strings (`u'…'`, `b'…'`
 * too), tuples, lists, dictionaries with strings as keys, and `array([…])`, NumPy's text of indices.
 *
 * @throws SyntaxError for anything else
 */
export function parsePythonLiteral(text: string): PythonValue {
  const parser = new LiteralParser(text);
  const value = parser.value(0);
  parser.end();
  return value;
}

/** Returns text that Python reads as this value; arrays become lists. */
export function formatPythonList(values: ArrayLike<number | bigint>): string {
  return `[${Array.prototype.join.call(values, ', ')}]`;
}

class LiteralParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): PythonValue {
    if (depth > MAX_DEPTH) throw this.#error('fewer brackets in brackets');
    this.#match(SPACE);
    switch (this.#text[this.#at]) {
      case '{':
        return this.#dictionary(depth);
      case '[':
        return this.#sequence(']', depth).items;
      case '(': {
        const { items, commas } = this.#sequence(')', depth);
        return items.length === 1 && commas === 0 ? items[0] : items;
      }
    }
    const integer = this.#match(INTEGER);
    if (integer !== null) return this.#integer(integer[0]);
    const string = this.#match(STRING);
    if (string !== null) return unescaped(string[1] ?? string[2]);
    const word = this.#match(WORD)?.[0] ?? '';
    const named = NAMES.get(word);
    if (named !== undefined) return named;
    if (word === 'array') return this.#array(depth);
    throw this.#error('a literal');
  }

  end(): void {
    this.#match(SPACE);
    // NumPy fills headers up with spaces; some writers do with zeros.
    if (/[^\0]/.test(this.#text.slice(this.#at))) throw this.#error('nothing more');
  }

  #dictionary(depth: number): ReadonlyMap<string, PythonValue> {
    const entries = new Map<string, PythonValue>();
    this.#expect('{');
    while (!this.#accept('}')) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string') throw this.#error('a string as key');
      this.#expect(':');
      entries.set(key, this.value(depth + 1));
      if (!this.#accept(',')) {
        this.#expect('}');
        break;
      }
    }
    return entries;
  }

  #sequence(close: string, depth: number): { items: PythonValue[]; commas: number } {
    const items: PythonValue[] = [];
    let commas = 0;
    this.#at++;
    while (!this.#accept(close)) {
      items.push(this.value(depth + 1));
      if (!this.#accept(',')) {
        this.#expect(close);
        break;
      }
      commas++;
    }
    return { items, commas };
  }

  /** `array([3, 1, 2])`, with or without `dtype=int64`; NumPy cuts long ones short, and they are lost. */
  #array(depth: number): PythonValue {
    this.#expect('(');
    this.#match(SPACE);
    if (this.#text[this.#at] !== '[') throw this.#error('[');
    const { items } = this.#sequence(']', depth);
    if (this.#accept(',')) {
      if (this.#match(SPACE) === null || this.#match(WORD)?.[0] !== 'dtype') {
        throw this.#error('dtype');
      }
      this.#expect('=');
      this.#match(SPACE);
      if (this.#match(STRING) === null && this.#match(WORD) === null) throw this.#error('a dtype');
    }
    this.#expect(')');
    return items;
  }

  #integer(digits: string): number | bigint {
    const plain = digits.replace(/[lL]$/, '');
    if (plain.length > MAX_DIGITS + 1) throw this.#error('an integer of 64 bits');
    const number = Number(plain);
    return Number.isSafeInteger(number) ? number : BigInt(plain.replace(/^\+/, ''));
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }

  #accept(token: string): boolean {
    this.#match(SPACE);
    if (this.#text[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #expect(token: string): void {
    if (!this.#accept(token)) throw this.#error(token);
  }

  #error(expected: string): SyntaxError {
    const found = this.#text.slice(this.#at, this.#at + 12);
    return new SyntaxError(
      `expected ${expected} at character ${this.#at}, found ${JSON.stringify(found)}`,
    );
  }
}

function unescaped(body: string): string {
  const simple: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\n': '' };
  return body.replace(/\\(x[\da-fA-F]{2}|[\s\S])/g, (whole, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === '\\' || code === "'" || code === '"') return code;
    return simple[code] ?? whole;
  });
}
