/** What the names mean that a function takes from around it. */

import type { FreeNames } from './freeVariables.ts';
import { CaptureError } from './functionErrors.ts';
import { offeredNames, offeredValue } from './references.ts';

/** What a function may take from around it. */
export interface Binding {
  /** What it declares. */
  readonly capture: Readonly<Record<string, unknown>>;
  /** Names that values have where it runs. */
  readonly known?: ReadonlySet<string>;
  /** The function's name in errors. */
  readonly argument: string;
  /** The function's own name. */
  readonly name: string;
}

/** Globals of Node that are enumerable, as variables of a program in `globalThis` are. */
const NODE_GLOBALS = new Set(
  (
    'global globalThis process Buffer navigator crypto performance fetch structuredClone queueMicrotask atob btoa ' +
    'setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate localStorage sessionStorage'
  ).split(' '),
);

/**
 * Returns the values of the names that a function takes from around it, as far as they have to be sent.
 * @throws {@link CaptureError} for names that it does not declare, and that other processes do not have
 */
export function bindNames(free: FreeNames, binding: Binding): Record<string, unknown> {
  const { capture, argument } = binding;
  const values: Record<string, unknown> = {};
  const missing: string[] = [...free.surroundings];
  for (const [name, members] of free.names) {
    const declared = declaredAs(name, capture, free);
    if (declared !== undefined) values[name] = capture[declared];
    else if (isThere(name, binding)) continue;
    else {
      const imported = importedAs(name, members, capture);
      if (imported === undefined) missing.push(name);
      else values[name] = imported;
    }
  }
  if (missing.length > 0) throw new CaptureError(argument, missing, hintFor(missing, binding));
  return values;
}

/**
 * The name under which a variable is declared. esbuild, and tsx with it, calls a variable `k2` where one around it is called `k`
 * already, so that `{ capture: { k } }` becomes `{ capture: { k: k2 } }`.
 */
function declaredAs(
  name: string,
  capture: Readonly<Record<string, unknown>>,
  free: FreeNames,
): string | undefined {
  if (Object.hasOwn(capture, name)) return name;
  const original = /^(.*[^\d])(?:[2-9]|[1-9]\d+)$/.exec(name)?.[1];
  if (original === undefined || !Object.hasOwn(capture, original)) return undefined;
  return free.names.has(original) ? undefined : original;
}

function isThere(name: string, { known }: Binding): boolean {
  if (known?.has(name) || offeredNames().includes(name) || NODE_GLOBALS.has(name)) return true;
  const global = Object.getOwnPropertyDescriptor(globalThis, name);
  return global !== undefined && !global.enumerable;
}

/** What stands for an import where modules are compiled to CommonJS: `import_distarray.LocalArray`. */
function importedAs(
  name: string,
  members: ReadonlySet<string> | null,
  capture: Readonly<Record<string, unknown>>,
): Record<string, unknown> | undefined {
  if (members === null || !name.startsWith('import_')) return undefined;
  const values: Record<string, unknown> = {};
  for (const member of members) {
    const isOffered = offeredNames().includes(member);
    if (!isOffered && !Object.hasOwn(capture, member)) return undefined;
    values[member] = isOffered ? offeredValue(member) : capture[member];
  }
  return values;
}

function hintFor(missing: readonly string[], { name }: Binding): string {
  if (name !== '' && missing.includes(name)) {
    return `. A function that calls itself has its name in its text: function ${name}(…) { … }`;
  }
  if (missing.includes('this')) return '. Arrow functions have the `this` of what is around them';
  return '';
}
