/** A program at a terminal: through tmux, which has a pty and knows what the screen shows. */
import { spawnSync } from 'node:child_process';
import { setTimeout as later } from 'node:timers/promises';
import { patience } from '../launcher/patience.ts';

/** Whether there is a terminal emulator here. */
export const hasTerminal = spawnSync('tmux', ['-V']).status === 0;

/** Seconds that a text may take to appear. */
const LIMIT = 40;

let terminals = 0;

/** A terminal with a program. */
export class Terminal {
  readonly #server = `distarray-test-${process.pid}-${terminals++}`;

  /** @param command - for the shell; when it ends, the terminal shows `exit code N` */
  constructor(command: string, env: Readonly<Record<string, string>>, cwd: string) {
    const quoted = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
    const line = `cd '${cwd}'; env ${quoted.join(' ')} ${command}; echo "exit code $?"; sleep 60`;
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', '120', '-y', '50', line);
  }

  /** Presses keys, by tmux's names, or types a text. */
  press(...keys: string[]): void {
    this.#tmux('send-keys', ...keys);
  }

  /** Types a line. */
  type(line: string): void {
    this.#tmux('send-keys', '-l', line);
    this.#tmux('send-keys', 'Enter');
  }

  /** What the terminal shows and has shown. */
  get text(): string {
    return this.#tmux('capture-pane', '-p', '-J', '-S', '-1000');
  }

  /** Waits until the screen matches. */
  async shows(pattern: RegExp): Promise<void> {
    const deadline = performance.now() + LIMIT * 1000 * patience();
    while (!pattern.test(this.text)) {
      if (performance.now() > deadline) throw new Error(`No ${pattern} on:\n${this.text}`);
      await later(50);
    }
  }

  close(): void {
    this.#tmux('kill-server');
  }

  #tmux(...args: string[]): string {
    return spawnSync('tmux', ['-L', this.#server, ...args], { encoding: 'utf8' }).stdout;
  }
}
