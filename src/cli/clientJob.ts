/** The front end of `distarray run --client`: what the terminal says goes to the client, not to mpiexec. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isatty } from 'node:tty';
import { exitCodeOf } from './exitCode.ts';

/** A second Ctrl-C within this time ends the job, in milliseconds. */
const SECOND_INTERRUPT = 2000;
/** Milliseconds that a job has to end when it is told to. */
const LEAVE = 5000;

/** What starts mpiexec. */
export interface ClientJob {
  readonly mpiexec: string;
  /** @param pidFile - where the client writes its process id */
  args(pidFile: string): string[];
  readonly env: NodeJS.ProcessEnv;
}

/** Runs the job and returns its exit code. */
export async function runClientJob({ mpiexec, args, env }: ClientJob): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'distarray-'));
  const pidFile = join(folder, 'client');
  try {
    const forwardsTerminal = isatty(0) && isInForeground();
    const job = spawn(mpiexec, args(pidFile), {
      // A process group, and session, of its own: Ctrl-C in the terminal does not reach it.
      detached: true,
      stdio: [standardInput(forwardsTerminal), 'inherit', 'inherit'],
      env,
    });
    if (forwardsTerminal) forwardInput(job);
    const guard = startGuard(job);
    try {
      const signals = passSignalsOn(job, pidFile);
      const code = await exitCodeOf(job);
      return signals.exitCode(code);
    } finally {
      guard?.kill('SIGKILL');
      if (forwardsTerminal) process.stdin.destroy();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Another session may not read from the terminal: then this process does. */
function standardInput(forwards: boolean): 'pipe' | 'inherit' | 'ignore' {
  if (forwards) return 'pipe';
  return isatty(0) ? 'ignore' : 'inherit';
}

function forwardInput(job: ChildProcess): void {
  // It may end first.
  job.stdin?.on('error', () => {});
  process.stdin.pipe(job.stdin!);
}

/** Whether reading from the terminal would not stop this process. */
function isInForeground(): boolean {
  try {
    // After the name, which may hold anything: state, parent, process group, session, terminal, its group.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ');
    return fields[2] === fields[5];
  } catch {
    return true;
  }
}

/**
 * Ends the job when this process is killed, of which it would not hear: a shell that reads from a pipe that only this
 * process can write to.
 */
function startGuard(job: ChildProcess): ChildProcess | null {
  if (job.pid === undefined) return null;
  const script = 'read _; kill -s TERM -- "-$1"; sleep 5; kill -s KILL -- "-$1"';
  return spawn('/bin/sh', ['-c', script, 'sh', String(job.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

interface PassedSignals {
  /** The exit code of the command for that of the job. */
  exitCode(code: number): number;
}

function passSignalsOn(job: ChildProcess, pidFile: string): PassedSignals {
  let ended: NodeJS.Signals | null = null;
  let wasInterrupted = false;
  let lastInterrupt = Number.NEGATIVE_INFINITY;
  const end = (signal: NodeJS.Signals): void => {
    const isRepeated = ended !== null;
    ended = signal;
    if (isRepeated) endGroup(job, 'SIGKILL');
    else {
      endGroup(job, 'SIGTERM');
      setTimeout(() => endGroup(job, 'SIGKILL'), LEAVE).unref();
    }
  };
  process.on('SIGINT', () => {
    const now = performance.now();
    const isSecond = now - lastInterrupt < SECOND_INTERRUPT;
    lastInterrupt = now;
    wasInterrupted = true;
    if (isSecond || !interruptClient(pidFile)) end('SIGINT');
  });
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGQUIT'] as const) {
    process.on(signal, () => end(signal));
  }
  for (const signal of ['SIGUSR1', 'SIGUSR2'] as const) {
    process.on(signal, () => job.kill(signal));
  }
  return {
    exitCode(code) {
      const signal = ended ?? (wasInterrupted && code !== 0 ? 'SIGINT' : null);
      if (signal === null) return code;
      // What was being written, a progress bar perhaps, was left in the middle of its line.
      if (process.stderr.isTTY) process.stderr.write('\n');
      return 128 + constants.signals[signal];
    },
  };
}

/** Interrupts the client; says whether there is one. */
function interruptClient(pidFile: string): boolean {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGINT');
    return true;
  } catch {
    // It has not come so far, has ended, or is on another host.
    return false;
  }
}

function endGroup(job: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (job.pid !== undefined) process.kill(-job.pid, signal);
  } catch {
    // It has ended.
  }
}
