/** How a child process ended. */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** The child's exit code, 128 + n when signal n ended it; rejects when it could not start. */
export function exitCodeOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
    });
  });
}
