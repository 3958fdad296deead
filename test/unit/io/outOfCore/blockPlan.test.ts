/** Blocks: they cover the array once, every process's share has room, and processes share evenly. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  boxOfBlock,
  distributionOfBlock,
  planBlocks,
  shareOfBox,
} from '../../../../src/io/outOfCore/blockPlan.ts';
import { boxesOf } from '../../../../src/io/outOfCore/pieces.ts';
import type { Box } from '../../../../src/io/outOfCore/slab.ts';

const sizeOf = (shape: readonly number[]) => shape.reduce((product, extent) => product * extent, 1);
const indicesOf = (shape: readonly number[], box: Box): number[] => {
  const found: number[] = [];
  const visit = (dim: number, flat: number): void => {
    if (dim === box.length) found.push(flat);
    else
      for (let k = 0; k < box[dim].count; k++)
        visit(dim + 1, flat * shape[dim] + box[dim].start + k);
  };
  visit(0, 0);
  return found;
};

const anyShape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });

describe('blocks of an array', () => {
  it('cover it once, for any order of the axes, number of processes and room', () => {
    const anyCase = fc.record({
      shape: anyShape,
      processes: fc.integer({ min: 1, max: 5 }),
      room: fc.integer({ min: 1, max: 300 }),
      turn: fc.boolean(),
      outer: fc.nat({ max: 2 }),
      granularity: fc.constantFrom(1, 2, 3),
    });
    fc.assert(
      fc.property(anyCase, ({ shape, processes, room, turn, outer, granularity }) => {
        const axes = [...shape.keys()];
        if (turn) axes.reverse();
        const sequence = [...axes].sort((a, b) => Number(b === outer) - Number(a === outer));
        const fits = (share: readonly number[]) => sizeOf(share) <= room;
        const plan = planBlocks(shape, {
          axes,
          sequence,
          processes,
          fits,
          granularity: shape.map(() => granularity),
        });
        const seen: number[] = [];
        for (let number = 0; number < plan.count; number++) {
          const box = boxOfBlock(plan, number);
          const distribution = distributionOfBlock(plan, box);
          assert.deepEqual(
            distribution.shape,
            box.map(({ count }) => count),
          );
          for (let rank = 0; rank < processes; rank++) {
            const share = shareOfBox(plan, box, rank);
            const counts = share.map(({ count }) => count);
            assert.ok(fits(counts) || counts.includes(0));
            assert.equal(sizeOf(counts), sizeOf(distribution.localShape(rank)));
            seen.push(...indicesOf(shape, share));
          }
        }
        assert.deepEqual(
          seen.sort((a, b) => a - b),
          [...Array(sizeOf(shape)).keys()],
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('are as many rows as there is room for, the same for each process', () => {
    const fits = (share: readonly number[]) => sizeOf(share) <= 1000;
    const plan = planBlocks([10_000, 100], { axes: [0, 1], processes: 4, fits });
    assert.deepEqual([plan.block, plan.shared], [[40, 100], 0]);
    const chunked = planBlocks([10_000, 10], {
      axes: [0, 1],
      processes: 2,
      fits,
      granularity: [16, 4],
    });
    assert.deepEqual(chunked.block, [192, 10]);
  });

  it('have the rows that are asked for, or there is no room for them', () => {
    const fits = (share: readonly number[]) => sizeOf(share) <= 1000;
    const goals = { axes: [0, 1], processes: 2, fits };
    assert.deepEqual(planBlocks([100, 100], { ...goals, rows: 7 }).block, [7, 100]);
    assert.deepEqual(planBlocks([5, 100], { ...goals, rows: 7 }).block, [5, 100]);
    // Less of the other axes where rows are long.
    assert.deepEqual(planBlocks([100, 1000], { ...goals, rows: 7 }).block, [7, 250]);
    assert.throws(() => planBlocks([10_000, 1], { ...goals, rows: 5000 }), {
      code: 'ERR_ARGUMENT_RANGE',
      argument: 'options.memory',
    });
    assert.throws(() => planBlocks([10], { ...goals, fits: () => false }), {
      argument: 'options.memory',
    });
  });
});

describe('pieces of a block', () => {
  it('cover it once in C order, none too large', () => {
    fc.assert(
      fc.property(anyShape, fc.integer({ min: 1, max: 40 }), (shape, most) => {
        const seen: number[] = [];
        for (const box of boxesOf(shape, most)) {
          assert.ok(sizeOf(box.map(({ count }) => count)) <= most);
          seen.push(...indicesOf(shape, box));
        }
        assert.deepEqual(seen, [...Array(sizeOf(shape)).keys()]);
      }),
    );
    assert.deepEqual([...boxesOf([3, 0], 10)], []);
    assert.deepEqual([...boxesOf([], 10)], [[]]);
  });
});
