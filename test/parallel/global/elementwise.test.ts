import { strict as assert } from 'node:assert';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  abs,
  add,
  Context,
  type DistArray,
  Distribution,
  divide,
  greater,
  maximum,
  multiply,
  sin,
  UnstructuredMap,
  where,
} from '../../../src/entry/index.ts';
import { sentByEach, size } from '../../support/mode.ts';

describe('elementwise functions of DistArrays', () => {
  const ctx = new Context();
  const matrix = (dist: string) => ctx.fromFunction((i, j) => 10 * i + j, [4, 5], { dist });
  const expected = (combine: (i: number, j: number) => number) =>
    Array.from({ length: 4 }, (_, i) => Array.from({ length: 5 }, (_, j) => combine(i, j)));
  const dists = ['bn', 'nb', 'cn', 'nc', 'bb', 'cc', 'bc', 'nn'];

  it('are functions and methods', () => {
    const a = matrix('bn');
    const doubled = expected((i, j) => 2 * (10 * i + j));
    assert.deepEqual(add(a, a).toNested(), doubled);
    assert.deepEqual(a.add(a).toNested(), doubled);
    assert.deepEqual(a.mul(2).toNested(), doubled);
    assert.deepEqual(multiply(2, a).toNested(), doubled);
    assert.deepEqual(sin(a).get(1, 2), Math.sin(12));
    assert.deepEqual(a.negative().absolute().toNested(), a.toNested());
    assert.deepEqual(
      a.clip(5, 20).toNested(),
      expected((i, j) => Math.min(20, Math.max(5, 10 * i + j))),
    );
  });

  it('keep the distribution of operands that lie alike, and send nothing', () => {
    for (const dist of dists) {
      const a = matrix(dist);
      const before = ctx.stats.messages;
      const sum = a.add(a.mul(2));
      assert.equal(sum.distribution, a.distribution);
      assert.equal(ctx.stats.messages, before);
    }
  });

  it('bring operands together that lie differently', () => {
    for (const first of dists) {
      for (const second of dists) {
        const sum = matrix(first).add(matrix(second));
        assert.deepEqual(
          sum.toNested(),
          expected((i, j) => 2 * (10 * i + j)),
        );
      }
    }
  });

  it('move the fewest bytes: narrow operands go to wide ones, one goes to two', () => {
    const wide = ctx.zeros([8, 8], { dist: 'bn' });
    const narrow = ctx.ones([8, 8], { dist: 'nb', dtype: 'int8' });
    const before = ctx.stats.bytes;
    const sum = narrow.add(wide);
    assert.ok(size === 1 || sum.distribution === wide.distribution);
    assert.ok(ctx.stats.bytes - before <= sentByEach(64));
    const other = ctx.zeros([8, 8], { dist: 'nb' });
    const like = ctx.ones(other.distribution);
    const chosen = where(wide.equal(0), other, like);
    assert.ok(size === 1 || chosen.distribution === other.distribution);
  });

  it('broadcast operands of any distribution together', () => {
    for (const dist of dists) {
      const a = matrix(dist);
      for (const vector of ['b', 'c', 'n']) {
        const row = ctx.arange(5, { dist: vector });
        assert.deepEqual(
          a.add(row).toNested(),
          expected((i, j) => 10 * i + 2 * j),
        );
        assert.deepEqual(
          row.subtract(a).toNested(),
          expected((i) => 0 - 10 * i),
        );
        const column = ctx.arange(4, { dist: vector }).slice(':, None');
        assert.deepEqual(
          a.add(column).toNested(),
          expected((i, j) => 11 * i + j),
        );
        assert.deepEqual(
          column.add(row).toNested(),
          expected((i, j) => i + j),
        );
        assert.deepEqual(
          row.add(column).toNested(),
          expected((i, j) => i + j),
        );
      }
    }
  });

  it('take results of reductions, which need not move along the axes that stay', () => {
    for (const dist of dists) {
      const a = matrix(dist);
      const deviations = a.subtract(a.mean({ axis: 1, keepdims: true }));
      assert.deepEqual(
        deviations.toNested(),
        expected((_, j) => j - 2),
      );
      assert.deepEqual(
        a.subtract(a.mean({ axis: 0 })).toNested(),
        expected((i) => 10 * i - 15),
      );
      assert.deepEqual(
        a.subtract(a.sum()).toNested(),
        expected((i, j) => 10 * i + j - 340),
      );
    }
    const a = matrix('bn');
    const means = a.mean({ axis: 1, keepdims: true });
    const before = ctx.stats.messages;
    a.subtract(means);
    a.subtract(a.sum());
    assert.equal(ctx.stats.messages, before);
  });

  it('give numbers that every process knows for 0-d operands', () => {
    const total = ctx.arange(5).sum();
    const scaled = divide(total, 4).add(total.mul(total));
    assert.equal(scaled.item(), 102.5);
    assert.equal(+scaled, 102.5);
    assert.ok(total.greater(9).item());
    assert.ok(total > ctx.zeros([]));
  });

  it('take an element of another process as a 0-d operand', () => {
    const a = ctx.arange(2 * size);
    for (let i = 0; i < 2 * size; i++) {
      assert.deepEqual(
        a.slice([i]).add(a).toNested(),
        Array.from({ length: 2 * size }, (_, k) => k + i),
      );
    }
  });

  it('write to an array of any distribution', () => {
    for (const dist of dists) {
      const out = ctx.zeros([4, 5], { dist });
      assert.equal(matrix('bn').add(matrix('cc'), { out }), out);
      assert.deepEqual(
        out.toNested(),
        expected((i, j) => 2 * (10 * i + j)),
      );
      const view = out.slice('::2, 1::3');
      matrix('bn').slice('::2, 1::3').mul(0, { out: view });
      assert.deepEqual(
        out.toNested(),
        expected((i, j) => (i % 2 === 0 && j % 3 === 1 ? 0 : 2 * (10 * i + j))),
      );
    }
    const a = ctx.arange(6);
    a.slice('1:').add(a.slice(':-1'), { out: a.slice('1:') });
    assert.deepEqual(a.toNested(), [0, 1, 3, 5, 7, 9]);
  });

  it('compute only where a mask is true', () => {
    const a = matrix('bn');
    const mask = matrix('cc').greater(15);
    assert.deepEqual(
      a.mul(-1, { where: mask }).toNested(),
      expected((i, j) => (10 * i + j > 15 ? -(10 * i + j) : 0)),
    );
    const out = ctx.full([4, 5], 7, { dist: 'nb' });
    abs(a, { out, where: mask });
    assert.deepEqual(
      out.toNested(),
      expected((i, j) => (10 * i + j > 15 ? 10 * i + j : 7)),
    );
  });

  it('choose by a condition', () => {
    const a = matrix('bn');
    const even = a.mod(2).equal(0);
    assert.deepEqual(
      where(even, a, -1).toNested(),
      expected((_, j) => (j % 2 ? -1 : 0)).map((row, i) =>
        row.map((value, j) => (value === 0 ? 10 * i + j : value)),
      ),
    );
    assert.deepEqual(where(even, 1, 0).get(0, 0), 1);
    assert.equal(where(true, a, 0).get(1, 1), 11);
    assert.equal(where(even, ctx.arange(5, { dist: 'c' }), a).dtype, 'float64');
  });

  it('promote as NumPy 2 does, numbers by their kind only', () => {
    const int8 = ctx.ones([3], { dtype: 'int8' });
    assert.equal(int8.add(1).dtype, 'int8');
    assert.equal(int8.add(1.5).dtype, 'float64');
    assert.equal(int8.add(ctx.ones([3], { dtype: 'uint8' })).dtype, 'int16');
    assert.equal(ctx.ones([3], { dtype: 'float32' }).add(1.5).dtype, 'float32');
    assert.equal(int8.equal(1000).dtype, 'bool');
    assert.deepEqual(int8.less(1000).toNested(), [true, true, true]);
    assert.equal(int8.sin().dtype, 'float32');
    assert.equal(ctx.ones([3], { dtype: 'complex64' }).abs().dtype, 'float32');
    assert.throws(() => int8.add(300), RangeError);
    assert.throws(() => int8.add(2n ** 70n), RangeError);
    assert.equal(int8.add(int8, { dtype: 'float32' }).dtype, 'float32');
  });

  it('keep 64-bit integers and complex numbers exact', () => {
    const big = ctx.full([3], 2n ** 62n + 1n);
    assert.deepEqual(big.add(1n).toNested(), Array(3).fill(2n ** 62n + 2n));
    assert.deepEqual(big.floorDivide(0n).toNested(), [0n, 0n, 0n]);
    const z = ctx.full([2], { re: 1, im: 2 });
    assert.deepEqual(z.multiply(z).toNested(), Array(2).fill({ re: -3, im: 4 }));
    assert.deepEqual(z.imag().toNested(), [2, 2]);
  });

  it('take unstructured operands', () => {
    const lists = Array.from({ length: size }, (_, r) =>
      [0, 1, 2, 3, 4, 5, 6].filter((i) => (i * 5) % size === r),
    );
    const shuffled = Distribution.fromMaps([
      UnstructuredMap.fromIndices(lists, { oneToOne: true }),
    ]);
    const a = ctx.ones(shuffled).add(ctx.arange(7));
    assert.deepEqual(a.toNested(), [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(ctx.arange(7, { dist: 'c' }).add(a).toNested(), [1, 3, 5, 7, 9, 11, 13]);
  });

  it('take arrays without elements', () => {
    const none = ctx.zeros([0, 4]);
    assert.deepEqual(none.add(ctx.ones([4])).shape, [0, 4]);
    assert.deepEqual(none.add(1).toNested(), []);
    assert.deepEqual(none.sum().item(), 0);
  });

  it('say what is wrong, on every process alike and before anything is sent', () => {
    const a = matrix('bn');
    const before = ctx.stats.messages;
    assert.throws(
      () => a.add(ctx.zeros([4])),
      (error: ArgumentRangeError) => {
        assert.ok(error instanceof ArgumentRangeError);
        assert.match(error.message, /\(4, 5\) \(4\)/);
        return true;
      },
    );
    assert.throws(() => a.add('1' as never), ArgumentTypeError);
    assert.throws(() => add(1, 2), ArgumentTypeError);
    assert.throws(() => a.add(1, { out: ctx.zeros([4, 1]) }), ArgumentRangeError);
    assert.throws(
      () => a.add(1, { out: ctx.zeros([4, 5], { dtype: 'int32' }) }),
      ArgumentTypeError,
    );
    assert.throws(() => a.bitwiseAnd(a), ArgumentTypeError);
    assert.throws(() => a.add(1, { where: a as unknown as DistArray<'bool'> }), ArgumentTypeError);
    assert.throws(() => a.add(new Context().ones([4, 5])), { code: 'ERR_CONTEXT' });
    assert.throws(() => +a, ArgumentTypeError);
    assert.throws(() => maximum(a, null as never), ArgumentTypeError);
    assert.equal(ctx.stats.messages, before);
    assert.equal(greater(a, -1).all().item(), true);
  });
});
