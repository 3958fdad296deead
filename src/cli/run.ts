/** `distarray run`: a script on N processes, by the mpiexec that belongs to the addon. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseFlavour, readManifest } from '../native.ts';
import { collectorArguments } from './collectorArguments.ts';
import { exitCodeOf } from './exitCode.ts';
import { jobEnvironment } from './jobEnvironment.ts';
import { parseRunArguments, type RunArguments, runUsage } from './runArguments.ts';
import { nodeArguments } from './script.ts';

/** Runs `distarray run` with these arguments and returns its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const parsed = parseRunArguments(args);
  if (parsed === 'help') {
    process.stdout.write(runUsage);
    return 0;
  }
  const manifest = readManifest();
  const flavour = chooseFlavour(manifest, {
    ...process.env,
    ...(parsed.mpi && { DISTARRAY_MPI: parsed.mpi }),
  });
  const { mpiexec } = manifest.variants[flavour]!;
  const job = spawn(mpiexec, mpiexecArguments(parsed), {
    stdio: 'inherit',
    env: jobEnvironment(process.env, { flavour, ...parsed, processes: processesOf(parsed) }),
  });
  const interrupted = forwardSignals(job);
  const code = await exitCodeOf(job).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Error(`'${mpiexec}' is gone; build again for the MPI that is installed now.`)
      : error;
  });
  const signal = interrupted();
  // What was being written, a progress bar perhaps, was left in the middle of its line.
  if (signal !== undefined && process.stderr.isTTY) process.stderr.write('\n');
  return signal === undefined ? code : 128 + constants.signals[signal];
}

/** Number of processes of the job. */
function processesOf({ processes, client }: RunArguments): number {
  return client ? processes + 1 : processes;
}

function mpiexecArguments(parsed: RunArguments): string[] {
  const { processes, script, scriptArguments, tag, client } = parsed;
  const loaders = nodeArguments(script, { tag });
  const node = (count: number) => [
    '-n',
    String(count),
    process.execPath,
    ...collectorArguments(processesOf(parsed)),
    ...loaders,
  ];
  if (!client) return [...node(processes), script, ...scriptArguments];
  return [
    ...[...node(1), '--title=distarray-client', script, ...scriptArguments],
    ':',
    ...[...node(processes), entryModule('engineMain')],
  ];
}

/** A module that is the beginning of a process. */
function entryModule(name: string): string {
  const here = fileURLToPath(import.meta.url);
  return join(dirname(dirname(here)), 'entry', name + extname(here));
}

/**
 * Passes signals on to the job and tells which one came last. Ctrl-C reaches the job without us, as
 * it stands in the same process group of the terminal: passing the first one on as well would be the
 * second Ctrl-C, at which mpiexec gives up on an orderly end.
 */
function forwardSignals(job: ChildProcess): () => NodeJS.Signals | undefined {
  let last: NodeJS.Signals | undefined;
  let interrupts = 0;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => {
      last = signal;
      const fromTerminal = signal === 'SIGINT' && process.stdin.isTTY && interrupts++ === 0;
      if (!fromTerminal) job.kill(signal);
    });
  }
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => job.kill(signal));
  }
  return () => last;
}
