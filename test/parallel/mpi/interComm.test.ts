// ranks: 2-5
import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

// The ranks below and those from `middle` on are the two sides.
const middle = Math.floor(size / 2);
const isLow = rank < middle;
const local = world.split(isLow ? 0 : 1);
const ownRanks = isLow ? [0, middle] : [middle, size];
const otherRanks = isLow ? [middle, size] : [0, middle];
const inter = connectSides();

/** Ranks in the world of a side. */
function range([first, end]: readonly number[]): number[] {
  return Array.from({ length: end - first }, (_, k) => first + k);
}

function connectSides(): MPI.InterComm {
  return local.createIntercomm(0, local.rank === 0 ? world : null, isLow ? middle : 0, { tag: 5 });
}

/** What each side gives as root when the root is the low side's rank 0. */
const lowRoot = isLow ? (local.rank === 0 ? MPI.ROOT : MPI.PROC_NULL) : 0;

afterEach(() => world.barrier());
after(() => {
  inter.free();
  local.free();
});

describe('an intercommunicator', () => {
  it('has two groups', () => {
    assert.ok(inter instanceof MPI.InterComm);
    assert.equal(inter.rank, local.rank);
    assert.equal(inter.size, ownRanks[1] - ownRanks[0]);
    assert.equal(inter.remoteSize, otherRanks[1] - otherRanks[0]);
    using all = world.group;
    using own = inter.group;
    using remote = inter.remoteGroup;
    const translate = (group: MPI.Group) =>
      group.translateRanks([...Array(group.size).keys()], all);
    assert.deepEqual(translate(own), range(ownRanks));
    assert.deepEqual(translate(remote), range(otherRanks));
    assert.match(String(inter), /^InterComm\(rank \d of \d, remote size \d\)$/);
  });

  it('sends to the other side', () => {
    const partner = local.rank % inter.remoteSize;
    const sent = inter.isend(Int32Array.of(rank), partner, { tag: 1 });
    const senders = range(otherRanks).filter((_, k) => k % inter.size === local.rank);
    for (const sender of senders) {
      const into = new Int32Array(1);
      const status = inter.recv(into, sender - otherRanks[0], { tag: 1 });
      assert.equal(into[0], sender);
      assert.equal(status.source, sender - otherRanks[0]);
    }
    sent.wait();
    const buffer = new Int32Array(1);
    assert.throws(() => inter.send(buffer, inter.remoteSize), { argument: 'dest' });
    inter.send(buffer, MPI.PROC_NULL);
  });

  it('can be merged', () => {
    using merged = inter.merge(isLow);
    assert.ok(merged instanceof MPI.Comm);
    assert.equal(merged.size, size);
    assert.equal(merged.rank, isLow ? size - middle + rank : rank - middle);
    assert.equal(merged.allreduce(1), size);
    assert.throws(() => merged.send(new Uint8Array(1), 0, { tag: -1 }), {
      argument: 'options.tag',
    });
  });

  it('can be duplicated, compared and named', () => {
    using copy = inter.dup();
    assert.ok(copy instanceof MPI.InterComm);
    assert.equal(copy.remoteSize, inter.remoteSize);
    assert.equal(copy.compare(inter), 'congruent');
    assert.equal(inter.compare(inter), 'identical');
    copy.name = 'bridge';
    assert.equal(copy.name, 'bridge');
    const same = MPI.Comm.fromFortran(copy.toFortran());
    assert.ok(same instanceof MPI.InterComm);
    assert.equal(same.remoteSize, inter.remoteSize);
  });

  it('is MPI_ERR_COMM when freed', () => {
    const copy = inter.dup();
    copy.free();
    assert.throws(() => copy.remoteSize, { class: 'MPI_ERR_COMM' });
    assert.throws(() => copy.remoteGroup, { class: 'MPI_ERR_COMM' });
    assert.throws(() => copy.merge(true), { class: 'MPI_ERR_COMM' });
    assert.throws(() => copy.bcast(new Uint8Array(1)), { class: 'MPI_ERR_COMM' });
  });

  it('needs leaders that exist', () => {
    assert.throws(() => local.createIntercomm(local.size, world, 0), { argument: 'localLeader' });
    if (local.rank !== 0) return;
    assert.throws(() => local.createIntercomm(0, null, 0), { argument: 'peerComm' });
    assert.throws(() => local.createIntercomm(0, world, size), { argument: 'remoteLeader' });
  });
});

