/** Slices of local arrays are views: they share memory with their base, whatever the maps. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { LocalArray, zeros } from '../../../src/entry/local.ts';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  newaxis,
  type SliceItem,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { resolveSlice } from '../../../src/maps/resolveSlice.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';

const { rank, size } = MPI.COMM_WORLD;

/** A whole array in JavaScript: the oracle. Element k in C order. */
class Whole {
  readonly shape: readonly number[];
  readonly elements: number[];

  constructor(shape: readonly number[], elements: number[]) {
    this.shape = shape;
    this.elements = elements;
  }

  /** For each element of a slice, in C order, its place in this array. */
  static places(shape: readonly number[], items: readonly SliceItem[]): [number[], number[]] {
    const lists: number[][] = [];
    const sliced: number[] = [];
    for (const item of resolveSlice(items, shape)) {
      if (item.kind === 'newaxis') sliced.push(1);
      else if (item.kind === 'index') lists[item.axis] = [item.index];
      else {
        const { start, step, count } = item;
        lists[item.axis] = Array.from({ length: count }, (_, i) => start + i * step);
        sliced.push(count);
      }
    }
    let places = [0];
    lists.forEach((list, axis) => {
      places = places.flatMap((place) => list.map((i) => place * shape[axis] + i));
    });
    return [sliced, places];
  }
}

const mapOf = (extent: number): fc.Arbitrary<DimensionMap> =>
  fc.oneof(
    fc.constant(new UndistributedMap(extent)),
    fc.integer({ min: 1, max: size }).map((grid) => BlockMap.even(extent, grid)),
    fc.integer({ min: 1, max: size }).map((grid) => {
      // A halo of one where every part has an index to give.
      const last = extent - Math.ceil(extent / grid) * (grid - 1);
      return BlockMap.even(extent, grid, { commPadding: last > 0 ? 1 : 0 });
    }),
    fc
      .tuple(fc.integer({ min: 1, max: size }), fc.integer({ min: 1, max: 3 }))
      .map(([grid, blockSize]) => new CyclicMap(extent, grid, { blockSize })),
    fc
      .tuple(
        fc.integer({ min: 1, max: size }),
        fc.shuffledSubarray([...Array(extent).keys()], { minLength: extent }),
      )
      .map(([grid, order]) => {
        const lists = Array.from({ length: grid }, (_, r) => order.filter((i) => i % grid === r));
        return UnstructuredMap.fromIndices(lists, { size: extent, oneToOne: true });
      }),
  );

const bound = (extent: number) =>
  fc.option(fc.integer({ min: -extent - 2, max: extent + 2 }), { freq: 3 });

const itemOf = (extent: number): fc.Arbitrary<SliceItem> =>
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(bound(extent), bound(extent), fc.constantFrom(1, 1, 2, 3, -1, -2))
        .map(([start, stop, step]) => ({ start, stop, step })),
    },
    { weight: 1, arbitrary: fc.constant(null) },
    ...(extent > 0
      ? [{ weight: 1, arbitrary: fc.integer({ min: -extent, max: extent - 1 }) }]
      : []),
  );

const sliceOf = (shape: readonly number[]): fc.Arbitrary<SliceItem[]> =>
  fc
    .tuple(fc.tuple(...shape.map(itemOf)), fc.boolean())
    .map(([items, adds]) => (adds ? [newaxis, ...items] : [...items]));

const shapes = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 3 });

const distributions = shapes.chain((shape) =>
  fc
    .tuple(...shape.map(mapOf))
    .filter((maps) => maps.reduce((product, map) => product * map.gridSize, 1) <= size)
    .map((maps) => Distribution.fromMaps(maps)),
);

/** The places in the whole array of a part's elements, in local C order. */
function placesOf(local: LocalArray): number[] {
  if (local.rank < 0) return [];
  let places = [0];
  local.globalShape.forEach((extent, axis) => {
    const indices = local.globalIndices(axis);
    places = places.flatMap((place) => indices.map((i) => place * extent + i));
  });
  return places;
}

/** Element k of the whole array has the value k. */
function numbered<D extends Dtype>(distribution: Distribution, dtype: D): LocalArray<D> {
  const local = new LocalArray<D>(distribution, { dtype });
  placesOf(local).forEach((place, k) => {
    setFlat(local, k, place);
  });
  return local;
}

function setFlat(local: LocalArray, k: number, value: number): void {
  local.set(value, ...indexOf(local.localShape, k));
}

function indexOf(shape: readonly number[], k: number): number[] {
  let rest = k;
  return [...shape]
    .reverse()
    .map((extent) => {
      const i = rest % extent;
      rest = Math.floor(rest / extent);
      return i;
    })
    .reverse();
}

/** Values of elements, real parts of complex ones. */
function valuesOf(local: LocalArray): number[] {
  const { lanes } = DTYPES[local.dtype];
  return [...local.toContiguous()].filter((_, k) => k % lanes === 0).map(Number);
}

