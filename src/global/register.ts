/** Functions of local arrays as methods of a context. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { LocalArray } from '../local/localArray.ts';
import { inGridOrder } from '../maps/dimDataPerRank.ts';
import { Distribution } from '../maps/distribution.ts';
import { coincide } from '../ops/align.ts';
import type { Returned } from '../ops/applyFunction.ts';
import { type DistributedArguments, separateArrays } from './arrayArguments.ts';
import type { Context } from './context.ts';
import type { DistArray } from './distArray.ts';

/** What a registered function returns. */
type RegisteredResult<R> = [R] extends [LocalArray<infer D>]
  ? DistArray<D>
  : // biome-ignore lint/suspicious/noConfusingVoidType: functions without a result return it
    [R] extends [undefined | null | void]
    ? null
    : R | R[];

/** The methods that functions become. */
export type Registered<Functions> = {
  [Name in keyof Functions]: Functions[Name] extends (...args: infer Args) => infer R
    ? (...args: DistributedArguments<Args>) => RegisteredResult<R>
    : never;
};

/** Calls a registered function with arrays; see `Context.register`. */
export function callRegistered(
  context: Context,
  fn: (...args: never[]) => unknown,
  args: readonly unknown[],
): unknown {
  const { arrays } = separateArrays(args);
  const [first, ...others] = arrays;
  const returned = context.callOnTargets(() => {
    if (first === undefined) {
      throw new ArgumentTypeError('arguments', 'at least one DistArray', 'none');
    }
    for (const array of arrays) context.checkOwn(array);
    const stranger = others.find(({ distribution }) => !coincide(first.distribution, distribution));
    if (stranger !== undefined) {
      const expected = `arrays that are distributed as the first one, ${first.distribution}`;
      throw new ArgumentRangeError('arguments', expected, String(stranger.distribution));
    }
    return { fn, args, targets: first.targets };
  });
  return combined(context, returned, first);
}

function combined(context: Context, returned: readonly Returned[], like: DistArray): unknown {
  const arrays = returned.filter((one) => one.kind === 'array');
  if (arrays.length === returned.length) return arrayOf(context, arrays, like);
  if (arrays.length > 0) {
    throw new ArgumentTypeError('fn', 'a LocalArray from all processes, or from none', 'both');
  }
  const values = returned.map((one) => (one.kind === 'value' ? one.value : null));
  const something = values.filter((value) => value !== undefined && value !== null);
  if (something.length === 0) return null;
  return something.length === 1 ? something[0] : values;
}

/** The array of the parts that the targets have returned. */
function arrayOf(
  context: Context,
  parts: readonly Extract<Returned, { kind: 'array' }>[],
  like: DistArray,
): DistArray {
  const [{ dtype }] = parts;
  const other = parts.find((part) => part.dtype !== dtype);
  if (other !== undefined)
    throw new ArgumentTypeError('fn', `parts of dtype ${dtype}`, other.dtype);
  const own = parts.find(({ local }) => local !== null)?.local;
  return context.fromLocalArrays(own ?? strangersPart(context, parts, like));
}

/** What a process has of the array that holds nothing of it. */
function strangersPart(
  { comm }: Context,
  parts: readonly Extract<Returned, { kind: 'array' }>[],
  { targets }: DistArray,
): LocalArray {
  const dicts = parts.map(({ dimData }) => dimData);
  // The parts are in ascending order of their processes.
  const callers = [...targets].sort((a, b) => a - b);
  const distribution = Distribution.fromDimDataPerRank(dicts);
  const inOrder = inGridOrder(dicts, callers);
  return new LocalArray(distribution.onTargets(inOrder), { dtype: parts[0].dtype, comm });
}