describe('collectives between two groups', () => {
  it('with a root go from or to the other group', () => {
    const data = Int32Array.from([rank, 7]);
    const before = [...data];
    inter.bcast(lowRoot === MPI.PROC_NULL ? null : data, { root: lowRoot });
    assert.deepEqual([...data], isLow ? before : [0, 7]);

    const isRoot = lowRoot === MPI.ROOT;
    const high = range([middle, size]);
    const gathered = isRoot ? new Int32Array(high.length) : null;
    inter.gather(isLow ? null : Int32Array.of(rank), gathered, { root: lowRoot });
    if (gathered) assert.deepEqual([...gathered], high);

    const total = isRoot ? new Float64Array(1) : null;
    inter.reduce(isLow ? null : Float64Array.of(rank), total, { root: lowRoot });
    if (total) assert.equal(total[0], sum(high));
    const value = inter.reduce(isLow ? 1000 : rank, { root: lowRoot });
    assert.equal(value, isRoot ? sum(high) : undefined);

    const block = isLow ? null : new Int32Array(1);
    const blocks = isRoot ? Int32Array.from(high, (r) => 10 * r) : null;
    inter.scatter(blocks, block, { root: lowRoot });
    if (block) assert.equal(block[0], 10 * rank);
  });

  it('take counts', () => {
    const high = range([middle, size]);
    const counts = high.map((_, k) => k + 1);
    const isRoot = lowRoot === MPI.ROOT;
    const mine = new Int32Array(isLow ? 0 : local.rank + 1).fill(rank);
    const expected = high.flatMap((r, k) => Array(k + 1).fill(r));
    const gathered = isRoot ? new Int32Array(sum(counts)) : null;
    inter.gather(isLow ? null : mine, gathered, { root: lowRoot, counts });
    if (gathered) assert.deepEqual([...gathered], expected);
    const into = isLow ? null : new Int32Array(local.rank + 1);
    inter.scatter(gathered, into, { root: lowRoot, counts });
    if (into) assert.deepEqual([...into], [...mine]);
  });

  it('without a root give each group what the other has', () => {
    const others = range(otherRanks);
    inter.barrier();
    assert.equal(inter.allreduce(rank), sum(others));
    const gathered = new Int32Array(others.length);
    inter.allgather(Int32Array.of(rank), gathered);
    assert.deepEqual([...gathered], others);

    const toOthers = Int32Array.from(others, (other) => 100 * rank + other);
    const exchanged = new Int32Array(others.length);
    inter.alltoall(toOthers, exchanged);
    assert.deepEqual(
      [...exchanged],
      others.map((other) => 100 * other + rank),
    );
    const ones = others.map(() => 1);
    exchanged.fill(-1);
    inter.alltoall(toOthers, exchanged, { sendCounts: ones, recvCounts: ones });
    assert.deepEqual(
      [...exchanged],
      others.map((other) => 100 * other + rank),
    );
  });

  it('can be started and awaited', async () => {
    assert.equal(await inter.iallreduce(1), inter.remoteSize);
    const data = Int32Array.of(rank);
    await inter.ibcast(lowRoot === MPI.PROC_NULL ? Int32Array.of(0) : data, { root: lowRoot });
    if (!isLow) assert.equal(data[0], 0);
  });

  it('refuse what has no meaning between two groups', () => {
    assert.throws(() => inter.scan(), { class: 'MPI_ERR_COMM' });
    assert.throws(() => inter.exscan(), { class: 'MPI_ERR_COMM' });
    const one = new Int32Array(1);
    assert.throws(() => inter.allgather(MPI.IN_PLACE, one), { argument: 'sendbuf' });
    assert.throws(() => inter.bcast(one, { root: inter.remoteSize }), { argument: 'options.root' });
    assert.throws(() => inter.gather(one, null, { root: MPI.ROOT }), { argument: 'recvbuf' });
    assert.throws(() => inter.bcast(null), { argument: 'buffer' });
  });
});

