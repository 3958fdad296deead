/** Starts engines, and the relay that a client outside of their job speaks with, by the MPI's mpiexec. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ArgumentTypeError, checkInteger } from '../../errors.ts';
import { chooseFlavour, type MpiFlavour, readManifest } from '../../native.ts';
import { collectorArguments } from './collectorArguments.ts';
import { outputFiles } from './engineOutput.ts';
import { jobEnvironment } from './jobEnvironment.ts';

/** More engines are a slip of the finger. */
const MOST_ENGINES = 1_000_000;

/** What the relay is told, as an argument of its program. */
export interface RelayTask {
  /** The socket: where the client listens, or the relay is to. */
  readonly socket: string;
  /** The folder of the job: of a client that is gone, the relay removes it. */
  readonly folder: string;
  /** Whether the engines serve one client after the other. */
  readonly isPool: boolean;
}

/** What to start. */
export interface EnginesToStart {
  readonly engines: number;
  readonly mpi: MpiFlavour | undefined;
  readonly relay: RelayTask;
  /** Whether lines of output begin with the rank of the engine. */
  readonly isTagged: boolean;
}

/** A job that was started. */
export interface StartedJob {
  readonly child: ChildProcess;
  readonly flavour: MpiFlavour;
  readonly mpiexec: string;
}

/** Checks the options that all ways to start engines have. */
export function checkEngineOptions(engines: unknown, mpi: unknown): void {
  checkInteger('options.engines', engines, 1, MOST_ENGINES);
  if (mpi === undefined || mpi === 'openmpi' || mpi === 'mpich') return;
  throw new ArgumentTypeError('options.mpi', "'openmpi' or 'mpich'", mpi);
}

/**
 * Starts the job: the relay is the process 0, engine t the process t + 1. It has a process group of its own, so that
 * Ctrl-C in the terminal reaches the client only; what it writes goes to files.
 *
 * @throws {@link DistArrayError} `ERR_NATIVE_NOT_BUILT`
 */
export function startEngines({ engines, mpi, relay, isTagged }: EnginesToStart): StartedJob {
  const flavour = flavourOfJob(mpi);
  const { mpiexec } = readManifest().variants[flavour]!;
  const processes = engines + 1;
  const tag = isTagged ? ['--import', labelModule('engine')] : [];
  const pool = relay.isPool ? ['pool'] : [];
  const node = [process.execPath, ...collectorArguments(processes), ...loaderArguments()];
  const args = [
    ...['-n', '1', ...node, entryModule('relayMain'), JSON.stringify(relay)],
    ':',
    ...['-n', String(engines), ...node, ...tag, entryModule('engineMain'), ...pool],
  ];
  const files = outputFiles(relay.folder);
  const outputs = [files.stdout, files.stderr].map((file) => openSync(file, 'a', 0o600));
  try {
    const child = spawn(mpiexec, args, {
      detached: true,
      stdio: ['ignore', ...outputs],
      env: jobEnvironment(process.env, { flavour, processes, oversubscribe: false }),
    });
    return { child, flavour, mpiexec };
  } finally {
    for (const output of outputs) closeSync(output);
  }
}

/** Returns the MPI of a job that is to be started: the one that is wanted, or the default. */
export function flavourOfJob(wanted: MpiFlavour | undefined): MpiFlavour {
  const env = withoutLauncher(process.env);
  return chooseFlavour(readManifest(), { ...env, ...(wanted && { DISTARRAY_MPI: wanted }) });
}

/** A module that is the beginning of a process. */
export function entryModule(name: string): string {
  return join(sources, 'entry', name + extension);
}

/** The module that labels output: by the rank of an engine, as that of the client, or by that in the job. */
export function labelModule(as: 'engine' | 'client' | 'rank'): string {
  return `${pathToFileURL(join(sources, 'engine', 'job', `tagOutput${extension}`)).href}?${as}`;
}

const here = fileURLToPath(import.meta.url);
const extension = extname(here);
/** `src`, or where that was compiled to. */
const sources = dirname(dirname(dirname(here)));

/** The loaders of this process: engines are to read the modules that the program can read. */
function loaderArguments(): string[] {
  const taking = /^(--import|--require|-r|--loader|--experimental-loader|--conditions|-C)(=|$)/;
  const found: string[] = [];
  for (let at = 0; at < process.execArgv.length; at++) {
    const argument = process.execArgv[at];
    if (!taking.test(argument)) continue;
    found.push(argument);
    if (!argument.includes('=')) found.push(process.execArgv[++at]);
  }
  return found;
}

/** A launcher that has started this process does not choose the MPI of the job that it starts. */
function withoutLauncher(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { OMPI_COMM_WORLD_SIZE, PMI_RANK, PMI_FD, ...others } = env;
  return others;
}
