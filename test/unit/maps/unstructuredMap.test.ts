import { strict as assert } from 'node:assert';
import { Distribution } from '../../../src/maps/distribution.ts';
import type { IndexSequence } from '../../../src/maps/indexList.ts';
import { intersection } from '../../../src/maps/intersection.ts';
import { sliceMap } from '../../../src/maps/sliceMap.ts';
import { UnknownIndicesError } from '../../../src/maps/unknownIndicesError.ts';
import { type OneRankIndices, UnstructuredMap } from '../../../src/maps/unstructuredMap.ts';

describe('UnstructuredMap', () => {
  it('keeps the order of the lists', () => {
    const map = UnstructuredMap.fromIndices([[3, 0, 7], [], [1, 2, 4, 5, 6]]);
    assert.equal(map.size, 8);
    assert.deepEqual([...map.globalIndices(0)], [3, 0, 7]);
    assert.equal(map.localFromGlobal(7), 2);
    assert.equal(map.globalFromLocal(0, 1), 0);
    assert.equal(map.owner(4), 2);
    assert.equal(map.localSize(1), 0);
    assert.ok(map.owns(0, 7) && !map.owns(2, 7));
    assert.equal(`${map}`, 'unstructured(8 over 3)');
  });

  it('takes typed arrays and 64-bit integers, and copies them', () => {
    const mine = Int32Array.of(2, 0);
    const map = UnstructuredMap.fromIndices([mine, BigInt64Array.of(1n, 3n)]);
    mine[0] = 5;
    assert.deepEqual([...map.globalIndices(0)], [2, 0]);
    assert.deepEqual([...map.globalIndices(1)], [1, 3]);
    const far = UnstructuredMap.fromIndices([[2 ** 40, -7]]);
    assert.equal(far.localFromGlobal(2 ** 40), 0);
    assert.equal(far.localFromGlobal(-7), 1);
  });

  it('lets processes share indices, unless it is one to one', () => {
    const map = UnstructuredMap.fromIndices([
      [0, 1, 2],
      [2, 3],
    ]);
    assert.equal(map.size, 5);
    assert.equal(map.owner(2), 0);
    assert.deepEqual(map.owners(2), [0, 1]);
    assert.equal(map.localFromGlobal(2), 2);
    assert.equal(map.localFromGlobal(2, 1), 0);
    const sized = UnstructuredMap.fromIndices(
      [
        [0, 1, 2],
        [2, 3],
      ],
      { size: 4 },
    );
    assert.equal(sized.size, 4);
    assert.throws(
      () =>
        UnstructuredMap.fromIndices(
          [
            [0, 1, 2],
            [2, 3],
          ],
          { oneToOne: true },
        ),
      {
        name: 'ArgumentRangeError',
        argument: 'indices',
        message:
          'Expected indices of one process each (the map is one to one) for indices, but received ' +
          '"2 on grid ranks 0, 1"',
      },
    );
  });

  it('names every grid rank as a possible owner, as DistArray does', () => {
    const map = UnstructuredMap.fromIndices([[0, 1], [2]]);
    assert.deepEqual(map.owners(2), [0, 1]);
    const d = Distribution.fromMaps([map]);
    assert.ok(!d.hasPreciseIndex);
    assert.deepEqual(d.owningRanks([2]), [0, 1]);
    assert.equal(d.owningRank([2]), 1);
  });

  it('gives runs where indices follow each other', () => {
    const map = UnstructuredMap.fromIndices([[5, 6, 7, 0, 4, 8, 2]]);
    assert.deepEqual(map.runs(0), [
      { start: 5, blockSize: 3, stride: 3, count: 1 },
      { start: 0, blockSize: 1, stride: 4, count: 3 },
      { start: 2, blockSize: 1, stride: 1, count: 1 },
    ]);
  });

  it('gives the protocol dictionary', () => {
    const map = UnstructuredMap.fromIndices(
      [
        [3, 0],
        [1, 2],
      ],
      { oneToOne: true },
    );
    assert.deepEqual(map.dimData(0), {
      dist_type: 'u',
      size: 4,
      proc_grid_size: 2,
      proc_grid_rank: 0,
      indices: Int32Array.of(3, 0),
      one_to_one: true,
    });
  });

  it('equals what lists the same in the same order', () => {
    const a = UnstructuredMap.fromIndices([
      [3, 0],
      [1, 2],
    ]);
    assert.ok(
      a.equals(
        UnstructuredMap.fromIndices([
          [3, 0],
          [1, 2],
        ]),
      ),
    );
    assert.ok(
      !a.equals(
        UnstructuredMap.fromIndices([
          [0, 3],
          [1, 2],
        ]),
      ),
    );
    assert.ok(!a.equals(UnstructuredMap.fromIndices([[3, 0], [1], [2]])));
    assert.notEqual(
      a.key,
      UnstructuredMap.fromIndices([
        [3, 0],
        [1, 2],
      ]).key,
    );
  });

  it('refuses bad lists by name', () => {
    const bad: [unknown, string, string][] = [
      [7, 'indices', 'ArgumentTypeError'],
      [[], 'indices', 'ArgumentRangeError'],
      [[3], 'indices[0]', 'ArgumentTypeError'],
      [[[0], [1, 1]], 'indices[1]', 'ArgumentRangeError'],
      [[[3, 0, 3]], 'indices[0]', 'ArgumentRangeError'],
      [[[0.5]], 'indices[0][0]', 'ArgumentRangeError'],
      [[['1']], 'indices[0][0]', 'ArgumentTypeError'],
      [[[2 ** 60]], 'indices[0][0]', 'ArgumentRangeError'],
    ];
    for (const [indices, argument, name] of bad) {
      const call = () => UnstructuredMap.fromIndices(indices as IndexSequence[]);
      assert.throws(call, { argument, name });
    }
    const map = UnstructuredMap.fromIndices([[0, 5]]);
    assert.throws(() => map.owner(1), { argument: 'globalIndex', name: 'ArgumentRangeError' });
    assert.throws(() => map.localFromGlobal(1, 0), { argument: 'globalIndex' });
    assert.throws(() => map.globalFromLocal(0, 2), { argument: 'localIndex' });
    assert.throws(() => map.indices(1), { argument: 'gridRank' });
  });
});

