/** A program that a test watches while it runs, and sends signals to. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';
import { withoutSingleton } from '../../src/engine/job/jobEnvironment.ts';
import { patience } from '../launcher/patience.ts';
import { nodeArguments, root } from './programs.ts';

/** A program that hangs is ended after so many seconds. */
const LIMIT = 120;

/** A running program. */
export class Program {
  readonly #child: ChildProcess;
  readonly #end: Promise<number>;
  stdout = '';
  stderr = '';

  /** @param args - a program, and its arguments */
  constructor(
    [program, ...args]: readonly [string, ...string[]],
    env: NodeJS.ProcessEnv = {},
    cwd = root,
  ) {
    this.#child = spawn(process.execPath, [...nodeArguments(program), ...args], {
      cwd,
      env: { ...withoutSingleton(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (chunk) => {
      this.stdout += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.stderr += chunk;
    });
    const limit = setTimeout(() => this.#child.kill('SIGKILL'), LIMIT * 1000 * patience());
    this.#end = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code, signal) => {
        clearTimeout(limit);
        resolve(code ?? (signal === 'SIGINT' ? 130 : 137));
      });
    });
  }

  /** Waits until it has printed a text; returns what follows on the line. */
  async said(text: string): Promise<string> {
    for (;;) {
      const at = this.stdout.indexOf(text);
      const end = this.stdout.indexOf('\n', at);
      if (at >= 0 && end >= 0) return this.stdout.slice(at + text.length, end).trim();
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new Error(`It has ended without '${text}':\n${this.stdout}\n${this.stderr}`);
      }
      await later(20);
    }
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Its exit code, 130 after Ctrl-C that it has not caught, 137 after another signal. */
  ended(): Promise<number> {
    return this.#end;
  }
}

/** Waits until none of these processes runs any more; fails after some seconds. */
export async function areGone(pids: readonly number[]): Promise<void> {
  const deadline = performance.now() + 15_000 * patience();
  for (const pid of pids) {
    while (isThere(pid)) {
      if (performance.now() > deadline) throw new Error(`Process ${pid} still runs`);
      await later(50);
    }
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
