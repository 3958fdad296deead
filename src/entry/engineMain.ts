/**
 * The program of an engine: everything that a client can ask for is there, and the client asks. The argument 'pool' says that
 * other clients may come after it.
 */
import { writeSync } from 'node:fs';
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
import { nameProcess } from '../mpi/jobAbort.ts';
import { Worker } from '../tasks/worker.ts';

const channel = new MpiChannel(COMM_WORLD);
const engines = COMM_WORLD.split(0);
nameProcess(`engine ${engines.rank} of ${engines.size}`);
const engine = new Engine(channel, engines);
const worker = new Worker((encoded) => channel.send(CLIENT, Kind.task, encoded));
engine.onTask = (message) => worker.take(() => message.read());
engine.onReset = () => worker.reset();
const servesOthers = process.argv[2] === 'pool';
let hasCrashed = false;
process.on('uncaughtExceptionMonitor', () => {
  hasCrashed = true;
});
/** A function of the program ends this process. */
const leave = (code: number) => {
  if (worker.isServing) worker.leave(code);
  else if (!hasCrashed) {
    writeSync(2, `distarray: engine ${engines.rank} has ended itself with exit code ${code}\n`);
  }
  // Who leaves with 0 waits for the others in MPI, and they, who do not learn of it, for the next record; only tasks of
  // the same program can go on elsewhere.
  if (code === 0 && (servesOthers || !worker.isServing)) process.exitCode = 1;
};
process.on('exit', leave);
await engine.serve();
process.off('exit', leave);
