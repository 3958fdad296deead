import { strict as assert } from 'node:assert';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  argwhere,
  Context,
  ContextError,
  compress,
  type DistArray,
  extract,
  flatnonzero,
  type IndexItem,
  nonzero,
  take,
  takeAlongAxis,
  where,
} from '../../../src/entry/index.ts';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { ask, assertHolds, withCheckedInference } from '../../support/distributedOracle.ts';
import { Arrays, Dice, filled } from '../../support/indexCases.ts';
import { isClient, sentByEach, settled, size } from '../../support/mode.ts';
import { decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();

describe('functions that take elements, against NumPy', () => {
  before(function () {
    needNumpy(this);
  });

  /** A function of arrays: what NumPy is asked, and our answer. */
  interface Call {
    readonly fn: string;
    readonly arrays: readonly Encoded[];
    readonly options?: object;
    readonly ours: () => DistArray | readonly DistArray[];
  }

  function assertAgree(calls: readonly Call[]): void {
    const jobs = calls.map(({ fn, arrays, options = {} }) => ({
      job: 'call',
      fn,
      arguments: arrays.map((array) => ({ array })),
      options,
    }));
    const expected = ask<readonly Encoded[]>(jobs);
    withCheckedInference(ctx, () => {
      calls.forEach(({ fn, ours, options }, k) => {
        const message = `${k}: ${fn} ${JSON.stringify(options)}`;
        const results = [ours()].flat() as DistArray[];
        assert.equal(results.length, expected[k].length, message);
        for (const [j, result] of results.entries()) {
          assertHolds(result, decode(expected[k][j]), message);
        }
      });
    });
  }

  const shapeOf = (dice: Dice) =>
    Array.from({ length: dice.between(1, 3) }, () => dice.oneOf([0, 1, 2, 3, 4, 5, 8]));

  it('nonzero, argwhere and flatnonzero find the elements in C order', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const calls = Array.from({ length: 20 }, () => {
      const dtype = dice.oneOf(['bool', 'float64', 'int64', 'complex128'] as const);
      const part = dice.oneOf([0, 0.2, 0.6, 1]);
      const data = filled(dtype, shapeOf(dice), () => (dice.chance(part) ? 3 : 0));
      if (dtype === 'complex128') for (let k = 1; k < data.data.length; k += 2) data.data[k] = 0;
      const array = arrays.of(data);
      const encoded = [encode(data)];
      return [
        { fn: 'nonzero', arrays: encoded, ours: () => nonzero(array) },
        { fn: 'argwhere', arrays: encoded, ours: () => argwhere(array) },
        { fn: 'flatnonzero', arrays: encoded, ours: () => flatnonzero(array) },
        { fn: 'where', arrays: encoded, ours: () => where(array) },
      ];
    });
    assertAgree(calls.flat());
    assert.throws(() => nonzero(ctx.ones([])), ArgumentTypeError);
    assert.deepEqual(flatnonzero(ctx.ones([])).toNested(), [0n]);
  });

  it('take replaces an axis by the dimensions of the indices', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const calls = Array.from({ length: 40 }, (): Call => {
      const shape = Array.from({ length: dice.between(1, 3) }, () => dice.between(1, 6));
      const data = filled('float32', shape, (k) => k);
      const axis = dice.chance(0.3) ? null : dice.between(-shape.length, shape.length - 1);
      const extent = axis === null ? data.data.length : (shape.at(axis) as number);
      const mode = dice.oneOf(['raise', 'wrap', 'clip'] as const);
      const reach = mode === 'raise' ? extent : 3 * extent;
      const indexShape = Array.from({ length: dice.below(3) }, () => dice.between(0, 4));
      const indices = filled('int64', indexShape, () => dice.between(-reach, reach - 1));
      const array = arrays.of(data);
      const given = dice.chance(0.5) ? arrays.of(indices) : (indices as never);
      return {
        fn: 'take',
        arrays: [encode(data), encode(indices)],
        options: { axis, mode },
        ours: () =>
          dice.chance(0.5) ? take(array, given, { axis, mode }) : array.take(given, { axis, mode }),
      };
    });
    assertAgree(calls);
    assert.equal(take(ctx.arange(9), -2).item(), 7);
    assert.throws(() => take(ctx.arange(9), 9), /index 9 is out of bounds for axis 0 with size 9/);
    assert.throws(() => take(ctx.arange(9), 0, { mode: 'round' as never }), ArgumentRangeError);
    assert.throws(() => take(ctx.arange(9), 0, { axis: 1 }), ArgumentRangeError);
  });

  it('takeAlongAxis takes an index for every line', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const calls = Array.from({ length: 25 }, (): Call => {
      const shape = Array.from({ length: dice.between(1, 3) }, () => dice.between(1, 5));
      const data = filled('int32', shape, (k) => k);
      const axis = dice.between(-shape.length, shape.length - 1);
      const extent = shape.at(axis) as number;
      const positive = axis < 0 ? axis + shape.length : axis;
      const wanted = shape.map((n, dim) => {
        if (dim === positive) return dice.between(0, 4);
        return dice.chance(0.2) ? 1 : n;
      });
      const indices = filled('int64', wanted, () => dice.between(-extent, extent - 1));
      const array = arrays.of(data);
      const given = dice.chance(0.6) ? arrays.of(indices) : (indices as never);
      return {
        fn: 'take_along_axis',
        arrays: [encode(data), encode(indices)],
        options: { axis },
        ours: () => takeAlongAxis(array, given, { axis }),
      };
    });
    assertAgree(calls);
    const table = ctx.fromArray([
      [1, 9, 3],
      [7, 5, 6],
    ]);
    const best = table.argmax({ axis: 1, keepdims: true });
    assert.deepEqual(table.takeAlongAxis(best, { axis: 1 }).toNested(), [[9], [7]]);
    assert.throws(() => takeAlongAxis(table, [0, 1], { axis: 1 }), ArgumentRangeError);
    assert.throws(() => takeAlongAxis(table, table.less(3), { axis: 1 }), ArgumentTypeError);
  });

  it('compress and extract take what a condition tells', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const calls = Array.from({ length: 15 }, (): Call[] => {
      const shape = Array.from({ length: dice.between(1, 3) }, () => dice.between(1, 6));
      const data = filled('int16', shape, (k) => k);
      const axis = dice.between(0, shape.length - 1);
      const line = filled('bool', [dice.between(0, shape[axis])], () => dice.below(2));
      const whole = filled('bool', shape, () => dice.below(2));
      const array = arrays.of(data);
      const [along, all] = [arrays.of(line), arrays.of(whole)];
      return [
        {
          fn: 'compress',
          arrays: [encode(line), encode(data)],
          options: { axis },
          ours: () => compress(along, array, { axis }),
        },
        {
          fn: 'extract',
          arrays: [encode(whole), encode(data)],
          ours: () => extract(all, array),
        },
      ];
    });
    assertAgree(calls.flat());
    assert.throws(() => compress(ctx.ones([2, 2]), ctx.ones([4])), ArgumentRangeError);
  });
});

