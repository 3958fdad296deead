import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Distribution } from '../../../src/entry/maps.ts';
import {
  checkPieces,
  type DimDict,
  type EmptyDimDict,
  exportDistArray,
  type PieceProblem,
  type UndistributedDimDict,
} from '../../../src/entry/protocol.ts';
import { anyViewOver } from '../maps/mapArbitraries.ts';

type DimData = readonly (DimDict | EmptyDimDict | UndistributedDimDict)[];

/** A row of blocks [start, stop, padding] over 0 … size. */
function blocks(size: number, ...parts: [number, number, [number, number]?][]): DimData[] {
  return parts.map(([start, stop, padding], rank) => [
    {
      dist_type: 'b',
      size,
      proc_grid_size: parts.length,
      proc_grid_rank: rank,
      start,
      stop,
      ...(padding && { padding }),
    },
  ]);
}

function lists(size: number, one_to_one: boolean, ...parts: number[][]): DimData[] {
  return parts.map((indices, rank) => [
    {
      dist_type: 'u',
      size,
      proc_grid_size: parts.length,
      proc_grid_rank: rank,
      indices: Int32Array.from(indices),
      one_to_one,
    },
  ]);
}

/** The parts as structures export them; blocks have room for their padding. */
function piecesOf(d: Distribution): DimData[] {
  return d.dimDataPerRank().map((dimData, rank) => {
    const owned = d.localShape(rank);
    const shape = dimData.map((dict, axis) =>
      dict.dist_type === 'b' ? dict.stop - dict.start : owned[axis],
    );
    const data = new Uint8Array(shape.reduce((product, extent) => product * extent, 1));
    return exportDistArray({ data, shape, dtype: 'uint8', dimData }).dim_data;
  });
}

/** The pieces with some keys of one dictionary changed. */
function changed(
  pieces: readonly DimData[],
  rank: number,
  axis: number,
  change: object,
): DimData[] {
  return pieces.map((dimData, r) =>
    dimData.map((dict, a) =>
      r === rank && a === axis ? ({ ...dict, ...change } as DimDict) : dict,
    ),
  );
}

function assertProblems(
  pieces: readonly DimData[],
  ...expected: [PieceProblem['kind'], number | null, number, string][]
): void {
  assert.deepEqual(
    checkPieces(pieces),
    expected.map(([kind, axis, rank, message]) => ({ kind, axis, rank, message })),
  );
}

