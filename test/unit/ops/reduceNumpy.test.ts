/** Values, dtypes and shapes of all reductions of one process, against NumPy. */
import { strict as assert } from 'node:assert';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { numpyName } from '../../../src/dtype/numpyNames.ts';
import { REDUCTIONS, type ReductionName } from '../../../src/dtype/reductions.ts';
import type { StridedView } from '../../../src/kernels/stridedView.ts';
import { LocalArray } from '../../../src/local/localArray.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import { cumulative } from '../../../src/ops/reduce/cumulative.ts';
import { reduce } from '../../../src/ops/reduce/reduce.ts';
import { decode, type Encoded, encode, needNumpy } from '../../support/numpy.ts';
import { askReductions, elements } from '../../support/numpyReductions.ts';

const NAMES = Object.keys(REDUCTIONS) as ReductionName[];
const NAN_OR_INFINITE = [Number.NaN, Infinity, -Infinity, 0, -0];

function arrayOf<D extends Dtype>(view: StridedView<D>): LocalArray<D> {
  const distribution = Distribution.fromShape(view.shape, { size: 1 });
  return new LocalArray<D>(distribution, { dtype: view.dtype, data: view.data });
}

interface Case {
  readonly label: string;
  readonly job: object;
  readonly run: () => LocalArray;
  /** Sum of the absolute values that a result may have lost digits against. */
  readonly scale?: number;
  /** How many roundings NumPy's result has behind it, where they are many. */
  readonly roundings?: number;
}

/** Asks NumPy about all cases at once, and compares. */
function compare(cases: readonly Case[]): void {
  const answers = askReductions<Encoded>(cases.map(({ job }) => job));
  cases.forEach(({ label, run, scale = 1, roundings = 1 }, k) => {
    const expected = decode(answers[k]);
    const result = run();
    assert.deepEqual([...result.globalShape], [...expected.shape], `shape of ${label}`);
    assert.equal(result.dtype, expected.dtype, `dtype of ${label}`);
    assertClose(result.toContiguous(), expected.data, expected.dtype, { scale, roundings }, label);
  });
}

function assertClose(
  actual: ArrayLike<number | bigint>,
  expected: ArrayLike<number | bigint>,
  dtype: Dtype,
  { scale, roundings }: { readonly scale: number; readonly roundings: number },
  label: string,
): void {
  const { kind, itemsize, lanes } = DTYPES[dtype];
  assert.equal(actual.length, expected.length, label);
  const eps = (itemsize / lanes === 4 ? 2 ** -20 : 2 ** -46) * roundings;
  const isFloat = kind === 'float' || kind === 'complex';
  for (let i = 0; i < expected.length; i += lanes) {
    // Which of several NaNs of complex numbers is found depends on the order.
    const parts = [...Array(lanes).keys()].map((lane) => i + lane);
    const hasNan = (of: ArrayLike<number | bigint>) => parts.some((k) => Number.isNaN(of[k]));
    if (hasNan(actual) && hasNan(expected)) continue;
    const size = Math.max(...parts.map((k) => Math.abs(Number(expected[k]))));
    for (const k of parts) {
      const [x, y] = [actual[k], expected[k]];
      const close = isFloat && Math.abs(Number(x) - Number(y)) <= eps * (size + scale);
      assert.ok(x === y || close, `${label}: element ${k} is ${x}, NumPy has ${y}`);
    }
  }
}

const jobOf = (fn: string, view: StridedView, rest: object) => ({
  job: 'reduce',
  fn,
  array: encode(view),
  ...rest,
});

