import { strict as assert } from 'node:assert';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { ArgumentRangeError, ArgumentTypeError } from '../../../src/errors.ts';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import { CyclicMap } from '../../../src/maps/cyclicMap.ts';
import type { DimensionMap } from '../../../src/maps/dimensionMap.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import type { FromShapeOptions } from '../../../src/maps/distributionOptions.ts';
import type { GlobalDimData } from '../../../src/maps/globalDimData.ts';
import { UndistributedMap } from '../../../src/maps/undistributedMap.ts';
import { UnstructuredMap } from '../../../src/maps/unstructuredMap.ts';
import { anyMapOver } from './mapArbitraries.ts';

const indicesOf = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (prefixes, extent) =>
      prefixes.flatMap((prefix) => Array.from({ length: extent }, (_, i) => [...prefix, i])),
    [[]],
  );

describe('Distribution.fromShape', () => {
  it('puts everything on one process by default', () => {
    const d = Distribution.fromShape([10, 20]);
    assert.deepEqual(d.shape, [10, 20]);
    assert.equal(d.ndim, 2);
    assert.equal(d.size, 200);
    assert.deepEqual(d.dist, ['b', 'n']);
    assert.deepEqual(d.gridShape, [1, 1]);
    assert.deepEqual(d.targets, [0]);
    assert.equal(d.numProcesses, 1);
  });

  it('takes letters, grid shape and number of processes', () => {
    const d = Distribution.fromShape([5, 9], { dist: 'bc', gridShape: [2, 2], size: 4 });
    assert.deepEqual(d.localShapes(), [
      [3, 5],
      [3, 4],
      [2, 5],
      [2, 4],
    ]);
    assert.ok(d.maps[0] instanceof BlockMap);
    assert.ok(d.maps[1] instanceof CyclicMap);
  });

  it('keeps empty parts', () => {
    const d = Distribution.fromShape([5], { size: 4 });
    assert.deepEqual(d.localShapes(), [[2], [2], [1], [0]]);
  });

  it('leaves processes out that the grid does not use', () => {
    const d = Distribution.fromShape([3], { size: 8 });
    assert.equal(d.numProcesses, 3);
    assert.deepEqual(d.targets, [0, 1, 2]);
    assert.throws(() => d.localShape(3), { argument: 'rank' });
  });

  it('takes targets in any order, also instead of a size', () => {
    const d = Distribution.fromShape([16, 16], { targets: [7, 1, 5, 3] });
    assert.deepEqual(d.gridShape, [4, 1]);
    assert.deepEqual(d.targets, [1, 3, 5, 7]);
    assert.deepEqual(d.owningRanks([8, 0]), [2]);
    assert.deepEqual(d.owningTargets([8, 0]), [5]);
    assert.equal(d.targetOf(3), 7);
    assert.deepEqual(Distribution.fromShape([2], { targets: [7, 1, 5] }).targets, [1, 5]);
    assert.throws(() => Distribution.fromShape([16], { targets: [], size: 2 }), {
      argument: 'options.targets',
      expected: 'at least one target',
    });
    assert.deepEqual(Distribution.fromShape([16], { targets: [5, 4], size: 8 }).targets, [4, 5]);
  });

  it('takes arrays without elements', () => {
    const empty = Distribution.fromShape([0], { size: 4 });
    assert.deepEqual(empty.gridShape, [1]);
    assert.deepEqual(empty.localShapes(), [[0]]);
    assert.equal(empty.size, 0);
    assert.throws(() => empty.owningRanks([0]), ArgumentRangeError);
    const rows = Distribution.fromShape([0, 10], { dist: 'nb', size: 4 });
    assert.deepEqual(rows.localShapes(), [
      [0, 3],
      [0, 3],
      [0, 3],
      [0, 1],
    ]);
    assert.deepEqual(Distribution.fromShape([0, 0], { dist: 'bc', size: 4 }).gridShape, [1, 1]);
  });

  it('holds a 0-d array on its first target', () => {
    const d = Distribution.fromShape([], { targets: [3, 4] });
    assert.equal(d.size, 1);
    assert.deepEqual(d.targets, [3]);
    assert.deepEqual(d.localShapes(), [[]]);
    assert.deepEqual(d.dimDataPerRank(), [[]]);
    assert.deepEqual(d.owningRanks([]), [0]);
    assert.deepEqual(d.globalFromLocal(0, []), []);
    assert.deepEqual(d.coordsFromRank(0), []);
  });

  it('refuses bad arguments by name, before anything else', () => {
    const bad: [unknown, unknown, string, string][] = [
      [10, {}, 'shape', 'ArgumentTypeError'],
      ['10', {}, 'shape', 'ArgumentTypeError'],
      [[10, '3'], {}, 'shape[1]', 'ArgumentTypeError'],
      [[-1], {}, 'shape[0]', 'ArgumentRangeError'],
      [[1.5], {}, 'shape[0]', 'ArgumentRangeError'],
      [[2 ** 27, 2 ** 26], {}, 'shape', 'ArgumentRangeError'],
      [[10], null, 'options', 'ArgumentTypeError'],
      [[10], { dist: 7 }, 'options.dist', 'ArgumentTypeError'],
      [[10], { dist: 'q' }, 'options.dist[0]', 'ArgumentRangeError'],
      [[10], { dist: 'bn' }, 'options.dist', 'ArgumentRangeError'],
      [[10], { size: 0 }, 'options.size', 'ArgumentRangeError'],
      [[10], { size: '4' }, 'options.size', 'ArgumentTypeError'],
      [[10], { size: 4, gridShape: 4 }, 'options.gridShape', 'ArgumentTypeError'],
      [[10], { size: 4, gridShape: [2, 2] }, 'options.gridShape', 'ArgumentRangeError'],
      [[10], { size: 4, gridShape: [5] }, 'options.gridShape', 'ArgumentRangeError'],
      [[10], { size: 4, gridShape: [0] }, 'options.gridShape[0]', 'ArgumentRangeError'],
      [[4, 4], { size: 4, gridShape: [2, 2] }, 'options.gridShape[1]', 'ArgumentRangeError'],
      [[10], { targets: 3 }, 'options.targets', 'ArgumentTypeError'],
      [[10], { targets: [-1] }, 'options.targets[0]', 'ArgumentRangeError'],
      [[10], { targets: [1, 1] }, 'options.targets', 'ArgumentRangeError'],
      [[10], { targets: [0, 1, 2], size: 2 }, 'options.targets', 'ArgumentRangeError'],
    ];
    for (const [shape, options, argument, name] of bad) {
      const call = () => Distribution.fromShape(shape as number[], options as FromShapeOptions);
      assert.throws(call, { argument, name }, `${shape} ${JSON.stringify(options)}`);
    }
  });
});

