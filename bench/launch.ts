/** Starts the peers: each in an `mpiexec` of its own, all with the same settings. */
import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { MpiFlavour, Variant } from '../src/native.ts';

/** An MPI that a variant of the addon is built for. */
export interface Mpi extends Variant {
  readonly flavour: MpiFlavour;
}

const timeLimit = 120_000;

/**
 * Runs a command on `ranks` ranks and returns the JSON in the last line of its output.
 * @throws when it fails, or says nothing for two minutes
 */
export function launch<Report>(
  mpi: Mpi,
  ranks: number,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Report {
  const args = [...launcherArguments(mpi.flavour, ranks), ...command];
  const { status, signal, error, stdout, stderr } = spawnSync(mpi.mpiexec, args, {
    encoding: 'utf8',
    env: { ...environment(), ...env },
    timeout: timeLimit,
  });
  const lastLine = stdout?.trim().split('\n').at(-1) ?? '';
  if (status === 0 && lastLine.startsWith('{')) return JSON.parse(lastLine) as Report;
  const reason = error?.message ?? (signal ? `signal ${signal}` : `exit code ${status}`);
  throw new Error(`${mpi.mpiexec} ${args.join(' ')}: ${reason}\n${stderr}${stdout}`);
}

/** A core for each rank, or no binding when there are too few. */
function launcherArguments(flavour: MpiFlavour, ranks: number): string[] {
  const enough = ranks <= availableParallelism();
  if (flavour === 'mpich') return ['-n', `${ranks}`, '-bind-to', enough ? 'core' : 'none'];
  const binding = enough ? ['--bind-to', 'core'] : ['--bind-to', 'none', '--oversubscribe'];
  return ['-n', `${ranks}`, ...binding];
}

/** The same for C, Python and us. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    // What distarray sets for itself before it loads MPI.
    UCX_MEM_MMAP_HOOK_MODE: process.env.UCX_MEM_MMAP_HOOK_MODE ?? 'none',
  };
  delete env.DISTARRAY_MPI;
  if (process.getuid?.() === 0) {
    env.OMPI_ALLOW_RUN_AS_ROOT = '1';
    env.OMPI_ALLOW_RUN_AS_ROOT_CONFIRM = '1';
  }
  return env;
}
