import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

describe('isend and irecv', () => {
  it('can be waited for, tested and awaited', async () => {
    for (const how of ['wait', 'test', 'await'] as const) {
      const into = new Float64Array(3);
      const receive = world.irecv(into, previous, { tag: 4 });
      const send = world.isend(Float64Array.of(rank, 1, 2), next, { tag: 4 });
      const finish = async (request: MPI.Request) => {
        if (how === 'wait') return request.wait();
        if (how === 'await') return await request;
        let status = request.test();
        while (status === null) status = request.test();
        return status;
      };
      const status = await finish(receive);
      await finish(send);
      assert.deepEqual({ ...status }, { source: previous, tag: 4, count: 3 });
      assert.deepEqual([...into], [previous, 1, 2]);
      assert.ok(receive.isComplete);
      // Asking again gives the same.
      assert.equal(receive.wait(), status);
      assert.equal(await receive, status);
      assert.equal(receive.test(), status);
    }
  });

  it('let the event loop go on while they are awaited', async () => {
    const into = new Uint8Array(1);
    const receive = world.irecv(into, previous);
    let ticks = 0;
    const ticking = setInterval(() => ticks++, 5);
    // Every rank sends late.
    const sending = pause(60).then(() => world.isend(Uint8Array.of(7), next));
    await receive;
    clearInterval(ticking);
    await await sending;
    assert.equal(into[0], 7);
    assert.ok(ticks >= 3, `${ticks} ticks`);
  });

  it('leave the processor to others while they are awaited for long', async () => {
    const before = process.cpuUsage();
    const receive = world.irecv(new Float64Array(1), previous, { tag: 31 });
    const awaited = receive.then((status) => status.count);
    for (let k = 0; k < 20; k++) await pause(15);
    const { user, system } = process.cpuUsage(before);
    world.barrier();
    // Of 300 ms and more; a loop that only looks would take all of them.
    assert.ok(user + system < 200_000, `${(user + system) / 1000} ms of the processor`);
    world.isend(Float64Array.of(1), next, { tag: 31 }).wait();
    assert.equal(await awaited, 1);
  });

  it('fail when MPI cannot be asked any more, instead of waiting for ever', async () => {
    const receive = world.irecv(new Float64Array(1), previous, { tag: 32 });
    const handle = receive.handle;
    // As if MPI had forgotten it.
    receive.handle = 1;
    await assert.rejects(async () => await receive, MPI.MPIError);
    world.isend(Float64Array.of(1), next, { tag: 32 }).wait();
    const other = new MPI.Request('MPI_Irecv', handle, new Float64Array(1));
    assert.equal(other.wait().count, 1);
  });

  it('can be awaited by the hundred, in any order', async () => {
    const count = 100;
    const buffers = Array.from({ length: count }, () => new Int32Array(1));
    const receives = buffers.map((buffer, k) => world.irecv(buffer, previous, { tag: k }));
    const sends = buffers.map((_, k) =>
      world.isend(Int32Array.of(1000 * rank + count - k), next, { tag: count - 1 - k }),
    );
    await Promise.all([...receives, ...sends]);
    assert.deepEqual(
      buffers.map(([value]) => value),
      buffers.map((_, k) => 1000 * previous + k + 1),
    );
  });

  it('know every communication mode', async () => {
    for (const start of ['isend', 'issend'] as const) {
      const into = new Float64Array(1);
      const receive = world.irecv(into, previous);
      const send = world[start](Float64Array.of(rank), next);
      await Promise.all([receive, send]);
      assert.equal(into[0], previous);
    }
    // A ready send needs a receive that is there: the barrier makes sure.
    const into = new Float64Array(1);
    const receive = world.irecv(into, previous);
    world.barrier();
    world.rsend(Float64Array.of(rank), next);
    receive.wait();
    assert.equal(into[0], previous);
  });

  it('tell of a message that does not fit', async () => {
    // In a send to oneself Open MPI does not notice.
    if (size === 1) return;
    const receive = world.irecv(new Float64Array(1), previous);
    const send = world.isend(new Float64Array(2), next);
    await assert.rejects(async () => await receive, { class: 'MPI_ERR_TRUNCATE' });
    assert.throws(() => receive.wait(), { class: 'MPI_ERR_TRUNCATE', call: 'MPI_Irecv' });
    await send;
  });

  it('notice a buffer that was detached meanwhile', () => {
    const into = new Float64Array(1);
    const receive = world.irecv(into, previous);
    const kept = structuredClone(into, { transfer: [into.buffer] });
    world.isend(Float64Array.of(1), next).wait();
    assert.throws(() => receive.wait(), { class: 'MPI_ERR_BUFFER' });
    assert.equal(kept.length, 1);
  });

  it('can be cancelled before a message has come', () => {
    const receive = world.irecv(new Float64Array(1), previous, { tag: 77 });
    receive.cancel();
    receive.wait();
    assert.ok(receive.isCancelled);
    receive.cancel();
  });
});

