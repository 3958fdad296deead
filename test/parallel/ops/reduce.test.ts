import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { DTYPE_NAMES, DTYPES, type Dtype, type TypedArray } from '../../../src/dtype/dtype.ts';
import { numpyName, parseNumpyName } from '../../../src/dtype/numpyNames.ts';
import { REDUCTIONS, type ReductionName } from '../../../src/dtype/reductions.ts';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { newView, type StridedView } from '../../../src/kernels/stridedView.ts';
import { LocalArray } from '../../../src/local/localArray.ts';
import { cumulative } from '../../../src/ops/reduce/cumulative.ts';
import { reduce } from '../../../src/ops/reduce/reduce.ts';
import { elements, numbersFrom } from '../../support/numpyReductions.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';

const world = MPI.COMM_WORLD;
const { size } = world;
const NAMES = Object.keys(REDUCTIONS) as ReductionName[];

/** Gives every rank its part of an array that all know. */
function spread<D extends Dtype>(view: StridedView<D>, distribution: Distribution): LocalArray<D> {
  const array = new LocalArray<D>(distribution, { dtype: view.dtype });
  return array.rank < 0 ? array : (array.assignView(partOf(view, array)) as LocalArray<D>);
}

/** What a rank should hold of an array that all know. */
function partOf<D extends Dtype>(view: StridedView<D>, array: LocalArray): StridedView<D> {
  const part = newView(view.dtype, array.localShape);
  const { lanes } = DTYPES[view.dtype];
  const axes = array.localShape.map((_, axis) => array.globalIndices(axis));
  let k = 0;
  const walk = (axis: number, at: number): void => {
    if (axis === axes.length) {
      for (let lane = 0; lane < lanes; lane++) part.data[k++] = view.data[at * lanes + lane];
      return;
    }
    for (const index of axes[axis]) walk(axis + 1, at + index * view.strides[axis]);
  };
  walk(0, 0);
  return part;
}

/** The same array on this rank alone. */
function alone<D extends Dtype>(view: StridedView<D>): LocalArray<D> {
  const distribution = Distribution.fromShape(view.shape, { size: 1 });
  return new LocalArray<D>(distribution, {
    dtype: view.dtype,
    data: view.data,
    comm: MPI.COMM_SELF,
  });
}

/** Checks this rank's part of a result against the whole one, which one process has made. */
function assertPart(actual: LocalArray, whole: LocalArray, label: string): void {
  assert.deepEqual(actual.globalShape, whole.globalShape, label);
  assert.equal(actual.dtype, whole.dtype, label);
  if (actual.rank < 0) return;
  const expected = partOf(whole.strided, actual).data;
  const { kind, itemsize, lanes } = DTYPES[actual.dtype];
  const eps = kind === 'float' || kind === 'complex' ? (itemsize / lanes === 4 ? 2e-6 : 1e-13) : 0;
  const found = actual.toContiguous();
  assert.equal(found.length, expected.length, label);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i], expected[i]];
    if (a === b || (Number.isNaN(a) && Number.isNaN(b))) continue;
    const near = Math.abs(Number(a) - Number(b)) <= eps * (1 + Math.abs(Number(b)));
    assert.ok(near, `${label}: element ${i} is ${a}, on one process ${b}`);
  }
}

/** Distributions of a shape over all ranks: every kind of map, empty parts, targets left out. */
function distributionsOf([n, m]: readonly [number, number]): [string, Distribution][] {
  const next = numbersFrom(n * m + size);
  const shuffled = [...Array(n).keys()].sort(() => next() - 2 ** 31);
  const lists = Array.from({ length: size }, (_, p) => shuffled.filter((_, k) => k % size === p));
  const bounds = [
    0,
    ...Array.from({ length: size }, (_, p) => (p < size - 1 ? Math.min(2, n) : n)),
  ];
  const all: [string, readonly DimensionMap[]][] = [
    ['blocks of rows', [BlockMap.even(n, size), new UndistributedMap(m)]],
    ['blocks of columns', [new UndistributedMap(n), BlockMap.even(m, size)]],
    ['blocks of which most are empty', [BlockMap.fromBounds(bounds), new UndistributedMap(m)]],
    ['cyclic rows', [new CyclicMap(n, size), new UndistributedMap(m)]],
    ['block-cyclic columns', [new UndistributedMap(n), new CyclicMap(m, size, { blockSize: 2 })]],
    [
      'unstructured rows',
      [UnstructuredMap.fromIndices(lists, { oneToOne: true }), new UndistributedMap(m)],
    ],
  ];
  if (size >= 4) {
    all.push(
      ['a grid of blocks', [BlockMap.even(n, 2), BlockMap.even(m, 2)]],
      [
        'a grid of cyclic and block-cyclic',
        [new CyclicMap(n, 2), new CyclicMap(m, 2, { blockSize: 3 })],
      ],
    );
  }
  const made = all.map(
    ([label, maps]) => [label, Distribution.fromMaps(maps)] as [string, Distribution],
  );
  if (size >= 3) {
    const maps = [BlockMap.even(n, 2), new UndistributedMap(m)];
    made.push(['targets 1 and 2', Distribution.fromMaps(maps, { targets: [1, 2] })]);
  }
  made.push(['copies', Distribution.replicated([n, m], { size })]);
  made.push(['a copy on rank 0', Distribution.replicated([n, m], { size: 1 })]);
  return made;
}

