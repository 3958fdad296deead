import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import {
  ArgumentRangeError,
  Context,
  CyclicMap,
  type DistArray,
  Distribution,
  newaxis,
  type SliceItem,
  UnstructuredMap,
} from '../../../src/entry/index.ts';
import { size } from '../../support/mode.ts';

const ctx = new Context();

describe('indexing of DistArrays', () => {
  const matrix = (dist: string) =>
    ctx.fromFunction((i, j) => 10 * i + j, [6, 10], { dist, dtype: 'int32' });

  it('reads and writes single elements', () => {
    for (const dist of ['bn', 'cn', 'nb', 'bc', 'nn']) {
      const a = matrix(dist);
      assert.equal(a.get(5, 9), 59);
      assert.equal(a.get(-1, -2), 58);
      assert.equal(a.set(-7, 2, -1), a);
      assert.equal(a.get(2, 9), -7);
      assert.throws(() => a.get(6, 0), ArgumentRangeError);
      assert.throws(() => a.get(1), RangeError);
      assert.throws(() => a.set(2 ** 40, 0, 0), ArgumentRangeError);
    }
  });

  it('makes views that share memory, of views too', () => {
    for (const dist of ['bn', 'cn', 'nb', 'bc']) {
      const a = matrix(dist);
      const before = ctx.stats.messages;
      const view = a.slice('1:-1, ::-3').slice([{ start: 1 }, 1]);
      assert.equal(ctx.stats.messages, before);
      assert.deepEqual(view.toNested(), [26, 36, 46]);
      view.fill(0);
      assert.equal(a.get(3, 6), 0);
      assert.deepEqual(a.slice('3, 5:8').toNested(), [35, 0, 37]);
      assert.deepEqual(a.slice([newaxis, '...', 0]).shape, [1, 6]);
      assert.equal(a.slice('3, 4').item(), 34);
    }
  });

  it('assigns values with more dimensions, of one index each, as NumPy does', () => {
    for (const dist of ['b', 'c']) {
      const a = ctx.zeros([3], { dist });
      a.assign([[1, 2, 3]]);
      assert.deepEqual(a.toNested(), [1, 2, 3]);
      a.assign(a.slice('::-1').slice([newaxis, newaxis]));
      assert.deepEqual(a.toNested(), [3, 2, 1]);
      a.assign(ctx.fromArray([[4, 5, 6]], { dist: 'nc' }));
      assert.deepEqual(a.toNested(), [4, 5, 6]);
      a.slice('1').assign(ctx.fromArray([[7]]));
      a.set([[8, 9]], [0, -1]);
      assert.deepEqual(a.toNested(), [8, 7, 9]);
      a.set(ctx.fromArray([[[1, 2]]], { dist: 'nnb' }), a.greater(7));
      assert.deepEqual(a.toNested(), [1, 7, 2]);
      for (const value of [[[1], [2]], [[[1, 2]]]]) {
        assert.throws(() => a.assign(value), ArgumentRangeError);
        assert.throws(() => a.assign(ctx.fromArray(value)), ArgumentRangeError);
      }
    }
  });

  it('assigns numbers, data and arrays of any distribution, broadcast and cast', () => {
    for (const dist of ['bn', 'cn', 'nb', 'bc']) {
      const a = matrix(dist);
      a.slice('0').assign(9);
      a.slice('1:3, :2').assign([
        [1, 2],
        [3, 4],
      ]);
      a.slice('3').assign(ctx.arange(10, { dist: 'c' }));
      a.slice('4:, ::2').assign(ctx.arange(5).add(0.75));
      a.slice(':, -1').assign([-1]);
      a.slice('4:, 1').assign(ctx.fromArray([[7.9], [8.1]]).slice(':, 0'));
      assert.deepEqual(a.toNested(), [
        [9, 9, 9, 9, 9, 9, 9, 9, 9, -1],
        [1, 2, 12, 13, 14, 15, 16, 17, 18, -1],
        [3, 4, 22, 23, 24, 25, 26, 27, 28, -1],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, -1],
        [0, 7, 1, 43, 2, 45, 3, 47, 4, -1],
        [0, 8, 1, 53, 2, 55, 3, 57, 4, -1],
      ]);
      assert.throws(() => a.assign([1, 2, 3]), ArgumentRangeError);
      assert.throws(() => a.assign(ctx.zeros([6, 1, 10])), ArgumentRangeError);
      assert.throws(() => a.assign(undefined as never), TypeError);
    }
  });

  it('assigns overlapping views as if the values were copied first', () => {
    for (const dist of ['b', 'c', 'n']) {
      const a = ctx.arange(9, { dist });
      a.slice('1:').assign(a.slice(':-1'));
      assert.deepEqual(a.toNested(), [0, 0, 1, 2, 3, 4, 5, 6, 7]);
      a.assign(a.slice('::-1'));
      assert.deepEqual(a.toNested(), [7, 6, 5, 4, 3, 2, 1, 0, 0]);
    }
  });

  it('goes over the first axis', () => {
    const rows = [...matrix('bc')].map((row) => +row.sum());
    assert.deepEqual(rows, [45, 145, 245, 345, 445, 545]);
    assert.throws(() => [...ctx.ones([])], TypeError);
  });

  it('sees the same bytes as other dtypes', () => {
    const a = ctx.arange(8, { dtype: 'int32', dist: 'b' }).distributeAs([2, 4], { dist: 'bn' });
    const bytes = a.view('int16');
    assert.deepEqual(bytes.shape, [2, 8]);
    assert.deepEqual(bytes.slice('1').toNested(), [4, 0, 5, 0, 6, 0, 7, 0]);
    bytes.set(1, 0, 1);
    assert.equal(a.get(0, 0), 65536);
    assert.deepEqual(a.view().toNested(), a.toNested());
    assert.deepEqual(a.astype('float32').dtype, 'float32');
    const copy = a.copy().fill(0);
    assert.notEqual(+a.sum(), +copy.sum());
  });

  it('moves to other distributions and shapes', () => {
    const a = matrix('bn');
    const moved = a.distributeAs([10, 6], { dist: 'cb' });
    assert.deepEqual(moved.dist, ['c', 'b']);
    assert.deepEqual(moved.toArray().get(9, 5), 59);
    assert.deepEqual(a.distributeAs(ctx.distribution([60], { dist: 'c' })).get(33), 33);
    assert.throws(() => a.distributeAs([7, 9]), ArgumentRangeError);
  });
});

