import { strict as assert } from 'node:assert';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import {
  type DimDict,
  exportDistArray,
  importDistArray,
  type PlainDimDict,
} from '../../../src/entry/protocol.ts';
import { checkPiecesTogether } from '../../../src/local/checkPiecesTogether.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

/** This rank's dictionaries of a distribution, by way of a structure. */
function dimDataOf(d: Distribution): readonly PlainDimDict[] {
  const shape = d.localShape(rank);
  const data = new Int16Array(shape.reduce((product, extent) => product * extent, 1));
  const dimData = d.dimData(rank);
  return importDistArray(exportDistArray({ data, shape, dtype: 'int16', dimData })).dimData;
}

function unstructured(indices: number[], globalSize: number, oneToOne = true): PlainDimDict {
  return {
    dist_type: 'u',
    size: globalSize,
    proc_grid_size: size,
    proc_grid_rank: rank,
    indices: BigInt64Array.from(indices, BigInt),
    one_to_one: oneToOne,
  };
}

/** Indices rank, rank + size, …, below n, in descending order. */
function turns(n: number): number[] {
  return Array.from({ length: n }, (_, k) => n - 1 - k).filter((k) => k % size === rank);
}

/** Every rank must get the same error. */
function assertSameError(action: () => unknown, pattern: RegExp): void {
  let message = 'nothing was thrown';
  assert.throws(action, (error: Error) => {
    message = error.message;
    return error.name === 'ArgumentRangeError';
  });
  assert.match(message, pattern);
  assert.deepEqual(new Set(world.allgatherObjects(message)).size, 1);
}

describe('checkPiecesTogether', () => {
  for (const dist of ['bn', 'cb', 'bb', 'nc']) {
    it(`returns what each rank has (${dist})`, () => {
      const d = Distribution.fromShape([9, 2 * size], { dist, gridShape: undefined, size });
      if (d.numProcesses < size) return;
      const perRank = checkPiecesTogether(world, dimDataOf(d));
      assert.equal(perRank.length, size);
      assert.deepEqual(perRank[rank], dimDataOf(d));
    });
  }

  it('takes one-to-one indices without gathering them', () => {
    const perRank = checkPiecesTogether(world, [unstructured(turns(23), 23)]);
    assert.equal(
      perRank.reduce((sum, [summary]) => sum + (summary as { count: number }).count, 0),
      23,
    );
    assert.ok(!('indices' in perRank[rank][0]));
  });

  it('takes indices with several owners where that is allowed', () => {
    checkPiecesTogether(world, [unstructured([5, -5, rank], 7, false)]);
  });

  it('looks at one line of the grid: the others have the same indices', () => {
    const grid = Distribution.fromShape([2, 2 * size], { dist: 'nb', size });
    const [, block] = dimDataOf(grid);
    const same = { ...unstructured([3, 1, 2, 0], 4), proc_grid_size: 1, proc_grid_rank: 0 };
    checkPiecesTogether(world, [same as PlainDimDict, block]);
  });

  it('finds an index with two owners, on every rank', () => {
    if (size === 1) return; // nobody to share with
    const indices = turns(4 * size);
    // The last rank has the first rank's index 0 in place of its own first one.
    if (rank === size - 1) indices[0] = 0;
    assertSameError(
      () => checkPiecesTogether(world, [unstructured(indices, 4 * size)]),
      new RegExp(`index 0 of dimension 0 belongs to ranks 0 and ${size - 1} although`),
    );
  });

  it('finds parts that leave a gap, on every rank', () => {
    const [block] = dimDataOf(Distribution.fromShape([4 * size], { size }));
    const dict = block as DimDict & { stop: number };
    const changed = rank === 0 ? { ...dict, stop: dict.stop - 1 } : dict;
    assertSameError(
      () => checkPiecesTogether(world, [changed as PlainDimDict]),
      size === 1
        ? /from 0 to 3, but its size is 4/
        : /one owns indices below 3, the other from 4 on/,
    );
  });

  it('finds a grid of another size, on every rank', () => {
    const d = Distribution.fromShape([4 * size + 4], { size: size + 1 });
    assertSameError(
      () => checkPiecesTogether(world, dimDataOf(d)),
      new RegExp(`makes ${size + 1} places for ${size} processes`),
    );
  });
});
