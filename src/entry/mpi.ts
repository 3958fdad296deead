/**
 * `distarray/mpi`: MPI for TypeScript.
 *
 * Everything is there by name (`import { COMM_WORLD, SUM } from 'distarray/mpi'`) and as one
 * namespace (`import { MPI } from 'distarray/mpi'`, `MPI.COMM_WORLD`). Loading the module
 * initialises MPI.
 */
import * as namespace from './mpiNamespace.ts';

export * from './mpiNamespace.ts';
export { namespace as MPI };
export default namespace;
