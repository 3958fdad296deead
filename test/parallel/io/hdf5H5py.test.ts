// ranks: 1-4
// timeLimit: 120
/** Files of h5py's in ours, and ours in h5py: attributes, chunks, compression, links; h5dump agrees. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { type AttributeValue, File, loadHdf5 } from '../../../src/entry/hdf5.ts';
import { fromFunction, type LocalArray } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { skip } from '../../launcher/skip.ts';
import { failsAlike, python, SharedDirectory } from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('hdf5H5py');
const program = readFileSync(
  fileURLToPath(new URL('../../fixtures/h5py_file.py', import.meta.url)),
  'utf8',
);

/** What the Python program makes of the number k. */
function element(dtype: Dtype, k: number): number | bigint | boolean | { re: number; im: number } {
  if (DTYPES[dtype].lanes === 2) return { re: k, im: 0 - k };
  if (dtype === 'bool') return k % 2 === 1;
  return dtype === 'int64' || dtype === 'uint64' ? BigInt(k) : k;
}

function sample(dtype: Dtype, shape: readonly number[], comm = world): LocalArray {
  const dist = 'bc'.slice(0, shape.length);
  const distribution = Distribution.fromShape(shape, { dist, size: comm.size });
  const flat = (index: readonly number[]) =>
    index.reduce((sum, i, axis) => sum * shape[axis] + i, 0);
  return fromFunction((...index) => element(dtype, flat(index)) as number, distribution, {
    dtype,
    comm,
  });
}

/** An attribute's array as nested arrays. */
function nested(value: AttributeValue): unknown {
  const array = value as unknown as { shape: number[]; get(...index: number[]): unknown };
  const level = (index: number[]): unknown =>
    index.length === array.shape.length
      ? array.get(...index)
      : Array.from({ length: array.shape[index.length] }, (_, k) => level([...index, k]));
  return level([]);
}

