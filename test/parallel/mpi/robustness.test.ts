import { strict as assert } from 'node:assert';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MPI } from '../../../src/entry/mpi.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const world = MPI.COMM_WORLD;
const self = MPI.COMM_SELF;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

/** Node's own type of a resizable buffer is younger than the types we compile against. */
type Resizable = ArrayBuffer & { resize(bytes: number): void };
const resizable = (bytes: number, most: number) =>
  new (ArrayBuffer as unknown as new (bytes: number, options: object) => Resizable)(bytes, {
    maxByteLength: most,
  });

/** Takes a buffer away from all views of it. */
const transfer = (buffer: ArrayBuffer) => structuredClone(buffer, { transfer: [buffer] });

/** An error that says what was wrong, of this package: no crash, no TypeError out of the machinery. */
const isNamed = (error: unknown): boolean =>
  error instanceof MPI.DistArrayError ||
  error instanceof MPI.ArgumentRangeError ||
  error instanceof MPI.ArgumentTypeError;

const never: unknown[] = [
  undefined,
  'abc',
  {},
  [],
  [1, 2],
  new ArrayBuffer(8),
  () => 1,
  Symbol('s'),
];

describe('what is no buffer', () => {
  const noBuffers = [
    ...never,
    null,
    { data: 3 },
    { data: new Uint8Array(4), offset: 5 },
    { data: new Uint8Array(4), count: 5 },
    { data: new Uint8Array(4), count: '1' },
    { data: new Float64Array(4), datatype: {} },
    { data: new Float64Array(4), datatype: MPI.C_DOUBLE_COMPLEX, count: 3 },
    Object.create(new Float64Array(4)),
    new Proxy(new Float64Array(4), {}),
  ];
  const data = new Float64Array(4);
  const calls: Record<string, (buffer: never) => unknown> = {
    send: (buffer) => world.send(buffer, MPI.PROC_NULL),
    isend: (buffer) => world.isend(buffer, MPI.PROC_NULL),
    bsend: (buffer) => world.bsend(buffer, MPI.PROC_NULL),
    sendInit: (buffer) => world.sendInit(buffer, MPI.PROC_NULL),
    recv: (buffer) => world.recv(buffer, MPI.PROC_NULL),
    irecv: (buffer) => world.irecv(buffer, MPI.PROC_NULL),
    sendrecv: (buffer) => world.sendrecv(data, MPI.PROC_NULL, buffer, MPI.PROC_NULL),
    bcast: (buffer) => self.bcast(buffer),
    'allreduce into': (buffer) => self.allreduce(data, buffer),
    'allreduce of': (buffer) => self.allreduce(buffer, data),
    gather: (buffer) => self.gather(buffer, data),
    scatter: (buffer) => self.scatter(buffer, data),
    alltoall: (buffer) => self.alltoall(data, buffer),
    ialltoall: (buffer) => self.ialltoall(data, buffer),
    attachBuffer: (buffer) => MPI.attachBuffer(buffer),
    'Win.create': (buffer) => MPI.Win.create(buffer, self),
    freeMem: (buffer) => MPI.freeMem(buffer),
    reduceLocal: (buffer) => MPI.SUM.reduceLocal(buffer, data),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`is an error of ${name} that says so`, () => {
      for (const noBuffer of noBuffers) assert.throws(() => call(noBuffer as never), isNamed);
    });
  }
});

