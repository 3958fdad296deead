import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { pieceOf } from '../../../src/io/hdf5/pieces.ts';

/** Runs that follow one another: gaps, then strides, counts and block sizes. */
const anyRuns = fc
  .array(
    fc.record({
      gap: fc.nat({ max: 3 }),
      blockSize: fc.integer({ min: 1, max: 4 }),
      spare: fc.nat({ max: 3 }),
      count: fc.integer({ min: 1, max: 4 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((runs) => {
    let at = 0;
    const numbers = runs.flatMap(({ gap, blockSize, spare, count }) => {
      const [start, stride] = [at + gap, blockSize + spare];
      at = start + count * stride;
      return [start, stride, count, blockSize];
    });
    return Float64Array.from(numbers);
  });

function indicesOf(runs: Float64Array): number[] {
  const indices: number[] = [];
  for (let at = 0; at < runs.length; at += 4) {
    const [start, stride, count, blockSize] = runs.subarray(at, at + 4);
    for (let block = 0; block < count; block++) {
      for (let k = 0; k < blockSize; k++) indices.push(start + block * stride + k);
    }
  }
  return indices;
}

describe('pieces of HDF5 transfers', () => {
  it('are all of the elements, in order, each once', () => {
    fc.assert(
      fc.property(
        anyRuns,
        anyRuns,
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        (rows, columns, indexed, count) => {
          const [rowList, columnList] = [rows, columns].map(indicesOf);
          const elements = Float64Array.from(
            rowList.flatMap((row) => columnList.map((column) => 1000 * row + column)),
          );
          // An index before them is an axis of the dataset, too.
          const runs = indexed ? [Float64Array.of(7, 1, 1, 1), rows, columns] : [rows, columns];
          const seen: number[] = [];
          for (let k = 0; k < count; k++) {
            const piece = pieceOf(elements, runs, k, count);
            if (piece.elements.length === 0) {
              assert.deepEqual(piece.runs, [new Float64Array(0)]);
              continue;
            }
            const [r, c] = piece.runs.slice(-2).map(indicesOf);
            const wanted = r.flatMap((row) => c.map((column) => 1000 * row + column));
            assert.deepEqual([...(piece.elements as Float64Array)], wanted);
            seen.push(...wanted);
          }
          assert.deepEqual(seen, [...elements]);
        },
      ),
    );
  });

  it('are none where a process has nothing', () => {
    const nothing = [new Float64Array(0)];
    assert.deepEqual(pieceOf(new Float64Array(0), nothing, 1, 3).runs, nothing);
  });
});