describe('Distribution.fromMaps', () => {
  const maps = [BlockMap.fromBounds([0, 1, 5]), new CyclicMap(9, 2, { blockSize: 2 })];

  it('takes the grid from the maps', () => {
    const d = Distribution.fromMaps(maps);
    assert.deepEqual(d.shape, [5, 9]);
    assert.deepEqual(d.gridShape, [2, 2]);
    assert.deepEqual(d.targets, [0, 1, 2, 3]);
    assert.deepEqual(d.localShape(2), [4, 5]);
  });

  it('cuts the targets to the grid', () => {
    const d = Distribution.fromMaps(maps, { targets: [2, 3, 5, 8, 9] });
    assert.deepEqual(d.targets, [2, 3, 5, 8]);
  });

  it('refuses too few targets and what is no map', () => {
    assert.throws(() => Distribution.fromMaps(maps, { targets: [1, 2, 3] }), {
      argument: 'options.targets',
      name: 'ArgumentRangeError',
    });
    assert.throws(() => Distribution.fromMaps([maps[0], 10 as unknown as DimensionMap]), {
      argument: 'maps[1]',
      name: 'ArgumentTypeError',
    });
    assert.throws(() => Distribution.fromMaps('b' as unknown as []), ArgumentTypeError);
    const huge = new UndistributedMap(2 ** 40);
    assert.throws(() => Distribution.fromMaps([huge, huge]), { argument: 'maps' });
  });
});

