// ranks: 1-4
// timeLimit: 120
/** What `saveHdf5` stores beside the elements, how it stores them, and what `loadHdf5` makes of it. */
import { strict as assert } from 'node:assert';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { File, loadHdf5, saveHdf5 } from '../../../src/entry/hdf5.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import {
  assertNumbered,
  COLUMNS,
  failsAlike,
  LAYOUTS,
  numbered,
  python,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('hdf5Stored');
const shape = [ROWS, COLUMNS];
const even = (dist?: string) => Distribution.fromShape(shape, { dist, size });

describe('a stored distribution', () => {
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    it(`is read again: ${name}`, () => {
      const file = directory.path(`${name}.h5`);
      const distribution = layout();
      saveHdf5(file, numbered(distribution, 'int32'));
      const back = loadHdf5(file);
      assertNumbered(back, 'int32');
      // Each process knows its own indices only: nobody could write them all down.
      const isStored = name !== 'unstructured, each knows its own' || size === 1;
      assert.ok(back.distribution.equals(isStored ? distribution : even()), `${back.distribution}`);
    });
  }

  it('is that of a view', () => {
    for (const spec of ['1:-1, ::2', '::-1, 2:', '::3, ::-2']) {
      for (const layout of ['bb', 'cc', 'block-cyclic', 'unstructured', 'with a halo']) {
        const file = directory.path('view.h5');
        const view = numbered(LAYOUTS[layout](), 'int32').slice(spec);
        saveHdf5(file, view, { mode: 'w' });
        const back = loadHdf5(file);
        assert.ok(back.distribution.equals(view.distribution), `${layout} ${spec}`);
        assert.deepEqual(back.toContiguous(), view.toContiguous());
      }
    }
  });

  it('is not asked when something else is said', () => {
    const file = directory.path('asked.h5');
    saveHdf5(file, numbered(even('cc'), 'int32'));
    assert.deepEqual(loadHdf5(file, { dist: 'nb' }).distribution.dist, ['n', 'b']);
    assert.deepEqual(loadHdf5(file, { targets: [size - 1] }).distribution.targets, [size - 1]);
    assert.ok(loadHdf5(file, even('bc')).distribution.equals(even('bc')));
  });

  it('is left alone on another number of processes, after a change, and where there is none', () => {
    const file = directory.path('alone.h5');
    saveHdf5(file, numbered(even('cc'), 'int32'), { maxshape: [null, COLUMNS] });
    saveHdf5(file, numbered(even('cc'), 'int32'), { key: 'plain', storeDistribution: false });
    assert.ok(loadHdf5(file, { key: 'plain' }).distribution.equals(even()));
    if (size > 1) {
      using few = world.split(rank === 0 ? 0 : 1);
      if (rank === 0) {
        const back = loadHdf5(file, { comm: few });
        assertNumbered(back, 'int32');
        assert.equal(back.distribution.numProcesses, 1);
      }
      world.barrier();
    }
    {
      using opened = new File(file, { mode: 'r+' });
      opened.dataset('buffer').resize([ROWS - 1, COLUMNS]);
      for (const nonsense of ['[', '{}', '{"version": 1, "processes": 1e9}', 7]) {
        opened.dataset('plain').attrs.set('distarray_distribution', nonsense);
        assert.ok(opened.dataset('plain').attrs.has('distarray_distribution'));
      }
    }
    assert.deepEqual(loadHdf5(file).distribution.dist, ['b', 'n']);
    assert.ok(loadHdf5(file, { key: 'plain' }).distribution.equals(even()));
  });

  it('is read by h5py', function () {
    if (!python('import h5py').ok) this.skip();
    const file = directory.path('h5py.h5');
    saveHdf5(file, numbered(even('cc'), 'int32'), { mode: 'w' });
    const { ok, text } = python(
      `import sys, json, h5py
with h5py.File(sys.argv[1]) as f:
    print(json.dumps(json.loads(f['buffer'].attrs['distarray_distribution'])['maps']))`,
      file,
    );
    assert.ok(ok, text);
    const [rows] = JSON.parse(text);
    assert.deepEqual([rows.dist_type, rows.size], ['c', ROWS]);
  });
});

