import { strict as assert } from 'node:assert';
import { setTimeout as pause } from 'node:timers/promises';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { LocalArray } from '../../../src/local/localArray.ts';
import { raw } from '../../../src/mpi/command.ts';
import { messageMemory, recycledBuffer } from '../../../src/mpi/memory.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;
const MEBI = 2 ** 20;

// A rank that is ahead must not send into the test that another one is still in.
afterEach(() => world.barrier());

/** Where the memory of an array begins. */
const address = (array: ArrayBufferView) => raw.addressOf(array);

/** Memory in bytes that array buffers take, as V8 knows it. */
const external = () => process.memoryUsage().external;

describe('allocMem', () => {
  it('returns zeroed memory of the length asked for', () => {
    for (const bytes of [0, 1, 1000, 4 * MEBI, 5 * MEBI + 3]) {
      const memory = new Uint8Array(MPI.allocMem(bytes));
      assert.equal(memory.byteLength, bytes);
      assert.ok(memory.every((byte) => byte === 0));
      memory.fill(7);
      MPI.freeMem(memory.length === 0 ? MPI.allocMem(1) : memory);
    }
  });

  it('begins at a multiple of 2 MiB from 1 MiB on', () => {
    const arrays = [4, 5, 6].map((mebis) => MPI.allocMem(Uint8Array, mebis * MEBI));
    for (const array of arrays) assert.equal(address(array) % (2 * MEBI), 0);
    assert.notEqual(address(arrays[0]), address(arrays[1]));
    arrays.forEach(MPI.freeMem);
  });

  it('makes every kind of typed array', () => {
    for (const type of [Int8Array, Float32Array, BigUint64Array]) {
      const array = MPI.allocMem<MPI.TypedArray>(type as MPI.TypedArrayConstructor, 5);
      assert.ok(array instanceof type);
      assert.equal(array.length, 5);
      MPI.freeMem(array);
    }
  });

  it('can be sent and received', () => {
    const sent = MPI.allocMem(Float64Array, MEBI).fill(rank + 1);
    const received = MPI.allocMem(Float64Array, MEBI);
    world.sendrecv(sent, next, received, previous);
    assert.ok(received.every((value) => value === previous + 1));
    MPI.freeMem(sent);
    MPI.freeMem(received);
  });

  it('tells V8 how much it takes, and goes when it is collected', async () => {
    if (globalThis.gc === undefined) await exposeGc();
    const before = external();
    const addresses = [0, 0].map(() => address(MPI.allocMem(Uint8Array, 16 * MEBI).fill(1)));
    assert.ok(external() - before > 30 * MEBI, `${external() - before}`);
    assert.ok(addresses.every((start) => start > 0));
    for (let turn = 0; turn < 20 && external() - before > MEBI; turn++) {
      globalThis.gc!();
      await pause(1);
    }
    assert.ok(external() - before < MEBI, `${external() - before}`);
  });

  it('refuses what is no length', () => {
    assert.throws(() => MPI.allocMem(-1), /Expected an integer in \[0, \d+\] for bytes/);
    assert.throws(() => MPI.allocMem(Float64Array, 1.5), /for length/);
    assert.throws(() => MPI.allocMem(2 ** 40), MPI.ArgumentRangeError);
    assert.throws(() => MPI.allocMem(Date as never, 1), /a typed array constructor for type/);
  });
});

describe('freeMem', () => {
  it('gives memory back at once: arrays over it have length 0', () => {
    const array = MPI.allocMem(Float64Array, MEBI);
    const part = array.subarray(5);
    const before = external();
    MPI.freeMem(part);
    assert.equal(array.length, 0);
    assert.equal(part.length, 0);
    assert.equal(array[0], undefined);
    assert.ok(before - external() >= 8 * MEBI);
    // Not a message of nothing, which would keep the mistake a secret.
    assert.throws(() => world.send(array, next), { argument: 'buffer' });
  });

  it('refuses other memory, and the same twice', () => {
    const memory = MPI.allocMem(10);
    MPI.freeMem(memory);
    assert.throws(() => MPI.freeMem(memory), /memory of allocMem that was not freed for memory/);
    assert.throws(() => MPI.freeMem(new Float64Array(3)), MPI.ArgumentTypeError);
    assert.throws(() => MPI.freeMem(null as never), MPI.ArgumentTypeError);
  });
});