describe('Distribution.fromGlobalDimData', () => {
  it('takes bounds, cyclic and undistributed dimensions', () => {
    const d = Distribution.fromGlobalDimData([
      { dist_type: 'b', bounds: [0, 2, 5] },
      { dist_type: 'c', size: 9, proc_grid_size: 2, block_size: 2 },
      { dist_type: 'n', size: 3 },
    ]);
    assert.deepEqual(d.shape, [5, 9, 3]);
    assert.deepEqual(d.dist, ['b', 'c', 'n']);
    assert.deepEqual(d.localShapes(), [
      [2, 5, 3],
      [2, 4, 3],
      [3, 5, 3],
      [3, 4, 3],
    ]);
  });

  it('takes bounds in typed arrays', () => {
    const plain = Distribution.fromGlobalDimData([{ dist_type: 'b', bounds: [0, 2, 5] }]);
    for (const bounds of [
      Int32Array.of(0, 2, 5),
      Float64Array.of(0, 2, 5),
      BigInt64Array.of(0n, 2n, 5n),
    ]) {
      assert.ok(Distribution.fromGlobalDimData([{ dist_type: 'b', bounds }]).equals(plain));
    }
    assert.ok(BlockMap.fromBounds(Int32Array.of(0, 2, 4)).equals(BlockMap.even(4, 2)));
  });

  it('looks only at the keys that the kind has, as fromDimDataPerRank does', () => {
    const more = { note: 'x', block_size: 2 };
    const d = Distribution.fromGlobalDimData([
      { dist_type: 'b', bounds: [0, 2, 5], ...more },
      { dist_type: 'n', size: 3, ...more },
    ] as GlobalDimData[]);
    assert.deepEqual(d.localShapes(), [
      [2, 3],
      [3, 3],
    ]);
  });

  it('refuses bad dictionaries by the name of the entry', () => {
    const bad: [unknown, string][] = [
      [7, 'globalDimData[0]'],
      [{}, 'globalDimData[0].dist_type'],
      [{ dist_type: 'q' }, 'globalDimData[0].dist_type'],
      [{ dist_type: 'b' }, 'globalDimData[0].bounds'],
      [{ dist_type: 'b', bounds: [0, 6, 4] }, 'globalDimData[0].bounds[2]'],
      [{ dist_type: 'b', bounds: Float64Array.of(0, 1.5) }, 'globalDimData[0].bounds[1]'],
      [{ dist_type: 'b', bounds: { length: 2 } }, 'globalDimData[0].bounds'],
      [{ dist_type: 'c', proc_grid_size: 2 }, 'globalDimData[0].size'],
      [{ dist_type: 'c', size: 5 }, 'globalDimData[0].proc_grid_size'],
      [{ dist_type: 'c', size: 5, proc_grid_size: 0 }, 'globalDimData[0].proc_grid_size'],
      [
        { dist_type: 'c', size: 5, proc_grid_size: 2, block_size: 0 },
        'globalDimData[0].block_size',
      ],
      [{ dist_type: 'n', size: -5 }, 'globalDimData[0].size'],
    ];
    for (const [dimData, argument] of bad) {
      assert.throws(() => Distribution.fromGlobalDimData([dimData as GlobalDimData]), { argument });
    }
    assert.throws(() => Distribution.fromGlobalDimData({} as []), { argument: 'globalDimData' });
  });
});

describe('ranks and coordinates', () => {
  const d = Distribution.fromShape([9, 9, 9], { dist: 'bbb', gridShape: [2, 3, 4], size: 24 });

  it('are in C order', () => {
    assert.deepEqual(d.coordsFromRank(0), [0, 0, 0]);
    assert.deepEqual(d.coordsFromRank(1), [0, 0, 1]);
    assert.deepEqual(d.coordsFromRank(23), [1, 2, 3]);
    for (let rank = 0; rank < 24; rank++) {
      assert.equal(d.rankFromCoords(d.coordsFromRank(rank)), rank);
    }
  });

  it('must exist', () => {
    assert.throws(() => d.coordsFromRank(24), { argument: 'rank' });
    assert.throws(() => d.rankFromCoords([0, 3, 0]), { argument: 'coords[1]' });
    assert.throws(() => d.rankFromCoords([0, 0]), { argument: 'coords' });
    assert.throws(() => d.rankFromCoords(3 as unknown as number[]), ArgumentTypeError);
  });
});

