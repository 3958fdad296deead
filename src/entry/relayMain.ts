/** The program of a relay: the first process of a job of engines whose client is outside of it. */
import { rmSync } from 'node:fs';
import type { RelayTask } from '../engine/job/startEngines.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { Relay } from '../engine/relay.ts';
import { UnixListener, UnixSocket } from '../engine/unixSocket.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';
import { flavour, UNDEFINED } from '../mpi/environment.ts';
import { packageVersion } from '../native.ts';

const task: RelayTask = JSON.parse(process.argv[2]);
// A terminal that is closed is no reason to end the engines; who wants that says so.
process.on('SIGHUP', () => {});
const channel = new MpiChannel(COMM_WORLD);
// The engines make a communicator of theirs.
COMM_WORLD.split(UNDEFINED);
// Engines that have come so far are there: only now somebody may come.
const listener = task.isPool ? new UnixListener(task.socket) : null;
const client = task.isPool ? null : UnixSocket.connect(task.socket);
const relay = new Relay(channel, { version: packageVersion(), flavour: flavour(), listener });
const end = relay.serve(client);
if (end !== 'clientGone') process.exit(0);
rmSync(task.folder, { recursive: true, force: true });
// Engines may wait for the client, or compute for hours.
process.exit(1);
