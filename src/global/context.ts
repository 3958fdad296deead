/** Contexts: the processes that arrays are spread over, and the ways to make arrays there. */
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentTypeError } from '../errors.ts';
import type { LocalArray } from '../local/localArray.ts';
import { refuseInstances } from '../mpi/objects/registry.ts';
import { barrierOperation } from '../ops/barrierOperation.ts';
import { closeScopeOperation, openScopeOperation } from '../ops/functions/namedValues.ts';
import type { ValueProxy } from '../ops/functions/proxy.ts';
import type { Capture } from '../ops/shippedFunction.ts';
import { checkOptions, optionNames } from '../options.ts';
import { type AllcloseOptions, allclose } from './allclose.ts';
import type { ArrayArguments } from './arrayArguments.ts';
import type { CheckpointMethods } from './checkpoints.ts';
import type { ContextOptions } from './contextBase.ts';
import { ContextCreation } from './contextCreation.ts';
import { DistArray } from './distArray.ts';
import type { FileMethods } from './files.ts';
import { otherContext } from './isDistArray.ts';
import type { LazyFileMethods } from './lazy/openFiles.ts';
import type { NamedValueMethods } from './namedValues.ts';
import type { PlainFileMethods } from './plainFiles.ts';
import { ContextRandom } from './random.ts';
import { type Registered, RegisteredFunction } from './register.ts';
import type { Settle } from './session.ts';
import {
  callFunction,
  callFunctionLater,
  type FunctionCall,
  shipped,
  valuesOf,
} from './targetCalls.ts';

/** Options of {@link Context.apply}. */
export interface ApplyOptions {
  /** The processes that call the function, in any order; default those of the first array, or all. */
  readonly targets?: readonly number[];
  /**
   * What the function uses from around it: values, functions, proxies. When given, even as `{}`, the function gets nothing
   * else of the program: as it would where the program does not run, and a name that is not declared is an error before it
   * is called. Without it, arguments are the way that works everywhere.
   */
  readonly capture?: Capture;
  /** Whether LocalArrays that the function returns stay where they are; their proxies are the results. Default false. */
  readonly autoproxyize?: boolean;
}

/** Options of {@link Context.register}. */
export interface RegisterOptions {
  /** What the functions use from around them; see {@link ApplyOptions}. */
  readonly capture?: Capture;
}

const APPLY_OPTIONS = optionNames<ApplyOptions>({
  targets: true,
  capture: true,
  autoproxyize: true,
});
const REGISTER_OPTIONS = optionNames<RegisterOptions>({ capture: true });

/** What results of functions are: LocalArrays are proxies, if they are anything. */
export type Applied<R> = R extends LocalArray ? ValueProxy<R> : R;

/**
 * A group of processes and the arrays that are spread over them (DistArray 0.5 `Context`). All
 * processes make the context and call its methods, in the same order.
 *
 *     const ctx = new Context();
 *     const a = ctx.fromFunction((i, j) => i + j, [1000, 1000], { dist: 'bb' });
 *     ctx.print(a.sin().sum({ axis: 0 }));
 */
export class Context extends ContextCreation {
  /** Random numbers: `ctx.random.seed(42)`, `ctx.random.rand([m, n])`, … */
  readonly random: ContextRandom;
  /** Names that values have on the processes, as far as the context has given them. @internal */
  readonly names = new Set<string>();
  #scope: number | null = null;
  #registered = 0;

  /**
   * @remarks Collective over `options.comm`.
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} on every process alike
   */
  constructor(options: ContextOptions = {}) {
    super(options);
    this.random = new ContextRandom(this);
  }

  /**
   * Calls a function on several processes, with the local parts of arrays, and returns what each has
   * returned, in ascending order of the targets, on every process.
   *
   * @param fn - gets the arguments: LocalArrays in the place of DistArrays, objects in that of proxies. Or the name of a function
   * that the processes have (`pushFunction`), or a proxy of one
   * @param args - values, DistArrays and proxies, also in lists and objects of options
   * @remarks Collective. What is returned must be data: numbers, strings, arrays, plain objects, typed arrays, proxies. Where a
   * client has engines, an async function is waited for; where all processes run the program, it is an error
   * (`ERR_ASYNC`): see {@link Context.applyAsync}.
   * @throws {@link DistArrayError} on every process alike when the function throws on one
   * @throws {@link ContextError} for an array of another context; {@link CaptureError} for a function that uses what is not
   * sent with it
   */
  apply<Args extends readonly unknown[], R>(
    fn: ((...args: ArrayArguments<Args>) => R) | string | ValueProxy,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: ApplyOptions = {},
  ): Applied<Awaited<R>>[] {
    const returned = callFunction(this, () => this.#applied(fn, args, options));
    return valuesOf(returned) as Applied<Awaited<R>>[];
  }

  /**
   * Calls a function on several processes as {@link Context.apply} does, and returns a promise of what each has returned: the
   * program goes on meanwhile, and async functions are waited for.
   *
   * @remarks Collective: all processes call it, in the same order as other methods; the promise may be awaited later.
   * @throws by the promise, on every process alike
   */
  async applyAsync<Args extends readonly unknown[], R>(
    fn: ((...args: ArrayArguments<Args>) => R) | string | ValueProxy,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: ApplyOptions = {},
  ): Promise<Applied<Awaited<R>>[]> {
    return (await new Promise<unknown[]>((resolve, reject) =>
      this.applyLater(fn, args, options, { resolve, reject }),
    )) as Applied<Awaited<R>>[];
  }

  /**
   * The same for who needs no promise: what comes of the call is told to `settle`, and waits hear of it too.
   * @internal
   */
  applyLater(
    fn: unknown,
    args: readonly unknown[],
    options: ApplyOptions,
    { resolve, reject }: Settle<unknown[]>,
  ): void {
    callFunctionLater(this, () => this.#applied(fn, args, options), {
      resolve: (returned) => resolve(valuesOf(returned)),
      reject,
    });
  }

