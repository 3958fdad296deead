import { strict as assert } from 'node:assert';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../../launcher/skip.ts';

// Every count above 7 takes the way of those above 2³¹−1. Read when MPI is loaded.
process.env.DISTARRAY_MAX_COUNT ||= '7';
const { MPI } = await import('../../../src/entry/mpi.ts');

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;
const LENGTH = 40;

const SCRATCH = MPI.MODE_RDWR | MPI.MODE_CREATE | MPI.MODE_DELETE_ON_CLOSE;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

/** Different on every rank. */
const own = (length = LENGTH, r = rank) => Float64Array.from({ length }, (_, k) => 1000 * r + k);
const ranks = Array.from({ length: size }, (_, r) => r);

describe('counts above the limit', () => {
  it('travel in messages of every kind, and are counted', async () => {
    const into = new Float64Array(LENGTH + 5);
    const expected = [...own(LENGTH, previous), 0, 0, 0, 0, 0];
    const check = (status: { count: number }) => {
      assert.equal(status.count, LENGTH);
      assert.deepEqual([...into], expected);
      into.fill(0);
    };
    check(world.sendrecv(own(), next, into, previous));

    const receive = world.irecv(into, previous);
    await world.isend(own(), next);
    check(await receive);

    const several = world.irecv(into, previous);
    world.issend(own(), next).wait();
    check(MPI.waitAll([several])[0]!);

    const prepared = world.recvInit(into, previous);
    const sending = world.sendInit(own(), next);
    for (let round = 0; round < 2; round++) {
      prepared.start();
      sending.start();
      sending.wait();
      check(prepared.wait());
    }
    prepared.free();
    sending.free();

    const out = world.isend(own(), next);
    const message = world.mprobe({ source: previous });
    assert.equal(message.status.count, 8 * LENGTH);
    check(message.recv(into));
    out.wait();

    const replaced = own();
    const status = world.sendrecvReplace(replaced, next, previous);
    assert.equal(status.count, LENGTH);
    assert.deepEqual(replaced, own(LENGTH, previous));
  });

  it('are the same elements as few of a larger datatype', () => {
    using eight = MPI.DOUBLE.contiguous(8);
    assert.equal(eight.size, 64);
    assert.equal(eight.extent, 64);
    const into = new Float64Array(LENGTH);
    const { count } = world.sendrecv(
      { data: own(), count: 5, datatype: eight },
      next,
      into,
      previous,
    );
    assert.equal(count, LENGTH);
    assert.deepEqual(into, own(LENGTH, previous));
    // Elements with gaps between them.
    using first = MPI.DOUBLE.resized(0, 16);
    const sparse = new Float64Array(LENGTH);
    const request = world.irecv({ data: sparse, count: 20, datatype: first }, previous);
    world.send(own(20), next);
    assert.equal(request.wait().count, 20);
    assert.deepEqual(
      [...sparse],
      [...own(LENGTH)].map((_, k) => (k % 2 === 0 ? 1000 * previous + k / 2 : 0)),
    );
  });

  it('are truncated with an error', function () {
    if (size === 1 && MPI.flavour() === 'openmpi') {
      skip(this, 'Open MPI 4.1 cuts messages to oneself of derived datatypes without an error');
    }
    const request = world.irecv(new Float64Array(LENGTH - 1), previous);
    const sending = world.isend(own(), next);
    assert.throws(
      () => request.wait(),
      (error) => error instanceof MPI.MPIError && error.class === 'MPI_ERR_TRUNCATE',
    );
    sending.wait();
  });

  it('travel in collectives', async () => {
    const all = ranks.flatMap((r) => [...own(LENGTH, r)]);
    const copy = rank === 0 ? own(LENGTH, 0) : new Float64Array(LENGTH);
    world.bcast(copy);
    assert.deepEqual(copy, own(LENGTH, 0));

    const whole = () => new Float64Array(size * LENGTH);
    const gathered = whole();
    world.gather(own(), rank === 0 ? gathered : null);
    if (rank === 0) assert.deepEqual([...gathered], all);
    const everywhere = whole();
    world.allgather(own(), everywhere);
    assert.deepEqual([...everywhere], all);
    const inPlace = whole();
    inPlace.set(own(), rank * LENGTH);
    await world.iallgather(MPI.IN_PLACE, inPlace);
    assert.deepEqual([...inPlace], all);
    const part = new Float64Array(LENGTH);
    world.scatter(rank === 0 ? everywhere : null, part);
    assert.deepEqual(part, own());
    const exchanged = whole();
    world.alltoall(own(size * LENGTH), exchanged);
    const mine = ranks.flatMap((r) =>
      [...own(LENGTH, 0)].map((value) => 1000 * r + rank * LENGTH + value),
    );
    assert.deepEqual([...exchanged], mine);
  });

  it('travel in blocks of different lengths, in common units', async () => {
    const counts = ranks.map((r) => (r % 2 === 0 ? 10 : 20));
    const total = counts.reduce((a, b) => a + b, 0);
    const all = ranks.flatMap((r) => [...own(counts[r], r)]);
    const everywhere = new Float64Array(total);
    world.allgather(own(counts[rank]), everywhere, { counts });
    assert.deepEqual([...everywhere], all);
    const gathered = new Float64Array(total);
    await world.igather(own(counts[rank]), rank === 0 ? gathered : null, { counts });
    if (rank === 0) assert.deepEqual([...gathered], all);
    const part = new Float64Array(counts[rank]);
    world.scatter(everywhere, part, { counts });
    assert.deepEqual(part, own(counts[rank]));
    const exchanged = new Float64Array(size * counts[rank]);
    const begin = counts.slice(0, rank).reduce((a, b) => a + b, 0);
    world.alltoall(own(total, 0), exchanged, {
      sendCounts: counts,
      recvCounts: ranks.map(() => counts[rank]),
    });
    assert.deepEqual(
      [...exchanged],
      ranks.flatMap(() => [...own(total, 0).subarray(begin, begin + counts[rank])]),
    );
  });

  it('are refused when the blocks have no unit that is large enough', () => {
    const counts = ranks.map(() => 11);
    const displs = ranks.map((r) => 11 * r + 1);
    const room = new Float64Array(11 * size + 1);
    assert.throws(
      () => world.allgather(own(11), room, { counts, displs }),
      /with a large common divisor for options.counts/,
    );
    // Small counts that begin far away, as well.
    const far = ranks.map((r) => 11 * r + 9);
    const ones = ranks.map(() => 1);
    const wide = new Float64Array(11 * size);
    assert.throws(
      () => world.allgather(own(1), wide, { counts: ones, displs: far }),
      /with a large common divisor for options.counts/,
    );
  });

  it('travel between neighbours', async () => {
    using ring = world.createCart([size], { periods: [true] });
    const both = [...own(LENGTH, previous), ...own(LENGTH, next)];
    const gathered = new Float64Array(2 * LENGTH);
    ring.neighborAllgather(own(), gathered);
    assert.deepEqual([...gathered], both);
    const counts = [LENGTH, LENGTH];
    gathered.fill(0);
    await ring.ineighborAllgather(own(), gathered, { counts });
    assert.deepEqual([...gathered], both);
    const sent = Float64Array.of(...own(), ...own());
    const exchanged = new Float64Array(2 * LENGTH);
    ring.neighborAlltoall(sent, exchanged);
    assert.deepEqual([...exchanged], both);
    exchanged.fill(0);
    ring.neighborAlltoall(sent, exchanged, { sendCounts: counts, recvCounts: counts });
    assert.deepEqual([...exchanged], both);
  });

  it('travel to and from windows', () => {
    const memory = new Float64Array(LENGTH);
    using window = MPI.Win.create(memory, world);
    window.fence();
    window.put(own(), next);
    window.fence();
    assert.deepEqual(memory, own(LENGTH, previous));
    window.fence();
    window.accumulate(own(LENGTH, 0), next);
    window.fence();
    const sums = own(LENGTH, 0).map((value, k) => value + own(LENGTH, previous)[k]);
    assert.deepEqual(memory, sums);
    const read = new Float64Array(LENGTH);
    window.get(read, previous);
    window.fence();
    assert.deepEqual(
      read,
      own(LENGTH, 0).map((value, k) => value + own(LENGTH, (previous + size - 1) % size)[k]),
    );
  });

  it('are written to files and read from them', async () => {
    const name = world.bcastObject(join(tmpdir(), `large-count-${process.pid}`));
    using file = MPI.File.open(world, name, { mode: SCRATCH });
    file.setView(8 * LENGTH * rank, MPI.DOUBLE);
    assert.equal(file.writeAtAll(0, own()).count, LENGTH);
    file.sync();
    world.barrier();
    file.setView(0, MPI.DOUBLE);
    const into = new Float64Array(LENGTH);
    assert.equal(file.readAt(LENGTH * previous, into).count, LENGTH);
    assert.deepEqual(into, own(LENGTH, previous));
    const whole = new Float64Array(size * LENGTH);
    assert.equal((await file.ireadAt(0, whole)).count, size * LENGTH);
    assert.deepEqual(
      [...whole],
      ranks.flatMap((r) => [...own(LENGTH, r)]),
    );
  });

  it('are reduced in chunks', () => {
    const sum = (upTo: number) =>
      [...own(LENGTH, 0)].map((value) => (upTo * (upTo - 1) * 1000) / 2 + upTo * value);
    const result = new Float64Array(LENGTH);
    world.allreduce(own(), result);
    assert.deepEqual([...result], sum(size));
    const place = own();
    world.allreduce(MPI.IN_PLACE, place);
    assert.deepEqual([...place], sum(size));
    result.fill(0);
    world.reduce(own(), rank === size - 1 ? result : null, { root: size - 1 });
    if (rank === size - 1) assert.deepEqual([...result], sum(size));
    world.scan(own(), result);
    assert.deepEqual([...result], sum(rank + 1));
    result.fill(-1);
    world.exscan(own(), result);
    assert.deepEqual([...result], rank === 0 ? Array(LENGTH).fill(-1) : sum(rank));
    const largest = new Float64Array(LENGTH);
    world.allreduce(own(), largest, { op: MPI.MAX });
    assert.deepEqual(largest, own(LENGTH, size - 1));

    // A block of 10 elements for each rank.
    const sums = ranks.flatMap((r) =>
      [...own(10, 0)].map((value) => (size * (size - 1) * 1000) / 2 + size * (10 * r + value)),
    );
    const block = new Float64Array(10);
    world.reduceScatter(own(10 * size), block);
    assert.deepEqual([...block], sums.slice(10 * rank, 10 * rank + 10));
    const blocks = own(10 * size);
    world.reduceScatter(MPI.IN_PLACE, blocks);
    assert.deepEqual([...blocks.subarray(0, 10)], sums.slice(10 * rank, 10 * rank + 10));
  });

  it('are no started reduction', () => {
    const count = (error: unknown) =>
      error instanceof MPI.MPIError && error.class === 'MPI_ERR_COUNT';
    assert.throws(() => world.iallreduce(own(), new Float64Array(LENGTH)), count);
    assert.throws(() => world.ireduceScatter(own(10 * size), new Float64Array(10)), count);
  });
});
