import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { RUN_MARKER } from './environment.ts';

/** A process that belongs to a test run. */
export interface MarkedProcess {
  readonly pid: number;
  readonly command: string;
}

/**
 * The live processes that a run started, wherever they are in the process tree: ranks of
 * hydra and Open MPI have process groups and sessions of their own, but inherit the marker.
 * Empty on systems without `/proc`.
 */
export function markedProcesses(marker: string): MarkedProcess[] {
  if (!existsSync('/proc/self/environ')) return [];
  const found: MarkedProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue;
    if (carriesMarker(readProc(entry, 'environ'), marker)) {
      const command = readProc(entry, 'cmdline').split('\0').join(' ').trim();
      found.push({ pid: Number(entry), command });
    }
  }
  return found;
}

function carriesMarker(environ: string, marker: string): boolean {
  const start = `${RUN_MARKER}=`;
  return environ
    .split('\0')
    .some(
      (entry) => entry.startsWith(start) && entry.slice(start.length).split('/').includes(marker),
    );
}

function readProc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return ''; // the process is gone, or another user's
  }
}

/** Whether a process exists (zombies included). */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal to a process, or to a group for a negative id; gone is fine. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // already gone
  }
}

/** Kills whatever is left of a run; returns what survives even that. */
export async function killMarked(marker: string): Promise<MarkedProcess[]> {
  for (let attempt = 0; attempt < 30; attempt++) {
    const left = markedProcesses(marker);
    if (left.length === 0) return [];
    for (const { pid } of left) sendSignal(pid, 'SIGKILL');
    await pause(100);
  }
  return markedProcesses(marker);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
