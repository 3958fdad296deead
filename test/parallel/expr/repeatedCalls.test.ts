// ranks: 1-5
/** Calls of a template that are made again with the same arrays: prepared, but not to be told from others. */
import { strict as assert } from 'node:assert';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import {
  Context,
  type DistArray,
  Distribution,
  type DistributionOptions,
  type Dtype,
  expr,
  MPI,
} from '../../../src/entry/index.ts';
import { anyDistribution } from '../../support/maps.ts';
import { sharedSeed } from '../../support/sharedSeed.ts';

const { size } = MPI.COMM_WORLD;
const ctx = new Context();

function arrayOf(
  shape: readonly number[],
  where: Distribution | DistributionOptions = {},
  dtype: Dtype = 'float64',
): DistArray {
  const place = where instanceof Distribution ? { distribution: where } : where;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const data = Float64Array.from({ length: count }, (_, k) => ((k * 31) % 17) / 3 - 2);
  return ctx.fromArray({ data, shape }, place).astype(dtype) as DistArray;
}

/** One call site for all arrays of a shape. */
const steps: Record<number, (u: DistArray, v: DistArray, k: number) => void> = {
  1: (u, v, k) => {
    expr.assign(v, '1:-1')`${u}[1:-1] + ${k} * (${u}[2:] - 2 * ${u}[1:-1] + ${u}[:-2])`;
  },
  2: (u, v, k) => {
    expr.assign(v, '1:-1, 1:-1')`${u}[1:-1, 1:-1] + ${k} * (${u}[2:, 1:-1] + ${u}[:-2, 1:-1]
      + ${u}[1:-1, 2:] + ${u}[1:-1, :-2] - 4 * ${u}[1:-1, 1:-1] + ${u}[2:, 2:] / 7)`;
  },
  3: (u, v, k) => {
    expr.assign(v, '1:-1, 1:-1, 1:-1')`${u}[1:-1, 1:-1, 1:-1] + ${k} * (${u}[2:, 1:-1, 1:-1]
      + ${u}[1:-1, :-2, 1:-1] + ${u}[1:-1, 1:-1, 2:])`;
  },
};

/** The same by methods, each of which makes an array of its own. */
const fresh: Record<number, (u: DistArray, v: DistArray, k: number) => void> = {
  1: (u, v, k) => {
    const at = (slice: string) => u.slice(slice);
    const sum = at('2:').sub(at('1:-1').mul(2)).add(at(':-2'));
    v.slice('1:-1').assign(at('1:-1').add(sum.mul(k)));
  },
  2: (u, v, k) => {
    const at = (slice: string) => u.slice(slice);
    const sum = at('2:, 1:-1')
      .add(at(':-2, 1:-1'))
      .add(at('1:-1, 2:'))
      .add(at('1:-1, :-2'))
      .sub(at('1:-1, 1:-1').mul(4))
      .add(at('2:, 2:').div(7));
    v.slice('1:-1, 1:-1').assign(at('1:-1, 1:-1').add(sum.mul(k)));
  },
  3: (u, v, k) => {
    const at = (slice: string) => u.slice(slice);
    const sum = at('2:, 1:-1, 1:-1').add(at('1:-1, :-2, 1:-1')).add(at('1:-1, 1:-1, 2:'));
    v.slice('1:-1, 1:-1, 1:-1').assign(at('1:-1, 1:-1, 1:-1').add(sum.mul(k)));
  },
};

