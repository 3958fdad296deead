// ranks: 1-4
// timeLimit: 120
/** HDF5 files as h5py shows them: groups, datasets, slices, links, visits. */
import { strict as assert } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { DTYPE_NAMES } from '../../../src/dtype/dtype.ts';
import { Dataset, File, type FileMode, Group } from '../../../src/entry/hdf5.ts';
import { fromFunction, type LocalArray, redistribute } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import {
  assertNumbered,
  COLUMNS,
  failsAlike,
  LAYOUTS,
  numbered,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('hdf5File');
const even = (shape: readonly number[], dist?: string) =>
  Distribution.fromShape(shape, { dist, size });

/** A new file in the test's directory. */
const create = (name: string) => new File(directory.path(name), { mode: 'w' });

describe('an HDF5 file', () => {
  it('is made, read, changed and replaced by its modes', () => {
    const name = directory.path('modes.h5');
    const open = (mode?: FileMode) => new File(name, { mode });
    failsAlike(() => open('r'), 'ENOENT');
    failsAlike(() => open('r+'), 'ENOENT');
    {
      using file = open('w-');
      file.createGroup('first');
      assert.equal(file.mode, 'w-');
      assert.equal(file.filename, name);
    }
    failsAlike(() => open('w-'), 'EEXIST');
    {
      using file = open();
      assert.equal(file.mode, 'r');
      assert.deepEqual(file.keys(), ['first']);
      failsAlike(() => file.createGroup('second'), 'ERR_HDF5_READ_ONLY');
    }
    {
      using file = open('a');
      file.createGroup('second');
    }
    {
      using file = open('r+');
      assert.deepEqual(file.keys(), ['first', 'second']);
    }
    {
      using file = open('w');
      assert.deepEqual(file.keys(), []);
    }
    {
      using file = new File(directory.path('new.h5'), { mode: 'a' });
      assert.deepEqual(file.keys(), []);
    }
  });

  it('is closed once, and not used afterwards', () => {
    const file = create('closed.h5');
    const dataset = file.createDataset('u', { shape: [3] });
    assert.ok(!file.isClosed);
    file.close();
    file.close();
    assert.ok(file.isClosed);
    failsAlike(() => file.createGroup('late'), 'ERR_HDF5_CLOSED');
    failsAlike(() => dataset.read(), 'ERR_HDF5_CLOSED');
    assert.throws(() => dataset.shape, { code: 'ERR_HDF5_CLOSED' });
  });

  it('has groups in groups', () => {
    using file = create('groups.h5');
    const inner = file.createGroup('a/b/c');
    assert.equal(inner.name, '/a/b/c');
    assert.ok(file.has('a') && file.has('/a/b') && file.group('a').has('b/c'));
    assert.ok(!file.has('b') && !file.has('a/b/c/d') && !file.has('x/y/z'));
    failsAlike(() => file.createGroup('a/b'), 'EEXIST');
    assert.equal(file.requireGroup('a/b').name, '/a/b');
    assert.equal(file.requireGroup('new').name, '/new');
    assert.ok(file.get('a') instanceof Group);
    assert.throws(() => file.get('nothing'), { code: 'ERR_HDF5_KEY' });
    assert.throws(() => file.dataset('a'), { code: 'ERR_HDF5_KEY' });
    file.createDataset('a/data', { shape: [2] });
    assert.ok(file.get('a/data') instanceof Dataset);
    assert.throws(() => file.group('a/data'), { code: 'ERR_HDF5_KEY' });
    failsAlike(() => file.createGroup('a/data/below'), 'ERR_HDF5_KEY');
    assert.deepEqual(
      file
        .group('a')
        .entries()
        .map(([name, object]) => `${name}: ${object}`),
      ["b: Group '/a/b'", "data: Dataset '/a/data' of shape [2], float64"],
    );
    file.delete('a/b');
    assert.deepEqual(file.group('a').keys(), ['data']);
    failsAlike(() => file.delete('a/b'), 'ERR_HDF5_KEY');
  });

  it('has soft links', () => {
    using file = create('links.h5');
    file.createDataset('data/u', { data: numbered(even([4]), 'int32') });
    file.createSoftLink('latest', '/data/u');
    file.createSoftLink('data/beside', 'u');
    file.createSoftLink('nowhere', '/not/there');
    assert.equal(file.linkTarget('latest'), '/data/u');
    assert.equal(file.linkTarget('data'), null);
    assert.deepEqual(file.dataset('latest').shape, [4]);
    assertNumbered(file.dataset('data/beside').read(), 'int32');
    assert.ok(file.has('latest') && !file.has('nowhere'));
    assert.throws(() => file.get('nowhere'), { code: 'ERR_HDF5_KEY', message: /not\/there/ });
    failsAlike(() => file.createSoftLink('latest', '/data'), 'EEXIST');
    file.delete('latest');
    assert.ok(!file.has('latest') && file.has('data/u'));
  });

  it('is visited, each object once, links not followed', () => {
    using file = create('visit.h5');
    file.createDataset('b/data', { shape: [] });
    file.createGroup('a/inner');
    file.createSoftLink('a/link', '/b');
    const names: string[] = [];
    assert.equal(
      file.visit((name) => void names.push(name)),
      undefined,
    );
    assert.deepEqual(names, ['a', 'a/inner', 'b', 'b/data']);
    const found = file.visitItems((name, object) => (object instanceof Dataset ? name : undefined));
    assert.equal(found, 'b/data');
  });

  it('is used by a part of the processes', () => {
    using half = world.split(rank % 2);
    const name = directory.path(`half-${rank % 2}.h5`);
    using file = new File(name, { mode: 'w', comm: half });
    const distribution = Distribution.fromShape([10], { size: half.size });
    file.createDataset('u', { data: numbered(distribution, 'int16', half) });
    assertNumbered(file.dataset('u').read(), 'int16');
    const strange = numbered(even([10]), 'int16');
    assert.throws(() => file.dataset('u').write(strange), { argument: 'array' });
  });
});

describe('a dataset', () => {
  for (const dtype of DTYPE_NAMES) {
    it(`of ${dtype} is written and read`, () => {
      using file = create(`${dtype}.h5`);
      const shape = [5, 3];
      const dataset = file.createDataset('u', { shape, dtype });
      assert.equal(dataset.dtype, dtype);
      assert.ok(
        dataset
          .read()
          .toContiguous()
          .every((value) => !value),
      );
      dataset.write(numbered(even(shape, 'bc'), dtype));
      assertNumbered(dataset.read({ dist: 'cb' }), dtype);
      assertNumbered(dataset.read(even(shape, 'nb'), { transfer: 'independent' }), dtype);
    });
  }

  for (const [name, layout] of Object.entries(LAYOUTS)) {
    it(`is written from and read to: ${name}`, () => {
      using file = create('layouts.h5');
      const data = numbered(layout(), 'float32');
      const plain = file.createDataset('plain', { data });
      const packed = file.createDataset('packed', { data, chunks: [3, 2], compression: 1 });
      for (const dataset of [plain, packed]) {
        assertNumbered(dataset.read(), 'float32');
        assertNumbered(dataset.read(layout()), 'float32');
      }
    });
  }

  it('tells how it is stored', () => {
    using file = create('stored.h5');
    const dataset = file.createDataset('u', {
      shape: [6, 4],
      dtype: 'int32',
      chunks: [2, 4],
      maxshape: [null, 4],
      compression: 'gzip',
      shuffle: true,
      fillValue: -7,
    });
    assert.deepEqual(dataset.shape, [6, 4]);
    assert.deepEqual([dataset.ndim, dataset.size, dataset.dtype], [2, 24, 'int32']);
    assert.deepEqual(dataset.chunks, [2, 4]);
    assert.deepEqual(dataset.maxshape, [null, 4]);
    assert.deepEqual(
      [dataset.compression, dataset.compressionOpts, dataset.shuffle],
      ['gzip', 4, true],
    );
    assert.equal(dataset.fillValue, -7);
    assert.equal(dataset.offset, null);
    assert.ok(
      dataset
        .read()
        .toContiguous()
        .every((value) => value === -7),
    );
    const plain = file.createDataset('plain', { shape: [3] });
    assert.deepEqual([plain.chunks, plain.compression, plain.fillValue], [null, null, 0]);
    assert.ok(plain.offset! > 0 && plain.storageSize === 24);
  });

  it('is read and written in slices', () => {
    using file = create('slices.h5');
    const value = (i: number, j: number) => 10 * i + j;
    const whole = fromFunction(value, even([ROWS, COLUMNS]), { dtype: 'int32' });
    const dataset = file.createDataset('u', { data: whole });
    for (const spec of [
      '0:10, ::2',
      '3, :',
      '..., 2',
      '::-1, ::-2',
      '1:1, :',
      '5:2:-1, 1:',
      '2, 3',
      '-3:, -2:',
      '::3, ::3',
    ]) {
      const expected = whole.slice(spec);
      const slice = dataset.slice(spec);
      assert.deepEqual(slice.shape, [...expected.globalShape], spec);
      for (const dist of ['b', 'c', 'bc', 'nb'].filter(
        (each) => each.length <= slice.shape.length,
      )) {
        const read = slice.read({ dist });
        assertEqual(read, expected, `${spec} ${dist}`);
      }
    }
    for (const spec of ['0:10, ::2', '::-1, 3', '4, ::-1', '1:1, :', '::4, 1:3', '7, 2']) {
      const target = file.has('copy')
        ? file.dataset('copy')
        : file.createDataset('copy', { data: whole });
      const { shape } = target.slice(spec);
      const part = fromFunction(
        (...index) => -index.reduce((sum, i) => 7 * sum + i, 1),
        even(shape, 'c'.repeat(shape.length)),
        { dtype: 'int32' },
      );
      target.slice(spec).write(part);
      assertEqual(target.slice(spec).read(), part, spec);
    }
    dataset.slice('2:4').write(1);
    assert.deepEqual([...replicated(dataset.slice('1:5, 0').read())], [10, 1, 1, 40]);
    dataset.slice('0, :3').write([5, 6, 7]);
    assert.deepEqual([...replicated(dataset.slice('0').read())], [5, 6, 7, 3, 4, 5, 6]);
    assert.throws(() => dataset.slice('None, :'), { argument: 'slice' });
    assert.throws(() => dataset.slice('11'), { argument: /slice/ });
  });

  it('grows', () => {
    using file = create('grows.h5');
    const dataset = file.createDataset('u', { shape: [0, 3], maxshape: [null, 3], dtype: 'int64' });
    for (const rows of [2, 0, 5]) dataset.append(numbered(even([rows, 3]), 'int64'));
    assert.deepEqual(dataset.shape, [7, 3]);
    assertNumbered(dataset.slice('2:').read(), 'int64');
    dataset.resize([9, 3]);
    assert.deepEqual([...replicated(dataset.slice('6:9, 2').read())], [15n, 0n, 0n]);
    dataset.resize(1, { axis: 0 });
    assert.deepEqual(dataset.shape, [1, 3]);
    failsAlike(() => dataset.resize([2, 4]), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => dataset.append(numbered(even([2, 4]), 'int64')), 'ERR_ARGUMENT_RANGE');
    const fixed = file.createDataset('fixed', { shape: [2] });
    failsAlike(() => fixed.resize([1]), 'ERR_ARGUMENT_RANGE');
    const late = dataset.slice('0:1');
    dataset.resize([4, 3]);
    failsAlike(() => late.read(), 'ERR_HDF5_SHAPE');
  });

  it('is read and written in boxes by each process on its own', () => {
    using file = create('boxes.h5');
    const dataset = file.createDataset('u', { shape: [size, 4, 3], dtype: 'float64' });
    const mine = Float64Array.from({ length: 12 }, (_, k) => 100 * rank + k);
    dataset.writeHyperslab({ start: [rank, 0, 0], count: [1, 4, 3] }, mine);
    file.flush();
    world.barrier();
    const other = (rank + 1) % size;
    for (let round = 0; round <= rank; round++) {
      const out = dataset.readHyperslab({
        start: [other, 1, 0],
        count: [1, 2, 2],
        stride: [1, 2, 2],
      });
      assert.deepEqual(
        [...out],
        [3, 5, 9, 11].map((k) => 100 * other + k),
      );
    }
    const out = new Float64Array(3);
    dataset.readHyperslab({ start: [0, 0, 0], count: [1, 1, 3] }, { out, transfer: 'collective' });
    assert.deepEqual([...out], [0, 1, 2]);
    assert.throws(() => dataset.readHyperslab({ start: [0, 0, 0], count: [1, 5, 3] }), {
      argument: 'slab.count[1]',
    });
  });

  it('refuses what cannot be, before anything is made', () => {
    using file = create('refuse.h5');
    const data = numbered(even([4]), 'float64');
    failsAlike(() => file.createDataset('u', {}), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => file.createDataset('u', { shape: [-1] }), 'ERR_ARGUMENT_RANGE');
    const misspelt = { shape: [4], chunk: [2] };
    failsAlike(() => file.createDataset('u', misspelt), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => file.createDataset('u', { data, shape: [5] }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => file.createDataset('u', { data, dtype: 'int32' }), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => file.createDataset('u', { shape: [4], chunks: [5] }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => file.createDataset('u', { shape: [], compression: 3 }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => file.createDataset('u', { shape: [4], maxshape: [3] }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => file.createDataset('/', { shape: [4] }), 'ERR_ARGUMENT_RANGE');
    const bad = rank === size - 1 ? (3 as unknown as string) : 'u';
    failsAlike(() => file.createDataset(bad, { data }), 'ERR_ARGUMENT_TYPE');
    if (size > 1) {
      assert.throws(() => file.createDataset(`u${rank}`, { data }), { argument: 'name' });
      const shape = [rank];
      assert.throws(() => file.createDataset('u', { shape }), { argument: 'options' });
    }
    assert.deepEqual(file.keys(), []);
    const dataset = file.createDataset('u', { data });
    failsAlike(() => dataset.write(numbered(even([5]), 'float64')), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => dataset.write(numbered(even([4]), 'complex64')), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => dataset.read(even([5])), 'ERR_HDF5_SHAPE');
    failsAlike(() => dataset.read({ transfer: 'both' as 'collective' }), 'ERR_ARGUMENT_RANGE');
    assertNumbered(dataset.read(), 'float64');
    assert.equal(file.requireDataset('u', { shape: [4], dtype: 'float64' }).name, '/u');
    failsAlike(() => file.requireDataset('u', { shape: [5], dtype: 'float64' }), 'ERR_HDF5_SHAPE');
    failsAlike(() => file.requireDataset('u', { shape: [4], dtype: 'int8' }), 'ERR_HDF5_DTYPE');
    file.requireDataset('v', { shape: [4], dtype: 'int8' });
    file.delete('u');
    failsAlike(() => dataset.read(), 'ERR_HDF5_KEY');
  });

  it('is open for writing once', () => {
    const name = directory.path('once.h5');
    {
      using file = new File(name, { mode: 'w' });
      file.createDataset('u', { shape: [4] });
      file.flush();
      failsAlike(() => new File(name, { mode: 'r+' }), 'ERR_HDF5_OPEN');
      failsAlike(() => new File(name, { mode: 'w' }), 'ERR_HDF5_OPEN');
      file.createDataset('v', { shape: [4] });
    }
    using file = new File(name, { mode: 'r+' });
    assert.deepEqual(file.keys(), ['u', 'v']);
  });

  it('refuses what is no HDF5 file', () => {
    const name = directory.path('text.h5');
    if (rank === 0) writeFileSync(name, 'no HDF5 at all');
    world.barrier();
    failsAlike(() => new File(name), 'ERR_HDF5');
    failsAlike(() => new File(directory.path(), { mode: 'w' }), 'EISDIR');
    failsAlike(() => new File('/dev/null', { mode: 'w' }), 'ERR_NOT_A_FILE');
    failsAlike(() => new File(name, { mode: 'rw' as 'r' }), 'ERR_ARGUMENT_RANGE');
  });
});

/** All elements of an array, on every process. */
function replicated(array: LocalArray): ArrayLike<unknown> & Iterable<unknown> {
  return redistribute(array, Distribution.replicated(array.globalShape, { size })).toContiguous();
}

function assertEqual(array: LocalArray, expected: LocalArray, hint: string): void {
  assert.deepEqual([...array.globalShape], [...expected.globalShape], hint);
  assert.deepEqual([...replicated(array)], [...replicated(expected)], hint);
}
