// ranks: 1-5
/** Shifted slices: values, what is sent for them, and results that go into what is read. */
import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  BlockMap,
  Context,
  type DistArray,
  Distribution,
  type DistributionOptions,
  expr,
  LocalArray,
  MPI,
  UndistributedMap,
} from '../../../src/entry/index.ts';
import { anyDistribution } from '../../support/maps.ts';
import { PlainArray } from '../../support/plainArray.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const { size, rank } = MPI.COMM_WORLD;
const ctx = new Context();

const valueAt = (flat: number) => ((flat * 31) % 17) - 5;

function arrayOf(shape: readonly number[], where: Distribution | DistributionOptions): DistArray {
  const data = Float64Array.from(PlainArray.from(shape, valueAt).elements);
  const place = where instanceof Distribution ? { distribution: where } : where;
  return ctx.fromArray({ data, shape }, place) as DistArray;
}

const plainOf = (shape: readonly number[]) => PlainArray.from(shape, valueAt);
const plus = (x: number, y: number) => x + y;

/** A slice that leaves `reach` indices out at both ends, moved by a shift. */
const shifted = (reach: number, shift: number, extent: number) => {
  const [start, stop] = [reach + shift, extent - reach + shift];
  return `${start === 0 ? '' : start}:${stop === extent ? '' : stop - extent}`;
};

/** The sum over shifts by at most `reach`: along the axes, or across corners, too. */
function stencil(u: DistArray, reach: number, isBox: boolean): [string[], DistArray[]] {
  const strings: string[] = [''];
  const values: DistArray[] = [];
  for (const [k, shifts] of shiftsOf(u.ndim, reach, isBox).entries()) {
    if (k > 0) strings[strings.length - 1] += ' + ';
    values.push(u);
    strings.push(
      `[${shifts.map((shift, axis) => shifted(reach, shift, u.shape[axis])).join(', ')}]`,
    );
  }
  return [strings, values];
}

function shiftsOf(ndim: number, reach: number, isBox: boolean): number[][] {
  let all: number[][] = [[]];
  // Few of the many of a box: sums of 23 operands at most.
  const steps = reach === 1 ? [-1, 0, 1] : [-reach, 0, reach];
  for (let axis = 0; axis < ndim; axis++) {
    all = all.flatMap((shifts) => steps.map((step) => [...shifts, step]));
  }
  const isMiddle = (shifts: number[]) => shifts.every((shift) => shift === 0);
  const isStar = (shifts: number[]) => shifts.filter((shift) => shift !== 0).length <= 1;
  if (isBox) return all.filter((_, k) => k % (ndim === 3 ? 2 : 1) === 0);
  // The middle first: the result lies as the first operand does.
  return [...all.filter(isMiddle), ...all.filter((shifts) => isStar(shifts) && !isMiddle(shifts))];
}

function plainStencil(plain: PlainArray, reach: number, isBox: boolean): PlainArray {
  const parts = shiftsOf(plain.shape.length, reach, isBox).map((shifts) =>
    plain
      .slice(
        shifts.map((shift, axis) => ({
          start: reach + shift,
          stop: plain.shape[axis] - reach + shift,
        })),
      )
      .copy(),
  );
  return parts.reduce((sum, part) => sum.combine(part, plus));
}

const call = ([strings, values]: [string[], DistArray[]], tag = expr as unknown) =>
  (tag as (strings: string[], ...values: DistArray[]) => DistArray)(strings, ...values);

/** Grids of as many processes as there are, for as many dimensions. */
function gridsOf(ndim: number): number[][] {
  const factors = (count: number, left: number): number[][] =>
    left === 1
      ? [[count]]
      : Array.from({ length: count }, (_, k) => k + 1)
          .filter((factor) => count % factor === 0)
          .flatMap((factor) => factors(count / factor, left - 1).map((rest) => [factor, ...rest]));
  return factors(size, ndim);
}

