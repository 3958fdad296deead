// Finds the MPIs that the addon can be built for: a compiler wrapper and a parallel HDF5 of that
// MPI. Asks the wrappers themselves (one preprocessor run each), so it takes about 0.1 s, and
// trusts no file name to tell Open MPI from MPICH. Whether the libraries really belong together
// is checked by CMake, which links and runs a probe.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BuildError } from './build-error.mjs';

export const FLAVOURS = ['openmpi', 'mpich'];
const FLAVOUR_NAMES = { openmpi: 'Open MPI', mpich: 'MPICH' };
const MACROS = fileURLToPath(new URL('./mpi-macros.c', import.meta.url));

/**
 * @typedef {object} Hdf5
 * @property {string} version
 * @property {string} origin   the h5pcc, pkg-config module or directory it was found by
 * @property {string[]} cmake  CMake definitions that lead CMake to the same HDF5
 *
 * @typedef {object} Variant
 * @property {'openmpi' | 'mpich'} flavour
 * @property {string} version        for people: "Open MPI 4.1.4"
 * @property {string} mpicc
 * @property {string | null} mpiexec
 * @property {boolean} chosen        named by MPICC or by the PATH of a module, not a system default
 * @property {Hdf5} hdf5
 *
 * @typedef {object} Rejected
 * @property {string} mpicc
 * @property {string | null} flavour
 * @property {string} reason
 */

/**
 * Every MPI that can be built for, at most one per flavour, and the wrappers that were left out.
 * @returns {{ variants: Variant[], rejected: Rejected[] }}
 */
export function findMpi(env = process.env) {
  const variants = [];
  const rejected = [];
  for (const candidate of wrapperCandidates(env)) {
    const { variant, flavour, reason } = examine(candidate, env);
    if (variants.some((other) => other.flavour === flavour)) continue;
    if (variant) variants.push(variant);
    // A system default must not stand in silently for what the user has named.
    else if (candidate.named) throw new BuildError(`MPICC (${candidate.mpicc}) ${reason}`);
    else rejected.push({ mpicc: candidate.mpicc, flavour, reason });
  }
  return { variants, rejected };
}

function examine({ mpicc, chosen }, env) {
  const mpi = probe(mpicc, []);
  if (mpi.error) return { flavour: null, reason: `does not work: ${mpi.error}` };
  const { flavour } = mpi;
  if (!FLAVOURS.includes(flavour)) {
    return { flavour: null, reason: 'is neither Open MPI nor of the MPICH family' };
  }
  const version = `${FLAVOUR_NAMES[flavour]} ${mpi.version}`;
  const { hdf5, reason } = findHdf5(mpicc, mpi, env);
  if (!hdf5) return { flavour, reason: `is ${version}, but ${reason}` };
  const mpiexec = findMpiexec(mpicc, flavour, env);
  return { flavour, variant: { flavour, version, mpicc, mpiexec, chosen, hdf5 } };
}

/** The variant that plain `node` loads: the one asked for, else the user's own MPI, else Open MPI. */
export function defaultFlavour(variants, env = process.env) {
  const asked = env.DISTARRAY_DEFAULT_MPI;
  if (asked) return asked;
  const order = [...variants].sort(
    (a, b) =>
      Number(b.chosen) - Number(a.chosen) ||
      FLAVOURS.indexOf(a.flavour) - FLAVOURS.indexOf(b.flavour),
  );
  return order[0]?.flavour ?? null;
}

/** What is missing of the tools that compile anything: 'cmake', 'c++', 'make'. */
export function missingTools(env = process.env) {
  const missing = [];
  if (!which('cmake', env)) missing.push('cmake');
  if (!which(env.CXX || 'g++', env) && !which('clang++', env)) missing.push('c++');
  if (!which('make', env) && !which('ninja', env)) missing.push('make');
  return missing;
}

/** The environment with this MPI first on PATH: h5pcc calls its MPI's mpicc by bare name. */
export function environmentOf(mpicc, env = process.env) {
  return { ...env, PATH: `${dirname(mpicc)}${delimiter}${env.PATH ?? ''}` };
}

function wrapperCandidates(env) {
  const candidates = [];
  if (env.MPICC) {
    const mpicc = which(env.MPICC, env);
    if (!mpicc) throw new BuildError(`MPICC is '${env.MPICC}', which is not an executable`);
    candidates.push({ mpicc, chosen: true, named: true });
  }
  const plain = which('mpicc', env);
  // On Debian and Ubuntu plain mpicc is a symbolic link to one of its suffixed siblings, below.
  const siblings = FLAVOURS.map((flavour) => plain && join(dirname(plain), `mpicc.${flavour}`));
  if (plain && !siblings.some(isExecutable)) candidates.push({ mpicc: plain, chosen: true });
  for (const flavour of FLAVOURS) {
    // The second is where Fedora and RHEL keep an MPI whose module is not loaded.
    for (const name of [`mpicc.${flavour}`, `/usr/lib64/${flavour}/bin/mpicc`]) {
      const mpicc = which(name, env);
      if (mpicc) candidates.push({ mpicc, chosen: false });
    }
  }
  return candidates;
}

