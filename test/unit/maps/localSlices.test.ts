import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import { positionsOf } from '../../../src/maps/localSelection.ts';
import { globalFromLocalSlice, localFromGlobalSlice } from '../../../src/maps/localSlices.ts';
import { resolveRange } from '../../../src/maps/sliceRange.ts';
import { anyViewOver } from './mapArbitraries.ts';

const range = fc.record({
  start: fc.option(fc.integer({ min: -40, max: 40 })),
  stop: fc.option(fc.integer({ min: -40, max: 40 })),
  step: fc.integer({ min: -6, max: 6 }).filter((step) => step !== 0),
});

describe('slices of global and of local indices', () => {
  it('of regular maps are strided', () => {
    const block = BlockMap.even(100, 4);
    assert.deepEqual(localFromGlobalSlice(block, 1, { start: 10, stop: 60, step: 3 }), {
      kind: 'strided',
      start: 0,
      step: 3,
      count: 9,
    });
    const cyclic = new CyclicMap(100, 4);
    assert.deepEqual(localFromGlobalSlice(cyclic, 1, { start: -1, stop: 50, step: -2 }), {
      kind: 'strided',
      start: 24,
      step: -1,
      count: 12,
    });
    assert.deepEqual(globalFromLocalSlice(cyclic, 1, { start: 2, step: 3 }), {
      kind: 'strided',
      start: 9,
      step: 12,
      count: 8,
    });
  });

  it('find the elements of the range that the process owns', () => {
    fc.assert(
      fc.property(anyViewOver(6), range, (map, given) => {
        const { start, step, count } = resolveRange(given, map.size);
        const named = Array.from({ length: count }, (_, i) => start + i * step);
        for (let gridRank = 0; gridRank < map.gridSize; gridRank++) {
          const owned = named.filter((index) => map.owns(gridRank, index));
          const expected = owned.map((index) => map.localFromGlobal(index, gridRank));
          const found = [...positionsOf(localFromGlobalSlice(map, gridRank, given))];
          if (map.dist === 'u') assert.deepEqual(found.sort(), expected.sort());
          else assert.deepEqual(found, expected);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('name the global indices of local ranges', () => {
    fc.assert(
      fc.property(anyViewOver(6), range, (map, given) => {
        for (let gridRank = 0; gridRank < map.gridSize; gridRank++) {
          const { start, step, count } = resolveRange(given, map.localSize(gridRank));
          const expected = Array.from({ length: count }, (_, i) =>
            map.globalFromLocal(gridRank, start + i * step),
          );
          const found = globalFromLocalSlice(map, gridRank, given);
          assert.deepEqual([...positionsOf(found)], expected);
          assert.equal(found.count, count);
        }
      }),
      { numRuns: 300 },
    );
  });
});
