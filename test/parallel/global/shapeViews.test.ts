// Transposes and their kin: views of every distribution.
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  arraySplit,
  BlockMap,
  Context,
  CyclicMap,
  type DistArray,
  Distribution,
  expandDims,
  flip,
  LocalArray,
  moveaxis,
  split,
  squeeze,
  swapaxes,
  transpose,
  UnstructuredMap,
  unstack,
} from '../../../src/entry/index.ts';
import { exchangeHalo, multiply } from '../../../src/entry/local.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { anyDistribution } from '../../support/maps.ts';
import { size } from '../../support/mode.ts';
import { needNumpy } from '../../support/numpy.ts';
import { callNumpy, given, type NumpyCall, type Plain } from '../../support/numpyCalls.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();

const flat = (array: DistArray) => {
  const nested = array.toNested();
  return (Array.isArray(nested) ? nested.flat(9) : [nested]).map(Number);
};

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

/** An array whose elements are their flat indices. */
function numbered(distribution: Distribution): { array: DistArray; plain: Plain } {
  const { shape } = distribution;
  const elements = Array.from({ length: sizeOf(shape) }, (_, k) => k);
  const array = ctx.fromArray({ data: Float64Array.from(elements), shape }, { distribution });
  return { array, plain: { dtype: 'float64', shape, elements } };
}

/** A way to look at an array, here and in NumPy. */
interface View {
  readonly fn: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly rest?: readonly unknown[];
  readonly of: (array: DistArray) => DistArray;
}

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }).chain((shape) =>
  // Dimensions of one index are worth more than chance gives.
  fc.tuple(...shape.map((extent) => fc.constantFrom(extent, extent, 1))),
);

const axesOf = (ndim: number) => fc.shuffledSubarray([...Array(ndim).keys()], { minLength: ndim });

function viewOf(shape: readonly number[]): fc.Arbitrary<View> {
  const ndim = shape.length;
  const some: fc.Arbitrary<View>[] = [
    axesOf(ndim).map((axes) => ({
      fn: 'transpose',
      options: { axes },
      of: (array) => transpose(array, axes),
    })),
    fc.constant({ fn: 'transpose', options: {}, of: (array: DistArray) => array.T }),
    fc.constant({ fn: 'squeeze', options: {}, of: (array: DistArray) => squeeze(array) }),
    fc.subarray([...shape.keys()]).map((axis) => ({
      fn: 'flip',
      options: { axis },
      of: (array) => flip(array, { axis }),
    })),
    fc.subarray([...Array(ndim + 2).keys()], { minLength: 2, maxLength: 2 }).map((axis) => ({
      fn: 'expand_dims',
      options: { axis },
      of: (array) => expandDims(array, axis),
    })),
  ];
  if (ndim > 0) {
    const axis = fc.integer({ min: -ndim, max: ndim - 1 });
    some.push(
      fc.tuple(axis, axis).map(([a, b]) => ({
        fn: 'swapaxes',
        options: {},
        rest: [a, b],
        of: (array) => swapaxes(array, a, b),
      })),
      fc.tuple(axesOf(ndim), axesOf(ndim), fc.nat(ndim)).map(([from, to, count]) => ({
        fn: 'moveaxis',
        options: {},
        rest: [from.slice(0, count), to.slice(0, count)],
        of: (array) => moveaxis(array, from.slice(0, count), to.slice(0, count)),
      })),
    );
  }
  return fc.oneof(...some);
}

const cases = shapes.chain((shape) =>
  fc.record({
    distribution: anyDistribution(shape, size),
    view: viewOf(shape),
    axes: axesOf(shape.length),
  }),
);

