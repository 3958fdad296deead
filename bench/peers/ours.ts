/**
 * The library under test, as a peer loads it: the built package where the benchmark says so, else
 * the sources.
 */
type Mpi = typeof import('../../src/entry/mpi.ts');
type Maps = typeof import('../../src/entry/maps.ts');
type Local = typeof import('../../src/entry/local.ts');

type Arrays = typeof import('../../src/entry/index.ts');

/** Which files a peer loads. */
export type Source = 'dist' | 'src';

/** Loads `distarray/mpi`; that initialises MPI. */
export async function loadMpi(source: Source): Promise<Mpi> {
  return (await import(entry(source, 'mpi'))) as Mpi;
}

/** Loads `distarray/maps`. */
export async function loadMaps(source: Source): Promise<Maps> {
  return (await import(entry(source, 'maps'))) as Maps;
}

/** Loads `distarray/local`. */
export async function loadLocal(source: Source): Promise<Local> {
  return (await import(entry(source, 'local'))) as Local;
}

/** Loads `distarray`. */
export async function loadArrays(source: Source): Promise<Arrays> {
  return (await import(entry(source, 'index'))) as Arrays;
}

function entry(source: Source, name: string): string {
  return source === 'dist' ? `../../dist/entry/${name}.js` : `../../src/entry/${name}.ts`;
}
