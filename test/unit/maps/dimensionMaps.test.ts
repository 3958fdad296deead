import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { ArgumentRangeError, ArgumentTypeError } from '../../../src/errors.ts';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import { indicesOfRuns } from '../../../src/maps/indexRun.ts';
import { UndistributedMap } from '../../../src/maps/undistributedMap.ts';
import { anyMap } from './mapArbitraries.ts';

const indicesPerRank = (map: DimensionMap): number[][] =>
  Array.from({ length: map.gridSize }, (_, gridRank) => [...map.globalIndices(gridRank)]);

describe('BlockMap', () => {
  it('cuts evenly by blocks of ceil(size / gridSize)', () => {
    assert.deepEqual(BlockMap.even(10, 4).bounds, [0, 3, 6, 9, 10]);
    assert.deepEqual(BlockMap.even(5, 4).bounds, [0, 2, 4, 5, 5]);
    assert.deepEqual(BlockMap.even(0, 3).bounds, [0, 0, 0, 0]);
    assert.deepEqual(BlockMap.even(2, 4).bounds, [0, 1, 2, 2, 2]);
  });

  it('takes explicit bounds with empty parts', () => {
    const map = BlockMap.fromBounds([0, 0, 5, 5, 5, 10, 10]);
    assert.deepEqual(indicesPerRank(map), [[], [0, 1, 2, 3, 4], [], [], [5, 6, 7, 8, 9], []]);
    assert.equal(map.owner(4), 1);
    assert.equal(map.owner(5), 4);
    assert.equal(map.owner(9), 4);
    assert.equal(map.localFromGlobal(7), 2);
    assert.deepEqual(map.runs(0), []);
  });

  it('keeps no bounds that follow the even rule', () => {
    assert.ok(BlockMap.fromBounds([0, 3, 6, 9, 10]).isEven);
    assert.ok(BlockMap.fromBounds([0, 3, 6, 9, 10]).equals(BlockMap.even(10, 4)));
    assert.ok(!BlockMap.fromBounds([0, 2, 6, 9, 10]).isEven);
  });

  it('is one run a part', () => {
    assert.deepEqual(BlockMap.even(10, 4).runs(1), [
      { start: 3, blockSize: 3, stride: 3, count: 1 },
    ]);
    assert.deepEqual(BlockMap.even(2, 4).runs(3), []);
  });

  it('gives the protocol dictionary', () => {
    assert.deepEqual(BlockMap.fromBounds([0, 2, 9]).dimData(1), {
      dist_type: 'b',
      size: 9,
      proc_grid_size: 2,
      proc_grid_rank: 1,
      start: 2,
      stop: 9,
      padding: [0, 0],
    });
  });

  it('is exact for the largest sizes', () => {
    const size = Number.MAX_SAFE_INTEGER;
    const map = BlockMap.even(size, 3);
    assert.equal(map.start(1), 3002399751580331);
    assert.equal(map.owner(3002399751580330), 0);
    assert.equal(map.owner(3002399751580331), 1);
    assert.equal(map.owner(size - 1), 2);
    assert.equal(map.stop(2), size);
  });

  it('refuses bounds that do not ascend from 0', () => {
    for (const bounds of [[0], [], [1, 5], [0, 6, 4, 10], [0, 1.5], [-1, 3]]) {
      assert.throws(() => BlockMap.fromBounds(bounds), ArgumentRangeError, `${bounds}`);
    }
    assert.throws(() => BlockMap.fromBounds('0,5' as unknown as number[]), ArgumentTypeError);
    assert.throws(() => BlockMap.fromBounds([0, '5' as unknown as number]), ArgumentTypeError);
    assert.throws(() => BlockMap.fromBounds([0, 6, 4, 10]), {
      argument: 'bounds[2]',
      expected: 'an integer ≥ 6',
    });
  });
});

