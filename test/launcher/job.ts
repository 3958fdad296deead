import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { patience } from './patience.ts';
import { killMarked, type MarkedProcess, markedProcesses, pause, sendSignal } from './processes.ts';

export interface JobSpec {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  /** Where standard output and standard error go. */
  readonly outputFile: string;
  /** Seconds until the job is killed. */
  readonly timeLimit: number;
  /** Unique name that the job's processes carry in their environment. */
  readonly marker: string;
  /** Looked at four times a second: true ends the job. */
  readonly shouldStop: () => boolean;
  readonly interrupt: AbortSignal;
}

/** How a job came to its end. */
export interface JobEnd {
  readonly reason: 'ended' | 'timeLimit' | 'stopped' | 'interrupted' | 'notStarted';
  readonly code: number | null;
  readonly signal: string | null;
  readonly startError: string | null;
  readonly seconds: number;
  /** When the end came, or the decision to end it (milliseconds since the epoch). */
  readonly at: number;
  /**
   * Processes that outlived a job which ended by itself, or that were there when it had to be
   * ended; they have been killed.
   */
  readonly survivors: readonly MarkedProcess[];
}

/** How long processes may still need to go away after the job itself has ended. */
const LINGER_MS = 3000 * patience();
/** How long a terminated job may take before it is killed. */
const TERMINATION_MS = 3000;

/** Runs a command in a process group of its own, to its end or to its time limit. */
export async function runJob(job: JobSpec): Promise<JobEnd> {
  const start = Date.now();
  const output = openSync(job.outputFile, 'w');
  const child = spawn(job.command, job.args, {
    env: job.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let startError: string | null = null;
  let exited = false;
  const exit = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      startError = error.message;
      exited = true;
      resolve();
    });
    child.once('exit', () => {
      exited = true;
      resolve();
    });
  });

  const reason = await waitForEnd(job, exit, start);
  const at = Date.now();
  const survivors = reason === 'ended' ? await lingering(job.marker) : markedProcesses(job.marker);
  if (reason !== 'ended') {
    await terminate(child, exit, () => exited);
  }
  await killMarked(job.marker);
  return {
    reason: startError === null ? reason : 'notStarted',
    code: child.exitCode,
    signal: child.signalCode,
    startError,
    seconds: (at - start) / 1000,
    at,
    survivors,
  };
}

function waitForEnd(job: JobSpec, exit: Promise<void>, start: number): Promise<JobEnd['reason']> {
  return new Promise((resolve) => {
    const finish = (reason: JobEnd['reason']) => {
      clearInterval(watch);
      job.interrupt.removeEventListener('abort', interrupted);
      resolve(reason);
    };
    const interrupted = () => finish('interrupted');
    const watch = setInterval(() => {
      if (Date.now() - start > job.timeLimit * 1000) finish('timeLimit');
      else if (job.shouldStop()) finish('stopped');
    }, 250);
    job.interrupt.addEventListener('abort', interrupted);
    if (job.interrupt.aborted) interrupted();
    void exit.then(() => finish('ended'));
  });
}

async function terminate(child: ChildProcess, exit: Promise<void>, exited: () => boolean) {
  if (child.pid === undefined) return;
  sendSignal(-child.pid, 'SIGTERM');
  await Promise.race([exit, pause(TERMINATION_MS)]);
  sendSignal(-child.pid, 'SIGKILL');
  if (!exited()) await Promise.race([exit, pause(TERMINATION_MS)]);
}

async function lingering(marker: string): Promise<MarkedProcess[]> {
  const deadline = Date.now() + LINGER_MS;
  let left = markedProcesses(marker);
  while (left.length > 0 && Date.now() < deadline) {
    await pause(100);
    left = markedProcesses(marker);
  }
  return left;
}