describe('memory for messages', () => {
  it('lies on huge pages where it is large', () => {
    const memory = messageMemory(5 * MEBI);
    assert.equal(memory.length, 5 * MEBI);
    assert.equal(address(memory) % (2 * MEBI), 0);
    assert.equal(messageMemory(1000).length, 1000);
    MPI.freeMem(memory);
  });

  it('is used again after it was freed, for messages only', () => {
    const memory = messageMemory(6 * MEBI).fill(7);
    const first = address(memory);
    MPI.freeMem(memory);
    const zeroed = MPI.allocMem(Uint8Array, 6 * MEBI);
    assert.ok(zeroed.every((byte) => byte === 0));
    const again = messageMemory(6 * MEBI - 5);
    assert.equal(again.length, 6 * MEBI - 5);
    assert.equal(address(again), first);
    // Most of a long one would be lost in a short one.
    MPI.freeMem(again);
    const short = messageMemory(4 * MEBI);
    assert.notEqual(address(short), first);
    MPI.freeMem(short);
    MPI.freeMem(zeroed);
  });

  it('is used again in a loop that never lets the event loop turn', async () => {
    if (globalThis.gc === undefined) await exposeGc();
    const addresses = new Set<number>();
    for (let k = 0; k < 40; k++) {
      addresses.add(address(messageMemory(9 * MEBI)));
      globalThis.gc!();
    }
    assert.ok(addresses.size < 10, `${addresses.size} places for 40 arrays`);
  });

  it('takes turns in a few places in such a loop, whenever V8 would collect it by itself', () => {
    const addresses = new Set<number>();
    for (let k = 0; k < 120; k++) addresses.add(address(messageMemory(17 * MEBI)));
    // 128 MiB of garbage are scavenged; some are there for longer, since compiled code may show them still.
    assert.ok(addresses.size < 16, `${addresses.size} places for 120 arrays`);
  });

  it('is bounded where arrays live too long to be collected as young ones', () => {
    const addresses = new Set<number>();
    const last: Uint8Array[] = [];
    for (let k = 0; k < 240; k++) {
      const memory = messageMemory(17 * MEBI);
      last[k % 8] = memory;
      addresses.add(address(memory));
    }
    // Those in use, 256 MiB of garbage and what was kept before, but not 4 GiB.
    assert.ok(addresses.size < 68, `${addresses.size} places for 240 arrays`);
  });

  it('leaves nothing behind once the event loop has turned', async () => {
    if (globalThis.gc === undefined) await exposeGc();
    const settle = async () => {
      for (let k = 0; k < 3; k++) {
        globalThis.gc!();
        await new Promise(setImmediate);
      }
      return process.memoryUsage();
    };
    const before = await settle();
    // Nothing is written to them.
    for (let k = 0; k < 5000; k++) assert.notEqual(recycledBuffer(MEBI), null);
    const after = await settle();
    assert.ok(after.heapUsed - before.heapUsed < 2 * MEBI, `${after.heapUsed - before.heapUsed}`);
    assert.ok(after.external - before.external < 16 * MEBI, `${after.external - before.external}`);
  });

  it('is not used again while an array shows it', async () => {
    if (globalThis.gc === undefined) await exposeGc();
    const views = Array.from({ length: 4 }, (_, k) =>
      messageMemory(5 * MEBI)
        .fill(k)
        .subarray(7, 9),
    );
    for (let k = 0; k < 8; k++) {
      globalThis.gc!();
      messageMemory(5 * MEBI).fill(9);
    }
    assert.deepEqual(
      views.map(([first]) => first),
      [0, 1, 2, 3],
    );
    // Another array buffer would go on with memory that is used for the next one.
    assert.equal((views[0].buffer as { transfer?: unknown }).transfer, undefined);
  });

  it('is kept up to 512 MiB', () => {
    const make = () => Array.from({ length: 36 }, () => messageMemory(16 * MEBI));
    const former = make();
    for (const memory of former) memory[0] = 7;
    former.forEach(MPI.freeMem);
    const memories = make();
    // New memory is zeroed, and so is what the system has taken back.
    const used = memories.filter((memory) => memory[0] === 7).length;
    assert.ok(used > 0 && used <= 32, `${used} of 36 were used before`);
    memories.forEach(MPI.freeMem);
  });
});

describe('large local arrays', () => {
  const rows = (bytes: number) => Distribution.fromShape([size, bytes / 8], { dist: 'bn', size });

  it('lie on huge pages, small ones do not', () => {
    const large = new LocalArray(rows(6 * MEBI));
    assert.equal(address(large.data) % (2 * MEBI), 0);
    assert.equal(large.data.byteOffset, 0);
    assert.equal(large.data.buffer.byteLength, 6 * MEBI);
    assert.ok(large.data.every((value) => value === 0));
    const small = new LocalArray(rows(MEBI));
    assert.notEqual(address(small.data) % (2 * MEBI), 0);
  });

  it('are ordinary arrays beyond the memory that may wait for its collection', () => {
    // Nothing is written to them: only the addresses are taken.
    const arrays = Array.from({ length: 36 }, () => new LocalArray(rows(32 * MEBI)).data);
    assert.ok(arrays.every(({ length }) => length === 4 * MEBI));
    const huge = arrays.filter((array) => address(array) % (2 * MEBI) === 0).length;
    assert.ok(huge >= 20 && huge <= 32, `${huge} of 36`);
  });
});

/** Makes `globalThis.gc` without a command line option. */
async function exposeGc(): Promise<void> {
  const { setFlagsFromString } = await import('node:v8');
  const { runInNewContext } = await import('node:vm');
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
}
