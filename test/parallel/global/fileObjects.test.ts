// ranks: 1-3
/** HDF5 files that a context opens: the same objects wherever the program runs. */
import { strict as assert } from 'node:assert';
import { readFileSync, statSync } from 'node:fs';
import { inspect } from 'node:util';
import type { NdArray } from 'ndarray';
import { Dataset, DatasetSlice, File, Group } from '../../../src/entry/hdf5.ts';
import { Context, LocalArray } from '../../../src/entry/index.ts';
import {
  callMember,
  type ObjectReference,
  openFile,
  packArgument,
} from '../../../src/io/hdf5/objectOperations.ts';
import { COMM_WORLD } from '../../../src/mpi/communicator.ts';
import { Traffic } from '../../../src/ops/redistribute/traffic.ts';
import { failsAlike, SharedDirectory } from '../../support/files.ts';
import { isClient, size } from '../../support/mode.ts';

const ctx = new Context();
const directory = new SharedDirectory('file-objects');
const path = (name: string) => directory.path(name);
const create = (name: string) => ctx.openHdf5File(path(name), { mode: 'w' });

/** An attribute's ndarray, as nested lists or what its elements are. */
function elements(value: unknown): unknown {
  const array = value as NdArray;
  return [...array.shape, ...Array.from({ length: array.size }, (_, k) => array.get(k))];
}

