import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Dtype } from '../../../src/dtype/dtype.ts';
import {
  LocalArray,
  predictTraffic,
  type RedistributeOptions,
  redistribute,
  Traffic,
} from '../../../src/entry/local.ts';
import {
  BlockMap,
  CyclicMap,
  Distribution,
  UndistributedMap,
  UnstructuredMap,
} from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { anyDistribution, flatIndices } from '../../support/maps.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';

const comm = MPI.COMM_WORLD;
const { rank, size } = comm;

/** The value of the element with this flat index, as the parts of the typed array have it. */
function parts(dtype: Dtype, flat: number): (number | bigint)[] {
  if (dtype === 'int64') return [BigInt(flat) - 2n ** 62n];
  if (dtype === 'int8') return [flat % 128];
  return dtype === 'complex128' ? [flat, -flat] : [flat];
}

/** The local elements of an array whose elements say where they belong: they are their flat index. */
function expectedOf(distribution: Distribution, dtype: Dtype): (number | bigint)[] {
  const flat = flatIndices(distribution, distribution.rankOfTarget(rank));
  return flat.flatMap((index) => parts(dtype, index));
}

function numbered<D extends Dtype>(distribution: Distribution, dtype: D): LocalArray<D> {
  const local = new LocalArray(distribution, { dtype });
  const elements = local.toContiguous().slice() as unknown as Record<number, number | bigint>;
  expectedOf(distribution, dtype).forEach((value, k) => {
    elements[k] = value;
  });
  return local.assignContiguous(elements as unknown as typeof local.data);
}

function assertNumbered(local: LocalArray): void {
  const elements = Array.from(local.toContiguous() as Iterable<number | bigint>);
  assert.deepEqual(elements, expectedOf(local.distribution, local.dtype));
}

/** Redistributes, and checks values and that as much was sent as was predicted. */
function assertMoves(
  from: Distribution,
  to: Distribution,
  dtype: Dtype = 'float64',
  options: RedistributeOptions<Dtype> = {},
): void {
  const traffic = new Traffic();
  const local = numbered(from, dtype);
  const moved = redistribute<Dtype>(local, to, { ...options, traffic });
  assertNumbered(moved);
  assertNumbered(local);
  const { itemsize } = local;
  assert.deepEqual(traffic, predictTraffic(from, to, rank, { itemsize, ...options }));
}

const pair = (shapes: fc.Arbitrary<readonly [readonly number[], readonly number[]]>) =>
  shapes.chain(([a, b]) => fc.tuple(anyDistribution(a, size), anyDistribution(b, size)));

const oneShape = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 0, maxLength: 3 })
  .map((shape) => [shape, shape] as const);

const twoShapes = fc.constantFrom<readonly [readonly number[], readonly number[]]>(
  [[24], [4, 6]],
  [
    [4, 6],
    [2, 3, 4],
  ],
  [
    [5, 7],
    [7, 5],
  ],
  [[0, 3], [0]],
  [[1, 1], []],
);

