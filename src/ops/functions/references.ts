/** Functions that travel as the name of a module and of what it exports, not as text. */
import { pathToFileURL } from 'node:url';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';

/** Where a function is found. */
export interface FunctionReference {
  /** URL of the module, a name that processes know (`distarray/local`), or `globalThis`. */
  readonly module: string;
  readonly name: string;
}

type AnyFunction = (...args: never[]) => unknown;

const GLOBAL = 'globalThis';
const references = new WeakMap<object, FunctionReference>();
const modules = new Map<string, Readonly<Record<string, unknown>>>();
const offered = new Map<string, unknown>([
  // Compilers wrap functions in a call that keeps their names.
  ['__name', (value: unknown) => value],
]);

/**
 * Lets functions of a module travel to engines as the module's URL and their name, whatever they use around them: the
 * engines import the module. Without it functions travel as their text.
 *
 *     import * as kernels from './kernels.ts';
 *     registerModule(new URL('./kernels.ts', import.meta.url), kernels);
 *     ctx.apply(kernels.demean, [a]);
 *
 * @param exports - the module itself, or some of what it exports, under the same names
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function registerModule(
  url: string | URL,
  exports: Readonly<Record<string, unknown>>,
): void {
  const module = checkUrl(url);
  if (typeof exports !== 'object' || exports === null) {
    throw new ArgumentTypeError('exports', 'a module, or an object of what it exports', exports);
  }
  nameExports(module, exports);
}

/**
 * Imports a module, and returns a function that it exports, registered as by {@link registerModule}.
 *
 *     const demean = await moduleFunction(new URL('./kernels.ts', import.meta.url), 'demean');
 *     ctx.apply(demean, [a]);
 *
 * @throws {@link ArgumentTypeError} when the module exports no such function, and what importing it throws
 */
export async function moduleFunction<F extends AnyFunction = (...args: never[]) => unknown>(
  url: string | URL,
  name: string,
): Promise<F> {
  const module = checkUrl(url);
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  const fn = exports[name];
  if (typeof fn !== 'function') {
    throw new ArgumentTypeError('name', `the name of a function that ${module} exports`, name);
  }
  nameExports(module, exports);
  return fn as F;
}

/** Makes what a module exports travel under its name; processes that receive it must have called this, too. @internal */
export function nameExports(module: string, exports: Readonly<Record<string, unknown>>): void {
  modules.set(module, { ...modules.get(module), ...exports });
  for (const [name, value] of Object.entries(exports)) {
    if (typeof value === 'function' && !references.has(value))
      references.set(value, { module, name });
  }
}

/** Makes a name known to all functions that travel. @internal */
export function offer(name: string, value: unknown): void {
  offered.set(name, value);
}

/** The names that all functions that travel know. */
export function offeredNames(): string[] {
  return [...offered.keys()];
}

export function offeredValue(name: string): unknown {
  return offered.get(name);
}

/** Where a function is found; undefined for those that travel as text. */
export function referenceOf(fn: object): FunctionReference | undefined {
  if (!references.has(globalThis.Math.max)) nameGlobals();
  return references.get(fn);
}

/** The function at a place that this process knows; undefined where the module must be imported first. */
export function referenced({ module, name }: FunctionReference): AnyFunction | undefined {
  if (module === GLOBAL) nameGlobals();
  const exports = modules.get(module);
  if (exports === undefined) return undefined;
  const found = exports[name];
  if (typeof found === 'function') return found as AnyFunction;
  throw noFunction({ module, name });
}

/** Imports the module of a function. */
export async function importReferenced({ module, name }: FunctionReference): Promise<void> {
  if (!module.includes(':')) throw noFunction({ module, name });
  const exports = (await import(module)) as Readonly<Record<string, unknown>>;
  if (typeof exports[name] !== 'function') throw noFunction({ module, name });
  nameExports(module, exports);
}

/** JavaScript's and Node's own functions: `parseInt`, `Math.max`, `URL`. */
function nameGlobals(): void {
  if (modules.has(GLOBAL)) return;
  const found: Record<string, unknown> = {};
  const look = (object: object, prefix: string): void => {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(object))) {
      if (typeof value === 'function' && isNative(value)) found[`${prefix}${name}`] ??= value;
      const isOuter = prefix === '' && value !== globalThis && /^[A-Z]/.test(name);
      if (isOuter && (typeof value === 'object' || typeof value === 'function') && value !== null) {
        look(value, `${name}.`);
      }
    }
  };
  look(globalThis, '');
  for (const name of Object.keys(found))
    if (/\.(?:prototype|constructor)$/.test(name)) delete found[name];
  nameExports(GLOBAL, found);
}

function isNative(fn: object): boolean {
  return /\[native code\]\s*\}$/.test(Function.prototype.toString.call(fn));
}

function noFunction({ module, name }: FunctionReference): DistArrayError {
  const message = `The module ${module} exports no function ${name} on this process`;
  return new DistArrayError('ERR_FUNCTION', message);
}

function checkUrl(url: unknown): string {
  if (url instanceof URL) return url.href;
  if (typeof url !== 'string') throw new ArgumentTypeError('url', 'a URL', url);
  if (url.startsWith('/')) return pathToFileURL(url).href;
  if (URL.canParse(url)) return url;
  const expected = "a URL, such as new URL('./kernels.ts', import.meta.url),";
  throw new ArgumentRangeError('url', expected, url);
}
