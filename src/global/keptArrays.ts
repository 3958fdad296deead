/** Local arrays that processes keep behind proxies as distributed ones. */
import { isDeepStrictEqual } from 'node:util';
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { inGridOrder } from '../maps/dimDataPerRank.ts';
import { Distribution } from '../maps/distribution.ts';
import { arrayOfParts, describeParts, type PartMeta } from '../ops/functions/arrayOfParts.ts';
import type { ValueProxy } from '../ops/functions/proxy.ts';
import type { Context } from './context.ts';
import { DistArray } from './distArray.ts';

/** A part of an array, and the process that has it. */
export interface KeptPart {
  readonly target: number;
  readonly part: PartMeta;
}

/** Returns the array of the local arrays behind a proxy; see `Context.fromLocalArrays`. */
export function arrayOfProxy(context: Context, { name }: ValueProxy): DistArray {
  const all = context.session.evaluate(describeParts, [], { name });
  const parts = all.flatMap((part, target) => (part === null ? [] : [{ target, part }]));
  if (parts.length === 0) {
    throw new ArgumentRangeError('local', 'a proxy of arrays that are still there', name);
  }
  return arrayOfKept(context, name, parts, { argument: 'local', forget: false });
}

/**
 * Returns the array of parts that processes keep under a name.
 * @param like - an array that it may lie like
 */
export function arrayOfKept(
  context: Context,
  name: string,
  parts: readonly KeptPart[],
  options: { readonly argument: string; readonly forget: boolean; readonly like?: DistArray },
): DistArray {
  const { argument, forget, like } = options;
  const { dtype } = parts[0].part;
  const other = parts.find(({ part }) => part.dtype !== dtype);
  if (other !== undefined) {
    throw new ArgumentTypeError(argument, `parts of dtype ${dtype}`, other.part.dtype);
  }
  const distribution = distributionOf(parts, like?.distribution);
  context.checkDistribution(distribution, argument);
  const handle = context.session.execute(arrayOfParts, [], { name, dtype, distribution, forget });
  return new DistArray(context, handle);
}

function distributionOf(parts: readonly KeptPart[], like: Distribution | undefined): Distribution {
  if (like !== undefined && isAsSaid(like, parts)) return like;
  const [{ part }] = parts;
  const targets = parts.map(({ target }) => target);
  if (part.isReplicated) return Distribution.replicated(part.shape, { targets });
  const dicts = parts.map(({ part: { dimData } }) => dimData);
  return Distribution.fromDimDataPerRank(dicts).onTargets(inGridOrder(dicts, targets));
}

/** Whether a distribution is the one that the processes have told of. */
function isAsSaid(distribution: Distribution, parts: readonly KeptPart[]): boolean {
  if (distribution.numProcesses !== parts.length) return false;
  return parts.every(({ target, part }) => {
    const rank = distribution.targets.indexOf(target);
    if (rank < 0 || distribution.isReplicated !== part.isReplicated) return false;
    if (!isDeepStrictEqual([...distribution.shape], [...part.shape])) return false;
    // What others have of an unstructured dimension is not always known here.
    if (distribution.maps.some(({ dist }) => dist === 'u')) return false;
    return isDeepStrictEqual([...distribution.dimData(rank)], [...part.dimData]);
  });
}
