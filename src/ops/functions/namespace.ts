/**
 * What a process keeps by name between calls: values that the program names (`push`, `execute`), which are global
 * variables as those of Python's `__main__` on DistArray's engines, objects behind proxies, and registered functions.
 */
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { MAX } from '../../mpi/operation.ts';
import { parseScript } from './parser.ts';

/** Names of what proxies stand for begin with it. */
export const KEPT_PREFIX = '__distarray__';

/** Global names that the process had before any was given. */
const BUILT_IN: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(globalThis));
const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const globals = globalThis as unknown as Record<string, unknown>;
/** Names that the program has given, or that code may give. */
const given = new Set<string>();
const kept = new Map<string, unknown>();
/** Calls of each scope: the same number on all of its processes. */
const scopes = new Map<number, { calls: number }>();
const registered = new Map<string, unknown>();
let scopesSeen = 0;

/**
 * Returns a number for the names of a context: the same on all its processes, and no other's on any of them.
 * @remarks Collective: one small allreduce.
 */
export function openScope(comm: Comm): number {
  const scope = comm.allreduce(scopesSeen, { op: MAX }) + 1;
  scopesSeen = scope;
  scopes.set(scope, { calls: 0 });
  return scope;
}

/** Forgets objects behind proxies, and registered functions, of a scope. */
export function closeScope(scope: number): void {
  scopes.delete(scope);
  for (const map of [kept, registered]) {
    for (const name of map.keys()) if (name.startsWith(scopePrefix(scope))) map.delete(name);
  }
}

/** Begins a call, and returns what the names of objects begin with that it keeps: the same on all processes. */
export function beginCall(scope: number): string {
  const state = scopes.get(scope);
  if (state === undefined) throw new DistArrayError('ERR_CONTEXT', 'The context is closed');
  state.calls += 1;
  return `${scopePrefix(scope)}${state.calls}_`;
}

/** The key of a registered function of a scope. */
export function registeredKey(scope: number, index: number): string {
  return `${scopePrefix(scope)}f${index}`;
}

export function keepRegistered(key: string, fn: unknown): void {
  registered.set(key, fn);
}

export function registeredAt(key: string): unknown {
  return registered.get(key);
}

/** Keeps an object behind a proxy. */
export function keep(name: string, value: unknown): void {
  kept.set(name, value);
}

/** Gives a value a name. */
export function setNamed(name: string, value: unknown): void {
  given.add(name);
  Object.defineProperty(globals, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Notes names that code may give by itself. */
export function noteNames(names: Iterable<string>): void {
  for (const name of names) given.add(name);
}

/** Whether there is something of this name here. */
export function isNamed(name: string): boolean {
  return kept.has(name) || (given.has(name) && Object.hasOwn(globals, name));
}

/** What has this name; undefined for nothing. */
export function named(name: string): unknown {
  if (kept.has(name)) return kept.get(name);
  return isNamed(name) ? globals[name] : undefined;
}

/** Forgets a name; false when there is none. */
export function deleteNamed(name: string): boolean {
  if (!isNamed(name)) return false;
  if (!kept.delete(name)) {
    given.delete(name);
    Reflect.deleteProperty(globals, name);
  }
  return true;
}

/** Forgets all that programs have given and kept here. */
export function forgetEverything(): void {
  for (const name of [...given]) {
    given.delete(name);
    Reflect.deleteProperty(globals, name);
  }
  for (const map of [kept, registered, scopes]) map.clear();
}

/** The names that the program has given, in the order of the alphabet. */
export function namesHere(): string[] {
  return [...given].filter((name) => Object.hasOwn(globals, name)).sort();
}

/** Whether a name is JavaScript's or Node's own. */
export function isBuiltIn(name: string): boolean {
  return BUILT_IN.has(name);
}

/**
 * Checks that something can be the name of a value.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkName(name: unknown, argument: string): asserts name is string {
  if (typeof name !== 'string') throw new ArgumentTypeError(argument, 'a name', name);
  if (!isVariable(name))
    throw new ArgumentRangeError(argument, 'names that variables can have', name);
  if (isBuiltIn(name) || name.startsWith(KEPT_PREFIX)) {
    const expected = 'names that neither JavaScript, Node nor distarray itself uses';
    throw new ArgumentRangeError(argument, expected, name);
  }
}

/** Whether a variable can have a name. */
export function isVariable(name: string): boolean {
  if (!IDENTIFIER.test(name)) return false;
  try {
    parseScript(`"use strict"; var ${name};`);
    return true;
  } catch {
    return false;
  }
}

/** The error for a name that a process does not have. */
export function unknownName(name: string, rank: number): DistArrayError {
  const here = namesHere();
  const known = here.length === 0 ? 'it has no names' : `it has ${here.join(', ')}`;
  return new DistArrayError('ERR_KEY', `Rank ${rank} has nothing of the name ${name}: ${known}`);
}

function scopePrefix(scope: number): string {
  return `${KEPT_PREFIX}${scope}_`;
}
