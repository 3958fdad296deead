/** Properties that every rank checks. */
import fc from 'fast-check';
import { MPI } from '../../src/entry/mpi.ts';
import { isClient } from './mode.ts';

/**
 * As `fc.property`, but a run that fails on one rank fails on all: otherwise that rank alone would go on with smaller
 * examples, and wait for the others, which have gone on with the next one.
 *
 * A client checks alone.
 *
 * @remarks Collective: one small allreduce a run.
 */
export const sharedProperty = ((...args: unknown[]) => {
  if (isClient) return fc.property(...(args as Parameters<typeof fc.property>));
  const predicate = args.pop() as (...values: unknown[]) => boolean | undefined;
  const arbitraries = args as [fc.Arbitrary<unknown>];
  return fc.property(...arbitraries, (...values) => {
    const { COMM_WORLD: comm, MAX } = MPI;
    let thrown: unknown;
    let outcome: boolean | undefined;
    let fails = false;
    try {
      outcome = predicate(...values);
      fails = outcome === false;
    } catch (error) {
      thrown = error;
      fails = true;
    }
    // The largest number is that of the lowest rank that failed.
    const first = comm.size - comm.allreduce(fails ? comm.size - comm.rank : 0, { op: MAX });
    if (thrown !== undefined) throw thrown;
    if (first < comm.size && !fails) throw new Error(`the property failed on rank ${first}`);
    return outcome;
  });
}) as unknown as typeof fc.property;