describe('HDF5 files of a context', () => {
  it('are opened, looked into and closed', () => {
    failsAlike(() => ctx.openHdf5File(path('none.h5')), 'ENOENT');
    failsAlike(() => ctx.openHdf5File(''), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => ctx.openHdf5File(path('x.h5'), { mode: 'x' as never }), 'ERR_ARGUMENT_RANGE');
    assert.throws(() => ctx.openHdf5File(path('x.h5'), { mod: 'w' } as never), {
      code: 'ERR_ARGUMENT_RANGE',
    });
    const file = create('closed.h5');
    assert.ok(file instanceof File && file instanceof Group);
    assert.deepEqual(
      [file.filename, file.mode, file.name, file.isClosed],
      [path('closed.h5'), 'w', '/', false],
    );
    assert.equal(String(file), `File '${path('closed.h5')}' (mode 'w')`);
    const dataset = file.createDataset('u', { shape: [3] });
    file.flush();
    file.close();
    file.close();
    assert.ok(file.isClosed);
    failsAlike(() => file.createGroup('late'), 'ERR_HDF5_CLOSED');
    failsAlike(() => dataset.read(), 'ERR_HDF5_CLOSED');
    failsAlike(() => dataset.write(ctx.ones([3])), 'ERR_HDF5_CLOSED');
    assert.throws(() => dataset.shape, { code: 'ERR_HDF5_CLOSED' });
    if (isClient) assert.throws(() => file.comm, { code: 'ERR_NO_LOCAL_DATA' });
    else assert.equal(file.comm, ctx.comm);
  });

  it('have groups, links and datasets', () => {
    using file = create('groups.h5');
    const inner = file.createGroup('a/b/c');
    assert.ok(inner instanceof Group && !(inner instanceof File));
    assert.equal(inner.name, '/a/b/c');
    assert.ok(file.has('a') && file.group('a').has('b/c') && !file.has('b'));
    failsAlike(() => file.createGroup('a/b'), 'EEXIST');
    failsAlike(() => file.get('nothing'), 'ERR_HDF5_KEY');
    failsAlike(() => file.has(5 as never), 'ERR_ARGUMENT_TYPE');
    file.createDataset('a/data', { shape: [2] });
    file.createSoftLink('latest', '/a/data');
    file.createSoftLink('nowhere', '/not/there');
    assert.ok(file.get('latest') instanceof Dataset);
    assert.equal(file.linkTarget('latest'), '/a/data');
    assert.deepEqual(
      file.entries().map(([name, object]) => `${name}: ${object}`),
      ["a: Group '/a'", "latest: Dataset '/latest' of shape [2], float64", 'nowhere: null'],
    );
    assert.match(inspect(file.group('a')), /name: '\/a'/);
    const names: string[] = [];
    assert.equal(
      file.visit((name) => void names.push(name)),
      undefined,
    );
    assert.deepEqual(names, ['a', 'a/b', 'a/b/c', 'a/data']);
    const found = file.visitItems((name, object) =>
      object instanceof Dataset ? [name, object.size] : undefined,
    );
    assert.deepEqual(found, ['a/data', 2]);
    file.delete('a/b');
    assert.deepEqual(file.group('a').keys(), ['data']);
  });

  it('have datasets with properties, which arrays and data are written to', () => {
    const a = ctx.arange(24).reshape([6, 4]);
    using file = create('datasets.h5');
    const dataset = file.createDataset('u', {
      data: a,
      chunks: [2, 4],
      maxshape: [null, 4],
      compression: 'gzip',
      shuffle: true,
      fillValue: -1,
    });
    assert.deepEqual(
      [dataset.shape, dataset.ndim, dataset.size, dataset.dtype, dataset.maxshape, dataset.chunks],
      [[6, 4], 2, 24, 'float64', [null, 4], [2, 4]],
    );
    assert.deepEqual(
      [dataset.compression, dataset.shuffle, dataset.fillValue, dataset.offset],
      ['gzip', true, -1, null],
    );
    assert.ok(dataset.storageSize > 0 && typeof dataset.compressionOpts === 'number');
    dataset.resize(8, { axis: 0 });
    dataset.append(ctx.ones([1, 4]));
    dataset.slice('6, :').write([1, 2, 3, 4]);
    dataset.slice('7:8').write(a.slice('1:2'));
    const expected = [...(a.toNested() as number[][]), [1, 2, 3, 4], [4, 5, 6, 7], [1, 1, 1, 1]];
    assert.deepEqual(dataset.read({ dist: 'cn' }).toNested(), expected);
    const column = dataset.slice('::-1, 1');
    assert.ok(column instanceof DatasetSlice);
    assert.deepEqual(column.shape, [9]);
    assert.deepEqual(column.read(ctx.distribution([9])).toNested(), [1, 5, 2, 21, 17, 13, 9, 5, 1]);
    failsAlike(() => column.read(ctx.distribution([8])), 'ERR_HDF5_SHAPE');
    failsAlike(() => dataset.write(a), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => dataset.slice('0').write(['x'] as never), 'ERR_ARGUMENT_TYPE');
    // What the slice was made of is another one now.
    dataset.resize([4, 4]);
    failsAlike(() => column.read(), 'ERR_HDF5_SHAPE');
  });

  it('take typed arrays and ndarrays, each process its part', () => {
    using file = create('data.h5');
    const numbers = Float32Array.from({ length: 4000 }, (_, k) => k);
    const dataset = file.createDataset('x', { data: numbers });
    assert.equal(dataset.dtype, 'float32');
    assert.equal(+dataset.read().sum({ dtype: 'float64' }), (4000 * 3999) / 2);
    const complex = ctx.full([3], { re: 1, im: -2 }).toArray();
    file.createDataset('z', { data: ctx.full([3], 0, { dtype: 'complex128' }) });
    file.dataset('z').write(complex as never);
    assert.deepEqual(file.dataset('z').read().toNested(), Array(3).fill({ re: 1, im: -2 }));
    dataset.slice('0:2').write(7);
    const box = { start: [0], count: [3] };
    assert.deepEqual([...dataset.readHyperslab(box)], [7, 7, 2]);
    const out = new Float32Array(3);
    assert.equal(dataset.readHyperslab(box, { out }), out);
    assert.deepEqual([...out], [7, 7, 2]);
    failsAlike(() => dataset.readHyperslab({ start: [3999], count: [2] }), /ERR_/);
  });

  it('have attributes of all kinds', () => {
    using file = create('attributes.h5');
    const { attrs } = file.createDataset('u', { shape: [1] });
    attrs.set('text', 'm/s');
    attrs.set('texts', ['a', 'bc'], { texts: 'variable' });
    attrs.set('count', 3, { dtype: 'int64' });
    attrs.set('origin', new Float32Array([0, 0.5]));
    attrs.set('phase', { re: 1, im: 2 });
    attrs.set('flags', ctx.full([2], true).toArray() as never);
    attrs.set('pairs', ctx.full([2], { re: 3, im: 4 }).toArray() as never);
    assert.deepEqual(attrs.keys(), ['count', 'flags', 'origin', 'pairs', 'phase', 'text', 'texts']);
    assert.ok(attrs.has('text') && !attrs.has('nothing'));
    assert.deepEqual(
      ['text', 'texts', 'count', 'phase'].map((name) => attrs.get(name)),
      ['m/s', ['a', 'bc'], 3n, { re: 1, im: 2 }],
    );
    assert.deepEqual(elements(attrs.get('origin')), [2, 0, 0.5]);
    assert.deepEqual(elements(attrs.get('flags')), [2, 1, 1]);
    assert.deepEqual(elements(attrs.get('pairs')), [2, { re: 3, im: 4 }, { re: 3, im: 4 }]);
    // What was an array of bools is one again.
    attrs.set('again', attrs.get('flags') as never);
    assert.deepEqual(new Map(attrs.entries()).get('text'), 'm/s');
    attrs.delete('text');
    failsAlike(() => attrs.get('text'), 'ERR_HDF5_KEY');
    failsAlike(() => attrs.set('x', 'a\0b'), 'ERR_ARGUMENT_RANGE');
  });

  it('lie on the targets of the context, and refuse arrays of another one', () => {
    using some = new Context({ targets: [size - 1] });
    using file = some.openHdf5File(path('targets.h5'), { mode: 'w' });
    const dataset = file.createDataset('u', { data: some.arange(5) });
    assert.deepEqual(dataset.read().targets, [size - 1]);
    assert.throws(() => dataset.write(ctx.arange(5)), { name: 'ContextError' });
    assert.throws(() => file.createDataset('v', { data: ctx.arange(5) }), { name: 'ContextError' });
  });

  it('are as h5py and others find them', () => {
    {
      using file = create('bytes.h5');
      file.createDataset('u', { data: ctx.arange(100) });
      const { offset } = file.dataset('u');
      file.flush();
      assert.ok(offset !== null && offset > 0);
      const bytes = readFileSync(path('bytes.h5')).subarray(offset, offset + 16);
      assert.deepEqual([bytes.readDoubleLE(0), bytes.readDoubleLE(8)], [0, 1]);
    }
    assert.ok(statSync(path('bytes.h5')).size >= 800);
  });
});