describe('shifted slices', function () {
  this.timeout(60_000);

  const shapes: readonly number[][] = [[23], [13, 11], [12, 12], [9, 10, 8]];
  for (const shape of shapes) {
    it(`are right on every grid, of shape ${shape}`, () => {
      for (const gridShape of gridsOf(shape.length)) {
        const u = arrayOf(shape, { dist: 'b'.repeat(shape.length), gridShape });
        for (const reach of [1, 2]) {
          for (const isBox of [false, true]) {
            if (shape.length === 3 && isBox !== (reach === 1)) continue;
            const label = `grid ${gridShape}, reach ${reach}, box ${isBox}`;
            const found = call(stencil(u, reach, isBox)).toNested();
            assert.deepEqual(found, plainStencil(plainOf(shape), reach, isBox).nested, label);
          }
        }
      }
    });
  }

  it('are right on maps of every kind, periodic, padded, uneven and empty parts among them', () => {
    const arrays = fc
      .array(fc.integer({ min: 5, max: 9 }), { minLength: 1, maxLength: 3 })
      .chain((shape) => fc.tuple(fc.constant(shape), anyDistribution(shape, size)));
    fc.assert(
      fc.property(arrays, fc.constantFrom(1, 2), fc.boolean(), ([shape, where], reach, isBox) => {
        const u = arrayOf(shape, where);
        const found = call(stencil(u, reach, isBox));
        assert.deepEqual(found.toNested(), plainStencil(plainOf(shape), reach, isBox).nested);
      }),
      { seed: sharedSeed(), numRuns: 20 },
    );
  });

  it('are right where there are more processes than rows, and parts as narrow as the reach', () => {
    for (const rows of [3, size, size + 1, 2 * size, 2 * size + 1].filter((count) => count >= 3)) {
      const u = arrayOf([rows, 5], { dist: 'bn' });
      assert.deepEqual(
        call(stencil(u, 1, true)).toNested(),
        plainStencil(plainOf([rows, 5]), 1, true).nested,
        `${rows} rows`,
      );
    }
    const bounds = [0, ...Array.from({ length: size }, (_, k) => 2 + k * k + k)];
    const total = bounds[size];
    const uneven = Distribution.fromMaps([BlockMap.fromBounds(bounds), new UndistributedMap(6)]);
    if (total >= 5) {
      const u = arrayOf([total, 6], uneven);
      for (const reach of [1, 2]) {
        const expected = plainStencil(plainOf([total, 6]), reach, true).nested;
        assert.deepEqual(call(stencil(u, reach, true)).toNested(), expected);
      }
    }
  });

  it('may be of several arrays, steps and directions, and be shifted against the result', () => {
    const n = 6 * size;
    const u = arrayOf([n, 7], { dist: 'bn' });
    const v = u.mul(3).add(1);
    const [p, q] = [plainOf([n, 7]), plainOf([n, 7]).combine(1, (x, y) => 3 * x + y)];
    const half = n / 2;
    const range = (start: number | null, stop: number | null, step = 1) => [{ start, stop, step }];
    const cases: readonly (readonly [DistArray, PlainArray])[] = [
      [
        expr`${u}[1:] - ${v}[:-1]`,
        p.slice(range(1, null)).combine(q.slice(range(null, -1)).copy(), (x, y) => x - y),
      ],
      [
        expr`${u}[::2] + ${v}[1::2]`,
        p.slice(range(null, null, 2)).combine(q.slice(range(1, null, 2)).copy(), plus),
      ],
      [expr`${u}[::-1] + ${v}`, p.slice(range(null, null, -1)).combine(q.copy(), plus)],
      [
        expr`${u}[2:] + ${v}[1:-1, ::-1]`,
        p
          .slice(range(2, null))
          .combine(q.slice([...range(1, -1), ...range(null, null, -1)]).copy(), plus),
      ],
      [
        expr`${u}[:, 1:] * 1 + ${u}[:, :-1]`,
        p.slice([{}, ...range(1, null)]).combine(p.slice([{}, ...range(null, -1)]).copy(), plus),
      ],
    ];
    cases.forEach(([found, expected], k) => {
      assert.deepEqual(found.toNested(), expected.nested, `case ${k}`);
    });
    assert.equal(expr`${u}[:-1] + ${u}[1:]`.shape[0], 2 * half - 1);
  });

  it('send the edges once an array, and nothing else', () => {
    const columns = 16;
    const u = ctx.ones([8 * size, columns], { dist: 'bn' });
    const v = ctx.ones([8 * size, columns], { dist: 'bn', dtype: 'float32' });
    const lower = rank > 0 ? 1 : 0;
    const upper = rank < size - 1 ? 1 : 0;
    const sent = (run: () => void) => {
      const { messages, bytes } = ctx.stats;
      run();
      return [ctx.stats.messages - messages, ctx.stats.bytes - bytes];
    };
    for (let k = 0; k < 3; k++) {
      const found = sent(() => expr`${u}[1:-1] + ${u}[2:] + ${u}[:-2] * ${u}[2:] + ${u}[:-2]`);
      assert.deepEqual(found, [lower + upper, (lower + upper) * columns * 8]);
    }
    // One direction only still has an edge of both widths: one width an edge, as padding has.
    const both = sent(() => expr`${u}[2:] - ${v}[:-2] + ${v}[1:-1]`);
    assert.ok(both[1] <= (lower + upper) * columns * 12, `${both}`);
    assert.deepEqual(
      sent(() => expr`${u}[1:, 1:] + ${u}[1:, :-1]`),
      [0, 0],
    );
    const next = ctx.empty([8 * size, columns], { dist: 'bn' });
    const step = sent(() => expr.assign(next, '1:-1')`${u}[1:-1] + ${u}[2:] + ${u}[:-2]`);
    assert.deepEqual(step, [lower + upper, (lower + upper) * columns * 8]);
  });

  it('send edges of square arrays on square grids, whose axes are alike', () => {
    const [gridShape] = gridsOf(2).filter(([a, b]) => a === b);
    if (gridShape === undefined) return;
    const u = ctx.ones([16, 16], { dist: 'bb', gridShape });
    const { bytes } = ctx.stats;
    call(stencil(u, 1, false));
    assert.ok(ctx.stats.bytes - bytes <= 2 * 8 * 8, `${ctx.stats.bytes - bytes}`);
  });

  it('count what is brought elsewhere', () => {
    const u = ctx.ones([8 * size], { dist: 'b' });
    const v = ctx.ones([8 * size], { dist: 'c' });
    const { bytes } = ctx.stats;
    expr`${u} + ${v}`;
    assert.equal(ctx.stats.bytes - bytes > 0, size > 1);
  });

  it('see what was written since', () => {
    const u = ctx.zeros([4 * size], { dist: 'b' });
    const sum = () => expr`${u}[1:] + ${u}[:-1]`;
    sum();
    u.fill(1);
    assert.equal(sum().min().item(), 2);
    u.local.data.fill(3);
    assert.equal(sum().min().item(), 6);
  });

  it('go into what is read', () => {
    for (const dist of ['b', 'c', 'n']) {
      const n = 5 * size + 2;
      const u = arrayOf([n], { dist });
      const plain = plainOf([n]);
      for (let step = 0; step < 3; step++) {
        const before = plain.elements;
        expr.assign(u, '1:-1')`${u}[:-2] - ${u}[2:] + ${u}[1:-1]`;
        for (let k = 1; k < n - 1; k++) plain.values[k] = before[k - 1] - before[k + 1] + before[k];
        assert.deepEqual(u.toNested(), plain.nested, `${dist}, step ${step}`);
      }
      const before = plain.elements;
      expr.assign(u, '2:')`${u}[:-2] * 2`;
      expr.into(u)`${u}[::-1]`;
      const moved = before.map((value, k) => (k < 2 ? value : 2 * before[k - 2]));
      assert.deepEqual(u.toNested(), moved.reverse(), dist);
    }
  });

  it('go into arrays over one buffer that do not know each other', () => {
    const n = 4 * size;
    const u = arrayOf([n], { dist: 'b' });
    const twin = ctx.fromLocalArrays(LocalArray.fromDistArray(ctx.comm, u.local)) as DistArray;
    expr.assign(twin, '1:-1')`${u}[:-2] + ${u}[2:]`;
    const values = plainOf([n]).elements;
    const expected = values.map((value, k) =>
      k === 0 || k === n - 1 ? value : values[k - 1] + values[k + 1],
    );
    assert.deepEqual(u.toNested(), expected);
  });

  it('cast to what they go into', () => {
    const u = arrayOf([3 * size + 2], { dist: 'b' });
    const single = ctx.zeros([3 * size], { dist: 'c', dtype: 'float32' });
    expr.into(single)`(${u}[2:] + ${u}[:-2]) / 3`;
    const values = plainOf([3 * size + 2]).elements;
    const expected = Array.from({ length: 3 * size }, (_, k) =>
      Math.fround((values[k] + values[k + 2]) / 3),
    );
    assert.deepEqual(single.toNested(), expected);
    const rows = ctx.zeros([2, 3 * size], { dist: 'nb', dtype: 'complex64' });
    assert.equal(expr.into(rows)`${single} + 1`, rows);
    assert.deepEqual(rows.get(1, 0), { re: Math.fround(expected[0] + 1), im: 0 });
  });
});
