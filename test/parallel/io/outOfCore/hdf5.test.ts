// modes: spmd, client
/** Lazy arrays over datasets of HDF5 files: contiguous, in chunks, compressed, of the other byte order. */
import { strict as assert } from 'node:assert';
import { Context, type DistArray } from '../../../../src/entry/index.ts';
import { skip } from '../../../launcher/skip.ts';
import { failsAlike, python, SharedDirectory } from '../../../support/files.ts';

const ctx = new Context();
const directory = new SharedDirectory('lazy-hdf5');
const [ROWS, COLUMNS] = [143, 211];
const array = ctx
  .arange(ROWS * COLUMNS)
  .cos()
  .reshape([ROWS, COLUMNS]);
const small = { memory: 2 ** 17 } as const;
const exactly = { rtol: 0, atol: 0 } as const;

function assertSame(found: DistArray, expected: DistArray, hint: string): void {
  assert.equal(found.dtype, expected.dtype, hint);
  assert.deepEqual([...found.shape], [...expected.shape], hint);
  assert.ok(ctx.allclose(found, expected, exactly), hint);
}

describe('openHdf5', () => {
  before(() => ctx.saveHdf5(directory.path('a.h5'), array, { key: 'group/u' }));
  const open = (key = 'group/u', file = 'a.h5') =>
    ctx.openHdf5(directory.path(file), { key, ...small });

  it('computes from what saveHdf5 has written', () => {
    const lazy = open();
    assert.equal(lazy.sum().item(), array.sum().item());
    const chain = lazy.slice('::-1, 3:-3:2').mul(2).add(1);
    const expected = array.slice('::-1, 3:-3:2').mul(2).add(1);
    assertSame(chain.compute(), expected, 'blocks of rows');
    assertSame(chain.compute({ dist: 'cc' }), expected, 'cyclic');
    assert.ok(ctx.allclose(chain.std({ axis: 0 }), expected.std({ axis: 0 })));
  });

  it('computes from what h5py has written, however it is stored', function () {
    const program = `
import sys
import h5py
import numpy as np
a = np.load(sys.argv[1])
with h5py.File(sys.argv[2], 'w') as f:
    f.create_dataset('contiguous', data=a)
    f['linked'] = h5py.ExternalLink('linked.h5', '/u')
    f.create_dataset('chunked', data=a, chunks=(16, 50))
    f.create_dataset('compressed', data=a, chunks=(10, 10), compression='gzip', shuffle=True)
    f.create_dataset('big', data=a.astype('>f8'))
    f.create_dataset('bools', data=a > 0)
    f.create_dataset('complex', data=a + 1j)
    f.create_dataset('scalar', data=a[3, 4])
    f.create_dataset('unwritten', (7, 5), dtype='f8', fillvalue=2.5, chunks=(2, 5))
    f.create_dataset('none', (0, 5), dtype='f8')
    f.create_dataset('text', data=b'no numbers')
with h5py.File(sys.argv[2].replace('py.h5', 'linked.h5'), 'w') as f:
    f['before'] = -a
    f['u'] = a
print('done')`;
    ctx.saveNpy(directory.path('a.npy'), array);
    const { ok, text } = python(program, directory.path('a.npy'), directory.path('py.h5'));
    if (!ok && text.includes('No module')) skip(this, 'h5py is not installed for /usr/bin/python3');
    assert.ok(ok, text);
    for (const key of ['contiguous', 'chunked', 'compressed', 'big', 'linked']) {
      const lazy = open(key, 'py.h5');
      assertSame(lazy.compute(), array, key);
      const slices = lazy.slice('5:-7:3, ::-2').compute({ dist: 'bb' });
      assertSame(slices, array.slice('5:-7:3, ::-2'), key);
      assert.ok(ctx.allclose(lazy.mean({ axis: 1 }), array.mean({ axis: 1 })), key);
      assert.ok(Math.abs(+lazy.var() - +array.var()) < 1e-14, key);
    }
    // Two datasets of one file in one function, one of which the library reads.
    const both = open('compressed', 'py.h5').add(open('contiguous', 'py.h5'));
    assertSame(both.compute(), array.add(array), 'both');
    const bools = open('bools', 'py.h5');
    assert.equal(bools.dtype, 'bool');
    assert.equal(bools.countNonzero().item(), array.greater(0).countNonzero().item());
    const { re, im } = open('complex', 'py.h5').sum().item() as unknown as {
      re: number;
      im: number;
    };
    assert.ok(Math.abs(re - +array.sum()) < 1e-9 && im === ROWS * COLUMNS);
    assert.equal(+open('scalar', 'py.h5').mul(2).compute(), 2 * array.get(3, 4));
    assert.equal(+open('unwritten', 'py.h5').sum(), 35 * 2.5);
    assert.equal(+open('none', 'py.h5').sum(), 0);
    failsAlike(() => open('text', 'py.h5'), 'ERR_HDF5_DTYPE');
  });

  it('computes into datasets, also of a file that has others', () => {
    const path = directory.path('b.h5');
    open().slice(':, ::-1').toHdf5(path, { key: 'turned', mode: 'w' });
    const lazy = ctx.openHdf5(path, { key: 'turned', ...small });
    lazy.mul(2).toHdf5(path, { key: 'more/twice' });
    const { distribution } = array;
    const back = (key: string) => ctx.loadHdf5(path, distribution, { key });
    assertSame(back('turned'), array.slice(':, ::-1'), 'turned');
    assertSame(back('more/twice'), array.slice(':, ::-1').mul(2), 'twice');
    failsAlike(() => lazy.toHdf5(path, { key: 'turned' }), 'EEXIST');
    failsAlike(() => lazy.toHdf5(path, { key: 'new', mode: 'w-' }), 'EEXIST');
    lazy.slice('4:4').toHdf5(path, { key: 'none' });
    assert.deepEqual([...ctx.openHdf5(path, { key: 'none' }).shape], [0, COLUMNS]);
    lazy.slice('4, 5').toHdf5(path, { key: 'scalar' });
    assert.equal(+ctx.openHdf5(path, { key: 'scalar' }).sum(), array.get(4, COLUMNS - 6));
  });

  it('refuses files and keys that are not there', () => {
    failsAlike(() => open('v'), 'ERR_HDF5_KEY');
    failsAlike(() => open('group'), 'ERR_HDF5_KEY');
    failsAlike(() => open('u', 'none.h5'), 'ENOENT');
    failsAlike(() => open(''), 'ERR_ARGUMENT_RANGE');
    failsAlike(
      () => ctx.openHdf5(directory.path('a.h5'), { key: 3 as never }),
      'ERR_ARGUMENT_TYPE',
    );
  });
});