describe('views of local arrays', () => {
  const twice = distributions.chain((distribution) =>
    sliceOf(distribution.shape).chain((first) => {
      const [shape] = Whole.places(distribution.shape, first);
      return sliceOf(shape).map((second) => ({ distribution, first, second, shape }));
    }),
  );
  const dtypes = fc.constantFrom<Dtype>('float64', 'int64', 'complex64', 'int16', 'bool');

  it('have the elements of the slice, and of a slice of it, and write to the base', () => {
    fc.assert(
      sharedProperty(twice, dtypes, ({ distribution, first, second, shape }, dtype) => {
        const base = numbered(distribution, dtype);
        const value = (place: number) => (dtype === 'bool' ? Number(place !== 0) : place);
        const [, outer] = Whole.places(distribution.shape, first);
        const [, inner] = Whole.places(shape, second);
        const view = base.slice(first);
        const inView = view.slice(second);
        for (const [array, where] of [
          [view, outer],
          [inView, inner.map((place) => outer[place])],
        ] as const) {
          assert.equal(array.base, base);
          assert.equal(array.data, base.data);
          const wanted = placesOf(array).map((place) => value(where[place]));
          assert.deepEqual(valuesOf(array), wanted);
          assert.equal(array.localSize, wanted.length);
          // One by one, and through the ndarray.
          wanted.forEach((each, k) => {
            const index = indexOf(array.localShape, k);
            const got: unknown = array.get(...index);
            const number = typeof got === 'object' ? (got as { re: number }).re : Number(got);
            assert.equal(number, each);
            assert.deepEqual(
              (array.ndarray as { get(...at: number[]): unknown }).get(...index),
              dtype === 'bool' ? Number(got) : got,
            );
          });
        }
        // Writing through the view of the view changes those elements of the base, and no others.
        inView.fill(1);
        const changed = new Set(inner.map((place) => outer[place]));
        assert.deepEqual(
          valuesOf(base),
          placesOf(base).map((place) => (changed.has(place) ? 1 : value(place))),
        );
        if (inView.localSize > 0) assert.ok(inView.sharesMemoryWith(base));
      }),
      { numRuns: 150, seed: 20_240_229 },
    );
  });

  it('take new elements in local order', () => {
    fc.assert(
      sharedProperty(twice, ({ distribution, first }) => {
        const base = zeros(distribution);
        const view = base.slice(first);
        const values = Float64Array.from({ length: view.localSize }, (_, k) => k + 1);
        view.assignContiguous(values);
        assert.deepEqual(view.toContiguous(), values);
        assert.deepEqual(view.copy().toContiguous(), values);
        assert.equal(valuesOf(base).filter((value) => value !== 0).length, values.length);
      }),
      { numRuns: 100, seed: 7 },
    );
  });

  it('are slices of arrays whose distribution is a view itself', () => {
    fc.assert(
      sharedProperty(twice, ({ distribution, first, second, shape }) => {
        const array = numbered(distribution.slice(first), 'float64');
        assert.equal(array.base, null);
        const [, inner] = Whole.places(shape, second);
        const view = array.slice(second);
        assert.deepEqual(
          valuesOf(view),
          placesOf(view).map((place) => inner[place]),
        );
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  it('need no more than strides, unless of block-cyclic and unstructured dimensions', () => {
    for (const dist of ['bn', 'cn', 'nc', 'bb', 'cc']) {
      const array = zeros(Distribution.fromShape([9, 8], { dist, size }));
      assert.ok(array.slice('1:-1, ::-2').isStrided, dist);
    }
    const blocks = Distribution.fromMaps([new CyclicMap(4 * size, size, { blockSize: 2 })]);
    const view = zeros(blocks).slice('1:-1');
    // Consecutive indices are consecutive in memory.
    assert.ok(view.isStrided);
    const apart = zeros(Distribution.fromMaps([new CyclicMap(6 * size, size, { blockSize: 3 })]));
    const thirds = apart.slice('1::3').slice('::-1');
    assert.ok(thirds.isStrided);
    const spread = new LocalArray(
      Distribution.fromMaps([UnstructuredMap.fromIndices([[0, 3, 1, 2]], { size: 4 })]),
    ).slice(':3');
    if (spread.rank === 0) {
      assert.equal(spread.isStrided, false);
      assert.throws(() => spread.strided, { code: 'ERR_NOT_STRIDED' });
      assert.throws(() => spread.paddedStrided, { code: 'ERR_NOT_STRIDED' });
    }
    assert.equal(thirds.toContiguous().length, thirds.localSize);
  });

  it('share memory only where they have elements', () => {
    const array = zeros(Distribution.fromShape([8 * size], { size }));
    const part = (spec: string) => array.slice(spec);
    assert.ok(part(':').sharesMemoryWith(array));
    const first = part(`:${8 * rank + 4}`);
    const second = part(`${8 * rank + 4}:`);
    assert.equal(first.sharesMemoryWith(second), false);
    assert.equal(array.sharesMemoryWith(zeros(array.distribution)), false);
    assert.equal(part('0:0').sharesMemoryWith(array), false);
  });

  it('refuse slices that are none, on every rank alike', () => {
    const array = zeros(Distribution.fromShape([8], { size }));
    assert.throws(() => array.slice('8'), { code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => array.slice('1:2, 3'), { argument: 'slice' });
    assert.throws(() => array.slice('::0'), { argument: 'slice' });
    assert.throws(() => array.slice(3 as never), { argument: 'slice', code: 'ERR_ARGUMENT_TYPE' });
  });
});
