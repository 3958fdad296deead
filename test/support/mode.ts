/** What tests need to run in both modes: in every process that holds elements, or in the client of these. */
import type { Context } from '../../src/entry/index.ts';
import { MPI } from '../../src/entry/mpi.ts';

const { COMM_SELF, COMM_WORLD: world } = MPI;

/** Whether the elements are in other processes, the engines. */
export const isClient = process.execArgv.includes('--title=distarray-client');

/** The processes that run the test: all, or the client alone. */
export const program = isClient ? COMM_SELF : world;

/** Number of processes that hold elements. */
export const size = isClient ? world.size - 1 : world.size;

/** Rank of this process among them; null in a client. */
export const rank = isClient ? null : world.rank;

/**
 * Calls something that only the processes with elements find wrong: in a client that is told with the next value that it
 * waits for.
 */
export function settled<T>({ session }: Context, call: () => T): T {
  const made = call();
  if (isClient) void session.traffic;
  return made;
}

/** Returns what one process makes, on all that run the test. @remarks Collective. */
export function fromRoot<T>(make: () => T): T {
  if (isClient) return make();
  return world.bcastObject(world.rank === 0 ? make() : null) as T;
}

/** Returns the sum of what `ctx.stats` counts in the processes; a client counts for all. @remarks Collective. */
export function total(count: number): number {
  return isClient ? count : world.allreduce(count);
}

/** Returns the most that `ctx.stats` may count where each process sends so much at most. */
export function sentByEach(most: number): number {
  return isClient ? most * size : most;
}
