/** Values that processes keep by name, as methods of contexts. */
import { ArgumentTypeError } from '../errors.ts';
import { executeCode } from '../ops/functions/executeCode.ts';
import {
  checkNames,
  checkValues,
  deleteValues,
  listNames,
  pullValues,
  pushValues,
} from '../ops/functions/namedValues.ts';
import { checkName } from '../ops/functions/namespace.ts';
import { proxyOfName, ValueProxy } from '../ops/functions/proxy.ts';
import { readScript } from '../ops/functions/script.ts';
import type { Capture } from '../ops/shippedFunction.ts';
import { checkOptions, optionNames } from '../options.ts';
import { Context } from './context.ts';
import { bindProxies, shipped, targetsOf } from './targetCalls.ts';

/** Options of what is done on processes. */
export interface TargetOptions {
  /** The processes, in any order; default all of the context. */
  readonly targets?: readonly number[];
}

/** Options of {@link NamedValueMethods.pushFunction}. */
export interface PushFunctionOptions extends TargetOptions {
  /** What the function uses from around it; see `ApplyOptions`. */
  readonly capture?: Capture;
}

const TARGET_OPTIONS = optionNames<TargetOptions>({ targets: true });
const PUSH_FUNCTION_OPTIONS = optionNames<PushFunctionOptions>({ targets: true, capture: true });

/**
 * Values with names on the processes of a context, as those of Python's `__main__` on DistArray's engines: they are global
 * variables there, for code (`execute`) and for functions that travel, and stay until they are deleted. Where all processes
 * run the program, they are its own global variables, and the values themselves. All methods are collective, and what is
 * wrong on one process is the same error on all.
 */
export interface NamedValueMethods {
  /**
   * Gives values names on processes, and returns proxies of them: `const { k } = ctx.push({ k: 3 })`.
   *
   * @param values - what can be sent: numbers, strings, typed arrays, plain objects, …; or proxies, of which the objects get the
   * names
   * @remarks Collective.
   * @throws {@link ArgumentTypeError} that names the path of what cannot be sent; {@link ArgumentRangeError} for names of
   * JavaScript's or Node's, and processes that do not exist
   */
  push<Values extends Readonly<Record<string, unknown>>>(
    values: Values,
    options?: TargetOptions,
  ): {
    readonly [Name in keyof Values]: Values[Name] extends ValueProxy
      ? Values[Name]
      : ValueProxy<Values[Name]>;
  };
  /**
   * Gives a function a name on processes (DistArray 0.5 `push_function`): `ctx.apply('name', args)` calls it, and so can code
   * and functions that travel.
   *
   * @remarks Collective.
   * @throws {@link CaptureError} for a function that uses what is not sent with it
   */
  pushFunction(
    name: string,
    fn: (...args: never[]) => unknown,
    options?: PushFunctionOptions,
  ): void;
  /**
   * Returns the value of a name from each process, in ascending order of these; of several names a list from each.
   *
   * @param names - a name or a proxy, or a list of them
   * @remarks Collective.
   * @throws {@link DistArrayError} `ERR_KEY` when a process has nothing of the name; {@link ArgumentTypeError} for what cannot
   * be sent
   */
  pull<T = unknown>(name: string | ValueProxy<T>, options?: TargetOptions): T[];
  pull(names: readonly (string | ValueProxy)[], options?: TargetOptions): unknown[][];
  /**
   * Runs JavaScript on processes: what it declares at its top, or assigns to, has a name there. Where a client has engines,
   * code may await at its top; where all processes run the program, that needs {@link NamedValueMethods.executeAsync}.
   *
   *     ctx.execute('const f = (x) => x * k; y = f(2)');
   *     ctx.pull('y');
   *
   * @remarks Collective.
   * @throws {@link ExecuteError} with the rank and the line of code; {@link CodeError} for code that cannot be read,
   * before anything runs
   */
  execute(code: string, options?: TargetOptions): void;
  /** Runs code as {@link NamedValueMethods.execute} does; the program goes on meanwhile. @remarks Collective. */
  executeAsync(code: string, options?: TargetOptions): Promise<void>;
  /**
   * Forgets names, or what proxies stand for (DistArray 0.5 `delete_key`).
   *
   * @remarks Collective.
   * @throws {@link DistArrayError} `ERR_KEY` when a process has nothing of a name; nothing is forgotten then
   */
  deleteKey(
    names: string | ValueProxy | readonly (string | ValueProxy)[],
    options?: TargetOptions,
  ): void;
  /** Returns the names that each process has, in the order of the alphabet. @remarks Collective. */
  keys(options?: TargetOptions): string[][];
}

