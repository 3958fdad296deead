// Arrays of other shapes, and arrays that are put together from others, compared with NumPy.
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  broadcastTo,
  Context,
  concatenate,
  type DistArray,
  type Distribution,
  type Dtype,
  diff,
  type PadOptions,
  pad,
  repeat,
  reshape,
  roll,
  stack,
  tile,
} from '../../../src/entry/index.ts';
import { anyDistribution } from '../../support/maps.ts';
import { size } from '../../support/mode.ts';
import { needNumpy } from '../../support/numpy.ts';
import { callNumpy, given, type NumpyCall, type Plain } from '../../support/numpyCalls.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();

const flat = (array: DistArray) => {
  const nested = array.toNested();
  return (Array.isArray(nested) ? nested.flat(9) : [nested]).map(Number);
};

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function plain(shape: readonly number[], first = 0): Plain {
  const elements = Array.from({ length: sizeOf(shape) }, (_, k) => first + k);
  return { dtype: 'float64', shape, elements };
}

function distributed({ shape, elements }: Plain, distribution: Distribution): DistArray {
  return ctx.fromArray({ data: Float64Array.from(elements), shape }, { distribution });
}

/** A call of one of our functions, and the same of NumPy's. */
interface Case {
  readonly call: NumpyCall;
  readonly where: string;
  readonly run: () => DistArray;
}

/** One array of any distribution, and a call with it. */
function withArray(
  shapes: fc.Arbitrary<readonly number[]>,
  call: (shape: readonly number[]) => fc.Arbitrary<{
    readonly fn: string;
    readonly rest?: readonly unknown[];
    readonly options?: Readonly<Record<string, unknown>>;
    /** What the array is cast to before the call. Default float64. */
    readonly dtype?: Dtype;
    readonly run: (array: DistArray) => DistArray;
  }>,
): fc.Arbitrary<Case> {
  return shapes.chain((shape) =>
    fc
      .record({ distribution: anyDistribution(shape, size), made: call(shape) })
      .map(({ distribution, made: { fn, rest = [], options = {}, dtype = 'float64', run } }) => ({
        call: { fn, arguments: [given({ ...plain(shape), dtype }), ...rest], options },
        where: `${fn} ${JSON.stringify(rest)} ${JSON.stringify(options)} of ${dtype} ${distribution}`,
        run: () => run(distributed(plain(shape), distribution).astype(dtype)),
      })),
  );
}

const shapeOf = (least: number) =>
  fc.array(fc.integer({ min: 0, max: 5 }), { minLength: least, maxLength: 3 });
const axisOf = (shape: readonly number[]) =>
  fc.integer({ min: -shape.length, max: shape.length - 1 });

const rolls = withArray(shapeOf(0), (shape) => {
  const shift = fc.integer({ min: -7, max: 7 });
  const all = shift.map((by) => ({
    fn: 'roll',
    rest: [by],
    run: (array: DistArray) => roll(array, by),
  }));
  if (shape.length === 0) return all;
  const some = fc.array(fc.tuple(axisOf(shape), shift), { minLength: 1, maxLength: 3 });
  return fc.oneof(
    all,
    some.map((moves) => {
      const [axis, by] = [moves.map(([a]) => a), moves.map(([, s]) => s)];
      return {
        fn: 'roll',
        rest: [by],
        options: { axis },
        run: (a: DistArray) => roll(a, by, { axis }),
      };
    }),
  );
});

const tiles = withArray(shapeOf(0), () =>
  fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 3 }).map((reps) => ({
    fn: 'tile',
    rest: [reps],
    run: (a: DistArray) => tile(a, reps),
  })),
);

const repeats = withArray(shapeOf(1), (shape) =>
  fc.option(axisOf(shape), { nil: undefined }).chain((axis) => {
    const extent = axis === undefined ? sizeOf(shape) : (shape.at(axis) ?? 0);
    const count = fc.integer({ min: 0, max: 4 });
    // Many copies are made in another way.
    const many = fc.constant(70);
    return fc
      .oneof(count, many, fc.array(count, { minLength: extent, maxLength: extent }))
      .map((counts) => ({
        fn: 'repeat',
        rest: [counts],
        options: axis === undefined ? {} : { axis },
        run: (a: DistArray) => repeat(a, counts, { axis }),
      }));
  }),
);

/** Modes and options of margins, and NumPy's names of them. */
const margins = fc.constantFrom<readonly [PadOptions, Readonly<Record<string, unknown>>]>(
  [{ constantValues: [[7, -7]] }, { mode: 'constant', constant_values: [[7, -7]] }],
  [{ mode: 'edge' }, { mode: 'edge' }],
  [{ mode: 'reflect' }, { mode: 'reflect' }],
  [{ mode: 'symmetric' }, { mode: 'symmetric' }],
  [{ mode: 'wrap' }, { mode: 'wrap' }],
  [
    { mode: 'reflect', reflectType: 'odd' },
    { mode: 'reflect', reflect_type: 'odd' },
  ],
  [
    { mode: 'symmetric', reflectType: 'odd' },
    { mode: 'symmetric', reflect_type: 'odd' },
  ],
  [
    { mode: 'linearRamp', endValues: [5, -3] },
    { mode: 'linear_ramp', end_values: [5, -3] },
  ],
  [{ mode: 'linearRamp' }, { mode: 'linear_ramp' }],
  [
    { mode: 'maximum', statLength: [[2, 1]] },
    { mode: 'maximum', stat_length: [[2, 1]] },
  ],
  [
    { mode: 'minimum', statLength: 3 },
    { mode: 'minimum', stat_length: 3 },
  ],
  [{ mode: 'mean' }, { mode: 'mean' }],
  [
    { mode: 'mean', statLength: [1, 2] },
    { mode: 'mean', stat_length: [1, 2] },
  ],
);

