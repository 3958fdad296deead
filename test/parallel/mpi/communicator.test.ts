import { strict as assert } from 'node:assert';
import * as star from '../../../src/entry/mpi.ts';
import MPI, { COMM_WORLD } from '../../../src/entry/mpi.ts';
import { launcherSize } from '../../../src/native.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

describe('the world', () => {
  it('has as many ranks as the launcher started', () => {
    assert.equal(size, launcherSize());
    assert.equal(world.allreduce(1), size);
    assert.equal(world.allreduce(2 ** rank), 2 ** size - 1);
  });

  it('is the same by every way of importing', () => {
    assert.equal(star.MPI.COMM_WORLD, COMM_WORLD);
    assert.equal(star.COMM_WORLD, world);
  });

  it('knows the MPI that it runs on', () => {
    assert.equal(MPI.flavour(), process.env.DISTARRAY_MPI ?? MPI.flavour());
    assert.match(MPI.getLibraryVersion(), MPI.flavour() === 'openmpi' ? /Open MPI/ : /MPICH/);
    assert.ok(MPI.isInitialized());
    assert.ok(!MPI.isFinalized());
    assert.notEqual(MPI.getProcessorName(), '');
    assert.equal(MPI.queryThread(), 'serialized');
  });

  it('cannot be freed', () => {
    assert.throws(() => world.free(), { class: 'MPI_ERR_COMM' });
    assert.equal(MPI.COMM_SELF.size, 1);
  });
});

describe('dup', () => {
  it('has the same ranks and messages of its own', () => {
    using copy = world.dup();
    assert.equal(copy.rank, rank);
    assert.equal(copy.size, size);
    // A blocking send to oneself may wait for ever.
    if (size === 1) return;
    const next = (rank + 1) % size;
    const previous = (rank + size - 1) % size;
    world.send(Int32Array.of(1), next, { tag: 3 });
    copy.send(Int32Array.of(2), next, { tag: 3 });
    const into = new Int32Array(1);
    copy.recv(into, previous, { tag: 3 });
    assert.equal(into[0], 2);
    world.recv(into, previous, { tag: 3 });
    assert.equal(into[0], 1);
  });
});

describe('split', () => {
  it('groups by color and orders by key', () => {
    using half = world.split(rank % 2, { key: -rank });
    const members = Array.from({ length: size }, (_, r) => r).filter((r) => r % 2 === rank % 2);
    assert.equal(half.size, members.length);
    assert.equal(half.rank, members.reverse().indexOf(rank));
    assert.equal(
      half.allreduce(rank),
      members.reduce((sum, r) => sum + r, 0),
    );
  });

  it('gives COMM_NULL for UNDEFINED, whose use is an error and no crash', () => {
    const some = world.split(rank === 0 ? 0 : MPI.UNDEFINED);
    if (rank === 0) {
      assert.equal(some.size, 1);
      some.free();
    } else {
      assert.equal(some, MPI.COMM_NULL);
      assert.throws(() => some.rank, { class: 'MPI_ERR_COMM' });
      assert.throws(() => some.barrier(), { class: 'MPI_ERR_COMM' });
      assert.throws(() => some.send(new Float64Array(1), 0), { class: 'MPI_ERR_COMM' });
    }
  });

  it('refuses a color that is negative', () => {
    assert.throws(() => world.split(-5), { argument: 'color' });
  });
});

describe('a freed communicator', () => {
  it('is MPI_ERR_COMM for every call', () => {
    const copy = world.dup();
    copy.free();
    assert.ok(copy.isNull);
    assert.throws(() => copy.size, { class: 'MPI_ERR_COMM' });
    assert.throws(() => copy.allreduce(1), { class: 'MPI_ERR_COMM' });
    assert.throws(() => copy.dup(), { class: 'MPI_ERR_COMM' });
    assert.throws(() => copy.free(), { class: 'MPI_ERR_COMM' });
    copy[Symbol.dispose]();
  });

  it('leaves no handle behind that another one could be taken for', () => {
    const first = world.dup();
    const stale = first.handle;
    first.free();
    using second = world.dup();
    assert.notEqual(second.handle, stale);
  });

  it('can be made and freed hundreds of times', () => {
    for (let k = 0; k < 500; k++) world.split(0).free();
  });
});
