import { availableParallelism } from 'node:os';
import type { MpiFlavour } from './options.ts';
import { PATIENCE, patience } from './patience.ts';

/** Names the run that a process belongs to; nested launchers append to it. */
export const RUN_MARKER = 'DISTARRAY_TEST_RUN';
/** The folder where each rank leaves its records. */
export const RESULTS_FOLDER = 'DISTARRAY_TEST_RESULTS';
/** `1`: tests of all combinations take all of them, not a sample. */
export const EXHAUSTIVE = 'DISTARRAY_TEST_EXHAUSTIVE';
/** `1`: tests that start jobs under both MPIs share them out between the two. */
export const SAMPLE = 'DISTARRAY_TEST_SAMPLE';
/** The seed that property tests take in place of a new one each, to see a failure again. */
const SEED = 'DISTARRAY_TEST_SEED';

type Environment = Readonly<Record<string, string | undefined>>;

/** Variables that an outer launcher or an outer test run left behind. */
const LEAKING = /^(DISTARRAY_|PMI_|PMIX_|PRTE_|HYDRA_|HYDI_|MPI_LOCAL|MPIR_PARAM_|PALS_)/;

/**
 * The environment for a test process: the caller's, without what an outer MPI job or test run
 * put there. `OMPI_MCA_*` settings of the user stay, unless an outer Open MPI job made them.
 */
export function testEnvironment(
  outer: Environment,
  marker: string,
  resultsFolder: string,
): Record<string, string> {
  const insideOpenMpi = outer.OMPI_COMM_WORLD_SIZE !== undefined || outer.PMIX_RANK !== undefined;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(outer)) {
    if (value === undefined || LEAKING.test(name)) continue;
    if (name.startsWith('OMPI_') && (insideOpenMpi || !name.startsWith('OMPI_MCA_'))) continue;
    environment[name] = value;
  }
  environment[RUN_MARKER] = marker;
  environment[RESULTS_FOLDER] = resultsFolder;
  environment.DISTARRAY_CHECK = '1';
  environment[PATIENCE] = String(patience(outer));
  const seed = outer[SEED];
  if (seed !== undefined) environment[SEED] = seed;
  return environment;
}

/** What `mpiexec` of that MPI and its ranks need on top, for `size` ranks on this machine. */
export function launchEnvironment(
  flavour: MpiFlavour,
  size: number,
  cores: number = availableParallelism(),
  root: boolean = process.getuid?.() === 0,
): Record<string, string> {
  const environment: Record<string, string> = { DISTARRAY_MPI: flavour };
  if (flavour !== 'openmpi') return environment;
  if (root) {
    for (const prefix of ['OMPI', 'PRTE']) {
      environment[`${prefix}_ALLOW_RUN_AS_ROOT`] = '1';
      environment[`${prefix}_ALLOW_RUN_AS_ROOT_CONFIRM`] = '1';
    }
  }
  environment.OMPI_MCA_rmaps_base_oversubscribe = '1';
  environment.OMPI_MCA_hwloc_base_binding_policy = 'none';
  environment.PRTE_MCA_rmaps_default_mapping_policy = ':oversubscribe';
  environment.PRTE_MCA_hwloc_default_binding_policy = 'none';
  if (size > cores) environment.OMPI_MCA_mpi_yield_when_idle = '1';
  return environment;
}
