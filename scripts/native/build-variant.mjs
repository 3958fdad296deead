// Builds one variant of the addon with cmake-js into build/cmake/<flavour>/Release/, and knows
// from a stamp whether there is anything to do.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOf, which } from './find-mpi.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
const require = createRequire(join(ROOT, 'package.json'));

const tree = (variant) => join(ROOT, 'build', 'cmake', variant.flavour);
const stampFile = (variant) => join(tree(variant), 'distarray-stamp.json');

/** Where CMake leaves the addon of a variant; it is copied from there to where it is loaded from. */
export const artefact = (variant) => join(tree(variant), 'Release', 'distarray.node');

/** The archive of a variant's inner loops, which other variants can link; '' where it has none of its own. */
export function loopsOf(variant) {
  return readStamp(variant)?.loops === '' ? join(tree(variant), 'libdistarray_loops.a') : '';
}

/** Whether the variant's last build was made of just what there is now. */
export function isCurrent(variant, werror) {
  const stamp = readStamp(variant);
  return (
    stamp?.configuration === configurationOf(variant) &&
    stamp.sources === sourcesHash() &&
    // What compiled without warnings needs no second build without -Werror.
    (stamp.werror || !werror) &&
    existsSync(artefact(variant))
  );
}

/**
 * Builds a variant; `null`, or the reason of the failure.
 * @param options.loops archive of the inner loops that another variant has compiled, or ''
 * @returns {{ excerpt: string, log: string } | null}
 */
export function buildVariant(variant, { werror, force, parallel, loops }) {
  const out = tree(variant);
  const log = join(out, 'build.log');
  const stamp = { configuration: configurationOf(variant), sources: sourcesHash(), werror, loops };
  const previous = readStamp(variant);
  const reconfigure =
    force || ['configuration', 'werror', 'loops'].some((key) => previous?.[key] !== stamp[key]);
  // A CMake tree keeps the compilers and libraries that it was made with.
  if (reconfigure) rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  // Without sources while the build runs: an interrupted one must not pass for finished.
  if (!reconfigure) writeStamp(variant, { ...stamp, sources: null });

  const cmakeJs = findCmakeJs();
  if (!cmakeJs) return { excerpt: 'cmake-js is not installed: run npm ci', log };
  const definitions = [
    `DISTARRAY_MPI=${variant.flavour}`,
    `DISTARRAY_WERROR=${werror ? 'ON' : 'OFF'}`,
    `DISTARRAY_LOOPS=${loops}`,
    `MPI_C_COMPILER=${variant.mpicc}`,
    ...variant.hdf5.cmake,
  ].map((definition) => `--CD${definition}`);
  const common = ['-d', ROOT, '-O', out, '-B', 'Release', ...definitions];
  const logDescriptor = openSync(log, 'w');
  try {
    for (const step of reconfigure ? ['configure', 'build'] : ['build']) {
      const { status, error } = spawnSync(
        process.execPath,
        [cmakeJs, step, '-p', String(parallel), ...common],
        {
          cwd: ROOT,
          env: buildEnvironment(variant),
          stdio: ['ignore', logDescriptor, logDescriptor],
        },
      );
      if (status !== 0) {
        rmSync(artefact(variant), { force: true });
        return { excerpt: error?.message ?? excerptOf(log), log };
      }
      writeStamp(variant, { ...stamp, sources: step === 'build' ? stamp.sources : null });
    }
  } finally {
    closeSync(logDescriptor);
  }
  return null;
}

function findCmakeJs() {
  try {
    // Not a path under ROOT: as a dependency its packages lie further up.
    return join(dirname(require.resolve('cmake-js/package.json')), 'bin', 'cmake-js');
  } catch {
    return null;
  }
}

function buildEnvironment(variant) {
  const env = environmentOf(variant.mpicc);
  // Under node-gyp an outer make runs this; its job server is not handed on.
  for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKELEVEL', 'GNUMAKEFLAGS']) delete env[name];
  return env;
}

/** Everything but the sources: with another one the CMake tree is made anew. */
function configurationOf(variant) {
  const show = spawnSync(variant.mpicc, ['-show'], { encoding: 'utf8' }).stdout;
  const compilerVariables = ['CC', 'CXX', 'CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'LDFLAGS'];
  const { mpiexec: _, chosen: __, ...identity } = variant;
  return hash(
    ROOT,
    process.platform,
    process.arch,
    JSON.stringify(identity),
    show ?? '',
    ...compilerVariables.map((name) => process.env[name] ?? ''),
    ...['cmake', 'ninja', 'make'].map((tool) => which(tool) ?? ''),
    ...['node-addon-api', 'node-api-headers'].map(packageVersion),
    // Optional, and so the only library that may appear after a build has succeeded without it.
    String(hasSleef()),
    readFileSync(join(ROOT, 'CMakeLists.txt')),
    readFileSync(join(ROOT, 'scripts', 'native', 'mpi-hdf5-probe.c')),
  );
}

let sleefFound;

function hasSleef() {
  sleefFound ??= preprocesses('#include <sleef.h>\n');
  return sleefFound;
}

function preprocesses(input) {
  const { status } = spawnSync(process.env.CXX || 'c++', ['-E', '-x', 'c++', '-'], {
    input,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return status === 0;
}

function packageVersion(name) {
  try {
    const file = require.resolve(`${name}/package.json`);
    return `${file} ${JSON.parse(readFileSync(file, 'utf8')).version}`;
  } catch {
    return `${name} not installed`;
  }
}

function sourcesHash() {
  const native = join(ROOT, 'native');
  const files = readdirSync(native, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
  return hash(...files.flatMap((file) => [file.slice(native.length), readFileSync(file)]));
}

function hash(...parts) {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part).update('\0');
  return sum.digest('hex');
}

function readStamp(variant) {
  try {
    return JSON.parse(readFileSync(stampFile(variant), 'utf8'));
  } catch {
    return null;
  }
}

function writeStamp(variant, stamp) {
  writeFileSync(stampFile(variant), JSON.stringify(stamp));
}

/** The part of a log that says what went wrong: from the first error on. */
function excerptOf(log) {
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n');
  const first = lines.findIndex((line) => /CMake Error|error:|undefined reference|ERR!/.test(line));
  const from = first < 0 ? Math.max(0, lines.length - 40) : Math.max(0, first - 2);
  return lines.slice(from, from + 40).join('\n');
}
