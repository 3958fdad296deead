import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { Context, ContextError } from '../../../src/entry/index.ts';
import { failsAlike, SharedDirectory } from '../../support/files.ts';
import { size, total } from '../../support/mode.ts';

const directory = new SharedDirectory('files');
const path = (name: string) => directory.path(name);

describe('Context: files', () => {
  const ctx = new Context();
  const array = () => ctx.fromFunction((i, j) => 10 * i + j, [9, 5], { dist: 'cn' });

  it('are written in one distribution and read in another', () => {
    const a = array();
    const d = ctx.distribution([9, 5], { dist: 'bb' });
    ctx.saveHdf5(path('f.h5'), a, { key: 'u', mode: 'w' });
    ctx.saveNpy(path('f.npy'), a);
    for (const back of [
      ctx.loadHdf5(path('f.h5'), d, { key: 'u' }),
      ctx.loadNpy(path('f.npy'), d),
      ctx.loadNpy(path('f.npy'), { dist: 'nc' }),
      ctx.loadNpy(path('f.npy')),
    ]) {
      assert.equal(back.context, ctx);
      assert.ok(ctx.allclose(back, a));
    }
    assert.ok(ctx.loadNpy(path('f.npy'), d).distribution.equals(d));
  });

  it('keep the distribution as .dnpy', () => {
    const a = array();
    ctx.saveDnpy(path('f'), a);
    const back = ctx.loadDnpy(path('f'));
    assert.ok(back.distribution.isCompatible(a.distribution));
    assert.ok(ctx.allclose(back, a));
  });

  it('keep the distribution as HDF5, unless another one is wanted', () => {
    const a = array();
    ctx.saveHdf5(path('d.h5'), a, { mode: 'w', compression: 'gzip' });
    const back = ctx.loadHdf5(path('d.h5'));
    assert.ok(back.distribution.equals(a.distribution));
    assert.ok(ctx.allclose(back, a));
    assert.deepEqual(ctx.loadHdf5(path('d.h5'), { dist: 'nb' }).distribution.dist, ['n', 'b']);
    const narrow = new Context({ targets: [size - 1] });
    assert.deepEqual(narrow.loadHdf5(path('d.h5')).distribution.targets, [size - 1]);
    narrow.close();
  });

  it('are opened as HDF5 files', () => {
    const a = array();
    {
      using file = ctx.openHdf5File(path('o.h5'), { mode: 'w' });
      const dataset = file.createDataset('g/u', { data: a });
      dataset.slice('1:3').write(ctx.ones([2, 5]));
      dataset.attrs.set('units', 'm');
      const other = new Context();
      assert.throws(() => dataset.write(other.ones([9, 5])), ContextError);
      other.close();
    }
    using file = ctx.openHdf5File(path('o.h5'));
    const part = file.dataset('g/u').slice('::-4, 1:3').read({ dist: 'bb' });
    assert.equal(part.context, ctx);
    assert.deepEqual(part.toNested(), [
      [81, 82],
      [41, 42],
      [1, 2],
    ]);
    assert.deepEqual(+file.dataset('g/u').slice('1:3').read().sum(), 10);
    assert.equal(file.dataset('g/u').attrs.get('units'), 'm');
  });

  it('count what is sent', () => {
    const a = array();
    const before = ctx.stats.bytes;
    ctx.saveNpy(path('f.npy'), a);
    assert.equal(total(ctx.stats.bytes - before) > 0, size > 1);
  });

  it('add datasets to an HDF5 file, and refuse to replace one', () => {
    ctx.saveHdf5(path('g.h5'), array(), { mode: 'w-' });
    ctx.saveHdf5(path('g.h5'), ctx.ones([4]), { key: 'more' });
    failsAlike(() => ctx.saveHdf5(path('g.h5'), ctx.ones([4]), { key: 'more' }), 'EEXIST');
    failsAlike(() => ctx.saveHdf5(path('g.h5'), array(), { mode: 'w-' }), 'EEXIST');
    failsAlike(() => ctx.saveNpy(path('f.npy'), array(), { mode: 'w-' }), 'EEXIST');
    failsAlike(() => ctx.saveDnpy(path('f'), array(), { mode: 'w-' }), 'EEXIST');
    const d = ctx.distribution([4]);
    assert.deepEqual(ctx.loadHdf5(path('g.h5'), d, { key: 'more' }).toNested(), [1, 1, 1, 1]);
  });

  it('of views, bools and replicated results', () => {
    const a = array();
    ctx.saveNpy(path('view.npy'), a.slice('::-2, 1:'));
    assert.deepEqual(ctx.loadNpy(path('view.npy')).toNested(), a.slice('::-2, 1:').toNested());
    ctx.saveNpy(path('mask.npy'), a.greater(30));
    assert.equal(ctx.loadNpy(path('mask.npy')).dtype, 'bool');
    ctx.saveNpy(path('sum.npy'), a.sum());
    assert.equal(+ctx.loadNpy(path('sum.npy')), +a.sum());
    ctx.saveDnpy(path('sum'), a.sum());
    assert.equal(+ctx.loadDnpy(path('sum')), +a.sum());
  });

  it('lie on the targets of the context', () => {
    const targets = [size - 1];
    using some = new Context({ targets });
    const a = some.arange(7);
    some.saveNpy(path('some.npy'), a);
    assert.deepEqual(some.loadNpy(path('some.npy')).targets, targets);
    some.saveDnpy([path('some.dnpy')], a);
    const back = some.loadDnpy([path('some.dnpy')]);
    assert.deepEqual(back.targets, targets);
    assert.ok(some.allclose(back, a));
    failsAlike(() => some.saveDnpy([path('x'), path('y')], a), 'ERR_ARGUMENT_RANGE');
  });

  it('refuse arrays of another context, distributions of more processes, and options that are none', () => {
    using other = new Context();
    assert.throws(() => other.saveNpy(path('x.npy'), array()), ContextError);
    const wide = ctx.distribution([4 * size]);
    assert.throws(() => ctx.saveNpy(path('x.npy'), {} as never), { argument: 'array' });
    assert.throws(() => ctx.saveNpy(path('x.npy'), array(), 3 as never), { argument: 'options' });
    failsAlike(() => ctx.loadNpy(path('f.npy'), wide), 'ERR_NPY_SHAPE');
    failsAlike(() => ctx.loadHdf5(path('f.h5'), wide, { key: 'u' }), 'ERR_HDF5_SHAPE');
    failsAlike(() => ctx.loadHdf5(path('f.h5'), 3 as never), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => ctx.loadHdf5(path('f.h5'), [4] as never), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => ctx.loadDnpy(path('x')), 'ENOENT');
  });

  it('are the same whatever the number of processes', () => {
    ctx.saveNpy(
      path('same.npy'),
      ctx.fromFunction((i) => i * i, [6], { dist: 'c' }),
    );
    const bytes = readFileSync(path('same.npy'));
    assert.equal(bytes.length, 128 + 48);
    const elements = new Float64Array(
      bytes.buffer.slice(bytes.byteOffset + 128, bytes.byteOffset + 176),
    );
    assert.deepEqual([...elements], [0, 1, 4, 9, 16, 25]);
  });
});