describe('HDF5 files of h5py', () => {
  let name: string;

  before(function () {
    if (!python('import h5py').ok) skip(this, 'h5py is not installed');
    name = directory.path('theirs.h5');
    const { ok, text } = python(program, 'write', name);
    assert.ok(ok, text);
  });

  it('have attributes of every dtype, in either byte order', () => {
    using file = new File(name);
    for (const dtype of DTYPE_NAMES) {
      assert.deepEqual(file.attrs.get(`scalar_${dtype}`), element(dtype, 3));
      const expected = [0, 3].map((row) =>
        [0, 1, 2].map((k) => {
          const value = element(dtype, row + k);
          return dtype === 'bool' ? Number(value) : value;
        }),
      );
      assert.deepEqual(nested(file.attrs.get(`array_${dtype}`)), expected, dtype);
      if (!file.attrs.has(`big_${dtype}`)) continue;
      assert.deepEqual(nested(file.attrs.get(`big_${dtype}`)), expected, `big ${dtype}`);
    }
  });

  it('have attributes of text, none, and others', () => {
    using file = new File(name);
    assert.equal(file.attrs.get('text'), 'variable é');
    assert.equal(file.attrs.get('fixed'), 'fixed');
    assert.deepEqual(file.attrs.get('texts'), ['a', '', 'long one']);
    assert.deepEqual(file.attrs.get('fixed_texts'), [
      ['ab', 'c'],
      ['', 'defg'],
    ]);
    assert.equal(file.attrs.get('empty'), null);
    assert.deepEqual((file.attrs.get('none') as { shape: number[] }).shape, [0, 3]);
    assert.throws(() => file.attrs.get('record'), { code: 'ERR_HDF5_DTYPE' });
    assert.throws(() => file.attrs.get('missing'), { code: 'ERR_HDF5_KEY' });
    assert.ok(file.attrs.keys().includes('record'));
  });

  it('have compressed datasets of every dtype, in either byte order', () => {
    for (const dtype of DTYPE_NAMES) {
      const expected = sample(dtype, [11, 7]);
      for (const order of ['little', 'big']) {
        const key = `packed/${order}/${dtype}`;
        const back = loadHdf5(name, expected.distribution, { key });
        assert.equal(back.dtype, dtype);
        assert.deepEqual(back.toContiguous(), expected.toContiguous(), key);
      }
    }
  });

  it('are changed by one process, big-endian and compressed ones too', () => {
    using alone = world.split(rank);
    if (rank === 0) {
      using file = new File(name, { mode: 'r+', comm: alone });
      for (const dtype of DTYPE_NAMES) {
        for (const order of ['packed/little', 'packed/big']) {
          const dataset = file.dataset(`${order}/${dtype}`);
          dataset.resize([20, 7]);
          const part = sample(dtype, [9, 7], alone);
          dataset.slice('11:').write(part);
        }
      }
    }
    world.barrier();
    const { ok, text } = python(
      `import sys, h5py, numpy as np
with h5py.File(sys.argv[1]) as f:
    for order in ('little', 'big'):
        for name, d in f['packed'][order].items():
            v = d[()]
            assert v.shape == (20, 7), v.shape
            assert (v[11:] == v[:9]).all() and len(np.unique(v)) > 1, (order, name, v)
print('fine')`,
      name,
    );
    assert.ok(ok, text);
  });

  it('are refused where HDF5 cannot write them in parallel', () => {
    if (size === 1) return;
    {
      using file = new File(name, { mode: 'r+' });
      failsAlike(() => file.dataset('packed/big/int32').write(1), 'ERR_HDF5_PARALLEL');
      const dataset = file.dataset('packed/little/int32');
      dataset.write(sample('int32', [20, 7]));
      assert.deepEqual(
        dataset.read({ dist: 'bc' }).toContiguous(),
        sample('int32', [20, 7]).toContiguous(),
      );
      dataset.resize([30, 7]);
      failsAlike(() => dataset.write(1), 'ERR_HDF5_PARALLEL');
    }
  });

  it('can have chunks that nobody has written', () => {
    const path = directory.path('sparse.h5');
    const { ok, text } = python(
      `
import sys
import h5py
with h5py.File(sys.argv[1], 'w') as file:
    for compression in (None, 'gzip'):
        for written in range(16):
            key = f'{compression}/{written}'
            u = file.create_dataset(key, (8, 4), 'i4', chunks=(2, 4), maxshape=(None, 4),
                                    fillvalue=-1, compression=compression)
            for k in range(4):
                if written >> k & 1:
                    u[2 * k:2 * k + 2] = k`,
      path,
    );
    assert.ok(ok, text);
    using file = new File(path, { mode: 'r+' });
    for (const key of ['None', 'gzip']) {
      for (let written = 0; written < 16; written++) {
        const dataset = file.dataset(`${key}/${written}`);
        const rows = Distribution.fromShape([8, 4], { size });
        const expected = fromFunction(
          (i) => ((written >> Math.floor(i / 2)) & 1 ? Math.floor(i / 2) : -1),
          rows,
          { dtype: 'int32' },
        ).toContiguous();
        for (const target of [{}, { transfer: 'independent' as const }]) {
          assert.deepEqual(dataset.read(target).toContiguous(), expected, dataset.name);
        }
        assert.equal(dataset.read({ dist: 'nc' }).globalShape[0], 8);
        const slab = { start: [0, 0], count: [8, 4] };
        assert.equal(dataset.readHyperslab(slab, { transfer: 'collective' }).length, 32);
        if (size === 1) continue;
        // A file that is open for writing gives a dataset without any chunk all of them.
        if (written > 0 && written < 15) {
          failsAlike(() => dataset.write(1), 'ERR_HDF5_PARALLEL');
          const write = () =>
            dataset.writeHyperslab(slab, new Int32Array(32), { transfer: 'collective' });
          failsAlike(write, 'ERR_HDF5_PARALLEL');
        }
        const more = sample('int32', [3, 4]);
        failsAlike(() => dataset.append(more), 'ERR_HDF5_PARALLEL');
        assert.deepEqual(dataset.shape, [8, 4]);
        dataset.resize([11, 4]);
        const grown = dataset.slice('8:').read().toContiguous() as Int32Array;
        assert.ok(
          grown.every((value) => value === -1),
          dataset.name,
        );
      }
    }
  });

  it('are refused where the library lacks their filter', () => {
    const path = directory.path('lzf.h5');
    const { ok, text } = python(
      `
import sys
import h5py
import numpy as np
with h5py.File(sys.argv[1], 'w') as file:
    file.create_dataset('u', data=np.zeros(100), compression='lzf')`,
      path,
    );
    assert.ok(ok, text);
    using file = new File(path, { mode: 'r+' });
    failsAlike(() => file.dataset('u').read(), 'ERR_HDF5_FILTER');
    failsAlike(() => file.dataset('u').slice('0:3').write(1), 'ERR_HDF5_FILTER');
  });

  it('have links, texts and fill values', () => {
    using file = new File(name);
    assert.equal(file.linkTarget('other'), '/packed');
    assert.ok(file.has('other/big/int32') && !file.has('lost') && !file.has('external'));
    const objects = new Map(file.entries());
    assert.equal(objects.get('lost'), null);
    assert.equal(objects.get('external'), null);
    assert.equal(file.dataset('filled').fillValue, 5);
    assert.equal(file.dataset('texts').dtype, null);
    failsAlike(() => file.dataset('texts').read(), 'ERR_HDF5_DTYPE');
    const names: string[] = [];
    file.visit((one) => void names.push(one));
    assert.ok(names.includes('hard') && !names.includes('other') && !names.includes('lost'));
    assert.ok(!names.includes('packed/little/int16'), 'each object once');
  });
});

