/**
 * The library under test, as a peer loads it: the built package where the benchmark says so, else
 * the sources.
 */
type Mpi = typeof import('../../src/entry/mpi.ts');
type Local = typeof import('../../src/entry/local.ts');
type Maps = typeof import('../../src/entry/maps.ts');

/** Which files a peer loads. */
export type Source = 'dist' | 'src';

/** Loads `distarray/mpi`; that initialises MPI. */
export async function loadMpi(source: Source): Promise<Mpi> {
  return (await load(source, 'mpi')) as Mpi;
}

/** Loads `distarray/local` and `distarray/maps`. */
export async function loadLocal(source: Source): Promise<Local & Maps> {
  return { ...((await load(source, 'local')) as Local), ...((await load(source, 'maps')) as Maps) };
}

function load(source: Source, entry: string): Promise<unknown> {
  const path = source === 'dist' ? `../../dist/entry/${entry}.js` : `../../src/entry/${entry}.ts`;
  return import(path);
}