describe('numbers that cannot be', () => {
  const numbers: unknown[] = [-7, 2 ** 31, 1.5, Number.NaN, '1', Number.POSITIVE_INFINITY, 1n];
  const data = new Float64Array(4);
  const room = new Float64Array(4);
  const calls: Record<string, (number: never) => unknown> = {
    tag: (tag) => world.send(data, MPI.PROC_NULL, { tag }),
    'tag of a receive': (tag) => world.recv(data, MPI.PROC_NULL, { tag }),
    dest: (dest) => world.send(data, dest),
    source: (source) => world.irecv(data, source),
    root: (root) => world.bcast(data, { root }),
    'a count': (count) => self.gather(data, room, { counts: [count] }),
    'a displacement': (displ) => self.gather(data, room, { counts: [4], displs: [displ] }),
    'options of send': (options) => world.send(data, MPI.PROC_NULL, options),
    'options of sendrecv': (options) =>
      world.sendrecv(data, MPI.PROC_NULL, room, MPI.PROC_NULL, options),
    'options of allgather': (options) => self.allgather(data, room, options),
    'options of alltoall': (options) => self.alltoall(data, room, options),
    'options of allreduce': (options) => self.allreduce(data, room, options),
    'options of iprobe': (options) => world.iprobe(options),
    'options of Win.create': (options) => MPI.Win.create(data, self, options),
    'options of openPort': (options) => MPI.openPort(options),
    operation: (op) => world.allreduce(1, { op }),
    color: (color) => self.split(color),
    dims: (dims) => self.createCart([dims]),
    'nodes of a graph': (node) => self.createGraph([[node]]),
    'edges of a graph': (edge) => self.createDistGraph([edge]),
    'a range of ranks': (range) => {
      using group = self.group;
      return group.rangeIncl([range]);
    },
    'arguments of a program': (args) => self.spawn('no such program', args),
    'exit codes': (code) => world.abort(code),
    'descriptors of sockets': (socket) => MPI.join(socket),
    'levels of profiling': (level) => MPI.pcontrol(level === -7 ? ('x' as never) : level),
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`are errors that say so: ${name}`, () => {
      for (const number of numbers)
        assert.throws(() => call(number as never), isNamed, `${number}`);
    });
  }
});

describe('lists of requests', () => {
  const completions = [
    MPI.waitAll,
    MPI.waitAny,
    MPI.waitSome,
    MPI.testAll,
    MPI.testAny,
    MPI.testSome,
    MPI.startAll,
  ] as ((requests: never) => unknown)[];

  it('are arrays of requests, or errors', () => {
    for (const complete of completions) {
      for (const bad of [
        ...never.filter((value) => !Array.isArray(value)),
        null,
        3,
        [3],
        ['a'],
        [{}],
      ]) {
        assert.throws(() => complete(bad as never), { name: 'ArgumentTypeError' });
      }
    }
  });

  it('have each request once', () => {
    const receive = world.irecv(new Float64Array(1), previous);
    const send = world.isend(Float64Array.of(1), next);
    for (const complete of completions) {
      assert.throws(() => complete([receive, send, receive] as never), {
        argument: complete === MPI.startAll ? 'requests[2]' : 'requests[2]',
      });
    }
    MPI.waitAll([receive, send]);
  });

  it('take requests of values beside those of buffers', async () => {
    const into = new Int32Array(1);
    const list = [
      world.irecvObject<{ from: number }>(previous, { tag: 1 }),
      world.irecv(into, previous, { tag: 2 }),
      null,
      world.isendObject({ from: rank }, next, { tag: 1 }),
      world.isend(Int32Array.of(7), next, { tag: 2 }),
    ];
    const [value, status] = MPI.waitAll<unknown>(list);
    assert.deepEqual(value, { from: previous });
    assert.equal((status as MPI.Status).count, 1);
    assert.equal(into[0], 7);
    assert.equal(MPI.testAll(list), true);
    assert.equal(MPI.waitAny(list), -1);
    assert.equal(MPI.waitSome(list), null);

    const object = world.irecvObject(previous, { tag: 3 });
    assert.equal(MPI.testAny([object]), undefined);
    assert.deepEqual(MPI.testSome([object]), []);
    assert.equal(MPI.testAll([object]), false);
    world.barrier();
    const going = world.isendObject('later', next, { tag: 3 });
    assert.equal(MPI.waitAny([null, object]), 1);
    assert.deepEqual(MPI.waitSome([going]), [0]);
    assert.equal(await object, 'later');
  });
});

