// ranks: 1-6
/** Random chains of operations: the same on any distribution and number of processes as in NumPy. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import {
  Context,
  concatenate,
  type DistArray,
  matmul,
  roll,
  type SliceItem,
  where,
} from '../../../src/entry/index.ts';
import { ask, assertHolds, withCheckedInference } from '../../support/distributedOracle.ts';
import { Dice, filled } from '../../support/indexCases.ts';
import { anyDistribution } from '../../support/maps.ts';
import { size } from '../../support/mode.ts';
import { decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();

/** What is done to an array, for us and, as data, for NumPy (test/fixtures/numpy/chain.py). */
interface Step {
  readonly numpy: { readonly op: string; readonly [key: string]: unknown };
  readonly ours: (array: DistArray) => DistArray;
}

type Range = readonly [start: number | null, stop: number | null, step: number | null];

const itemsOf = (ranges: readonly Range[]): SliceItem[] =>
  ranges.map(([start, stop, step]) => ({
    ...(start !== null && { start }),
    ...(stop !== null && { stop }),
    ...(step !== null && { step }),
  }));

function anyRanges(dice: Dice, ndim: number): Range[] {
  const bound = () => (dice.chance(0.4) ? null : dice.between(-6, 6));
  return Array.from({ length: dice.between(1, ndim) }, () => [
    bound(),
    bound(),
    dice.oneOf([null, 1, 2, 3, -1, -2]),
  ]);
}

type Maker = (dice: Dice, array: DistArray) => Step | null;

/** Steps that any array can take, if they do not say null. */
const makers: readonly Maker[] = [
  (dice) => {
    const [fn, value] = [dice.oneOf(['add', 'subtract', 'multiply'] as const), dice.between(-3, 3)];
    return { numpy: { op: 'scalar', fn, value }, ours: (a) => a[fn](value) };
  },
  (dice, { ndim }) => {
    const ranges = anyRanges(dice, ndim);
    return { numpy: { op: 'slice', items: ranges }, ours: (a) => a.slice(itemsOf(ranges)) };
  },
  (dice, { ndim }) => {
    const axes = [...Array(ndim).keys()].sort(() => dice.between(0, 1) - 0.5);
    return { numpy: { op: 'transpose', axes }, ours: (a) => a.transpose(axes) };
  },
  (dice, { size: count }) => {
    const factors = [1, 2, 3, 4, 5, 6].filter((n) => count % n === 0);
    const rows = count === 0 ? 3 : dice.oneOf(factors);
    const shape = dice.chance(0.4) ? [count] : [rows, count / rows];
    return { numpy: { op: 'reshape', shape }, ours: (a) => a.reshape(shape) };
  },
  (dice, { ndim }) => {
    const axis = dice.between(-ndim, ndim - 1);
    return { numpy: { op: 'flip', axis }, ours: (a) => a.flip({ axis }) };
  },
  (dice, { ndim }) => {
    const [axis, keepdims] = [dice.below(ndim), ndim === 1 || dice.chance(0.5)];
    return { numpy: { op: 'sum', axis, keepdims }, ours: (a) => a.sum({ axis, keepdims }) };
  },
  (dice, { ndim }) => {
    const axis = dice.below(ndim);
    return { numpy: { op: 'cumsum', axis }, ours: (a) => a.cumulativeSum({ axis }) };
  },
  (dice, { ndim, shape, dtype }) => {
    const axis = dice.below(ndim);
    if (shape[axis] === 0 || dtype === 'complex128') return null;
    const numpy = { op: 'max', axis, keepdims: true };
    return { numpy, ours: (a) => a.max({ axis, keepdims: true }) };
  },
  (dice, { ndim }) => {
    const [shift, axis] = [dice.between(-7, 7), dice.below(ndim)];
    return { numpy: { op: 'roll', shift, axis }, ours: (a) => roll(a, shift, { axis }) };
  },
  (dice, { ndim, size: count }) => {
    if (count > 200) return null;
    const [axis, reversed] = [dice.below(ndim), dice.chance(0.5)];
    return {
      numpy: { op: 'double', axis, reversed },
      ours: (a) => concatenate([a, reversed ? a.slice('::-1') : a], { axis }),
    };
  },
  (dice, { ndim, shape }) => {
    const axis = dice.below(ndim);
    if (shape[axis] === 0) return null;
    const length = dice.between(0, 6);
    const indices = Array.from({ length }, () => dice.between(-shape[axis], shape[axis] - 1));
    const typed = Int32Array.from(indices);
    const numpy = { op: 'take', axis, indices: indices.length > 0 ? indices : [0].slice(1) };
    if (length === 0) return null;
    return { numpy, ours: (a) => a.take(typed, { axis }) };
  },
  (dice, { dtype }) => {
    if (dtype === 'bool') return null;
    const limit = dice.between(-3, 9);
    return {
      numpy: { op: 'mask', limit },
      ours: (a) => a.get(a.real().greater(limit)) as DistArray,
    };
  },
  (dice, { dtype }) => {
    if (dtype === 'complex128') return null;
    const to = dice.oneOf(['int32', 'int64', 'float64', 'complex128', 'bool'] as const);
    return { numpy: { op: 'astype', dtype: to }, ours: (a) => a.astype(to) };
  },
  (_, { ndim, size: count, dtype }) => {
    if (ndim !== 2 || count > 100 || dtype === 'bool') return null;
    return { numpy: { op: 'gram' }, ours: (a) => matmul(a, a.T) };
  },
  (dice, { ndim, dtype }) => {
    if (dtype === 'bool') return null;
    const [ranges, value] = [anyRanges(dice, ndim), dice.between(-9, 9)];
    return {
      numpy: { op: 'assign', items: ranges, value },
      ours: (a) => {
        const copy = a.copy();
        copy.slice(itemsOf(ranges)).assign(value);
        return copy;
      },
    };
  },
  (dice, { dtype }) => {
    if (dtype === 'bool') return null;
    const [limit, value] = [dice.between(-3, 9), dice.between(-9, 9)];
    return {
      numpy: { op: 'where', limit, value },
      ours: (a) => where(a.real().greater(limit), a, value) as DistArray,
    };
  },
  (dice, { shape }) => {
    // The same array, turned around along an axis or with one index of it.
    const axis = dice.below(shape.length);
    const ranges = shape.map((extent, k): Range => {
      if (k !== axis) return [null, null, null];
      return extent > 0 && dice.chance(0.5) ? [extent - 1, null, null] : [null, null, -1];
    });
    return { numpy: { op: 'self', items: ranges }, ours: (a) => a.add(a.slice(itemsOf(ranges))) };
  },
  (dice, { shape }) => {
    const [d] = fc.sample(anyDistribution(shape, size), { seed: dice.below(2 ** 31), numRuns: 1 });
    return { numpy: { op: 'distribute' }, ours: (a) => a.distributeAs(d) };
  },
];

