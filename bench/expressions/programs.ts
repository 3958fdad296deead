/** The programs of the benchmark of expressions: ours and others', each of which does one thing. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findCompiler } from '../../src/jit/compiler.ts';
import { launch, type Mpi } from '../launch.ts';
import type { Source } from '../peers/ours.ts';
import { findMpi4py, ourPeer, peerScript, resultsDirectory, whyNoMpi4py } from '../peers.ts';

/**
 * Who computes. `ours` is as users have it: expressions are interpreted in blocks (`ours, VM`) until they have proved
 * worth compiling (`ours, compiled`).
 */
export const peerNames = [
  'ours',
  'ours, VM',
  'ours, compiled',
  'C',
  'C++ -O3',
  'C++ -march=native',
  'Fortran',
  'NumPy',
  'numexpr',
  'mpi4py + NumPy',
] as const;
export type PeerName = (typeof peerNames)[number];

/** What makes the difference between ours. */
const environments: Readonly<Partial<Record<PeerName, NodeJS.ProcessEnv>>> = {
  'ours, VM': { DISTARRAY_JIT: '0' },
  'ours, compiled': { DISTARRAY_JIT: 'now' },
};

/** What a program does; arguments of the files in `bench/peers`. */
export interface Work {
  readonly file: 'fused' | 'grids';
  readonly kind: string;
  readonly size: number;
  readonly warmup: number;
  readonly iterations: number;
  readonly batches: number;
}

/** What a program says. */
export interface Report {
  /** Per iteration, of every batch. */
  readonly seconds: readonly number[];
  readonly sum: number;
  /** By how much the process was larger at most than before the batches. */
  readonly extraBytes?: number;
}

/** How peers are started, or why they are not. */
export type Peers = Readonly<
  Record<PeerName, ((work: Work) => readonly string[]) | { readonly missing: string }>
>;

const native = ['-O3', '-march=native'];

/** Finds the peers and compiles those that need it. */
export function findPeers(mpi: Mpi, source: Source): Peers {
  const compiled = (name: string, compiler: string, flags: readonly string[], as = name) => {
    const program = compile(name, compiler, flags, as);
    return typeof program === 'string' ? () => [program] : program;
  };
  const c: Record<Work['file'], string | { missing: string }> = {
    fused: compile('fused.c', mpi.mpicc, native, `fused-${mpi.flavour}`),
    grids: compile('grids.c', mpi.mpicc, native, `grids-${mpi.flavour}`),
  };
  const withoutC = Object.values(c).find((each) => typeof each !== 'string');
  const python = findMpi4py();
  const numpy = 'python' in python ? python.python : findPython('numpy');
  const numexpr = findPython('numexpr');
  const withoutMpi4py = whyNoMpi4py(python, mpi);
  const script = (executable: string | undefined, library: string, missing: string) =>
    executable === undefined
      ? { missing }
      : ({ file }: Work) => [executable, peerScript(`${file}.py`), library];
  const ours = ({ file }: Work) => ourPeer(file, source);
  return {
    ours,
    'ours, VM': ours,
    'ours, compiled': withoutCompiler() ?? ours,
    C: typeof withoutC === 'object' ? withoutC : ({ file }) => [c[file] as string],
    'C++ -O3': compiled('diffusion.cpp', 'g++', ['-O3'], 'diffusion'),
    'C++ -march=native': compiled('diffusion.cpp', 'g++', native, 'diffusion-native'),
    Fortran: compiled('laplace.f90', 'gfortran', [...native, '-fopenmp-simd'], 'laplace'),
    NumPy: script(numpy, 'numpy', 'no Python with NumPy'),
    numexpr: script(numexpr, 'numexpr', 'no Python with numexpr'),
    'mpi4py + NumPy':
      withoutMpi4py !== undefined || !('python' in python)
        ? { missing: withoutMpi4py ?? 'no mpi4py' }
        : script(python.python, 'mpi4py', ''),
  };
}

/** Runs a program on so many ranks. */
export function runPeer(peers: Peers, peer: PeerName, mpi: Mpi, ranks: number, work: Work): Report {
  const command = peers[peer];
  if (typeof command !== 'function') throw new Error(`${peer}: ${command.missing}`);
  const { kind, size, warmup, iterations, batches } = work;
  const args = [kind, ...[size, warmup, iterations, batches].map(String)];
  const env = { OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1', ...environments[peer] };
  return launch<Report>(mpi, ranks, [...command(work), ...args], env);
}

/** The versions of what the peers are made with. */
export function describePeers(peers: Peers, mpi: Mpi): string[] {
  const first = (program: string, ...args: string[]) =>
    execFileSync(program, args, { encoding: 'utf8' }).split('\n')[0];
  const lines = [`C: ${first(mpi.mpicc, '--version')}, ${native.join(' ')}`];
  if (typeof peers.Fortran === 'function') lines.push(`Fortran: ${first('gfortran', '--version')}`);
  for (const [name, module] of [
    ['NumPy', 'numpy'],
    ['numexpr', 'numexpr'],
    ['mpi4py + NumPy', 'mpi4py'],
  ] as const) {
    const peer = peers[name];
    if (typeof peer !== 'function') continue;
    const [python] = peer({
      file: 'fused',
      kind: '',
      size: 0,
      warmup: 0,
      iterations: 0,
      batches: 0,
    });
    lines.push(`${name}: ${first(python, '-c', `import ${module}; print(${module}.__version__)`)}`);
  }
  return lines;
}

/** Compiles a file of `bench/peers`; returns the program's path, or what is missing. */
function compile(
  name: string,
  compiler: string,
  flags: readonly string[],
  as: string,
): string | { missing: string } {
  const directory = join(resultsDirectory, 'bin');
  mkdirSync(directory, { recursive: true });
  const program = join(directory, as);
  try {
    execFileSync(compiler, ['--version'], { stdio: 'ignore' });
  } catch {
    return { missing: `no ${compiler}` };
  }
  const args = [...flags, '-Wall', '-Wextra', '-o', program, peerScript(name), '-lm'];
  execFileSync(compiler, args, { stdio: 'inherit' });
  return program;
}

/** Why nothing is compiled at run time; undefined when it is. */
function withoutCompiler(): { missing: string } | undefined {
  try {
    findCompiler('c');
    return undefined;
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

function findPython(module: string): string | undefined {
  const candidates = [process.env.PYTHON, '/usr/bin/python3', 'python3'];
  return candidates.find((python) => {
    if (!python) return false;
    try {
      execFileSync(python, ['-c', `import ${module}, numpy`], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}
