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
      const ofCall = (call: string) => ({ class: 'MPI_ERR_COMM', call });
      assert.throws(() => some.send(new Float64Array(1), 0), ofCall('MPI_Send'));
      assert.throws(() => some.recv(new Float64Array(1), 0), ofCall('MPI_Recv'));
    }
  });

  it('refuses a color that is negative', () => {
    assert.throws(() => world.split(-5), { argument: 'color' });
  });
});

describe('idup', () => {
  it('makes the copy while other work goes on', async () => {
    const request = world.idup();
    assert.equal(world.allreduce(1), size);
    using copy = await request;
    assert.ok(copy instanceof MPI.Comm);
    assert.equal(copy.compare(world), 'congruent');
    assert.equal(copy.allreduce(1), size);
    using waited = copy.idup().wait();
    assert.equal(waited.rank, rank);
  });

  it('keeps the topology', () => {
    using ring = world.createCart([size], { periods: [true] });
    using copy = ring.idup().wait();
    assert.deepEqual(copy.dims, [size]);
  });
});

describe('splitType', () => {
  it('gives the ranks of this host', () => {
    using host = world.splitType('shared', { key: -rank });
    assert.equal(host.size, size);
    assert.equal(host.rank, size - 1 - rank);
    assert.equal(world.splitType(MPI.UNDEFINED), MPI.COMM_NULL);
  });

  it('takes hints, and refuses other types', () => {
    using host = world.splitType('shared', { info: { mpi_unknown_hint: 'x' } });
    assert.equal(host.size, size);
    assert.throws(() => world.splitType('core' as 'shared'), { argument: 'type' });
    const info = { hint: 1 } as unknown as MPI.Info;
    assert.throws(() => world.splitType('shared', { info }), { argument: 'options.info.hint' });
  });
});

describe('create and createGroup', () => {
  it('make a communicator of the processes of a group', () => {
    using all = world.group;
    using others = size > 1 ? all.excl([0]) : world.group;
    const made = world.create(others);
    if (others.rank === MPI.UNDEFINED) {
      assert.equal(made, MPI.COMM_NULL);
      return;
    }
    assert.equal(made.size, others.size);
    assert.equal(made.rank, others.rank);
    // Rank 0 takes no part.
    using again = world.createGroup(others, { tag: 7 });
    assert.equal(again.compare(made), 'congruent');
    assert.equal(again.allreduce(1), others.size);
    made.free();
  });

  it('refuse what is no group', () => {
    const none = world as unknown as MPI.Group;
    assert.throws(() => world.create(none), { argument: 'group' });
    assert.throws(() => world.createGroup(none), { argument: 'group' });
    assert.throws(() => world.createGroup(MPI.GROUP_EMPTY, { tag: -1 }), {
      argument: 'options.tag',
    });
  });
});

describe('compare', () => {
  it('tells how two communicators are alike', () => {
    using copy = world.dup();
    using backward = world.split(0, { key: -rank });
    assert.equal(world.compare(world), 'identical');
    assert.equal(world.compare(copy), 'congruent');
    assert.equal(world.compare(backward), size === 1 ? 'congruent' : 'similar');
    assert.equal(world.compare(MPI.COMM_SELF), size === 1 ? 'congruent' : 'unequal');
    assert.throws(() => world.compare(MPI.COMM_NULL), { class: 'MPI_ERR_COMM' });
    assert.throws(() => world.compare({} as MPI.Comm), { argument: 'other' });
  });
});

describe('the name', () => {
  it('can be read and set', () => {
    assert.equal(world.name, 'MPI_COMM_WORLD');
    using copy = world.dup();
    copy.name = 'Zürich ↔ Genève';
    assert.equal(copy.name, 'Zürich ↔ Genève');
    copy.name = '';
    assert.equal(copy.name, '');
    assert.throws(
      () => {
        copy.name = 'a\0b';
      },
      { argument: 'name' },
    );
    assert.throws(() => MPI.COMM_NULL.name, { class: 'MPI_ERR_COMM' });
  });
});

describe('hints', () => {
  it('go in and out as plain objects', () => {
    using copy = world.dup();
    copy.setInfo({});
    copy.setInfo({ mpi_assert_allow_overtaking: 'false' });
    const info = copy.getInfo();
    for (const [key, value] of Object.entries(info)) {
      assert.equal(typeof value, 'string');
      assert.notEqual(key, '');
    }
    assert.throws(() => copy.setInfo([] as unknown as MPI.Info), { argument: 'info' });
  });
});

describe('Fortran handles', () => {
  it('come back as the same communicator', () => {
    assert.equal(MPI.Comm.fromFortran(world.toFortran()), world);
    assert.equal(MPI.Comm.fromFortran(MPI.COMM_SELF.toFortran()), MPI.COMM_SELF);
    const keyval = MPI.createKeyval<string>();
    using copy = world.dup();
    copy.setAttr(keyval, 'kept');
    const same = MPI.Comm.fromFortran(copy.toFortran());
    assert.equal(same.compare(copy), 'identical');
    assert.equal(same.getAttr(keyval), 'kept');
  });

  it('have the class of what they stand for', () => {
    using ring = world.createCart([size], { periods: [true] });
    const same = MPI.Comm.fromFortran(ring.toFortran());
    assert.ok(same instanceof MPI.CartComm);
    assert.deepEqual(same.periods, [true]);
  });

  it('are MPI_ERR_COMM when they are none', () => {
    assert.throws(() => MPI.Comm.fromFortran(123_456_789), { class: 'MPI_ERR_COMM' });
    assert.throws(() => MPI.Comm.fromFortran(-1), { class: 'MPI_ERR_COMM' });
    assert.throws(() => MPI.Comm.fromFortran(1.5), { argument: 'number' });
    assert.throws(() => MPI.COMM_NULL.toFortran(), { class: 'MPI_ERR_COMM' });
  });

  it('are stale when the communicator was freed', () => {
    const copy = world.dup();
    const same = MPI.Comm.fromFortran(copy.toFortran());
    copy.free();
    assert.throws(() => same.barrier(), { class: 'MPI_ERR_COMM' });
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
