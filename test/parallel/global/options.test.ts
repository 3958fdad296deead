import { strict as assert } from 'node:assert';
import * as distarray from '../../../src/entry/index.ts';
import { ArgumentRangeError, ArgumentTypeError, Context } from '../../../src/entry/index.ts';

const ctx = new Context();
const a = ctx.arange(6).reshape([2, 3]);
const rows = ctx.distribution([2, 3]);

/** Calls with an option that the function does not have. */
const CALLS: Readonly<Record<string, (options: never) => unknown>> = {
  Context: (options) => new Context(options),
  distribution: (options) => ctx.distribution([3], options),
  zeros: (options) => ctx.zeros([3], options),
  empty: (options) => ctx.empty(rows, options),
  full: (options) => ctx.full([3], 7, options),
  zerosLike: (options) => ctx.zerosLike(a, options),
  fullLike: (options) => ctx.fullLike(a, 7, options),
  arange: (options) => ctx.arange(3, options),
  linspace: (options) => ctx.linspace(0, 1, 3, options),
  eye: (options) => ctx.eye(3, 3, options),
  fromArray: (options) => ctx.fromArray([1, 2], options),
  fromFunction: (options) => ctx.fromFunction((i) => i, [3], options),
  fromIndexArrays: (options) => ctx.fromIndexArrays(() => {}, [3], options),
  apply: (options) => ctx.apply(() => 1, [], options),
  allclose: (options) => ctx.allclose(a, a, options),
  rand: (options) => ctx.random.rand([3], options),
  permutation: (options) => ctx.random.permutation(3, options),
  saveNpy: (options) => ctx.saveNpy('/nowhere/a.npy', a, options),
  loadNpy: (options) => ctx.loadNpy('/nowhere/a.npy', options),
  saveHdf5: (options) => ctx.saveHdf5('/nowhere/a.h5', a, options),
  loadHdf5: (options) => ctx.loadHdf5('/nowhere/a.h5', rows, options),
  saveDnpy: (options) => ctx.saveDnpy('/nowhere/a', a, options),
  loadDnpy: (options) => ctx.loadDnpy('/nowhere/a', options),
  toArray: (options) => a.toArray(options),
  toString: (options: never) => a.toString(options),
  distributeAs: (options) => a.distributeAs([6], options),
  updateHalo: (options) => a.updateHalo(options),
  sin: (options) => a.sin(options),
  add: (options) => a.add(1, options),
  where: (options) => distarray.where(a, 1, a, options),
  clip: (options) => a.clip(0, 1, options),
  round: (options) => a.round(options),
  ...Object.fromEntries(
    (['sum', 'mean', 'var', 'min', 'argmax', 'any', 'countNonzero'] as const).map((name) => [
      name,
      (options: never) => a[name](options),
    ]),
  ),
  cumulativeSum: (options) => a.cumulativeSum(options),
  take: (options) => a.take([0], options),
  takeAlongAxis: (options) => a.takeAlongAxis(a.astype('int64'), options),
  compress: (options) => distarray.compress(ctx.fromArray([true]), a, options),
  reshape: (options) => a.reshape([6], options),
  flatten: (options) => a.flatten(options),
  squeeze: (options) => a.squeeze(options),
  flip: (options) => a.flip(options),
  split: (options) => a.split(1, options),
  roll: (options) => a.roll(1, options),
  repeat: (options) => a.repeat(2, options),
  pad: (options) => a.pad(1, options),
  diff: (options) => a.diff(options),
  concatenate: (options) => distarray.concatenate([a, a], options),
  stack: (options) => distarray.stack([a, a], options),
  tensordot: (options) => a.tensordot(a, options),
  vecdot: (options) => a.vecdot(a, options),
  trace: (options) => a.trace(options),
};

describe('options that a function does not have', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`are refused, with those that it has: ${name}`, () => {
      assert.throws(
        () => call({ nothing: 1 } as never),
        (error: ArgumentRangeError) => {
          assert.ok(error instanceof ArgumentRangeError);
          assert.match(error.message, /^Expected one of the options \w+(, \w+)* for \w+, but rec/);
          assert.match(error.message, /"nothing"/);
          return true;
        },
      );
    });
  }

  it('may be undefined', () => {
    assert.equal(+a.sum({ nothing: undefined } as never), 15);
  });

  it('are told from those that were meant', () => {
    const near = (call: () => unknown, name: string) =>
      assert.throws(call, new RegExp(`\\(perhaps ${name}\\) for options`));
    near(() => a.sum({ axsi: 0 } as never), 'axis');
    near(() => ctx.zeros([3], { dtpye: 'int8' } as never), 'dtype');
    near(() => ctx.zeros([3], { grid_shape: [1] } as never), 'gridShape');
    near(() => ctx.saveNpy('/nowhere/a.npy', a, { mod: 'w' } as never), 'mode');
    assert.throws(() => a.argmax({ dtype: 'int8' } as never), /axis, keepdims, out for options/);
    assert.throws(() => a.max({ dtype: 'int8' } as never), /received "dtype"/);
  });

  it('are refused beside a distribution that has said so already', () => {
    for (const call of [
      () => ctx.zeros(rows, { dist: 'c' }),
      () =>
        ctx.fromArray(
          [
            [1, 2, 3],
            [4, 5, 6],
          ],
          { distribution: rows, dist: 'c' },
        ),
      () => a.distributeAs(rows, { gridShape: [1, 1] }),
      () => a.reshape([2, 3], { distribution: rows, targets: [0] }),
    ]) {
      assert.throws(call, (error: ArgumentTypeError) => {
        assert.ok(error instanceof ArgumentTypeError);
        assert.match(error.argument, /^options\.(dist|gridShape|targets)$/);
        return true;
      });
    }
    assert.deepEqual(ctx.zeros(rows, { dtype: 'int8', dist: undefined }).dtype, 'int8');
  });
});