describe('global and local indices', () => {
  const maps = fc
    .array(anyMapOver(4), { minLength: 0, maxLength: 3 })
    .filter((list) => list.reduce((size, map) => size * map.size, 1) < 3000);

  it('give every element one owner and one place', () => {
    fc.assert(
      fc.property(maps, (list) => {
        const d = Distribution.fromMaps(list);
        const places = new Set<string>();
        for (const index of indicesOf(d.shape)) {
          const rank = d.owningRank(index);
          const local = d.localFromGlobal(index);
          assert.ok(d.owningRanks(index).includes(rank));
          if (d.hasPreciseIndex) assert.deepEqual(d.owningRanks(index), [rank]);
          assert.ok(local.every((i, axis) => i < d.localShape(rank)[axis]));
          assert.deepEqual(d.globalFromLocal(rank, local), index);
          places.add(`${rank}:${local}`);
        }
        const owned = d
          .localShapes()
          .reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
        assert.equal(places.size, d.size);
        assert.equal(owned, d.size);
      }),
      { numRuns: 60 },
    );
  });

  it('must exist', () => {
    const d = Distribution.fromShape([5, 6], { dist: 'cb', gridShape: [2, 2], size: 4 });
    assert.throws(() => d.owningRanks([5, 0]), { argument: 'index[0]' });
    assert.throws(() => d.owningRanks([-6, 0]), { argument: 'index[0]' });
    assert.throws(() => d.owningTargets([0, 0, 0]), { argument: 'index' });
    assert.throws(() => d.localFromGlobal([0]), { argument: 'globalIndex' });
    assert.throws(() => d.localFromGlobal([0, 6]), { argument: 'globalIndex[1]' });
    assert.throws(() => d.globalFromLocal(2, [2, 0]), { argument: 'localIndex[0]' });
    assert.throws(() => d.globalFromLocal(4, [0, 0]), { argument: 'rank' });
    assert.throws(() => d.dimData(4), { argument: 'rank' });
    assert.throws(() => d.targetOf(4), { argument: 'rank' });
  });
});

describe('compatibility', () => {
  const one = (dist: string) => Distribution.fromShape([10, 10], { dist });

  it('does not look at the letters of dimensions on one process, equality does', () => {
    assert.ok(one('bn').isCompatible(one('cc')));
    assert.ok(!one('bn').equals(one('cc')));
    assert.ok(one('bn').equals(one('bn')));
  });

  it('wants the same targets, shape and grid', () => {
    const d = Distribution.fromShape([10], { size: 2 });
    assert.ok(d.isCompatible(Distribution.fromMaps([BlockMap.fromBounds([0, 5, 10])])));
    assert.ok(d.isCompatible(Distribution.fromShape([10], { targets: [0, 1] })));
    assert.ok(!d.isCompatible(Distribution.fromShape([10], { targets: [0, 2] })));
    assert.ok(!d.isCompatible(Distribution.fromShape([10], { targets: [1, 2] })));
    assert.ok(!d.isCompatible(Distribution.fromShape([10], { size: 3 })));
    assert.ok(!d.isCompatible(Distribution.fromShape([9], { size: 2 })));
    assert.ok(!d.isCompatible(Distribution.fromShape([10, 10], { size: 2 })));
    assert.throws(() => d.isCompatible({} as Distribution), ArgumentTypeError);
  });
});

describe('a Distribution', () => {
  it('describes itself in two lines', () => {
    const d = Distribution.fromShape([10, 20], { dist: 'bc', size: 4 });
    const text = [
      'Distribution of shape [10, 20] on a [1, 4] grid of targets 0–3',
      '  block(10 over 1) × cyclic(20 over 4)',
    ].join('\n');
    assert.equal(d.toString(), text);
    assert.equal(inspect(d), text);
    assert.equal(
      Distribution.fromShape([]).toString(),
      'Distribution of shape [] on a [] grid of target 0',
    );
    const irregular = Distribution.fromShape([9], { targets: [1, 3, 4] });
    assert.match(irregular.toString(), /targets 1, 3, 4/);
  });

  it('cannot be changed', () => {
    const shape = [10, 20];
    const d = Distribution.fromShape(shape, { size: 4 });
    shape[0] = 11;
    assert.deepEqual(d.shape, [10, 20]);
    for (const part of [d, d.shape, d.dist, d.gridShape, d.maps]) assert.ok(Object.isFrozen(part));
  });
});

describe('reductions of distributions', () => {
  const d = Distribution.fromMaps(
    [
      BlockMap.fromBounds([0, 1, 5]),
      new CyclicMap(9, 2, { blockSize: 2 }),
      BlockMap.even(6, 3, { commPadding: 1 }),
    ],
    { targets: Array.from({ length: 12 }, (_, i) => 2 * i) },
  );

  it('keep the maps of the other dimensions, on the first process of each group', () => {
    const reduced = d.reduce(0);
    assert.deepEqual(reduced.maps, d.maps.slice(1));
    assert.deepEqual(reduced.targets, [0, 2, 4, 6, 8, 10]);
    assert.deepEqual(d.reduce([-1, 1]).targets, [0, 12]);
    assert.deepEqual(d.reduce([]).targets, d.targets);
    assert.deepEqual(d.reduce().shape, []);
    const kept = d.reduce([1], { keepdims: true });
    assert.deepEqual(
      kept.shape,
      d.shape.map((n, axis) => (axis === 1 ? 1 : n)),
    );
    assert.deepEqual(kept.targets, d.reduce([1]).targets);
    assert.equal(kept.targetsKey, d.reduce([1]).targetsKey);
    assert.notEqual(kept.targetsKey, d.targetsKey);
    assert.deepEqual(d.reduce(null).targets, [0]);
  });

  it('refuse axes that do not exist or come twice', () => {
    assert.throws(() => d.reduce(3), { argument: 'axes', name: 'ArgumentRangeError' });
    assert.throws(() => d.reduce([0, -4]), { argument: 'axes[1]' });
    assert.throws(() => d.reduce([0, -3]), { argument: 'axes', expected: 'every axis once' });
    assert.throws(() => d.reduce('0' as unknown as number), ArgumentTypeError);
  });
});

