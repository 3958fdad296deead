/** Communicators of the library's own messages, which no receive of a program can catch. */
import { createKeyval, getAttribute, setAttribute } from '../mpi/attributes.ts';
import type { Comm } from '../mpi/communicator.ts';
import { untrack } from '../mpi/leaks.ts';

const privateCopy = createKeyval<Comm>({ delete: (copy) => copy.free() });

/** Tags of messages on private communicators: exchanges of different kinds may be under way at once. */
export const TAGS = Object.freeze({
  redistribution: 1,
  halo: 2,
  indices: 3,
  rows: 4,
  /** Of the first of as many as there may be at once. */
  settled: 1024,
});

/**
 * Returns the duplicate of a communicator that the library sends its own messages on; it lives as long
 * as the communicator.
 *
 * @remarks Collective the first time (`MPI_Comm_dup`), local afterwards.
 */
export function privateComm(comm: Comm): Comm {
  const known = getAttribute(comm, privateCopy);
  if (known !== undefined) return known;
  const copy = comm.dup();
  // It is freed with its communicator, not by the program.
  untrack(copy.handle);
  setAttribute(comm, privateCopy, copy);
  return copy;
}
