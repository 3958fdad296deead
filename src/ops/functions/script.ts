/** Code that runs in the names of a process: what it declares stays there, as in a prompt. */
import { compileFunction } from 'node:vm';
import type { Node } from 'acorn';
import { ArgumentRangeError, ArgumentTypeError } from '../../errors.ts';
import {
  boundNames,
  childrenOf,
  declaredNames,
  freeNames,
  isFunctionNode,
  type SyntaxNode,
} from './freeVariables.ts';
import { CodeError, ExecuteError } from './functionErrors.ts';
import { mainLoader } from './moduleLoader.ts';
import { checkName, isBuiltIn, noteNames } from './namespace.ts';
import { parseScript } from './parser.ts';

/** Code that was looked at. */
export interface Script {
  /** Names that it declares, or assigns to. */
  readonly names: readonly string[];
  /** Whether it awaits something at its top. */
  readonly awaits: boolean;
  /** It as a body of a function, line by line the same, in which declarations at its top assign to global variables. */
  readonly body: string;
}

/**
 * Reads code.
 * @throws {@link ArgumentTypeError} for what is no text; {@link CodeError} for code that cannot be read;
 * {@link ArgumentRangeError} for code that changes names of JavaScript's or Node's
 */
export function readScript(code: unknown): Script {
  if (typeof code !== 'string') throw new ArgumentTypeError('code', 'JavaScript code', code);
  const program = parsed(code);
  const edits = new Edits(code);
  const declared = new Set<string>();
  const hoisted: string[] = [];
  const { names, assigned } = freeNames(program as unknown as Node);
  for (const statement of program.body as SyntaxNode[])
    globalise(statement, edits, declared, hoisted);
  const scopeless = [...declared, ...assigned];
  for (const name of scopeless) if (isBuiltIn(name)) checkName(name, 'code');
  const awaits = (program.body as SyntaxNode[]).some(hasAwait) || names.has('await');
  // The first line keeps its number: what is put before it is on the same line.
  const first = hoisted.map((name) => `globalThis.${name} = ${name};`).join('');
  const text = `${first}${edits.result()}`;
  return {
    names: [...new Set(scopeless)],
    awaits,
    body: awaits ? `return (async () => {${text}\n})();` : text,
  };
}

let scripts = 0;

/**
 * Runs code in the names of this process.
 * @throws {@link ExecuteError} with the line, also by the promise that it returns where the code awaits something
 */
export function runScript(code: string, rank: number): undefined | Promise<undefined> {
  const { names, body } = readScript(code);
  noteNames(names);
  const filename = `execute:${++scripts}`;
  const wrapped = (error: unknown): never => {
    throw new ExecuteError(rank, lineOf(error, filename), code, error);
  };
  try {
    const run = compileFunction(body, [], {
      filename,
      importModuleDynamically: mainLoader(),
    });
    const returned: unknown = run();
    if (returned instanceof Promise) return returned.then(() => undefined, wrapped);
    return undefined;
  } catch (error) {
    return wrapped(error);
  }
}

function parsed(code: string) {
  try {
    return parseScript(code, { allowAwaitOutsideFunction: true });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const hint = /'import' and 'export'/.test(error.message)
      ? " (in code, import is a function: const m = await import('module'))"
      : '';
    const { loc } = error as SyntaxError & { loc?: { line: number } };
    throw new CodeError(loc?.line ?? 1, code, `${error.message}${hint}`);
  }
}

/** Makes the declarations of a statement at the top assignments to global variables. */
function globalise(
  statement: SyntaxNode,
  edits: Edits,
  declared: Set<string>,
  hoisted: string[],
): void {
  switch (statement.type) {
    case 'FunctionDeclaration':
      for (const name of boundNames(statement.id as SyntaxNode)) {
        declared.add(name);
        hoisted.push(name);
      }
      return;
    case 'ClassDeclaration': {
      const [name] = boundNames(statement.id as SyntaxNode);
      declared.add(name);
      edits.insert(statement.start, `${name} = `);
      edits.insert(statement.end, ';');
      return;
    }
    case 'VariableDeclaration':
      assignAll(statement, edits, declared);
      return;
  }
  // Blocks keep their own variables, but those of `var`.
  globaliseVars(statement, edits, declared);
}

function globaliseVars(node: SyntaxNode, edits: Edits, declared: Set<string>): void {
  for (const child of childrenOf(node)) {
    if (isFunctionNode(child) || child.type.startsWith('Class')) continue;
    const isVar = child.type === 'VariableDeclaration' && child.kind === 'var';
    if (!isVar) {
      globaliseVars(child, edits, declared);
      continue;
    }
    const isHead = /^For(?:In|Of)?Statement$/.test(node.type) && child !== node.body;
    if (isHead && node.type !== 'ForStatement') {
      for (const name of declaredNames(child)) declared.add(name);
      edits.replace(child.start, child.start + 3, '');
    } else assignAll(child, edits, declared, isHead);
  }
}

/** `const a = 1, { b } = c;` becomes `void (a = 1, { b } = c);`. */
function assignAll(
  declaration: SyntaxNode,
  edits: Edits,
  declared: Set<string>,
  isHead = false,
): void {
  const { kind, declarations } = declaration as unknown as {
    kind: string;
    declarations: SyntaxNode[];
  };
  if (kind.includes('using')) {
    throw new ArgumentRangeError(
      'code',
      'const or let at the top, where nothing is disposed of,',
      kind,
    );
  }
  for (const name of declaredNames(declaration)) declared.add(name);
  edits.replace(declaration.start, declarations[0].start, 'void (', true);
  for (const { id, init, end } of declarations as unknown as {
    id: SyntaxNode;
    init: unknown;
    end: number;
  }[]) {
    if (init) continue;
    const [name] = boundNames(id);
    // What was declared before by `var` keeps its value.
    const value = kind === 'var' ? `typeof ${name} === 'undefined' ? void 0 : ${name}` : 'void 0';
    edits.insert(end, ` = ${value}`);
  }
  edits.insert((declarations.at(-1) as SyntaxNode).end, isHead ? ')' : ');');
}

function hasAwait(node: SyntaxNode): boolean {
  if (isFunctionNode(node)) return false;
  if (node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true))
    return true;
  return childrenOf(node).some(hasAwait);
}

/** Changes of a text that keep its lines. */
class Edits {
  readonly #text: string;
  readonly #changes: { readonly start: number; readonly end: number; readonly text: string }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  /** @param keepsLines - whether ends of lines in what is replaced stay */
  replace(start: number, end: number, text: string, keepsLines = false): void {
    const lines = keepsLines ? this.#text.slice(start, end).replace(/[^\n]/g, '') : '';
    this.#changes.push({ start, end, text: text + lines });
  }

  result(): string {
    let made = '';
    let at = 0;
    for (const { start, end, text } of this.#changes.toSorted((a, b) => a.start - b.start)) {
      made += this.#text.slice(at, start) + text;
      at = end;
    }
    return made + this.#text.slice(at);
  }
}

/** The line of the code where an error comes from; 0 when it is none of its own. */
function lineOf(error: unknown, filename: string): number {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return 0;
  return Number(new RegExp(`${filename}:(\\d+)`).exec(error.stack)?.[1] ?? 0);
}