describe('a replicated distribution', () => {
  const d = Distribution.replicated([], { size: 4 });

  it('is known on every process', () => {
    assert.ok(d.isReplicated);
    assert.deepEqual(d.localShapes(), [[], [], [], []]);
    assert.deepEqual(d.owningRanks([]), [0, 1, 2, 3]);
    assert.equal(d.rankOfTarget(3), 3);
    assert.ok(!Distribution.fromShape([]).isReplicated);
    assert.ok(!d.isCompatible(Distribution.fromShape([], { targets: [0] })));
    assert.equal(`${d}`, 'Distribution of shape [], a copy on each of targets 0–3');
  });

  it('may have dimensions, and stays so when it is sliced', () => {
    const keepdims = Distribution.replicated([1, 3], { targets: [2, 5] });
    assert.deepEqual(keepdims.localShapes(), [
      [1, 3],
      [1, 3],
    ]);
    assert.deepEqual(keepdims.slice('0, 1:').localShapes(), [[2], [2]]);
    assert.deepEqual(keepdims.reduce().targets, [2, 5]);
    assert.deepEqual(keepdims.owningTargets('0, 0'), [2, 5]);
    assert.deepEqual(keepdims.coordsFromRank(1), [0, 0]);
  });
});

describe('a view with another number of elements', () => {
  it('scales the last dimension', () => {
    const d = Distribution.fromMaps([new UndistributedMap(3), new CyclicMap(9, 2)]);
    const view = d.view(18);
    assert.deepEqual(view.shape, [3, 18]);
    assert.equal(`${view.maps[1]}`, 'cyclic(18 over 2, blocks of 2)');
    assert.ok(view.view(9).equals(d));
    const lists = UnstructuredMap.fromIndices([[2, 0], [1]]);
    assert.deepEqual(
      [...Distribution.fromMaps([lists]).view(6).maps[0].globalIndices(0)],
      [4, 5, 0, 1],
    );
    const padded = Distribution.fromMaps([BlockMap.even(12, 3, { commPadding: 2 })]);
    assert.deepEqual(padded.view(24).maps[0].halo(1), [4, 4]);
    assert.deepEqual(d.slice(':, 1:').view(16).maps[1].localSize(1), 8);
  });

  it('refuses sizes that do not scale', () => {
    const argument = 'newDimSize';
    const cyclic = Distribution.fromShape([9], { dist: 'c', size: 2 });
    assert.throws(() => cyclic.view(12), { argument });
    assert.throws(() => cyclic.view(-1), { argument });
    assert.throws(() => cyclic.view(2.5), { argument });
    assert.throws(() => cyclic.slice('::2').view(10), { argument });
    assert.throws(() => Distribution.fromShape([]).view(3), { argument });
  });
});

describe('keys of distributions', () => {
  it('are the same only for equal ones', () => {
    const any = fc.tuple(fc.array(anyMapOver(3), { maxLength: 2 }), fc.boolean());
    fc.assert(
      fc.property(any, any, ([a, shiftA], [b, shiftB]) => {
        const make = (maps: DimensionMap[], shift: boolean) => {
          const count = maps.reduce((product, map) => product * map.gridSize, 1);
          const targets = Array.from({ length: count }, (_, i) => i + (shift ? 1 : 0));
          return Distribution.fromMaps(maps, { targets });
        };
        const [left, right] = [make(a, shiftA), make(b, shiftB)];
        assert.equal(left.key, make(a, shiftA).key);
        if (left.key === right.key) assert.ok(left.equals(right));
      }),
    );
    const d = Distribution.fromShape([10], { size: 2 });
    assert.notEqual(d.slice('1:').key, d.slice('1:').slice('::-1').key);
    assert.notEqual(Distribution.replicated().key, Distribution.fromShape([]).key);
  });
});
