/** HDF5 files that a program has dropped are closed where they are open. */
import { strict as assert } from 'node:assert';
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ClientLink } from '../../../src/engine/clientLink.ts';
import { ClientSession } from '../../../src/engine/clientSession.ts';
import { Engine } from '../../../src/engine/engine.ts';
import type { Group } from '../../../src/entry/hdf5.ts';
import { Context, type DistArray } from '../../../src/entry/index.ts';
import { MPI } from '../../../src/entry/mpi.ts';
import { makeSessionsBy } from '../../../src/global/contextBase.ts';
import { memoryChannels } from '../../support/memoryChannel.ts';

/** Returns a context of a client whose engine is in this process, and works while the client waits. */
function clientContext(): Context {
  const [client, end] = memoryChannels(1);
  const engine = new Engine(end, MPI.COMM_SELF);
  client.onIdle = () => {
    const message = end.poll();
    if (message !== null) engine.take(message);
  };
  const link = new ClientLink(client, 'quits', { take: () => false, close: () => {} });
  makeSessionsBy(() => new ClientSession(link));
  try {
    return new Context();
  } finally {
    makeSessionsBy(null);
  }
}

/** Whether this process has a file open. */
function isOpen(path: string): boolean {
  return readdirSync('/proc/self/fd').some((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === path;
    } catch {
      // That of the list itself.
      return false;
    }
  });
}

describe('HDF5 files of a client', function () {
  this.timeout(60_000);
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  const ctx = clientContext();
  const directory = mkdtempSync(join(tmpdir(), 'distarray-remote-file-'));
  after(() => rmSync(directory, { recursive: true }));

  it('are closed with a later call when nothing of them is used any more', async () => {
    const [dropped, kept] = ['dropped.h5', 'kept.h5'].map((name) => join(directory, name));
    let group: Group<DistArray> | null = ctx
      .openHdf5File(dropped, { mode: 'w' })
      .createGroup('group');
    using file = ctx.openHdf5File(kept, { mode: 'w' });
    const turn = async () => {
      for (let k = 0; k < 5; k++) {
        collect();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      file.keys();
    };
    await turn();
    assert.ok(isOpen(dropped));
    assert.deepEqual(group.keys(), []);
    group = null;
    await turn();
    assert.ok(!isOpen(dropped));
    assert.ok(isOpen(kept));
    file.close();
    assert.ok(!isOpen(kept));
  });
});
