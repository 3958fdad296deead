import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { withoutSingleton } from '../../../src/engine/job/jobEnvironment.ts';
import { RUN_MARKER } from '../../launcher/environment.ts';
import { killMarked, markedProcesses, pause } from '../../launcher/processes.ts';

/** What a launcher run on fixtures came to. */
export interface LauncherEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
  /** The last line of standard output. */
  readonly verdict: string;
  /** Command lines of processes that the run left behind. */
  readonly left: readonly string[];
}

export interface LauncherRun {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Sends a signal to the launcher once this many ranks are running. */
  readonly interruptAt?: { readonly ranks: number; readonly signal: NodeJS.Signals };
}

const FIXTURES = ['--variants', 'test/fixtures/launcher/variants.json'];
export const FIXTURE_TESTS = 'test/fixtures/launcher';

/** Runs the launcher as a user does, in a process of its own. */
export async function runLauncher(run: LauncherRun): Promise<LauncherEnd> {
  const id = randomUUID();
  const outer = process.env[RUN_MARKER];
  const start = Date.now();
  const variants = run.args.includes('--variants') ? [] : FIXTURES;
  const tests = run.args.includes('--tests') ? [] : ['--tests', FIXTURE_TESTS];
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', 'test/launcher/main.ts', ...variants, ...tests, ...run.args],
    {
      env: {
        ...withoutSingleton(withoutCi()),
        [RUN_MARKER]: outer === undefined ? id : `${outer}/${id}`,
        ...run.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (run.interruptAt !== undefined) {
    await rankProcesses(id, run.interruptAt.ranks);
    child.kill(run.interruptAt.signal);
  }
  await closed;
  const left = markedProcesses(id).map(({ command }) => command);
  await killMarked(id);
  return {
    code: child.exitCode,
    stdout,
    stderr,
    seconds: (Date.now() - start) / 1000,
    verdict: stdout.trimEnd().split('\n').at(-1) ?? '',
    left,
  };
}

function withoutCi(): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  delete environment.CI;
  return environment;
}

async function rankProcesses(id: string, count: number): Promise<void> {
  const ranks = () =>
    markedProcesses(id).filter(({ command }) => /^\S*node .*mocha\.js/.test(command)).length;
  while (ranks() < count) await pause(50);
  await pause(500); // time to get to their tests
}

/** The part of a report that is about one failure: `1) openmpi ×3  oneFails › …` and below. */
export function failureOf(end: LauncherEnd, config: string, title = ''): string {
  const parts = end.stdout.split(/\n(?=\d+\) |slowest:|skipped:)/);
  const part = parts.find((text) => {
    const head = text.split('\n')[0] ?? '';
    return /^\d+\) /.test(head) && head.includes(config) && head.includes(title);
  });
  return part ?? `(no failure of ${config} ${title} in)\n${end.stdout}${end.stderr}`;
}

/** Calls `use` with a temporary folder that holds the given files. */
export async function withFiles(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'distarray-launcher-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