/** What the golden files call an index. */
type GoldenIndex = number | GoldenEntry | readonly GoldenEntry[];
type GoldenEntry =
  | number
  | { readonly slice?: readonly (number | null)[]; readonly ellipsis?: true };

interface GoldenArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface GoldenCase {
  readonly array: string;
  readonly index: GoldenIndex;
  readonly value?: unknown;
  readonly numpy?: GoldenArray;
  readonly numpy_error?: { readonly message: string };
  readonly numpy_after?: GoldenArray;
}

describe('indexing and the golden cases of DistArray 0.5, by what NumPy answers', () => {
  const url = new URL('../../data/golden/indexing.json', import.meta.url);
  const golden: {
    readonly getitem: readonly GoldenCase[];
    readonly setitem: readonly GoldenCase[];
  } = JSON.parse(readFileSync(url, 'utf8'));

  /** The array of a case; undefined for cases about something else. */
  function arrayOf(name: string): DistArray | undefined {
    const vector = ctx.arange(10, { dtype: 'int64' }).mul(10);
    const table = ctx.arange(60, { dtype: 'int64' });
    const isSubset = name.startsWith('sub');
    const targets = isSubset && size > 1 ? [0, size - 1] : undefined;
    switch (name) {
      case 'u10': {
        const lists = Array.from({ length: size }, (_, r) =>
          [7, 3, 0, 9, 1, 2, 5, 8, 4, 6].filter((_, k) => k % size === r),
        );
        return vector.distributeAs(Distribution.fromMaps([UnstructuredMap.fromIndices(lists)]));
      }
      case 'bcyc10':
        return vector.distributeAs(
          Distribution.fromMaps([new CyclicMap(10, size, { blockSize: 3 })]),
        );
      case 'irr10': {
        const bounds = Array.from({ length: size + 1 }, (_, r) =>
          Math.floor((10 * r * r) / size ** 2),
        );
        return vector.distributeAs(Distribution.fromGlobalDimData([{ dist_type: 'b', bounds }]));
      }
      case 'sub10':
        return vector.distributeAs([10], { targets });
      case 'sub_bb':
        return table.distributeAs([6, 10], { dist: 'bb', targets });
    }
    const match = /^([bcn]+)(10|6x10)$/.exec(name);
    if (match === null) return undefined;
    const [, dist, shape] = match;
    return shape === '10'
      ? vector.distributeAs([10], { dist })
      : table.distributeAs([6, 10], { dist });
  }

  function specOf(index: GoldenIndex): SliceItem[] {
    const entries = (Array.isArray(index) ? index : [index]) as readonly GoldenEntry[];
    return entries.map((entry): SliceItem => {
      if (typeof entry === 'number') return entry;
      if (entry.ellipsis) return '...';
      const [start, stop, step] = entry.slice ?? [];
      return { start, stop, step };
    });
  }

  const flat = (array: DistArray) => {
    const view = array.toNested();
    const all = (Array.isArray(view) ? view.flat(9) : [view]) as unknown[];
    return { shape: [...array.shape], data: all.map(Number) };
  };
  const wanted = ({ shape, data }: GoldenArray) => ({ shape, data: data.map(Number) });

  it('agree on all reads', () => {
    let compared = 0;
    for (const { array: name, index, numpy, numpy_error } of golden.getitem) {
      const array = arrayOf(name);
      // In JavaScript 2.0 is an integer.
      const isFloat = numpy_error?.message.startsWith('only integers');
      if (array === undefined || isFloat) continue;
      if (numpy_error !== undefined) {
        assert.throws(() => array.slice(specOf(index)), `${name} ${JSON.stringify(index)}`);
      } else if (numpy !== undefined) {
        const got = flat(array.slice(specOf(index)));
        assert.deepEqual(got, wanted(numpy), `${name} ${JSON.stringify(index)}`);
      } else continue;
      compared++;
    }
    assert.ok(compared > 100, String(compared));
  });

  it('agree on all writes', () => {
    let compared = 0;
    for (const { array: name, index, value, numpy_error, numpy_after } of golden.setitem) {
      const array = arrayOf(name);
      if (array === undefined || typeof value === 'string') continue;
      const given = (value as { ndarray?: GoldenArray }).ndarray;
      const source =
        given === undefined
          ? (value as number | number[])
          : { data: Float64Array.from(given.data), shape: given.shape };
      const write = () => array.slice(specOf(index)).assign(source);
      if (numpy_error !== undefined) {
        assert.throws(write, `${name} ${JSON.stringify(index)}`);
      } else if (numpy_after !== undefined) {
        write();
        assert.deepEqual(flat(array), wanted(numpy_after), `${name} ${JSON.stringify(index)}`);
      } else continue;
      compared++;
    }
    assert.ok(compared > 30, String(compared));
  });
});
