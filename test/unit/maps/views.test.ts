import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import { type IndexRun, indicesOfRuns } from '../../../src/maps/indexRun.ts';
import { intersection, type LocalBlocks } from '../../../src/maps/intersection.ts';
import { positionAt, positionsOf } from '../../../src/maps/localSelection.ts';
import { affineOf, sliceMap } from '../../../src/maps/sliceMap.ts';
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

describe('the intersection of two parts', () => {
  const placesOf = (run: IndexRun, { start, stride }: LocalBlocks) =>
    Array.from({ length: run.count * run.blockSize }, (_, i) => {
      const block = Math.floor(i / run.blockSize);
      return start + block * stride + (i % run.blockSize);
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