function findHdf5(mpicc, mpi, env) {
  const { flavour } = mpi;
  const reasons = [];
  for (const candidate of hdf5Candidates(mpicc, flavour, env)) {
    const found = probe(mpicc, ['-DDISTARRAY_PROBE_HDF5', ...candidate.flags]);
    if (found.error || !found.hdf5) continue;
    const stranger = candidate.compiler && otherOwner(candidate.compiler, mpicc, mpi, env);
    if (!found.parallel) {
      reasons.push(`the HDF5 ${found.hdf5} of ${candidate.origin} is a serial one`);
    } else if (stranger) {
      reasons.push(`the HDF5 of ${candidate.origin} belongs to ${stranger}`);
    } else {
      return { hdf5: { version: found.hdf5, origin: candidate.origin, cmake: candidate.cmake } };
    }
  }
  return { reason: reasons[0] ?? `no parallel HDF5 of ${FLAVOUR_NAMES[flavour]} was found` };
}

/** Whose compiler h5pcc calls, if plainly another MPI's; null where CMake has to find out. */
function otherOwner(compiler, mpicc, mpi, env) {
  const path = which(compiler, environmentOf(mpicc, env));
  if (!path) return `the MPI of ${compiler}, which is not on PATH`;
  const owner = probe(path, []);
  // An HDF5 built with CMake calls a plain compiler, which knows no mpi.h.
  if (owner.error || (owner.flavour === mpi.flavour && owner.version === mpi.version)) return null;
  return `${FLAVOUR_NAMES[owner.flavour] ?? 'another MPI'} ${owner.version}`;
}

function* hdf5Candidates(mpicc, flavour, outerEnv) {
  const here = dirname(mpicc);
  const env = environmentOf(mpicc, outerEnv);
  const wrappers = [];
  for (const name of ['HDF5_DIR', 'HDF5_ROOT', 'HDF5_HOME']) {
    const root = env[name];
    if (!root) continue;
    const h5pcc = join(root, 'bin', 'h5pcc');
    if (isExecutable(h5pcc)) wrappers.push(h5pcc);
    else if (existsSync(join(root, 'include', 'hdf5.h')))
      yield {
        origin: `${name} (${root})`,
        flags: [`-I${join(root, 'include')}`],
        cmake: [`HDF5_ROOT=${root}`],
      };
  }
  wrappers.push(
    join(here, `h5pcc.${flavour}`),
    join(here, 'h5pcc'),
    which('h5pcc', env),
    which(`h5pcc.${flavour}`, env),
  );
  for (const h5pcc of new Set(wrappers)) {
    if (!isExecutable(h5pcc)) continue;
    const words = run(h5pcc, ['-show'], env).stdout.trim().split(/\s+/);
    yield {
      origin: h5pcc,
      flags: words.filter((word) => /^-[ID]/.test(word)),
      compiler: words[0],
      cmake: [`HDF5_C_COMPILER_EXECUTABLE=${h5pcc}`],
    };
  }
  if (!which('pkg-config', env)) return;
  for (const module of [`hdf5-${flavour}`, 'hdf5']) {
    const { status, stdout } = run('pkg-config', ['--cflags', module], env);
    if (status !== 0) continue;
    yield {
      origin: `pkg-config ${module}`,
      flags: stdout.trim().split(/\s+/).filter(Boolean),
      cmake: [`DISTARRAY_HDF5_PKGCONFIG=${module}`],
    };
  }
}

function findMpiexec(mpicc, flavour, env) {
  const here = dirname(mpicc);
  const suffixed = basename(mpicc).endsWith(`.${flavour}`);
  const candidates = [
    env.MPIEXEC && which(env.MPIEXEC, env),
    join(here, `mpiexec.${flavour}`),
    // Next to a suffixed wrapper a plain mpiexec may be of either MPI.
    !suffixed && join(here, 'mpiexec'),
    !suffixed && which('mpiexec', env),
  ];
  return candidates.find((candidate) => candidate && isExecutable(candidate)) || null;
}

const probes = new Map();

/** Flavour and version of the MPI (and HDF5) that a compiler with these flags includes. */
function probe(compiler, flags) {
  const key = [compiler, ...flags].join('\0');
  if (!probes.has(key)) probes.set(key, runProbe(compiler, flags));
  return probes.get(key);
}

function runProbe(compiler, flags) {
  const { status, stdout, stderr } = run(compiler, ['-E', ...flags, MACROS]);
  const facts = {};
  for (const [, name, value] of stdout.matchAll(/^distarray_probe (\w+) (.*)$/gm)) {
    facts[name] = value.replace(/[\s"]/g, '');
  }
  const flavour = ['openmpi', 'mpich', 'unknown'].find((name) => name in facts);
  if (status !== 0 || !flavour) {
    const lines = stderr.trim().split('\n');
    const error = lines.find((line) => /error|not found/i.test(line)) ?? lines[0];
    return { error: error || 'mpi.h was not found' };
  }
  return {
    flavour,
    version: facts[flavour],
    hdf5: facts.hdf5,
    parallel: facts.parallel === 'yes',
  };
}

function run(command, args, env = process.env) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', env });
  return { status, stdout: stdout ?? '', stderr: stderr || String(error ?? '') };
}

/** The full path of a command, as the shell would find it; null where there is none. */
export function which(command, env = process.env) {
  if (!command) return null;
  if (isAbsolute(command) || command.includes('/')) {
    return isExecutable(command) ? resolve(command) : null;
  }
  for (const dir of (env.PATH ?? '').split(delimiter)) {
    const path = join(dir || '.', command);
    if (isExecutable(path)) return resolve(path);
  }
  return null;
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
