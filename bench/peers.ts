/** The programs that are measured: ours, those in C, those in Python. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { collectorArguments } from '../src/engine/job/collectorArguments.ts';
import { packageRoot } from '../src/native.ts';
import type { Mpi } from './launch.ts';
import type { Source } from './peers/ours.ts';

const peersDirectory = join(packageRoot, 'bench', 'peers');
export const resultsDirectory = join(packageRoot, 'bench', 'results');

// No fused multiply-add: it rounds once where float arithmetic rounds twice.
const compilerFlags = ['-O3', '-Wall', '-Wextra', '-ffp-contract=off'];

/** Compiles `peers/<name>.c` for an MPI and returns the program's path. */
export function compilePeer(name: string, mpi: Mpi): string {
  const directory = join(resultsDirectory, 'bin');
  mkdirSync(directory, { recursive: true });
  const program = join(directory, `${name}-${mpi.flavour}`);
  const source = join(peersDirectory, `${name}.c`);
  execFileSync(mpi.mpicc, [...compilerFlags, '-o', program, source], { stdio: 'inherit' });
  return program;
}

/** Compiles `peers/<name>.c`, which needs no MPI, for this processor and returns the program's path. */
export function compilePlainPeer(name: string): string {
  const directory = join(resultsDirectory, 'bin');
  mkdirSync(directory, { recursive: true });
  const program = join(directory, name);
  const args = [...compilerFlags, '-march=native', '-o', program, peerScript(`${name}.c`), '-lm'];
  execFileSync(process.env.CC || 'cc', args, { stdio: 'inherit' });
  return program;
}

/** The path of a peer's file. */
export function peerScript(name: string): string {
  return join(peersDirectory, name);
}

/** How the C programs were compiled. */
export function describeCompiler(mpi: Mpi): string {
  const [version] = execFileSync(mpi.mpicc, ['--version'], { encoding: 'utf8' }).split('\n');
  return `${version}, ${compilerFlags.join(' ')}`;
}

/** The command that runs `peers/<name>.ts` on each of 2 ranks, with node's arguments as `distarray run` gives them. */
export function ourPeer(name: string, source: Source): string[] {
  const script = peerScript(`${name}.ts`);
  return [process.execPath, ...collectorArguments(2), '--import', 'tsx', script, source];
}

/** What is measured: the built package, or the sources when they are newer. */
export function chooseSource(): Source {
  const built = join(packageRoot, 'dist', 'entry', 'mpi.js');
  if (!existsSync(built)) return 'src';
  const builtAt = statSync(built).mtimeMs;
  return newest(join(packageRoot, 'src')) > builtAt ? 'src' : 'dist';
}

function newest(directory: string): number {
  const times = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  return Math.max(...times);
}

/** mpi4py, if it is there; it works with one MPI only. */
export interface Mpi4py {
  readonly python: string;
  readonly version: string;
  readonly numpy: string;
  /** Text of the MPI library that it is linked with. */
  readonly library: string;
}

const probe = `
import json, mpi4py
mpi4py.rc.initialize = False
import numpy
from mpi4py import MPI
print(json.dumps({"version": mpi4py.__version__, "numpy": numpy.__version__,
                  "library": MPI.Get_library_version().strip()}))
`;

/** Finds mpi4py in `PYTHON`, the system's Python, or the one on the path; or says why not. */
export function findMpi4py(): Mpi4py | { missing: string } {
  const candidates = [process.env.PYTHON, '/usr/bin/python3', 'python3'];
  for (const python of candidates) {
    if (!python) continue;
    try {
      const answer = execFileSync(python, ['-c', probe], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      return { python, ...JSON.parse(answer) };
    } catch {
      // The next one.
    }
  }
  return { missing: 'no Python with mpi4py and NumPy' };
}

/** Why mpi4py cannot be measured with an MPI; undefined when it can. */
export function whyNoMpi4py(found: Mpi4py | { missing: string }, mpi: Mpi): string | undefined {
  if ('missing' in found) return found.missing;
  const isOpenMpi = /open mpi/i.test(found.library);
  if (isOpenMpi === (mpi.flavour === 'openmpi')) return undefined;
  return `mpi4py ${found.version} is linked with another MPI: ${found.library.split(/[,\n]/)[0]}`;
}

/** The command that runs `peers/<name>.py`. */
export function pythonPeer(name: string, found: Mpi4py): string[] {
  return [found.python, peerScript(`${name}.py`)];
}
