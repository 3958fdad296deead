/** Contexts: the processes that arrays are spread over, and the ways to make arrays there. */
import type { Dtype } from '../dtype/dtype.ts';
import { ArgumentTypeError } from '../errors.ts';
import { Targets } from '../maps/targets.ts';
import { applyFunction, type Returned } from '../ops/applyFunction.ts';
import { type Capture, shippedFunction } from '../ops/shippedFunction.ts';
import { checkOptions, optionNames } from '../options.ts';
import { type AllcloseOptions, allclose } from './allclose.ts';
import { type ArrayArguments, separateArrays } from './arrayArguments.ts';
import type { CheckpointMethods } from './checkpoints.ts';
import type { ContextOptions } from './contextBase.ts';
import { ContextCreation } from './contextCreation.ts';
import { DistArray } from './distArray.ts';
import type { FileMethods } from './files.ts';
import { otherContext } from './isDistArray.ts';
import type { LazyFileMethods } from './lazy/openFiles.ts';
import type { PlainFileMethods } from './plainFiles.ts';
import { ContextRandom } from './random.ts';
import { callRegistered, type Registered } from './register.ts';

/** Options of {@link Context.apply}. */
export interface ApplyOptions {
  /** The processes that call the function, in any order; default those of the first array, or all. */
  readonly targets?: readonly number[];
  /**
   * What the function uses from around it. When given, even as `{}`, the function gets nothing else of the program: as
   * it would where the program does not run. Without it, arguments are the way that works everywhere.
   */
  readonly capture?: Capture;
}

const APPLY_OPTIONS = optionNames<ApplyOptions>({ targets: true, capture: true });

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
   * @param fn - gets the arguments; LocalArrays in the place of DistArrays
   * @param args - values, and DistArrays, also in an object of options
   * @remarks Collective. What is returned must be data: numbers, strings, arrays, plain objects, typed arrays.
   * @throws {@link DistArrayError} on every process alike when the function throws on one
   * @throws {@link ContextError} for an array of another context
   */
  apply<Args extends readonly unknown[], R>(
    fn: (...args: ArrayArguments<Args>) => R,
    args: readonly [...Args] = [] as unknown as [...Args],
    options: ApplyOptions = {},
  ): R[] {
    const returned = this.callOnTargets(() => {
      checkOptions(options, APPLY_OPTIONS, '{ targets: [0] }');
      const { targets, capture } = options;
      const shipped = shippedFunction(fn, capture, 'fn');
      return { fn: shipped as (...all: never[]) => unknown, args, targets };
    });
    return returned.map((one) => {
      if (one.kind === 'value') return one.value as R;
      throw new ArgumentTypeError(
        'fn',
        'a function that returns data (see register())',
        'LocalArray',
      );
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
   */
  register<Functions extends Record<string, (...args: never[]) => unknown>>(
    functions: Functions,
  ): this & Registered<Functions> {
    for (const [name, fn] of Object.entries(functions)) {
      const isFree = !name.startsWith('_') && !(name in this);
      if (!isFree) {
        throw new ArgumentTypeError('functions', 'names that no member has or begin with _', name);
      }
      if (typeof fn !== 'function')
        throw new ArgumentTypeError(`functions.${name}`, 'a function', fn);
    }
    for (const [name, fn] of Object.entries(functions)) {
      const value = (...args: unknown[]) => callRegistered(this, fn, args);
      Object.defineProperty(this, name, { value, enumerable: true });
    }
    return this as this & Registered<Functions>;
  }

  /**
   * Calls a function on targets; see {@link Context.apply}.
   * @param prepare - returns the call, or throws what is wrong with it, which all processes are told
   * @internal
   */
  callOnTargets(prepare: () => TargetCall): Returned[] {
    const call = () => {
      const { fn, args, targets } = prepare();
      if (!Array.isArray(args)) throw new ArgumentTypeError('args', 'an array of arguments', args);
      const { arrays, rest } = separateArrays(args);
      for (const array of arrays) this.checkOwn(array);
      const given = targets === undefined ? undefined : Targets.someOf(targets, 'options.targets');
      const callers = given?.toArray() ?? arrays[0]?.targets ?? this.targets;
      const handles = arrays.map(({ handle }) => handle);
      return { handles, fn, args: rest, targets: [...callers].sort((a, b) => a - b) };
    };
    const { session } = this;
    const { handles, ...params } = orFailing(call, session.size);
    return session.evaluate(applyFunction, handles, params);
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

  /** @throws {@link ContextError} for an array of another context. @internal */
  checkOwn(array: DistArray<Dtype>): void {
    if (!(array instanceof DistArray)) throw new ArgumentTypeError('array', 'a DistArray', array);
    if (array.context !== this) throw otherContext(this, array.context);
  }
}

/** A function that is to be called next to the data. */
interface TargetCall {
  readonly fn: (...args: never[]) => unknown;
  readonly args: readonly unknown[];
  readonly targets?: readonly number[];
}

/** A call, or one that throws what is wrong with it, where the processes tell each other what they have thrown. */
function orFailing<Call>(make: () => Call, size: number) {
  try {
    return make();
  } catch (error) {
    const fn = (): never => {
      throw error;
    };
    return { handles: [], fn, args: [], targets: Array.from({ length: size }, (_, k) => k) };
  }
}

export interface Context
  extends FileMethods,
    CheckpointMethods,
    LazyFileMethods,
    PlainFileMethods {}
