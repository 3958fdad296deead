/** Objects that stay on the process that made them, and what stands for them elsewhere. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { DistArrayError } from '../../errors.ts';
import { registerClass } from '../../mpi/objects/registry.ts';
import { deleteNamed, isNamed, keep, named } from './namespace.ts';

/** What a proxy on a process that has not the object does to have it forgotten where it is. */
const cleaners = new WeakMap<object, (name: string) => void>();

/**
 * Stands for an object that stays on the processes that have it (DistArray 0.5 `Proxy`). Made by {@link proxyize}; among the
 * arguments of a function that runs there, the function gets the object.
 *
 * @typeParam T - the object
 */
export class ValueProxy<T = unknown> {
  /** The object's name, the same on all processes that took part in the call that made it. */
  readonly name: string;
  /** What the object is on the process that has told: `LocalArray`, `number`, … (DistArray 0.5 `type_str`). */
  readonly typeString: string;

  /** @internal */
  constructor(name: string, typeString: string) {
    this.name = name;
    this.typeString = typeString;
  }

  /**
   * Returns the object, on a process that has it: for functions that run there.
   * @throws {@link DistArrayError} `ERR_KEY` on other processes, and after {@link ValueProxy.cleanup}
   */
  dereference(): T {
    if (isNamed(this.name)) return named(this.name) as T;
    const message = `${this} stands for an object that this process does not have: dereference it, or take it as an argument, in functions that run where the object was made`;
    throw new DistArrayError('ERR_KEY', message);
  }

  /** Forgets the object. @remarks Where a client has the proxy, on all engines; elsewhere on this process. */
  cleanup(): void {
    if (!deleteNamed(this.name)) cleaners.get(this)?.(this.name);
  }

  toJSON(): unknown {
    return `proxy ${this.name}`;
  }

  toString(): string {
    return `<ValueProxy ${this.name} of ${this.typeString}>`;
  }
}

registerClass<ValueProxy, { readonly name: string; readonly typeString: string }>(ValueProxy, {
  name: 'distarray.ValueProxy',
  serialize: ({ name, typeString }) => ({ name, typeString }),
  deserialize: ({ name, typeString }) => new ValueProxy(name, typeString),
});

/** A call of a function, which may keep objects. */
interface Call {
  /** What their names begin with. */
  readonly prefix: string;
  count: number;
}

let current: Call | undefined;
const waiting = new AsyncLocalStorage<Call>();

/**
 * Keeps an object on this process, and returns what stands for it: for functions that `ctx.apply` and its kin call. Those
 * that keep as many objects on all processes give them the same names, so that one proxy is enough (DistArray 0.5
 * `proxyize`).
 *
 * @throws {@link DistArrayError} `ERR_PROXY` outside of such functions
 */
export function proxyize<T>(object: T): ValueProxy<T> {
  const call = current ?? waiting.getStore();
  if (call === undefined) {
    const message =
      'proxyize() is for functions that apply(), applyAsync() or a registered method call';
    throw new DistArrayError('ERR_PROXY', message);
  }
  const name = `${call.prefix}${call.count++}`;
  keep(name, object);
  return new ValueProxy<T>(name, typeStringOf(object));
}

/**
 * Calls a function that may keep objects.
 * @param goesOn - whether it may go on after it has returned, which costs a little
 */
export function callKeeping<R>(prefix: string, goesOn: boolean, fn: () => R): R {
  const call = { prefix, count: 0 };
  const outer = current;
  current = goesOn ? undefined : call;
  try {
    return goesOn ? waiting.run(call, fn) : fn();
  } finally {
    current = outer;
  }
}

/** Returns the proxy of a value that has a name of the program's. @internal */
export function proxyOfName<T>(name: string, value: T): ValueProxy<T> {
  return new ValueProxy<T>(
    name,
    value instanceof ValueProxy ? value.typeString : typeStringOf(value),
  );
}

/** Lets a proxy forget its object where this process has not got it. @internal */
export function cleanBy(proxy: ValueProxy, clean: (name: string) => void): void {
  cleaners.set(proxy, clean);
}

function typeStringOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return (value as { constructor?: { name?: string } }).constructor?.name ?? 'Object';
}
