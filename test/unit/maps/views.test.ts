import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import { type IndexRun, indicesOfRuns } from '../../../src/maps/indexRun.ts';
import { intersection, type LocalBlocks } from '../../../src/maps/intersection.ts';
import { positionAt, positionsOf } from '../../../src/maps/localSelection.ts';
import { countInWindow, gcd, mod, solveCongruence } from '../../../src/maps/numberTheory.ts';
import { scaleMap } from '../../../src/maps/scaleMap.ts';
import { affineOf, sliceMap } from '../../../src/maps/sliceMap.ts';
import { UnstructuredMap } from '../../../src/maps/unstructuredMap.ts';
import { anyView, anyViewOver, sliceOf } from './mapArbitraries.ts';

const rankList = (map: DimensionMap) => [...Array(map.gridSize).keys()];

describe('a view of a map', () => {
  it('has its elements where the base has them, every one once', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const { start, step } = affineOf(view);
        let owned = 0;
        for (const gridRank of rankList(view)) {
          const indices = [...view.globalIndices(gridRank)];
          const expected: number[] = [];
          for (const baseIndex of view.base.globalIndices(gridRank)) {
            const index = (baseIndex - start) / step;
            if (Number.isInteger(index) && index >= 0 && index < view.size)
              expected.push(index + 0);
          }
          if (view.dist !== 'u') expected.sort((a, b) => a - b);
          assert.deepEqual(indices, expected);
          assert.equal(view.localSize(gridRank), indices.length);
          owned += indices.length;
          indices.forEach((index, local) => {
            assert.equal(view.owner(index), gridRank);
            assert.ok(view.owns(gridRank, index));
            assert.equal(view.localFromGlobal(index), local);
            assert.equal(view.localFromGlobal(index, gridRank), local);
            assert.equal(view.globalFromLocal(gridRank, local), index);
          });
          const ascending = indices.toSorted((a, b) => a - b);
          assert.deepEqual(
            [...indicesOfRuns(view.runs(gridRank))].sort((a, b) => a - b),
            ascending,
          );
        }
        assert.equal(owned, view.size);
      }),
      { numRuns: 300 },
    );
  });

  it('selects its elements in the local part of the base', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const { start, step } = affineOf(view);
        for (const gridRank of rankList(view)) {
          const selection = view.localSelection(gridRank);
          const positions = [...positionsOf(selection)];
          const expected = Array.from(view.globalIndices(gridRank), (index) =>
            view.base.localFromGlobal(start + index * step, gridRank),
          );
          assert.deepEqual(positions, expected);
          assert.equal(selection.count, expected.length);
          assert.deepEqual(
            expected.map((_, i) => positionAt(selection, i)),
            expected,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('of a view shows what slicing a list twice shows', () => {
    const twice = anyViewOver(8).chain((map) => sliceOf(map.size).map((slice) => ({ map, slice })));
    fc.assert(
      fc.property(twice, ({ map, slice }) => {
        const view = sliceMap(map, slice);
        for (let i = 0; i < slice.count; i++) {
          assert.equal(view.owner(i), map.owner(slice.start + i * slice.step));
        }
        assert.equal(view.base, map.base);
      }),
    );
  });
});

describe('views of blocks', () => {
  const partsOf = (map: DimensionMap) =>
    rankList(map).map((gridRank) => [...map.globalIndices(gridRank)]);
  const even = fc
    .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 2, max: 9 }))
    .map(([size, gridSize]) => BlockMap.even(size, gridSize));
  const viewOf = (map: DimensionMap) => sliceOf(map.size).map((slice) => sliceMap(map, slice));

  it('are equal exactly when all parts are', () => {
    // Of one size and grid, so that many are equal.
    const pair = even.chain((map) =>
      viewOf(map).chain((view) => {
        const { size, gridSize } = view;
        const wide = [1, 2, 3].map((step) => {
          const base = BlockMap.even(Math.max(1, size) * step, gridSize);
          return sliceMap(base, { start: 0, step, count: size });
        });
        const back = BlockMap.even(Math.max(1, size), gridSize);
        const turned = sliceMap(back, { start: Math.max(0, size - 1), step: -1, count: size });
        return fc.tuple(fc.constant(view), fc.constantFrom(...wide, turned));
      }),
    );
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const same = JSON.stringify(partsOf(a)) === JSON.stringify(partsOf(b));
        assert.equal(a.equals(b), same, `${a} and ${b}`);
        assert.equal(b.equals(a), same);
      }),
      { numRuns: 500 },
    );
  });

  it('are those of the scaled bounds when a map is seen as more or fewer elements', () => {
    fc.assert(
      fc.property(even, fc.integer({ min: 1, max: 200 }), (map, size) => {
        const bounds = map.bounds.map((bound) => Math.floor((bound * size) / map.size));
        bounds[map.gridSize] = size;
        assert.deepEqual((scaleMap(map, size) as BlockMap).bounds, bounds);
      }),
    );
  });
});

