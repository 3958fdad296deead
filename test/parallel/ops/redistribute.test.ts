import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Dtype, TypedArray, TypedArrayOf } from '../../../src/dtype/dtype.ts';
import { LocalArray, redistribute } from '../../../src/entry/local.ts';
import {
  BlockMap,
  CyclicMap,
  type DimensionMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';

const { size } = MPI.COMM_WORLD;

/** An array whose elements say where they belong: element g of the flat index has the value g. */
function numbered<D extends Dtype>(distribution: Distribution, dtype: D): LocalArray<D> {
  const local = new LocalArray(distribution, { dtype });
  const elements = local.toContiguous().slice() as TypedArrayOf<D>;
  forEachPlace(local, (flat, k) => setElement(elements, dtype, k, flat));
  return local.assignContiguous(elements);
}

function forEachPlace(local: LocalArray, visit: (flat: number, k: number) => void): void {
  const axes = local.globalShape.map((_, axis) => local.globalIndices(axis));
  const walk = (axis: number, flat: number, k: number): number => {
    if (axis === axes.length) {
      visit(flat, k);
      return k + 1;
    }
    return axes[axis].reduce(
      (next, i) => walk(axis + 1, flat * local.globalShape[axis] + i, next),
      k,
    );
  };
  if (local.rank >= 0) walk(0, 0, 0);
}

function setElement(elements: TypedArray, dtype: Dtype, k: number, value: number): void {
  if (elements instanceof BigInt64Array) elements[k] = BigInt(value) - 2n ** 62n;
  else if (dtype === 'complex128') (elements as Float64Array).set([value, -value], 2 * k);
  else (elements as Float64Array)[k] = value;
}

function assertNumbered(local: LocalArray): void {
  const expected = numbered(local.distribution, local.dtype);
  assert.deepEqual(local.data, expected.data);
}

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

const pair = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 3 })
  .chain((shape) => {
    const maps = fc.tuple(...shape.map(mapOf)).filter(fits);
    return fc.tuple(maps, maps);
  })
  .map(([from, to]) => [Distribution.fromMaps(from), Distribution.fromMaps(to)] as const);

describe('redistribute', () => {
  it('brings every element to its place, between any two distributions', () => {
    // The same seed on every rank: all make the same cases.
    fc.assert(
      fc.property(pair, fc.constantFrom('int8', 'int16', 'float32'), ([from, to], dtype) => {
        assertNumbered(redistribute(numbered(from, dtype), to));
      }),
      { numRuns: 60, seed: 20140311 },
    );
  });

  it('keeps the bits of wide elements, NaNs and complex pairs', () => {
    const from = Distribution.fromShape([6, 5], { dist: 'bn', size });
    const to = Distribution.fromShape([6, 5], { dist: 'cc', size });
    assertNumbered(redistribute(numbered(from, 'int64'), to));
    assertNumbered(redistribute(numbered(from, 'complex128'), to));
    const odd = new LocalArray(from, { dtype: 'float64' });
    new Uint32Array(odd.data.buffer).fill(0xfff8dead);
    const moved = new Uint32Array(redistribute(odd, to).data.buffer);
    assert.ok(moved.every((word) => word === 0xfff8dead));
  });

  it('moves to other processes', () => {
    const from = Distribution.fromShape([9], { size });
    const to = Distribution.fromShape([9], { targets: [size - 1] });
    const moved = redistribute(numbered(from, 'float64'), to);
    assert.equal(moved.localSize, moved.rank < 0 ? 0 : 9);
    assertNumbered(moved);
  });

  it('takes views, halos, unstructured maps in any order, indices of several owners, and copies', () => {
    const extent = 4 * size;
    const order = Array.from({ length: extent }, (_, i) => (i * 7 + 3) % extent);
    const unique = [...new Set([...order, ...Array(extent).keys()])];
    const lists = Array.from({ length: size }, (_, r) => unique.filter((i) => i % size === r));
    const shared = lists.map((list, r) => [...new Set([...list, lists[(r + 1) % size][0]])]);
    const unstructured = (of: number[][]) =>
      Distribution.fromMaps([
        UnstructuredMap.fromIndices(of, { size: extent }),
        new UndistributedMap(2),
      ]);
    const layouts = [
      Distribution.fromShape([extent, 2], { size }),
      Distribution.fromShape([extent, 2], { size, commPadding: 1 }),
      unstructured(lists),
      unstructured(shared),
      Distribution.replicated([extent, 2], { size }),
    ];
    for (const from of layouts) {
      for (const to of layouts) {
        const moved = redistribute(numbered(from, 'int32'), to);
        forEachPlace(moved, (flat, k) => assert.equal(moved.toContiguous()[k], flat));
      }
      const backwards = numbered(from, 'int32').slice('::-1');
      const moved = redistribute(
        backwards,
        Distribution.fromShape([extent, 2], { dist: 'c', size }),
      );
      forEachPlace(moved, (flat, k) => {
        const wanted = 2 * (extent - 1 - Math.floor(flat / 2)) + (flat % 2);
        assert.equal(moved.toContiguous()[k], wanted);
      });
    }
  });

  it('refuses another shape', () => {
    const local = numbered(Distribution.fromShape([4, 3], { size }), 'float64');
    assert.throws(() => redistribute(local, Distribution.fromShape([3, 4], { size })), {
      argument: 'distribution',
    });
  });
});
