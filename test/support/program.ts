/** Who runs a test: all processes, or one as the client of the others. */
import { MPI } from '../../src/entry/mpi.ts';

const { COMM_SELF, COMM_WORLD } = MPI;

/** Whether the test is the program of a client, whose arrays are on engines. */
export const isClient = process.execArgv.includes('--title=distarray-client');

/** The processes that run the test. */
export const program = isClient ? COMM_SELF : COMM_WORLD;

/** Number of processes that share the arrays of a context. */
export const processes = COMM_WORLD.size - (isClient ? 1 : 0);