describe('CyclicMap', () => {
  it('deals indices in turn', () => {
    assert.deepEqual(indicesPerRank(new CyclicMap(7, 3)), [
      [0, 3, 6],
      [1, 4],
      [2, 5],
    ]);
  });

  it('deals blocks in turn, the partial last one to its real owner', () => {
    assert.deepEqual(indicesPerRank(new CyclicMap(10, 4, { blockSize: 3 })), [
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
      [9],
    ]);
    assert.deepEqual(indicesPerRank(new CyclicMap(7, 2, { blockSize: 2 })), [
      [0, 1, 4, 5],
      [2, 3, 6],
    ]);
  });

  it('is one run, and one more for a partial block', () => {
    assert.deepEqual(new CyclicMap(10, 4).runs(1), [
      { start: 1, blockSize: 1, stride: 4, count: 3 },
    ]);
    assert.deepEqual(new CyclicMap(11, 2, { blockSize: 3 }).runs(1), [
      { start: 3, blockSize: 3, stride: 3, count: 1 },
      { start: 9, blockSize: 2, stride: 2, count: 1 },
    ]);
    assert.deepEqual(new CyclicMap(2, 4).runs(3), []);
    assert.deepEqual(new CyclicMap(2, 4, { blockSize: 5 }).runs(0), [
      { start: 0, blockSize: 2, stride: 2, count: 1 },
    ]);
  });

  it('is contiguous on one process', () => {
    assert.deepEqual(new CyclicMap(10, 1, { blockSize: 3 }).runs(0), [
      { start: 0, blockSize: 10, stride: 10, count: 1 },
    ]);
  });

  it('gives the protocol dictionary, start past the end for an empty part', () => {
    assert.deepEqual(new CyclicMap(10, 4, { blockSize: 20 }).dimData(3), {
      dist_type: 'c',
      size: 10,
      proc_grid_size: 4,
      proc_grid_rank: 3,
      start: 60,
      block_size: 20,
    });
  });

  it('refuses bad sizes and block sizes', () => {
    assert.throws(() => new CyclicMap(10, 2, { blockSize: 0 }), {
      name: 'ArgumentRangeError',
      argument: 'options.blockSize',
    });
    assert.throws(() => new CyclicMap(-1, 2), ArgumentRangeError);
    assert.throws(() => new CyclicMap(10, 0), ArgumentRangeError);
    assert.throws(() => new CyclicMap(10, 2 ** 20, { blockSize: 2 ** 50 }), ArgumentRangeError);
    assert.throws(() => new CyclicMap('10' as unknown as number, 2), ArgumentTypeError);
  });
});

describe('UndistributedMap', () => {
  it('keeps every index where it is', () => {
    const map = new UndistributedMap(4);
    assert.deepEqual(indicesPerRank(map), [[0, 1, 2, 3]]);
    assert.equal(map.localFromGlobal(3), 3);
    assert.deepEqual(map.dimData(0), {
      dist_type: 'n',
      size: 4,
      proc_grid_size: 1,
      proc_grid_rank: 0,
    });
  });
});

describe('equality of maps', () => {
  it('does not look at the letter on one process', () => {
    const maps = [
      BlockMap.even(10, 1),
      BlockMap.fromBounds([0, 10]),
      new CyclicMap(10, 1),
      new CyclicMap(10, 1, { blockSize: 7 }),
      new UndistributedMap(10),
    ];
    for (const a of maps) for (const b of maps) assert.ok(a.equals(b), `${a} and ${b}`);
    assert.ok(!new UndistributedMap(10).equals(BlockMap.even(9, 1)));
  });

  it('wants the same rule on several', () => {
    const maps = [
      BlockMap.even(10, 2),
      BlockMap.fromBounds([0, 4, 10]),
      BlockMap.fromBounds([0, 3, 10]),
      BlockMap.even(10, 3),
      BlockMap.even(11, 2),
      new CyclicMap(10, 2),
      new CyclicMap(10, 2, { blockSize: 5 }),
      new CyclicMap(10, 3),
      new UndistributedMap(10),
    ];
    maps.forEach((a, i) => {
      maps.forEach((b, j) => {
        assert.equal(a.equals(b), i === j, `${a} and ${b}`);
      });
    });
    assert.ok(BlockMap.fromBounds([0, 4, 10]).equals(BlockMap.fromBounds([0, 4, 10])));
  });
});

describe('maps as text', () => {
  it('say what they are', () => {
    assert.equal(`${BlockMap.even(10, 4)}`, 'block(10 over 4)');
    assert.equal(`${BlockMap.fromBounds([0, 4, 10])}`, 'block(10 over 2, bounds 0, 4, 10)');
    assert.equal(`${new CyclicMap(10, 4)}`, 'cyclic(10 over 4)');
    assert.equal(`${new CyclicMap(10, 4, { blockSize: 2 })}`, 'cyclic(10 over 4, blocks of 2)');
    assert.equal(`${new UndistributedMap(10)}`, 'undistributed(10)');
  });

  it('stay short for many bounds', () => {
    const map = BlockMap.fromBounds([0, ...Array.from({ length: 1000 }, (_, i) => i * i)]);
    assert.ok(map.toString().length < 100);
    assert.match(map.toString(), /…\)$/);
  });
});

