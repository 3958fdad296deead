import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { copyRuns, type RunAxis } from '../../../src/kernels/copyRuns.ts';

/** An axis and the pairs of places that it stands for. */
interface Case {
  readonly axis: RunAxis;
  readonly pairs: readonly (readonly [from: number, to: number])[];
}

/** Runs of blocks, one after the other on both sides with gaps between them. */
const inRuns: fc.Arbitrary<Case> = fc
  .array(
    fc.record({
      gapFrom: fc.nat(2),
      gapTo: fc.nat(2),
      blockSize: fc.integer({ min: 1, max: 3 }),
      count: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((runs) => {
    const numbers: number[] = [];
    const pairs: (readonly [number, number])[] = [];
    let [from, to] = [0, 0];
    for (const { gapFrom, gapTo, blockSize, count } of runs) {
      const [strideFrom, strideTo] = [blockSize + gapFrom, blockSize + gapTo];
      numbers.push(from + gapFrom, strideFrom, to + gapTo, strideTo, blockSize, count);
      for (let block = 0; block < count; block++) {
        for (let i = 0; i < blockSize; i++) {
          pairs.push([from + gapFrom + block * strideFrom + i, to + gapTo + block * strideTo + i]);
        }
      }
      from += gapFrom + count * strideFrom;
      to += gapTo + count * strideTo;
    }
    const runTable = Float64Array.from(numbers);
    const axis = { extent: pairs.length, runs: runTable, placesFrom: null, placesTo: null };
    return { axis, pairs };
  });

const listed: fc.Arbitrary<Case> = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
    fc.constantFrom('from', 'to', 'neither'),
  )
  .map(([places, side]) => {
    const list = side === 'neither' ? null : Int32Array.from(places);
    const axis = {
      extent: places.length,
      runs: null,
      placesFrom: side === 'from' ? list : null,
      placesTo: side === 'to' ? list : null,
    };
    const pairs = places.map((place, k) => {
      if (side === 'from') return [place, k] as const;
      return side === 'to' ? ([k, place] as const) : ([k, k] as const);
    });
    return { axis, pairs };
  });

const arrays = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array } as const;

/** Strides of a view that holds all places, with a gap after each row or without one. */
function stridesOf(extents: readonly number[], gap: number): number[] {
  let step = 1;
  const strides = extents.map(() => 0);
  for (let axis = extents.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= extents[axis] + gap;
  }
  return strides;
}

describe('copyRuns', () => {
  it('copies any stretch of all combinations of places', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(inRuns, listed), { maxLength: 3 }),
        fc.constantFrom<1 | 2 | 4 | 8>(1, 2, 4, 8),
        fc.tuple(fc.nat(1), fc.nat(1)),
        fc.tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
        ),
        (cases, itemsize, gaps, [begin, end]) => {
          const side = (which: 0 | 1) => {
            const extents = cases.map(({ pairs }) => 1 + Math.max(...pairs.map((p) => p[which])));
            const strides = stridesOf(extents, gaps[which]);
            const length = extents.reduce((sum, n, axis) => sum + n * strides[axis], 1);
            return { strides, data: new arrays[itemsize](length + 2), offset: 1 };
          };
          const [from, to] = [side(0), side(1)];
          from.data.forEach((_, k) => {
            from.data[k] = k % 251;
          });
          const expected = to.data.slice();
          const offsets = cases.reduce<(readonly [number, number])[]>(
            (all, { pairs }, axis) =>
              all.flatMap(([a, b]) =>
                pairs.map(
                  ([placeFrom, placeTo]) =>
                    [a + placeFrom * from.strides[axis], b + placeTo * to.strides[axis]] as const,
                ),
              ),
            [[1, 1]],
          );
          const first = Math.floor(begin * offsets.length);
          const count = cases.length === 0 ? 1 : Math.floor(end * (offsets.length - first));
          const part = cases.length === 0 ? offsets : offsets.slice(first, first + count);
          for (const [a, b] of part) expected[b] = from.data[a];
          const axes = cases.map(({ axis }) => axis);
          copyRuns(axes, itemsize, from, to, cases.length === 0 ? 0 : first, count);
          assert.deepEqual(to.data, expected);
        },
      ),
      { numRuns: 500, seed: 20140317 },
    );
  });

  it('copies pairs of numbers as one element', () => {
    const from = Float64Array.from({ length: 12 }, (_, k) => k);
    const to = new Float64Array(6);
    const axis = { extent: 3, runs: null, placesFrom: Int32Array.of(5, 0, 2), placesTo: null };
    const one = { offset: 0, strides: [1] };
    copyRuns([axis], 16, { ...one, data: from }, { ...one, data: to }, 0, 3);
    assert.deepEqual([...to], [10, 11, 0, 1, 4, 5]);
  });
});
