/** The environment that the processes of a job get. */
import { availableParallelism } from 'node:os';
import type { MpiFlavour } from '../../native.ts';

export interface JobOptions {
  readonly flavour: MpiFlavour;
  readonly processes: number;
  readonly oversubscribe: boolean;
}

/** `env` with what this MPI needs to run the job here. What the user has set stays. */
export function jobEnvironment(env: NodeJS.ProcessEnv, options: JobOptions): NodeJS.ProcessEnv {
  const crowded = options.processes > availableParallelism();
  return {
    ...(options.flavour === 'openmpi' && openMpi(options.oversubscribe || crowded, crowded)),
    ...terminal(env),
    ...withoutSingleton(env),
    DISTARRAY_MPI: options.flavour,
  };
}

/**
 * `env` without what `MPI_Init` of Open MPI leaves there in a process that no launcher has started, and with which
 * the jobs that it starts would take themselves for parts of it.
 */
export function withoutSingleton(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env.OMPI_MCA_ess !== 'singleton') return env;
  const left =
    /^(PMIX_|OMPI_MCA_(ess|pmix|orte_\w+)$|ORTE_SCHIZO_DETECTION$|OMPI_APP_CTX_NUM_PROCS$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !left.test(name)));
}

function openMpi(oversubscribe: boolean, crowded: boolean): NodeJS.ProcessEnv {
  return {
    // Open MPI refuses to run as root unless told so twice.
    ...(process.getuid?.() === 0 && {
      OMPI_ALLOW_RUN_AS_ROOT: '1',
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
    }),
    ...(oversubscribe && { OMPI_MCA_rmaps_base_oversubscribe: '1' }),
    // Ranks that spin for a message would keep the one that is to send it from its core.
    ...((oversubscribe || crowded) && {
      OMPI_MCA_mpi_yield_when_idle: '1',
      OMPI_MCA_hwloc_base_binding_policy: 'none',
    }),
  };
}

/** A launcher stands between the ranks and the terminal: tell them what they cannot see. */
function terminal(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const columns = process.stderr.isTTY ? process.stderr.columns || 80 : 0;
  const plain = !process.stdout.isTTY && env.FORCE_COLOR === undefined;
  return { DISTARRAY_COLUMNS: String(columns), ...(plain && { NO_COLOR: '1' }) };
}
