import assert from 'node:assert/strict';
import fc from 'fast-check';
import { firstOfChunk, reachedBytes, storageBytes } from '../../../src/io/hdf5/chunks.ts';
import { extentOf, inSequence, throughGaps } from '../../../src/io/hdf5/selection.ts';
import { indicesOfRuns } from '../../../src/maps/indexRun.ts';

const run = fc
  .record({
    start: fc.nat(40),
    blockSize: fc.integer({ min: 1, max: 4 }),
    gap: fc.nat(5),
    count: fc.integer({ min: 1, max: 5 }),
  })
  .map(({ gap, ...rest }) => ({ ...rest, stride: rest.blockSize + gap }));

describe('runs of a selection', () => {
  it('follow each other, with the indices that they had', () => {
    fc.assert(
      fc.property(fc.array(run, { maxLength: 6 }), (given) => {
        const used = new Set<number>();
        const disjoint = given.filter((one) => {
          const indices = [...indicesOfRuns([one])];
          if (indices.some((index) => used.has(index))) return false;
          for (const index of indices) used.add(index);
          return true;
        });
        const runs = inSequence(disjoint);
        const indices = [...indicesOfRuns(runs)];
        assert.deepEqual(
          indices,
          [...used].sort((a, b) => a - b),
        );
      }),
    );
  });

  it('stay few where they do not lie between each other', () => {
    const runs = [
      { start: 100, blockSize: 1, stride: 2, count: 50 },
      { start: 0, blockSize: 3, stride: 5, count: 20 },
    ];
    assert.deepEqual(inSequence(runs), [runs[1], runs[0]]);
    const between = [0, 1].map((start) => ({ start, blockSize: 1, stride: 2, count: 1000 }));
    assert.deepEqual(inSequence(between), [{ start: 0, blockSize: 2000, stride: 2000, count: 1 }]);
  });
});

describe('what is read for a slice with gaps', () => {
  const range = (axis: number, start: number, step: number, count: number) =>
    ({ kind: 'range', axis, start, step, count }) as const;

  it('is all from the first to the last, where gaps along the last axis are short', () => {
    const rows = range(0, 1, 3, 4);
    const { dense, steps } = throughGaps([rows, range(1, 2, 5, 4)], 8, 2);
    assert.deepEqual(dense, [rows, range(1, 2, 1, 16)]);
    assert.deepEqual(steps, [null, { step: 5 }]);
    const row = throughGaps([{ kind: 'index', axis: 0, index: 3 }, range(1, 0, 2, 3)], 4, 2);
    assert.deepEqual(row.dense[1], range(1, 0, 1, 5));
    assert.deepEqual(row.steps, [{ step: 2 }]);
  });

  it('is the slice itself otherwise', () => {
    for (const [selected, itemsize, processes] of [
      [[range(0, 0, 2, 3)], 8, 1],
      [[range(0, 0, 34, 3)], 8, 2],
      [[range(0, 0, 2, 1)], 8, 2],
      [[range(0, 0, 2, 3), range(1, 0, 1, 3)], 8, 2],
      [[range(0, 0, 2, 3), { kind: 'index', axis: 1, index: 1 }], 8, 2],
      [[], 8, 2],
    ] as const) {
      const { dense, steps } = throughGaps(selected, itemsize, processes);
      assert.deepEqual([dense, steps], [selected, null]);
    }
    assert.notEqual(throughGaps([range(0, 0, 33, 3)], 8, 2).steps, null);
  });
});

describe('the chunks of a slice', () => {
  const range = { kind: 'range', axis: 0, start: 5, step: 3, count: 10 } as const;

  it('begin at places of it', () => {
    // Indices 5, 8, 11, 14, …, 32, in chunks of 10.
    assert.deepEqual(
      [0, 1, 2, 3, 5, 9].map((place) => firstOfChunk(range, 10, place)),
      [0, 0, 2, 2, 5, 9],
    );
    assert.equal(firstOfChunk(range, 1, 4), 4);
  });

  it('need room as wholes', () => {
    assert.equal(storageBytes([5, 4], [], 8), 160);
    assert.equal(storageBytes([5, 4], [2, 4], 8), 3 * (64 + 128));
    assert.equal(storageBytes([0, 4], [2, 4], 8), 0);
    // Chunks 0 to 3 along the first axis, one along the other.
    assert.equal(
      reachedBytes([range, { kind: 'index', axis: 1, index: 3 }], [10, 4], 8),
      4 * (320 + 128),
    );
  });

  it('lie between the first element and the last', () => {
    assert.deepEqual(extentOf([range, { kind: 'index', axis: 1, index: 3 }], [40, 7]), [38, 228]);
    assert.deepEqual(extentOf([], []), [0, 1]);
  });
});
