// What NumPy says nothing of: where results lie, what is sent, what is refused.
import { strict as assert } from 'node:assert';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  BlockMap,
  broadcastArrays,
  Context,
  ContextError,
  CyclicMap,
  concat,
  concatenate,
  type DistArray,
  Distribution,
  diff,
  hstack,
  LocalArray,
  repeat,
  stack,
  UndistributedMap,
  UnstructuredMap,
  vstack,
} from '../../../src/entry/index.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { isClient, size, total } from '../../support/mode.ts';

const ctx = new Context();

const flat = (array: DistArray) => {
  const nested = array.toNested();
  return (Array.isArray(nested) ? nested.flat(9) : [nested]).map(Number);
};

/** The bytes that all processes send in a call together. */
function bytesSent(call: () => void): number {
  const before = ctx.stats.bytes;
  call();
  return total(ctx.stats.bytes - before);
}

describe('reshape', () => {
  it('sends nothing and shares memory where only dimensions that are not distributed change', () => {
    for (const [dist, shape, to, wanted] of [
      ['bn', [7, 6], [7, 2, 3], 'bnn'],
      ['cnn', [7, 2, 3], [7, 6], 'cn'],
      ['nb', [6, 5], [3, 2, 5], 'nnb'],
      ['nbn', [2, 5, 6], [1, 2, 5, 3, 1, 2], 'nnbnnn'],
      ['c', [9], [9, 1], 'cn'],
    ] as const) {
      const a = ctx.zeros(shape, { dist, dtype: 'int32' });
      const before = ctx.stats.messages;
      const b = a.reshape(to);
      assert.equal(ctx.stats.messages, before);
      assert.equal(b.dist.join(''), wanted);
      b.assign(ctx.arange(b.size).reshape(to));
      assert.deepEqual(
        flat(a),
        Array.from({ length: a.size }, (_, k) => k),
      );
      if (!isClient) {
        assert.ok(a.local.sharesMemoryWith(b.local) || a.local.localSize === 0);
        assert.ok(!a.local.sharesMemoryWith(a.reshape(to, { copy: true }).local));
      }
      // Of a view it is a copy, on all processes.
      const view = a.slice('...');
      if (!isClient) assert.ok(!view.local.sharesMemoryWith(view.reshape(to).local));
      assert.deepEqual(flat(view.reshape(to)), flat(a));
    }
  });

  it('gives the default distribution otherwise, or what is asked for', () => {
    const a = ctx.arange(24).reshape([4, 6], { dist: 'nb' });
    assert.equal(a.dist.join(''), 'nb');
    assert.equal(a.reshape([2, -1]).dist.join(''), 'bn');
    assert.equal(a.reshape([8, 3], { dist: 'cc' }).dist.join(''), 'cc');
    const distribution = Distribution.fromMaps([new CyclicMap(24, size, { blockSize: 2 })]);
    const b = a.reshape(-1, { distribution });
    assert.ok(b.distribution.equals(distribution));
    assert.deepEqual(
      flat(b),
      Array.from({ length: 24 }, (_, k) => k),
    );
    assert.deepEqual(b.ravel().shape, [24]);
    assert.ok(b.ravel().distribution.equals(distribution));
    if (!isClient) assert.ok(!b.local.sharesMemoryWith(b.flatten().local));
    // On the same targets.
    const last = ctx.zeros([6], { targets: [size - 1] });
    assert.deepEqual(last.reshape([2, 3]).targets, [size - 1]);
    // A replicated array stays one.
    const sums = ctx.ones([4, 3]).sum({ keepdims: true });
    assert.ok(sums.reshape([1]).distribution.isReplicated);
    assert.equal(sums.reshape([]).item(), 12);
  });

  it('keeps blocks where they are when the default is the same', () => {
    const a = ctx.zeros([size * 4, 6]);
    assert.equal(
      bytesSent(() => a.reshape([size * 4, 2, 3])),
      0,
    );
    assert.equal(
      bytesSent(() => a.ravel()),
      0,
    );
    assert.equal(
      bytesSent(() => a.ravel().reshape([size * 4, 6])),
      0,
    );
  });

  it('refuses shapes of another number of elements', () => {
    const a = ctx.zeros([2, 3]);
    assert.throws(() => a.reshape([4]), /cannot reshape array of size 6 into shape \(4,\)/);
    assert.throws(() => a.reshape([4, -1]), /cannot reshape array of size 6 into shape \(4, -1\)/);
    assert.throws(() => a.reshape([-1, -1]), /one -1 at most/);
    assert.throws(() => a.reshape([0, -1]), ArgumentRangeError);
    assert.throws(() => a.reshape([-2, 3]), ArgumentRangeError);
    assert.throws(() => a.reshape('6' as never), ArgumentTypeError);
    assert.throws(() => a.reshape([6], { distribution: a.distribution }), /of shape \(6,\)/);
    assert.deepEqual(ctx.zeros([0, 3]).reshape([3, -1]).shape, [3, 0]);
    assert.deepEqual(ctx.zeros([]).reshape([1, 1]).shape, [1, 1]);
  });
});