describe('reductions over ranks', function () {
  this.timeout(60_000);

  it('are those of one process, for every distribution, axis and function', () => {
    for (const [label, distribution] of distributionsOf([7, 9])) {
      const view = elements('float64', [7, 9], 11);
      const array = spread(view, distribution);
      for (const name of NAMES) {
        for (const axis of name === 'sum' ? [null, 0, 1, [0, 1], []] : [null, 0, 1]) {
          const options = { axis, keepdims: axis === 1 };
          const expected = reduce(alone(view), name, options);
          assertPart(reduce(array, name, options), expected, `${name} along ${axis}, ${label}`);
        }
      }
    }
  });

  it('are those of one process for every dtype, with NaNs', () => {
    const distribution = Distribution.fromShape([13, 5], { dist: 'cn', size });
    for (const dtype of DTYPE_NAMES) {
      const view = elements(dtype, [13, 5], 17, [Number.NaN, Infinity]);
      const array = spread(view, distribution);
      for (const name of NAMES) {
        if (dtype.startsWith('complex') && (name === 'min' || name === 'max')) continue;
        for (const axis of [null, 0, 1]) {
          const expected = reduce(alone(view), name, { axis });
          assertPart(reduce(array, name, { axis }), expected, `${name} of ${dtype} along ${axis}`);
        }
      }
    }
  });

  it('reduce views of every kind: steps, backwards, of block-cyclic and unstructured axes', () => {
    const view = elements('float64', [14, 12], 23);
    const single = alone(view);
    for (const [label, distribution] of distributionsOf([14, 12])) {
      const array = spread(view, distribution);
      for (const spec of ['1:-1, ::2', '::-1, 3:', '10:2:-3, 5', '4, 1:7', '0:0, :']) {
        const [part, whole] = [array.slice(spec), single.slice(spec)];
        for (const name of ['sum', 'var', 'max', 'argmin', 'all'] as const) {
          for (const axis of [null, ...part.globalShape.keys()]) {
            const isEmpty = spec.startsWith('0:0') && (axis === null || axis === 0);
            if (isEmpty && !REDUCTIONS[name].hasEmpty) continue;
            const what = `${name} of [${spec}] along ${axis}, ${label}`;
            assertPart(reduce(part, name, { axis }), reduce(whole, name, { axis }), what);
          }
        }
      }
    }
  });

  it('give the first of equal elements, wherever it is', () => {
    for (const [label, distribution] of distributionsOf([9, 8])) {
      const view = elements('int16', [9, 8], 29);
      view.data.forEach((x, i) => {
        view.data[i] = Math.abs(x) % 3;
      });
      const array = spread(view, distribution);
      for (const name of ['argmin', 'argmax'] as const) {
        for (const axis of [null, 0, 1]) {
          const what = `${name} along ${axis}, ${label}`;
          assertPart(reduce(array, name, { axis }), reduce(alone(view), name, { axis }), what);
        }
      }
    }
  });

  it('count halos once', () => {
    const padded = BlockMap.even(4 * size, size, { commPadding: 1 });
    const distribution = Distribution.fromMaps([padded, new UndistributedMap(3)]);
    const array = new LocalArray(distribution).fill(2);
    assert.equal(reduce(array, 'sum').get(), 24 * size);
    assert.deepEqual(
      [...reduce(array, 'sum', { axis: 0 }).toContiguous()],
      world.rank === 0 ? [8 * size, 8 * size, 8 * size] : [],
    );
    const sums = reduce(array, 'sum', { axis: 1 });
    assert.deepEqual([...sums.toContiguous()], [6, 6, 6, 6]);
  });

  it('leave the same bits on every rank', () => {
    for (const dtype of ['float32', 'float64', 'complex128'] as const) {
      const array = spread(elements(dtype, [1000], 31), Distribution.fromShape([1000], { size }));
      for (const name of ['sum', 'mean', 'var', 'prod'] as const) {
        const bytes = new Uint8Array(reduce(array, name).toContiguous().buffer.slice(0));
        const first = bytes.slice();
        world.bcast(first, { root: 0 });
        assert.deepEqual(bytes, first);
      }
    }
  });

  it('merge variances of parts far apart without loss', () => {
    const n = 100 * size;
    const array = new LocalArray(Distribution.fromShape([n], { size }));
    const data = array.data as Float64Array;
    data.forEach((_, i) => {
      data[i] = 1e9 + (i % 2);
    });
    assert.equal(reduce(array, 'var').get(), 0.25);
    assert.equal(reduce(array, 'std', { ddof: n - 1 }).get(), Math.sqrt(0.25 * n));
  });

  it('put results where they are told, cast', () => {
    const view = elements('int32', [6, 5], 37);
    const distribution = Distribution.fromShape([6, 5], { dist: 'nb', size });
    const array = spread(view, distribution);
    const out = new LocalArray(distribution.reduce([0]), { dtype: 'float64' });
    assert.equal(reduce(array, 'sum', { axis: 0, out }), out);
    assertPart(out, reduce(alone(view), 'sum', { axis: 0 }).astype('float64'), 'out');
    const narrow = new LocalArray(distribution.reduce([0]), { dtype: 'int8' });
    assert.throws(() => reduce(array, 'mean', { axis: 0, out: narrow }), /options.out.*int8/);
    const other = new LocalArray(Distribution.fromShape([5], { size: 1 }));
    if (size > 1) assert.throws(() => reduce(array, 'sum', { axis: 0, out: other }), RangeError);
  });

  it('refuse what cannot be, on every rank alike', () => {
    const array = new LocalArray(Distribution.fromShape([4, 3], { size }));
    assert.throws(() => reduce(array, 'sum', { axis: 2 }), /options.axis/);
    assert.throws(() => reduce(array, 'sum', { axis: [0, 0] }), /every axis once for options.axis/);
    assert.throws(() => reduce(array, 'argmax', { axis: [0, 1] }), /one axis of argmax/);
    assert.throws(() => reduce(array, 'any', { dtype: 'float64' }), /any has a dtype of its own/);
    assert.throws(() => reduce(array, 'median' as never), /one of sum, prod/);
    assert.throws(() => reduce(array, 'max', { where: array as never }), /options.where/);
    assert.throws(() => reduce(array, 'sum', { where: array as never }), /a LocalArray of bools/);
    assert.throws(() => cumulative(array, 'cumulativeSum'), /options.axis/);
    world.barrier();
  });

  it('make a communicator for an axis once', () => {
    const comm = world.dup();
    const array = new LocalArray(Distribution.fromShape([4, 4 * size], { dist: 'nb', size }), {
      comm,
    });
    for (let k = 0; k < 200; k++) reduce(array, 'sum', { axis: 1 });
    comm.free();
  });
});