describe('memory', () => {
  it('of dropped requests stays until MPI is done with it', async () => {
    const count = 100;
    for (let k = 0; k < count; k++) world.irecv(new Float64Array(5000), previous, { tag: k });
    collectGarbage();
    await new Promise((done) => setTimeout(done, 5));
    collectGarbage();
    // What would be given the memory of the dropped ones.
    const others = Array.from({ length: count }, () => new Float64Array(5000).fill(1));
    for (let k = 0; k < count; k++) {
      world.isend(new Float64Array(5000).fill(9), next, { tag: k }).wait();
    }
    world.barrier();
    world.iprobe();
    assert.ok(others.every((array) => array.every((value) => value === 1)));
  });

  it('that has gone is found wherever it comes from', () => {
    const gone = () => {
      const buffer = new ArrayBuffer(16);
      const views = [new Float64Array(buffer), new DataView(buffer)] as const;
      const frozen = Object.preventExtensions(new Float64Array(buffer));
      world.send(frozen, MPI.PROC_NULL);
      transfer(buffer);
      return [...views, frozen, { data: views[0] }, { data: views[1], count: 1 }];
    };
    for (const buffer of gone()) {
      assert.throws(() => world.send(buffer, MPI.PROC_NULL), isNamed);
      assert.throws(() => self.allreduce(buffer, new Float64Array(2)), isNamed);
    }
  });

  it('that goes while a communication uses it makes this fail, waited for or awaited', async () => {
    const kinds = [
      (buffer: ArrayBuffer) => new Uint8Array(buffer),
      (buffer: ArrayBuffer) => new DataView(buffer),
      (buffer: ArrayBuffer) => ({ data: new Float64Array(buffer), count: 1 }),
    ];
    const kept: unknown[] = [];
    for (const view of kinds) {
      for (const awaited of [false, true]) {
        const buffer = new ArrayBuffer(8);
        const receive = world.irecv(view(buffer), previous);
        kept.push(transfer(buffer));
        world.isend(new Uint8Array(8), next).wait();
        const expected = { class: 'MPI_ERR_BUFFER' };
        if (awaited) await assert.rejects(async () => await receive, expected);
        else assert.throws(() => receive.wait(), expected);
      }
    }
    assert.equal(kept.length, 6);
  });

  it('that has gone stops a prepared communication from being started', () => {
    const buffer = new ArrayBuffer(8);
    using receive = world.recvInit(new Float64Array(buffer), previous);
    transfer(buffer);
    assert.throws(() => receive.start(), { class: 'MPI_ERR_BUFFER' });
    assert.throws(() => MPI.startAll([receive]), { class: 'MPI_ERR_BUFFER' });
  });

  it('that can be cut off is good for blocking calls only', () => {
    const buffer = resizable(64, 128);
    const array = new Float64Array(buffer);
    world.send(array, MPI.PROC_NULL);
    assert.equal(self.iallreduce(1).wait(), 1);
    for (const start of [
      () => world.isend(array, MPI.PROC_NULL),
      () => world.irecv({ data: array, count: 1 }, MPI.PROC_NULL),
      () => world.recvInit(array, MPI.PROC_NULL),
      () => self.ibcast(array),
      () => self.iallreduce(new Float64Array(8), array),
    ]) {
      assert.throws(start, { name: 'ArgumentTypeError' });
    }
    buffer.resize(8);
    assert.equal(array.length, 1);
    world.send(array, MPI.PROC_NULL);
    buffer.resize(0);
    assert.throws(() => world.send(array, MPI.PROC_NULL), { argument: 'buffer' });
  });

  it('of a window may not be reached by buffers that can be cut off', () => {
    using win = MPI.Win.allocate(Float64Array, 1, world);
    const array = new Float64Array(resizable(8, 8));
    win.lock(rank);
    for (const access of [
      () => win.put(array, rank),
      () => win.get(array, rank),
      () => win.fetchAndOp(array, new Float64Array(1), rank),
    ]) {
      assert.throws(access, { name: 'ArgumentTypeError' });
    }
    win.unlock(rank);
    world.barrier();
  });

  it('is not given back while somebody uses it', () => {
    const inUse = { class: 'MPI_ERR_BUFFER', call: 'MPI_Free_mem' };
    const array = MPI.allocMem(Float64Array, 8);
    const receive = world.irecv(array.subarray(2, 3), previous);
    assert.throws(() => MPI.freeMem(array), inUse);
    world.isend(Float64Array.of(4), next).wait();
    receive.wait();
    assert.equal(array[2], 4);
    const win = MPI.Win.allocate(Float64Array, 8, world);
    win.lock(rank);
    win.put(array, rank);
    assert.throws(() => MPI.freeMem(array), inUse);
    win.unlock(rank);
    world.barrier();
    win.free();
    const bytes = MPI.allocMem(Uint8Array, 4096);
    MPI.attachBuffer(bytes);
    assert.throws(() => MPI.freeMem(bytes), inUse);
    MPI.detachBuffer();
    MPI.freeMem(bytes);
    MPI.freeMem(array);
    assert.equal(array.length, 0);
  });

  it('of buffered sends stays where it is', () => {
    const memory = new Uint8Array(4096);
    assert.throws(() => MPI.attachBuffer(new Uint8Array(resizable(8, 8))), isNamed);
    MPI.attachBuffer(memory);
    try {
      transfer(memory.buffer as ArrayBuffer);
    } catch {
      // Later versions of Node refuse, others copy.
    }
    world.bsend(Uint8Array.of(1, 2), next);
    const into = new Uint8Array(2);
    world.recv(into, previous);
    assert.deepEqual([...into], [1, 2]);
    assert.equal(MPI.detachBuffer(), memory);
    assert.equal(memory.length, 4096);
  });
});

