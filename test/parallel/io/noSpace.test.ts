// ranks: 1-4
/** Disks that are full: an error with a name on all ranks, and what was there before stays. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { Context, MPI } from '../../../src/entry/index.ts';
import { broadcastText } from '../../../src/mpi/agreement.ts';
import { skip } from '../../launcher/skip.ts';
import { failsAlike, SharedDirectory } from '../../support/files.ts';

const world = MPI.COMM_WORLD;
const { rank } = world;
const directory = new SharedDirectory('no-space');
const path = (name: string) => directory.path(`disk/${name}`);

describe('a full disk', () => {
  let isMounted = false;

  before(function () {
    let told = '';
    if (rank === 0) {
      mkdirSync(path(''));
      const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path('')]);
      told = mount.status === 0 ? 'yes' : 'no';
    }
    isMounted = broadcastText(world, told, 0) === 'yes';
    if (!isMounted) skip(this, 'a small disk can be mounted by root only');
  });

  after(() => {
    world.barrier();
    if (rank === 0 && isMounted) spawnSync('umount', [path('')]);
    world.barrier();
  });

  it('is ENOSPC on all ranks, and leaves files and checkpoints as they were', () => {
    const ctx = new Context();
    const small = ctx.arange(1000);
    const large = ctx.ones([400, 500], { dist: 'cb' });
    ctx.saveNpy(path('a.npy'), small);
    small.toFile(path('a.bin'));
    ctx.saveTxt(path('a.csv'), small);
    ctx.saveDnpy(path('a'), small);
    ctx.saveHdf5(path('a.h5'), small, { mode: 'w' });
    ctx.checkpoint(path('run'), { arrays: { small }, state: 'good' });
    const names = readdirSync(path('')).sort();
    const bytes = readFileSync(path('a.npy'));
    world.barrier();
    failsAlike(() => ctx.saveNpy(path('a.npy'), large), 'ENOSPC');
    failsAlike(() => large.toFile(path('a.bin')), 'ENOSPC');
    failsAlike(() => ctx.saveTxt(path('a.csv'), large, { fmt: '%.18e' }), 'ENOSPC');
    failsAlike(() => ctx.saveDnpy(path('a'), large), 'ENOSPC');
    failsAlike(() => ctx.saveHdf5(path('a.h5'), large, { mode: 'w' }), 'ENOSPC');
    failsAlike(() => ctx.checkpoint(path('run'), { arrays: { large, small } }), 'ENOSPC');
    assert.deepEqual(readdirSync(path('')).sort(), names);
    assert.deepEqual(readdirSync(path('run')), ['00000001']);
    assert.deepEqual(readFileSync(path('a.npy')), bytes);
    world.barrier();
    assert.equal(ctx.restore(path('run')).state, 'good');
    for (const back of [
      ctx.loadNpy(path('a.npy')),
      ctx.fromFile(path('a.bin')),
      ctx.loadTxt(path('a.csv'), { useCols: 0 }),
      ctx.loadDnpy(path('a')),
      ctx.loadHdf5(path('a.h5'), ctx.distribution([1000])),
    ]) {
      assert.ok(ctx.allclose(back, small));
    }
  });
});