describe('booleans without dimensions', () => {
  it('add a dimension of one index, or of none', () => {
    const a = ctx.arange(12, { dist: 'c' }).distributeAs([3, 4]);
    assert.deepEqual(a.get(true).shape, [1, 3, 4]);
    assert.deepEqual(a.get(ctx.zeros([], { dtype: 'bool' })).shape, [0, 3, 4]);
    assert.deepEqual(a.get(null, true, [1, 2]).toNested(), [
      [1, 2],
      [5, 6],
      [9, 10],
    ]);
    assert.deepEqual(a.slice('1, 2').get(true).toNested(), [6]);
    a.set(0, false).set(7, true, [0]);
    assert.deepEqual(a.toNested(), [
      [7, 7, 7, 7],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
  });
});

describe('indices that cannot be', () => {
  const a = ctx.fromFunction((i, j) => 10 * i + j, [5, 4], { dist: 'bn' });

  it('are errors with what NumPy says, on every rank alike', () => {
    const outside = ctx.fromArray([0, 1, 7, 2], { dtype: 'int64' });
    const text = /index 7 is out of bounds for axis 0 with size 5/;
    for (const write of [() => a.get(outside), () => a.set(0, outside), () => a.get([0, 7])]) {
      assert.throws(
        () => settled(ctx, write),
        (error: Error) => error instanceof ArgumentRangeError && text.test(error.message),
      );
    }
    assert.throws(() => a.get(null, [-5]), /index -5 is out of bounds for axis 1 with size 4/);
    assert.throws(() => a.get([0], [0], [0]), RangeError);
    const read = (shape: number[], ...index: IndexItem[]) =>
      settled(ctx, () => ctx.zeros(shape, { dist: 'bn' }).get(...index));
    assert.throws(() => read([5, 0], outside), text);
    assert.throws(() => read([0, 5], null, outside), /axis 1 with size 5/);
    assert.throws(() => a.get([0, 1], [0, 1, 2]), /broadcast together.*\(2\) \(3\)/);
    assert.throws(() => a.get(ctx.ones([4], { dtype: 'bool' })), /boolean array.*5 along axis 0/);
    assert.throws(() => a.get(ctx.ones([5, 3], { dtype: 'bool' })), ArgumentRangeError);
    assert.throws(() => a.set(1, ctx.ones([5, 3], { dtype: 'bool' })), ArgumentRangeError);
    assert.throws(() => a.set([1, 2, 3], [0, 1]), /broadcast to \(2, 4\)/);
  });

  it('are errors of type where they are no integers', () => {
    assert.throws(() => a.get([0.5]), ArgumentTypeError);
    assert.throws(() => a.get(Float64Array.of(1)), ArgumentTypeError);
    assert.throws(() => a.get(ctx.ones([2])), ArgumentTypeError);
    assert.throws(() => a.get({ re: 1, im: 0 } as never), ArgumentTypeError);
    assert.throws(() => a.get({ start: 1 }), /slice\(\) makes views/);
    assert.throws(() => a.set('x' as never, [0]), ArgumentTypeError);
    assert.throws(() => a.get(new Context().arange(2, { dtype: 'int64' })), ContextError);
  });

  it('write values by the rules of casts', () => {
    const small = ctx.zeros([4], { dtype: 'int8' });
    assert.throws(() => small.set(300, [0]), ArgumentRangeError);
    small.set(ctx.fromArray([300.7, -1.5]), [0, 3]);
    assert.deepEqual(small.toNested(), [44, 0, 0, -1]);
    assert.equal(small.set(5, [0, 1]), small);
  });
});

describe('long indices', () => {
  const n = 400_000;

  it('are read in several parts, on every distribution', () => {
    for (const dist of ['b', 'c', 'n'] as const) {
      const vector = ctx.arange(50_000, { dist }).mul(3);
      const indices = ctx.random.integers([n], -50_000, 50_000, { dist: dist === 'b' ? 'c' : 'b' });
      const positive = where(indices.less(0), indices.add(50_000), indices);
      assert.equal(+vector.get(indices).sub(positive.mul(3)).abs().max(), 0);
    }
    const table = ctx.fromFunction((i, j) => 1000 * i + j, [40, 300], { dist: 'bc' });
    const rows = ctx.random.integers([3000], 0, 40);
    const expected = rows.mul(1000).distributeAs([3000, 1]).add(ctx.arange(300));
    assert.equal(+table.get(rows).sub(expected).abs().max(), 0);
  });

  it('are written in several parts, the last value for each element stays', () => {
    const order = ctx.arange(n, { dist: 'b' });
    const indices = order.mod(7).astype('int64');
    for (const dist of ['b', 'c', 'n'] as const) {
      const vector = ctx.zeros([9], { dist, dtype: 'float64' });
      // Values lie otherwise than indices.
      vector.set(order.distributeAs([n], { dist: 'c' }), indices);
      const last = [0, 1, 2, 3, 4, 5, 6].map((k) => n - 1 - ((n - 1 - k) % 7));
      assert.deepEqual(vector.toNested(), [...last, 0, 0]);
      vector.set(-1, indices);
      assert.deepEqual(vector.toNested(), [...last.map(() => -1), 0, 0]);
    }
  });

  it('of masks keep C order where parts do not', () => {
    for (const dist of ['bb', 'cc', 'nc', 'cn'] as const) {
      const table = ctx.fromFunction((i, j) => 700 * i + j, [500, 700], { dist });
      const odd = table.mod(3).equal(1);
      const some = table.get(odd);
      const count = Math.floor((500 * 700 - 2) / 3) + 1;
      assert.deepEqual(some.shape, [count]);
      assert.equal(+some.sub(ctx.arange(count).mul(3).add(1)).abs().max(), 0);
      table.set(some.mul(-1), odd);
      assert.equal(+table.get(odd).add(some).abs().max(), 0);
    }
  });

  it('of masks keep C order where ranks are not in the order of their processes', () => {
    const grid = ctx.distribution([4, 4], { dist: 'bb' }).transpose();
    const turned = ctx.zeros(grid.withMaps([BlockMap.even(16, grid.numProcesses)]));
    turned.assign(ctx.arange(16));
    const large = turned.get(turned.greater(2));
    const ascending = ctx.arange(13).add(3);
    for (const some of [large, large.get(large.greater(0))]) {
      assert.equal(+some.sub(ascending).abs().max(), 0, String(some.distribution));
    }
    assert.equal(+flatnonzero(turned).sub(ctx.arange(15).add(1)).abs().max(), 0);
  });
});

describe('the traffic of indexing', () => {
  const n = 4096;

  it('is none for what lies where it is wanted', () => {
    const table = ctx.fromFunction((i, j) => i + j, [8, n], { dist: 'nb' });
    const before = ctx.stats.bytes;
    assert.equal(table.get([3, 1, 1]).sum().item(), 3 * ((n * (n - 1)) / 2) + 5 * n);
    assert.equal(table.set(0, [0, 7]).get(7, n - 1), 0);
    table.set(1, table.less(5));
    assert.equal(ctx.stats.bytes, before);
  });

  it('is one request and one element for what is elsewhere', () => {
    const vector = ctx.arange(n, { dist: 'b' });
    const indices = ctx
      .arange(n, { dist: 'b', dtype: 'int64' })
      .mul(-1)
      .add(n - 1);
    const before = ctx.stats.bytes;
    const turned = vector.get(indices.astype('int64'));
    const sent = ctx.stats.bytes - before;
    assert.equal(turned.get(0), n - 1);
    const share = Math.ceil(n / size);
    assert.ok(sent <= sentByEach(2 * 8 * share), `${sent} bytes`);
    if (size > 1) assert.ok(sent > 0);
  });

  it('is never more than a share, also when all ask one process', () => {
    const vector = ctx.arange(n, { dist: 'b' });
    const zeros = ctx.zeros([n], { dtype: 'int64', dist: 'b' });
    const before = ctx.stats.bytes;
    const all = vector.get(zeros);
    const sent = ctx.stats.bytes - before;
    assert.equal(+all.sum(), 0);
    // The owner answers everybody, but never has more than a part of the answers at a time.
    const share = Math.ceil(n / size);
    const asked = isClient ? 8 * (n + (size - 1) * share) : ctx.rank === 0 ? 8 * n : 8 * share;
    assert.ok(sent <= asked, `${sent} bytes of ${asked}`);
  });

  it('of masks is the true elements, once for blocks', () => {
    const vector = ctx.arange(n, { dist: 'b' });
    const mask = vector.less(n / 4);
    const before = ctx.stats.bytes;
    const some = vector.get(mask);
    const sent = ctx.stats.bytes - before;
    assert.deepEqual(some.shape, [n / 4]);
    assert.equal(some.localShapes().length, size);
    assert.ok(sent <= (8 * n) / 4, `${sent} bytes`);
    const most = Math.max(...some.localShapes().map(([extent]) => extent));
    assert.equal(most, Math.ceil(n / 4 / size));
  });
});
