/** Values that processes keep by name, as operations. */
import { ArgumentTypeError } from '../../errors.ts';
import { LocalArray } from '../../local/localArray.ts';
import { agree } from '../../mpi/agreement.ts';
import { inspect } from '../../mpi/objects/graph.ts';
import { valueOperation } from '../operation.ts';
import { ShippedFunction } from '../shippedFunction.ts';
import {
  checkName,
  closeScope,
  deleteNamed,
  isNamed,
  KEPT_PREFIX,
  keepRegistered,
  named,
  namesHere,
  openScope,
  setNamed,
  unknownName,
} from './namespace.ts';
import { ValueProxy } from './proxy.ts';
import { checkTargets, type OnTargets } from './targetCall.ts';

/** Begins the names of a context. */
export const openScopeOperation = valueOperation<null, number>('openScope', {
  check: () => undefined,
  run: (_, __, { comm }) => openScope(comm),
});

/** Ends them. */
export const closeScopeOperation = valueOperation<{ readonly scope: number }, void>('closeScope', {
  check: () => undefined,
  run: (_, { scope }) => closeScope(scope),
});

/** Keeps a function under a key, so that calls need not send it again. */
export const keepFunction = valueOperation<
  { readonly key: string; readonly fn: ShippedFunction },
  void | Promise<void>
>('keepFunction', {
  check: () => undefined,
  run: (_, { key, fn }) => {
    // Where the program runs, it has the function.
    if (fn.isForeign) keepRegistered(key, fn);
    return fn.load();
  },
});

/** Has the module of a function imported, so that calls need not wait for it. */
export const loadFunction = valueOperation<{ readonly fn: ShippedFunction }, void | Promise<void>>(
  'loadFunction',
  {
    check: () => undefined,
    run: (_, { fn }) => fn.load(),
  },
);

/** Gives values names on some processes. Functions are those that {@link ShippedFunction} holds. */
export const pushValues = valueOperation<
  OnTargets & { readonly values: Readonly<Record<string, unknown>> },
  void | Promise<void>
>('push', {
  check: (_, { values, targets }) => {
    checkTargets(targets, Number.MAX_SAFE_INTEGER);
    checkValues(values);
  },
  run: (_, { values, targets }, { comm }) => {
    checkTargets(targets, comm.size);
    checkValues(values);
    const isHere = targets.includes(comm.rank);
    const set = () => {
      for (const [name, value] of Object.entries(values)) if (isHere) setNamed(name, usable(value));
    };
    const all = Object.values(values);
    const functions = all.filter((value) => value instanceof ShippedFunction);
    // Only these can fail on one process alone.
    const mayFail = functions.length > 0 || all.some((value) => value instanceof ValueProxy);
    if (!mayFail) return set();
    const loading = functions.map((fn) => fn.load()).filter((load) => load !== undefined);
    if (loading.length === 0) return agree(comm, set);
    return Promise.all(loading).then(() => agree(comm, set));
  },
});

/** Returns the values of names from some processes: a list of them for each process. */
export const pullValues = valueOperation<
  OnTargets & { readonly names: readonly string[] },
  unknown[][]
>('pull', {
  check: (_, { names, targets }) => {
    checkTargets(targets, Number.MAX_SAFE_INTEGER);
    checkNames(names);
  },
  run: (_, { names, targets }, { comm }) => {
    checkTargets(targets, comm.size);
    checkNames(names);
    const own = agree(comm, () =>
      targets.includes(comm.rank) ? names.map((name) => sendable(name, comm.rank)) : [],
    );
    const all = comm.size === 1 ? [own] : comm.allgatherObjects(own);
    return targets.map((target) => all[target]);
  },
});

/** What {@link deleteValues} takes. */
export interface DeleteParams extends OnTargets {
  readonly names: readonly string[];
  /** Whether a name that a process does not have is none of its business; otherwise it is an error. */
  readonly ifThere: boolean;
}

/** Forgets names on some processes. */
export const deleteValues = valueOperation<DeleteParams, void>('deleteKey', {
  check: (_, { names, targets }) => {
    checkTargets(targets, Number.MAX_SAFE_INTEGER);
    checkNames(names);
  },
  run: (_, { names, targets, ifThere }, { comm }) => {
    checkTargets(targets, comm.size);
    checkNames(names);
    const isHere = targets.includes(comm.rank);
    if (!ifThere) {
      agree(comm, () => {
        const unknown = names.find((name) => isHere && !isNamed(name));
        if (unknown !== undefined) throw unknownName(unknown, comm.rank);
      });
    }
    if (isHere) for (const name of names) deleteNamed(name);
  },
});

/** Returns the names that each of some processes has. */
export const listNames = valueOperation<OnTargets, string[][]>('keys', {
  check: (_, { targets }) => checkTargets(targets, Number.MAX_SAFE_INTEGER),
  run: (_, { targets }, { comm }) => {
    checkTargets(targets, comm.size);
    const all = comm.size === 1 ? [namesHere()] : comm.allgatherObjects(namesHere());
    return targets.map((target) => all[target]);
  },
});

/**
 * Checks that values can be given names, and sent.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}, with the path of what cannot be sent
 */
export function checkValues(values: unknown): asserts values is Readonly<Record<string, unknown>> {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ArgumentTypeError('values', 'an object such as { k: 3 }', values);
  }
  for (const [name, value] of Object.entries(values)) {
    checkName(name, 'values');
    if (typeof value === 'function') {
      throw new ArgumentTypeError(
        `values.${name}`,
        'a value (pushFunction() takes functions)',
        value,
      );
    }
    inspect(value, `values.${name}`, true);
  }
}

/**
 * Checks names of values, or of what proxies stand for.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError}
 */
export function checkNames(names: readonly string[]): void {
  for (const name of names) {
    if (typeof name === 'string' && name.startsWith(KEPT_PREFIX)) continue;
    checkName(name, 'name');
  }
}

/** What a value that was sent is where it is used. */
function usable(value: unknown): unknown {
  if (value instanceof ShippedFunction) return value.compile();
  return value instanceof ValueProxy ? value.dereference() : value;
}

function sendable(name: string, rank: number): unknown {
  if (!isNamed(name)) throw unknownName(name, rank);
  const value = named(name);
  if (value instanceof LocalArray) {
    throw new ArgumentTypeError(
      'name',
      'the name of data (fromLocalArrays() takes proxies of arrays)',
      value,
    );
  }
  inspect(value, name, true);
  return value;
}
