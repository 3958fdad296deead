import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BlockMap } from '../../../src/maps/blockMap.ts';
import type { BlockPaddingOptions } from '../../../src/maps/blockPadding.ts';
import { Distribution } from '../../../src/maps/distribution.ts';

const perRank = <T>(map: BlockMap, ask: (gridRank: number) => T): T[] =>
  Array.from({ length: map.gridSize }, (_, gridRank) => ask(gridRank));

const ranges = (map: BlockMap) =>
  perRank(map, (rank) => [map.paddedStart(rank), map.paddedStop(rank)]);

describe('communication padding', () => {
  it('makes room for indices of the neighbours, which they own', () => {
    const map = BlockMap.even(12, 3, { commPadding: 2 });
    assert.deepEqual(
      perRank(map, (rank) => [map.start(rank), map.stop(rank)]),
      [
        [0, 4],
        [4, 8],
        [8, 12],
      ],
    );
    assert.deepEqual(ranges(map), [
      [0, 6],
      [2, 10],
      [6, 12],
    ]);
    assert.deepEqual(
      perRank(map, (rank) => map.halo(rank)),
      [
        [0, 2],
        [2, 2],
        [2, 0],
      ],
    );
    assert.equal(map.localSize(1), 4);
    assert.equal(map.owner(4), 1);
    assert.deepEqual([...map.globalIndices(1)], [4, 5, 6, 7]);
  });

  it('is part of start and stop in the protocol', () => {
    const map = BlockMap.fromBounds([0, 9, 18], { commPadding: 1 });
    const common = { dist_type: 'b', size: 18, proc_grid_size: 2 };
    assert.deepEqual(map.dimData(0), {
      ...common,
      proc_grid_rank: 0,
      start: 0,
      stop: 10,
      padding: [0, 1],
    });
    assert.deepEqual(map.dimData(1), {
      ...common,
      proc_grid_rank: 1,
      start: 8,
      stop: 18,
      padding: [1, 0],
    });
  });

  it('may differ from edge to edge, with boundary padding at the ends: the protocol’s example', () => {
    const map = BlockMap.even(40, 4, { commPadding: [1, 2, 3], boundaryPadding: [4, 0] });
    assert.deepEqual(
      perRank(map, (rank) => map.padding(rank)),
      [
        [4, 1],
        [1, 2],
        [2, 3],
        [3, 0],
      ],
    );
    assert.deepEqual(
      perRank(map, (rank) => map.dimData(rank).padding),
      perRank(map, (rank) => map.padding(rank)),
    );
  });

  it('of empty parts is none, and none is towards them', () => {
    const map = BlockMap.even(5, 5, { commPadding: 1 });
    assert.deepEqual(map.halo(4), [1, 0]);
    const short = BlockMap.even(6, 5, { commPadding: 1 });
    assert.deepEqual(
      perRank(short, (rank) => short.localSize(rank)),
      [2, 2, 2, 0, 0],
    );
    assert.deepEqual(
      perRank(short, (rank) => short.halo(rank)),
      [
        [0, 1],
        [1, 1],
        [1, 0],
        [0, 0],
        [0, 0],
      ],
    );
    assert.deepEqual(short.dimData(4), {
      dist_type: 'b',
      size: 6,
      proc_grid_size: 5,
      proc_grid_rank: 4,
      start: 6,
      stop: 6,
      padding: [0, 0],
    });
  });
});

describe('equal padding', () => {
  it('is that with the same halos, whatever is said of edges next to empty parts', () => {
    const pairs = [
      [
        BlockMap.even(15, 6, { commPadding: [0, 1, 1, 2, 9] }),
        BlockMap.even(15, 6, { commPadding: [0, 1, 1, 2, 0] }),
      ],
      [BlockMap.even(1, 6, { commPadding: 2 }), BlockMap.even(1, 6)],
      [BlockMap.even(0, 2, { commPadding: 3 }), BlockMap.even(0, 2)],
      [
        BlockMap.fromBounds([0, 0, 5, 9, 9], { commPadding: [7, 1, 7] }),
        BlockMap.fromBounds([0, 0, 5, 9, 9], { commPadding: 1 }),
      ],
    ];
    for (const [a, b] of pairs) {
      assert.deepEqual(
        perRank(a, (rank) => a.halo(rank)),
        perRank(b, (rank) => b.halo(rank)),
      );
      assert.ok(a.equals(b) && b.equals(a), `${a}`);
      assert.equal(a.key, b.key);
    }
  });
});