describe('bsend', () => {
  it('comes back at once, from attached memory', () => {
    assert.equal(MPI.detachBuffer(), null);
    const memory = new Uint8Array(100 * (8 + MPI.BSEND_OVERHEAD));
    MPI.attachBuffer(memory);
    assert.throws(() => MPI.attachBuffer(memory), { argument: 'bytes' });
    for (let k = 0; k < 50; k++) world.bsend(Float64Array.of(k), next, { tag: k });
    const request = world.ibsend(Float64Array.of(-1), next, { tag: 50 });
    const into = new Float64Array(1);
    for (let k = 50; k >= 0; k--) {
      world.recv(into, previous, { tag: k });
      assert.equal(into[0], k === 50 ? -1 : k);
    }
    request.wait();
    assert.equal(MPI.detachBuffer(), memory);
  });

  it('says when that memory is too small, or is none', () => {
    assert.throws(() => world.bsend(new Float64Array(10), next), { class: 'MPI_ERR_BUFFER' });
    MPI.attachBuffer(new Uint8Array(1000));
    assert.throws(() => world.bsend(new Float64Array(100), next), {
      class: 'MPI_ERR_BUFFER',
      message: /800 bytes and 512 more do not fit the 1000 bytes that are attached/,
    });
    MPI.detachBuffer();
  });
});

describe('persistent requests', () => {
  it('are started again and again', () => {
    const out = new Float64Array(1);
    const into = new Float64Array(1);
    using send = world.sendInit(out, next, { tag: 9 });
    using receive = world.recvInit(into, previous, { tag: 9 });
    for (let k = 0; k < 20; k++) {
      out[0] = 100 * rank + k;
      receive.start();
      send.start();
      assert.ok(send.isActive);
      MPI.waitAll([send, receive]);
      assert.equal(into[0], 100 * previous + k);
      assert.ok(!receive.isActive);
    }
  });

  it('cannot be started twice, nor freed while active', () => {
    const into = new Float64Array(1);
    const receive = world.recvInit(into, previous);
    receive.start();
    assert.throws(() => receive.start(), { class: 'MPI_ERR_REQUEST' });
    assert.throws(() => receive.free(), { class: 'MPI_ERR_REQUEST' });
    world.isend(Float64Array.of(5), next).wait();
    receive.wait();
    assert.equal(into[0], 5);
    receive.free();
    assert.throws(() => receive.start(), { class: 'MPI_ERR_REQUEST' });
  });

  it('know every communication mode', () => {
    const into = new Float64Array(1);
    using receive = world.recvInit(into, previous);
    for (const prepare of ['sendInit', 'ssendInit', 'rsendInit'] as const) {
      using send = world[prepare](Float64Array.of(rank), next);
      receive.start();
      world.barrier();
      send.start();
      MPI.waitAll([receive, send]);
      assert.equal(into[0], previous);
    }
  });
});

