/** Communicators of the processes that a reduction over some axes brings together. */
import type { Distribution } from '../../maps/distribution.ts';
import { createKeyval, type Keyval } from '../../mpi/attributes.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { UNDEFINED } from '../../mpi/environment.ts';
import { untrack } from '../../mpi/leaks.ts';

/** Most communicators that are kept with a communicator; the one that was used longest ago goes first. */
const MOST_KEPT = 64;

type Groups = Map<string, Comm>;

const groupsKey: Keyval<Groups> = createKeyval<Groups>({
  delete: (groups) => groups.forEach(release),
});

/**
 * Returns the communicator of the processes of a distribution that differ from this one only in their
 * coordinates along some axes, in the order of these; null on processes that are none of its.
 *
 * @remarks Collective over `comm` when it is made: all calls are in the same order on all ranks, so all
 * make it, or none. It is kept with `comm` and freed with it.
 */
export function axisGroup(
  comm: Comm,
  distribution: Distribution,
  axes: readonly number[],
): Comm | null {
  const { gridShape } = distribution;
  const key = `${gridShape.join()} ${distribution.targetsKey} ${axes.join()}`;
  let groups = comm.getAttr(groupsKey);
  if (groups === undefined) {
    groups = new Map();
    comm.setAttr(groupsKey, groups);
  }
  let group = groups.get(key);
  if (group === undefined) {
    if (groups.size === MOST_KEPT) forgetOldest(groups);
    const rank = distribution.rankOfTarget(comm.rank);
    if (rank < 0) group = comm.split(UNDEFINED);
    else {
      const coords = distribution.coordsFromRank(rank);
      let color = 0;
      let order = 0;
      coords.forEach((coord, axis) => {
        if (axes.includes(axis)) order = order * gridShape[axis] + coord;
        else color = color * gridShape[axis] + coord;
      });
      group = comm.split(color, { key: order });
    }
    untrack(group.handle);
  } else groups.delete(key);
  // The last one now: an operation may use two.
  groups.set(key, group);
  return group.isNull ? null : group;
}

function forgetOldest(groups: Groups): void {
  const [key, group] = groups.entries().next().value as [string, Comm];
  groups.delete(key);
  release(group);
}

function release(group: Comm): void {
  if (!group.isNull) group.free();
}
