// ranks: 1-3
/** Plain files, text, checkpoints and lazy arrays, as programs use them wherever they run. */
import { strict as assert } from 'node:assert';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { Context, expr, kernel, type LocalArray, newaxis } from '../../../src/entry/index.ts';
import { failsAlike, SharedDirectory } from '../../support/files.ts';
import { isClient, program, size } from '../../support/mode.ts';

const ctx = new Context();
const directory = new SharedDirectory('plain-files');
const path = (name: string) => directory.path(name);
const array = () => ctx.arange(60).reshape([12, 5]);

/** Makes a file, which all see. */
function onDisk(make: () => void): void {
  if (program.rank === 0) make();
  program.barrier();
}

describe('plain files', () => {
  it('hold the elements, and nothing else', () => {
    array().astype('float32').toFile(path('a.bin'));
    assert.equal(readFileSync(path('a.bin')).length, 240);
    const back = ctx.fromFile(path('a.bin'), { dtype: 'float32', shape: [12, 5], dist: 'nc' });
    assert.equal(back.dtype, 'float32');
    assert.deepEqual(back.distribution.dist, ['n', 'c']);
    assert.deepEqual(back.toNested(), array().toNested());
    const distribution = ctx.distribution([6, 5], { dist: 'bb' });
    const second = ctx.fromFile(path('a.bin'), { dtype: 'float32', offset: 120, distribution });
    assert.deepEqual(second.toNested(), array().slice('6:').toNested());
    failsAlike(() => ctx.fromFile(path('a.bin'), { shape: [40] }), 'ERR_FILE_TRUNCATED');
    failsAlike(() => ctx.fromFile(path('none.bin')), 'ENOENT');
    failsAlike(() => ctx.fromFile(path('a.bin'), 3 as never), 'ERR_ARGUMENT_TYPE');
  });

  it('hold rows of text', () => {
    ctx.saveTxt(path('a.csv'), array(), { delimiter: ',', header: 'v w x y z' });
    const back = ctx.loadTxt(path('a.csv'), { delimiter: ',', dist: 'cn' });
    assert.deepEqual(back.toNested(), array().toNested());
    const columns = ctx.loadTxt(path('a.csv'), { delimiter: ',', useCols: [4, 0], dtype: 'int32' });
    assert.deepEqual([columns.dtype, columns.shape], ['int32', [12, 2]]);
    assert.equal(Number(columns.sum().item()), 60 * 11 + 4 * 12);
    onDisk(() => writeFileSync(path('b.csv'), '1 2\n3\n'));
    failsAlike(() => ctx.loadTxt(path('b.csv')), 'ERR_TXT_RAGGED');
  });
});

