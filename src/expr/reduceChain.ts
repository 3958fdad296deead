/** Reductions of chains that wait: what is only reduced is never in memory as a whole. */
import type { LocalArray } from '../local/localArray.ts';
import { type ReduceParams, reduceOperation } from '../ops/reduce/reduceOperations.ts';
import type { Link } from './chain.ts';
import { isFused, reduceOperands } from './evaluateReduced.ts';
import type { Visit } from './operands.ts';

/** Links that have been reduced before: one that is read again is worth its memory. */
const reduced = new WeakSet<Link>();

/**
 * Reduces a link that waits, and lets it wait on; null for one that is better computed first.
 *
 * @remarks Collective, with the messages of the reduction of an array in memory, and its bits: other processes may have
 * the link computed.
 * @throws as the reduction
 */
export function reduceWaiting(link: Link, params: ReduceParams): LocalArray | null {
  const { name, hasOut, hasWhere, initial, ...options } = params;
  const isPlain = !hasOut && !hasWhere && initial === undefined;
  if (!isPlain || reduced.has(link) || link.readers.length > 0) return null;
  if (!isFused(link.distribution, name)) return null;
  const { comm } = link;
  reduceOperation.infer([link], params, comm.size);
  reduced.add(link);
  const { plan, arrays } = link.planned();
  const operands = {
    forBoxes: (shape: readonly number[] | null, visit: Visit) => {
      if (shape !== null)
        visit(
          arrays.map((array) => array.readView()),
          null,
        );
    },
  };
  return reduceOperands({ meta: link, plan, comm, operands }, name, options);
}