describe('views of cyclic maps', () => {
  it('are equal to maps that deal the same indices', () => {
    const six = Distribution.fromShape([6], { dist: 'c', size: 2 });
    const ten = Distribution.fromShape([10], { dist: 'c', size: 2 }).slice('0:6');
    assert.ok(ten.equals(six));
    assert.ok(six.isCompatible(ten));
    const one = Distribution.fromShape([10], { dist: 'c', size: 2 }).slice('4:5');
    assert.ok(one.maps[0].equals(new CyclicMap(1, 2)));
    assert.ok(!six.equals(Distribution.fromShape([10], { dist: 'c', size: 2 }).slice('1:7')));
    assert.ok(!six.maps[0].equals(sliceMap(BlockMap.even(6, 2), { start: 0, step: 1, count: 6 })));
  });

  it('are equal only when all parts are, and whenever every part is that repeats', () => {
    const partsOf = (map: DimensionMap) =>
      JSON.stringify(rankList(map).map((gridRank) => [...map.globalIndices(gridRank)]));
    const viewOf = (size: number, gridSize: number) =>
      fc
        .tuple(fc.constantFrom(1, 2, 3, 4, 6), fc.nat({ max: 24 }), fc.constantFrom(1, 2, 3, -1))
        .map(([blockSize, first, step]) => {
          const base = new CyclicMap(size * 3 + 30, gridSize, { blockSize });
          const start = step < 0 ? first + size : first;
          return sliceMap(base, { start, step, count: size });
        });
    const pair = fc
      .tuple(fc.nat({ max: 30 }), fc.integer({ min: 2, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([size, gridSize, blockSize]) => {
        const whole = fc.constant(new CyclicMap(size, gridSize, { blockSize }));
        return fc.tuple(viewOf(size, gridSize), fc.oneof(viewOf(size, gridSize), whole));
      });
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const same = partsOf(a) === partsOf(b);
        const equal = a.equals(b);
        assert.equal(b.equals(a), equal);
        if (equal) assert.ok(same, `${a} and ${b}`);
        // Short views may agree by chance; ascending ones over more than a round do not.
        const long = a.size > 24 && [a, b].every((map) => affineOf(map).step === 1);
        if (same && (long || a.size < 2)) assert.ok(equal, `${a} and ${b}`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the owners of a slice', () => {
  it('are the processes that hold some of it', () => {
    fc.assert(
      fc.property(
        anyView
          .filter((map) => map.dist !== 'u')
          .chain((map) => fc.tuple(fc.constant(map), sliceOf(map.size))),
        ([map, { start, step, count }]) => {
          const view = sliceMap(map, { start, step, count });
          const stop = start + step * count;
          const range = { start, step, stop: stop < 0 ? null : stop };
          const expected = rankList(view).filter((gridRank) => view.localSize(gridRank) > 0);
          assert.deepEqual(
            Distribution.fromMaps([map]).owningRanks([range]),
            count === 0 ? [] : expected,
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('the intersection of two parts', () => {
  const placesOf = (run: IndexRun, { start, stride }: LocalBlocks) =>
    Array.from({ length: run.count * run.blockSize }, (_, i) => {
      const block = Math.floor(i / run.blockSize);
      return start + block * stride + (i % run.blockSize);
    });

  it('of 64 processes with 64 are together all that both show', () => {
    fc.assert(
      fc.property(anyView, anyView, (a, b) => {
        const found: number[] = [];
        for (const rankA of rankList(a)) {
          for (const rankB of rankList(b)) {
            for (const index of indicesOfRuns(intersection(a, rankA, b, rankB))) {
              assert.equal(a.owner(index), rankA);
              assert.equal(b.owner(index), rankB);
              found.push(index);
            }
          }
        }
        const shared = Math.min(a.size, b.size);
        assert.deepEqual(
          found.sort((x, y) => x - y),
          [...Array(shared).keys()],
        );
      }),
      { numRuns: 20 },
    );
  });

  it('is what brute force finds, with its places in both', () => {
    fc.assert(
      fc.property(anyViewOver(6), anyViewOver(6), (a, b) => {
        for (const rankA of rankList(a)) {
          const inA = new Set(a.globalIndices(rankA));
          for (const rankB of rankList(b)) {
            const expected = Array.from(b.globalIndices(rankB)).filter((index) => inA.has(index));
            const runs = intersection(a, rankA, b, rankB);
            const found = [...indicesOfRuns(runs)];
            assert.deepEqual(
              found.toSorted((x, y) => x - y),
              expected.toSorted((x, y) => x - y),
            );
            assert.ok(runs.every((run, i) => i === 0 || run.start > runs[i - 1].start));
            assert.deepEqual(
              runs.flatMap((run) => placesOf(run, run.inA)),
              found.map((index) => a.localFromGlobal(index, rankA)),
            );
            assert.deepEqual(
              runs.flatMap((run) => placesOf(run, run.inB)),
              found.map((index) => b.localFromGlobal(index, rankB)),
            );
            const mirrored = intersection(b, rankB, a, rankA);
            assert.deepEqual([...indicesOfRuns(mirrored)], found);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('unstructured maps that share indices between processes', () => {
  const shared = fc
    .array(fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 12 }), {
      minLength: 1,
      maxLength: 5,
    })
    .map((lists) => UnstructuredMap.fromIndices(lists, { size: 20 }));

  it('go from local to global and back on every process, sliced or not', () => {
    fc.assert(
      fc.property(shared, sliceOf(20), (map, slice) => {
        for (const view of [map, sliceMap(map, slice)]) {
          for (const gridRank of rankList(view)) {
            [...view.globalIndices(gridRank)].forEach((index, local) => {
              assert.equal(view.localFromGlobal(index, gridRank), local);
              assert.equal(view.globalFromLocal(gridRank, local), index);
              assert.ok(view.owns(gridRank, index));
              assert.ok(view.owner(index) <= gridRank);
            });
          }
        }
      }),
    );
  });

  it('intersect like sets', () => {
    fc.assert(
      fc.property(shared, anyViewOver(4), (a, b) => {
        for (const rankA of rankList(a)) {
          for (const rankB of rankList(b)) {
            const inB = new Set(b.globalIndices(rankB));
            const expected = [...a.globalIndices(rankA)].filter((index) => inB.has(index));
            const runs = intersection(a, rankA, b, rankB);
            assert.deepEqual(
              [...indicesOfRuns(runs)],
              expected.sort((x, y) => x - y),
            );
          }
        }
      }),
    );
  });
});

describe('number theory', () => {
  const natural = fc.integer({ min: 1, max: 10_000 });

  it('solves congruences', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 300 }),
        fc.integer({ min: -300, max: 300 }),
        fc.integer({ min: 1, max: 300 }),
        (a, b, m) => {
          const smallest = [...Array(m).keys()].findIndex((x) => mod(a * x - b, m) === 0);
          assert.equal(solveCongruence(a, b, m), smallest);
        },
      ),
    );
  });

  it('counts the members of a window', () => {
    fc.assert(
      fc.property(
        natural,
        natural,
        fc.integer({ min: 1, max: 200 }),
        fc.nat(),
        fc.nat(),
        fc.nat(),
        (f, s, m, n, l, w) => {
          const [first, step] = [f % m, s % m];
          const count = n % (m / gcd(step, m) + 1);
          const low = l % m;
          const high = low + 1 + (w % (m - low));
          const expected = [...Array(count).keys()].filter((k) => {
            const place = (first + k * step) % m;
            return place >= low && place < high;
          }).length;
          assert.equal(countInWindow(first, step, m, count, low, high), expected);
          // The same beyond 2^53 on the way: everything a billion times as large.
          const large = 2 ** 40;
          assert.equal(
            countInWindow(first * large, step * large, m * large, count, low * large, high * large),
            expected,
          );
        },
      ),
    );
  });
});