  /**
   * Makes functions of local arrays into methods of this context, and returns it. When a method is called, every
   * process that has a part of the first array calls the function with its local parts. When all
   * return a LocalArray, the method returns the DistArray of them; when all return nothing, null; when
   * exactly one returns something, that; otherwise an array of what each has returned.
   *
   *     const ctx = new Context().register({ localDouble: (part: LocalArray) => … });
   *     ctx.localDouble(a)
   *
   * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} for names that begin with `_`, or that the context has
   * @throws {@link CaptureError} for a function that uses what is not sent with it
   */
  register<Functions extends Record<string, (...args: never[]) => unknown>>(
    functions: Functions,
    options: RegisterOptions = {},
  ): this & Registered<Functions> {
    checkOptions(options, REGISTER_OPTIONS, '{ capture: { k } }');
    for (const [name, fn] of Object.entries(functions)) {
      const isFree = !name.startsWith('_') && !(name in this);
      if (!isFree) {
        throw new ArgumentTypeError('functions', 'names that no member has or begin with _', name);
      }
      if (typeof fn !== 'function')
        throw new ArgumentTypeError(`functions.${name}`, 'a function', fn);
    }
    const made = Object.entries(functions).map(([name, fn]) => {
      const sent = shipped(this, fn, options.capture, `functions.${name}`);
      return [name, new RegisteredFunction(sent, this.#registered++)] as const;
    });
    for (const [name, fn] of made) {
      const value = (...args: unknown[]) => fn.call(this, args);
      Object.defineProperty(this, name, { value, enumerable: true });
    }
    return this as this & Registered<Functions>;
  }

  /**
   * Returns whether |a − b| ≤ atol + rtol · |b| everywhere (`numpy.allclose`).
   * @remarks Collective; the same on every process.
   */
  allclose(
    a: DistArray<Dtype>,
    b: DistArray<Dtype> | number,
    options: AllcloseOptions = {},
  ): boolean {
    this.checkOwn(a);
    return allclose(a, b, options);
  }

  /**
   * Prints values on the standard output, once for the job: arrays as NumPy shows them, other values as `console.log`
   * does.
   * @remarks Collective.
   */
  print(...values: unknown[]): void {
    const shown = values.map((value) => (value instanceof DistArray ? value.toString() : value));
    if (this.isRoot) console.log(...shown);
  }

  /**
   * Calls a function on the process that speaks for the job ({@link Context.isRoot}), and returns on all what it has returned.
   *
   *     const directory = ctx.onRoot(() => mkdtempSync('/scratch/run-'));
   *
   * @param work - returns what JSON keeps, or nothing
   * @remarks Collective. A client calls it itself.
   * @throws on every process alike what the function throws
   */
  onRoot<T>(work: () => T): T {
    const told = this.session.tellAll(() => JSON.stringify(work()) ?? '', 0);
    return (told === '' ? undefined : JSON.parse(told)) as T;
  }

  /**
   * Waits until all processes have come here, and engines have done what they were told before: for clocks, and for what
   * other programs look at. Functions of elements may still wait until something needs their results.
   * @remarks Collective.
   */
  barrier(): void {
    this.session.evaluate(barrierOperation, [], null);
  }

  /** @throws {@link ContextError} for an array of another context. @internal */
  checkOwn(array: DistArray<Dtype>): void {
    if (!(array instanceof DistArray)) throw new ArgumentTypeError('array', 'a DistArray', array);
    if (array.context !== this) throw otherContext(this, array.context);
  }

  /** What the names of objects and functions begin with that processes keep for this context. @internal */
  get scope(): number {
    this.#scope ??= this.session.evaluate(openScopeOperation, [], null);
    return this.#scope;
  }

  override close(): void {
    if (!this.isClosed && this.#scope !== null && !this.session.areProcessesGone) {
      this.session.evaluate(closeScopeOperation, [], { scope: this.#scope });
    }
    super.close();
  }

  #applied(fn: unknown, args: readonly unknown[], options: ApplyOptions): FunctionCall {
    checkOptions(options, APPLY_OPTIONS, '{ targets: [0] }');
    const { targets, capture, autoproxyize: keepsArrays = false } = options;
    if (typeof keepsArrays !== 'boolean') {
      throw new ArgumentTypeError('options.autoproxyize', 'a boolean', keepsArrays);
    }
    return { fn: shipped(this, fn, capture), args, targets, keepsArrays };
  }
}

refuseInstances(Context, 'data, which a context is not');

export interface Context
  extends FileMethods,
    CheckpointMethods,
    LazyFileMethods,
    NamedValueMethods,
    PlainFileMethods {}