describe('parts of an intercommunicator', () => {
  it('can be split off by color, on both sides', () => {
    const part = inter.split(0, { key: -inter.rank });
    assert.deepEqual([part.size, part.remoteSize], [inter.size, inter.remoteSize]);
    assert.equal(part.rank, inter.size - 1 - inter.rank);
    part.free();
    const first = inter.split(inter.rank === 0 ? 0 : MPI.UNDEFINED);
    assert.equal(first.isNull, inter.rank !== 0);
    if (first.isNull) {
      assert.throws(() => first.barrier(), { class: 'MPI_ERR_COMM' });
    } else {
      const into = new Int32Array(1);
      first.sendrecv(Int32Array.of(rank), 0, into, 0);
      assert.equal(into[0], otherRanks[0]);
      first.free();
    }
    // Nobody on the other side has this color.
    assert.ok(inter.split(isLow ? 1 : 2).isNull);
  });

  it('can be made of groups', () => {
    using own = inter.group;
    using first = own.incl([0]);
    const part = inter.create(first);
    assert.equal(part.isNull, inter.rank !== 0);
    if (part.isNull) return;
    assert.deepEqual([part.size, part.remoteSize], [1, 1]);
    part.free();
  });
});

describe('values between two groups', () => {
  const others = range(otherRanks);

  it('go from or to the root', () => {
    const root = { root: lowRoot };
    const told = inter.bcastObject({ from: rank, data: new Float64Array(1000).fill(rank) }, root);
    if (!isLow) assert.deepEqual([told!.from, told!.data[999]], [0, 0]);
    else assert.equal(told === undefined, lowRoot === MPI.PROC_NULL);
    const gathered = inter.gatherObjects({ from: rank }, root);
    if (lowRoot !== MPI.ROOT) assert.equal(gathered, undefined);
    else
      assert.deepEqual(
        gathered,
        others.map((from) => ({ from })),
      );
    const given = lowRoot === MPI.ROOT ? others.map((to) => ({ to })) : null;
    const got = inter.scatterObjects(given, root);
    assert.deepEqual(got, isLow ? undefined : { to: rank });
    const longest = inter.reduceObjects([rank], (a, b) => [...a, ...b], root);
    assert.deepEqual(longest, lowRoot === MPI.ROOT ? others : undefined);
  });

  it('are what the other group has', () => {
    assert.deepEqual(
      inter.allgatherObjects({ rank }),
      others.map((other) => ({ rank: other })),
    );
    assert.deepEqual(
      inter.alltoallObjects(others.map((to) => [rank, to])),
      others.map((from) => [from, rank]),
    );
    assert.deepEqual(
      inter.allreduceObjects([rank], (a, b) => [...a, ...b]),
      others,
    );
  });

  it('fail on every rank that waits for one that cannot be sent', () => {
    const root = { root: lowRoot };
    const broadcast = () => inter.bcastObject(() => 1, root);
    if (lowRoot === MPI.PROC_NULL) broadcast();
    else assert.throws(broadcast, { code: 'ERR_ARGUMENT_TYPE' });
    const exchange = () => inter.allgatherObjects(isLow ? Symbol('no') : 1);
    if (isLow) assert.throws(exchange, { argument: 'value' });
    else assert.throws(exchange, { code: 'ERR_ARGUMENT_TYPE' });
    // Nothing has stayed behind.
    assert.deepEqual(inter.allgatherObjects(rank), others);
    assert.throws(() => inter.allreduceObjects(1, 3 as never), { argument: 'combine' });
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
