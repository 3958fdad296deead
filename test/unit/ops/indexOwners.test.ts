import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Distribution, UnstructuredMap } from '../../../src/entry/maps.ts';
import { orderedBlocks } from '../../../src/ops/index/indexDistribution.ts';
import {
  addOwners,
  listedOwners,
  localPositions,
  unravel,
} from '../../../src/ops/index/ownersOfIndices.ts';
import { anyMap, flatIndices } from '../../support/maps.ts';

describe('owners of lists of indices', () => {
  const extents = fc.integer({ min: 1, max: 40 });
  const maps = extents.chain((extent) => anyMap(extent, 6));

  it('are those that maps tell one by one, and so are the places', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const indices = Float64Array.from({ length: map.size }, (_, k) => k);
        const owners =
          map.dist === 'u' ? listedOwners(map, indices) : new Int32Array(indices.length);
        if (map.dist !== 'u') addOwners(map, indices, 1, owners);
        assert.deepEqual(
          [...owners],
          Array.from(indices, (index) => map.owner(index)),
        );
        for (let rank = 0; rank < map.gridSize; rank++) {
          const own = indices.filter((index) => map.owns(rank, index));
          const positions = new Float64Array(own.length);
          localPositions(map, rank, own, positions);
          assert.deepEqual(
            [...positions],
            Array.from(own, (index) => map.localFromGlobal(index, rank)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('are -1 for what an unstructured map does not list', () => {
    const map = UnstructuredMap.fromIndices(
      [
        [4, 0],
        [2, 0],
      ],
      { size: 5 },
    );
    assert.deepEqual([...listedOwners(map, Float64Array.of(0, 1, 2, 3, 4))], [0, -1, 1, -1, 0]);
  });

  it('are added, times a stride', () => {
    const { maps } = Distribution.fromShape([10], { dist: 'b', size: 5 });
    const ranks = Int32Array.of(1, 1, 1);
    addOwners(maps[0], Float64Array.of(0, 5, 9), 10, ranks);
    assert.deepEqual([...ranks], [1, 21, 41]);
  });
});

describe('flat indices', () => {
  it('are indices along each axis', () => {
    const flat = Float64Array.of(0, 5, 23, 2 ** 40);
    const axes: number[][] = [];
    unravel(flat, [2 ** 45, 3, 4], (axis, indices) => {
      axes[axis] = [...indices];
    });
    assert.deepEqual(axes[2], [0, 1, 3, 0]);
    assert.deepEqual(axes[1], [0, 1, 2, 2 ** 38 % 3]);
    assert.deepEqual(axes[0], [0, 0, 1, Math.floor(2 ** 38 / 3)]);
    assert.deepEqual([...flat], [0, 5, 23, 2 ** 40]);
  });
});

describe('ordered blocks', () => {
  const shapes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 4 });

  it('have the elements in C order from process to process, none with more than its share', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 1, max: 12 }), (shape, processes) => {
        const distribution = Distribution.fromMaps(orderedBlocks(shape, processes));
        assert.ok(distribution.numProcesses <= processes);
        const ranks = [...Array(distribution.numProcesses).keys()];
        const all = ranks.flatMap((rank) => flatIndices(distribution, rank));
        assert.deepEqual(all, [...all.keys()]);
        assert.equal(all.length, distribution.size);
        // A dimension is cut by as many processes as it has indices, or all that are left.
        const most = Math.max(0, ...ranks.map((rank) => flatIndices(distribution, rank).length));
        assert.ok(most <= 4 * Math.ceil(distribution.size / processes), `${most}`);
      }),
      { numRuns: 200 },
    );
  });
});