describe('boundary padding', () => {
  it('is owned, and counts', () => {
    const map = BlockMap.even(12, 3, { boundaryPadding: [1, 2] });
    assert.deepEqual(
      perRank(map, (rank) => map.localSize(rank)),
      [4, 4, 4],
    );
    assert.deepEqual(
      perRank(map, (rank) => map.boundary(rank)),
      [
        [1, 0],
        [0, 0],
        [0, 2],
      ],
    );
    assert.deepEqual(map.dimData(2).padding, [0, 2]);
    assert.equal(map.dimData(2).start, 8);
  });

  it('takes one width for both ends', () => {
    const map = BlockMap.even(12, 3, { boundaryPadding: 1, commPadding: 2 });
    assert.deepEqual(
      perRank(map, (rank) => map.padding(rank)),
      [
        [1, 2],
        [2, 2],
        [2, 1],
      ],
    );
  });
});

describe('periodic dimensions', () => {
  it('have padding beyond both ends, counted on: −1 is the last index, size the first', () => {
    const map = BlockMap.even(12, 3, { commPadding: 1, periodic: true });
    assert.deepEqual(ranges(map), [
      [-1, 5],
      [3, 9],
      [7, 13],
    ]);
    assert.ok(map.periodic);
  });

  it('have it on one process as well', () => {
    const map = BlockMap.even(6, 1, { commPadding: 2, periodic: true });
    assert.deepEqual(ranges(map), [[-2, 8]]);
  });

  it('show the protocol only what has an index', () => {
    const map = BlockMap.even(12, 3, { commPadding: 1, periodic: true });
    assert.deepEqual(
      perRank(map, (rank) => {
        const { start, stop, padding, periodic } = map.dimData(rank);
        return { start, stop, padding, periodic };
      }),
      [
        { start: 0, stop: 5, padding: [0, 1], periodic: true },
        { start: 3, stop: 9, padding: [1, 1], periodic: true },
        { start: 7, stop: 12, padding: [1, 0], periodic: true },
      ],
    );
  });

  it('may keep the copies in boundary cells, as the protocol does', () => {
    const map = BlockMap.even(10, 1, { boundaryPadding: 2, periodic: true });
    assert.deepEqual(ranges(map), [[0, 10]]);
    assert.deepEqual(map.dimData(0), {
      dist_type: 'b',
      size: 10,
      proc_grid_size: 1,
      proc_grid_rank: 0,
      start: 0,
      stop: 10,
      padding: [2, 2],
      periodic: true,
    });
  });
});

describe('padding that cannot be', () => {
  it('is wider than the neighbour holds', () => {
    assert.throws(() => BlockMap.even(12, 3, { commPadding: 5 }), {
      argument: 'options.commPadding',
      message:
        'Expected padding of grid rank 0 no wider than the 4 indices that its neighbour, grid ' +
        'rank 1, holds for options.commPadding, but received 5',
    });
    // 10 over 4 is 3, 3, 3, 1: the last part holds less than its neighbour wants.
    assert.throws(() => BlockMap.even(10, 4, { commPadding: 2 }), /grid rank 3, holds/);
    assert.throws(() => BlockMap.fromBounds([0, 5, 5, 10], { commPadding: 1 }), /0 indices/);
    const around = { commPadding: 2, periodic: true };
    assert.throws(() => BlockMap.fromBounds([0, 3, 6, 7], around), /grid rank 2, holds/);
    assert.throws(() => BlockMap.even(5, 4, { commPadding: 1, periodic: true }), /0 indices/);
    assert.ok(BlockMap.fromBounds([0, 5, 6, 10], { commPadding: [1, 1] }));
  });

  it('is a boundary wider than the part', () => {
    const argument = 'options.boundaryPadding';
    assert.throws(() => BlockMap.even(12, 3, { boundaryPadding: 5 }), { argument });
    assert.throws(() => BlockMap.even(5, 4, { boundaryPadding: [0, 1] }), { argument });
    assert.throws(() => BlockMap.even(5, 1, { boundaryPadding: 3 }), { argument });
  });

  it('is no width', () => {
    const bad: [unknown, string, string][] = [
      [{ commPadding: -1 }, 'options.commPadding', 'ArgumentRangeError'],
      [{ commPadding: 0.5 }, 'options.commPadding', 'ArgumentRangeError'],
      [{ commPadding: '1' }, 'options.commPadding', 'ArgumentTypeError'],
      [{ commPadding: [1, 1, 1, 1] }, 'options.commPadding', 'ArgumentRangeError'],
      [{ commPadding: [1, -1] }, 'options.commPadding[1]', 'ArgumentRangeError'],
      [{ boundaryPadding: [1] }, 'options.boundaryPadding', 'ArgumentRangeError'],
      [{ boundaryPadding: [1, '1'] }, 'options.boundaryPadding[1]', 'ArgumentTypeError'],
      [{ boundaryPadding: true }, 'options.boundaryPadding', 'ArgumentTypeError'],
      [{ periodic: 1 }, 'options.periodic', 'ArgumentTypeError'],
    ];
    for (const [options, argument, name] of bad) {
      const call = () => BlockMap.even(12, 3, options as BlockPaddingOptions);
      assert.throws(call, { argument, name }, JSON.stringify(options));
    }
  });
});

