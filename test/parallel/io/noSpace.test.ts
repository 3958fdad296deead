// ranks: 1-4
/** Disks that are full: an error with a name on all ranks, and what was there before stays. */
import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
      const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', path('')]);
      told = mount.status === 0 ? 'yes' : 'no';
    }
    isMounted = broadcastText(world, told, 0) === 'yes';
    if (!isMounted) skip(this, 'a small disk can be mounted by root only');
  });

  afterEach(() => {
    world.barrier();
    if (rank === 0 && isMounted) {
      for (const name of readdirSync(path(''))) rmSync(path(name), { recursive: true });
    }
    world.barrier();
  });

  after(() => {
    world.barrier();
    if (rank === 0 && isMounted) spawnSync('umount', [path('')]);
    world.barrier();
  });

  it('is ENOSPC on all ranks, and leaves files and checkpoints as they were', () => {
    const ctx = new Context();
    const small = ctx.arange(1000);
    const large = ctx.ones([800, 500], { dist: 'cb' });
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

  it('is ENOSPC on all ranks while an HDF5 file is open, which stays whole', () => {
    const ctx = new Context();
    const small = ctx.arange(1000);
    let attributes = 0;
    {
      using file = ctx.openHdf5File(path('open.h5'), { mode: 'w' });
      file.createDataset('small', { data: small });
      const large = ctx.ones([800, 500], { dist: 'cb' });
      failsAlike(() => file.createDataset('large', { data: large }), 'ENOSPC');
      failsAlike(() => file.createDataset('filled', { shape: [800, 500] }), 'ENOSPC');
      failsAlike(
        () => file.createDataset('packed', { data: large, compression: 'gzip' }),
        'ENOSPC',
      );
      assert.deepEqual(file.keys(), ['small']);
      const log = file.createDataset('log', {
        shape: [0, 1000],
        maxshape: [null, 1000],
        chunks: [10, 1000],
      });
      log.append(ctx.ones([10, 1000]));
      failsAlike(() => log.append(ctx.ones([400, 1000])), 'ENOSPC');
      failsAlike(() => log.resize([400, 1000]), 'ENOSPC');
      assert.deepEqual(log.shape, [10, 1000]);
      // Elements that have no place on the disk yet, which somebody else fills meanwhile.
      const unwritten = file.createDataset('unwritten', { shape: [1000, 200], fillTime: 'never' });
      world.barrier();
      if (rank === 0) {
        assert.throws(() => writeFileSync(path('other'), Buffer.alloc(2 ** 21)), {
          code: 'ENOSPC',
        });
      }
      world.barrier();
      for (const dist of ['bn', 'cc']) {
        for (const transfer of ['collective', 'independent'] as const) {
          const values = ctx.ones([1000, 200], { dist });
          failsAlike(() => unwritten.write(values, { transfer }), 'ENOSPC');
        }
      }
      // For small things there is some room, until that is used up, too.
      file.createGroup('group');
      let count = 0;
      failsAlike(() => {
        for (; count < 100; count++) file.attrs.set(`numbers ${count}`, new Float64Array(8000));
      }, 'ENOSPC');
      attributes = count;
      failsAlike(() => file.createDataset('late', { shape: [8, 1000] }), 'ENOSPC');
      // What has its place can be written to a full disk.
      file.dataset('small').slice('::2').write(0);
      file.flush();
    }
    using file = ctx.openHdf5File(path('open.h5'));
    assert.deepEqual(file.keys(), ['group', 'log', 'small', 'unwritten']);
    assert.equal(file.attrs.keys().length, attributes);
    assert.equal(Number(file.dataset('log').read().sum()), 10_000);
    assert.equal(Number(file.dataset('small').read().sum()), 250_000);
  });
});
