import { strict as assert } from 'node:assert';
import {
  Context,
  concatenate,
  diagonal,
  dsplit,
  hsplit,
  rot90,
  stack,
  vsplit,
} from '../../../src/entry/index.ts';

const ctx = new Context();
const element = (i: number, j: number, k = 0) => 100 * i + 10 * j + k;
const matrix = (dist: string) => ctx.fromFunction(element, [3, 5], { dist, dtype: 'int16' });
const cube = (dist: string) => ctx.fromFunction(element, [3, 4, 2], { dist });

/** Nested arrays of a function of the indices. */
function nested(shape: readonly number[], value: (...index: number[]) => number): unknown {
  const build = (index: readonly number[]): unknown =>
    index.length === shape.length
      ? value(...index)
      : Array.from({ length: shape[index.length] }, (_, i) => build([...index, i]));
  return build([]);
}

describe('rot90', () => {
  it('turns planes as NumPy does, as views', () => {
    for (const dist of ['bn', 'nb', 'bc', 'cc']) {
      const a = matrix(dist);
      assert.deepEqual(
        rot90(a).toNested(),
        nested([5, 3], (i, j) => element(j, 4 - i)),
      );
      assert.deepEqual(
        rot90(a, 2).toNested(),
        nested([3, 5], (i, j) => element(2 - i, 4 - j)),
      );
      assert.deepEqual(
        rot90(a, -1).toNested(),
        nested([5, 3], (i, j) => element(2 - j, i)),
      );
      assert.deepEqual(rot90(a, 5).toNested(), rot90(a).toNested());
      assert.deepEqual(rot90(a, 4).toNested(), a.toNested());
      const back = rot90(a, 1, { axes: [1, 0] });
      assert.deepEqual(back.toNested(), rot90(a, 3).toNested());
      back.set(-7, 0, 0);
      assert.equal(a.get(2, 0), -7);
    }
    const turned = rot90(cube('bcn'), 1, { axes: [1, 2] });
    assert.deepEqual(
      turned.toNested(),
      nested([3, 2, 4], (i, j, k) => element(i, k, 1 - j)),
    );
    assert.throws(() => rot90(ctx.ones([3])), RangeError);
    assert.throws(() => rot90(matrix('bn'), 1, { axes: [0, 0] }), RangeError);
    assert.throws(() => rot90(matrix('bn'), 0.5), RangeError);
  });
});

describe('diagonal', () => {
  it('has the elements of one diagonal, along the last dimension', () => {
    for (const dist of ['bn', 'nb', 'bc', 'cc']) {
      const a = matrix(dist);
      assert.deepEqual(a.diagonal().toNested(), [0, 110, 220]);
      assert.deepEqual(diagonal(a, { offset: 3 }).toNested(), [30, 140]);
      assert.deepEqual(a.diagonal({ offset: -1 }).toNested(), [100, 210]);
      assert.deepEqual(a.diagonal({ offset: 9 }).toNested(), []);
      assert.deepEqual(a.T.diagonal({ offset: 1 }).toNested(), [100, 210]);
      assert.equal(a.diagonal().dtype, 'int16');
      assert.equal(+a.diagonal({ offset: 1 }).sum(), +a.trace({ offset: 1 }));
    }
    const planes = cube('bnc').diagonal({ axis1: 2, axis2: 0 });
    assert.deepEqual(
      planes.toNested(),
      nested([4, 2], (j, d) => element(d, j, d)),
    );
    assert.throws(() => ctx.ones([3]).diagonal(), RangeError);
    assert.throws(() => cube('bnn').diagonal({ axis1: 1 }), /another axis/);
  });
});