describe('more requests than there is room for', () => {
  it('are an error before anything is started', function () {
    this.timeout(20_000);
    if (rank > 0) return;
    const requests: MPI.Request[] = [];
    const data = new Int8Array(1);
    const start = () => {
      for (let k = 0; k <= 2 ** 18; k++) requests.push(self.irecv(data, 0, { tag: 5 }));
    };
    assert.throws(start, { class: 'MPI_ERR_NO_MEM', call: 'MPI_Irecv' });
    assert.ok(requests.length > 2 ** 17);
    for (const request of requests) request.cancel();
    MPI.waitAll(requests);
    assert.ok(requests.every(({ isCancelled }) => isCancelled));
    // There is room again.
    assert.equal(self.iallreduce(1).wait(), 1);
  });
});

describe('calls in a wrong order', () => {
  it('cancel twice is as once', () => {
    const receive = world.irecv(new Uint8Array(1), previous, { tag: 9 });
    receive.cancel();
    receive.cancel();
    receive.wait();
    assert.ok(receive.isCancelled);
  });

  it('of windows are errors before anybody waits', () => {
    using win = MPI.Win.allocate(Float64Array, 1, world);
    const sync = { class: 'MPI_ERR_RMA_SYNC' };
    for (const call of [
      () => win.unlock(rank),
      () => win.unlockAll(),
      () => win.flush(rank),
      () => win.flushLocal(rank),
      () => win.flushAll(),
      () => win.flushLocalAll(),
      () => win.complete(),
      () => win.wait(),
      () => win.test(),
    ]) {
      assert.throws(call, sync);
    }
    win.lock(rank);
    for (const call of [
      () => win.lock(rank),
      () => win.lockAll(),
      () => win.fence(),
      () => win.start([]),
      () => win.free(),
    ]) {
      assert.throws(call, sync);
    }
    win.unlock(rank);
    win.post([]);
    assert.throws(() => win.post([]), sync);
    win.wait();
    win.fence();
    win.put(Float64Array.of(7), rank);
    assert.throws(() => win.free(), sync);
    win.fence();
    assert.equal(win.memory?.[0], 7);
    world.barrier();
  });

  it('of matched messages are errors', () => {
    const send = world.isend(new Uint8Array(4), next);
    const message = world.mprobe({ source: previous });
    message.recv(new Uint8Array(4));
    assert.throws(() => message.recv(new Uint8Array(4)), { class: 'MPI_ERR_REQUEST' });
    send.wait();
    const nothing = world.mprobe({ source: MPI.PROC_NULL });
    assert.equal(nothing.recv(new Uint8Array(4)).count, 0);
  });

  it('blocks that are received lie beside each other', () => {
    const room = new Float64Array(2 * size);
    const counts = new Array<number>(size).fill(2);
    const displs = counts.map((_, k) => Math.max(0, 2 * (size - 1 - k) - (k === 0 ? 1 : 0)));
    if (size > 1) {
      assert.throws(() => world.allgather(new Float64Array(2), room, { counts, displs }), {
        argument: 'options.displs',
      });
    }
    const backward = counts.map((_, k) => 2 * (size - 1 - k));
    world.allgather(Float64Array.of(rank, rank), room, { counts, displs: backward });
    assert.equal(room[0], size - 1);
  });
});
