/** The functions that a source in C or C++ defines. */
import { tokensOfC } from './cTokens.ts';
import { dtypeOfC } from './cTypes.ts';
import { NotCallable, type Parameter, type ParsedSource, type Prototype } from './prototype.ts';

/** Words that say nothing about a type. */
const QUALIFIERS = new Set(['volatile', 'restrict', '__restrict', '__restrict__', 'register']);
/** Words before a function's type that do not matter for calls. */
const SPECIFIERS = new Set(['extern', '__extension__', '_Noreturn', 'noexcept', 'constexpr']);
/** What functions have that are for the source itself. */
const HELPERS = new Set([
  'static',
  'inline',
  '__inline',
  '__inline__',
  'template',
  'typedef',
  'using',
]);

/**
 * Returns the functions that a source defines outside of all braces but those of `extern "C"`, and that are neither
 * `static` nor `inline`.
 */
export function functionsOfC(source: string, language: 'c' | 'c++'): ParsedSource {
  const functions: Prototype[] = [];
  const refused: { name: string; reason: string }[] = [];
  for (const declaration of definitionsIn(tokensOfC(source))) {
    const open = declaration.indexOf('(');
    const name = declaration[open - 1];
    if (open < 1 || !/^[A-Za-z_]\w*$/.test(name)) continue;
    if (declaration.some((token) => HELPERS.has(token))) continue;
    try {
      functions.push(prototypeOf(declaration, open, language));
    } catch (error) {
      if (!(error instanceof NotCallable)) throw error;
      refused.push({ name, reason: error.message });
    }
  }
  return { functions, refused };
}

/** What stands before each `{` that opens the body of a function. */
function definitionsIn(tokens: readonly string[]): string[][] {
  const found: string[][] = [];
  let start = 0;
  for (let k = 0; k < tokens.length; k++) {
    const token = tokens[k];
    if (token === ';' || token === '}') start = k + 1;
    else if (token === '(' || token === '[') k = closing(tokens, k);
    else if (token === '{') {
      const before = tokens.slice(start, k);
      if (before.at(-2) === 'extern' && before.at(-1) === '"C"') {
        start = k + 1; // its end is a `}` as any other
        continue;
      }
      k = closing(tokens, k);
      // A structure or an initializer goes on to a `;`.
      const list = before.indexOf('(');
      const isFunction = list >= 0 && !before.slice(0, list).includes('=');
      if (isFunction) found.push(withoutAttributes(before));
      if (isFunction || before[0] === 'namespace') start = k + 1;
    }
  }
  return found;
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Position of the bracket that closes the one at `open`; the last token when there is none. */
function closing(tokens: readonly string[], open: number): number {
  const [begin, end] = [tokens[open], PAIRS[tokens[open]]];
  let depth = 0;
  for (let k = open; k < tokens.length; k++) {
    if (tokens[k] === begin) depth++;
    else if (tokens[k] === end && --depth === 0) return k;
  }
  return tokens.length - 1;
}

function withoutAttributes(tokens: readonly string[]): string[] {
  const kept: string[] = [];
  for (let k = 0; k < tokens.length; k++) {
    if (tokens[k] === '__attribute__' || tokens[k] === 'alignas') k = closing(tokens, k + 1);
    else if (tokens[k] === '[' && tokens[k + 1] === '[') k = closing(tokens, k);
    else kept.push(tokens[k]);
  }
  return kept;
}

function prototypeOf(
  declaration: readonly string[],
  open: number,
  language: 'c' | 'c++',
): Prototype {
  const name = declaration[open - 1];
  const close = closing(declaration, open);
  if (declaration.slice(close + 1).some((token) => !SPECIFIERS.has(token))) {
    throw new NotCallable(`${declaration.slice(close + 1).join(' ')} after its parameters`);
  }
  const words = declaration
    .slice(0, open - 1)
    .filter((word) => !SPECIFIERS.has(word) && word !== '"C"' && word !== 'const');
  const inside = split(declaration.slice(open + 1, close));
  const isEmpty = inside.length === 0 || (inside.length === 1 && inside[0].join() === 'void');
  const parameters = isEmpty ? [] : inside.map((each, k) => parameterOf(each, k, language));
  if (words.join() === 'void') return { name, parameters, result: null };
  const dtype = dtypeOfC(words);
  if (dtype === undefined) throw new NotCallable(`it returns '${words.join(' ')}'`);
  return { name, parameters, result: { dtype, type: typeText(words) } };
}

/** Parameters, at the commas that are in no brackets. */
function split(tokens: readonly string[]): string[][] {
  if (tokens.length === 0) return [];
  const parts: string[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if ('([{<'.includes(token)) depth++;
    if (')]}>'.includes(token)) depth--;
    if (token === ',' && depth === 0) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

function parameterOf(
  tokens: readonly string[],
  position: number,
  language: 'c' | 'c++',
): Parameter {
  const text = tokens.join(' ');
  const refuse = (reason: string): never => {
    throw new NotCallable(`its parameter '${text}' ${reason}`);
  };
  if (tokens.includes('(')) refuse('is a function or has parentheses');
  if (tokens.includes('&')) refuse('is a reference');
  if (tokens.includes('=')) refuse('has a default');
  const bracket = tokens.indexOf('[');
  const front = (bracket < 0 ? tokens : tokens.slice(0, bracket)).filter(
    (token) => !QUALIFIERS.has(token),
  );
  const dimensions =
    bracket < 0 ? 0 : tokens.slice(bracket).filter((token) => token === '[').length;
  if (dimensions > 1 && language === 'c++') refuse('has several dimensions');
  const stars = front.filter((token) => token === '*').length;
  if (stars + Math.min(dimensions, 1) > 1) refuse('points to pointers');
  // What the pointer points to is before the star; a const after it is the pointer's own.
  const star = front.indexOf('*');
  const before = star < 0 ? front : front.slice(0, star);
  const after = star < 0 ? [] : front.slice(star + 1).filter((token) => token !== 'const');
  const isPointer = stars + dimensions > 0;
  const words = before.filter((token) => token !== 'const');
  const { name, type } = named(words, after, star >= 0, position);
  const dtype = dtypeOfC(type);
  if (dtype === undefined) refuse(`is of a type that no dtype has`);
  const isConst = !isPointer || before.includes('const');
  const ofElements = typeText(type);
  return {
    name,
    dtype: dtype!,
    passed: isPointer ? 'pointer' : 'value',
    isConst,
    type: isPointer ? `${isConst ? 'const ' : ''}${ofElements}*` : ofElements,
  };
}

/** Tells a parameter's name from its type; parameters of C++ may have none. */
function named(
  words: readonly string[],
  after: readonly string[],
  hasStar: boolean,
  position: number,
): { name: string; type: readonly string[] } {
  const nameless = `argument${position}`;
  if (hasStar) return { name: after[0] ?? nameless, type: words };
  if (words.length < 2 || dtypeOfC(words) !== undefined) return { name: nameless, type: words };
  return { name: words.at(-1)!, type: words.slice(0, -1) };
}

function typeText(words: readonly string[]): string {
  return words.join(' ').replace(/ ?(::|<|>) ?/g, '$1');
}
