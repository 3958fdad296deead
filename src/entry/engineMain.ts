/** The program of an engine: everything that a client can ask for is there, and the client asks. */
import './hdf5.ts';
import './index.ts';
import './io.ts';
import './local.ts';
import './plot.ts';
import './tasks.ts';
import { CLIENT, Kind } from '../engine/channel.ts';
import { Engine } from '../engine/engine.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';
import { Worker } from '../tasks/worker.ts';

const channel = new MpiChannel(COMM_WORLD);
const engines = COMM_WORLD.split(0);
const engine = new Engine(channel, engines);
const worker = new Worker((encoded) => channel.send(CLIENT, Kind.task, encoded));
engine.onTask = (message) => worker.take(() => message.read());
engine.onReset = () => worker.reset();
const leave = (code: number) => {
  if (worker.isServing) worker.leave(code);
};
process.on('exit', leave);
await engine.serve();
process.off('exit', leave);
