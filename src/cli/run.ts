/** `distarray run`: a script on N processes, by the mpiexec that belongs to the addon. */
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';
import { collectorArguments } from '../engine/job/collectorArguments.ts';
import { jobEnvironment } from '../engine/job/jobEnvironment.ts';
import { entryModule, labelModule } from '../engine/job/startEngines.ts';
import { chooseFlavour, readManifest } from '../native.ts';
import { runClientJob } from './clientJob.ts';
import { exitCodeOf } from './exitCode.ts';
import { parseRunArguments, type RunArguments, runUsage } from './runArguments.ts';
import { loaderArguments } from './script.ts';

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
  const processes = processesOf(parsed);
  const env = jobEnvironment(process.env, { flavour, ...parsed, processes });
  const gone = (error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Error(`'${mpiexec}' is gone; build again for the MPI that is installed now.`)
      : error;
  };
  if (parsed.client) {
    const args = (pidFile: string) => clientArguments(parsed, pidFile);
    return runClientJob({ mpiexec, args, env }).catch(gone);
  }
  const job = spawn(mpiexec, spmdArguments(parsed), { stdio: 'inherit', env });
  const interrupted = forwardSignals(job);
  const code = await exitCodeOf(job).catch(gone);
  const signal = interrupted();
  // What was being written, a progress bar perhaps, was left in the middle of its line.
  if (signal !== undefined && process.stderr.isTTY) process.stderr.write('\n');
  return signal === undefined ? code : 128 + constants.signals[signal];
}

/** Number of processes of the job. */
function processesOf({ processes, client }: RunArguments): number {
  return client ? processes + 1 : processes;
}

function spmdArguments(parsed: RunArguments): string[] {
  const { processes, script, scriptArguments, tag } = parsed;
  const labels = tag ? ['--import', labelModule('rank')] : [];
  return [...processesBy(parsed, processes), ...labels, script, ...scriptArguments];
}

function clientArguments(parsed: RunArguments, pidFile: string): string[] {
  const { processes, script, scriptArguments, tag } = parsed;
  const preload = pathToFileURL(entryModule('clientPreload'));
  preload.searchParams.set('pid', pidFile);
  const label = (as: 'client' | 'engine') => (tag ? ['--import', labelModule(as)] : []);
  const client = ['--title=distarray-client', '--import', preload.href, ...label('client')];
  return [
    ...[...processesBy(parsed, 1), ...client, script, ...scriptArguments],
    ':',
    ...[...processesBy(parsed, processes), ...label('engine'), entryModule('engineMain')],
  ];
}

/** So many processes of node, which can read the script. */
function processesBy(parsed: RunArguments, count: number): string[] {
  const collector = collectorArguments(processesOf(parsed));
  return ['-n', String(count), process.execPath, ...collector, ...loaderArguments(parsed.script)];
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
