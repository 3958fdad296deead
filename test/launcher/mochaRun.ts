import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Loading } from './compiled.ts';
import { EXHAUSTIVE, RUN_MARKER, SAMPLE, testEnvironment } from './environment.ts';
import { type JobEnd, runJob } from './job.ts';
import type { LauncherOptions } from './options.ts';
import { readRankLogs } from './rankFiles.ts';
import type { RankLog } from './rankLog.ts';
import { RunWatch } from './watch.ts';

/** What all suite runs of a launcher run share. */
export interface RunContext {
  readonly options: LauncherOptions;
  /** Folder for records and output. */
  readonly folder: string;
  readonly interrupt: AbortSignal;
  /** Told what a suite run is doing. */
  readonly progress: (suite: string, status: string) => void;
}

/** One mocha run in `size` processes, and maybe other processes beside them. */
export interface MochaRun {
  readonly label: string;
  readonly size: number;
  readonly loading: Loading;
  /** Options of node. */
  readonly nodeArguments: readonly string[];
  /** What the launcher starts beside: its arguments behind those of mocha. */
  readonly others: readonly string[];
  /** What starts the processes, such as `mpiexec -n 3`; empty for a plain process. */
  readonly launcher: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly mochaArguments: readonly string[];
  readonly timeLimit: number;
}

export interface MochaEnd {
  readonly logs: readonly RankLog[];
  readonly job: JobEnd;
  readonly output: string;
  readonly fallen: readonly number[];
}

const REPORTER = relative(
  process.cwd(),
  fileURLToPath(new URL('./rankReporter.ts', import.meta.url)),
);

/**
 * Runs mocha in each of the processes and collects what they wrote down. Mocha's own file is
 * run by node itself: the commands `mocha` and `tsx` start a child process, to which MPICH's
 * connection to its launcher is not passed on.
 */
export async function runMocha(context: RunContext, run: MochaRun): Promise<MochaEnd> {
  const { options, interrupt } = context;
  const { loading } = run;
  const marker = randomUUID();
  const outer = process.env[RUN_MARKER];
  const folder = join(
    context.folder,
    `${run.label.replace(/[^\w.]+/g, '-')}-${marker.slice(0, 8)}`,
  );
  mkdirSync(folder, { recursive: true });
  const outputFile = join(folder, 'output.txt');
  const mocha = [
    ...run.nodeArguments,
    ...loading.options,
    ...['node_modules/mocha/bin/mocha.js', '--no-config', '--no-package'],
    ...['--reporter', `./${loading.pathOf(REPORTER)}`, ...run.mochaArguments],
    ...(options.grep === null ? [] : ['--fgrep', options.grep]),
    ...(process.env.CI === 'true' ? ['--forbid-only'] : []),
    ...run.files.map(loading.pathOf),
    ...run.others,
  ];
  const [command = process.execPath, ...args] = [...run.launcher, process.execPath, ...mocha];
  const watch = new RunWatch();
  const job = await runJob({
    command,
    args,
    env: {
      ...testEnvironment(process.env, outer ? `${outer}/${marker}` : marker, folder),
      ...(options.exhaustive && { [EXHAUSTIVE]: '1' }),
      ...(options.sample && { [SAMPLE]: '1' }),
      ...run.env,
    },
    outputFile,
    timeLimit: run.timeLimit,
    marker,
    interrupt,
    shouldStop: () => {
      const logs = readRankLogs(folder, run.size);
      context.progress(run.label, progressOf(logs));
      return watch.look(logs);
    },
  });
  const logs = readRankLogs(folder, run.size);
  return { logs, job, output: readFileSync(outputFile, 'utf8'), fallen: watch.fallen };
}

function progressOf(logs: readonly RankLog[]): string {
  const planned = Math.max(0, ...logs.map((log) => log.plan?.length ?? 0));
  if (planned === 0) return 'starting';
  const done = Math.min(...logs.map((log) => log.outcomes.size));
  const current = logs.find((log) => log.test !== null)?.test?.title ?? '';
  return `${done}/${planned} ${current}`;
}