describe('repeated calls of a template', function () {
  this.timeout(60_000);

  it('give the bits of fresh ones, on maps of every kind', () => {
    const arrays = fc
      .array(fc.integer({ min: 5, max: 9 }), { minLength: 1, maxLength: 3 })
      .chain((shape) => fc.tuple(fc.constant(shape), anyDistribution(shape, size)));
    fc.assert(
      fc.property(arrays, fc.constantFrom<Dtype>('float64', 'float32'), ([shape, where], dtype) => {
        let [u, v] = [arrayOf(shape, where, dtype), arrayOf(shape, where, dtype)];
        let [x, y] = [u.copy(), v.copy()];
        for (let step = 0; step < 7; step++) {
          // Kinds of numbers change, too.
          const k = [0.25, 0.125, 0.5, 2, 0.25, 3, -1][step];
          steps[shape.length](u, v, k);
          fresh[shape.length](x, y, k);
          assert.deepEqual(v.toNested(), y.toNested(), `step ${step}`);
          [u, v] = [v, u];
          [x, y] = [y, x];
        }
      }),
      { seed: sharedSeed(), numRuns: 25 },
    );
  });

  it('send what the first one sends', () => {
    let [u, v] = [arrayOf([4 * size, 6], { dist: 'bn' }), arrayOf([4 * size, 6], { dist: 'bn' })];
    const sent: number[][] = [];
    for (let step = 0; step < 8; step++) {
      const { messages, bytes } = ctx.stats;
      steps[2](u, v, 0.25);
      sent.push([ctx.stats.messages - messages, ctx.stats.bytes - bytes]);
      [u, v] = [v, u];
    }
    for (const each of sent) assert.deepEqual(each, sent[0]);
    assert.equal(sent[0][0] > 0, size > 1);
  });

  it('see what was written to operands meanwhile, also by the program itself', () => {
    const [u, out] = [arrayOf([3 * size + 2]), ctx.zeros([3 * size])];
    for (let step = 0; step < 6; step++) {
      u.set(step, 0);
      if (u.local.localSize > 0) u.local.data[u.local.localSize - 1] = step + 0.5;
      expr.into(out)`${u}[:-2] + 10 * ${u}[2:]`;
      const now = u.copy();
      assert.deepEqual(out.toNested(), now.slice(':-2').add(now.slice('2:').mul(10)).toNested());
    }
  });

  it('write into what they read', () => {
    const [u, x] = [arrayOf([5 * size]), arrayOf([5 * size])];
    for (let step = 0; step < 5; step++) {
      expr.assign(u, '1:')`${u}[:-1] / 2 + 1`;
      x.slice('1:').assign(x.slice(':-1').div(2).add(1));
      expr.into(u)`${u} * 0.75`;
      x.assign(x.mul(0.75));
      assert.deepEqual(u.toNested(), x.toNested());
    }
  });

  it('cast and broadcast', () => {
    const [a, row] = [arrayOf([2 * size, 5]), ctx.fromArray([1.5, 2, -3, 4, 0.25])];
    const out = ctx.zeros([2 * size, 5], { dtype: 'float32' });
    const expected = a.add(row).astype('float32').toNested();
    for (let step = 0; step < 4; step++) {
      out.fill(0);
      expr.into(out)`${a} + ${row}`;
      assert.deepEqual(out.toNested(), expected);
    }
  });

  it('take numbers anew, also complex ones that have changed', () => {
    const a = ctx.arange(4).astype('complex128');
    const out = ctx.zeros([4], { dtype: 'complex128' });
    const z = { re: 1, im: 0 };
    for (let step = 0; step < 5; step++) {
      z.im = step;
      expr.into(out)`${a} * ${z} + ${step}`;
      assert.deepEqual(out.toNested(), a.mul({ re: 1, im: step }).add(step).toNested());
    }
  });

  it('refuse numbers that do not fit', () => {
    const a = ctx.zeros([4 * size], { dtype: 'int8' });
    const add = (k: number) => expr.into(a)`${a} + ${k}`;
    for (let step = 0; step < 4; step++) add(1);
    assert.throws(() => add(300), RangeError);
    assert.deepEqual([+a.min(), +a.max()], [4, 4]);
  });

  it('leave chains that wait for what is overwritten their values', () => {
    const shape = [2 ** 12 * size];
    const [a, out] = [arrayOf(shape), arrayOf(shape)];
    for (let step = 0; step < 5; step++) {
      const chain = out.mul(2).add(1);
      const before = out.toNested() as number[];
      expr.into(out)`${a} + ${step}`;
      const expected = before.map((x) => x * 2 + 1);
      assert.deepEqual(chain.toNested(), expected);
    }
  });

  it('name what was disposed of, or has no memory any more', () => {
    const [a, b, out] = [arrayOf([8 * size]), arrayOf([8 * size]), ctx.zeros([8 * size])];
    const add = () => expr.into(out)`${a} + ${b}`;
    for (let step = 0; step < 4; step++) add();
    structuredClone(b.local.data.buffer, { transfer: [b.local.data.buffer as ArrayBuffer] });
    assert.throws(add, { name: 'ArgumentRangeError' });
    a.dispose();
    assert.throws(add, { code: 'ERR_DISPOSED' });
  });

  it('keep no array in memory', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const made: WeakRef<DistArray>[] = [];
    const out = ctx.zeros([8 * size]);
    const add = (a: DistArray) => expr.into(out)`${a} + 1`;
    (() => {
      const a = arrayOf([8 * size]);
      for (let step = 0; step < 4; step++) add(a);
      made.push(new WeakRef(a));
    })();
    await new Promise((resolve) => setTimeout(resolve));
    collect();
    assert.equal(made[0].deref(), undefined);
  });
});