describe('padding of distributions', () => {
  it('holds for all block dimensions, or is given one a dimension', () => {
    const options = { dist: 'bcb', gridShape: [2, 2, 2], size: 8, commPadding: 1 } as const;
    const d = Distribution.fromShape([8, 9, 6], options);
    assert.deepEqual(
      d.maps.map((map) => map.halo(0)),
      [
        [0, 1],
        [0, 0],
        [0, 1],
      ],
    );
    const each = Distribution.fromShape([8, 9, 6], {
      ...options,
      commPadding: [1, 0, 2],
      periodic: [true, false, false],
      blockSize: 3,
    });
    assert.deepEqual(
      each.maps.map((map) => map.halo(0)),
      [
        [1, 1],
        [0, 0],
        [0, 2],
      ],
    );
    assert.equal(`${each.maps[1]}`, 'cyclic(9 over 2, blocks of 3)');
    assert.equal(`${each.maps[0]}`, 'block(8 over 2, padding 1, periodic)');
  });

  it('is refused where there is none', () => {
    const options = { dist: 'bc', gridShape: [2, 2], size: 4 } as const;
    const bad: [object, string][] = [
      [{ commPadding: [1, 1] }, 'options.commPadding'],
      [{ commPadding: [1] }, 'options.commPadding'],
      [{ boundaryPadding: [1, 1] }, 'options.boundaryPadding'],
      [{ periodic: [false, true] }, 'options.periodic'],
      [{ blockSize: [2, 2] }, 'options.blockSize'],
      [{ blockSize: 0 }, 'options.blockSize'],
    ];
    for (const [given, argument] of bad) {
      const call = () => Distribution.fromShape([8, 8], { ...options, ...given });
      assert.throws(call, { argument }, JSON.stringify(given));
    }
  });

  it('comes from global dimension dictionaries', () => {
    const d = Distribution.fromGlobalDimData([
      {
        dist_type: 'b',
        bounds: [0, 4, 8, 12],
        comm_padding: 2,
        boundary_padding: 1,
        periodic: false,
      },
    ]);
    assert.deepEqual(
      d.dimDataPerRank().map(([dimData]) => 'padding' in dimData && dimData.padding),
      [
        [1, 2],
        [2, 2],
        [2, 1],
      ],
    );
    assert.throws(
      () =>
        Distribution.fromGlobalDimData([{ dist_type: 'b', bounds: [0, 4, 8], comm_padding: 5 }]),
      /grid rank 1, holds/,
    );
  });

  it('survives the way through the dictionaries of all processes', () => {
    const padded = fc
      .tuple(
        fc.array(fc.integer({ min: 3, max: 9 }), { minLength: 1, maxLength: 6 }),
        fc.array(fc.nat({ max: 3 }), { minLength: 6, maxLength: 6 }),
        fc.tuple(fc.nat({ max: 1 }), fc.nat({ max: 1 })),
      )
      .map(([sizes, widths, boundaryPadding]) => {
        const bounds = [0];
        for (const size of sizes) bounds.push(bounds[bounds.length - 1] + size);
        const commPadding = widths.slice(0, sizes.length - 1);
        return BlockMap.fromBounds(bounds, { commPadding, boundaryPadding });
      });
    fc.assert(
      fc.property(padded, (map) => {
        const d = Distribution.fromMaps([map]);
        const dicts = d.dimDataPerRank();
        const again = Distribution.fromDimDataPerRank(dicts.toReversed());
        assert.deepEqual(again.dimDataPerRank(), dicts);
        if (map.gridSize > 1) assert.ok(again.equals(d));
        // What the protocol says of these numbers: owned indices sum to the size.
        let owned = 0;
        dicts.forEach(([dimData], gridRank) => {
          if (dimData.dist_type !== 'b') return;
          const [lower, upper] = dimData.padding;
          owned += dimData.stop - dimData.start;
          if (gridRank > 0) owned -= lower;
          if (gridRank < map.gridSize - 1) owned -= upper;
          assert.ok(dimData.start >= 0 && dimData.stop <= map.size);
        });
        assert.equal(owned, map.size);
      }),
    );
  });

  it('costs even maps no list', () => {
    const map = BlockMap.even(2 ** 40, 2 ** 20, { commPadding: 3, boundaryPadding: 1 });
    assert.ok(map.key.length < 50);
    assert.deepEqual(map.halo(2 ** 19), [3, 3]);
  });
});
