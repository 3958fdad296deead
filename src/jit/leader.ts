/** Compiling on one process of each host, without a message. */
import { join } from 'node:path';
import { openCache } from './cache.ts';
import { PendingLibrary, startCompile } from './compile.ts';
import { findCompiler } from './compiler.ts';
import { type CompileRequest, keyOf } from './request.ts';

/** Where launchers tell a process its number on its host: Open MPI, MPICH's Hydra, MVAPICH, Slurm, Flux. */
const LOCAL_RANKS = [
  'OMPI_COMM_WORLD_LOCAL_RANK',
  'MPI_LOCALRANKID',
  'MV2_COMM_WORLD_LOCAL_RANK',
  'SLURM_LOCALID',
  'FLUX_TASK_LOCAL_ID',
];

/**
 * Starts to compile a source on the first process of a host, and returns what becomes the library; null when there is
 * no compiler or no cache. The other processes look for what the first one makes, if it comes to compile the same.
 *
 * @remarks Local, and never waits. Where no launcher tells the processes apart, each compiles; the cache keeps one.
 */
export function compileByLeader(request: CompileRequest): PendingLibrary | null {
  const variable = LOCAL_RANKS.find((name) => process.env[name] !== undefined);
  if (variable === undefined || Number(process.env[variable]) === 0) return startCompile(request);
  try {
    const entry = join(openCache(), keyOf(request, findCompiler(request.language)));
    return new PendingLibrary(entry, null);
  } catch {
    return null;
  }
}