describe('an unstructured map that knows one process', () => {
  const known = { size: 1_000_000, gridSize: 4096, gridRank: 7, indices: [5, 900_000, 3] };
  const map = UnstructuredMap.ofRank(known);

  it('answers for that one', () => {
    assert.equal(map.localSize(7), 3);
    assert.equal(map.localFromGlobal(3, 7), 2);
    assert.ok(map.owns(7, 5));
    assert.ok(!map.owns(7, 6));
    assert.deepEqual([...sliceMap(map, { start: 1, step: 2, count: 10 }).globalIndices(7)], [2, 1]);
    assert.ok(map.knows(7) && !map.knows(0) && !map.isComplete);
  });

  it('names the distributed directory for all else', () => {
    const questions = [
      () => map.owner(6),
      () => map.localSize(0),
      () => map.owns(0, 5),
      () => map.indices(1),
      () => [...map.globalIndices(1)],
      () => map.localFromGlobal(8),
      () => map.dimData(0),
      () => intersection(map, 7, map, 6),
      () => sliceMap(map, { start: 0, step: 2, count: 5 }).localSize(0),
    ];
    for (const question of questions) {
      assert.throws(question, (error) => {
        assert.ok(error instanceof UnknownIndicesError);
        assert.equal(error.code, 'ERR_INDICES_UNKNOWN');
        assert.match(error.message, /distributed directory/);
        return true;
      });
    }
    // Another process might list it as well: only one to one is it certain.
    assert.throws(() => map.owner(5), UnknownIndicesError);
    assert.equal(UnstructuredMap.ofRank({ ...known, oneToOne: true }).owner(5), 7);
  });

  it('may know how many the others have', () => {
    const sized = UnstructuredMap.ofRank({
      size: 5,
      gridSize: 2,
      gridRank: 0,
      indices: [0, 4],
      localSizes: [2, 3],
    });
    assert.equal(sized.localSize(1), 3);
    assert.throws(() => sized.indices(1), UnknownIndicesError);
  });

  it('refuses what does not fit together', () => {
    const bad: [object, string][] = [
      [{ gridRank: 4096 }, 'gridRank'],
      [{ size: -1 }, 'size'],
      [{ indices: [1, 1] }, 'indices'],
      [{ gridSize: 8, localSizes: [1] }, 'localSizes'],
      [{ gridSize: 8, localSizes: [1, 1, 1, 1, 1, 1, 1, 1] }, 'localSizes[7]'],
      [{ oneToOne: 'yes' }, 'oneToOne'],
    ];
    for (const [change, argument] of bad) {
      const call = () => UnstructuredMap.ofRank({ ...known, ...change } as OneRankIndices);
      assert.throws(call, { argument }, JSON.stringify(change));
    }
  });
});
