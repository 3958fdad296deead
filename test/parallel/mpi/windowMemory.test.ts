import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const next = (rank + 1) % size;
const previous = (rank + size - 1) % size;

describe('Win.allocateShared', () => {
  it('gives every rank arrays over the same memory', () => {
    using win = MPI.Win.allocateShared(Float64Array, 2 + rank, world);
    const parts = Array.from({ length: size }, (_, owner) => win.shared(owner));
    assert.deepEqual(
      parts.map(({ length }) => length),
      Array.from({ length: size }, (_, owner) => 2 + owner),
    );
    assert.ok(parts.every((part) => part.every((value) => value === 0)));
    world.barrier();
    // Everyone writes an element of the next rank's part.
    parts[next][1] = rank + 0.5;
    win.memory![0] = rank;
    win.fence();
    assert.equal(win.memory![1], previous + 0.5);
    assert.deepEqual(
      parts.map(([first]) => first),
      Array.from({ length: size }, (_, owner) => owner),
    );
    win.fence();
  });

  it('takes Atomics, which count exactly', () => {
    using win = MPI.Win.allocateShared(Int32Array, 1, world);
    const counter = win.shared(0);
    for (let k = 0; k < 20_000; k++) Atomics.add(counter, 0, 1);
    world.barrier();
    assert.equal(Atomics.load(counter, 0), 20_000 * size);
    assert.throws(() => Atomics.wait(counter, 0, 0, 0), TypeError);
    world.barrier();
  });

  it('gives several arrays over one part the same memory', () => {
    using win = MPI.Win.allocateShared(Int32Array, 4, world);
    const again = win.shared();
    assert.equal(again.buffer, win.memory!.buffer);
    again[3] = rank;
    assert.equal(win.memory![3], rank);
    world.barrier();
  });

  it('takes all arrays their memory when it is freed', () => {
    const win = MPI.Win.allocateShared(Int32Array, 3, world);
    const part = win.shared(next);
    const half = part.subarray(1);
    world.barrier();
    win.free();
    assert.deepEqual([part.length, half.length, win.memory!.length], [0, 0, 0]);
    part[0] = 5;
    assert.equal(part[0], undefined);
    assert.throws(() => half.fill(1), /detached ArrayBuffer/);
    assert.throws(() => win.shared(0), { class: 'MPI_ERR_WIN' });
  });

  it('may have parts of length 0, and accesses as any window', () => {
    using win = MPI.Win.allocateShared(Int32Array, rank === 0 ? 1 : 0, world);
    assert.equal(win.shared(size - 1).length, size === 1 ? 1 : 0);
    win.lock(0, { type: 'shared' });
    win.accumulate(Int32Array.of(rank + 1), 0);
    win.unlock(0);
    world.barrier();
    assert.equal(win.shared(0)[0], (size * (size + 1)) / 2);
    world.barrier();
  });

  it('is the only kind whose memory is shared', () => {
    using win = MPI.Win.allocate(Int32Array, 1, world);
    assert.throws(() => win.shared(0), { class: 'MPI_ERR_RMA_FLAVOR' });
    assert.throws(() => win.shared(size), MPI.ArgumentRangeError);
  });
});

describe('Win.createDynamic', () => {
  it('reaches what is attached', () => {
    using win = MPI.Win.createDynamic(world);
    assert.equal(win.memory, null);
    const memory = new Int32Array(3);
    const displacement = win.attach(memory);
    const displacements = new Float64Array(size);
    world.allgather(Float64Array.of(displacement), displacements);
    win.fence();
    win.put(Int32Array.of(rank + 1), next, { displacement: displacements[next] + 8 });
    win.fence();
    assert.deepEqual([...memory], [0, 0, previous + 1]);
    win.detach(memory);
    assert.throws(() => win.detach(memory), { class: 'MPI_ERR_RMA_RANGE' });
  });
});