describe('several requests', () => {
  const pairs = (count: number) => {
    const buffers = Array.from({ length: count }, () => new Int32Array(1));
    const receives = buffers.map((buffer, k) => world.irecv(buffer, previous, { tag: k }));
    return { buffers, receives };
  };
  const sendTo = (tag: number) => world.isend(Int32Array.of(tag + 1), next, { tag });

  it('waitAll gives all results, null for null requests', () => {
    const { buffers, receives } = pairs(3);
    const results = MPI.waitAll([...receives, null, ...[0, 1, 2].map(sendTo)]);
    assert.equal(results.length, 7);
    assert.equal(results[1]!.tag, 1);
    assert.equal(results[3], null);
    assert.deepEqual(
      buffers.map(([value]) => value),
      [1, 2, 3],
    );
    assert.deepEqual(MPI.waitAll([]), []);
    assert.deepEqual(MPI.waitAll([null]), [null]);
  });

  it('waitAny and testAny take them one by one', () => {
    const { buffers, receives } = pairs(3);
    const seen = new Set<number>();
    const sends = [2, 0, 1].map(sendTo);
    seen.add(MPI.waitAny(receives));
    let found = MPI.testAny(receives);
    while (found === undefined) found = MPI.testAny(receives);
    seen.add(found);
    seen.add(MPI.waitAny([null, ...receives]) - 1);
    assert.deepEqual([...seen].sort(), [0, 1, 2]);
    // All are complete: as null requests they are ignored.
    assert.equal(MPI.waitAny(receives), -1);
    assert.equal(MPI.testAny(receives), -1);
    MPI.waitAll(sends);
    assert.deepEqual(
      buffers.map(([value]) => value),
      [1, 2, 3],
    );
  });

  it('may be none', () => {
    assert.deepEqual(MPI.waitAll([]), []);
    assert.equal(MPI.testAll([]), true);
    for (const any of [MPI.waitAny, MPI.testAny]) assert.equal(any([]), -1);
    for (const some of [MPI.waitSome, MPI.testSome]) assert.equal(some([]), null);
  });

  it('waitSome and testSome take those that are complete', () => {
    const { receives } = pairs(4);
    const sends = [0, 1, 2, 3].map(sendTo);
    const seen: number[] = [];
    while (seen.length < 4) seen.push(...(MPI.waitSome(receives) ?? []));
    assert.deepEqual(seen.sort(), [0, 1, 2, 3]);
    assert.equal(MPI.waitSome(receives), null);
    assert.equal(MPI.testSome(receives), null);
    MPI.waitAll(sends);
  });

  it('testAll says whether all are complete', () => {
    const { receives } = pairs(2);
    assert.equal(MPI.testAll(receives), false);
    world.barrier();
    const sends = [0, 1].map(sendTo);
    while (!MPI.testAll(receives));
    assert.equal(MPI.testAll(receives), true);
    MPI.waitAll(sends);
  });
});

describe('matched probes', () => {
  it('set a message aside for one receiver', async () => {
    world.isend(Float64Array.of(1, 2, rank), next, { tag: 3 });
    const message = world.mprobe({ source: previous, tag: 3 });
    assert.equal(message.status.count, 24);
    assert.equal(world.iprobe({ source: previous, tag: 3 }), null);
    const into = new Float64Array(message.status.count / 8);
    message.recv(into);
    assert.deepEqual([...into], [1, 2, previous]);
    assert.throws(() => message.recv(into), { class: 'MPI_ERR_REQUEST' });

    assert.equal(world.improbe({ tag: 99 }), null);
    world.isend(Float64Array.of(8), next, { tag: 5 });
    let other = world.improbe({ tag: 5 });
    while (other === null) other = world.improbe({ tag: 5 });
    await other.irecv(into);
    assert.equal(into[0], 8);
  });

  it('probe waits, and leaves the message', () => {
    const send = world.isend(new Int16Array(5), next, { tag: 6 });
    assert.equal(world.probe({ tag: 6 }).count, 10);
    assert.equal(world.recv(new Int16Array(5), previous, { tag: 6 }).count, 5);
    send.wait();
  });
});

describe('sendrecvReplace', () => {
  it('swaps what is in a buffer', () => {
    const buffer = Float64Array.of(rank, -1);
    world.sendrecvReplace(buffer, next, previous);
    assert.deepEqual([...buffer], [previous, -1]);
  });
});

