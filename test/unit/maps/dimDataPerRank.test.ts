import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import type { RankDimData } from '../../../src/maps/dimDataPerRank.ts';
import { Distribution } from '../../../src/maps/distribution.ts';
import { anyMapOver, anyViewOver } from './mapArbitraries.ts';

const block = (rank: number, start: number, stop: number, more: Partial<RankDimData> = {}) => [
  {
    dist_type: 'b' as const,
    size: 10,
    proc_grid_size: 2,
    proc_grid_rank: rank,
    start,
    stop,
    ...more,
  },
];

describe('Distribution.fromDimDataPerRank', () => {
  it('takes the processes in any order', () => {
    const d = Distribution.fromDimDataPerRank([block(1, 6, 10), block(0, 0, 6)]);
    assert.deepEqual(d.localShapes(), [[6], [4]]);
    assert.deepEqual(d.targets, [0, 1]);
    const on = Distribution.fromDimDataPerRank([block(1, 6, 10), block(0, 0, 6)], {
      targets: [3, 7],
    });
    assert.deepEqual(on.targets, [3, 7]);
  });

  it('has a way back from every distribution', () => {
    const maps = fc
      .array(anyMapOver(4), { minLength: 1, maxLength: 3 })
      .filter((list) => list.reduce((processes, map) => processes * map.gridSize, 1) <= 32);
    const shuffled = maps.chain((list) => {
      const d = Distribution.fromMaps(list);
      const dicts = d.dimDataPerRank() as RankDimData[][];
      const order = fc.shuffledSubarray(dicts, { minLength: dicts.length });
      return fc.tuple(fc.constant(d), order);
    });
    fc.assert(
      fc.property(shuffled, ([d, dicts]) => {
        const again = Distribution.fromDimDataPerRank(dicts);
        assert.ok(again.equals(d), `${d}\n${again}`);
        assert.deepEqual(again.dimDataPerRank(), d.dimDataPerRank());
      }),
    );
  });

  it('gives the parts of views and of blocks padded edge by edge back', () => {
    const padded = fc
      .array(fc.tuple(fc.integer({ min: 3, max: 9 }), fc.nat({ max: 3 })), {
        minLength: 1,
        maxLength: 5,
      })
      .map((parts) => {
        const bounds = [0];
        for (const [extent] of parts) bounds.push(bounds[bounds.length - 1] + extent);
        const commPadding = parts.slice(1).map(([, width]) => width);
        return BlockMap.fromBounds(bounds, { commPadding });
      });
    const map = fc.oneof(padded, anyViewOver(5));
    fc.assert(
      fc.property(map, anyViewOver(4), (rows, columns) => {
        const d = Distribution.fromMaps([rows, columns]);
        const dicts = d.dimDataPerRank();
        const again = Distribution.fromDimDataPerRank(dicts as RankDimData[][]);
        assert.deepEqual(again.gridShape, d.gridShape);
        d.maps.forEach((before, axis) => {
          const after = again.maps[axis];
          for (let gridRank = 0; gridRank < before.gridSize; gridRank++) {
            assert.deepEqual(
              [...after.globalIndices(gridRank)],
              [...before.globalIndices(gridRank)],
            );
            assert.deepEqual(after.halo(gridRank), before.halo(gridRank));
          }
        });
        assert.deepEqual(again.dimDataPerRank(), dicts);
      }),
    );
  });

  it('fills in what the protocol calls optional', () => {
    const d = Distribution.fromDimDataPerRank([
      [{ dist_type: 'c', size: 5, proc_grid_size: 2, proc_grid_rank: 0, start: 0 }],
      [{ dist_type: 'c', size: 5, proc_grid_size: 2, proc_grid_rank: 1 }],
    ]);
    assert.deepEqual(d.localShapes(), [[3], [2]]);
    const even = Distribution.fromDimDataPerRank(
      [0, 1, 2].map((rank) => [
        { dist_type: 'b', size: 10, proc_grid_size: 3, proc_grid_rank: rank },
        { dist_type: 'n', size: 4 },
      ]),
    );
    assert.deepEqual(even.localShapes(), [
      [4, 4],
      [4, 4],
      [2, 4],
    ]);
  });

  it('takes empty parts wherever they say they start', () => {
    const part = (rank: number, start: number, stop: number): RankDimData[] => [
      { dist_type: 'b', size: 6, proc_grid_size: 4, proc_grid_rank: rank, start, stop },
    ];
    const d = Distribution.fromDimDataPerRank([
      part(0, 0, 3),
      part(1, 6, 6),
      part(2, 3, 6),
      part(3, 6, 6),
    ]);
    assert.deepEqual(d.localShapes(), [[3], [0], [3], [0]]);
  });

  it('gives every process a copy of a 0-d array', () => {
    const d = Distribution.fromDimDataPerRank([[], [], []]);
    assert.ok(d.isReplicated);
    assert.deepEqual(d.targets, [0, 1, 2]);
    assert.ok(!Distribution.fromDimDataPerRank([[]]).isReplicated);
  });

  it('refuses what is missing, there twice, or contradicts itself', () => {
    const name = 'dimDataPerRank';
    const bad: [unknown, string][] = [
      [7, name],
      [[], name],
      [[7], `${name}[0]`],
      [[[7]], `${name}[0][0]`],
      [[[{}]], `${name}[0][0].dist_type`],
      [[[{ dist_type: 'x', size: 3 }]], `${name}[0][0].dist_type`],
      [[[{ dist_type: 'b', size: -1 }]], `${name}[0][0].size`],
      [[[{ dist_type: 'b', size: 3 }]], `${name}[0][0].proc_grid_size`],
      [[block(2, 0, 10)], `${name}[0][0].proc_grid_rank`],
      [[block(0, 0, 6)], name],
      [[block(0, 0, 6), block(0, 0, 6)], `${name}[1]`],
      [[block(0, 0, 6), [...block(1, 6, 10), ...block(1, 6, 10)]], `${name}[1]`],
      [[block(0, 0, 6), block(1, 6, 10, { size: 11 })], `${name}[1][0].size`],
      [[block(0, 0, 6), block(1, 5, 10)], `${name}[1][0].start`],
      [[block(0, 0, 6), block(1, 6, 9)], `${name}[1][0].stop`],
      [[block(0, 0, 6), block(1, 6, 11)], `${name}[1][0].stop`],
      [[block(0, 0, 6), block(1, 7, 6)], `${name}[1][0].stop`],
      [[block(0, 0, 6, { padding: [0] as never }), block(1, 6, 10)], `${name}[0][0].padding`],
      [[block(0, 0, 6, { padding: 1 as never }), block(1, 6, 10)], `${name}[0][0].padding`],
      [[block(0, 0, 6, { padding: [-1, 0] }), block(1, 6, 10)], `${name}[0][0].padding[0]`],
      // The padding above of one is the padding below of the next.
      [[block(0, 0, 7, { padding: [0, 1] }), block(1, 6, 10)], `${name}[1][0].padding`],
      [[block(0, 0, 6, { periodic: true }), block(1, 6, 10)], `${name}[1][0].periodic`],
      [
        [
          [{ dist_type: 'c', size: 5, proc_grid_size: 2, proc_grid_rank: 0, start: 0 }],
          [{ dist_type: 'c', size: 5, proc_grid_size: 2, proc_grid_rank: 1, start: 0 }],
        ],
        `${name}[1][0].start`,
      ],
      [
        [[{ dist_type: 'u', size: 2, proc_grid_size: 1, proc_grid_rank: 0 }]],
        `${name}[0][0].indices`,
      ],
    ];
    for (const [dicts, argument] of bad) {
      const call = () => Distribution.fromDimDataPerRank(dicts as RankDimData[][]);
      assert.throws(call, (error) => {
        const { code, argument: named } = error as { code?: string; argument?: string };
        assert.match(String(code), /^ERR_ARGUMENT/, String(error));
        assert.equal(named, argument, String(error));
        return true;
      });
    }
  });

  it('refuses processes at one place that disagree', () => {
    const dims = (first: [number, number], rank: number): RankDimData[] => [
      {
        dist_type: 'b',
        size: 10,
        proc_grid_size: 1,
        proc_grid_rank: 0,
        start: first[0],
        stop: first[1],
      },
      { dist_type: 'c', size: 4, proc_grid_size: 2, proc_grid_rank: rank, start: rank },
    ];
    assert.ok(Distribution.fromDimDataPerRank([dims([0, 10], 0), dims([0, 10], 1)]));
    assert.throws(() => Distribution.fromDimDataPerRank([dims([0, 10], 0), dims([0, 9], 1)]), {
      argument: 'dimDataPerRank[1][0].stop',
    });
  });

  describe('where processes at one place differ in padding', () => {
    const part = (rank: number, start: number, stop: number, padding?: [number, number]) => ({
      dist_type: 'b' as const,
      size: 4,
      proc_grid_size: 2,
      proc_grid_rank: rank,
      start,
      stop,
      ...(padding && { padding }),
    });
    const grid = (...[a, b, c, d]: [number, number][]): RankDimData[][] => [
      [part(0, 0, 3, a), part(0, 0, 2)],
      [part(0, 0, 3, b), part(1, 2, 4)],
      [part(1, 1, 4, c), part(0, 0, 2)],
      [part(1, 1, 4, d), part(1, 2, 4)],
    ];

    it('takes the boundary padding of the lowest rank, in whichever order they come', () => {
      const dicts = grid([1, 1], [0, 1], [1, 0], [1, 1]);
      for (const given of [dicts, dicts.toReversed()]) {
        const d = Distribution.fromDimDataPerRank(given);
        assert.deepEqual(
          d.dimDataPerRank().map(([dimData]) => 'padding' in dimData && dimData.padding),
          [
            [1, 1],
            [1, 1],
            [1, 0],
            [1, 0],
          ],
        );
      }
    });

    it('takes none for [0, 0]', () => {
      const dicts = [
        [part(0, 0, 2, [0, 0]), part(0, 0, 2)],
        [part(0, 0, 2), part(1, 2, 4)],
        [part(1, 2, 4), part(0, 0, 2)],
        [part(1, 2, 4, [0, 0]), part(1, 2, 4)],
      ];
      assert.deepEqual(Distribution.fromDimDataPerRank(dicts).shape, [4, 4]);
    });

    it('refuses different communication padding, and what is wrong with any of them', () => {
      const argument = (dicts: RankDimData[][], named: string) =>
        assert.throws(() => Distribution.fromDimDataPerRank(dicts), { argument: named });
      argument(grid([0, 1], [0, 0], [1, 0], [1, 0]), 'dimDataPerRank[1][0].padding');
      argument(grid([0, 1], [-1, 1], [1, 0], [1, 0]), 'dimDataPerRank[1][0].padding[0]');
      argument(grid([0, 1], [3, 1], [1, 0], [1, 0]), 'dimDataPerRank[1][0].padding[1]');
    });
  });
});