describe('views of other orders of axes', () => {
  const seed = sharedSeed();

  it('are NumPy’s on every distribution, send nothing, and share memory', function () {
    needNumpy(this);
    const samples = fc.sample(cases, { seed, numRuns: 60 });
    const calls = samples.map(({ distribution, view }): NumpyCall => {
      const { shape } = distribution;
      const elements = Array.from({ length: sizeOf(shape) }, (_, k) => k);
      return {
        fn: view.fn,
        arguments: [given({ dtype: 'float64', shape, elements }), ...(view.rest ?? [])],
        options: view.options,
      };
    });
    callNumpy(calls).forEach((answer, k) => {
      assert.ok('arrays' in answer, JSON.stringify(answer));
      const [expected] = answer.arrays;
      const { distribution, view } = samples[k];
      const { array, plain } = numbered(distribution);
      const before = ctx.stats.messages;
      const seen = view.of(array);
      assert.equal(ctx.stats.messages, before);
      const where = `${view.fn} ${JSON.stringify(view.options)} of ${distribution}`;
      assert.deepEqual(seen.shape, expected.shape, where);
      assert.deepEqual(flat(seen), expected.elements, where);
      // What is written to the view shows in the array.
      seen.assign(seen.mul(2).add(1));
      const doubled = plain.elements.map((value) => 2 * value + 1);
      assert.deepEqual(flat(array), doubled, where);
    });
  });

  it('are of the first copy where several processes list an element, which is what arrays are read from', () => {
    const lists = Array.from({ length: size }, (_, rank) => Int32Array.from(rank > 0 ? [0] : []));
    if (size === 1) lists[0] = Int32Array.of(0);
    const map = UnstructuredMap.fromIndices(lists, { size: 1, oneToOne: false });
    const array = ctx.zeros(Distribution.fromMaps([map]));
    for (const view of [squeeze(array), array.slice('0')]) {
      view.assign(view.add(1));
      assert.deepEqual(flat(array), [view.item()]);
    }
  });

  it('go through slices, reductions, sums with others and redistributions', () => {
    const turned = shapes.chain((shape) =>
      fc.record({ distribution: anyDistribution(shape, size), axes: axesOf(shape.length) }),
    );
    fc.assert(
      sharedProperty(turned, ({ distribution, axes }) => {
        const { array, plain } = numbered(distribution);
        const view = array.transpose(axes);
        const again = view.transpose(axes.map((_, axis) => axes.indexOf(axis)));
        assert.ok(again.distribution.equals(array.distribution));
        assert.deepEqual(flat(again), plain.elements);
        const moved = view.distributeAs(view.shape);
        assert.deepEqual(flat(view), flat(moved));
        assert.deepEqual(flat(view.add(moved)), flat(moved.add(moved)));
        assert.deepEqual(flat(view.add(view)), flat(moved.add(moved)));
        assert.deepEqual(flat(view.copy()), flat(moved));
        assert.deepEqual(flat(view.reshape(-1)), flat(moved));
        assert.equal(String(view), String(moved));
        const inner = view.shape.map((_, axis) => ({ start: axis % 2, step: axis === 1 ? -1 : 1 }));
        assert.deepEqual(flat(view.slice(inner)), flat(moved.slice(inner)));
        if (view.size === 0) return;
        if (!distribution.dist.includes('u')) {
          for (const axis of [...view.shape.keys(), null]) {
            assert.deepEqual(flat(view.sum({ axis })), flat(moved.sum({ axis })));
            assert.deepEqual(flat(view.argmax({ axis })), flat(moved.argmax({ axis })));
          }
        }
        const last = view.shape.map(() => -1);
        assert.equal(view.get(...last), plain.elements.length - 1);
        view.slice(last).fill(-5);
        assert.equal(array.get(...last), -5);
      }),
      { seed, numRuns: 18 },
    );
  });

  it('keep the targets of a transposed grid by strides, on a part of the processes too', () => {
    if (size < 4) return;
    const a = ctx.fromFunction((i, j) => 10 * i + j, [5, 7], { dist: 'bb', gridShape: [2, 2] });
    assert.deepEqual(a.T.targets, [0, 2, 1, 3]);
    assert.deepEqual(a.T.gridShape, [2, 2]);
    assert.deepEqual(a.T.slice('0').targets, [0, 2]);
    assert.deepEqual(a.T.localShapes(), [
      [4, 3],
      [4, 2],
      [3, 3],
      [3, 2],
    ]);
    assert.deepEqual(
      a.T.getLocalArrays().map(({ target }) => target),
      [0, 2, 1, 3],
    );
    assert.deepEqual(
      ctx.apply((part: LocalArray) => part.get(0, 0), [a.T]),
      [0, 4, 30, 34],
    );
    const functions = { doubled: (part: LocalArray) => multiply(part, 2) };
    const doubled = ctx.register(functions, { capture: { multiply } });
    assert.deepEqual(flat(doubled.doubled(a.T)), flat(a.T.mul(2)));
  });

  it('take the halo along', function () {
    spmdOnly(this, 'local parts');
    const map = BlockMap.even(4 * size, size, { commPadding: 1 });
    const distribution = Distribution.fromMaps([map, new CyclicMap(3, 1)]);
    const local = new LocalArray(distribution, { dtype: 'int32' });
    const view = local.transpose();
    assert.deepEqual(view.halo, [...local.halo].reverse());
    ctx.fromLocalArrays(local).assign(ctx.fromFunction((i, j) => 10 * i + j, [4 * size, 3]));
    exchangeHalo(view);
    const { padded } = local;
    const start = map.paddedStart(local.rank);
    for (let i = 0; i < padded.shape[0]; i++) {
      for (let j = 0; j < 3; j++) assert.equal(padded.get(i, j), 10 * (start + i) + j);
    }
  });

  it('come one by one: split, array_split, unstack', () => {
    for (const dist of ['bn', 'cn', 'nb', 'bc']) {
      const a = ctx.fromFunction((i, j) => 10 * i + j, [6, 4], { dist });
      const before = ctx.stats.messages;
      assert.deepEqual(
        split(a, 3).map(flat),
        [
          [0, 1, 2, 3, 10, 11, 12, 13],
          [20, 21, 22, 23, 30, 31, 32, 33],
          [40, 41, 42, 43, 50, 51, 52, 53],
        ].map((part) => part),
      );
      assert.deepEqual(
        arraySplit(a, 4, { axis: 0 }).map((part) => part.shape),
        [
          [2, 4],
          [2, 4],
          [1, 4],
          [1, 4],
        ],
      );
      assert.deepEqual(
        a.split([1, 3, 9], { axis: 1 }).map((part) => part.shape),
        [
          [6, 1],
          [6, 2],
          [6, 1],
          [6, 0],
        ],
      );
      assert.deepEqual(
        a.split([-1, 1], { axis: 1 }).map((part) => part.shape[1]),
        [3, 0, 3],
      );
      const columns = unstack(a, { axis: -1 });
      assert.equal(columns.length, 4);
      columns[2].fill(-1);
      assert.equal(a.get(3, 2), -1);
      assert.ok(ctx.stats.messages >= before);
    }
  });

  it('refuse axes that are none', () => {
    const a = ctx.zeros([3, 1, 2]);
    const range = { name: 'ArgumentRangeError' };
    assert.throws(() => a.transpose([0, 1]), range);
    assert.throws(() => a.transpose([0, 1, 1]), range);
    assert.throws(() => a.transpose(0, 1, 3), range);
    assert.throws(() => a.swapaxes(0, 3), ArgumentRangeError);
    assert.throws(() => a.moveaxis([0, 0], [1, 2]), ArgumentRangeError);
    assert.throws(() => a.moveaxis([0, 1], 1), ArgumentRangeError);
    assert.throws(() => a.expandDims(4), ArgumentRangeError);
    assert.throws(() => a.expandDims([0, 0]), ArgumentRangeError);
    assert.throws(() => a.expandDims(undefined as never), { argument: 'axis' });
    assert.throws(() => a.moveaxis(null as never, 1), { argument: 'source' });
    assert.throws(() => a.squeeze({ axis: 0 }), /one index of shape \(3, 1, 2\)/);
    assert.throws(() => a.flip({ axis: 3 }), ArgumentRangeError);
    assert.throws(() => a.split(2), /divides the 3 indices of axis 0/);
    assert.throws(() => a.split(0), ArgumentRangeError);
    assert.throws(() => a.split('2' as never), ArgumentTypeError);
    assert.throws(() => ctx.zeros([3]).mT, /at least two dimensions/);
    assert.throws(() => transpose([1] as never), ArgumentTypeError);
    assert.throws(() => a.squeeze(1 as never), ArgumentTypeError);
    assert.deepEqual(ctx.zeros([2, 3, 4]).mT.shape, [2, 4, 3]);
  });
});
