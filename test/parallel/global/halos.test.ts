// ranks: 1-6
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { BlockMap, Context, Distribution, UndistributedMap } from '../../../src/entry/index.ts';
import { spmdOnly } from '../../launcher/skip.ts';
import { sentByEach, settled, size } from '../../support/mode.ts';
import { sharedProperty } from '../../support/sharedProperty.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const ctx = new Context();

/** Rows in even blocks with a halo around them. */
const padded = (rows: number, columns: number, commPadding: number) =>
  ctx.distribution([rows, columns], { dist: 'bn', commPadding: [commPadding, 0] });

describe('updateHalo', () => {
  it('gives the halo what the neighbours own', function () {
    spmdOnly(this, 'local parts');
    const a = ctx.fromFunction((i, j) => 10 * i + j, padded(4 * size, 3, 1));
    const { messages } = ctx.stats;
    assert.equal(a.updateHalo(), a);
    const [lower, upper] = a.local.halo[0];
    assert.equal(ctx.stats.messages - messages, lower + upper);
    const first = 4 * a.local.rank - lower;
    const { padded: cells } = a.local;
    for (let i = 0; i < cells.shape[0]; i++) assert.equal(cells.get(i, 2), 10 * (first + i) + 2);
  });

  it('goes the other way as addHalo', function () {
    spmdOnly(this, 'local parts');
    const a = ctx.zeros(padded(4 * size, 2, 1));
    a.local.data.fill(1);
    a.addHalo({ stencil: 'star' });
    const inner = 4 * size * 2 + (size - 1) * 4;
    assert.equal(a.sum().item(), inner);
  });

  it('refuses views and stencils that there are not', () => {
    const a = ctx.zeros(padded(4 * size, 2, 1));
    assert.throws(() => a.updateHalo({ stencil: 'ring' as never }), {
      argument: 'options.stencil',
    });
    assert.throws(() => settled(ctx, () => a.slice('1:').updateHalo()), { argument: 'array' });
    assert.throws(() => a.updateHalo(null as never), { argument: 'options' });
    assert.throws(() => a.astype('bool').addHalo(), { argument: 'array' });
  });

  it('leaves arrays without halo alone', () => {
    const { messages } = ctx.stats;
    ctx.ones([5, 5], { dist: 'bc' }).updateHalo();
    assert.equal(ctx.stats.messages, messages);
  });
});

describe('functions of shifted slices', () => {
  it('read the halo where it is wide enough: only that is sent', () => {
    const [rows, columns] = [6 * size, 8];
    const u = ctx.fromFunction((i, j) => i * i + 100 * j, padded(rows, columns, 1));
    const { bytes } = ctx.stats;
    const next = u.slice('2:').add(u.slice(':-2')).subtract(u.slice('1:-1').multiply(2));
    assert.deepEqual(next.toNested(), Array(rows - 2).fill(Array(columns).fill(2)));
    // toNested sends the rest; without it, at most both edges, for each of the two slices.
    const before = ctx.stats.bytes;
    u.slice('2:').add(u.slice(':-2'));
    const sent = ctx.stats.bytes - before;
    assert.ok(sent <= sentByEach(2 * columns * 8), `${sent}`);
    assert.ok(before >= bytes);
  });

  it('see what was written since', () => {
    const u = ctx.zeros(padded(3 * size, 2, 1));
    u.slice('1:').add(u.slice(':-1'));
    u.assign(ctx.fromFunction((i) => i, [3 * size, 2], { dist: 'cn' }));
    const difference = u.slice('1:').subtract(u.slice(':-1'));
    assert.equal(difference.min().item(), 1);
    assert.equal(difference.max().item(), 1);
  });

  it('are the same as those of arrays without halo', () => {
    const grids = [[size, 1], [1, size], ...(size % 2 === 0 ? [[size / 2, 2]] : [])];
    const sizes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: size, maxLength: size });
    const axis = fc.record({
      sizes,
      width: fc.nat(2),
      first: fc.record({ start: fc.nat(3), step: fc.constantFrom(1, 1, 2, -1) }),
      second: fc.record({ start: fc.nat(3), step: fc.constantFrom(1, 1, 2, -1) }),
      periodic: fc.boolean(),
    });
    fc.assert(
      sharedProperty(fc.constantFrom(...grids), axis, axis, (grid, ...axes) => {
        const maps = axes.map(({ sizes: all, width, periodic }, k) => {
          const parts = all.slice(0, grid[k]);
          if (Math.max(...parts) === 0) parts[0] = 4;
          if (grid[k] === 1 && width === 0) return new UndistributedMap(parts[0] + 3);
          const bounds = [0];
          for (const n of parts) bounds.push(bounds[bounds.length - 1] + n);
          // Each edge as wide as both neighbours hold; towards empty parts there is none.
          const widthOf = (k: number, next: number) => Math.min(width, parts[k], parts[next]);
          const commPadding = parts.slice(1).map((_, k) => widthOf(k, k + 1));
          const isPeriodic = periodic && Math.min(...parts) > 0;
          if (isPeriodic) commPadding.push(widthOf(parts.length - 1, 0));
          return BlockMap.fromBounds(bounds, { commPadding, periodic: isPeriodic });
        });
        const d = Distribution.fromMaps(maps);
        const u = ctx.fromFunction((i, j) => 7 * i * i + j, d);
        const plain = ctx.fromFunction((i, j) => 7 * i * i + j, d.shape as number[]);
        const slices = (which: 'first' | 'second') =>
          axes.map((each, k) => {
            const { start, step } = each[which];
            const other = each[which === 'first' ? 'second' : 'first'];
            const n = d.shape[k];
            const reach = (one: { start: number; step: number }) =>
              Math.max(0, Math.ceil((n - one.start) / Math.abs(one.step)));
            const count = Math.min(reach({ start, step }), reach(other));
            if (step > 0) return { start, stop: start + count * step, step };
            // From the end down.
            const last = n - 1 - start;
            const stop = last - count;
            return count === 0
              ? { start: 0, stop: 0 }
              : { start: last, ...(stop >= 0 && { stop }), step };
          });
        const [first, second] = [slices('first'), slices('second')];
        const ours = u.slice(first).add(u.slice(second).multiply(3));
        const expected = plain.slice(first).add(plain.slice(second).multiply(3));
        assert.deepEqual(ours.toNested(), expected.toNested());
        // With the halo read in place of what is sent in one step.
        const direct = u.slice(first).add(u.slice(second));
        assert.deepEqual(direct.toNested(), plain.slice(first).add(plain.slice(second)).toNested());
      }),
      { seed: sharedSeed(), numRuns: 60 },
    );
  });
});