describe('checkpoints', () => {
  it('bring back arrays, state, and where random numbers are', () => {
    const u = array();
    const v = ctx.ones([7], { dtype: 'int16', dist: 'c' });
    ctx.random.seed(11);
    ctx.random.rand([5]);
    assert.equal(ctx.checkpoint(path('run'), { arrays: { u, v }, state: { step: 3 } }), 1);
    assert.equal(ctx.checkpoint(path('run'), { arrays: { u: u.mul(2), v }, state: null }), 2);
    const next = ctx.random.rand([5]).toNested();
    const { arrays, state, generation } = ctx.restore<null>(path('run'));
    assert.deepEqual(
      [Object.keys(arrays), state, generation, arrays.v.dtype, arrays.v.distribution.dist],
      [['u', 'v'], null, 2, 'int16', ['c']],
    );
    assert.deepEqual(arrays.u.toNested(), u.mul(2).toNested());
    assert.deepEqual(ctx.random.rand([5]).toNested(), next);
    const distributions = { u: ctx.distribution([12, 5], { dist: 'bb' }) };
    const first = ctx.restore<{ step: number }>(path('run'), { generation: 1, distributions });
    assert.deepEqual([first.state.step, first.arrays.u.distribution.dist], [3, ['b', 'b']]);
    assert.deepEqual(first.arrays.u.toNested(), u.toNested());
  });

  it('tell what is wrong', () => {
    ctx.checkpoint(path('wrong'), { arrays: { u: array() } });
    failsAlike(() => ctx.restore(path('nothing')), 'ERR_CHECKPOINT_NONE');
    failsAlike(() => ctx.restore(path('wrong'), { generation: 7 }), 'ERR_CHECKPOINT_NONE');
    failsAlike(() => ctx.restore(path('wrong'), 5 as never), 'ERR_ARGUMENT_TYPE');
    const distributions = { x: ctx.distribution([4]) };
    failsAlike(() => ctx.restore(path('wrong'), { distributions }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => ctx.checkpoint(path('wrong'), { state: Number.NaN }), /ERR_ARGUMENT/);
    assert.throws(() => ctx.checkpoint(path('wrong'), { arrays: { u: 3 as never } }), {
      code: 'ERR_ARGUMENT_TYPE',
    });
    const state = ctx.random.getState();
    ctx.random.rand([4]);
    const moved = ctx.random.getState();
    assert.notDeepEqual(state, moved);
    failsAlike(() => ctx.restore(path('nothing')), 'ERR_CHECKPOINT_NONE');
    assert.deepEqual(ctx.random.getState(), moved);
  });
});

describe('lazy arrays', () => {
  const open = () => ctx.openNpy(path('lazy.npy'), { memory: 2 ** 16 });
  before(() => ctx.saveNpy(path('lazy.npy'), ctx.arange(40_000).reshape([400, 100]).sin()));

  it('are combined with arrays in memory, slices of slices too', () => {
    const all = ctx.loadNpy(path('lazy.npy'));
    const weights = ctx.arange(100).reshape([1, 100]);
    const column = ctx.arange(400, { dist: 'c' }).slice([null, newaxis]);
    const lazy = open().mul(weights).add(column).sub(weights);
    const wanted = all.mul(weights).add(column).sub(weights);
    assert.ok(ctx.allclose(lazy.compute({ dist: 'cc' }), wanted));
    const [cut, part] = [lazy.slice('::3, 5:').slice('2:-2, ::-2'), wanted.slice('::3, 5:')];
    assert.ok(ctx.allclose(cut.compute(), part.slice('2:-2, ::-2')));
    assert.ok(
      ctx.allclose(cut.slice('4').max({ axis: 0 }), part.slice('2:-2, ::-2').slice('4').max()),
    );
    // What is computed later sees what the array has become.
    weights.fill(0);
    assert.ok(ctx.allclose(lazy.compute(), column.add(all.mul(0))));
  });

  it('are gone through, reduced and counted', () => {
    const all = ctx.loadNpy(path('lazy.npy'));
    let [rows, sum] = [0, 0];
    for (const { array: block, offset } of open().blocks({ rows: 18 })) {
      assert.deepEqual(
        [offset, block.shape],
        [
          [rows, 0],
          [Math.min(18, 400 - rows), 100],
        ],
      );
      rows += block.shape[0];
      const kept = block.mul(2);
      sum += +kept.sum();
    }
    assert.equal(rows, 400);
    assert.ok(Math.abs(sum - 2 * +all.sum()) < 1e-9);
    for (const { offset } of open().blocks({ rows: 18 })) if (offset[0] > 0) break;
    const { mean, var: variance } = open().reductions(['mean', 'var'], { axis: 0 });
    assert.ok(ctx.allclose(mean, all.mean({ axis: 0 })));
    assert.ok(ctx.allclose(variance, all.var({ axis: 0 })));
    const { counts, edges } = open().histogram(4, [-1, 1]);
    assert.deepEqual([counts.dtype, edges.toNested()], ['int64', [-1, -0.5, 0, 0.5, 1]]);
    assert.equal(Number(counts.sum().item()), 40_000);
    assert.throws(() => open().sum({ axis: 2 }), { code: 'ERR_ARGUMENT_RANGE' });
  });

  it('go into files, and come from HDF5', () => {
    open().mul(3).toNpy(path('three.npy'));
    open().slice(':, 0').toHdf5(path('lazy.h5'), { key: 'a/first' });
    ctx.saveHdf5(path('lazy.h5'), ctx.arange(50), { key: 'zipped', compression: 'gzip' });
    const all = ctx.loadNpy(path('lazy.npy'));
    assert.ok(ctx.allclose(ctx.loadNpy(path('three.npy')), all.mul(3)));
    const first = ctx.openHdf5(path('lazy.h5'), { key: 'a/first' });
    assert.equal(first.sum().item(), all.slice(':, 0').sum().item());
    assert.equal(+ctx.openHdf5(path('lazy.h5'), { key: 'zipped' }).max(), 49);
    failsAlike(() => ctx.openHdf5(path('lazy.h5'), { key: 'none' }), 'ERR_HDF5_KEY');
    const lazy = ctx.openNpy(path('three.npy'));
    onDisk(() => truncateSync(path('three.npy'), 10_000));
    failsAlike(() => lazy.sum(), 'ERR_NPY_TRUNCATED');
    failsAlike(() => [...lazy.blocks()], 'ERR_NPY_TRUNCATED');
    assert.equal(open().sum().item(), all.sum().item());
  });
});

/** What the kernel of a test is called where it is captured. */
declare const both: unknown;

describe('texts and sources that go to the arrays', () => {
  it('are expressions, with slices, new axes and constants', () => {
    const u = array();
    const column = ctx.arange(12);
    for (let k = 0; k < 3; k++) {
      const result = expr`where(${u}[1:-1] > ${k}, ${u}[2:] - 2.5 * ${u}[:-2], 0j + ${u}[1:-1])`;
      assert.equal(result.dtype, 'complex128');
      assert.deepEqual(result.get(0, 0), { re: k < 5 ? 10 : 5, im: 0 });
    }
    assert.deepEqual(
      expr`${u} + ${column}[:, None]`.toNested(),
      u.add(column.slice([null, newaxis])).toNested(),
    );
    assert.equal(+expr`sum(${u}**2)`, +u.square().sum());
    const out = ctx.zeros([12, 5], { dtype: 'float32' });
    expr.into(out)`sqrt(${u})`;
    expr.assign(out, '0')`${2} * ${u}[1]`;
    assert.deepEqual(out.slice('0').toNested(), [10, 12, 14, 16, 18]);
  });

  it('are kernels', () => {
    const k = kernel.c`
      void scaled(const double* x, double by, double* out, size_t n) {
        for (size_t i = 0; i < n; i++) out[i] = x[i] * by;
      }
      double twice(double x) { return 2 * x; }`;
    const { scaled, twice } = k as typeof k &
      Record<'scaled' | 'twice', ReturnType<typeof kernel.c>>;
    (k as unknown as { compile(group: unknown): void }).compile(ctx);
    const u = array();
    for (const by of [2, 3]) {
      const mapped = (scaled as unknown as { map(...all: unknown[]): typeof u }).map(u, by);
      assert.deepEqual(mapped.toNested(), u.mul(by).toNested());
    }
    assert.equal((twice as unknown as (x: number) => number)(4), 8);
    const axpy = kernel.c<(by: number, x: LocalArray, y: LocalArray, n: number) => void>`
      void axpy(double k, const double* x, double* y, size_t n) {
        for (size_t i = 0; i < n; i++) y[i] += k * x[i];
      }`;
    const y = ctx.ones([12, 5]);
    const capture = { axpy, both: k };
    const returned = ctx.apply(
      (a: LocalArray, b: LocalArray) => {
        axpy(2, a, b, a.localSize);
        return (both as unknown as { twice(x: number): number }).twice(3);
      },
      [u, y] as never,
      { capture },
    );
    assert.deepEqual(returned, Array(size).fill(6));
    assert.deepEqual(y.toNested(), u.mul(2).add(1).toNested());
    const wrong = kernel.c`void wrong(const double* x, double* out, size_t n) { nonsense }`;
    failsAlike(() => wrong.map(u).toNested(), 'ERR_COMPILE');
  });

  it('run where the arrays are', () => {
    assert.equal(ctx.size, size);
    assert.equal(ctx.rank === null, isClient);
  });
});
