/** The only file that knows the addon: chooses the variant (Open MPI or MPICH), loads it, declares its raw functions. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DistArrayError } from './errors.ts';
import type { RawFiles } from './rawFiles.ts';
import type { RawHdf5 } from './rawHdf5.ts';
import type { RawJit, RawKernels } from './rawKernels.ts';
import type { RawMpi } from './rawMpi.ts';
import type { RawSession } from './rawSession.ts';

/** The MPI implementations that a variant of the addon can be built with. */
export type MpiFlavour = 'openmpi' | 'mpich';

/** One built variant, as the build describes it in `build/variants.json`. */
export interface Variant {
  /** Directory that `node-gyp-build` looks into, relative to the package. */
  readonly dir: string;
  readonly mpiexec: string;
  readonly mpicc: string;
  /** Version text such as `Open MPI 4.1.4`. */
  readonly version: string;
  readonly hdf5: string;
}

/** What the build has made. */
export interface BuildManifest {
  readonly default: MpiFlavour;
  readonly variants: Partial<Record<MpiFlavour, Variant>>;
}

/** The addon's exports. */
export interface RawAddon {
  readonly mpi: RawMpi;
  readonly hdf5: RawHdf5;
  readonly files: RawFiles;
  readonly kernels: RawKernels;
  readonly jit: RawJit;
  readonly session: RawSession;
  readonly flavour: MpiFlavour;
}

/** Root directory of the package: the parent of `src/` and of `dist/`. */
export const packageRoot = dirname(dirname(fileURLToPath(import.meta.url)));

/** The version of the package. */
export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')).version;
}

const flavourNames: Readonly<Record<MpiFlavour, string>> = { openmpi: 'Open MPI', mpich: 'MPICH' };

/**
 * The build's manifest.
 * @throws {@link DistArrayError} `ERR_NATIVE_NOT_BUILT` when the addon has not been built.
 */
export function readManifest(): BuildManifest {
  try {
    return JSON.parse(readFileSync(join(packageRoot, 'build', 'variants.json'), 'utf8'));
  } catch (cause) {
    throw new DistArrayError(
      'ERR_NATIVE_NOT_BUILT',
      `The native addon of distarray is not built. ${buildRemedy()}`,
      { cause },
    );
  }
}

function buildRemedy(): string {
  return (
    'Run `npx distarray build` ' +
    '(it needs CMake, a C++17 compiler, an MPI and a parallel HDF5 built with that MPI, ' +
    'and says what is missing); in a clone of distarray, `scripts/setup` installs those too.'
  );
}

/** Which MPI's launcher started this process, by the variables that it sets; undefined if none. */
export function launcherFlavour(env: NodeJS.ProcessEnv = process.env): MpiFlavour | undefined {
  if (env.OMPI_COMM_WORLD_SIZE !== undefined) return 'openmpi';
  if (env.PMI_RANK !== undefined || env.PMI_FD !== undefined) return 'mpich';
  // srun --mpi=pmix, which Open MPI understands and Debian's MPICH does not.
  if (env.PMIX_RANK !== undefined) return 'openmpi';
  return undefined;
}

/** How many processes the launcher says that it started; 1 when there is no launcher. */
export function launcherSize(env: NodeJS.ProcessEnv = process.env): number {
  const told = env.OMPI_COMM_WORLD_SIZE ?? env.PMI_SIZE ?? env.SLURM_STEP_NUM_TASKS;
  const size = Number(told ?? 1);
  return Number.isInteger(size) && size > 0 ? size : 1;
}

/**
 * The flavour to load: `DISTARRAY_MPI`, else the launcher's, else the default of the build.
 * @throws {@link DistArrayError} `ERR_NATIVE_NOT_BUILT` when that variant is not there,
 * `ERR_MPI_LAUNCHER` when `DISTARRAY_MPI` contradicts the launcher.
 */
export function chooseFlavour(
  manifest: BuildManifest,
  env: NodeJS.ProcessEnv = process.env,
): MpiFlavour {
  const launcher = launcherFlavour(env);
  const wanted = env.DISTARRAY_MPI || undefined;
  if (wanted !== undefined && !(wanted in flavourNames)) {
    throw new DistArrayError(
      'ERR_MPI_FLAVOUR',
      `DISTARRAY_MPI is '${wanted}', but must be 'openmpi' or 'mpich'.`,
    );
  }
  const flavour = (wanted as MpiFlavour | undefined) ?? launcher ?? manifest.default;
  if (launcher !== undefined && launcher !== flavour && launcherSize(env) > 1) {
    throw new DistArrayError(
      'ERR_MPI_LAUNCHER',
      `This process was started by the mpiexec of ${flavourNames[launcher]}, but DISTARRAY_MPI ` +
        `asks for ${flavourNames[flavour]}: every rank would be alone in a world of its own. ` +
        `Unset DISTARRAY_MPI, or start with ${manifest.variants[flavour]?.mpiexec ?? `the mpiexec of ${flavourNames[flavour]}`} ` +
        'or `distarray run`.',
    );
  }
  if (manifest.variants[flavour] === undefined) {
    const built = Object.keys(manifest.variants).join(', ') || 'none';
    throw new DistArrayError(
      'ERR_NATIVE_NOT_BUILT',
      `The ${flavourNames[flavour]} variant of the addon is needed ` +
        `(${wanted ? 'DISTARRAY_MPI' : launcher ? "the launcher's MPI" : 'the default'}), ` +
        `but only these are built: ${built}. ${buildRemedy()}`,
    );
  }
  return flavour;
}

let loaded: RawAddon | undefined;
/**
 * The addon, loaded at the first call.
 * @throws {@link DistArrayError} `ERR_NATIVE_NOT_BUILT`, `ERR_MPI_LAUNCHER`, `ERR_NATIVE_LOAD`.
 */
export function loadNative(): RawAddon {
  loaded ??= load();
  return loaded;
}

function load(): RawAddon {
  const manifest = readManifest();
  const flavour = chooseFlavour(manifest);
  const variant = manifest.variants[flavour]!;
  // UCX (in Debian's MPICH) patches libc code while V8's threads run; one process in a hundred dies
  // of it. Too late once the library is loaded.
  process.env.UCX_MEM_MMAP_HOOK_MODE ??= 'none';
  // UCX takes SIGHUP for a wish to see its debugger: programs whose terminal is closed would go on, and so would their engines.
  process.env.UCX_DEBUG_SIGNO ??= '0';
  const require = createRequire(import.meta.url);
  try {
    const loadBuild = require('node-gyp-build') as (dir: string) => RawAddon;
    return loadBuild(join(packageRoot, variant.dir));
  } catch (cause) {
    throw new DistArrayError(
      'ERR_NATIVE_LOAD',
      `The ${flavourNames[flavour]} variant of the addon does not load: ${(cause as Error).message}. ` +
        'If the MPI or HDF5 libraries were removed, updated or are in an environment module that ' +
        `is not loaded, restore them or build again. ${buildRemedy()}`,
      { cause },
    );
  }
}