describe('reductions of one process', function () {
  this.timeout(60_000);
  before(function () {
    needNumpy(this);
  });

  const shape = [5, 3, 7];
  const allAxes = [null, 0, 1, 2, [0, 1], [0, 2], [1, 2], [0, 1, 2]];
  it('are those of NumPy for every function, dtype and axis', () => {
    const cases: Case[] = [];
    for (const name of NAMES) {
      const isSum = ['sum', 'prod', 'mean', 'var', 'std'].includes(name);
      DTYPE_NAMES.forEach((dtype, k) => {
        const view = elements(dtype, shape, 100 + k, isSum ? [] : NAN_OR_INFINITE);
        // Products of hundreds overflow, in NumPy's order and in another one.
        if (name === 'prod') scaleDown(view);
        const array = arrayOf(view);
        for (const axis of allAxes) {
          if (name.startsWith('arg') && Array.isArray(axis)) continue;
          for (const keepdims of [false, true]) {
            cases.push({
              label: `${name} of ${dtype}, axis ${axis}, keepdims ${keepdims}`,
              job: jobOf(name, view, { axis, keepdims }),
              run: () => reduce(array, name, { axis, keepdims }),
              scale: scaleOf(name, dtype),
            });
          }
        }
      });
    }
    compare(cases);
  });

  it('goes through slices with steps, backwards too, in every order of the axes', () => {
    const cases: Case[] = [];
    for (const dtype of ['int16', 'float64', 'complex64'] as const) {
      const view = elements(dtype, [40, 37], 7, []);
      const array = arrayOf(view);
      const slices = [
        [null, null, 2],
        [30, 2, -3],
      ];
      const sliced = array.slice('::2, 30:2:-3');
      for (const name of ['sum', 'max', 'argmin', 'var', 'countNonzero'] as const) {
        for (const axis of [null, 0, 1]) {
          cases.push({
            label: `${name} of a slice of ${dtype}, axis ${axis}`,
            job: jobOf(name, view, { axis, slices }),
            run: () => reduce(sliced, name, { axis }),
            scale: 1e4,
          });
        }
      }
    }
    compare(cases);
  });

  it('takes long and short rows, narrow and wide arrays', () => {
    const shapes = [[1000, 3], [3, 1000], [2, 700, 5], [129], [1, 1], [33, 33], [600, 20]];
    const cases: Case[] = [];
    shapes.forEach((extents, k) => {
      for (const dtype of ['int8', 'float32', 'float64'] as const) {
        const view = elements(dtype, extents, 31 + k, []);
        const array = arrayOf(view);
        for (const name of ['sum', 'mean', 'std', 'min', 'argmax', 'any'] as const) {
          for (const axis of [null, 0, extents.length - 1]) {
            cases.push({
              label: `${name} of ${dtype} (${extents}), axis ${axis}`,
              job: jobOf(name, view, { axis }),
              run: () => reduce(array, name, { axis }),
              scale: name === 'sum' ? 1e5 : 100,
            });
          }
        }
      }
    });
    compare(cases);
  });

  it('computes in the dtype that is asked for', () => {
    const cases: Case[] = [];
    for (const from of ['int8', 'uint16', 'float32', 'float64', 'bool'] as const) {
      for (const dtype of ['int8', 'int32', 'uint64', 'float32', 'float64', 'complex64'] as const) {
        const view = elements(from, [6, 5], 3, []);
        const array = arrayOf(view);
        if (from.startsWith('float') && dtype.includes('int'))
          view.data.forEach((x, i) => {
            // NumPy leaves it to the processor what integer a number beyond the range becomes.
            view.data[i] = (Math.trunc(Number(x)) % 100) as never;
            if (dtype.startsWith('u')) view.data[i] = Math.abs(Number(view.data[i])) as never;
          });
        for (const name of ['sum', 'mean', 'var'] as const) {
          // The variance of complex numbers is real here, also when a complex dtype is asked for.
          if (name !== 'sum' && dtype.includes('int')) continue;
          if (name === 'var' && dtype === 'complex64') continue;
          cases.push({
            label: `${name} of ${from} in ${dtype}`,
            job: jobOf(name, view, { axis: 1, dtype: numpyName(dtype) }),
            run: () => reduce(array, name, { axis: 1, dtype }),
            scale: 1e5,
          });
        }
      }
    }
    compare(cases);
  });

  it('takes ddof off, and leaves out what a mask does', () => {
    const cases: Case[] = [];
    const where = elements('bool', [9, 11], 5);
    const mask = arrayOf(where);
    for (const dtype of ['int32', 'float32', 'complex128'] as const) {
      const view = elements(dtype, [9, 11], 6);
      const array = arrayOf(view);
      for (const axis of [null, 0, 1, []]) {
        for (const ddof of [1, 2.5, 9, 20]) {
          cases.push({
            label: `var of ${dtype}, ddof ${ddof}, axis ${axis}`,
            job: jobOf('var', view, { axis, ddof }),
            run: () => reduce(array, 'var', { axis, ddof }),
          });
        }
        for (const name of ['sum', 'mean', 'std', 'any', 'all'] as const) {
          cases.push({
            label: `${name} of ${dtype} under a mask, axis ${axis}`,
            job: jobOf(name, view, { axis, where: encode(where) }),
            run: () => reduce(array, name, { axis, where: mask }),
            scale: 1e11,
          });
        }
      }
    }
    compare(cases);
  });

  it('gives results of no elements where there are some', () => {
    const view = elements('float64', [0, 3], 1);
    const array = arrayOf(view);
    const cases = (['sum', 'prod', 'mean', 'var', 'any', 'all', 'countNonzero'] as const).flatMap(
      (name) =>
        [null, 0, 1].map((axis) => ({
          label: `${name} of no elements, axis ${axis}`,
          job: jobOf(name, view, { axis }),
          run: () => reduce(array, name, { axis }),
        })),
    );
    compare(cases);
    compare([
      {
        label: 'min of no rows',
        job: jobOf('min', view, { axis: 1 }),
        run: () => reduce(array, 'min', { axis: 1 }),
      },
    ]);
    for (const name of ['min', 'max', 'argmin', 'argmax'] as const) {
      assert.throws(() => reduce(array, name), /of none is nothing.*shape \(0, 3\)/);
      assert.throws(() => reduce(array, name, { axis: 0 }), RangeError);
    }
  });

  it('sums as exactly as NumPy, or better', () => {
    const jobs: object[] = [];
    const sums: number[] = [];
    for (const [dtype, seed] of [
      ['float64', 1],
      ['float32', 2],
      ['float64', 3],
    ] as const) {
      for (const scale of [1, 1e-3]) {
        const view = elements(dtype, [20_011], seed);
        view.data.forEach((x, i) => {
          view.data[i] = Number(x) * (i % 3 === 0 ? scale : 1e6) + 0.1;
        });
        sums.push(reduce(arrayOf(view), 'sum').get() as number);
        jobs.push({ job: 'sumErrors', array: encode(view), sum: sums.at(-1) });
      }
    }
    for (const [theirs, ours, ulp] of askReductions<[number, number, number]>(jobs)) {
      assert.ok(ours <= Math.max(theirs, ulp), `error ${ours}, NumPy's ${theirs}`);
    }
  });

  for (const name of ['cumulativeSum', 'cumulativeProd'] as const) {
    it(`${name} is NumPy's for every dtype and axis`, () => {
      const cases: Case[] = [];
      DTYPE_NAMES.forEach((dtype, k) => {
        for (const extents of [shape, [3, 40], [700, 2], [5, 600]]) {
          const view = elements(dtype, extents, 50 + k);
          if (name === 'cumulativeProd') scaleDown(view);
          const array = arrayOf(view);
          for (const axis of extents.keys()) {
            cases.push({
              label: `${name} of ${dtype} (${extents}), axis ${axis}`,
              job: jobOf(name, view, { axis }),
              run: () => cumulative(array, name, { axis }),
              scale: name === 'cumulativeSum' ? 1e5 : 1,
              roundings: name === 'cumulativeProd' ? 100 : 1,
            });
          }
        }
      });
      const strided = elements('float64', [30, 20], 9);
      const sliced = arrayOf(strided).slice('::-2, 3:17:3');
      const slices = [
        [null, null, -2],
        [3, 17, 3],
      ];
      for (const axis of [0, 1]) {
        cases.push({
          label: `${name} of a slice`,
          job: jobOf('cumulativeSum', strided, { axis, slices }),
          run: () => cumulative(sliced, 'cumulativeSum', { axis }),
          scale: 1e5,
        });
      }
      compare(cases);
    });
  }
});

/** What a mean or a sum may have lost digits against. */
function scaleOf(name: ReductionName, dtype: Dtype): number {
  if (name !== 'sum' && name !== 'mean') return 1;
  const { kind, itemsize } = DTYPES[dtype];
  return itemsize === 8 && (kind === 'int' || kind === 'uint') ? 2 ** 64 : 1e5;
}

/** Makes floats of magnitude about 1, so that products neither overflow nor vanish. */
function scaleDown({ data, dtype }: StridedView): void {
  const { kind } = DTYPES[dtype];
  if (kind !== 'float' && kind !== 'complex') return;
  data.forEach((x, i) => {
    data[i] = (0.7 + (Math.abs(Number(x)) % 0.5)) as never;
  });
}