describe('checkPieces', () => {
  it('finds nothing wrong with the parts of any distribution, nor of any view of one', () => {
    fc.assert(
      fc.property(anyViewOver(5), anyViewOver(3), (rows, columns) => {
        assertProblems(piecesOf(Distribution.fromMaps([rows, columns])));
      }),
    );
  });

  it('finds nothing wrong with the dictionaries that distributions give, unchanged', () => {
    fc.assert(
      fc.property(anyViewOver(5), anyViewOver(3), (rows, columns) => {
        assertProblems(Distribution.fromMaps([rows, columns]).dimDataPerRank());
      }),
    );
    assertProblems(Distribution.fromShape([10, 3], { dist: 'bn', size: 2 }).dimDataPerRank());
  });

  it('takes an empty dictionary on some processes for the block that others write', () => {
    const [[first], [second]] = blocks(4, [0, 2], [2, 4]);
    const [[whole]] = blocks(4, [0, 4]);
    assertProblems([
      [first, {}],
      [second, whole],
    ]);
    assertProblems([
      [first, whole],
      [second, {}],
    ]);
    assertProblems([
      [first, {}],
      [second, {}],
    ]);
    assertProblems(
      [[{}], [second]],
      ['proc_grid_size', 0, 1, 'proc_grid_size of dimension 0 is 2 on rank 1, but 1 on rank 0'],
    );
  });

  it('takes any number of copies of a 0-d array', () => {
    for (const pieces of [[[]], [[], []], [[], [], []]]) assertProblems(pieces);
  });

  it('says what is wrong with a dimension that is not distributed', () => {
    const wrong = { dist_type: 'n', size: -1 } as const;
    assertProblems(
      [[wrong]],
      ['invalid', null, 0, 'rank 0: size for dimension 0 has negative value -1.'],
    );
  });

  it('finds nothing wrong with padded blocks of any widths', () => {
    const widths = fc.record({
      sizes: fc.array(fc.integer({ min: 6, max: 9 }), { minLength: 1, maxLength: 5 }),
      comm: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }),
      boundary: fc.tuple(fc.nat(3), fc.nat(3)),
      periodic: fc.boolean(),
    });
    fc.assert(
      fc.property(widths, ({ sizes, comm, boundary, periodic }) => {
        const bounds = [0];
        for (const extent of sizes) bounds.push(bounds[bounds.length - 1] + extent);
        const d = Distribution.fromGlobalDimData([
          {
            dist_type: 'b',
            bounds,
            comm_padding: comm.slice(0, sizes.length - 1),
            boundary_padding: boundary,
            periodic,
          },
        ]);
        assertProblems(piecesOf(d));
      }),
    );
  });

  it('takes the padded blocks of the protocol', () => {
    assertProblems(blocks(18, [0, 10, [1, 1]], [8, 18, [1, 1]]));
    // The protocol's table of widths: (4, 1) (1, 2) (2, 3) (3, 0).
    assertProblems(
      blocks(40, [0, 11, [4, 1]], [9, 22, [1, 2]], [18, 33, [2, 3]], [27, 40, [3, 0]]),
    );
    assertProblems(blocks(10, [0, 10, [2, 2]]));
  });

  it('takes irregular and empty blocks, undistributed dimensions and unstructured ones', () => {
    assertProblems(blocks(9, [0, 1], [1, 1], [1, 8], [8, 9]));
    assertProblems(blocks(9, [0, 3], [9, 9], [3, 9], [9, 9]));
    assertProblems(blocks(0, [0, 0], [0, 0]));
    assertProblems(blocks(4, [0, 1], [1, 4]).map((dimData) => [{}, ...dimData, {}]));
    assertProblems(lists(9, false, [3, -7], [3, 100]));
    assertProblems(lists(5, true, [4, 0], [], [1, 3, 2]));
    assertProblems([]);
    assertProblems([[]]);
  });

  it('says which rank has an invalid part', () => {
    assertProblems(changed(blocks(9, [0, 4], [4, 9]), 1, 0, { stop: 10 }), [
      'invalid',
      null,
      1,
      'rank 1: stop (10) for dimension 0 is greater than size (9).',
    ]);
  });

  it('wants the same number and kind of dimensions on all', () => {
    const pieces = piecesOf(Distribution.fromShape([4, 6], { dist: 'bc', size: 4 }));
    assertProblems(
      [pieces[0], pieces[1], pieces[2].slice(1), pieces[3]],
      ['ndim', null, 2, 'rank 2 has 1 dimensions, rank 0 has 2'],
    );
    assertProblems(changed(pieces, 3, 1, { size: 7 }), [
      'size',
      1,
      3,
      'size of dimension 1 is 7 on rank 3, but 6 on rank 0',
    ]);
    assertProblems(changed(pieces, 2, 0, { dist_type: 'c', start: 1 }), [
      'dist_type',
      0,
      2,
      'dist_type of dimension 0 is c on rank 2, but b on rank 0',
    ]);
    assertProblems(changed(pieces, 2, 0, { periodic: true }), [
      'inconsistent',
      0,
      2,
      'periodic of dimension 0 is true on rank 2, but false on rank 0',
    ]);
    assertProblems(changed(pieces, 1, 1, { block_size: 2, start: 2 }), [
      'inconsistent',
      1,
      1,
      'block_size of dimension 1 is 2 on rank 1, but 1 on rank 0',
    ]);
  });

  it('wants a grid with one place a process, all taken, in C order', () => {
    const pieces = piecesOf(
      Distribution.fromShape([4, 6], { dist: 'bb', gridShape: [2, 2], size: 4 }),
    );
    assertProblems(pieces.slice(0, 3), [
      'proc_grid_size',
      null,
      0,
      'proc_grid_size [2, 2] makes 4 places for 3 processes',
    ]);
    assertProblems(
      [pieces[0], pieces[1], pieces[2], pieces[2]],
      ['proc_grid_rank', null, 3, 'proc_grid_rank [1, 0] is that of rank 2 and of rank 3'],
    );
    assertProblems(
      [pieces[0], pieces[2], pieces[1], pieces[3]],
      [
        'proc_grid_rank',
        null,
        1,
        'proc_grid_rank [1, 0] of rank 1 is the place of rank 2 in C order',
      ],
      [
        'proc_grid_rank',
        null,
        2,
        'proc_grid_rank [0, 1] of rank 2 is the place of rank 1 in C order',
      ],
    );
  });

  it('wants one dictionary for one coordinate', () => {
    const pieces = piecesOf(
      Distribution.fromShape([4, 6], { dist: 'bb', gridShape: [2, 2], size: 4 }),
    );
    assertProblems(changed(pieces, 3, 0, { start: 3 }), [
      'inconsistent',
      0,
      3,
      'dimension 0 of rank 3 differs from that of rank 2, with the same proc_grid_rank 1',
    ]);
  });

  it('wants neighbouring blocks to meet', () => {
    assertProblems(blocks(9, [0, 4], [5, 9]), [
      'start_stop',
      0,
      0,
      'ranks 0 and 1 in dimension 0: one owns indices below 4, the other from 5 on',
    ]);
    assertProblems(blocks(9, [0, 4], [3, 9]), [
      'start_stop',
      0,
      0,
      'ranks 0 and 1 in dimension 0: one owns indices below 4, the other from 3 on',
    ]);
    // start and stop as DistArray 0.5 writes them, without the padding.
    assertProblems(blocks(18, [0, 9, [1, 1]], [9, 18, [1, 1]]), [
      'start_stop',
      0,
      0,
      'ranks 0 and 1 in dimension 0: one owns indices below 8, the other from 10 on',
    ]);
    assertProblems(blocks(9, [0, 4], [4, 8]), [
      'size',
      0,
      1,
      'the processes own 8 indices of dimension 0, from 0 to 8, but its size is 9',
    ]);
  });

  it('wants communication padding of one width, no wider than what the neighbour owns', () => {
    assertProblems(blocks(18, [0, 10, [0, 1]], [8, 18, [2, 0]]), [
      'padding',
      0,
      0,
      'ranks 0 and 1 in dimension 0 have communication padding 1 and 2',
    ]);
    assertProblems(blocks(10, [0, 10, [0, 2]], [6, 10, [2, 1]], [8, 10, [1, 0]]), [
      'padding',
      0,
      0,
      'communication padding 2 of ranks 0 and 1 in dimension 0 is wider than the 1 indices that rank 1 owns',
    ]);
  });

  it('wants unstructured dimensions to be one-to-one where they say so', () => {
    assertProblems(
      lists(5, true, [4, 0], [2], [1, 3, 2]),
      ['size', 0, 0, 'the processes have 6 indices of dimension 0, but its size is 5'],
      [
        'one_to_one',
        0,
        1,
        'index 2 of dimension 0 belongs to ranks 1 and 2 although one_to_one is set',
      ],
    );
  });

  it('finds any change of a bound, a width or an index', () => {
    const bounds = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(bounds, fc.nat(), fc.constantFrom(-1, 1), (inner, which, by) => {
        const all = [0, ...inner.sort((a, b) => a - b), 31];
        const pieces = blocks(
          31,
          ...all.slice(1).map((stop, k): [number, number] => [all[k], stop]),
        );
        assertProblems(pieces);
        const rank = which % (pieces.length - 1);
        const { stop } = pieces[rank][0] as { stop: number };
        assert.notDeepEqual(checkPieces(changed(pieces, rank, 0, { stop: stop + by })), []);
      }),
    );
  });
});
