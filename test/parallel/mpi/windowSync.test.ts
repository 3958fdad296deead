import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';
import { skip } from '../../launcher/skip.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;
const sumOfRanks = (size * (size - 1)) / 2;

describe('post, start, complete and wait', () => {
  it('let some ranks access some others', () => {
    using win = MPI.Win.allocate(Int32Array, 2, world);
    win.post([previous]);
    win.start([next]);
    win.put(Int32Array.of(rank, 1), next);
    win.complete();
    win.wait();
    assert.deepEqual([...win.memory!], [previous, 1]);
    // Once more, looking instead of waiting.
    win.post([previous], { noPut: true });
    win.start([next]);
    const got = new Int32Array(2);
    win.get(got, next);
    win.complete();
    while (!win.test());
    assert.deepEqual([...got], [rank, 1]);
  });

  it('take ranks, each once, or none', () => {
    using win = MPI.Win.allocate(Int32Array, 1, world);
    win.post([]);
    win.start([]);
    win.complete();
    win.wait();
    assert.throws(() => win.post([size]), /for origins\[0\]/);
    assert.throws(() => win.start([0, 0]), /ranks that differ for targets/);
    assert.throws(() => win.start(0 as never), MPI.ArgumentTypeError);
  });
});

describe('lock and unlock', () => {
  it('let one rank at a time read, change and write', () => {
    using win = MPI.Win.allocate(Float64Array, 1, world);
    const value = new Float64Array(1);
    for (let turn = 0; turn < 5; turn++) {
      win.lock(0, { type: 'exclusive' });
      win.get(value, 0);
      win.flush(0);
      value[0] += 1;
      win.put(value, 0);
      win.unlock(0);
    }
    world.barrier();
    win.lock(0, { type: 'shared' });
    win.get(value, 0);
    win.unlock(0);
    assert.equal(value[0], 5 * size);
    assert.throws(() => win.lock(0, { type: 'both' as never }), /'exclusive' or 'shared'/);
    world.barrier();
  });

  it('are needed: an access outside of them is an error', function () {
    if (size === 1 && MPI.flavour() === 'openmpi') {
      skip(this, 'Open MPI 4.1 does not look when a window has one rank');
    }
    using win = MPI.Win.allocate(Float64Array, 1, world);
    assert.throws(() => win.put(Float64Array.of(1), next), { class: 'MPI_ERR_RMA_SYNC' });
    assert.throws(() => win.unlock(next), { class: 'MPI_ERR_RMA_SYNC' });
    assert.throws(() => win.flush(next), { class: 'MPI_ERR_RMA_SYNC' });
    world.barrier();
    assert.equal(win.memory![0], 0);
  });
});

describe('lockAll', () => {
  it('with flushes in all forms', () => {
    using win = MPI.Win.allocate(Int32Array, size, world);
    win.lockAll();
    for (let target = 0; target < size; target++) {
      win.put(Int32Array.of(100 * rank + target), target, { displacement: rank });
    }
    win.flushLocalAll();
    win.flushAll();
    world.barrier();
    win.sync();
    assert.deepEqual(
      [...win.memory!],
      Array.from({ length: size }, (_, origin) => 100 * origin + rank),
    );
    const got = new Int32Array(1);
    win.get(got, next, { displacement: rank });
    win.flushLocal(next);
    assert.equal(got[0], 100 * rank + next);
    win.unlockAll();
    world.barrier();
  });
});

describe('atomic accesses', () => {
  it('count with fetchAndOp: every ticket is drawn once', () => {
    using win = MPI.Win.allocate(BigInt64Array, 1, world);
    const tickets: bigint[] = [];
    win.lockAll();
    for (let k = 0; k < 10; k++) {
      const ticket = new BigInt64Array(1);
      win.fetchAndOp(BigInt64Array.of(1n), ticket, 0);
      win.flush(0);
      tickets.push(ticket[0]);
    }
    win.unlockAll();
    const all = new BigInt64Array(10 * size);
    world.allgather(BigInt64Array.from(tickets), all);
    assert.deepEqual(
      [...all].sort((a, b) => Number(a - b)),
      Array.from({ length: 10 * size }, (_, k) => BigInt(k)),
    );
  });

  it('read with NO_OP and swap with REPLACE', () => {
    using win = MPI.Win.allocate(Int32Array, 2, world);
    win.memory!.set([5 + rank, 6]);
    world.barrier();
    const result = new Int32Array(1);
    const results = new Int32Array(2);
    win.lock(next);
    win.fetchAndOp(Int32Array.of(9), result, next, { op: MPI.NO_OP });
    win.flush(next);
    assert.equal(result[0], 5 + next);
    win.fetchAndOp(Int32Array.of(9), result, next, { op: MPI.REPLACE, displacement: 1 });
    win.flush(next);
    assert.equal(result[0], 6);
    win.getAccumulate(Int32Array.of(1, 1), results, next);
    win.unlock(next);
    assert.deepEqual([...results], [5 + next, 9]);
    world.barrier();
    win.lock(rank);
    assert.deepEqual([...win.memory!], [6 + rank, 10]);
    win.unlock(rank);
  });

  it('compareAndSwap lets one rank win', () => {
    using win = MPI.Win.allocate(Int32Array, 1, world);
    win.memory![0] = -1;
    world.barrier();
    const was = new Int32Array(1);
    win.lock(0, { type: 'shared' });
    win.compareAndSwap(Int32Array.of(rank), Int32Array.of(-1), was, 0);
    win.unlock(0);
    assert.equal(world.allreduce(was[0] === -1 ? 1 : 0), 1);
    const winner = world.allreduce(was[0] === -1 ? rank : 0);
    if (was[0] !== -1) assert.equal(was[0], winner);
    assert.throws(
      () => win.compareAndSwap(Int32Array.of(1), Int8Array.of(1), was, 0),
      /elements of the datatype of origin for compare/,
    );
    world.barrier();
  });
});

describe('accesses that are requests', () => {
  it('can be waited for and awaited', async () => {
    using win = MPI.Win.allocate(Float64Array, 3, world);
    const got = new Float64Array(2);
    win.lockAll();
    const put = win.rput(Float64Array.of(rank, 2), next);
    assert.equal(put.call, 'MPI_Rput');
    assert.equal(put.wait(), undefined);
    await win.raccumulate(Float64Array.of(rank), 0, { displacement: 2 });
    win.flushAll();
    world.barrier();
    await win.rget(got, next);
    assert.deepEqual([...got], [rank, 2]);
    const before = new Float64Array(1);
    const sum = win.rgetAccumulate(new Float64Array(1), before, 0, {
      displacement: 2,
      op: MPI.NO_OP,
    });
    MPI.waitAll([sum]);
    assert.equal(before[0], sumOfRanks);
    win.unlockAll();
    world.barrier();
  });
});
