import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { axisPlaces, placeAt, stepOf } from '../../../src/ops/axisPlaces.ts';
import { anyView } from '../maps/mapArbitraries.ts';

describe('places along an axis', () => {
  it('are the global indices of the local elements, of every map and view', () => {
    fc.assert(
      fc.property(anyView, fc.nat(), (map, drawn) => {
        const gridRank = drawn % map.gridSize;
        const places = axisPlaces(map, gridRank);
        const expected = [...map.globalIndices(gridRank)];
        assert.deepEqual(
          expected.map((_, l) => placeAt(places, l)),
          expected,
        );
        const step = stepOf(places, expected.length);
        if (step === undefined) return;
        for (let l = 1; l < expected.length; l++) {
          assert.equal(expected[l] - expected[l - 1], step);
        }
      }),
      { numRuns: 500, seed: 20141031 },
    );
  });
});
