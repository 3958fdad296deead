/**
 * The directories of checkpoints: one a generation, named by its number. A directory of such a name is complete; it is
 * written under another name and renamed last, and renamed before it is removed. Not collective.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { DistArrayError } from '../../errors.ts';

const COMPLETE = /^\d{8,15}$/;
/** What a job that was killed has left: a generation that was being written or removed. */
const LEFTOVER = /^\d{8,15}\.[0-9a-f]{12}\.tmp$/;

/** Returns the numbers of the complete generations, ascending; none when there is no directory. */
export function listGenerations(directory: string): number[] {
  const names = entriesOf(directory).filter((name) => COMPLETE.test(name));
  return names.map(Number).sort((a, b) => a - b);
}

/** Returns the path of a generation. */
export function generationPath(directory: string, generation: number): string {
  return join(directory, nameOf(generation));
}

/**
 * Makes the directory of the next generation under its temporary name, and the one around it where there is none.
 * Removes what killed jobs have left.
 */
export function beginGeneration(directory: string): { temporary: string; generation: number } {
  const existing = statSync(directory, { throwIfNoEntry: false });
  if (existing && !existing.isDirectory()) {
    throw new DistArrayError('ENOTDIR', `'${directory}' is no directory`);
  }
  mkdirSync(directory, { recursive: true });
  for (const name of entriesOf(directory)) {
    if (LEFTOVER.test(name)) rmSync(join(directory, name), { recursive: true, force: true });
  }
  const generation = (listGenerations(directory).at(-1) ?? 0) + 1;
  const temporary = temporaryPath(directory, generation);
  mkdirSync(temporary);
  return { temporary, generation };
}

/** Gives a generation that is complete and on the disk its name, and removes those before the last `keep`. */
export function commitGeneration(
  directory: string,
  { temporary, generation }: { readonly temporary: string; readonly generation: number },
  keep: number,
): void {
  syncDirectory(temporary);
  renameSync(temporary, generationPath(directory, generation));
  syncDirectory(directory);
  for (const old of listGenerations(directory).slice(0, -keep)) {
    const removed = temporaryPath(directory, old);
    renameSync(generationPath(directory, old), removed);
    rmSync(removed, { recursive: true, force: true });
  }
}

/** Brings a file to the disk. */
export function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncDirectory(path: string): void {
  try {
    syncFile(path);
  } catch {
    // Some file systems cannot sync a directory.
  }
}

function temporaryPath(directory: string, generation: number): string {
  return join(directory, `${nameOf(generation)}.${randomBytes(6).toString('hex')}.tmp`);
}

function nameOf(generation: number): string {
  return String(generation).padStart(8, '0');
}

function entriesOf(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