describe('margins of what the elements come to', () => {
  it('are made axis by axis, as NumPy makes them', () => {
    for (const dist of ['bn', 'nb', 'cc']) {
      const a = ctx.fromArray(
        [
          [1, 4, 3],
          [7, 0, 6],
        ],
        { dtype: 'int32', dist },
      );
      const padded = (mode: 'maximum' | 'minimum' | 'mean') =>
        a
          .pad(
            [
              [1, 0],
              [0, 2],
            ],
            { mode },
          )
          .toNested();
      // numpy.pad(a, ((1, 0), (0, 2)), mode)
      assert.deepEqual(padded('maximum'), [
        [7, 4, 6, 7, 7],
        [1, 4, 3, 4, 4],
        [7, 0, 6, 7, 7],
      ]);
      assert.deepEqual(padded('minimum'), [
        [1, 0, 3, 0, 0],
        [1, 4, 3, 1, 1],
        [7, 0, 6, 0, 0],
      ]);
      assert.deepEqual(padded('mean'), [
        [4, 2, 4, 3, 3],
        [1, 4, 3, 3, 3],
        [7, 0, 6, 4, 4],
      ]);
      const wider = a.pad(1, { mode: 'maximum' });
      assert.equal(wider.dtype, 'int32');
      assert.deepEqual([...wider.gridShape], [...a.gridShape]);
    }
    assert.throws(() => ctx.zeros([0]).pad(1, { mode: 'mean' }), { argument: 'options.mode' });
    assert.throws(() => ctx.zeros([3]).pad(1, { mode: 'median' as never }), /minimum, mean/);
  });
});

describe('out', () => {
  it('gets products and joined arrays, wherever it lies', () => {
    const [a, b] = [ctx.fromFunction(element, [4, 4]), ctx.fromFunction((i, j) => i - j, [4, 4])];
    for (const dist of ['bn', 'cc']) {
      const out = ctx.zeros([4, 4], { dist, dtype: 'float32' });
      for (const name of ['matmul', 'dot', 'inner'] as const) {
        assert.equal(a[name](b, { out }), out);
        assert.deepEqual(out.toNested(), a[name](b).toNested());
      }
      assert.equal(a.tensordot(b, { axes: 1, out }), out);
      assert.deepEqual(out.toNested(), a.matmul(b).toNested());
    }
    // An operand may receive the product.
    const product = a.matmul(b).toNested();
    const same = a.copy();
    assert.equal(same.matmul(b, { out: same }), same);
    assert.deepEqual(same.toNested(), product);
    const [u, v] = [ctx.arange(3), ctx.arange(2)];
    const table = ctx.ones([3, 2], { dist: 'nb' });
    assert.deepEqual(u.outer(v, { out: table }).toNested(), [
      [0, 0],
      [0, 1],
      [0, 2],
    ]);
    assert.equal(+a.trace({ out: ctx.zeros([]) }), +a.trace());
    const joined = ctx.zeros([5], { dist: 'c' });
    assert.equal(concatenate([u, v], { out: joined }), joined);
    assert.deepEqual(joined.toNested(), [0, 1, 2, 0, 1]);
    assert.deepEqual(stack([v, v], { out: ctx.zeros([2, 2]) }).toNested(), [
      [0, 1],
      [0, 1],
    ]);
    assert.throws(() => a.matmul(b, { out: joined }), { argument: 'options.out', received: '[5]' });
    const integers = ctx.zeros([4, 4], { dtype: 'int32' });
    assert.throws(() => a.matmul(b, { out: integers }), { argument: 'options.out' });
    assert.throws(() => a.matmul(b, { out: new Context().zeros([4, 4]) }), { code: 'ERR_CONTEXT' });
    assert.deepEqual(integers.toNested(), ctx.zeros([4, 4], { dtype: 'int32' }).toNested());
  });
});

describe('hsplit, vsplit and dsplit', () => {
  it('are split along the second, first and third axis', () => {
    const a = matrix('bc');
    assert.deepEqual(
      hsplit(a, [2]).map(({ shape }) => [...shape]),
      [
        [3, 2],
        [3, 3],
      ],
    );
    assert.deepEqual(
      vsplit(a, 3)[1].toNested(),
      nested([1, 5], (_, j) => element(1, j)),
    );
    assert.deepEqual(
      dsplit(cube('nbb'), 2)[1].toNested(),
      nested([3, 4, 1], (i, j) => element(i, j, 1)),
    );
    assert.deepEqual(hsplit(ctx.arange(4), 2)[1].toNested(), [2, 3]);
    assert.throws(() => vsplit(ctx.arange(4), 2), RangeError);
    assert.throws(() => dsplit(a, 2), RangeError);
    assert.throws(() => hsplit(a, 2), RangeError);
  });
});