describe('reductions of DistArray', () => {
  type GoldenValue = number | string | boolean | { readonly complex: readonly number[] };
  interface GoldenArray {
    readonly dtype: string;
    readonly shape: readonly number[];
    readonly data: readonly GoldenValue[];
  }
  interface GoldenCase {
    readonly op: string;
    readonly axis: number | number[] | null;
    readonly dist: string;
    readonly dtype: Dtype;
    readonly dtype_arg?: string;
    /** An array, or how Python makes it. */
    readonly input: GoldenArray | string;
    readonly numpy?: GoldenArray;
  }
  const file = fileURLToPath(new URL('../../data/golden/reductions.json', import.meta.url));
  const all = JSON.parse(readFileSync(file, 'utf8')).cases as GoldenCase[];
  const cases = all.filter(({ op, numpy }) => op !== undefined && numpy !== undefined);

  function viewOfGolden({ dtype: name, shape, data }: GoldenArray): StridedView {
    const { dtype } = parseNumpyName(name);
    const view = newView(dtype as Dtype, shape);
    const target = view.data as TypedArray as Float64Array;
    const isWide = view.data instanceof BigInt64Array || view.data instanceof BigUint64Array;
    const parts = data.flatMap((value): (number | string | boolean)[] =>
      typeof value === 'object' ? [...value.complex] : [value],
    );
    assert.equal(parts.length, target.length);
    parts.forEach((part, i) => {
      target[i] = (isWide ? BigInt(part) : Number(part)) as number;
    });
    return view;
  }

  function inputOf({ input, dtype }: GoldenCase): StridedView {
    if (typeof input !== 'string') return viewOfGolden(input);
    assert.equal(input, 'arange(60).reshape(3,4,5) % 7');
    const data = Array.from({ length: 60 }, (_, i) => i % 7);
    return viewOfGolden({ dtype: numpyName(dtype), shape: [3, 4, 5], data });
  }

  it(`have NumPy's answers in all ${cases.length} cases that it answers`, () => {
    assert.equal(cases.length, 181);
    for (const golden of cases) {
      const { op, axis, dist, dtype_arg: wanted } = golden;
      const view = inputOf(golden);
      const [letters] = dist.split(' ');
      const array = spread(view, Distribution.fromShape(view.shape, { dist: letters, size }));
      const dtype = wanted === undefined ? undefined : parseNumpyName(wanted).dtype;
      const result = reduce(array, op as ReductionName, { axis, dtype });
      const expected = alone(viewOfGolden(golden.numpy!));
      assertPart(result, expected, `${op} of ${view.dtype} along ${axis} in ${dtype}, ${dist}`);
    }
  });
});

