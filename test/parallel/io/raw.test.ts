/** Files of bare elements: what `tofile` writes and `fromfile` reads. */
import { strict as assert } from 'node:assert';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { DTYPE_NAMES, DTYPES, type Dtype } from '../../../src/dtype/dtype.ts';
import { numpyName } from '../../../src/dtype/numpyNames.ts';
import { Context, Distribution, MPI } from '../../../src/entry/index.ts';
import { type FromFileOptions, fromFile, toFile } from '../../../src/entry/io.ts';
import { Traffic } from '../../../src/ops/redistribute/traffic.ts';
import { skip } from '../../launcher/skip.ts';
import {
  assertNumbered,
  COLUMNS,
  failsAlike,
  LAYOUTS,
  NUMBERED,
  numbered,
  python,
  ROWS,
  SharedDirectory,
} from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('raw');
const path = (name: string) => directory.path(name);
const shape = [ROWS, COLUMNS];

/** Rank 0 does something to files, while the others wait. */
function onFiles(work: () => void): void {
  world.barrier();
  if (rank === 0) work();
  world.barrier();
}

describe('toFile and fromFile', () => {
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    it(`write ${name} and read it in another distribution`, () => {
      const traffic = new Traffic();
      toFile(path(name), numbered(layout(), 'float64'), { traffic });
      assert.equal(statSync(path(name)).size, 8 * ROWS * COLUMNS);
      assert.ok(traffic.bytes <= 8 * ROWS * COLUMNS);
      for (const distribution of [layout(), LAYOUTS.cc()]) {
        const back = fromFile(path(name), { distribution, traffic });
        assertNumbered(back, 'float64', name);
      }
      assertNumbered(fromFile(path(name), { shape, dist: 'nb' }), 'float64', name);
    });
  }

  it('write and read what NumPy does: every dtype, byte order and storage order', function () {
    const program = `${NUMBERED}
folder, names = sys.argv[1], sys.argv[2:]
for name in names:
    a = numbered(name, (${ROWS}, ${COLUMNS}))
    assert np.array_equal(np.fromfile(f'{folder}/ours{name[1:]}', dtype=name).reshape(a.shape), a), name
    a.astype(a.dtype.newbyteorder('>')).tofile(f'{folder}/big{name[1:]}')
    with open(f'{folder}/fortran{name[1:]}', 'wb') as f:
        f.write(b'a header of 20 bytes' + a.tobytes(order='F') + b'and more')
print('same')`;
    const names = DTYPE_NAMES.map((dtype) => numpyName(dtype));
    DTYPE_NAMES.forEach((dtype, k) => {
      toFile(path(`ours${names[k].slice(1)}`), numbered(LAYOUTS.bc(), dtype));
    });
    const { ok, text } = python(program, path(''), ...names);
    if (!ok && text.includes('No module'))
      skip(this, 'NumPy is not installed for /usr/bin/python3');
    assert.equal(text, 'same\n');
    DTYPE_NAMES.forEach((dtype: Dtype, k) => {
      const code = names[k].slice(1);
      const big = fromFile(path(`big${code}`), { dtype, shape, byteOrder: 'big', dist: 'cb' });
      assertNumbered(big, dtype, `big ${dtype}`);
      for (const dist of ['bn', 'nc']) {
        const options = { dtype, shape, offset: 20, order: 'F', dist } as const;
        assertNumbered(fromFile(path(`fortran${code}`), options), dtype, `fortran ${dtype}`);
      }
    });
  });

  it('read as many as there are, or as they are told', () => {
    const ctx = new Context();
    ctx.arange(12).toFile(path('twelve'));
    assert.deepEqual(ctx.fromFile(path('twelve')).toNested(), [...Array(12).keys()]);
    const some = ctx.fromFile(path('twelve'), { offset: 24, count: 2, dist: 'c' });
    assert.deepEqual(some.toNested(), [3, 4]);
    assert.deepEqual(some.dist, ['c']);
    const pairs = ctx.fromFile(path('twelve'), { dtype: 'complex128' });
    assert.deepEqual(pairs.shape, [6]);
    assert.deepEqual(ctx.fromFile(path('twelve'), { count: 0 }).shape, [0]);
    assert.deepEqual(ctx.fromFile(path('twelve'), { offset: 96 }).shape, [0]);
    assert.equal(ctx.fromFile(path('twelve'), { shape: [], offset: 40 }).item(), 5);
    assert.deepEqual(ctx.fromFile(path('twelve'), { shape: [3, 0] }).shape, [3, 0]);
    ctx.arange(12).slice('::-4').toFile(path('view'));
    assert.deepEqual(ctx.fromFile(path('view')).toNested(), [11, 7, 3]);
  });

  it('name what is wrong, on all ranks alike', () => {
    const name = path('twelve');
    const before = readFileSync(name);
    const array = () => numbered(LAYOUTS.bn(), 'float64');
    failsAlike(() => fromFile(path('missing')), 'ENOENT');
    failsAlike(() => fromFile(path('')), 'EISDIR');
    failsAlike(() => fromFile('/dev/null'), 'ERR_NOT_A_FILE');
    for (const options of [
      { count: 13 },
      { count: 12, offset: 1 },
      { offset: 97 },
      { offset: 3 },
      { shape: [3, 5] },
      { dtype: 'complex128', offset: 8 },
      { shape: [2 ** 30, 2 ** 20] },
      { count: 2 ** 50 },
    ] as FromFileOptions[]) {
      failsAlike(() => fromFile(name, options), 'ERR_FILE_TRUNCATED');
    }
    for (const [options, argument] of [
      [{ dtype: 'float16' }, 'options.dtype'],
      [{ offset: -1 }, 'options.offset'],
      [{ count: -2 }, 'options.count'],
      [{ count: 3, shape: [3] }, 'options.count'],
      [{ order: 'K' }, 'options.order'],
      [{ byteOrder: '<' }, 'options.byteOrder'],
      [{ shape: [-1] }, 'shape[0]'],
      [{ distribution: 3 }, 'options.distribution'],
      [{ distribution: LAYOUTS.bn(), shape: [3, 4] }, 'options.shape'],
    ] as const) {
      assert.throws(() => fromFile(name, options as FromFileOptions), { argument });
    }
    failsAlike(() => toFile(name, array(), { mode: 'w-' }), 'EEXIST');
    failsAlike(() => toFile(path('missing/a'), array()), 'ENOENT');
    assert.deepEqual(readFileSync(name), before);
    if (size > 1) {
      assert.throws(() => fromFile(name, { count: rank === 0 ? 1 : 2 }), { argument: 'options' });
      const mine = path(`mine-${rank}`);
      assert.throws(() => toFile(mine, array()), { argument: 'name' });
      assert.ok(!existsSync(mine));
    }
    onFiles(() => truncateSync(name, 95));
    failsAlike(() => fromFile(name), 'ERR_FILE_TRUNCATED');
    onFiles(() => writeFileSync(name, before));
  });

  it('make bools of bytes', () => {
    onFiles(() => writeFileSync(path('bytes'), Buffer.from([0, 7, 255, 1])));
    const ctx = new Context();
    const bools = ctx.fromFile(path('bytes'), { dtype: 'bool' });
    assert.deepEqual(bools.toNested(), [false, true, true, true]);
    assert.equal(bools.nbytes, 4 * DTYPES.bool.itemsize);
    const distribution = Distribution.fromShape([2, 2], { dist: 'cc', size });
    assert.deepEqual(ctx.fromFile(path('bytes'), { dtype: 'uint8', distribution }).toNested(), [
      [0, 7],
      [255, 1],
    ]);
  });
});
