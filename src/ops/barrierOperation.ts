/** Waiting for all processes, as an operation. */
import { type ValueOperation, valueOperation } from './operation.ts';

/** Comes back when all processes have come here (`MPI_Barrier`). */
export const barrierOperation: ValueOperation<null, void> = valueOperation('barrier', {
  check: () => {},
  run: (_, __, { comm }) => comm.barrier(),
});
