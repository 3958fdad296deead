import { strict as assert } from 'node:assert';
import { DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { Context, type DistArray, MPI } from '../../../src/entry/index.ts';
import { cast } from '../../../src/kernels/copy.ts';
import { type StridedView, viewOf } from '../../../src/kernels/stridedView.ts';
import { Arrays, anyIndex, Dice, type Entry, filled } from '../../support/indexCases.ts';
import { flatIndices } from '../../support/maps.ts';
import { askNumpy, decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const { COMM_WORLD: comm } = MPI;
const ctx = new Context();
const DTYPES_TRIED: readonly Dtype[] = ['int8', 'int64', 'float64', 'complex128', 'bool'];

/** Asks NumPy on one rank, and tells all. */
function ask<T>(jobs: readonly object[]): T[] {
  return comm.bcastObject(comm.rank === 0 ? askNumpy<T>(jobs) : null) as T[];
}

/** Checks the elements of this process's part, copies of unstructured maps and padding's owners included. */
function assertHolds(array: DistArray, expected: StridedView, message: string): void {
  assert.deepEqual([...array.shape], [...expected.shape], message);
  const { local, distribution, dtype } = array;
  const { lanes } = DTYPES[dtype];
  const all = cast(expected, dtype).data;
  const wanted = flatIndices(distribution, distribution.rankOfTarget(comm.rank)).flatMap((flat) =>
    Array.from({ length: lanes }, (_, lane) => all[flat * lanes + lane]),
  );
  assert.deepEqual(Array.from(local.toContiguous() as Iterable<number | bigint>), wanted, message);
}

/** Checks that what operations infer is what they make, while a test runs. */
function withCheckedInference(run: () => void): void {
  const { session } = ctx;
  const { execute } = session;
  session.execute = (operation, arrays, params) => {
    const inferred = operation.infer(arrays, params, session.size);
    const made = execute.call(session, operation, arrays, params as never);
    assert.equal(inferred.dtype, made.dtype, operation.name);
    const same = inferred.distribution.isCompatible(made.distribution);
    assert.ok(same, `${operation.name}: ${inferred.distribution} and ${made.distribution}`);
    return made;
  };
  try {
    run();
  } finally {
    session.execute = execute;
  }
}

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
    const cases = Array.from({ length: 120 }, () => {
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
    withCheckedInference(() => {
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
    const cases = Array.from({ length: 120 }, () => {
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