describe('cumulative sums and products', function () {
  this.timeout(60_000);

  it('are those of one process, for every distribution and axis', () => {
    for (const [label, distribution] of distributionsOf([8, 11])) {
      for (const dtype of ['int16', 'float64', 'complex64'] as const) {
        const view = elements(dtype, [8, 11], 41);
        const array = spread(view, distribution);
        for (const axis of [0, 1]) {
          const expected = cumulative(alone(view), 'cumulativeSum', { axis });
          const actual = cumulative(array, 'cumulativeSum', { axis });
          assertPart(actual, expected, `cumulativeSum of ${dtype} along ${axis}, ${label}`);
        }
      }
      const view = elements('uint8', [8, 11], 43);
      const expected = cumulative(alone(view), 'cumulativeProd', { axis: 0 });
      const actual = cumulative(spread(view, distribution), 'cumulativeProd', { axis: 0 });
      assertPart(actual, expected, `cumulativeProd, ${label}`);
    }
  });

  it('go through views, backwards too', () => {
    const view = elements('int32', [14, 6], 47);
    for (const [label, distribution] of distributionsOf([14, 6])) {
      for (const spec of ['::-1, :', '12:1:-2, ::2', '3, ::-1']) {
        const part = spread(view, distribution).slice(spec);
        const whole = alone(view).slice(spec);
        const expected = cumulative(whole, 'cumulativeSum', { axis: 0 });
        assertPart(cumulative(part, 'cumulativeSum', { axis: 0 }), expected, `[${spec}], ${label}`);
      }
    }
  });
});

describe('reductions of random arrays', function () {
  this.timeout(60_000);

  const mapOf = (extent: number) =>
    fc.oneof(
      fc.constant(new UndistributedMap(extent)),
      fc.integer({ min: 1, max: size }).map((grid) => BlockMap.even(extent, grid)),
      fc
        .tuple(fc.integer({ min: 1, max: size }), fc.integer({ min: 1, max: 4 }))
        .map(([grid, blockSize]) => new CyclicMap(extent, grid, { blockSize })),
    );
  const fits = (maps: readonly DimensionMap[]) =>
    maps.reduce((product, map) => product * map.gridSize, 1) <= size;
  const array = fc
    .array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 })
    .chain((shape) => fc.tuple(fc.tuple(...shape.map(mapOf)).filter(fits), fc.nat(), fc.nat()));

  it('are those of one process', () => {
    // The same seed on every rank: all make the same cases.
    fc.assert(
      sharedProperty(
        array,
        fc.constantFrom<Dtype>('int32', 'float64', 'float32'),
        ([maps, seed, bits], dtype) => {
          const distribution = Distribution.fromMaps(maps);
          const view = elements(dtype, distribution.shape, seed);
          const axis = [...maps.keys()].filter((k) => (bits >> k) % 2 === 1);
          const part = spread(view, distribution);
          for (const name of ['sum', 'std', 'min'] as const) {
            assertPart(reduce(part, name, { axis }), reduce(alone(view), name, { axis }), name);
          }
          const along = { axis: bits % maps.length };
          const place = reduce(alone(view), 'argmax', along);
          assertPart(reduce(part, 'argmax', along), place, 'argmax');
          const sums = cumulative(alone(view), 'cumulativeSum', along);
          assertPart(cumulative(part, 'cumulativeSum', along), sums, 'cumulativeSum');
        },
      ),
      { numRuns: 60, seed: 20141120 },
    );
  });
});