describe('arrays that are put together', () => {
  it('lie like the first one', () => {
    const list = Array.from({ length: size }, (_, r) =>
      [4, 2, 0, 3, 1].filter((_, k) => k % size === r),
    );
    const maps = [
      [new CyclicMap(5, size, { blockSize: 2 }), 'c'],
      [BlockMap.fromBounds([...new Array(size).fill(0), 5]), 'b'],
      [UnstructuredMap.fromIndices(list), 'u'],
      [new UndistributedMap(5), 'n'],
    ] as const;
    for (const [map, letter] of maps) {
      const a = ctx.zeros(Distribution.fromMaps([map, new UndistributedMap(3)]));
      const c = concatenate([a, ctx.ones([5, 2])], { axis: 1 });
      assert.equal(c.distribution.maps[0], map);
      assert.deepEqual(
        flat(c),
        Array.from({ length: 25 }, (_, k) => (k % 5 < 3 ? 0 : 1)),
      );
      const longer = concat([a, ctx.ones([2, 3])]);
      assert.equal(longer.dist[0], letter === 'u' && size > 1 ? 'b' : size > 1 ? letter : 'n');
      if (letter === 'c' && size > 1) {
        assert.equal((longer.distribution.maps[0] as CyclicMap).blockSize, 2);
      }
      assert.deepEqual(longer.gridShape, a.gridShape);
      const both = stack([a, a], { axis: 1 });
      assert.equal(both.distribution.maps[0], map);
      assert.equal(both.dist[1], 'n');
      assert.equal(
        bytesSent(() => stack([a, a], { axis: -1 })),
        0,
      );
      assert.equal(a.roll(1, { axis: 1 }).distribution, a.distribution);
      assert.equal(
        bytesSent(() => a.roll(1, { axis: 1 })),
        0,
      );
    }
  });

  it('are of the dtype that theirs are promoted to', () => {
    const [f4, i8, i4, u1] = (['float32', 'int64', 'int32', 'uint8'] as const).map((dtype) =>
      ctx.ones([2], { dtype }),
    );
    const join = (...arrays: DistArray[]) => concatenate(arrays).dtype;
    assert.equal(join(f4, i8), 'float64');
    assert.equal(join(i4, u1), 'int32');
    assert.equal(join(u1, ctx.ones([1], { dtype: 'int8' })), 'int16');
    assert.equal(join(f4, ctx.ones([1], { dtype: 'bool' })), 'float32');
    assert.equal(stack([f4, ctx.ones([2], { dtype: 'complex64' })]).dtype, 'complex64');
    assert.equal(concatenate([i4], { dtype: 'float32' }).dtype, 'float32');
    assert.throws(() => concatenate([f4], { dtype: 'int32' }), ArgumentTypeError);
    const exact = ctx.full([1], 2n ** 60n + 1n);
    assert.equal(concatenate([exact, exact]).get(1), 2n ** 60n + 1n);
  });

  it('send only what crosses the edges of blocks', () => {
    const a = ctx.arange(100 * size);
    const blocks = size > 1 ? size : 0;
    assert.equal(
      bytesSent(() => a.roll(3)),
      blocks * 3 * 8,
    );
    assert.equal(
      bytesSent(() => a.roll(-2)),
      blocks * 2 * 8,
    );
    const table = ctx.zeros([8 * size, 4], { dtype: 'int32' });
    assert.equal(
      bytesSent(() => table.roll(1, { axis: 1 })),
      0,
    );
    assert.equal(
      bytesSent(() =>
        table.pad(
          [
            [0, 0],
            [1, 1],
          ],
          { mode: 'wrap' },
        ),
      ),
      0,
    );
    assert.equal(
      bytesSent(() => table.tile([1, 3])),
      0,
    );
    assert.equal(
      bytesSent(() => table.repeat(3, { axis: 1 })),
      0,
    );
    // A block and what it is repeated to are on one process, since even blocks grow alike.
    assert.equal(
      bytesSent(() => table.repeat(3, { axis: 0 })),
      0,
    );
  });

  it('pad as far as is asked, in waves', () => {
    for (const n of [1, 2, 3, 5]) {
      const a = ctx.arange(n, { dist: 'c' });
      const [before, after] = [11, 7];
      const waves = {
        wrap: (i: number) => ((i % n) + n) % n,
        symmetric: (i: number) => {
          const phase = ((i % (2 * n)) + 2 * n) % (2 * n);
          return phase < n ? phase : 2 * n - 1 - phase;
        },
        reflect: (i: number) => {
          if (n === 1) return 0;
          const period = 2 * (n - 1);
          const phase = ((i % period) + period) % period;
          return phase < n ? phase : period - phase;
        },
      };
      for (const [mode, wave] of Object.entries(waves)) {
        const padded = a.pad([before, after], { mode: mode as 'wrap' });
        const expected = Array.from({ length: n + 18 }, (_, k) => wave(k - before));
        assert.deepEqual(flat(padded), expected, `${mode} of ${n}`);
      }
    }
    // Odd reflections of i² go on from what they have made.
    const squares = ctx.arange(3, { dist: 'c' }).square();
    const odd = (mode: 'reflect' | 'symmetric') =>
      flat(squares.pad([4, 3], { mode, reflectType: 'odd' }));
    assert.deepEqual(odd('reflect'), [-8, -7, -4, -1, 0, 1, 4, 7, 8, 9]);
    assert.deepEqual(odd('symmetric'), [-4, -4, -1, 0, 0, 1, 4, 4, 7, 8]);
    const empty = ctx.zeros([0, 2]);
    assert.throws(() => empty.pad(1, { mode: 'edge' }), /axis 0 of \(0, 2\) is empty/);
    assert.deepEqual(
      flat(
        empty.pad(
          [
            [1, 0],
            [0, 1],
          ],
          { constantValues: 5 },
        ),
      ),
      [5, 5, 5],
    );
    assert.deepEqual(ctx.ones([2]).pad([1, 2], { mode: 'empty' }).shape, [5]);
  });

  it('stand beside and below each other', () => {
    const a = ctx.arange(3, { dist: 'c' });
    assert.deepEqual(vstack([a, a.add(10)]).toNested(), [
      [0, 1, 2],
      [10, 11, 12],
    ]);
    assert.deepEqual(flat(hstack([a, a.slice('1:')])), [0, 1, 2, 1, 2]);
    const column = a.reshape([3, 1]);
    assert.deepEqual(hstack([column, column.mul(2)]).toNested(), [
      [0, 0],
      [1, 2],
      [2, 4],
    ]);
    assert.deepEqual(flat(hstack([ctx.ones([]), ctx.zeros([])])), [1, 0]);
    assert.deepEqual(vstack([ctx.ones([]), ctx.zeros([])]).shape, [2, 1]);
    assert.deepEqual(
      flat(concatenate([column, ctx.ones([2, 2])], { axis: null })),
      [0, 1, 2, 1, 1, 1, 1],
    );
    const [row, tall] = broadcastArrays(a, ctx.zeros([2, 1], { dist: 'nb' }));
    assert.deepEqual(
      [row.shape, tall.shape],
      [
        [2, 3],
        [2, 3],
      ],
    );
    // It may be written to.
    row.slice('0').fill(7);
    assert.deepEqual(row.toNested(), [
      [7, 7, 7],
      [0, 1, 2],
    ]);
    assert.deepEqual(flat(a), [0, 1, 2]);
  });

  it('take neighbours’ differences', () => {
    const a = ctx.fromArray([1, 4, 9, 16], { dtype: 'int64', dist: 'c' });
    assert.deepEqual(flat(a.diff()), [3, 5, 7]);
    assert.deepEqual(flat(diff(a, { n: 2 })), [2, 2]);
    assert.deepEqual(flat(diff(a, { n: 9 })), []);
    assert.equal(diff(a, { prepend: 0 }).dtype, 'int64');
    assert.deepEqual(flat(diff(a, { prepend: 0, append: [20, 30] })), [1, 3, 5, 7, 4, 10]);
    assert.deepEqual(flat(diff(a, { append: a.sum() })), [3, 5, 7, 14]);
    assert.equal(diff(a, { n: 0 }), a);
    const flags = ctx.fromArray([true, false, false, true]);
    assert.deepEqual(flags.diff().toNested(), [true, false, true]);
    assert.throws(() => diff(a, { n: -1 }), ArgumentRangeError);
    assert.throws(() => ctx.zeros([]).diff(), ArgumentRangeError);
  });

  it('refuse what does not fit, alike on all processes', () => {
    const a = ctx.zeros([2, 3]);
    const shapes = /shape as \(2, 3\), but for axis 0.*arrays\[1\].*\(2, 4\)/;
    assert.throws(() => concatenate([a, ctx.zeros([2, 4])]), shapes);
    assert.throws(() => concatenate([a, ctx.zeros([3])]), ArgumentRangeError);
    assert.throws(() => concatenate([ctx.zeros([])]), ArgumentRangeError);
    assert.throws(() => concatenate([]), ArgumentTypeError);
    assert.throws(() => concatenate([a, 3 as never]), { argument: 'arrays[1]' });
    assert.throws(() => concatenate([a], { axis: 2 }), ArgumentRangeError);
    assert.throws(() => concatenate([a, new Context().zeros([2, 3])]), ContextError);
    assert.throws(() => stack([a, ctx.zeros([3, 2])]), /shape \(2, 3\).*\(3, 2\)/);
    assert.throws(() => a.tile(-1), ArgumentRangeError);
    assert.throws(() => a.tile([1.5]), ArgumentRangeError);
    assert.throws(() => repeat(a, -1), ArgumentRangeError);
    assert.throws(() => repeat(a, [1, 2], { axis: 1 }), /one for each of the 3 elements.*\(2,\)/);
    assert.throws(() => repeat(a, 'x' as never), ArgumentTypeError);
    assert.throws(() => a.roll(1.5), ArgumentRangeError);
    assert.throws(() => a.roll([1, 2], { axis: [0, 1, 0] }), ArgumentRangeError);
    assert.throws(() => a.roll(1, { axis: 2 }), ArgumentRangeError);
    assert.throws(() => a.pad(-1), ArgumentRangeError);
    assert.throws(
      () =>
        a.pad(
          [[1, 1]].concat([
            [1, 1],
            [1, 1],
          ]),
        ),
      ArgumentRangeError,
    );
    assert.throws(() => a.pad(1, { mode: 'median' as never }), /one of constant, edge/);
    assert.throws(() => a.pad(1, { mode: 'edge', constantValues: 1 }), /constant with constantV/);
    assert.throws(() => a.pad(1, { endValues: 1 }), /linearRamp with endValues/);
    assert.throws(() => a.pad(1, { mode: 'mean', statLength: 0 }), /options.statLength/);
    const oddWrap = { mode: 'wrap', reflectType: 'odd' } as const;
    assert.throws(() => a.pad(1, oddWrap), /reflect, symmetric with reflectType/);
    const strange = { mode: 'reflect', reflectType: 'strange' as never } as const;
    assert.throws(() => a.pad(1, strange), /'even' or 'odd' for options.reflectType/);
    const noArray = ctx.zeros([0, 2]);
    assert.throws(() => noArray.pad(1, { mode: 'linearRamp' }), /axis 0 of \(0, 2\) is empty/);
    assert.throws(
      () => ctx.zeros([2], { dtype: 'int8' }).pad(1, { constantValues: 300 }),
      ArgumentRangeError,
    );
    assert.throws(() => a.broadcastTo([3, 3]), /shape \(2, 3\) can be broadcast to/);
    assert.throws(() => a.broadcastTo([3]), ArgumentRangeError);
  });

  it('take unstructured arrays of which each process knows its part only', function () {
    spmdOnly(this, 'local parts');
    const rank = ctx.rank as number;
    const own = Array.from({ length: 7 }, (_, k) => k).filter((k) => (3 * k + 1) % size === rank);
    const map = UnstructuredMap.ofRank({
      size: 7,
      gridSize: size,
      gridRank: rank,
      indices: own,
      oneToOne: true,
    });
    const local = new LocalArray(Distribution.fromMaps([map]), { dtype: 'int32' });
    for (const [place, k] of own.entries()) local.set(k, place);
    const a = ctx.fromLocalArrays(local);
    assert.deepEqual(flat(concatenate([a, a])), [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(flat(a.roll(2)), [5, 6, 0, 1, 2, 3, 4]);
    assert.deepEqual(flat(a.repeat([0, 1, 2, 0, 0, 1, 1])), [1, 2, 2, 5, 6]);
    assert.deepEqual(flat(a.repeat([0, 2, 2, 0, 0, 1, 2])), [1, 1, 2, 2, 5, 6, 6]);
    assert.deepEqual(flat(a.tile(2)).slice(5, 9), [5, 6, 0, 1]);
    assert.deepEqual(flat(a.flip()), [6, 5, 4, 3, 2, 1, 0]);
    assert.deepEqual(flat(a.expandDims(0).T), [0, 1, 2, 3, 4, 5, 6]);
  });
});
