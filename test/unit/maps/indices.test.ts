import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { mirrorSort } from '../../../src/maps/gridShape.ts';
import {
  type RangeTuple,
  sliceIntersection,
  tupleIntersection,
} from '../../../src/maps/rangeIntersection.ts';
import { sanitizeIndices } from '../../../src/maps/sanitizeIndices.ts';
import { distributeIndices, sizeFromDimData } from '../../../src/maps/sizeFromDimData.ts';
import { positivify, resolveRange, type SliceRange } from '../../../src/maps/sliceRange.ts';
import { newaxis, type SliceSpec } from '../../../src/maps/sliceSpec.ts';

describe('sanitizeIndices', () => {
  it('tells elements from parts', () => {
    assert.deepEqual(sanitizeIndices('1, -1', 2, [3, 4]), ['value', [1, 3]]);
    assert.deepEqual(sanitizeIndices(2, 2), ['view', [2, null]]);
    assert.deepEqual(sanitizeIndices({ start: -2 }, 1, [5]), [
      'view',
      [{ start: 3, stop: null, step: null }],
    ]);
  });

  it('refuses what is no index, by name', () => {
    const bad: [unknown, string, string][] = [
      [[newaxis], 'indices', 'ArgumentTypeError'],
      [['...', '...'], 'indices', 'ArgumentRangeError'],
      [[0, 0, 0], 'indices', 'ArgumentRangeError'],
      [[true, 0], 'indices[0]', 'ArgumentTypeError'],
      [[0, 4], 'indices[1]', 'ArgumentRangeError'],
      [[{ step: 0 }], 'indices[0].step', 'ArgumentRangeError'],
      [undefined, 'indices', 'ArgumentTypeError'],
      ['a', 'indices', 'ArgumentRangeError'],
    ];
    for (const [indices, argument, name] of bad) {
      const call = () => sanitizeIndices(indices as SliceSpec, 2, [3, 4]);
      assert.throws(call, { argument, name });
    }
  });
});

describe('positivify', () => {
  it('shows the same indices without negative ends', () => {
    const end = fc.option(fc.integer({ min: -15, max: 15 }));
    const step = fc.integer({ min: -4, max: 4 }).filter((value) => value !== 0);
    fc.assert(
      fc.property(fc.record({ start: end, stop: end, step }), fc.nat({ max: 12 }), (range, n) => {
        const positive = positivify(range as SliceRange, n);
        assert.deepEqual(resolveRange(positive, n), resolveRange(range, n));
        assert.ok((positive.start ?? 0) >= 0 && (positive.stop ?? 0) >= 0);
      }),
    );
  });

  it('refuses what does not exist', () => {
    assert.throws(() => positivify(10, 10), { argument: 'index', name: 'ArgumentRangeError' });
    assert.throws(() => positivify('a' as never, 10), { name: 'ArgumentTypeError' });
    assert.throws(() => positivify({ start: 0.5 }, 10), { argument: 'index.start' });
  });
});

describe('intersections of ranges', () => {
  const tuple = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 }), fc.integer({ min: 1, max: 7 }));
  const listed = ([start, stop, step]: readonly number[]) =>
    Array.from(
      { length: Math.max(0, Math.ceil((stop - start) / step)) },
      (_, i) => start + i * step,
    );

  it('are what both list, with a stop right behind', () => {
    fc.assert(
      fc.property(tuple, tuple, (a, b) => {
        const both = listed(a).filter((index) => listed(b).includes(index));
        const found = tupleIntersection(a, b);
        assert.deepEqual(found === null ? [] : listed(found), both);
        if (found !== null) assert.equal(found[1], both[both.length - 1] + 1);
        const [range, other] = [a, b].map(([start, stop, step]) => ({ start, stop, step }));
        const { start, stop, step } = sliceIntersection(range, other);
        assert.deepEqual(listed([start ?? 0, stop ?? 0, step ?? 1]), both);
      }),
    );
  });

  it('refuse what is no range', () => {
    const bad: [unknown, string][] = [
      [[0], 'a'],
      [7, 'a'],
      [[0, '5'], 'a[1]'],
      [[0, 5, 0], 'a[2]'],
      [[0, 5, -1], 'a[2]'],
    ];
    for (const [range, argument] of bad) {
      assert.throws(() => tupleIntersection(range as RangeTuple, [0, 5]), { argument });
    }
    assert.throws(() => sliceIntersection({ stop: 3 }, { start: 0, stop: 5 }), {
      argument: 'a.start',
    });
  });
});

describe('single dictionaries', () => {
  it('are filled in, and tell how much their process holds', () => {
    const dict = { dist_type: 'b', size: 10, proc_grid_size: 4, proc_grid_rank: 1 } as const;
    assert.deepEqual(distributeIndices(dict), { ...dict, start: 3, stop: 6 });
    assert.equal(sizeFromDimData(dict), 3);
    assert.equal(sizeFromDimData({ ...dict, start: 2, stop: 7, padding: [1, 1] }), 5);
  });

  it('are refused when they are none', () => {
    assert.throws(() => sizeFromDimData(7 as never), { argument: 'dimData' });
    assert.throws(() => sizeFromDimData({ dist_type: 'x' as never, size: 3 }), {
      argument: 'dimData.dist_type',
    });
    assert.throws(() => sizeFromDimData({ dist_type: 'u', size: 3 }), {
      argument: 'dimData.indices',
    });
  });
});

describe('mirrorSort', () => {
  it('orders values like others', () => {
    assert.deepEqual(mirrorSort([1, 2, 6], [100, 10, 50]), [6, 1, 2]);
    assert.throws(() => mirrorSort([1], [1, 2]), { argument: 'like' });
  });
});
