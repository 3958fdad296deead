import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { panelsOf, placesOf } from '../../../src/ops/product/panels.ts';
import { anyMap } from '../../support/maps.ts';

describe('panels of a product', () => {
  const maps = fc.integer({ min: 0, max: 40 }).chain((extent) => {
    const map = anyMap(extent, 4, { unstructured: false });
    return fc.tuple(map, map, fc.integer({ min: 1, max: 9 }));
  });

  it('have every inner index once, where both owners have it', () => {
    fc.assert(
      fc.property(maps, ([a, b, width]) => {
        const seen: number[] = [];
        for (const panel of panelsOf(a, b, width)) {
          assert.ok(panel.count > 0 && panel.count <= width);
          const [inA, inB] = (['a', 'b'] as const).map((side) => {
            const { start, step, positions } = placesOf(panel, side);
            return Array.from(
              { length: panel.count },
              (_, k) => positions?.[k] ?? start + k * step,
            );
          });
          inA.forEach((place, k) => {
            const index = a.globalFromLocal(panel.ownerA, place);
            assert.equal(b.globalFromLocal(panel.ownerB, inB[k]), index);
            seen.push(index);
          });
        }
        assert.deepEqual(
          seen.sort((x, y) => x - y),
          [...Array(a.size).keys()],
        );
      }),
    );
  });
});
