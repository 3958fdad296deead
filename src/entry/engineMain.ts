/** The program of an engine: everything that a client can ask for is there, and the client asks. */
import './hdf5.ts';
import './index.ts';
import './io.ts';
import './local.ts';
import './plot.ts';
import { Engine } from '../engine/engine.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';

const channel = new MpiChannel(COMM_WORLD);
const engines = COMM_WORLD.split(0);
await new Engine(channel, engines).serve();
