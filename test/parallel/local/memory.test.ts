/** What a LocalArray is made over, and its memory as ndarrays, halos, and other dtypes. */
import { strict as assert } from 'node:assert';
import ndarray from 'ndarray';
import { LocalArray, zeros } from '../../../src/entry/local.ts';
import { CyclicMap, Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const { rank, size } = MPI.COMM_WORLD;
const rows = (columns = 3) => Distribution.fromShape([2 * size, columns], { size });

describe('memory of a LocalArray', () => {
  it('can be a typed array, an array buffer, an ndarray, or strided memory: none is copied', () => {
    const data = Float32Array.from({ length: 6 }, (_, k) => k);
    const typed = new LocalArray(rows(), { data });
    assert.deepEqual([typed.dtype, typed.data === data], ['float32', true]);
    const bytes = new LocalArray(rows(), { data: data.buffer, dtype: 'int32' });
    bytes.set(0, 0, 0);
    const columns = ndarray(data, [2, 3], [1, 2]);
    const turned = new LocalArray(rows(), { data: columns });
    assert.deepEqual([...turned.toContiguous()], [0, 2, 4, 1, 3, 5]);
    turned.set(9, 1, 2);
    assert.equal(data[5], 9);
    const backwards = { data, shape: [2, 3], strides: [-3, -1], offset: 5 };
    const reversed = new LocalArray(rows(), { data: backwards });
    assert.equal(reversed.get(0, 0), 9);
    assert.equal(reversed.ndarray.get(1, 2), 0);
    const flags = ndarray(new Uint8Array(6), [2, 3]);
    const bools = new LocalArray(rows(), { data: flags, dtype: 'bool' });
    assert.equal(bools.set(true, 1, 1).get(1, 1), true);
    assert.equal(flags.get(1, 1), 1);
  });

  it('must fit the local shape and the dtype', () => {
    const wrong = (data: unknown, dtype?: 'float64') => () =>
      new LocalArray(rows(), { data: data as Float64Array, dtype });
    for (const data of [
      new Float64Array(5),
      new ArrayBuffer(40),
      ndarray(new Float64Array(6), [3, 2]),
      { data: new Float64Array(6), shape: [2, 3], strides: [3, 2] },
      [1, 2, 3],
      'memory',
      null,
    ]) {
      assert.throws(wrong(data), { argument: 'options.data' }, String(data));
    }
    const floats = ndarray(new Float32Array(6), [2, 3]);
    assert.throws(wrong(floats, 'float64'), {
      argument: 'options.data',
      message: /elements of dtype float64.*received type string \("float32"\)/,
    });
  });

  it('includes the halo of a distribution with communication padding', () => {
    const padded = Distribution.fromShape([3 * size, 2], { size, commPadding: 1, periodic: true });
    const array = zeros(padded).fill(1);
    const [lower, upper] = array.halo[0];
    assert.deepEqual([lower, upper], [1, 1]);
    assert.deepEqual(array.halo[1], [0, 0]);
    assert.equal(array.data.length, 10);
    assert.deepEqual(array.ndarray.shape, [3, 2]);
    assert.deepEqual(array.padded.shape, [5, 2]);
    assert.deepEqual([...array.data], [0, 0, 1, 1, 1, 1, 1, 1, 0, 0]);
    array.padded.set(0, 1, 7);
    array.ndarray.set(0, 0, 5);
    assert.deepEqual([array.data[1], array.padded.get(1, 0)], [7, 5]);
    assert.deepEqual([...array.toContiguous()], [5, 1, 1, 1, 1, 1]);
    assert.deepEqual(array.copy().data, array.data);
    assert.deepEqual([...array.astype('int8').data], [...array.data]);
    const { shape, offset } = array.paddedStrided;
    assert.deepEqual([shape, offset, array.strided.offset], [[5, 2], 0, 2]);
    const view = array.slice('1:-1, 0');
    assert.equal(view.hasHalo, false);
    assert.deepEqual(array.slice(':, 1').halo, [[1, 1]]);
    const data = new Float64Array(10);
    assert.equal(new LocalArray(padded, { data }).data, data);
    assert.throws(() => new LocalArray(padded, { data: new Float64Array(6) }), {
      argument: 'options.data',
    });
  });

  it('is seen by scijs ndarrays of elements that are no strided view of it', () => {
    const blocks = Distribution.fromMaps([new CyclicMap(12 * size, size, { blockSize: 3 })]);
    const array = new LocalArray(blocks, { dtype: 'complex64' });
    const view = array.slice('::2');
    view.ndarray.set(1, { re: 1, im: 2 });
    assert.deepEqual(view.get(1), { re: 1, im: 2 });
    assert.deepEqual([view.real.get(1), view.imag.get(1)], [1, 2]);
    view.imag.set(1, -2);
    const [global] = view.globalFromLocal([1]);
    assert.deepEqual(array.globalIndex.get(2 * global), { re: 1, im: -2 });
    const big = new LocalArray(blocks, { dtype: 'int64' }).slice('::2');
    big.ndarray.set(0, 2n ** 60n);
    assert.equal(big.ndarray.get(0), 2n ** 60n);
  });

  it('is none on processes without a part, 0-d arrays included', () => {
    for (const shape of [[], [4], [0, 3]]) {
      const array = zeros(Distribution.fromShape(shape, { targets: [size - 1] }));
      if (rank < size - 1) {
        assert.deepEqual([array.rank, array.localSize, array.data.length], [-1, 0, 0]);
        assert.deepEqual(
          [array.toContiguous().length, array.dimData, array.cartCoords],
          [0, [], []],
        );
        assert.throws(() => array.get(...shape.map(() => 0)), RangeError);
        assert.equal(array.fill(3).copy().data.length, 0);
        assert.equal(String(array), '[]');
        assert.equal(array.slice('...').localSize, 0);
      } else {
        assert.equal(array.fill(3).toContiguous().length, array.localSize);
      }
    }
    const everywhere = zeros(Distribution.replicated([], { size }), { dtype: 'int64' });
    assert.equal(everywhere.set(4n).get(), 4n);
    assert.equal(String(everywhere), '4');
  });
});

describe('views of other dtypes', () => {
  it('have more or fewer elements in a row, over the same bytes', () => {
    const array = zeros(rows(4), { dtype: 'float64' }).fill(1.5);
    const halves = array.view('uint32');
    assert.deepEqual(
      [halves.globalShape, halves.localShape],
      [
        [2 * size, 8],
        [2, 8],
      ],
    );
    assert.deepEqual([halves.base, halves.get(0, 1)], [array, 0x3ff80000]);
    halves.set(0, 1, 7);
    assert.equal(array.get(1, 3), 0);
    const pairs = array.view('complex128');
    assert.deepEqual(pairs.localShape, [2, 2]);
    assert.deepEqual(pairs.get(0, 0), { re: 1.5, im: 1.5 });
    assert.deepEqual(array.localView('complex128').get(0, 1), { re: 1.5, im: 1.5 });
    assert.equal(array.view().base, array);
    const bits = array.view('int64');
    assert.equal(bits.get(0, 0), 0x3ff8000000000000n);
    const columns = Distribution.fromShape([3, 4 * size], { dist: 'nb', size });
    assert.deepEqual(zeros(columns).view('float32').localShape, [3, 8]);
    assert.deepEqual(zeros(rows(4)).slice('::2').view('float32').localShape.at(-1), 8);
  });

  it('see every dtype of the same size, whatever the strides', () => {
    const blocks = Distribution.fromMaps([new CyclicMap(12 * size, size, { blockSize: 3 })]);
    const array = zeros(blocks, { dtype: 'float32' });
    const view = array.slice('::2').view('int32');
    view.fill(0x3f800000);
    assert.ok(
      array
        .slice('::2')
        .toContiguous()
        .every((value) => value === 1),
    );
  });

  it('refuse bytes that make no elements, on every rank alike', () => {
    const array = zeros(rows(3), { dtype: 'float32' });
    assert.throws(() => array.view('float64'), { argument: 'dtype' });
    assert.throws(() => zeros(rows(4)).slice(':, ::2').view('float32'), { argument: 'dtype' });
    assert.throws(() => zeros(Distribution.replicated([], { size })).view('float32'), {
      argument: 'dtype',
    });
    const uneven = Distribution.fromMaps([new CyclicMap(2 * size, size)]);
    if (size > 1) {
      assert.throws(() => zeros(uneven, { dtype: 'int8' }).view('int16'), RangeError);
    }
    assert.throws(() => array.view('float16' as 'float32'), { argument: 'dtype' });
  });
});
