/** Runs a fixture as an MPI job by `distarray run`, and tells how it ended. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withoutSingleton } from '../../src/engine/job/jobEnvironment.ts';
import type { BuildManifest, MpiFlavour } from '../../src/native.ts';
import { SAMPLE } from '../launcher/environment.ts';
import { patience } from '../launcher/patience.ts';
import { nodeArguments, programFile, root } from './programs.ts';

const manifestFile = join(root, 'build', 'variants.json');

/** The MPIs that the addon is built for. */
export const flavours: readonly MpiFlavour[] = existsSync(manifestFile)
  ? (Object.keys(
      (JSON.parse(readFileSync(manifestFile, 'utf8')) as BuildManifest).variants,
    ) as MpiFlavour[])
  : [];

/** Whether case k of several runs under an MPI: under all of them, or in a sample under one. */
export function isTaken(flavour: MpiFlavour, k: number): boolean {
  return process.env[SAMPLE] !== '1' || flavours[k % flavours.length] === flavour;
}

export interface JobResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface JobSettings {
  readonly env?: NodeJS.ProcessEnv;
  /** Sent to the command as soon as each of the `ranks` has written "ready" to stderr. */
  readonly signal?: { readonly name: NodeJS.Signals; readonly ranks: number };
  readonly cwd?: string;
  /** Whether a fixture runs as it is, not compiled: then the places in errors are those of TypeScript. */
  readonly isSource?: boolean;
}

/** Runs the `distarray` command with these arguments; ends it after 30 s, with patience. */
export function distarray(args: readonly string[], settings: JobSettings = {}): Promise<JobResult> {
  const main = nodeArguments('src/cli/main.ts');
  return runProcess(process.execPath, [...main, ...args], settings);
}

/** Runs a fixture of `test/fixtures/jobs` on n ranks. */
export function runJob(
  flavour: MpiFlavour,
  n: number,
  fixture: string,
  args: readonly string[] = [],
  settings: JobSettings = {},
): Promise<JobResult> {
  const source = `test/fixtures/jobs/${fixture}.ts`;
  const script = settings.isSource ? join(root, source) : programFile(source);
  return distarray(['run', '-n', String(n), '--mpi', flavour, script, ...args], settings);
}

/** Runs a command; ends it after 30 s, with patience. */
export function runProcess(
  command: string,
  args: readonly string[],
  { env, signal, cwd = root }: JobSettings = {},
): Promise<JobResult> {
  const start = process.hrtime.bigint();
  const child = spawn(command, args, {
    cwd,
    // A test file that has loaded MPI into this process must not change what others start.
    env: { ...withoutSingleton(process.env), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let sent = false;
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
    if (signal && !sent && stderr.split('ready').length > signal.ranks) {
      sent = true;
      child.kill(signal.name);
    }
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), 30_000 * patience());
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, endedBy) => {
      clearTimeout(limit);
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      resolve({ code, signal: endedBy, stdout, stderr, seconds });
    });
  });
}