const pads = withArray(
  shapeOf(1).map((shape) => shape.map((extent) => extent + 1)),
  (shape) => {
    const width = fc.integer({ min: 0, max: 3 });
    return fc
      .record({
        widths: fc.array(fc.tuple(width, width), {
          minLength: shape.length,
          maxLength: shape.length,
        }),
        margin: margins,
        dtype: fc.constantFrom<Dtype>('float64', 'int32', 'int8'),
      })
      .map(({ widths: wanted, margin: [options, names], dtype }) => {
        // What exceeds the array is compared with indices below: NumPy before 2 has it wrong.
        const { mode = 'constant' } = options;
        const most = (extent: number) =>
          mode === 'reflect' ? extent - 1 : mode === 'symmetric' || mode === 'wrap' ? extent : 9;
        const widths = wanted.map((pair, axis) => pair.map((n) => Math.min(n, most(shape[axis]))));
        return {
          fn: 'pad',
          rest: [widths],
          options: names,
          dtype,
          run: (a: DistArray) => pad(a, widths, options),
        };
      });
  },
);

const reshapes = withArray(shapeOf(0), (shape) => {
  const count = sizeOf(shape);
  const divisors = Array.from({ length: count }, (_, k) => k + 1).filter((n) => count % n === 0);
  const merged = shape.length < 2 ? [] : [shape[0] * shape[1], ...shape.slice(2)];
  const tail = shape.length < 2 ? [] : [...shape.slice(0, -2), shape.at(-1), shape.at(-2)];
  const targets = fc.oneof<fc.Arbitrary<readonly (number | undefined)[]>[]>(
    fc.constant([-1]),
    fc.constantFrom(...(merged.length > 0 ? [merged, tail] : [[...shape, 1]])),
    divisors.length === 0
      ? fc.constant([3, 0, 2])
      : fc.constantFrom(...divisors).map((n) => [n, 1, -1]),
  );
  return fc
    .record({ to: targets, dist: fc.constantFrom(undefined, 'c', 'nb') })
    .map(({ to, dist }) => ({
      fn: 'reshape',
      rest: [to],
      run: (a: DistArray) =>
        reshape(a, to as number[], { dist: dist?.slice(0, to.length).padEnd(to.length, 'n') }),
    }));
});

const broadcasts = withArray(
  shapeOf(0).map((shape) => shape.map((extent) => (extent % 2 === 0 ? 1 : extent))),
  (shape) =>
    fc
      .tuple(
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 2 }),
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 3 }),
      )
      .map(([lead, longer]) => {
        const to = [...lead, ...shape.map((extent, k) => (extent === 1 ? longer[k] : extent))];
        return { fn: 'broadcast_to', rest: [to], run: (a: DistArray) => broadcastTo(a, to) };
      }),
);

const diffs = withArray(shapeOf(1), (shape) =>
  fc
    .record({
      n: fc.integer({ min: 1, max: 3 }),
      axis: axisOf(shape),
      prepend: fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined }),
      append: fc.option(fc.constantFrom(2.5), { nil: undefined }),
    })
    .map(({ n, axis, prepend, append }) => ({
      fn: 'diff',
      options: {
        n,
        axis,
        ...(prepend === undefined ? {} : { prepend }),
        ...(append === undefined ? {} : { append }),
      },
      run: (a: DistArray) => diff(a, { n, axis, prepend, append }),
    })),
);

/** Several arrays, each of its own distribution. */
function joins(fn: 'concatenate' | 'stack'): fc.Arbitrary<Case> {
  return shapeOf(fn === 'stack' ? 0 : 1).chain((shape) => {
    const ndim = shape.length + (fn === 'stack' ? 1 : 0);
    const axes = fc.integer({ min: -ndim, max: ndim - 1 });
    return fc
      .tuple(axes, fc.array(fc.nat(4), { minLength: 1, maxLength: 3 }))
      .chain(([axis, extents]) => {
        const along = axis < 0 ? axis + ndim : axis;
        const all = extents.map((extent) => (fn === 'stack' ? shape : shape.with(along, extent)));
        return fc.tuple(...all.map((each) => anyDistribution(each, size))).map((distributions) => {
          const arrays = all.map((each, k) => plain(each, 100 * k));
          const run = () => {
            const made = arrays.map((each, k) => distributed(each, distributions[k]));
            return fn === 'stack' ? stack(made, { axis }) : concatenate(made, { axis });
          };
          return {
            call: { fn, arguments: [arrays.map(given)], options: { axis } },
            where: `${fn} along ${axis} of ${distributions.join('; ')}`,
            run,
          };
        });
      });
  });
}

describe('functions that change shapes', () => {
  before(function () {
    needNumpy(this);
  });

  const seed = sharedSeed();

  for (const [name, cases, numRuns] of [
    ['roll', rolls, 40],
    ['tile', tiles, 30],
    ['repeat', repeats, 40],
    ['pad', pads, 90],
    ['reshape', reshapes, 50],
    ['broadcastTo', broadcasts, 30],
    ['diff', diffs, 25],
    ['concatenate', joins('concatenate'), 30],
    ['stack', joins('stack'), 25],
  ] as const) {
    it(`are NumPy’s on every distribution: ${name}`, () => {
      const samples = fc.sample<Case>(cases, { seed, numRuns });
      callNumpy(samples.map(({ call }) => call)).forEach((answer, k) => {
        const { run, where } = samples[k];
        assert.ok('arrays' in answer, `${where}: ${JSON.stringify(answer)}`);
        const [expected] = answer.arrays;
        const result = run();
        assert.deepEqual(result.shape, expected.shape, where);
        assert.deepEqual(flat(result), expected.elements, where);
      });
    });
  }
});
