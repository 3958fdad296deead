/** Functions of local arrays as methods of a context. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import type { LocalArray } from '../local/localArray.ts';
import { coincide } from '../ops/align.ts';
import type { Returned } from '../ops/applyFunction.ts';
import { deleteValues, keepFunction } from '../ops/functions/namedValues.ts';
import { registeredKey } from '../ops/functions/namespace.ts';
import type { ShippedFunction } from '../ops/shippedFunction.ts';
import { type DistributedArguments, separateArrays } from './arrayArguments.ts';
import type { Context } from './context.ts';
import type { DistArray } from './distArray.ts';
import { arrayOfKept } from './keptArrays.ts';
import { callFunction } from './targetCalls.ts';

/** What a registered function returns; one that returns a promise is waited for where a client has engines. */
type RegisteredResult<R> = [Awaited<R>] extends [LocalArray<infer D>]
  ? DistArray<D>
  : // biome-ignore lint/suspicious/noConfusingVoidType: functions without a result return it
    [Awaited<R>] extends [undefined | null | void]
    ? null
    : Awaited<R> | Awaited<R>[];

/** The methods that functions become. */
export type Registered<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...args: infer Args) => infer R
    ? (...args: DistributedArguments<Args>) => RegisteredResult<R>
    : never;
};

/** A function as a method of a context: the processes that call it are sent it once. */
export class RegisteredFunction {
  readonly #fn: ShippedFunction;
  readonly #index: number;
  #kept: ShippedFunction | null = null;

  /** @param index - its number in the context */
  constructor(fn: ShippedFunction, index: number) {
    this.#fn = fn;
    this.#index = index;
  }

  /** Calls it with arrays; see `Context.register`. */
  call(context: Context, args: readonly unknown[]): unknown {
    const { arrays } = separateArrays(args);
    const [first, ...others] = arrays;
    const fn = this.#keptBy(context);
    const returned = callFunction(context, () => {
      if (first === undefined) {
        throw new ArgumentTypeError('arguments', 'at least one DistArray', 'none');
      }
      for (const array of arrays) context.checkOwn(array);
      const stranger = others.find(
        ({ distribution }) => !coincide(first.distribution, distribution),
      );
      if (stranger !== undefined) {
        const expected = `arrays that are distributed as the first one, ${first.distribution}`;
        throw new ArgumentRangeError('arguments', expected, String(stranger.distribution));
      }
      return { fn, args, targets: first.targets, keepsArrays: true };
    });
    return combined(context, returned, first);
  }

  #keptBy(context: Context): ShippedFunction {
    if (this.#kept === null) {
      const key = registeredKey(context.scope, this.#index);
      context.session.evaluate(keepFunction, [], { key, fn: this.#fn });
      this.#kept = this.#fn.keptAs(key);
    }
    return this.#kept;
  }
}

function combined(context: Context, returned: readonly Returned[], like: DistArray): unknown {
  // The parts are in ascending order of their processes.
  const callers = [...like.targets].sort((a, b) => a - b);
  const parts = returned.flatMap((one, k) =>
    one.kind === 'array' ? [{ target: callers[k], part: one.part, name: one.proxy.name }] : [],
  );
  if (parts.length > 0) {
    const [{ name }] = parts;
    try {
      if (parts.length === returned.length) {
        return arrayOfKept(context, name, parts, { argument: 'fn', forget: true, like });
      }
      throw new ArgumentTypeError('fn', 'a LocalArray from all processes, or from none', 'both');
    } catch (error) {
      context.session.evaluate(deleteValues, [], {
        names: [name],
        targets: callers,
        ifThere: true,
      });
      throw error;
    }
  }
  const values = returned.map((one) => (one.kind === 'value' ? one.value : null));
  const something = values.filter((value) => value !== undefined && value !== null);
  if (something.length === 0) return null;
  return something.length === 1 ? something[0] : values;
}
