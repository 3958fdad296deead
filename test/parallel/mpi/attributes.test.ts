import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;

describe('attributes', () => {
  it('keep any value, by keyval and communicator', () => {
    using comm = world.dup();
    const first = MPI.createKeyval<{ depth: number }>();
    const second = MPI.createKeyval<string>();
    assert.equal(comm.getAttr(first), undefined);
    comm.setAttr(first, { depth: 3 });
    comm.setAttr(second, 'name');
    assert.equal(comm.getAttr(first)?.depth, 3);
    assert.equal(comm.getAttr(second), 'name');
    assert.equal(world.getAttr(first), undefined);
    assert.ok(comm.deleteAttr(first));
    assert.ok(!comm.deleteAttr(first));
    assert.equal(comm.getAttr(first), undefined);
  });

  it('go to a duplicate as their keyval says', async () => {
    using comm = world.dup();
    const stays = MPI.createKeyval<number>();
    const goes = MPI.createKeyval<number[]>({ copy: true });
    const doubles = MPI.createKeyval<number>({ copy: (value) => 2 * value });
    const refuses = MPI.createKeyval<number>({ copy: () => undefined });
    const list = [1, 2];
    comm.setAttr(stays, 1);
    comm.setAttr(goes, list);
    comm.setAttr(doubles, 21);
    comm.setAttr(refuses, 5);
    using copy = comm.dup();
    const request = comm.idup();
    comm.setAttr(doubles, 0);
    using later = await request;
    for (const duplicate of [copy, later]) {
      assert.equal(duplicate.getAttr(stays), undefined);
      assert.equal(duplicate.getAttr(goes), list);
      assert.equal(duplicate.getAttr(doubles), 42);
      assert.equal(duplicate.getAttr(refuses), undefined);
    }
    using part = comm.split(0);
    assert.equal(part.getAttr(goes), undefined);
  });

  it('are deleted when replaced, deleted and freed', () => {
    const deleted: string[] = [];
    const keyval = MPI.createKeyval<string>({
      delete: (value, of) => {
        assert.ok(!of.isNull);
        deleted.push(value);
      },
    });
    const comm = world.dup();
    comm.setAttr(keyval, 'a');
    comm.setAttr(keyval, 'b');
    assert.deepEqual(deleted, ['a']);
    comm.deleteAttr(keyval);
    assert.deepEqual(deleted, ['a', 'b']);
    comm.setAttr(keyval, 'c');
    comm.free();
    assert.deepEqual(deleted, ['a', 'b', 'c']);
    assert.throws(() => comm.getAttr(keyval), { class: 'MPI_ERR_COMM' });
  });

  it('keep the communicator when a deletion throws', () => {
    const comm = world.dup();
    let needed = true;
    const keyval = MPI.createKeyval<string>({
      delete: () => {
        if (needed) throw new Error('still needed');
      },
    });
    comm.setAttr(keyval, 'a');
    assert.throws(() => comm.free(), /still needed/);
    assert.throws(() => comm.setAttr(keyval, 'b'), /still needed/);
    assert.equal(comm.getAttr(keyval), 'a');
    assert.equal(comm.allreduce(1), world.size);
    needed = false;
    comm.free();
    assert.ok(comm.isNull);
  });

  it('tell what MPI knows', () => {
    const universe = world.getAttr(MPI.UNIVERSE_SIZE);
    assert.ok(universe === undefined || universe >= 1);
    const global = world.getAttr(MPI.WTIME_IS_GLOBAL);
    assert.ok(global === undefined || global === 0 || global === 1);
    assert.throws(() => world.setAttr(MPI.APPNUM, 3), { class: 'MPI_ERR_KEYVAL' });
    assert.throws(() => world.deleteAttr(MPI.APPNUM), { class: 'MPI_ERR_KEYVAL' });
  });

  it('refuse what is no keyval', () => {
    assert.throws(() => world.getAttr({} as MPI.Keyval<number>), { argument: 'keyval' });
    assert.throws(() => MPI.createKeyval({ copy: 1 as unknown as boolean }), {
      argument: 'options.copy',
    });
  });
});