describe('saveHdf5', () => {
  it('stores in chunks, compressed', () => {
    const file = directory.path('packed.h5');
    const array = numbered(even('bb'), 'int64');
    saveHdf5(file, array, { key: 'a', compression: 'gzip', shuffle: true });
    saveHdf5(file, array, { key: 'b', chunks: [2, 3], compression: 9 });
    saveHdf5(file, array, { key: 'c', chunks: true, alignment: 4096, info: { cb_nodes: '1' } });
    for (const key of ['a', 'b', 'c']) assertNumbered(loadHdf5(file, { key }), 'int64');
    using opened = new File(file);
    assert.deepEqual(opened.dataset('a').chunks, shape);
    assert.ok(opened.dataset('a').shuffle && opened.dataset('a').storageSize < 8 * 77);
    assert.deepEqual(opened.dataset('b').chunks, [2, 3]);
    assert.equal(opened.dataset('b').compressionOpts, 9);
    assert.equal(opened.dataset('c').compression, null);
  });

  it('places what is large at multiples of the alignment', () => {
    const file = directory.path('aligned.h5');
    const array = numbered(Distribution.fromShape([20_000], { size }), 'float64');
    saveHdf5(file, array, { alignment: 2 ** 20 });
    using opened = new File(file);
    assert.equal(opened.dataset('buffer').offset! % 2 ** 20, 0);
  });

  it('adds to a copy when it shall be atomic', () => {
    const file = directory.path('atomic.h5');
    saveHdf5(file, numbered(even(), 'int32'), { key: 'first' });
    const before = statSync(file).ino;
    world.barrier();
    saveHdf5(file, numbered(even('cc'), 'int16'), { key: 'second', atomic: true });
    assert.notEqual(statSync(file).ino, before);
    assertNumbered(loadHdf5(file, { key: 'first' }), 'int32');
    assertNumbered(loadHdf5(file, { key: 'second' }), 'int16');
    const bytes = readFileSync(file);
    const inode = statSync(file).ino;
    world.barrier();
    const again = () => saveHdf5(file, numbered(even(), 'int32'), { key: 'second', atomic: true });
    failsAlike(again, 'EEXIST');
    assert.equal(statSync(file).ino, inode);
    assert.ok(readFileSync(file).equals(bytes));
    saveHdf5(directory.path('new.h5'), numbered(even(), 'int32'), { atomic: true });
    assertNumbered(loadHdf5(directory.path('new.h5')), 'int32');
  });

  it('names options that cannot be, and leaves the file as it was', () => {
    const file = directory.path('options.h5');
    const array = numbered(even(), 'int32');
    saveHdf5(file, array);
    const bytes = readFileSync(file);
    world.barrier();
    for (const options of [
      { chunks: [3] },
      { chunks: [12, 7] },
      { chunks: false, compression: 'gzip' as const },
      { compression: 10 },
      { compression: 'lzf' as 'gzip' },
      { maxshape: [5, 5] },
      { transfer: 'fast' as 'collective' },
      { alignment: 0 },
    ]) {
      failsAlike(() => saveHdf5(file, array, { key: 'b', ...options }), 'ERR_ARGUMENT_RANGE');
    }
    for (const options of [{ shuffle: 1 }, { atomic: 'yes' }, { info: { cb_nodes: 1 } }]) {
      const wrong = options as unknown as { atomic: boolean };
      failsAlike(() => saveHdf5(file, array, { key: 'b', ...wrong }), 'ERR_ARGUMENT_TYPE');
    }
    if (size > 1) {
      const own = { key: 'b', compression: rank === 0 ? 1 : 2 };
      assert.throws(() => saveHdf5(file, array, own), { argument: 'options' });
      const one = rank === size - 1 ? { compression: -1 } : { compression: 1 };
      failsAlike(() => saveHdf5(file, array, { key: 'b', ...one }), 'ERR_ARGUMENT_RANGE');
    }
    assert.ok(readFileSync(file).equals(bytes));
  });
});

describe('damaged HDF5 files', () => {
  it('are errors on all processes, wherever they end', () => {
    const whole = directory.path('whole.h5');
    const file = directory.path('damaged.h5');
    saveHdf5(whole, numbered(even('bb'), 'float64'), {
      key: 'g/u',
      chunks: [4, 4],
      compression: 1,
    });
    const { size: bytes } = statSync(whole);
    for (let part = 0; part < 12; part++) {
      if (rank === 0) writeFileSync(file, readFileSync(whole).subarray(0, (bytes * part) / 12));
      world.barrier();
      failsAlike(() => loadHdf5(file, even(), { key: 'g/u' }), /^ERR_HDF5/);
      // An empty file HDF5 takes for a new one.
      if (part > 0) failsAlike(() => saveHdf5(file, numbered(even(), 'int8')), /^ERR_HDF5/);
      world.barrier();
    }
  });

  it('are errors, or read, when bytes have changed', () => {
    const whole = directory.path('whole.h5');
    const file = directory.path('changed.h5');
    saveHdf5(whole, numbered(even('bb'), 'int16'), { mode: 'w', key: 'u' });
    const { size: bytes } = statSync(whole);
    for (let k = 0; k < 60; k++) {
      if (rank === 0) {
        const content = readFileSync(whole);
        const at = (k * 7919) % Math.min(bytes, 1500);
        content[at] ^= 1 + ((k * 31) % 255);
        writeFileSync(file, content);
      }
      world.barrier();
      let outcome = 'read';
      try {
        loadHdf5(file, even(), { key: 'u' });
      } catch (error) {
        outcome = (error as { code: string }).code;
        assert.match(outcome, /^ERR_HDF5/);
      }
      const all = world.allgatherObjects(outcome);
      assert.deepEqual(new Set(all).size, 1, String(all));
    }
  });
});
