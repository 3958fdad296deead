import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const everybody = Array.from({ length: size }, (_, r) => r);

/** Ranks in the world of a group's processes. */
function members(group: MPI.Group): number[] {
  using all = world.group;
  return group.translateRanks([...Array(group.size).keys()], all);
}

describe('a group', () => {
  it('has the ranks of its communicator', () => {
    using group = world.group;
    assert.equal(group.size, size);
    assert.equal(group.rank, rank);
    assert.deepEqual(members(group), everybody);
  });

  it('can be chosen by ranks, in any order', () => {
    using all = world.group;
    const reversed = [...everybody].reverse();
    using backward = all.incl(reversed);
    assert.deepEqual(members(backward), reversed);
    assert.equal(backward.rank, size - 1 - rank);
    using others = all.excl([0]);
    assert.deepEqual(members(others), everybody.slice(1));
    assert.equal(others.rank, rank === 0 ? MPI.UNDEFINED : rank - 1);
  });

  it('can be chosen by ranges', () => {
    using all = world.group;
    using even = all.rangeIncl([[0, size - 1, 2]]);
    assert.deepEqual(
      members(even),
      everybody.filter((r) => r % 2 === 0),
    );
    using backward = all.rangeIncl([[size - 1, 0, -1]]);
    assert.deepEqual(members(backward), [...everybody].reverse());
    using odd = all.rangeExcl([[0, size - 1, 2]]);
    assert.deepEqual(
      members(odd),
      everybody.filter((r) => r % 2 === 1),
    );
    using last = all.rangeIncl([[size - 1, size - 1]]);
    assert.deepEqual(members(last), [size - 1]);
  });

  it('unites, intersects and subtracts', () => {
    using all = world.group;
    using first = all.incl(everybody.slice(0, Math.ceil(size / 2)));
    using second = all.incl([...everybody.slice(Math.floor(size / 2))].reverse());
    const a = members(first);
    const b = members(second);
    using both = first.union(second);
    assert.deepEqual(members(both), [...a, ...b.filter((r) => !a.includes(r))]);
    using common = first.intersection(second);
    assert.deepEqual(
      members(common),
      a.filter((r) => b.includes(r)),
    );
    using only = first.difference(second);
    assert.deepEqual(
      members(only),
      a.filter((r) => !b.includes(r)),
    );
  });

  it('translates ranks', () => {
    using all = world.group;
    using backward = all.incl([...everybody].reverse());
    assert.deepEqual(all.translateRanks(everybody, backward), [...everybody].reverse());
    assert.deepEqual(all.translateRanks([0, MPI.PROC_NULL], MPI.GROUP_EMPTY), [
      MPI.UNDEFINED,
      MPI.PROC_NULL,
    ]);
  });

  it('compares with others', () => {
    using all = world.group;
    using again = world.group;
    using backward = all.incl([...everybody].reverse());
    assert.equal(all.compare(again), 'identical');
    assert.equal(all.compare(backward), size === 1 ? 'identical' : 'similar');
    assert.equal(all.compare(MPI.GROUP_EMPTY), 'unequal');
  });

  it('may be empty', () => {
    using all = world.group;
    using none = all.incl([]);
    assert.equal(none.size, 0);
    assert.equal(none.compare(MPI.GROUP_EMPTY), 'identical');
    assert.equal(MPI.GROUP_EMPTY.rank, MPI.UNDEFINED);
    assert.throws(() => MPI.GROUP_EMPTY.free(), { class: 'MPI_ERR_GROUP' });
    none.free();
    assert.equal(MPI.GROUP_EMPTY.size, 0);
  });

  it('refuses ranks that it does not have or has twice', () => {
    using all = world.group;
    assert.throws(() => all.incl([size]), { argument: 'ranks[0]' });
    assert.throws(() => all.excl([0, 0]), { argument: 'ranks' });
    assert.throws(() => all.rangeIncl([[0, size]]), { argument: 'ranges[0][1]' });
    assert.throws(() => all.rangeIncl([[0, 0, 0]]), { argument: 'ranges[0]' });
    assert.throws(
      () =>
        all.rangeIncl([
          [0, 0],
          [0, 0],
        ]),
      { argument: 'ranges' },
    );
    assert.throws(() => all.translateRanks([-5], all), { argument: 'ranks[0]' });
    assert.throws(() => all.union(world as unknown as MPI.Group), { argument: 'other' });
  });

  it('is MPI_ERR_GROUP when freed', () => {
    const group = world.group;
    using other = world.group;
    group.free();
    assert.ok(group.isNull);
    assert.throws(() => group.size, { class: 'MPI_ERR_GROUP' });
    assert.throws(() => group.incl([]), { class: 'MPI_ERR_GROUP' });
    assert.throws(() => other.union(group), { class: 'MPI_ERR_GROUP' });
    assert.throws(() => world.create(group), { class: 'MPI_ERR_GROUP' });
    assert.throws(() => group.free(), { class: 'MPI_ERR_GROUP' });
    group[Symbol.dispose]();
  });

  it('outlives its communicator', () => {
    const copy = world.dup();
    using group = copy.group;
    copy.free();
    assert.deepEqual(members(group), everybody);
  });
});