const DTYPES: readonly Dtype[] = ['int32', 'int64', 'float64', 'complex128', 'bool'];

describe('chains of operations', function () {
  before(function () {
    needNumpy(this);
  });
  this.timeout(60_000);

  it('give what they give in NumPy', () => {
    const dice = new Dice(sharedSeed());
    const jobs: { job: 'chain'; array: Encoded; steps: Step['numpy'][] }[] = [];
    const results: DistArray[] = [];
    withCheckedInference(ctx, () => {
      for (let k = 0; k < 40; k++) {
        const shape = Array.from({ length: dice.between(1, 3) }, () =>
          dice.oneOf([1, 2, 3, 4, 5, 7, 0]),
        );
        const view = filled(dice.oneOf(DTYPES), shape, (flat) => ((flat * 7) % 11) - 4);
        const [d] = fc.sample(anyDistribution(shape, size), {
          seed: dice.below(2 ** 31),
          numRuns: 1,
        });
        let array = ctx.fromArray(view, { distribution: d, dtype: view.dtype }) as DistArray;
        const steps: Step['numpy'][] = [];
        const length = dice.between(1, 7);
        while (steps.length < length) {
          const step = dice.oneOf(makers)(dice, array);
          if (step === null) continue;
          array = step.ours(array);
          steps.push(step.numpy);
        }
        // Makes zeros of the minus zeros that sums may lose.
        array = array.add(0);
        steps.push({ op: 'scalar', fn: 'add', value: 0 });
        jobs.push({ job: 'chain', array: encode(view), steps });
        results.push(array);
      }
    });
    const expected = ask<Encoded>(jobs);
    results.forEach((array, k) => {
      assertHolds(array, decode(expected[k]), `${k}: ${JSON.stringify(jobs[k])}`);
    });
    assert.equal(results.length, 40);
  });
});
