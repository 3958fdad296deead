/**
 * The library under test, as a peer loads it: the built package where the benchmark says so, else
 * the sources.
 */
type Mpi = typeof import('../../src/entry/mpi.ts');

/** Which files a peer loads. */
export type Source = 'dist' | 'src';

/** Loads `distarray/mpi`; that initialises MPI. */
export async function loadMpi(source: Source): Promise<Mpi> {
  const path = source === 'dist' ? '../../dist/entry/mpi.js' : '../../src/entry/mpi.ts';
  return (await import(path)) as Mpi;
}
