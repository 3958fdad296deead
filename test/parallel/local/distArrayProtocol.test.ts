/** `__distarray__()` and `LocalArray.fromDistArray`: the same memory on both sides. */
import { strict as assert } from 'node:assert';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import { LocalArray, zeros } from '../../../src/entry/local.ts';
import {
  BlockMap,
  CyclicMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { type DistributedArrayStructure, validate } from '../../../src/entry/protocol.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

function numbered<D extends Dtype>(distribution: Distribution, dtype: D): LocalArray<D> {
  const array = new LocalArray<D>(distribution, { dtype });
  const ones = array
    .toContiguous()
    .slice()
    .fill((dtype === 'int64' ? 1n : 1) as never);
  ones.forEach((_: unknown, k: number) => {
    (ones as unknown as unknown[])[k] = dtype === 'int64' ? BigInt(k + 100 * rank) : k + 100 * rank;
  });
  return array.assignContiguous(ones as never);
}

const even = (shape: number[], dist: string) => Distribution.fromShape(shape, { dist, size });

const distributions: Record<string, () => Distribution> = {
  blocks: () => even([4 * size, 3], 'bn'),
  'uneven blocks': () =>
    Distribution.fromMaps([
      BlockMap.fromBounds([0, ...Array.from({ length: size }, (_, r) => 2 + 3 * r)]),
    ]),
  'empty parts': () => even([size + 1], 'b'),
  cyclic: () => even([3 * size + 1, 2], 'cn'),
  'block-cyclic': () =>
    Distribution.fromMaps([new CyclicMap(5 * size + 1, size, { blockSize: 2 })]),
  unstructured: () =>
    Distribution.fromMaps([
      UnstructuredMap.fromIndices(
        Array.from({ length: size }, (_, r) => [2 * size - 1 - r, r]),
        { size: 2 * size, oneToOne: true },
      ),
      new UndistributedMap(2),
    ]),
  'with a halo': () => Distribution.fromShape([4 * size, 3], { size, commPadding: 1 }),
  'periodic with a halo': () =>
    Distribution.fromShape([4 * size, 3], { size, commPadding: 1, periodic: true }),
  'with a boundary': () => Distribution.fromShape([4 * size], { size, boundaryPadding: 1 }),
  'no dimension': () => Distribution.replicated([], { size }),
};

describe('__distarray__ and fromDistArray', () => {
  for (const [name, make] of Object.entries(distributions)) {
    it(`share the memory: ${name}`, () => {
      const array = numbered(make(), 'float64');
      const structure = array.__distarray__();
      assert.deepEqual(validate(structure), { valid: true, message: '' });
      const twin = LocalArray.fromDistArray(world, array);
      assert.deepEqual(twin.globalShape, array.globalShape);
      assert.deepEqual(twin.localShape, array.localShape);
      assert.deepEqual(twin.toContiguous(), array.toContiguous());
      array.globalShape.forEach((_, axis) => {
        assert.deepEqual(twin.globalIndices(axis), array.globalIndices(axis));
      });
      assert.equal(twin.data.buffer, array.data.buffer);
      if (array.localSize === 0) return;
      const last = array.localShape.map(() => -1);
      twin.set(-7, ...last);
      assert.equal(array.get(...last), -7);
      array.set(-8, ...last);
      assert.equal(twin.get(...last), -8);
    });
  }

  it('share the memory of transposes; ranks in the order of their grid import them', () => {
    const make = () => Distribution.fromShape([3 * size, 8], { dist: 'bb', size, commPadding: 1 });
    const array = numbered(make(), 'int32');
    const view = array.transpose();
    if (view.rank < 0) return;
    const structure = view.__distarray__();
    assert.deepEqual(validate(structure), { valid: true, message: '' });
    assert.deepEqual(structure.dim_data, [...array.__distarray__().dim_data].reverse());
    if (view.distribution.numProcesses < size) return;
    const inOrder = world.split(0, { key: view.rank });
    const twin = LocalArray.fromDistArray(inOrder, view);
    assert.equal(twin.data.buffer, array.data.buffer);
    assert.deepEqual(twin.toContiguous(), view.toContiguous());
    assert.deepEqual(twin.globalShape, [8, 3 * size]);
    inOrder.free();
  });

  it('share the memory of views, that of every other row backwards too', () => {
    const base = numbered(even([4 * size, 6], 'bn'), 'int64');
    for (const spec of ['1:-1, ::2', '::-1', ':, ::-2', '::3']) {
      const view = base.slice(spec);
      const twin = LocalArray.fromDistArray(world, view);
      assert.deepEqual(twin.toContiguous(), view.toContiguous(), spec);
      assert.deepEqual(twin.globalIndices(0), view.globalIndices(0));
      if (view.localSize === 0) continue;
      twin.fill(-5n);
      assert.equal(view.get(0, 0), -5n);
      assert.equal(base.globalIndex.checkedGetitem([0, 1]) === null, rank !== 0);
    }
  });

  it('give the elements of views that are no strided view of memory', () => {
    const blocks = Distribution.fromMaps([new CyclicMap(6 * size, size, { blockSize: 3 })]);
    const view = numbered(blocks, 'float32').slice('::2');
    const twin = LocalArray.fromDistArray(world, view);
    assert.deepEqual(twin.toContiguous(), view.toContiguous());
    assert.deepEqual(twin.globalIndices(0), view.globalIndices(0));
  });

  it('keep a halo beside elements that are no strided view of memory', () => {
    const maps = [
      new CyclicMap(12, 1, { blockSize: 3 }),
      BlockMap.even(2 * size, size, { commPadding: 1 }),
    ];
    const lists = [Array.from({ length: 12 }, (_, i) => (5 * i) % 12)];
    const unstructured = UnstructuredMap.fromIndices(lists, { size: 12, oneToOne: true });
    for (const map of [maps[0], unstructured]) {
      const array = numbered(Distribution.fromMaps([map, maps[1]]), 'float64');
      const view = array.slice('1:7');
      view.padded.set(0, 0, 42);
      const twin = LocalArray.fromDistArray(world, view);
      assert.deepEqual(twin.toContiguous(), view.toContiguous());
      assert.deepEqual(twin.padded.shape, view.padded.shape);
      assert.equal(twin.padded.get(0, 0), 42);
    }
  });

  it('take memory of any strides, complex too', () => {
    const data = Float32Array.from({ length: 24 }, (_, k) => k);
    const dict = { size: 3 * size, proc_grid_size: size, proc_grid_rank: rank };
    const structure: DistributedArrayStructure = {
      __version__: '0.10.0',
      buffer: { data, shape: [3, 2], strides: [-3, 2], offset: 8, dtype: 'complex64' },
      dim_data: [{ dist_type: 'b', ...dict, start: 3 * rank, stop: 3 * rank + 3 }, {}],
    };
    const array = LocalArray.fromDistArray(world, structure);
    assert.deepEqual(array.globalShape, [3 * size, 2]);
    assert.deepEqual([...array.toContiguous()], [16, 17, 20, 21, 10, 11, 14, 15, 4, 5, 8, 9]);
    array.set({ re: -1, im: -2 }, 2, 1);
    assert.deepEqual([...data.subarray(8, 10)], [-1, -2]);
  });

  it('know of unstructured dimensions the own indices only', () => {
    const array = numbered(distributions.unstructured(), 'float64');
    const map = LocalArray.fromDistArray(world, array).distribution.maps[0] as UnstructuredMap;
    assert.equal(map.isComplete, size === 1);
    assert.equal(map.oneToOne, true);
    assert.equal(map.localSize((rank + 1) % size), 2);
  });

  it('refuse a bad structure of one rank on all of them', () => {
    const good = zeros(even([4 * size], 'b')).__distarray__();
    const bad = { ...good, __version__: '9.0' };
    assert.throws(() => LocalArray.fromDistArray(world, rank === size - 1 ? bad : good), {
      code: 'ERR_ARGUMENT_RANGE',
      message: /a valid structure \(.*for structure/,
    });
    assert.throws(() => LocalArray.fromDistArray(world, null as never), { argument: 'object' });
  });

  it('refuse parts that make no array', () => {
    const dict = { dist_type: 'b', proc_grid_size: size, proc_grid_rank: rank } as const;
    const wrong = {
      __version__: '0.10.0',
      buffer: new Float64Array(2),
      dim_data: [{ ...dict, size: 2 * size + 1, start: 2 * rank, stop: 2 * rank + 2 }],
    };
    assert.throws(() => LocalArray.fromDistArray(world, wrong), { argument: 'dimData' });
  });

  it('has nothing to export on a process without a part', () => {
    const array = zeros(Distribution.fromShape([4], { targets: [size - 1] }));
    if (rank === size - 1) assert.ok(validate(array.__distarray__()).valid);
    else assert.throws(() => array.__distarray__(), { code: 'ERR_NO_PART' });
  });
});
