// ranks: 1-3
// timeLimit: 90
import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { MPI } from '../../../src/entry/mpi.ts';
import { skip } from '../../launcher/skip.ts';
import { nodeArguments } from '../../support/programs.ts';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const worker = nodeArguments('test/fixtures/spawn/worker.ts');
const mpich = MPI.flavour() === 'mpich';

/** The arguments for node that run the worker. */
function workerArguments(argument: number): string[] {
  return [...worker, String(argument)];
}

/** Talks to workers as `test/fixtures/spawn/worker.ts` does; returns what each has answered. */
function talk(inter: MPI.InterComm): number[][] {
  const root = rank === 0 ? MPI.ROOT : MPI.PROC_NULL;
  inter.bcast(Int32Array.of(40), { root });
  const answers = new Int32Array(3 * inter.remoteSize);
  inter.gather(null, answers, { root });
  using all = inter.merge(false);
  assert.equal(all.size, size + inter.remoteSize);
  assert.equal(all.rank, rank);
  const ranks = (inter.remoteSize * (inter.remoteSize - 1)) / 2;
  assert.equal(all.allreduce(0), ranks);
  inter.disconnect();
  assert.ok(inter.isNull);
  return Array.from({ length: answers.length / 3 }, (_, k) => [
    ...answers.subarray(3 * k, 3 * k + 3),
  ]);
}

describe('spawn', function () {
  this.timeout(30_000);

  it('starts processes that talk to their parents', function () {
    if (mpich) skip(this, 'MPI_Comm_spawn of MPICH 4.0 over UCX fails, in C too');
    const inter = world.spawn(process.execPath, workerArguments(5), { maxprocs: 2 });
    assert.equal(inter.remoteSize, 2);
    assert.deepEqual(inter.errorCodes, [0, 0]);
    const answers = talk(inter);
    if (rank === 0) {
      assert.deepEqual(answers, [
        [40, 2, 5],
        [41, 2, 5],
      ]);
    }
  });

  it('starts several programs in one world', function () {
    if (mpich) skip(this, 'MPI_Comm_spawn of MPICH 4.0 over UCX fails, in C too');
    const command = process.execPath;
    const inter = world.spawnMultiple([
      { command, args: workerArguments(1) },
      { command, args: workerArguments(2), maxprocs: 1, info: { wdir: process.cwd() } },
    ]);
    assert.deepEqual(inter.errorCodes, [0, 0]);
    const answers = talk(inter);
    if (rank === 0) {
      assert.deepEqual(answers, [
        [40, 2, 1],
        [41, 2, 2],
      ]);
    }
  });

  it('is an error that can be caught where MPI cannot do it', () => {
    if (!mpich) return;
    assert.throws(() => world.spawn(process.execPath, workerArguments(1)), {
      call: 'MPI_Comm_spawn',
      class: 'MPI_ERR_OTHER',
    });
  });

  it('refuses what cannot be started', () => {
    const many = [] as MPI.SpawnCommand[];
    assert.throws(() => world.spawnMultiple(many), { argument: 'commands' });
    assert.throws(() => world.spawn(1 as unknown as string), { argument: 'command' });
    assert.throws(() => world.spawn('node', ['a\0']), { argument: 'args[0]' });
    assert.throws(() => world.spawn('node', [], { maxprocs: 0 }), { argument: 'options.maxprocs' });
    assert.throws(() => world.spawn('node', [], { root: size }), { argument: 'options.root' });
    assert.throws(() => world.spawnMultiple([{ command: 'a' }, { command: 'b', maxprocs: 1.5 }]), {
      argument: 'commands[1].maxprocs',
    });
  });
});

describe('getParent', () => {
  it('is null for a job that nobody has spawned', () => {
    assert.equal(MPI.getParent(), null);
  });
});

describe('ports', function () {
  this.timeout(30_000);

  it('connect two sides that know the port', function () {
    if (mpich) skip(this, 'MPICH 4.0 over UCX has no ports');
    // One rank has nobody to connect to.
    if (size === 1) return;
    const isServer = rank === 0;
    using side = world.split(isServer ? 0 : 1);
    const port = isServer ? MPI.openPort() : '';
    const name = new Uint8Array(1024);
    new TextEncoder().encodeInto(port, name);
    world.bcast(name);
    const known = new TextDecoder().decode(name).replace(/\0.*$/s, '');
    const inter = isServer ? side.accept(known) : side.connect(known);
    assert.equal(inter.remoteSize, isServer ? size - 1 : 1);
    assert.equal(inter.allreduce(1), inter.remoteSize);
    inter.disconnect();
    if (isServer) MPI.closePort(port);
  });

  it('are found by the name of a service', () => {
    const service = `distarray-test-${process.ppid}`;
    const port = 'port-of-the-test';
    if (rank === 0) MPI.publishName(service, port);
    world.barrier();
    if (rank === 0) assert.equal(MPI.lookupName(service), port);
    if (rank === 0) MPI.unpublishName(service, port);
    world.barrier();
    if (rank === 0) assert.throws(() => MPI.lookupName(service), { class: 'MPI_ERR_NAME' });
  });

  it('are an error where MPI has none', () => {
    if (!mpich) return;
    assert.throws(() => MPI.openPort(), { call: 'MPI_Open_port' });
  });

  it('are not needed by two processes that share a socket', async () => {
    assert.throws(() => MPI.join(-1), { argument: 'socket' });
    if (mpich || size === 1) return;
    const fromServer = 0;
    let socket: Socket | undefined;
    const server = createServer({ pauseOnConnect: true });
    if (rank === fromServer) server.listen(0, '127.0.0.1');
    if (rank === fromServer) await once(server, 'listening');
    const address = rank === fromServer ? (server.address() as AddressInfo) : undefined;
    const port = world.bcastObject(address?.port, { root: fromServer })!;
    if (rank === 1) {
      socket = connect({ port, host: '127.0.0.1' });
      socket.pause();
      await once(socket, 'connect');
    } else if (rank === fromServer) {
      [socket] = (await once(server, 'connection')) as [Socket];
    }
    world.barrier();
    if (socket !== undefined) {
      const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
      const inter = MPI.join(fd)!;
      assert.deepEqual([inter.size, inter.remoteSize], [1, 1]);
      const into = new Int32Array(1);
      inter.sendrecv(Int32Array.of(rank), 0, into, 0);
      assert.equal(into[0], 1 - rank);
      inter.disconnect();
    }
    world.barrier();
    socket?.destroy();
    server.close();
  });

  it('refuse names that are no texts', () => {
    assert.throws(() => MPI.closePort(3 as unknown as string), { argument: 'port' });
    assert.throws(() => MPI.lookupName('a\0b'), { argument: 'service' });
    if (rank === 0) {
      assert.throws(() => world.connect(null as unknown as string), { argument: 'port' });
    }
  });
});
