import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { coordsFromRank, processesOf } from '../../../src/maps/processGrid.ts';
import { Targets } from '../../../src/maps/targets.ts';

describe('Targets', () => {
  it('are ascending, whatever the order given', () => {
    const targets = Targets.fromList([7, 1, 5]);
    assert.deepEqual(targets.toArray(), [1, 5, 7]);
    assert.equal(targets.rankOf(5), 1);
    assert.equal(targets.rankOf(6), -1);
    assert.deepEqual(targets.take(2).toArray(), [1, 5]);
  });

  it('equal those that name the same processes', () => {
    assert.ok(Targets.fromList([0, 1, 2]).equals(Targets.firstOf(3)));
    assert.ok(Targets.fromList([1, 3, 5]).equals(Targets.fromList([5, 3, 1])));
    assert.ok(!Targets.fromList([1, 3, 5]).equals(Targets.fromList([1, 3, 6])));
    assert.ok(!Targets.firstOf(3).equals(Targets.firstOf(4)));
  });

  it('say who they are in a few words', () => {
    assert.equal(`${Targets.firstOf(1)}`, '0');
    assert.equal(`${Targets.firstOf(1024)}`, '0–1023');
    assert.equal(`${Targets.fromList([1, 3, 4])}`, '1, 3, 4');
    const column = Targets.firstOf(4096).subgrid([64, 64], [null, 2]);
    assert.equal(`${column}`, '2, 66, 130, 194, 258, 322, 386, 450, …, 4034');
  });

  it('of a part of a grid are those at its places, also of a part of a part', () => {
    const grid = fc
      .array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
      .chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          fixed: fc.tuple(
            ...shape.map((extent) => fc.option(fc.nat({ max: extent - 1 }), { freq: 1 })),
          ),
          again: fc.tuple(
            ...shape.map((extent) => fc.option(fc.nat({ max: extent - 1 }), { freq: 1 })),
          ),
          // Targets given one by one, a range, or every third.
          form: fc.constantFrom('list', 'range', 'strided'),
        }),
      );
    fc.assert(
      fc.property(grid, ({ shape, fixed, again, form }) => {
        const count = processesOf(shape);
        const list = Array.from({ length: count }, (_, rank) =>
          form === 'list' ? rank * rank + 1 : form === 'range' ? rank + 2 : 3 * rank,
        );
        const all = Targets.fromList(list);
        const at = (rank: number, coords: readonly (number | null)[]) =>
          coordsFromRank(shape, rank).every(
            (coord, axis) => coords[axis] === null || coords[axis] === coord,
          );
        const part = all.subgrid(shape, fixed);
        const expected = list.filter((_, rank) => at(rank, fixed));
        assert.deepEqual(part.toArray(), expected);
        expected.forEach((target, rank) => {
          assert.equal(part.rankOf(target), rank);
        });
        const others = list.filter((target) => !expected.includes(target));
        assert.ok(others.every((target) => part.rankOf(target) === -1));

        const keptAxes = [...shape.keys()].filter((axis) => fixed[axis] === null);
        const inner = keptAxes.map((axis) => again[axis]);
        const innerPart = part.subgrid(
          keptAxes.map((axis) => shape[axis]),
          inner,
        );
        const both = shape.map((_, axis) => fixed[axis] ?? again[axis]);
        assert.deepEqual(
          innerPart.toArray(),
          list.filter((_, rank) => at(rank, both)),
        );
        assert.ok(innerPart.equals(Targets.fromList(innerPart.toArray())));
      }),
      { numRuns: 500 },
    );
  });
});
