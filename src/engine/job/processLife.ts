/** Whether a process that is no child of this one still is what it was. */
import { readFileSync } from 'node:fs';

/** A process, told from a later one of the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** When it began, in the system's own terms; null where that cannot be known. */
  readonly began: string | null;
}

/** Returns what a process is told by. */
export function markOf(pid: number): ProcessMark {
  return { pid, began: statOf(pid)?.began ?? null };
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isRunning({ pid, began }: ProcessMark): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  const stat = statOf(pid);
  if (stat === null) return true;
  return stat.state !== 'Z' && (began === null || stat.began === began);
}

function statOf(pid: number): { readonly state: string; readonly began: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold anything; the state is the third field.
    const fields = text.slice(text.lastIndexOf(') ') + 2).split(' ');
    return { state: fields[0], began: fields[19] };
  } catch {
    return null;
  }
}
