// modes: spmd, client
/** What is wrong with files and arguments of lazy arrays is the same error on every process, and damages nothing. */
import { strict as assert } from 'node:assert';
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { Context } from '../../../../src/entry/index.ts';
import { failsAlike, SharedDirectory } from '../../../support/files.ts';
import { program as comm } from '../../../support/mode.ts';

const ctx = new Context();
const directory = new SharedDirectory('lazy-errors');
const { rank, size } = comm;
const array = ctx.fromFunction((i, j) => i - j, [100, 40]);
const path = (name: string) => directory.path(name);

describe('lazy arrays', () => {
  before(() => ctx.saveNpy(path('a.npy'), array));
  const open = () => ctx.openNpy(path('a.npy'), { memory: 2 ** 16 });

  /** Makes a file on rank 0. */
  const onDisk = (make: () => void) => {
    if (rank === 0) make();
    comm.barrier();
  };

  it('are not made of what is no such file', () => {
    failsAlike(() => ctx.openNpy(path('none.npy')), 'ENOENT');
    failsAlike(() => ctx.openNpy(path('')), /EISDIR|ERR_/);
    failsAlike(() => ctx.openNpy(''), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => ctx.openNpy(7 as never), 'ERR_ARGUMENT_TYPE');
    onDisk(() => writeFileSync(path('text.npy'), 'this is a text and no array'));
    failsAlike(() => ctx.openNpy(path('text.npy')), 'ERR_NPY_HEADER');
    onDisk(() => {
      writeFileSync(path('short.npy'), readFileSync(path('a.npy')).subarray(0, 1000));
    });
    failsAlike(() => ctx.openNpy(path('short.npy')), 'ERR_NPY_TRUNCATED');
  });

  it('take amounts of memory that are some', () => {
    for (const memory of ['lots', '', -1, 0, Number.NaN, '10kB', 65535]) {
      failsAlike(() => ctx.openNpy(path('a.npy'), { memory }), 'ERR_ARGUMENT_RANGE');
    }
    for (const memory of [null, {}, 5n, true]) {
      failsAlike(
        () => ctx.openNpy(path('a.npy'), { memory: memory as never }),
        'ERR_ARGUMENT_TYPE',
      );
    }
    failsAlike(() => ctx.openNpy(path('a.npy'), 3 as never), 'ERR_ARGUMENT_TYPE');
    const tall = ctx.openNpy(path('a.npy'), { memory: 2 ** 16 });
    failsAlike(() => tall.slice('::1, None').blocks({ rows: 0 }).next(), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => tall.blocks({ rows: '5' as never }).next(), 'ERR_ARGUMENT_TYPE');
    ctx.saveNpy(path('column.npy'), ctx.zeros([50_000]));
    const column = ctx.openNpy(path('column.npy'), { memory: 2 ** 16 });
    failsAlike(() => column.blocks({ rows: 50_000 }).next(), 'ERR_ARGUMENT_RANGE');
    assert.equal(Number(column.equal(0).sum().item()), 50_000);
  });

  it('want the same of every process', () => {
    if (size === 1) return;
    const differs = (work: () => unknown, argument: string) =>
      assert.throws(work, { code: 'ERR_ARGUMENT_RANGE', argument });
    // Where calls are checked, they are before what they compute is.
    const computed = (operation: string) =>
      process.env.DISTARRAY_CHECK === '1' ? `arguments of lazy.${operation}` : 'array';
    differs(() => ctx.openNpy(path('a.npy'), { memory: 2 ** 20 + rank }), 'options.memory');
    differs(
      () =>
        open()
          .slice([{ start: rank }])
          .sum(),
      computed('reduce'),
    );
    differs(() => open().mul(rank).compute(), computed('compute'));
    differs(() => open().reductions(rank === 0 ? ['sum'] : ['mean']), 'names');
    differs(() => open().sum({ axis: rank % 2 }), 'options');
    differs(() => open().compute({ dist: rank === 0 ? 'bn' : 'nb' }), 'target');
    differs(
      () =>
        open()
          .blocks({ rows: 1 + rank })
          .next(),
      'options.rows',
    );
    differs(() => open().toNpy(path(`${rank}.npy`)), 'name');
    failsAlike(() => ctx.openNpy(rank === 0 ? (5 as never) : path('a.npy')), 'ERR_ARGUMENT_TYPE');
    // All still go together.
    assert.equal(open().sum().item(), array.sum().item());
  });

  it('are combined as arrays in memory are, or not at all', () => {
    const lazy = open();
    for (const other of ['1', null, {}, [1, 2]]) {
      assert.throws(() => lazy.add(other as never), { code: 'ERR_ARGUMENT_TYPE' });
    }
    assert.throws(() => lazy.add(lazy.slice('1:')), { code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => lazy.bitwiseAnd(1), { code: 'ERR_ARGUMENT_TYPE' });
    assert.throws(() => lazy.add(1, 5 as never), { code: 'ERR_ARGUMENT_TYPE' });
    assert.throws(() => lazy.astype('float65' as never), { code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => lazy.slice('100'), { code: 'ERR_ARGUMENT_RANGE' });
    assert.throws(() => lazy.round({ decimals: 0.5 }), { code: 'ERR_ARGUMENT_RANGE' });
    const other = new Context();
    assert.throws(() => lazy.add(other.zeros([40])), { name: 'ContextError' });
    assert.throws(() => lazy.add(other.openNpy(path('a.npy'))), { name: 'ContextError' });
    other.close();
    failsAlike(() => lazy.compute(ctx.distribution([4, 4])), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.compute(5 as never), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => lazy.sum({ axis: 2 }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.sum(3 as never), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => lazy.reductions(['median' as never]), 'ERR_ARGUMENT_TYPE');
    failsAlike(() => lazy.reductions([]), 'ERR_ARGUMENT_TYPE');
    // What nobody knows is no option, also when nothing would come of it.
    failsAlike(() => lazy.sum({ axes: 0 } as never), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.toNpy(path('b.npy'), { overwrite: true } as never), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.toHdf5(path('b.h5'), { chunks: true } as never), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => ctx.openNpy(path('a.npy'), { mem: 1e6 } as never), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.blocks({ row: 1 } as never).next(), 'ERR_ARGUMENT_RANGE');
    assert.throws(() => lazy.sqrt({ out: 1 } as never), { code: 'ERR_ARGUMENT_RANGE' });
    failsAlike(() => lazy.toNpy(''), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.toNpy(path('b.npy'), { mode: 'a' as never }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.toHdf5(path('b.h5'), { mode: 'r' as never }), 'ERR_ARGUMENT_RANGE');
    failsAlike(() => lazy.toNpy(path('none/b.npy')), 'ENOENT');
  });

  it('tell when the file has become shorter, and leave what was there as it was', () => {
    ctx.saveNpy(path('shrinks.npy'), array);
    const lazy = ctx.openNpy(path('shrinks.npy'), { memory: 2 ** 16 });
    ctx.saveNpy(path('stays.npy'), array);
    const before = readFileSync(path('stays.npy'));
    onDisk(() => truncateSync(path('shrinks.npy'), 20_000));
    const column = ctx.ones([100, 1], { dist: 'cn' });
    for (const work of [
      () => lazy.sum(),
      () => lazy.sum({ axis: 0 }),
      () => lazy.compute(),
      () => lazy.compute({ dist: 'cc' }),
      () => lazy.add(column).mean({ axis: 1 }),
      () => lazy.histogram(3, [0, 1]),
      () => [...lazy.blocks()],
      () => lazy.toNpy(path('stays.npy')),
      () => lazy.toNpy(path('new.npy')),
      () => lazy.toHdf5(path('new.h5')),
    ]) {
      failsAlike(work, 'ERR_NPY_TRUNCATED');
    }
    assert.ok(readFileSync(path('stays.npy')).equals(before));
    failsAlike(() => ctx.openNpy(path('new.npy')), 'ENOENT');
    failsAlike(() => ctx.openHdf5(path('new.h5')), 'ENOENT');
    onDisk(() => writeFileSync(path('shrinks.npy'), readFileSync(path('a.npy'))));
    assert.equal(lazy.sum().item(), array.sum().item());
  });

  it('tell when the file has gone', () => {
    ctx.saveNpy(path('goes.npy'), array);
    const lazy = ctx.openNpy(path('goes.npy'));
    onDisk(() => rmSync(path('goes.npy')));
    failsAlike(() => lazy.sum(), 'ENOENT');
    failsAlike(() => [...lazy.blocks()], 'ENOENT');
  });
});
