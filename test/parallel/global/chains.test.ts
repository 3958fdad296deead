import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { Context, type DistArray, type SliceItem } from '../../../src/entry/index.ts';
import { anyDistribution } from '../../support/maps.ts';
import { size } from '../../support/mode.ts';
import { PlainArray, type PlainItem } from '../../support/plainArray.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();

/** An operation on two arrays, distributed and plain. */
type Step = (distributed: DistArray, plain: PlainArray) => [DistArray, PlainArray];

const anyItem: fc.Arbitrary<PlainItem> = fc.oneof(
  fc.record({
    start: fc.option(fc.integer({ min: -7, max: 7 })),
    stop: fc.option(fc.integer({ min: -7, max: 7 })),
    step: fc.constantFrom(1, 2, 3, -1, -2, null),
  }),
  fc.constant({}),
);

const anySlice = fc.array(anyItem, { minLength: 1, maxLength: 3 });
const specOf = (items: readonly PlainItem[], ndim: number) => items.slice(0, ndim) as SliceItem[];

const slices: fc.Arbitrary<Step> = anySlice.map(
  (items): Step =>
    (a, p) => [a.slice(specOf(items, a.ndim)), p.slice(items.slice(0, p.shape.length))],
);

const numbers: fc.Arbitrary<Step> = fc.integer({ min: -3, max: 3 }).map(
  (k): Step =>
    (a, p) => [a.mul(k).add(1), p.combine(k, (x, y) => x * y + 1)],
);

/** Adds an array of the same shape, or of one row, with a distribution of its own. */
const additions: fc.Arbitrary<Step> = fc
  .tuple(fc.boolean(), fc.constantFrom('b', 'c', 'n', 'nb', 'bc'))
  .map(
    ([isRow, dist]): Step =>
      (a, p) => {
        const shape = isRow ? p.shape.slice(-1) : p.shape;
        const other = PlainArray.from(shape, (k) => (7 * k) % 5);
        const letters = dist.slice(0, shape.length);
        const data = { data: Float64Array.from(other.elements), shape };
        return [a.add(ctx.fromArray(data, { dist: letters })), p.combine(other, (x, y) => x + y)];
      },
  );

const assignments: fc.Arbitrary<Step> = fc.tuple(anySlice, fc.integer({ min: -9, max: 9 })).map(
  ([items, value]): Step =>
    (a, p) => {
      const [target, plain] = [a.copy(), p.copy()];
      target.slice(specOf(items, a.ndim)).assign(value);
      plain.slice(items.slice(0, p.shape.length)).assign(value);
      return [target, plain];
    },
);

/** Assigns the array, turned around, to itself. */
const reversals: fc.Arbitrary<Step> = fc.constant((a, p) => {
  const [target, plain] = [a.copy(), p.copy()];
  const items = p.shape.map(() => ({ step: -1 }));
  target.assign(a.slice(items));
  plain.assign(p.slice(items).copy());
  return [target, plain];
});

const relocations: fc.Arbitrary<Step> = fc.constantFrom('b', 'c', 'n', 'nb', 'cc', 'bnb').map(
  (dist): Step =>
    (a, p) => [a.distributeAs(p.shape, { dist: dist.slice(0, p.shape.length) }), p],
);

const arrays = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 })
  .chain((shape) => fc.tuple(fc.constant(shape), anyDistribution(shape, size)));

describe('chains of operations', () => {
  it('give what they give on one process, whatever the distribution', () => {
    const steps = fc.array(
      fc.oneof(slices, numbers, additions, assignments, reversals, relocations),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      sharedProperty(arrays, steps, ([shape, distribution], chain) => {
        let plain = PlainArray.from(shape, (k) => k);
        const data = { data: Float64Array.from(plain.elements), shape };
        let distributed: DistArray = ctx.fromArray(data, { distribution });
        for (const step of chain) [distributed, plain] = step(distributed, plain);
        assert.deepEqual(distributed.shape, plain.shape);
        assert.deepEqual(distributed.toNested(), plain.nested);
        const total = plain.elements.reduce((sum, value) => sum + value, 0);
        if (!distribution.dist.includes('u')) assert.equal(+distributed.sum(), total);
      }),
      { seed: sharedSeed(), numRuns: 60 },
    );
  });
});
