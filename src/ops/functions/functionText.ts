/** Functions as text, and text as functions again. */
import { compileFunction } from 'node:vm';
import type { ExpressionStatement, Node } from 'acorn';
import { ArgumentTypeError } from '../../errors.ts';
import { type FreeNames, freeNames, type SyntaxNode } from './freeVariables.ts';
import { mainLoader } from './moduleLoader.ts';
import { parseScript } from './parser.ts';
import { offeredNames, offeredValue } from './references.ts';

/** A function's text, as an expression, and what it takes from around it. */
export interface FunctionText {
  readonly text: string;
  readonly free: FreeNames;
}

/** Texts and functions that are remembered; a program that makes them without end must not fill the memory. */
const MOST_REMEMBERED = 1000;

/**
 * Returns what is to be sent of a function.
 *
 * @param argument - the function's name in errors
 * @throws {@link ArgumentTypeError} for functions that have no text: those of C++, and bound ones
 */
export function textOfFunction(fn: unknown, argument: string): FunctionText {
  const source = Function.prototype.toString.call(fn);
  return remembered(texts, source, () => {
    if (/\{\s*\[native code\]\s*\}$/.test(source)) {
      throw new ArgumentTypeError(
        argument,
        'a function that has a text, not a bound or native one,',
        fn,
      );
    }
    const read = readExpression(source) ?? readMethod(source);
    if (read !== null) return read;
    throw new ArgumentTypeError(argument, 'a function whose text can be read in strict mode', fn);
  });
}

const texts = new Map<string, FunctionText>();

/**
 * Returns the function of a text.
 *
 * @param values - what it takes from around it, by name
 */
export function functionOfText(text: string, values: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(values);
  const make = remembered(factories, `${names.join()};${text}`, () => {
    const offered = offeredNames().filter((name) => !names.includes(name));
    const factory = compileFunction(`"use strict"; return (${text}\n);`, [...offered, ...names], {
      importModuleDynamically: mainLoader(),
    });
    const first = offered.map(offeredValue);
    // Without values around it, it is the same function every time.
    let made: unknown;
    return (given: readonly unknown[]) => {
      if (given.length > 0) return factory(...first, ...given);
      made ??= factory(...first);
      return made;
    };
  });
  return make(names.map((name) => values[name]));
}

const factories = new Map<string, (values: readonly unknown[]) => unknown>();

/** A function, arrow function or class. */
function readExpression(source: string): FunctionText | null {
  const program = tryParse(`"use strict";(${source}\n)`);
  if (program === null) return null;
  const { expression } = program.body[1] as ExpressionStatement;
  return { text: source, free: freeNames(expression) };
}

/** A method, whatever its key: the text becomes that of a method of the same kind. */
function readMethod(source: string): FunctionText | null {
  const before = '(class {';
  const program = tryParse(`${before}${source}\n})`);
  if (program === null) return null;
  const { expression } = program.body[0] as ExpressionStatement;
  const [member] = (expression as unknown as { body: { body: SyntaxNode[] } }).body.body;
  if (member?.type !== 'MethodDefinition') return null;
  const key = member.key as SyntaxNode;
  const value = member.value as SyntaxNode;
  const name = member.computed || key.type !== 'Identifier' ? 'method' : (key.name as string);
  const kind = `${value.async ? 'async ' : ''}${value.generator ? '*' : ''}`;
  const rest = source.slice(value.start - before.length, value.end - before.length);
  return { text: `({ ${kind}${name}${rest} }).${name}`, free: freeNames(value as Node) };
}

function tryParse(text: string) {
  try {
    return parseScript(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function remembered<T>(values: Map<string, T>, key: string, make: () => T): T {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  if (values.size >= MOST_REMEMBERED) values.clear();
  values.set(key, made);
  return made;
}
