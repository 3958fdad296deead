/** What goes wrong with .npy files is the same error on all ranks, and costs no file that was there before. */
import { strict as assert } from 'node:assert';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { formatNpyHeader, loadNpy, saveNpy } from '../../../src/entry/io.ts';
import type { LocalArray } from '../../../src/entry/local.ts';
import { Distribution } from '../../../src/entry/maps.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { failsAlike, LAYOUTS, numbered, SharedDirectory } from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('npy-errors');
const path = (name: string) => directory.path(name);
const array = () => numbered(LAYOUTS.bn(), 'float64');
const blocks = (shape: number[]) => Distribution.fromShape(shape, { size });

/** Rank 0 does something to files, while the others wait. */
function onFiles(work: () => void): void {
  world.barrier();
  if (rank === 0) work();
  world.barrier();
}

describe('bad input of saveNpy and loadNpy', () => {
  it('a directory that is not there, or is none', () => {
    failsAlike(() => saveNpy(path('missing/a.npy'), array()), 'ENOENT');
    onFiles(() => writeFileSync(path('plain'), ''));
    failsAlike(() => saveNpy(path('plain/a.npy'), array()), 'ENOTDIR');
    failsAlike(() => saveNpy(path(''), array()), 'EISDIR');
    failsAlike(() => saveNpy('/dev/null', array()), 'ERR_NOT_A_FILE');
    failsAlike(() => loadNpy(path('missing.npy')), 'ENOENT');
    failsAlike(() => loadNpy(path('')), 'EISDIR');
  });

  it('a file that exists, unless it may be replaced', () => {
    const file = path('precious.npy');
    saveNpy(file, array(), { mode: 'w-' });
    const before = readFileSync(file);
    failsAlike(() => saveNpy(file, numbered(LAYOUTS.cc(), 'int8'), { mode: 'w-' }), 'EEXIST');
    assert.deepEqual(readFileSync(file), before);
    world.barrier();
    saveNpy(file, numbered(LAYOUTS.cc(), 'int8'));
    assert.equal(loadNpy(file).dtype, 'int8');
  });

  it('a permission that one rank alone lacks', () => {
    if (process.getuid?.() !== 0 || size === 1) return;
    const file = path('private.npy');
    saveNpy(file, array());
    const before = readFileSync(file);
    onFiles(() => {
      chmodSync(file, 0o600);
      chmodSync(path(''), 0o777);
    });
    // The last rank is nobody for a while.
    if (rank === size - 1) process.seteuid?.(65534);
    try {
      failsAlike(() => loadNpy(file), 'EACCES');
      failsAlike(() => saveNpy(file, array()), 'EACCES');
    } finally {
      if (rank === size - 1) process.seteuid?.(0);
    }
    assert.deepEqual(readFileSync(file), before);
  });

  it('files that end early, and those that are none', () => {
    const file = path('cut.npy');
    for (const [bytes, code] of [
      [743, 'ERR_NPY_TRUNCATED'],
      [128, 'ERR_NPY_TRUNCATED'],
      [100, 'ERR_NPY_HEADER'],
      [9, 'ERR_NPY_HEADER'],
      [0, 'ERR_NPY_HEADER'],
    ] as const) {
      saveNpy(file, array());
      onFiles(() => truncateSync(file, bytes));
      failsAlike(() => loadNpy(file), code);
    }
    onFiles(() => writeFileSync(file, 'PK\x03\x04 a zip file, as numpy.savez writes'));
    failsAlike(() => loadNpy(file), 'ERR_NPY_HEADER');
    assert.throws(() => loadNpy(file), /cut\.npy': Not a \.npy file that can be read: it begins/);
  });

  it('a header that announces more than any memory has', () => {
    const file = path('huge.npy');
    for (const shape of [[2 ** 52], [2 ** 50, 2 ** 50, 2 ** 50]]) {
      onFiles(() => writeFileSync(file, formatNpyHeader('float64', shape)));
      failsAlike(() => loadNpy(file), 'ERR_NPY_TRUNCATED');
    }
    onFiles(() => writeFileSync(file, formatNpyHeader('float64', [0, 2 ** 50])));
    assert.deepEqual(loadNpy(file).globalShape, [0, 2 ** 50]);
  });

  it('another shape than the distribution has, and a dtype that there is none for', () => {
    const file = path('other.npy');
    saveNpy(file, array());
    failsAlike(() => loadNpy(file, blocks([7, 11])), 'ERR_NPY_SHAPE');
    failsAlike(() => loadNpy(file, blocks([77])), 'ERR_NPY_SHAPE');
    failsAlike(() => loadNpy(file, { dist: 'bbb' }), /^ERR_ARGUMENT/);
    failsAlike(() => loadNpy(file, { targets: [size] }), 'ERR_ARGUMENT_RANGE');
    onFiles(() => {
      const text = readFileSync(file, 'latin1').replace("'<f8'", "'<f2'");
      writeFileSync(file, text, 'latin1');
    });
    failsAlike(() => loadNpy(file), 'ERR_NPY_DTYPE');
  });

  it('arguments of the wrong kind', () => {
    assert.throws(() => saveNpy('', array()), { argument: 'name' });
    assert.throws(() => saveNpy(3 as never, array()), { argument: 'name' });
    assert.throws(() => saveNpy(path('a\0b'), array()), { argument: 'name' });
    assert.throws(() => saveNpy(path('x.npy'), {} as LocalArray), { argument: 'array' });
    assert.throws(() => saveNpy(path('x.npy'), array(), { mode: 'a' as 'w' }), {
      argument: 'options.mode',
    });
    assert.throws(() => saveNpy(path('x.npy'), array(), null as never), { argument: 'options' });
    assert.throws(() => loadNpy('' as string), { argument: 'name' });
    assert.throws(() => loadNpy(path('x.npy'), { comm: 3 as never }), { argument: 'options.comm' });
  });

  it('arguments that differ between the ranks, instead of waiting for ever', () => {
    if (size === 1) return;
    const mine = path(`rank-${rank}.npy`);
    assert.throws(() => saveNpy(mine, array()), { argument: 'name' });
    assert.ok(!existsSync(mine));
    const file = path('same.npy');
    saveNpy(file, array());
    assert.throws(() => saveNpy(file, array(), { mode: rank === 0 ? 'w' : 'w-' }), {
      argument: 'mode',
    });
    failsAlike(() => saveNpy(rank === 0 ? '' : file, array()), 'ERR_ARGUMENT_RANGE');
    assert.throws(() => loadNpy(file, { dist: rank === 0 ? 'cn' : 'bn' }), {
      argument: 'distribution',
    });
    assert.equal(loadNpy(file).dtype, 'float64');
  });

  it('replaces what a link points to, with its permissions', () => {
    const file = path('linked.npy');
    const link = path('link.npy');
    onFiles(() => {
      writeFileSync(file, 'old');
      chmodSync(file, 0o640);
      symlinkSync(file, link);
    });
    saveNpy(link, array());
    assert.ok(lstatSync(link).isSymbolicLink());
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.equal(loadNpy(file).dtype, 'float64');
  });

  it('leaves a file that cannot be written to under another name first', () => {
    // The temporary file's name is too long for the file system, the file's own is not.
    const long = path(`${'n'.repeat(245)}.npy`);
    onFiles(() => writeFileSync(long, 'old'));
    failsAlike(() => saveNpy(long, array()), 'ENAMETOOLONG');
    assert.equal(readFileSync(long, 'utf8'), 'old');
    onFiles(() => mkdirSync(path('after')));
    saveNpy(path('after/a.npy'), array());
  });
});
