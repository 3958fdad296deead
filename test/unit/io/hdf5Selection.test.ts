import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inSequence } from '../../../src/io/hdf5/selection.ts';
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
