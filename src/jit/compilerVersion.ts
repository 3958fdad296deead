/** Versions of compilers, which are asked once and kept in the cache: a process that finds its libraries there starts no other. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  openSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openCache } from './cache.ts';

/**
 * Returns the first line of what a program prints for `--version`.
 * @throws an Error with the reason when it does not run
 */
export function versionOf(path: string, args: readonly string[]): string {
  const file = fileFor(path, args);
  const known = file === null ? null : read(file);
  if (known !== null) return known;
  const { status, stdout, stderr, error } = spawnSync(path, [...args, '--version'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status !== 0) throw new Error(error?.message ?? (stderr.trim() || `exit code ${status}`));
  const version = stdout.split('\n')[0].trim();
  if (file !== null) write(file, version);
  return version;
}

/**
 * Where the version of a program is kept: by its size and time, so that another one is asked. Null where there is no cache,
 * and for what only starts others, whose version may change while it stays.
 */
function fileFor(path: string, args: readonly string[]): string | null {
  try {
    const program = realpathSync(path);
    if (args.length > 0 || isScript(program)) return null;
    const { size, mtimeMs } = statSync(program);
    const hash = createHash('sha256').update(JSON.stringify([path, program, size, mtimeMs]));
    return join(openCache(), `${hash.digest('hex').slice(0, 32)}.version`);
  } catch {
    return null;
  }
}

function isScript(program: string): boolean {
  const start = Buffer.alloc(2);
  const file = openSync(program, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  // So do those that stand for a compiler under its name, by links to themselves.
  return start.toString() === '#!' || /(?:ccache|distcc|mpi)\w*$/.test(program);
}

function read(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8');
    return text.endsWith('\n') ? text.trimEnd() : null;
  } catch {
    return null;
  }
}

/** Whole or not at all; without it the next process asks. */
function write(file: string, version: string): void {
  const written = `${file}-${process.pid}`;
  try {
    writeFileSync(written, `${version}\n`, { mode: 0o600 });
    renameSync(written, file);
  } catch {
    // A full disk, say.
  }
}
