/** Transposed distributions: every element stays where it is. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  BlockMap,
  CyclicMap,
  Distribution,
  type UndistributedMap,
} from '../../../src/entry/maps.ts';
import { anyDistribution } from '../../support/maps.ts';

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });

describe('Distribution.transpose', () => {
  it('leaves every element on its target, at its place there', () => {
    const cases = shapes.chain((shape) =>
      fc.record({
        distribution: anyDistribution(shape, 9),
        axes: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      }),
    );
    fc.assert(
      fc.property(cases, ({ distribution, axes }) => {
        const turned = distribution.transpose(axes);
        const turn = <T>(list: readonly T[]) => axes.map((axis) => list[axis]);
        assert.deepEqual(turned.shape, turn(distribution.shape));
        assert.deepEqual(turned.gridShape, turn(distribution.gridShape));
        assert.deepEqual(turned.dist, turn(distribution.dist));
        assert.equal(turned.isReplicated, distribution.isReplicated);
        for (let target = 0; target < 9; target++) {
          const [rank, now] = [distribution.rankOfTarget(target), turned.rankOfTarget(target)];
          assert.equal(now < 0, rank < 0);
          if (rank < 0) continue;
          assert.equal(turned.targetOf(now), target);
          assert.deepEqual(turned.coordsFromRank(now), turn(distribution.coordsFromRank(rank)));
          assert.deepEqual(turned.localShape(now), turn(distribution.localShape(rank)));
        }
        const back = turned.transpose(axes.map((_, axis) => axes.indexOf(axis)));
        assert.ok(back.equals(distribution));
        assert.equal(back.key, distribution.key);
        // A slice of the transpose is the transpose of a slice.
        if (distribution.size === 0 || distribution.ndim < 2) return;
        const first = turned.slice([0]);
        const items = distribution.shape.map((_, axis) => (axis === axes[0] ? 0 : null));
        const others = axes.slice(1).map((axis) => axis - (axis > axes[0] ? 1 : 0));
        assert.ok(first.equals(distribution.slice(items).transpose(others)));
        assert.ok(
          turned.reduce([0]).equals(distribution.reduce([axes[0]]).transpose(others)),
          String(distribution),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('takes nothing that grows with the number of processes', () => {
    const million = 2 ** 20;
    const d = Distribution.fromShape([10 ** 7, 10 ** 6], { dist: 'bc', size: million });
    const turned = d.transpose();
    assert.ok(turned.key.length < 100, turned.key);
    const index = [123_456, 7_654_321];
    const owner = turned.owningRank(index);
    assert.equal(turned.targetOf(owner), d.targetOf(d.owningRank([index[1], index[0]])));
    assert.equal(turned.rankOfTarget(turned.targetOf(owner)), owner);
    assert.equal(turned.highestTarget, million - 1);
  });

  it('refuses what is no order of the axes', () => {
    const d = Distribution.fromShape([2, 3, 4]);
    assert.throws(() => d.transpose([0, 1]), /each of the 3 axes once/);
    assert.throws(() => d.transpose([0, 1, 1]), /each of the 3 axes once/);
    assert.throws(() => d.transpose([0, 1, 3]), { argument: 'axes[2]' });
    assert.throws(() => d.transpose('021' as never), { argument: 'axes' });
    assert.deepEqual(d.transpose([-1, 0, 1]).shape, [4, 2, 3]);
    assert.deepEqual(d.transpose().shape, [4, 3, 2]);
  });
});

describe('Distribution.withMaps', () => {
  it('puts other maps on the same processes in their order', () => {
    const d = Distribution.fromShape([6, 8], {
      dist: 'bb',
      gridShape: [2, 3],
      size: 6,
    }).transpose();
    assert.deepEqual(d.targets, [0, 3, 1, 4, 2, 5]);
    assert.deepEqual(d.withMaps([BlockMap.even(9, 6)]).targets, [0, 3, 1, 4, 2, 5]);
    assert.deepEqual(d.withMaps([new CyclicMap(9, 4)]).targets, [0, 3, 1, 4]);
    assert.throws(() => d.withMaps([new CyclicMap(9, 7)]), /a grid of 6 processes/);
    const copies = Distribution.replicated([3], { size: 2 });
    const [map] = copies.maps as readonly UndistributedMap[];
    assert.ok(copies.withMaps([map, map]).isReplicated);
  });
});
