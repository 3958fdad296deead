// ranks: 2-4
/** Files and directories that one rank may not read, write or see: the same error on all ranks, and nothing is changed. */
import { strict as assert } from 'node:assert';
import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Context, MPI } from '../../../src/entry/index.ts';
import { skip } from '../../launcher/skip.ts';
import { failsAlike, SharedDirectory } from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const directory = new SharedDirectory('denied');
const ctx = new Context();
const NOBODY = 65534;

/** Does something while the last rank is nobody, and the others are root. */
function withNobody(work: () => void): void {
  const { seteuid } = process;
  world.barrier();
  if (rank === size - 1) seteuid?.(NOBODY);
  try {
    work();
  } finally {
    if (rank === size - 1) seteuid?.(0);
  }
}

/** Changes a file on rank 0, seen by all. */
function onFiles(change: () => void): void {
  world.barrier();
  if (rank === 0) change();
  world.barrier();
}

describe('what one rank is denied', () => {
  before(function () {
    if (process.getuid?.() !== 0) skip(this, 'only root can become somebody else');
    onFiles(() => chmodSync(directory.path(), 0o777));
  });

  it('to read or write: an HDF5 file', () => {
    const name = directory.path('private.h5');
    const a = ctx.arange(12);
    ctx.saveHdf5(name, a, { key: 'u', mode: 'w' });
    const bytes = readFileSync(name);
    for (const [mode, modes] of [
      [0o600, ['r', 'r+', 'a', 'w']],
      [0o644, ['r+', 'a', 'w']],
    ] as const) {
      onFiles(() => chmodSync(name, mode));
      withNobody(() => {
        for (const each of modes) {
          failsAlike(() => ctx.openHdf5File(name, { mode: each }), 'EACCES');
        }
        failsAlike(() => ctx.saveHdf5(name, a, { key: 'v' }), 'EACCES');
        failsAlike(() => ctx.saveHdf5(name, a, { key: 'v', atomic: true }), 'EACCES');
        if (mode === 0o600) {
          failsAlike(() => ctx.loadHdf5(name, { key: 'u' }), 'EACCES');
          failsAlike(() => ctx.openHdf5(name, { key: 'u' }), 'EACCES');
        }
      });
      assert.deepEqual(readFileSync(name), bytes);
    }
  });

  it('to write in: a directory', () => {
    const inside = directory.path('ours');
    onFiles(() => mkdirSync(inside, { mode: 0o755 }));
    const a = ctx.arange(12);
    withNobody(() => {
      // Rank 0 makes these files; the others only write to them, and may not.
      failsAlike(() => ctx.openHdf5File(`${inside}/a.h5`, { mode: 'w' }), 'EACCES');
      failsAlike(() => ctx.openHdf5File(`${inside}/a.h5`, { mode: 'a' }), 'EACCES');
      failsAlike(() => ctx.saveHdf5(`${inside}/a.h5`, a), 'EACCES');
      failsAlike(() => ctx.saveNpy(`${inside}/a.npy`, a), 'EACCES');
      failsAlike(() => a.toFile(`${inside}/a.bin`), 'EACCES');
      failsAlike(() => ctx.saveTxt(`${inside}/a.txt`, a), 'EACCES');
      // Each rank makes a file of its own.
      failsAlike(() => ctx.saveDnpy(`${inside}/a`, a), 'EACCES');
      failsAlike(() => ctx.checkpoint(`${inside}/run`, { arrays: { a } }), /EACCES/);
    });
    assert.deepEqual(readdirSync(inside), ['run']);
    assert.deepEqual(readdirSync(`${inside}/run`), []);
  });

  it('to read: what lies in a directory', () => {
    const inside = directory.path('hidden');
    onFiles(() => mkdirSync(inside, { mode: 0o700 }));
    const a = ctx.arange(12);
    ctx.saveHdf5(`${inside}/a.h5`, a, { key: 'u', mode: 'w' });
    ctx.saveNpy(`${inside}/a.npy`, a);
    const names = readdirSync(inside);
    withNobody(() => {
      for (const mode of ['r', 'r+', 'a', 'w'] as const) {
        failsAlike(() => ctx.openHdf5File(`${inside}/a.h5`, { mode }), 'EACCES');
      }
      failsAlike(() => ctx.openHdf5File(`${inside}/new.h5`, { mode: 'w-' }), 'EACCES');
      failsAlike(() => ctx.loadHdf5(`${inside}/a.h5`, { key: 'u' }), 'EACCES');
      failsAlike(() => ctx.loadNpy(`${inside}/a.npy`), 'EACCES');
      failsAlike(() => ctx.openNpy(`${inside}/a.npy`), 'EACCES');
      failsAlike(() => ctx.saveNpy(`${inside}/b.npy`, a), 'EACCES');
    });
    assert.deepEqual(readdirSync(inside), names);
    assert.ok(ctx.allclose(ctx.loadHdf5(`${inside}/a.h5`, { key: 'u' }), a));
  });
});

describe('a directory that the last rank does not share', () => {
  const before = process.cwd();
  afterEach(() => process.chdir(before));

  it('is named on all ranks', () => {
    const [shared, own] = ['shared', 'own'].map((name) => directory.path(name));
    onFiles(() => {
      mkdirSync(shared);
      mkdirSync(own);
    });
    const a = ctx.arange(12);
    ctx.saveHdf5(`${shared}/a.h5`, a, { key: 'u', mode: 'w' });
    ctx.saveNpy(`${shared}/a.npy`, a);
    const names = readdirSync(shared);
    world.barrier();
    // The same relative path, which is another file, or none.
    process.chdir(rank === size - 1 ? own : shared);
    for (const mode of ['r', 'r+', 'a', 'w'] as const) {
      failsAlike(() => ctx.openHdf5File('a.h5', { mode }), 'ERR_NOT_SHARED');
    }
    failsAlike(() => ctx.openHdf5File('new.h5', { mode: 'w-' }), 'ERR_NOT_SHARED');
    failsAlike(() => ctx.loadHdf5('a.h5', { key: 'u' }), 'ERR_NOT_SHARED');
    failsAlike(() => ctx.saveHdf5('a.h5', a, { key: 'v' }), 'ERR_NOT_SHARED');
    failsAlike(() => ctx.openHdf5('a.h5', { key: 'u' }), 'ERR_NOT_SHARED');
    failsAlike(() => ctx.loadNpy('a.npy'), 'ERR_NOT_SHARED');
    failsAlike(() => ctx.openNpy('a.npy'), 'ERR_NOT_SHARED');
    world.barrier();
    assert.deepEqual([readdirSync(shared), readdirSync(own)], [names, []]);
  });
});
