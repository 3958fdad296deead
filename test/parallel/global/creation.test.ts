import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import ndarray from 'ndarray';
import {
  ArgumentRangeError,
  Context,
  Distribution,
  LocalArray,
  MPI,
  newaxis,
} from '../../../src/entry/index.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { isClient, rank, settled, size } from '../../support/mode.ts';

describe('Context: making arrays', () => {
  const ctx = new Context();

  it('knows no more dimensions than the kernels do, on every process alike', () => {
    const most = ctx.zeros(Array(32).fill(1));
    assert.equal(most.toArray().dimension, 32);
    const expected = { code: 'ERR_ARGUMENT_RANGE', message: /at most 32 dimensions/ };
    assert.throws(() => ctx.zeros(Array(33).fill(1)), expected);
    assert.throws(() => ctx.fromFunction(() => 1, Array(33).fill(1)), expected);
    assert.throws(() => ctx.random.rand(Array(33).fill(1)), expected);
    assert.throws(() => most.slice([newaxis, '...']), expected);
    assert.throws(() => most.reshape(Array(33).fill(1)), expected);
  });

  it('spreads zeros, ones, full and empty over its processes', () => {
    const zeros = ctx.zeros([2 * size, 3], { dist: 'bn' });
    assert.deepEqual(zeros.shape, [2 * size, 3]);
    assert.equal(zeros.dtype, 'float64');
    assert.deepEqual(zeros.localShapes(), Array(size).fill([2, 3]));
    if (!isClient) assert.deepEqual(zeros.local.localShape, [2, 3]);
    assert.deepEqual(zeros.toNested(), Array(2 * size).fill([0, 0, 0]));
    assert.deepEqual(ctx.ones([3], { dtype: 'int64' }).toNested(), [1n, 1n, 1n]);
    assert.deepEqual(ctx.full([2, 2], 2.5, { dist: 'nc' }).toNested(), [
      [2.5, 2.5],
      [2.5, 2.5],
    ]);
    assert.deepEqual(ctx.empty([4], { dtype: 'int8' }).shape, [4]);
  });

  it('takes the dtype of values: float64 of numbers, int64 of bigints, bool of booleans', () => {
    assert.equal(ctx.full([2], 7).dtype, 'float64');
    assert.equal(ctx.full([2], 7n).dtype, 'int64');
    assert.equal(ctx.full([2], true).dtype, 'bool');
    assert.equal(ctx.full([2], { re: 1, im: 2 }).dtype, 'complex128');
    assert.equal(ctx.fromArray([[1, 2]]).dtype, 'float64');
    assert.equal(ctx.fromArray([true, false]).dtype, 'bool');
    assert.equal(ctx.fromArray([1n]).dtype, 'int64');
    assert.equal(ctx.arange(10).dtype, 'float64');
    assert.equal(ctx.arange(10n).dtype, 'int64');
  });

  it('makes arrays like others', () => {
    const a = ctx.full([5, 4], 3, { dtype: 'int16', dist: 'cc' });
    for (const like of [ctx.zerosLike(a), ctx.onesLike(a), ctx.emptyLike(a), ctx.fullLike(a, 4)]) {
      assert.equal(like.dtype, 'int16');
      assert.equal(like.distribution, a.distribution);
    }
    assert.equal(ctx.onesLike(a, { dtype: 'float32' }).dtype, 'float32');
    assert.equal(ctx.fullLike(a, 4).get(4, 3), 4);
  });

  it('makes progressions as numpy.arange and numpy.linspace do', () => {
    assert.deepEqual(ctx.arange(5).toNested(), [0, 1, 2, 3, 4]);
    assert.deepEqual(ctx.arange(2, 9, 3).toNested(), [2, 5, 8]);
    assert.deepEqual(ctx.arange(5, 0, -2, { dist: 'c' }).toNested(), [5, 3, 1]);
    assert.deepEqual(ctx.arange(0, 1, 0.25).toNested(), [0, 0.25, 0.5, 0.75]);
    assert.deepEqual(ctx.arange(3n, 6n).toNested(), [3n, 4n, 5n]);
    assert.deepEqual(ctx.arange(2 ** 53, 2 ** 53 + 4, 2).toNested(), [2 ** 53, 2 ** 53 + 2]);
    assert.deepEqual(ctx.arange(3, 1).shape, [0]);
    assert.deepEqual(ctx.arange(4, { dtype: 'uint8' }).toNested(), [0, 1, 2, 3]);
    assert.deepEqual(ctx.linspace(0, 1, 5).toNested(), [0, 0.25, 0.5, 0.75, 1]);
    assert.deepEqual(ctx.linspace(0, 1, 4, { endpoint: false }).toNested(), [0, 0.25, 0.5, 0.75]);
    assert.deepEqual(ctx.linspace(3, 3, 1).toNested(), [3]);
    assert.equal(ctx.linspace(0, 1, 50).get(49), 1);
    assert.deepEqual(ctx.linspace(0, 5, 3, { dtype: 'int32' }).toNested(), [0, 2, 5]);
  });

  it('makes diagonals as numpy.eye does', () => {
    for (const dist of ['bn', 'nb', 'bb', 'cc', 'nc']) {
      assert.deepEqual(ctx.eye(3, 3, { dist }).toNested(), [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]);
      assert.deepEqual(ctx.eye(2, 3, { k: 1, dist }).toNested(), [
        [0, 1, 0],
        [0, 0, 1],
      ]);
      assert.deepEqual(ctx.eye(3, 2, { k: -1, dist, dtype: 'int8' }).toNested(), [
        [0, 0],
        [1, 0],
        [0, 1],
      ]);
    }
  });

  it('takes nested arrays, ndarrays, typed arrays with a shape, and numbers', () => {
    const wanted = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    const data = Float64Array.of(1, 2, 3, 4, 5, 6);
    const transposed = ndarray(Float64Array.of(1, 4, 2, 5, 3, 6), [3, 2]).transpose(1, 0);
    for (const dist of ['bn', 'nb', 'bb', 'cn', 'nc', 'nn']) {
      for (const input of [wanted, { data, shape: [2, 3] }, ndarray(data, [2, 3]), transposed]) {
        assert.deepEqual(ctx.fromArray(input, { dist }).toNested(), wanted);
      }
    }
    assert.deepEqual(ctx.fromNdArray(ndarray(data, [6])).toNested(), [...data]);
    assert.deepEqual(ctx.fromArray(data).toNested(), [...data]);
    assert.equal(ctx.fromArray(4).item(), 4);
    const single = ctx.full([3], { re: 1, im: 2 }, { dtype: 'complex64' });
    const again = ctx.fromArray(single.toArray());
    assert.equal(again.dtype, 'complex64');
    assert.deepEqual(again.toNested(), single.toNested());
    assert.equal(ctx.fromArray([[1, 2]], { dtype: 'int32' }).dtype, 'int32');
    assert.deepEqual(
      ctx.fromArray({ data: Uint8Array.of(1, 0), shape: [2] }, { dtype: 'bool' }).toNested(),
      [true, false],
    );
    const complex = ctx.fromArray(
      { data: Float64Array.of(1, 2, 3, 4), shape: [2] },
      { dtype: 'complex128' },
    );
    assert.deepEqual(complex.toNested(), [
      { re: 1, im: 2 },
      { re: 3, im: 4 },
    ]);
    assert.deepEqual(ctx.fromArray(complex.toArray()).toNested(), complex.toNested());
  });

  it('takes data that one process has', () => {
    for (const root of [0, size - 1]) {
      const data =
        rank === root || isClient
          ? { data: Int32Array.from({ length: 35 }, (_, k) => k), shape: [7, 5] }
          : null;
      const a = ctx.fromArray(data, { root, dist: 'cb' });
      assert.equal(a.dtype, 'int32');
      assert.deepEqual(a.distribution.dist, ['c', 'b']);
      assert.deepEqual(
        a.toNested(),
        ctx.arange(35, { dtype: 'int32' }).distributeAs([7, 5]).toNested(),
      );
    }
  });

  it('of data that differ in shape or dtype are an error on every process alike', function () {
    spmdOnly(this, 'data of several processes');
    if (size === 1) return;
    const mine = rank === 0 ? [1, 2, 3] : [1, 2];
    assert.throws(() => ctx.fromArray(mine), { argument: 'array.shape' });
    assert.throws(() => ctx.fromArray([rank === 0 ? 1 : 1n]), { argument: 'array.dtype' });
    assert.equal(ctx.comm.allreduce(1), size);
  });

  it('tells everybody what is wrong with the data of one process', () => {
    assert.throws(
      () => ctx.fromArray(ctx.isRoot ? [[1, 2], [3]] : null, { root: 0 }),
      /nested arrays that are all as long/,
    );
  });

  it('computes elements from their indices', () => {
    const a = ctx.fromFunction((i, j) => 10 * i + j, [3, 4], { dist: 'bc', dtype: 'int64' });
    assert.deepEqual(a.toNested(), [
      [0n, 1n, 2n, 3n],
      [10n, 11n, 12n, 13n],
      [20n, 21n, 22n, 23n],
    ]);
    const b = ctx.fromIndexArrays(
      ([rows], out) => {
        for (const [k, i] of rows.entries()) out[k] = 2 * i;
      },
      [5],
    );
    assert.deepEqual(b.toNested(), [0, 2, 4, 6, 8]);
  });

  it('throws on every process when a callback throws on one', () => {
    assert.throws(() => {
      const made = () =>
        ctx.fromFunction(
          (i) => {
            if (i === 2) throw new Error('two is too many');
            return i;
          },
          [4],
        );
      settled(ctx, made);
    }, /two is too many/);
  });

  it('takes local arrays', function () {
    spmdOnly(this, 'local parts');
    const rank = ctx.rank as number;
    const distribution = ctx.distribution([3 * size]);
    const local = new LocalArray(distribution, { data: Float64Array.of(rank, rank, rank) });
    const a = ctx.fromLocalArrays(local);
    assert.equal(a.local, local);
    assert.equal(a.get(3 * size - 1), size - 1);
    const dtype = rank === 0 && size > 1 ? 'int8' : 'float64';
    if (size > 1) {
      assert.throws(
        () => ctx.fromLocalArrays(new LocalArray(distribution, { dtype })),
        ArgumentRangeError,
      );
    }
  });

  it('gives back what it was given', () => {
    const values = [
      [1, 2],
      [3, 4],
      [5, 6],
    ];
    const a = ctx.fromArray(values, { dist: 'bc' });
    assert.deepEqual(a.toNested(), values);
    const everywhere = a.toArray();
    assert.deepEqual(everywhere.shape, [3, 2]);
    assert.equal(everywhere.get(2, 1), 6);
    const there = a.toNdArray({ root: size - 1 });
    assert.equal(there?.get(1, 0), rank === size - 1 || isClient ? 3 : undefined);
    const parts = a.getLocalArrays();
    assert.deepEqual(
      parts.map(({ localShape }) => localShape),
      a.localShapes(),
    );
    assert.equal(a.getNdArrays()[0].get(0, 0), 1);
    assert.deepEqual(
      [...a].map((row) => row.toNested()),
      values,
    );
  });

  it('describes arrays without communication', () => {
    const a = ctx.zeros([4, 6], { dtype: 'float32', dist: 'bb' });
    if (ctx.isRoot) {
      assert.equal(a.ndim, 2);
      assert.equal(a.size, 24);
      assert.equal(a.globalSize, 24);
      assert.equal(a.itemsize, 4);
      assert.equal(a.nbytes, 96);
      assert.deepEqual(a.dist, ['b', 'b']);
      assert.match(inspect(a), /^DistArray float32 \[4, 6\], dist bb over grid/);
      assert.deepEqual(JSON.parse(JSON.stringify(a)), {
        shape: [4, 6],
        dtype: 'float32',
        dist: ['b', 'b'],
        gridShape: [...a.gridShape],
        targets: [...a.targets],
      });
    }
    assert.equal(+a.sum(), 0);
  });

  it('shows global values, of large arrays the corners', () => {
    const a = ctx.fromFunction((i, j) => 3 * i + j, [2, 3], { dist: 'nb', dtype: 'int32' });
    assert.equal(String(a), '[[0 1 2]\n [3 4 5]]');
    const large = ctx.arange(5000, { dist: 'c' });
    const before = ctx.stats.bytes;
    assert.equal(
      large.toString(),
      '[0.000e+00 1.000e+00 2.000e+00 ... 4.997e+03 4.998e+03 4.999e+03]',
    );
    assert.equal(ctx.stats.bytes, before);
  });

  it('holds arrays on some of its processes', () => {
    const last = size - 1;
    const some = new Context({ targets: [last] });
    const a = some.arange(6);
    assert.deepEqual(a.targets, [last]);
    if (!isClient) assert.equal(a.local.localSize, rank === last ? 6 : 0);
    assert.equal(+a.sum(), 15);
    assert.deepEqual(a.add(1).toNested(), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(ctx.zeros([8], { targets: [last] }).targets, [last]);
    if (isClient) {
      assert.throws(() => ctx.makeSubcomm([last]), { code: 'ERR_NO_LOCAL_DATA' });
    } else {
      const subcomm = ctx.makeSubcomm([last]);
      assert.equal(subcomm.isNull, rank !== last);
      assert.equal(ctx.makeSubcomm([last]), subcomm);
    }
    some.close();
  });

  it('lives on any communicator', function () {
    spmdOnly(this, 'a communicator');
    const half = MPI.COMM_WORLD.split((rank as number) % 2);
    {
      using inner = new Context({ comm: half });
      assert.equal(inner.size, half.size);
      assert.equal(+inner.ones([10]).sum(), 10);
    }
    half.free();
  });

  it('cannot be used once it is closed', () => {
    const closed = new Context();
    const a = closed.ones([3]);
    closed.close();
    assert.throws(() => closed.zeros([2]), { code: 'ERR_CONTEXT' });
    assert.throws(() => a.add(1), { code: 'ERR_CONTEXT' });
  });

  it('takes distributions of every kind, and has their errors', () => {
    const distribution = Distribution.fromShape([5], { dist: 'c', size });
    assert.equal(ctx.ones(distribution).distribution, distribution);
    assert.throws(() => ctx.zeros([2], { targets: [size] }), ArgumentRangeError);
    assert.throws(
      () => ctx.zeros(Distribution.fromShape([9], { size: size + 1 })),
      ArgumentRangeError,
    );
    assert.throws(() => ctx.zeros([2], { dtype: 'float16' as 'float32' }), /options\.dtype/);
    assert.throws(() => ctx.zeros(3 as never), /shape/);
    assert.throws(() => ctx.fromArray({ data: new Float64Array(3), shape: [2, 2] }), RangeError);
    assert.throws(() => new Context({ targets: [size] }), ArgumentRangeError);
  });
});
