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

  it('of a transposed grid are those of the ranks there, also of its parts and transposes', () => {
    const cases = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
      .chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          order: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
          again: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
          fixed: fc.tuple(
            ...shape.map((extent) => fc.option(fc.nat({ max: extent - 1 }), { freq: 1 })),
          ),
          form: fc.constantFrom('list', 'range', 'strided'),
        }),
      );
    fc.assert(
      fc.property(cases, ({ shape, order, again, fixed, form }) => {
        const count = processesOf(shape);
        const list = Array.from({ length: count }, (_, rank) =>
          form === 'list' ? rank * rank + 1 : form === 'range' ? rank + 2 : 3 * rank,
        );
        const strides = shape.map((_, axis) => processesOf(shape.slice(axis + 1)));
        /** Targets by rank of a grid whose axes are these of the first one. */
        const listOf = (axes: readonly number[], at: readonly (number | null)[]) => {
          const kept = axes.filter((axis) => at[axis] === null);
          const fixedRank = axes.reduce((sum, axis) => sum + (at[axis] ?? 0) * strides[axis], 0);
          const extents = kept.map((axis) => shape[axis]);
          return Array.from({ length: processesOf(extents) }, (_, rank) => {
            const coords = coordsFromRank(extents, rank);
            return list[kept.reduce((sum, axis, k) => sum + coords[k] * strides[axis], fixedRank)];
          });
        };
        const check = (targets: Targets, expected: readonly number[]) => {
          assert.deepEqual(targets.toArray(), expected);
          assert.equal(targets.highest, Math.max(...expected));
          for (let target = 0; target <= (list.at(-1) ?? 0) + 1; target++) {
            assert.equal(targets.rankOf(target), expected.indexOf(target));
          }
          assert.ok(targets.equals(Targets.inOrder(expected)));
          for (const some of new Set([1, Math.ceil(count / 2), expected.length])) {
            if (some > expected.length) continue;
            assert.deepEqual(targets.take(some).toArray(), expected.slice(0, some));
          }
        };
        const nowhere = shape.map(() => null);
        const turned = Targets.fromList(list).transpose(shape, order);
        check(turned, listOf(order, nowhere));
        const turnedShape = order.map((axis) => shape[axis]);
        check(
          turned.subgrid(
            turnedShape,
            order.map((axis) => fixed[axis]),
          ),
          listOf(order, fixed),
        );
        const twice = again.map((axis) => order[axis]);
        check(turned.transpose(turnedShape, again), listOf(twice, nowhere));
        // Of a grid of another shape: one axis of all.
        check(turned.subgrid([count], [null]), listOf(order, nowhere));
        check(turned.subgrid([count], [count - 1]), listOf(order, nowhere).slice(-1));
      }),
      { numRuns: 500 },
    );
  });

  it('of a transposed grid of a million processes take no list', () => {
    const turned = Targets.firstOf(2 ** 20).transpose([1024, 1024], [1, 0]);
    assert.equal(turned.rankOf(1025), 1025);
    assert.equal(turned.rankOf(1), 1024);
    assert.equal(turned.key, '0+1024*1+1024*1024');
    assert.equal(`${turned}`, '0, 1024, 2048, 3072, 4096, 5120, 6144, 7168, …, 1048575');
    const row = turned.subgrid([1024, 1024], [3, null]);
    assert.equal(row.key, '3+1024*1024');
  });
});