describe('maps given bad indices', () => {
  const maps: DimensionMap[] = [
    BlockMap.even(10, 4),
    BlockMap.fromBounds([0, 4, 10]),
    new CyclicMap(10, 4, { blockSize: 2 }),
    new UndistributedMap(10),
  ];
  for (const map of maps) {
    it(`${map} refuses them`, () => {
      for (const bad of [-1, 10, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        assert.throws(() => map.owner(bad), { code: 'ERR_ARGUMENT_RANGE' });
        assert.throws(() => map.localFromGlobal(bad), { argument: 'globalIndex' });
        assert.throws(() => map.globalFromLocal(0, bad), { argument: 'localIndex' });
      }
      for (const bad of [-1, map.gridSize, 0.5]) {
        assert.throws(() => map.localSize(bad), { argument: 'gridRank' });
        assert.throws(() => map.runs(bad), { argument: 'gridRank' });
        assert.throws(() => map.globalIndices(bad), { argument: 'gridRank' });
        assert.throws(() => map.dimData(bad), { argument: 'gridRank' });
        assert.throws(() => map.globalFromLocal(bad, 0), { argument: 'gridRank' });
      }
      assert.throws(() => map.owner('3' as unknown as number), ArgumentTypeError);
    });
  }

  it('say so when there is no index at all', () => {
    assert.throws(() => BlockMap.even(0, 2).owner(0), {
      message: 'Expected nothing (there is no index) for globalIndex, but received 0',
    });
  });
});

describe('every map', () => {
  it('gives every global index exactly one owner', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        const owned = indicesPerRank(map);
        const owners = new Array<number>(map.size).fill(-1);
        owned.forEach((indices, gridRank) => {
          assert.equal(indices.length, map.localSize(gridRank));
          for (const index of indices) {
            assert.equal(owners[index], -1);
            owners[index] = gridRank;
          }
        });
        owners.forEach((gridRank, index) => {
          assert.equal(map.owner(index), gridRank);
        });
      }),
    );
  });

  it('goes from local to global and back', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        for (let gridRank = 0; gridRank < map.gridSize; gridRank++) {
          for (let local = 0; local < map.localSize(gridRank); local++) {
            const global = map.globalFromLocal(gridRank, local);
            assert.equal(map.owner(global), gridRank);
            assert.equal(map.localFromGlobal(global), local);
          }
        }
      }),
    );
  });

  it('lists in runs exactly its global indices, in order', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        for (let gridRank = 0; gridRank < map.gridSize; gridRank++) {
          const runs = map.runs(gridRank);
          const indices = [...indicesOfRuns(runs)];
          assert.ok(runs.length <= 2);
          assert.ok(runs.every((run) => run.blockSize > 0 && run.count > 0));
          assert.ok(runs.every((run) => run.stride >= run.blockSize));
          assert.ok(indices.every((index, i) => i === 0 || index > indices[i - 1]));
          assert.deepEqual(
            indices,
            Array.from({ length: map.localSize(gridRank) }, (_, local) =>
              map.globalFromLocal(gridRank, local),
            ),
          );
          assert.deepEqual([...map.globalIndices(gridRank)], indices);
        }
      }),
    );
  });

  it('describes itself in its protocol dictionaries', () => {
    fc.assert(
      fc.property(anyMap, (map) => {
        for (let gridRank = 0; gridRank < map.gridSize; gridRank++) {
          const dimData = map.dimData(gridRank);
          assert.equal(dimData.dist_type, map.dist);
          assert.equal(dimData.size, map.size);
          assert.equal(dimData.proc_grid_size, map.gridSize);
          assert.equal(dimData.proc_grid_rank, gridRank);
          const first = map.runs(gridRank)[0]?.start;
          if (first !== undefined && 'start' in dimData) assert.equal(dimData.start, first);
        }
      }),
    );
  });

  it('cannot be changed', () => {
    fc.assert(fc.property(anyMap, (map) => Object.isFrozen(map)));
  });
});