describe('nonblocking collectives', () => {
  const ranks = Array.from({ length: size }, (_, r) => r);
  const total = ranks.reduce((sum, r) => sum + r, 0);

  it('give the results of the blocking ones', async () => {
    const sum = new Float64Array(1);
    const all = new Float64Array(size);
    const varied = new Float64Array(total);
    const root = rank === 0 ? new Float64Array(1) : null;
    const gathered = rank === 0 ? new Float64Array(size) : null;
    const scattered = new Float64Array(1);
    const exchanged = new Float64Array(size);
    const message = Float64Array.of(rank === size - 1 ? 42 : 0);
    const requests = [
      world.ibarrier(),
      world.iallreduce(Float64Array.of(rank), sum),
      world.iallgather(Float64Array.of(rank * 2), all),
      world.iallgather(new Float64Array(rank).fill(rank), varied, { counts: ranks }),
      world.ireduce(Float64Array.of(1), root),
      world.igather(Float64Array.of(rank), gathered),
      world.iscatter(rank === 0 ? Float64Array.from(ranks) : null, scattered),
      world.ialltoall(
        Float64Array.from(ranks, (r) => 10 * rank + r),
        exchanged,
      ),
      world.ibcast(message, { root: size - 1 }),
    ];
    await Promise.all(requests);
    assert.equal(sum[0], total);
    assert.deepEqual(
      [...all],
      ranks.map((r) => 2 * r),
    );
    assert.deepEqual(
      [...varied],
      ranks.flatMap((r) => new Array(r).fill(r)),
    );
    if (root) assert.equal(root[0], size);
    if (gathered) assert.deepEqual([...gathered], ranks);
    assert.equal(scattered[0], rank);
    assert.deepEqual(
      [...exchanged],
      ranks.map((r) => 10 * r + rank),
    );
    assert.equal(message[0], 42);
  });

  it('combine numbers and bigints', async () => {
    assert.equal(await world.iallreduce(rank), total);
    assert.equal(await world.iallreduce(1n), BigInt(size));
    assert.equal(await world.iscan(1), rank + 1);
    assert.equal(world.iexscan(1).wait(), rank);
    const onLast = <T>(value: T) => (rank === size - 1 ? value : undefined);
    assert.equal(await world.ireduce(rank, { root: size - 1 }), onLast(total));
    assert.equal(world.ireduce(1n, { root: size - 1 }).wait(), onLast(BigInt(size)));
  });

  it('check their arguments before they start', () => {
    assert.throws(() => world.iallreduce(new Float64Array(2), new Float64Array(1)), {
      argument: 'recvbuf',
    });
    // The next call is a blocking one again.
    assert.equal(world.allreduce(1), size);
  });
});

describe('scan, exscan and reduceScatter', () => {
  it('combine the ranks up to this one, or below it', () => {
    assert.equal(world.scan(rank + 1), ((rank + 1) * (rank + 2)) / 2);
    assert.equal(world.exscan(rank + 1), (rank * (rank + 1)) / 2);
    assert.equal(world.scan(1n, { op: MPI.MAX }), 1n);
    const result = Float64Array.of(-1, -1);
    world.exscan(Float64Array.of(1, 2), result);
    assert.deepEqual([...result], rank === 0 ? [-1, -1] : [rank, 2 * rank]);
  });

  it('hand each rank its block of the result', () => {
    const mine = new Float64Array(2);
    world.reduceScatter(
      Float64Array.from({ length: 2 * size }, (_, k) => k),
      mine,
    );
    assert.deepEqual([...mine], [2 * rank * size, (2 * rank + 1) * size]);
    const counts = Array.from({ length: size }, (_, r) => r);
    const elements = counts.reduce((sum, count) => sum + count, 0);
    const varied = new Float64Array(rank);
    world.reduceScatter(new Float64Array(elements).fill(1), varied, { counts });
    assert.ok(varied.every((value) => value === size));
    assert.throws(() => world.reduceScatter(new Float64Array(2 * size), new Float64Array(1)), {
      argument: 'recvbuf',
    });
  });
});
