import { strict as assert } from 'node:assert';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import { Context, type DistArray } from '../../../src/entry/index.ts';
import { viewOf } from '../../../src/kernels/stridedView.ts';
import { ask, assertHolds, withCheckedInference } from '../../support/distributedOracle.ts';
import { Arrays, anyIndex, Dice, type Entry, filled } from '../../support/indexCases.ts';
import { decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();
const CASES = 60;
const DTYPES_TRIED: readonly Dtype[] = ['int8', 'int64', 'float64', 'complex128', 'bool'];

const shown = (entries: readonly Entry[]) =>
  JSON.stringify(
    entries.map(({ numpy }) => (typeof numpy === 'object' ? decodeEntry(numpy) : numpy)),
  );

function decodeEntry(entry: unknown): unknown {
  const { array } = entry as { array?: Encoded };
  if (array === undefined) return entry;
  const { data, shape } = decode(array);
  return { shape, data: Array.from(data as Iterable<number | bigint>, Number) };
}

describe('advanced indexing of DistArrays', () => {
  before(function () {
    needNumpy(this);
  });

  it('reads what NumPy reads, on any distribution', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const cases = Array.from({ length: CASES }, () => {
      const shape = Array.from({ length: dice.between(1, 4) }, () =>
        dice.oneOf([1, 2, 3, 4, 5, 7]),
      );
      if (dice.chance(0.1)) shape[dice.below(shape.length)] = 0;
      const data = filled(dice.oneOf(DTYPES_TRIED), shape, (k) => k % 128);
      return { data, entries: anyIndex(shape, dice, arrays), array: arrays.of(data) };
    });
    const expected = ask<Encoded>(
      cases.map(({ data, entries }) => ({
        job: 'index',
        array: encode(data),
        index: entries.map(({ numpy }) => numpy),
      })),
    );
    withCheckedInference(ctx, () => {
      cases.forEach(({ array, entries }, k) => {
        const message = `case ${k}: ${array.distribution} at ${shown(entries)}`;
        let result: DistArray;
        try {
          result = array.get(...entries.map(({ ours }) => ours));
        } catch (error) {
          throw new Error(message, { cause: error });
        }
        assert.equal(result.dtype, array.dtype);
        assertHolds(result, decode(expected[k]), message);
      });
    });
  });

  it('writes what NumPy writes', () => {
    const dice = new Dice(sharedSeed());
    const arrays = new Arrays(ctx, dice);
    const cases = Array.from({ length: CASES }, () => {
      const shape = Array.from({ length: dice.between(1, 3) }, () =>
        dice.oneOf([1, 2, 3, 4, 5, 7]),
      );
      if (dice.chance(0.1)) shape[dice.below(shape.length)] = 0;
      const data = filled(dice.oneOf(DTYPES_TRIED), shape, (k) => k % 128);
      return { data, entries: anyIndex(shape, dice, arrays), array: arrays.of(data) };
    });
    const shapes = ask<Encoded>(
      cases.map(({ data, entries }) => ({
        job: 'index',
        array: encode(data),
        index: entries.map(({ numpy }) => numpy),
      })),
    ).map(({ shape }) => shape);
    const values = shapes.map((shape, k) => {
      if (dice.chance(0.2)) return viewOf(Float64Array.of(9), 'float64', []);
      const part = shape.slice(dice.chance(0.7) ? 0 : dice.between(0, shape.length));
      const extents = part.map((extent) => (dice.chance(0.1) ? 1 : extent));
      const dtype = cases[k].data.dtype === 'complex128' ? 'complex128' : 'int64';
      return filled(dtype, extents, (flat) => 100 - (flat % 100));
    });
    const expected = ask<Encoded>(
      cases.map(({ data, entries }, k) => ({
        job: 'index',
        array: encode(data),
        index: entries.map(({ numpy }) => numpy),
        value: encode(values[k]),
      })),
    );
    cases.forEach(({ array, entries }, k) => {
      const value = values[k];
      const isScalar = value.shape.length === 0 && value.dtype === 'float64';
      const plain = { data: value.data, shape: value.shape } as never;
      const isPair = value.dtype === 'complex128';
      const given = isScalar ? 9 : isPair || dice.chance(0.6) ? arrays.of(value) : plain;
      const scalarOf = array.dtype === 'bool' ? true : 9;
      const message = `case ${k}: ${array.distribution} at ${shown(entries)} = (${value.shape})`;
      try {
        array.set(isScalar ? scalarOf : given, ...entries.map(({ ours }) => ours));
      } catch (error) {
        throw new Error(message, { cause: error });
      }
      assertHolds(array, decode(expected[k]), message);
    });
  });
});