function targetsIn(context: Context, options: TargetOptions): number[] {
  checkOptions(options, TARGET_OPTIONS, '{ targets: [0] }');
  return targetsOf(context, options.targets);
}

function namesOf(given: unknown): string[] {
  const names = (Array.isArray(given) ? given : [given]).map((one: unknown) =>
    one instanceof ValueProxy ? one.name : one,
  ) as string[];
  checkNames(names);
  return names;
}

function executeParams(context: Context, code: string, options: TargetOptions) {
  const { scope } = context;
  const { targets, names } = context.agreed(() => ({
    targets: targetsIn(context, options),
    names: readScript(code).names,
  }));
  for (const name of names) context.names.add(name);
  return { code, targets, scope };
}

const METHODS: NamedValueMethods & ThisType<Context> = {
  push(values, options = {}) {
    const targets = targetsIn(this, options);
    checkValues(values);
    this.session.evaluate(pushValues, [], { values, targets });
    const proxies = Object.entries(values).map(([name, value]) => {
      this.names.add(name);
      return [name, proxyOfName(name, value)];
    });
    const made = Object.fromEntries(proxies);
    bindProxies(this, made);
    return made;
  },
  pushFunction(name, fn, options = {}) {
    const { capture, ...rest } = this.agreed(() => {
      checkOptions(options, PUSH_FUNCTION_OPTIONS, '{ capture: { k } }');
      return options;
    });
    const params = this.agreed(() => {
      checkName(name, 'name');
      if (typeof fn !== 'function') throw new ArgumentTypeError('fn', 'a function', fn);
      return { values: { [name]: shipped(this, fn, capture) }, targets: targetsIn(this, rest) };
    });
    this.session.evaluate(pushValues, [], params);
    this.names.add(name);
  },
  pull(given: unknown, options: TargetOptions = {}) {
    const targets = targetsIn(this, options);
    const pulled = this.session.evaluate(pullValues, [], { names: namesOf(given), targets });
    bindProxies(this, pulled);
    return (Array.isArray(given) ? pulled : pulled.map(([value]) => value)) as never;
  },
  execute(code, options = {}) {
    const params = executeParams(this, code, options);
    this.session.evaluate(executeCode, [], { ...params, awaits: this.session.rank === null });
  },
  async executeAsync(code, options = {}) {
    const params = { ...executeParams(this, code, options), awaits: true };
    await new Promise((resolve, reject) =>
      this.session.evaluateLater(executeCode, [], params, { resolve, reject }),
    );
  },
  deleteKey(given, options = {}) {
    const targets = targetsIn(this, options);
    const names = namesOf(given);
    this.session.evaluate(deleteValues, [], { names, targets, ifThere: false });
    // They may be there on other processes still.
    if (targets.length === this.size) for (const name of names) this.names.delete(name);
  },
  keys(options = {}) {
    const targets = targetsIn(this, options);
    const keys = this.session.evaluate(listNames, [], { targets });
    for (const name of keys.flat()) this.names.add(name);
    return keys;
  },
};

for (const [name, value] of Object.entries(METHODS)) {
  Object.defineProperty(Context.prototype, name, { value, writable: true, configurable: true });
}