describe('redistribute', () => {
  it('brings every element to its place, between any two distributions', () => {
    // The same seed on every rank: all make the same cases.
    const dtypes = fc.constantFrom<Dtype>('int8', 'int16', 'float32', 'int64', 'complex128');
    fc.assert(
      sharedProperty(pair(oneShape), dtypes, ([from, to], dtype) => assertMoves(from, to, dtype)),
      { numRuns: 50, seed: 20140311 },
    );
  });

  it('gives an array another shape: elements keep their flat index', () => {
    fc.assert(
      sharedProperty(pair(twoShapes), ([from, to]) => assertMoves(from, to, 'int16')),
      { numRuns: 25, seed: 20140314 },
    );
  });

  it('goes through as little staging memory as it may use', () => {
    const from = Distribution.fromShape([61, 83], { dist: 'bn', size });
    for (const dist of ['nb', 'cn', 'nc'] as const) {
      const to = Distribution.fromShape([61, 83], { dist, size });
      assertMoves(from, to, 'float64', { stagingBytes: 8192 });
    }
    const flat = Distribution.fromShape([61 * 83], { dist: 'c', size });
    assertMoves(from, flat, 'complex128', { stagingBytes: 8192 });
  });

  it('keeps the bits of NaNs', () => {
    const from = Distribution.fromShape([6, 5], { dist: 'bn', size });
    const to = Distribution.fromShape([6, 5], { dist: 'cc', size });
    const odd = new LocalArray(from, { dtype: 'float64' });
    new Uint32Array(odd.data.buffer).fill(0xfff8dead);
    const moved = new Uint32Array(redistribute(odd, to).data.buffer);
    assert.ok(moved.every((word) => word === 0xfff8dead));
  });

  it('moves to other processes', () => {
    const from = Distribution.fromShape([9], { size });
    const to = Distribution.fromShape([9], { targets: [size - 1] });
    assertMoves(from, to);
    assertMoves(to, from);
  });

  it('reads views and writes into views', () => {
    const whole = numbered(Distribution.fromShape([20, 9], { dist: 'cb', size }), 'float64');
    const view = whole.slice('18:1:-2, 1:8:3');
    const target = new LocalArray(Distribution.fromShape([9, 3], { dist: 'nc', size }));
    redistribute(view, target.distribution, { out: target });
    const indices = flatIndices(target.distribution, target.rank);
    const expected = indices.map((k) => (18 - 2 * Math.floor(k / 3)) * 9 + 1 + 3 * (k % 3));
    assert.deepEqual([...target.toContiguous()], expected);

    const blocks = new CyclicMap(40, size, { blockSize: 3 });
    const board = new LocalArray(Distribution.fromMaps([blocks]), { dtype: 'float64' });
    const every = board.slice('1:28:3');
    redistribute(numbered(Distribution.fromShape([9], { size }), 'float64'), every.distribution, {
      out: every,
    });
    assert.deepEqual([...every.toContiguous()], expectedOf(every.distribution, 'float64'));
    const sum = comm.allreduce(board.toContiguous().reduce((all, value) => all + value, 0));
    assert.equal(sum, 36);
  });

  it('reads what it writes over: an array and a shifted view of it', () => {
    const array = numbered(Distribution.fromShape([23], { size }), 'float64');
    const [lower, upper] = [array.slice(':-1'), array.slice('1:')];
    redistribute(upper, lower.distribution, { out: lower });
    const expected = flatIndices(array.distribution, array.rank).map((i) => Math.min(i + 1, 22));
    assert.deepEqual([...array.toContiguous()], expected);
  });

  it('leaves halos as they are', () => {
    const map = BlockMap.even(4 * size, size, { commPadding: 1, periodic: true });
    const target = new LocalArray(Distribution.fromMaps([map, new UndistributedMap(2)]), {
      dtype: 'float64',
    });
    target.data.fill(-1);
    const source = Distribution.fromShape([4 * size, 2], { dist: 'cn', size });
    redistribute(numbered(source, 'float64'), target.distribution, { out: target });
    assertNumbered(target);
    assert.deepEqual(
      [...target.data.subarray(0, 2), ...target.data.subarray(-2)],
      [-1, -1, -1, -1],
    );
  });

  it('costs a copy and no message where parts are the same', () => {
    const from = Distribution.fromShape([7, 3], { dist: 'bn', size });
    const traffic = new Traffic();
    const local = numbered(from, 'float32');
    const copy = redistribute(local, Distribution.fromMaps(from.maps), { traffic });
    assert.notEqual(copy.data, local.data);
    assertNumbered(copy);
    assert.deepEqual([traffic.messages, traffic.bytes], [0, 0]);
  });

  describe('with unstructured maps of which each process knows its own part', () => {
    /** A map that knows the list of one grid rank only. */
    const known = (lists: readonly (readonly number[])[], gridRank: number, extent: number) =>
      UnstructuredMap.ofRank({
        size: extent,
        gridSize: lists.length,
        gridRank,
        indices: lists[gridRank],
      });
    const dealt = (extent: number, seed: number): number[][] => {
      const lists: number[][] = Array.from({ length: size }, () => []);
      for (let k = 0; k < extent; k++) {
        lists[(k * seed + (k >> 2)) % size].push((k * 37 + seed) % extent);
      }
      return lists;
    };

    it('finds the owners by a directory, from and to every other map', () => {
      const lists = dealt(41, 3);
      const own = Distribution.fromMaps([known(lists, rank, 41)]);
      const other = Distribution.fromMaps([known(dealt(41, 5), rank, 41)]);
      const whole = Distribution.fromMaps([UnstructuredMap.fromIndices(dealt(41, 7))]);
      const cyclic = Distribution.fromShape([41], { dist: 'c', size });
      for (const [from, to] of [
        [own, cyclic],
        [cyclic, own],
        [own, other],
        [other, whole],
        [whole, own],
      ]) {
        for (const _ of ['asked', 'kept']) {
          assertNumbered(redistribute(numbered(from, 'float64'), to));
        }
      }
    });

    it('gives an index to all that list it, and takes it from the lowest', () => {
      const lists = Array.from({ length: size }, (_, r) => [0, r + 1]);
      const shared = Distribution.fromMaps([known(lists, rank, size + 1)]);
      const blocks = Distribution.fromShape([size + 1], { size });
      const local = redistribute(numbered(blocks, 'float64'), shared);
      assertNumbered(local);
      if (rank > 0) local.data[0] = -99;
      assertNumbered(redistribute(local, blocks));
    });

    it('works along one axis of a grid, for views and for other shapes', () => {
      const columns = size % 2 === 0 ? 2 : 1;
      const rows = size / columns;
      const lists: number[][] = Array.from({ length: rows }, () => []);
      for (let k = 0; k < 12; k++) lists[(k * k) % rows].push((k * 5) % 12);
      const map = known(lists, Math.floor(rank / columns), 12);
      const own = Distribution.fromMaps([map, BlockMap.even(4, columns)]);
      const even = Distribution.fromShape([12, 4], { dist: 'nb', size });
      const local = redistribute(numbered(even, 'int32'), own);
      assertNumbered(local);
      assertNumbered(redistribute(local, even));
      assertNumbered(redistribute(local, Distribution.fromShape([3, 16], { dist: 'cb', size })));
      const view = local.slice('10:1:-3');
      const moved = redistribute(view, Distribution.fromShape([3, 4], { size }));
      const expected = flatIndices(moved.distribution, moved.rank).map(
        (k) => (10 - 3 * Math.floor(k / 4)) * 4 + (k % 4),
      );
      assert.deepEqual([...moved.toContiguous()], expected);
    });

    it('refuses an index that nobody has, on all processes alike', () => {
      const lists = dealt(30, 3).map((list) => list.filter((index) => index !== 17));
      const own = Distribution.fromMaps([known(lists, rank, 30)]);
      const local = new LocalArray(own);
      assert.throws(() => redistribute(local, Distribution.fromShape([30], { size })), {
        argument: 'array',
        received: '"none at index 17"',
      });
    });
  });

  it('takes memory for two parts and the staging, not for more', function () {
    this.timeout(30_000);
    const rows = 40 * size;
    const from = Distribution.fromShape([rows, 4096], { dist: 'bn', size });
    const to = Distribution.fromShape([rows, 4096], { dist: 'nc', size });
    const local = numbered(from, 'float64');
    const stagingBytes = 2 ** 17;
    const before = process.memoryUsage().arrayBuffers;
    const moved = redistribute(local, to, { stagingBytes });
    const bytes = process.memoryUsage().arrayBuffers - before;
    assert.ok(bytes <= moved.data.byteLength + stagingBytes + 2 ** 16, `${bytes} bytes`);
  });

  it('refuses wrong arguments on every process, before anything is sent', () => {
    const local = numbered(Distribution.fromShape([4, 3], { size }), 'float64');
    const other = Distribution.fromShape([5, 3], { size });
    assert.throws(() => redistribute(local, other), {
      argument: 'distribution',
      expected: 'shape [4, 3], or another one of 12 elements',
    });
    const to = Distribution.fromShape([4, 3], { dist: 'nb', size });
    const wrong: [RedistributeOptions<'float64'>, string][] = [
      [{ out: new LocalArray(other) }, 'options.out'],
      [{ out: new LocalArray(to, { dtype: 'int8' }) as never }, 'options.out'],
      [{ out: {} as never }, 'options.out'],
      [{ stagingBytes: 100 }, 'options.stagingBytes'],
      [{ stagingBytes: '1' as never }, 'options.stagingBytes'],
      [{ traffic: {} as never }, 'options.traffic'],
    ];
    for (const [options, argument] of wrong) {
      assert.throws(() => redistribute(local, to, options), { argument });
    }
    const tooMany = Distribution.fromShape([4, 3], { targets: [size] });
    assert.throws(() => redistribute(local, tooMany), { argument: 'distribution' });
    assert.throws(() => redistribute(local, {} as Distribution), { argument: 'distribution' });
  });
});
