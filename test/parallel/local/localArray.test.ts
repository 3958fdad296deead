import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import ndarray from 'ndarray';
import { full, LocalArray, ones, zeros } from '../../../src/entry/local.ts';
import { CyclicMap, Distribution, UndistributedMap } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

describe('LocalArray', () => {
  it('holds the part of this rank, for every kind of map', () => {
    const shape = [7, 5];
    const blockCyclic = Distribution.fromMaps([
      new CyclicMap(7, size, { blockSize: 2 }),
      new UndistributedMap(5),
    ]);
    const distributions = ['bn', 'cn', 'nb', 'bb', 'cc'].map((dist) =>
      Distribution.fromShape(shape, { dist, size }),
    );
    for (const distribution of [...distributions, blockCyclic]) {
      const local = zeros(distribution);
      assert.deepEqual(
        local.localShape,
        local.rank < 0 ? [0, 0] : distribution.localShape(local.rank),
      );
      assert.equal(local.data.length, local.localSize);
      assert.equal(world.allreduce(local.localSize), 35);
      assert.equal(local.globalSize, 35);
      for (let i = 0; i < local.localShape[0]; i++) {
        if (local.localShape[1] === 0) continue;
        assert.deepEqual(local.globalFromLocal([i, 0]), [
          local.globalIndices(0)[i],
          local.globalIndices(1)[0],
        ]);
      }
    }
  });

  it('lets its scijs ndarray share its memory', () => {
    const local = zeros(Distribution.fromShape([4 * size, 3], { size }));
    const view = local.ndarray;
    assert.deepEqual(view.shape, [4, 3]);
    view.set(1, 2, 42);
    assert.equal(local.data[5], 42);
    local.data[0] = -1;
    assert.equal(view.get(0, 0), -1);
    assert.equal(view.data, local.data);
    assert.equal(local.ndarray, view);
    assert.equal(view.constructor, ndarray(new Float64Array(1), [1, 1]).constructor);
  });

  it('gets and sets complex numbers, and shows their parts as ndarrays', () => {
    const distribution = Distribution.fromShape([2 * size], { size });
    const local = new LocalArray(distribution, { dtype: 'complex128' });
    local.ndarray.set(1, { re: 2, im: -3 });
    assert.deepEqual([...local.data], [0, 0, 2, -3]);
    assert.deepEqual(local.ndarray.get(1), { re: 2, im: -3 });
    assert.equal(local.imag.get(1), -3);
    local.real.set(0, 9);
    assert.deepEqual([...local.data], [9, 0, 2, -3]);
    assert.throws(() => zeros(distribution).imag, { code: 'ERR_ARGUMENT_TYPE' });
  });

  it('stores every dtype in its typed array', () => {
    const distribution = Distribution.fromShape([3 * size], { size });
    const kinds = {
      bool: Uint8Array,
      int8: Int8Array,
      int64: BigInt64Array,
      uint64: BigUint64Array,
      float32: Float32Array,
      complex64: Float32Array,
    } as const;
    for (const [dtype, Kind] of Object.entries(kinds)) {
      const local = ones(distribution, { dtype: dtype as keyof typeof kinds });
      assert.ok(local.data instanceof Kind, dtype);
      assert.equal(local.data.byteLength, 3 * local.itemsize);
    }
    assert.deepEqual([...full(distribution, true, { dtype: 'bool' }).data], [1, 1, 1]);
    assert.deepEqual([...full(distribution, 2n ** 60n, { dtype: 'int64' }).data][0], 2n ** 60n);
    const pairs = full(distribution, { re: 1, im: 2 }, { dtype: 'complex64' });
    assert.deepEqual([...pairs.data], [1, 2, 1, 2, 1, 2]);
  });

  it('uses memory that it is given, without a copy', () => {
    const distribution = Distribution.fromShape([2 * size], { size });
    const data = Float64Array.of(1, 2);
    assert.equal(new LocalArray(distribution, { data }).data, data);
  });

  it('is empty on ranks that the distribution does not need', () => {
    const onOne = Distribution.fromShape([4], { size: 1 });
    const local = zeros(onOne);
    assert.equal(local.rank, rank === 0 ? 0 : -1);
    assert.equal(local.localSize, rank === 0 ? 4 : 0);
    const onLast = Distribution.fromShape([4], { targets: [size - 1] });
    assert.equal(zeros(onLast).rank, rank === size - 1 ? 0 : -1);
    const few = zeros(Distribution.fromShape([2], { size }));
    assert.equal(few.localSize, size === 1 ? 2 : rank < 2 ? 1 : 0);
  });

  it('lives on a communicator of its own when told so', () => {
    using half = world.split(rank % 2);
    const local = ones(Distribution.fromShape([10], { size: half.size }), { comm: half });
    assert.equal(half.allreduce(local.localSize), 10);
  });

  it('describes itself without communication', () => {
    const local = zeros(Distribution.fromShape([size, 4], { size }), { dtype: 'float32' });
    if (rank !== 0) return;
    assert.match(inspect(local), /LocalArray float32 \[1, 4\] of \[\d, 4\], rank 0 of grid/);
  });

  it('refuses what cannot be, on every rank alike', () => {
    const distribution = Distribution.fromShape([4 * size], { size });
    assert.throws(() => zeros(distribution, { dtype: 'float16' as 'float32' }), {
      argument: 'options.dtype',
    });
    assert.throws(() => new LocalArray(distribution, { data: new Float64Array(3) }), {
      argument: 'options.data',
      message: /Expected 4 elements, as the local shape wants for options.data, but received 3/,
    });
    assert.throws(
      () => {
        const data = new Float32Array(4) as unknown as Float64Array;
        return new LocalArray(distribution, { data, dtype: 'float64' });
      },
      { argument: 'options.data', code: 'ERR_ARGUMENT_TYPE' },
    );
    assert.throws(() => zeros([4] as unknown as Distribution), { argument: 'distribution' });
    assert.throws(() => zeros(Distribution.fromShape([100], { size: size + 1 })), {
      argument: 'distribution',
    });
  });
});