describe('HDF5 files of ours', () => {
  before(function () {
    if (!python('import h5py').ok) skip(this, 'h5py is not installed');
  });

  it('are in h5py what they are here', () => {
    const name = directory.path('ours.h5');
    {
      using file = new File(name, { mode: 'w' });
      const { attrs } = file;
      for (const dtype of DTYPE_NAMES) {
        attrs.set(`scalar_${dtype}`, element(dtype, 3), { dtype });
        const { lanes, arrayType } = DTYPES[dtype];
        const data = new arrayType(2 * 3 * lanes);
        for (let k = 0; k < data.length; k++) {
          data[k] = (
            data instanceof BigInt64Array || data instanceof BigUint64Array ? BigInt(k % 2) : k % 2
          ) as never;
        }
        attrs.set(`array_${dtype}`, { data, shape: [2, 3] } as never, { dtype });
        file.createDataset(`packed/${dtype}`, {
          data: sample(dtype, [11, 7]),
          chunks: [4, 3],
          compression: 'gzip',
          shuffle: true,
          maxshape: [null, 7],
        });
      }
      attrs.set('number', 1.5);
      attrs.set('bigint', 2n ** 62n);
      attrs.set('flag', true);
      attrs.set('text', 'fixed é');
      attrs.set('variable', 'variable é', { texts: 'variable' });
      attrs.set('texts', ['a', '', 'long one']);
      attrs.set('variables', ['a', '', 'long one'], { texts: 'variable' });
      attrs.set('nested', [
        [1, 2],
        [3, 4],
      ]);
      attrs.set('twice', 'first');
      attrs.set('twice', new Int16Array([1, 2, 3]));
      attrs.set('gone', 1);
      attrs.delete('gone');
      failsAlike(() => attrs.delete('gone'), 'ERR_HDF5_KEY');
      failsAlike(() => attrs.set('huge', new Float64Array(9000)), 'ERR_ARGUMENT_RANGE');
      failsAlike(() => attrs.set('', 1), 'ERR_ARGUMENT_RANGE');
      failsAlike(() => attrs.set('bad', ['a', 1 as unknown as string]), 'ERR_ARGUMENT_TYPE');
      if (size > 1) assert.throws(() => attrs.set('own', rank), { argument: 'value' });
      assert.ok(!attrs.has('huge') && !attrs.has('own'));
      assert.deepEqual(attrs.get('text'), 'fixed é');
      assert.deepEqual(attrs.get('variables'), ['a', '', 'long one']);
      file.createSoftLink('link', '/packed');
      file.createDataset('filled', { shape: [3], dtype: 'int32', fillValue: 5 });
      file.createDataset('one', { data: 2.5 });
      file.createDataset('none', { shape: [0, 4], dtype: 'uint8' });
    }
    const { ok, text } = python(program, 'tell', name);
    assert.ok(ok, text);
    const found = JSON.parse(text);
    for (const dtype of DTYPE_NAMES) {
      const { lanes } = DTYPES[dtype];
      const value = (k: number) => (lanes === 2 ? [k, 0 - k] : [dtype === 'bool' ? k % 2 : k]);
      const [name_, shape, scalar] = found.attrs[`scalar_${dtype}`];
      assert.deepEqual([name_, shape], [dtype, []]);
      assert.deepEqual(numbers(scalar), value(3));
      assert.deepEqual(found.attrs[`array_${dtype}`].slice(0, 2), [dtype, [2, 3]]);
      assert.equal(numbers(found.attrs[`array_${dtype}`][2]).join(''), '01'.repeat(3 * lanes));
      const dataset = found[`packed/${dtype}`];
      assert.deepEqual(dataset.value.slice(0, 2), [dtype, [11, 7]]);
      const all = Array.from({ length: 77 }, (_, k) => value(k)).flat();
      assert.deepEqual(numbers(dataset.value[2]), all, dtype);
      const { chunks, maxshape, compression, opts, shuffle } = dataset;
      assert.deepEqual(
        [chunks, maxshape, compression, opts, shuffle],
        [[4, 3], [null, 7], 'gzip', 4, true],
      );
    }
    const { attrs } = found;
    assert.deepEqual(attrs.number, ['float64', [], ['1.5']]);
    assert.deepEqual(attrs.bigint, ['int64', [], [String(2n ** 62n)]]);
    assert.deepEqual(attrs.flag, ['bool', [], ['True']]);
    assert.deepEqual(attrs.text, { bytes: 'fixed é' });
    assert.equal(attrs.variable, 'variable é');
    assert.deepEqual(attrs.texts, [{ bytes: 'a' }, { bytes: '' }, { bytes: 'long one' }]);
    assert.deepEqual(attrs.variables, ['a', '', 'long one']);
    assert.deepEqual(attrs.nested, ['float64', [2, 2], ['1.0', '2.0', '3.0', '4.0']]);
    assert.deepEqual(attrs.twice, ['int16', [3], ['1', '2', '3']]);
    assert.ok(!('gone' in attrs));
    assert.deepEqual(found.links, { link: '/packed' });
    assert.deepEqual(found.filled.value, ['int32', [3], ['5', '5', '5']]);
    assert.deepEqual(found.filled.fill, ['int32', [], ['5']]);
    assert.deepEqual(found.one.value, ['float64', [], ['2.5']]);
    assert.deepEqual(found.none.value, ['uint8', [0, 4], []]);
  });

  it('are well-formed for h5dump', function () {
    const file = directory.path('ours.h5');
    const dumped = rank === 0 ? spawnSync('h5dump', ['-H', file], { encoding: 'utf8' }) : null;
    const { installed, status, text } = world.bcastObject({
      installed: dumped?.error === undefined,
      status: dumped?.status,
      text: `${dumped?.stdout}`,
    }) as { installed: boolean; status: number; text: string };
    if (!installed) skip(this, 'h5dump is not installed');
    assert.equal(status, 0);
    assert.match(text, /DATASET "complex64" \{\s+DATATYPE {2}H5T_COMPOUND/);
    assert.match(text, /"FALSE" +0;\s+"TRUE" +1;/);
  });
});

function numbers(texts: string[]): number[] {
  return texts.map((text) => Number({ False: 0, True: 1 }[text] ?? text) + 0);
}
