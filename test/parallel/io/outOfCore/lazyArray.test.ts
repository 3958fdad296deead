// modes: spmd, client
/** Lazy arrays as a user meets them. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { ELEMENTWISE_NAMES } from '../../../../src/dtype/elementwise.ts';
import { Context, LazyArray } from '../../../../src/entry/index.ts';
import { SharedDirectory } from '../../../support/files.ts';
import { isClient, program } from '../../../support/mode.ts';

const ctx = new Context();
const directory = new SharedDirectory('lazy-array');
const { rank } = program;
const [ROWS, COLUMNS] = [203, 117];
const array = ctx
  .arange(ROWS * COLUMNS)
  .sin()
  .reshape([ROWS, COLUMNS]);
const small = { memory: 2 ** 16 } as const;

describe('openNpy', () => {
  before(() => ctx.saveNpy(directory.path('a.npy'), array));
  const open = () => ctx.openNpy(directory.path('a.npy'), small);

  it('tells what is in the file, without communication', () => {
    const lazy = open();
    assert.ok(lazy instanceof LazyArray);
    assert.deepEqual(
      [[...lazy.shape], lazy.dtype, lazy.ndim, lazy.size, lazy.itemsize, lazy.nbytes],
      [[ROWS, COLUMNS], 'float64', 2, ROWS * COLUMNS, 8, 8 * ROWS * COLUMNS],
    );
    if (rank === 0) {
      const text = inspect(lazy.slice('1:-1, ::2').mul(2));
      assert.match(
        text,
        /^LazyArray float64 \[201, 59\], memory 64 KiB\n {2}multiply\('.*a\.npy' /,
      );
    }
    assert.equal(ctx.openNpy(directory.path('a.npy')).memory, 256 * 2 ** 20);
  });

  it('has the elementwise functions of arrays as methods, under all their names', () => {
    const lazy = open();
    const methods = lazy as unknown as Record<string, unknown>;
    for (const name of ELEMENTWISE_NAMES.keys())
      assert.equal(typeof methods[name], 'function', name);
    const chain = lazy.mul(2).add(array).abs().sqrt().maximum(0.5).round({ decimals: 3 });
    const expected = array.mul(2).add(array).abs().sqrt().maximum(0.5).round({ decimals: 3 });
    assert.ok(ctx.allclose(chain.compute(), expected));
    assert.ok(ctx.allclose(lazy.clip(0).compute(), array.clip(0)));
    assert.ok(ctx.allclose(lazy.clip(null, 0.5).compute(), array.clip(null, 0.5)));
    assert.ok(ctx.allclose(lazy.clip().compute(), array));
    assert.equal(lazy.greater(0).dtype, 'bool');
    assert.equal(lazy.add(1, { dtype: 'complex64' }).dtype, 'complex64');
  });

  it('broadcasts files and arrays in memory of any distribution together', () => {
    const row = ctx.openNpy(directory.path('a.npy'), small).slice('3:4');
    const columns = array.slice(':, :1').distributeAs([ROWS, 1], { dist: 'cn' });
    const chain = open().sub(row).div(columns.add(2));
    const expected = array.sub(array.slice('3:4')).div(columns.add(2));
    assert.ok(ctx.allclose(chain.compute(), expected));
    assert.ok(ctx.allclose(chain.compute({ dist: 'cc' }), expected));
    assert.ok(
      ctx.allclose(
        chain.slice('5::7, ::-1').mean({ axis: 1 }),
        expected.slice('5::7, ::-1').mean({ axis: 1 }),
      ),
    );
  });

  it('reduces to the bits of arrays in memory, known to every process', () => {
    const lazy = open();
    for (const name of ['sum', 'mean', 'min', 'max', 'any', 'all', 'countNonzero'] as const) {
      assert.equal(lazy[name]().item(), array[name]().item(), name);
    }
    const { mean, std } = lazy.reductions(['mean', 'std'], { ddof: 1 });
    assert.equal(mean.item(), array.mean().item());
    assert.ok(Math.abs(+std - +array.std({ ddof: 1 })) < 1e-14);
    const along = lazy.var({ axis: -1, keepdims: true });
    assert.deepEqual([...along.shape], [ROWS, 1]);
    assert.ok(ctx.allclose(along, array.var({ axis: -1, keepdims: true })));
    assert.equal(lazy.sum({ dtype: 'float32' }).dtype, 'float32');
  });

  it('finds the first of equal elements, and NaN before all others', () => {
    const path = directory.path('places.npy');
    // The least is 3 times in each row but the last, the largest at each end of it.
    const [rows, columns] = [1000, 50];
    const values = (i: number, j: number) => {
      if (i === rows - 1) return j === 0 || j === columns - 1 ? 9 : 5;
      return j % 20 === (i % 7) + 3 ? 1 : 2;
    };
    const stored = ctx.fromFunction(values, [rows, columns]);
    ctx.saveNpy(path, stored);
    const lazy = ctx.openNpy(path, small);
    assert.deepEqual(
      [lazy.argmin().item(), lazy.argmax().item()],
      [3n, BigInt((rows - 1) * columns)],
    );
    assert.deepEqual([lazy.argmin().dtype, lazy.argmin().shape], ['int64', []]);
    const alongRows = lazy.argmin({ axis: 1 });
    assert.ok(
      alongRows
        .equal(
          ctx
            .arange(rows)
            .remainder(7)
            .add(3)
            .mul(ctx.arange(rows).notEqual(rows - 1))
            .add(ctx.arange(rows).equal(rows - 1)),
        )
        .all()
        .item(),
    );
    const { argmax, max } = lazy.reductions(['argmax', 'max'], { axis: -2, keepdims: true });
    assert.deepEqual(
      [argmax.shape, +argmax.slice('0, 0'), +max.slice('0, 0')],
      [[1, columns], rows - 1, 9],
    );
    // Backwards the last of equal ones is the first.
    assert.equal(lazy.slice('::-1, ::-1').argmax().item(), 0n);
    stored.slice('500, 10').assign(Number.NaN);
    stored.slice('700, 2').assign(Number.NaN);
    ctx.saveNpy(path, stored);
    const withNan = ctx.openNpy(path, small);
    for (const name of ['argmin', 'argmax'] as const) {
      assert.equal(withNan[name]().item(), BigInt(500 * columns + 10));
      assert.equal(+withNan[name]({ axis: 1 }).slice('700'), 2);
      assert.equal(+withNan[name]({ axis: 0 }).slice('10'), 500);
    }
    assert.throws(() => lazy.argmin({ axis: [0, 1] }), { argument: 'options.axis' });
    assert.throws(() => lazy.slice('1:1').argmin(), { argument: 'array' });
    assert.deepEqual(lazy.slice('1:1').argmin({ axis: 1 }).shape, [0]);
  });

  it('goes through blocks that cover the array, and takes their memory back', () => {
    let [sum, count, former] = [0, 0, null as Float64Array | null];
    for (const { array: block, offset } of open().blocks()) {
      assert.equal(former?.length ?? 0, 0);
      if (!isClient) former = block.local.data as Float64Array;
      const ranges = offset.map((start, axis) => ({ start, stop: start + block.shape[axis] }));
      assert.ok(ctx.allclose(block, array.slice(ranges), { atol: 0, rtol: 0 }));
      sum += +block.sum();
      count += block.size;
    }
    assert.equal(count, array.size);
    assert.ok(Math.abs(sum - +array.sum()) < 1e-9);
    const rows = [...Array(30).keys()].map(() => 0);
    let blocks = 0;
    for (const { array: block, offset } of open().blocks({ rows: 7 })) {
      assert.deepEqual([offset, block.shape[0]], [[7 * blocks, 0], Math.min(7, ROWS - 7 * blocks)]);
      blocks++;
      if (blocks === rows.length) break;
    }
    // The file is closed and can be opened again.
    assert.equal(open().blocks().next().done, false);
  });

  it('computes into files: also into the one that it reads', () => {
    const path = directory.path('b.npy');
    open().slice('::-1').mul(3).toNpy(path);
    assert.ok(ctx.allclose(ctx.loadNpy(path), array.slice('::-1').mul(3)));
    const again = ctx.openNpy(path, small);
    again.div(3).toNpy(path);
    assert.ok(ctx.allclose(ctx.loadNpy(path), array.slice('::-1')));
    assert.throws(() => again.toNpy(path, { mode: 'w-' }), { code: 'EEXIST' });
  });

  it('writes the bytes of numpy.save, as saveNpy does', () => {
    open().toNpy(directory.path('same.npy'));
    const [ours, saved] = ['same.npy', 'a.npy'].map((name) => readFileSync(directory.path(name)));
    assert.ok(ours.equals(saved));
  });

  it('knows arrays of no dimensions, and of no elements', () => {
    ctx.saveNpy(directory.path('0d.npy'), array.slice('5, 6'));
    const scalar = ctx.openNpy(directory.path('0d.npy'));
    const value = array.get(5, 6);
    assert.equal(+scalar.mul(2).sum(), 2 * value);
    assert.equal(+scalar.add(1).compute(), value + 1);
    const blocks = Array.from(scalar.blocks(), ({ offset, array: { shape } }) => [offset, shape]);
    assert.deepEqual(blocks, [[[], []]]);
    scalar.toNpy(directory.path('0d-copy.npy'));
    assert.equal(+ctx.loadNpy(directory.path('0d-copy.npy')), value);
    const nothing = open().slice('5:5');
    assert.deepEqual([...nothing.sum({ axis: 1 }).shape], [0]);
    assert.equal(+nothing.sum(), 0);
    assert.deepEqual([...nothing.compute().shape], [0, COLUMNS]);
    assert.deepEqual([...nothing.blocks()], []);
    nothing.toNpy(directory.path('none.npy'));
    assert.deepEqual([...ctx.loadNpy(directory.path('none.npy')).shape], [0, COLUMNS]);
    assert.throws(() => nothing.min(), RangeError);
  });
});