if (!isClient) {
  describe('Files that stay where the arrays are', () => {
    const environment = { comm: COMM_WORLD, traffic: new Traffic() };
    const open = (name: string) => {
      const params = { name: path(name), options: { mode: 'w' as const }, targets: [0] };
      return openFile.run([], params, environment) as ObjectReference;
    };
    const call = (object: number, member: string, unused: readonly number[] = []) =>
      callMember.run([], { object, member, args: [], unused }, environment);

    it('are known by numbers, and closed when the program has dropped them', () => {
      const [first, second] = [open('first.h5'), open('second.h5')];
      assert.deepEqual([first.className, first.fields], ['File', { name: '/', mode: 'w' }]);
      const attrs = call(first.number, 'attrs') as ObjectReference;
      assert.deepEqual([attrs.className, call(attrs.number, 'keys')], ['Attributes', []]);
      assert.equal(call(second.number, 'isClosed', [first.number]), false);
      failsAlike(() => call(attrs.number, 'keys'), 'ERR_HDF5_CLOSED');
      failsAlike(() => call(first.number, 'keys'), 'ERR_UNKNOWN_VALUE');
      call(second.number, 'close', [attrs.number]);
      failsAlike(() => call(attrs.number, 'keys'), 'ERR_UNKNOWN_VALUE');
    });

    it('get arguments as they are, but for arrays', () => {
      const array = new LocalArray(ctx.distribution([2]), { comm: ctx.comm });
      const operand = { isOperand: true };
      const operandOf = (value: unknown) => (value === array ? operand : value);
      const slice = [{ start: 1 }];
      assert.equal(packArgument(slice, operandOf), slice);
      assert.equal(packArgument(array, operandOf), operand);
      assert.deepEqual(packArgument({ data: array, dtype: 'bool' }, operandOf), {
        data: operand,
        dtype: 'bool',
      });
    });
  });
}
