/** The folder of compiled libraries. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { DistArrayError } from '../errors.ts';
import { checksum } from './checksum.ts';

/** When the libraries take more, the ones that were not used for the longest time go. */
const CAPACITY = 256 * 2 ** 20;
/** Age, in ms, of leftovers of processes that were killed. */
const STALE = 24 * 3600 * 1000;
const TEMPORARY = 'tmp-';

/** What is in the cache. */
export interface CacheContents {
  readonly path: string;
  /** Number of libraries. */
  readonly count: number;
  /** What all files take. */
  readonly bytes: number;
}

/**
 * Returns the path of the cache: `DISTARRAY_CACHE`, else `$XDG_CACHE_HOME/distarray`, else `~/.cache/distarray`.
 * It need not exist.
 */
export function cachePath(): string {
  const { DISTARRAY_CACHE, XDG_CACHE_HOME } = process.env;
  if (DISTARRAY_CACHE) return resolve(DISTARRAY_CACHE);
  return resolve(XDG_CACHE_HOME || join(homedir(), '.cache'), 'distarray');
}

/**
 * Returns the path of the cache, which is made where it is not there yet, for its owner alone.
 * @throws {@link DistArrayError} `ERR_CACHE` when it cannot be made, or others may write there: what lies there is run
 */
export function openCache(): string {
  const path = cachePath();
  const remedy = 'Set DISTARRAY_CACHE to a folder that is yours alone.';
  try {
    makeFolder(path);
    const { uid, mode } = statSync(path);
    const own = process.getuid?.() ?? uid;
    if (uid !== own || (mode & 0o022) !== 0) {
      const reason =
        uid === own ? `its mode is ${(mode & 0o777).toString(8)}` : `it is user ${uid}'s`;
      const message = `Others may write into the cache of compiled code, '${path}' (${reason}). ${remedy}`;
      throw new DistArrayError('ERR_CACHE', message);
    }
  } catch (cause) {
    if (cause instanceof DistArrayError) throw cause;
    const reason = (cause as Error).message;
    const message = `The cache of compiled code, '${path}', cannot be made: ${reason}. ${remedy}`;
    throw new DistArrayError('ERR_CACHE', message, { cause });
  }
  return path;
}

/** Makes a folder and those above it. Node's `recursive` never ends in /proc, where all is missing whatever is there. */
function makeFolder(path: string): void {
  try {
    makeLast(path);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (!isMissing || dirname(path) === path) throw error;
    makeFolder(dirname(path));
    makeLast(path);
  }
}

function makeLast(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/**
 * Returns a new folder in the cache to compile in.
 * @throws {@link DistArrayError} `ERR_CACHE` when there cannot be one
 */
export function temporaryFolder(cache: string): string {
  try {
    return mkdtempSync(join(cache, TEMPORARY));
  } catch (cause) {
    const message = `The cache of compiled code cannot be written: ${(cause as Error).message}`;
    throw new DistArrayError('ERR_CACHE', message, { cause });
  }
}

/**
 * Whether a library is there whole: its checksum, which is put there last, is right. Marks it as used.
 * @param entry - its path without `.so`
 */
export function isWhole(entry: string): boolean {
  try {
    const told = readFileSync(`${entry}.sum`, 'utf8').trim();
    if (told !== checksum(readFileSync(`${entry}.so`))) return false;
  } catch {
    return false;
  }
  try {
    const now = new Date();
    utimesSync(`${entry}.so`, now, now);
  } catch {
    // Others may have removed it, or the file system is read-only: it is used all the same.
  }
  return true;
}

/** Returns what is in the cache. */
export function cacheContents(): CacheContents {
  const path = cachePath();
  const files = filesOf(path);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { path, count: files.filter(({ name }) => name.endsWith('.so')).length, bytes };
}

/** Removes all libraries; those that are loaded stay so. Returns what was there. */
export function clearCache(): CacheContents {
  const contents = cacheContents();
  for (const { name } of filesOf(contents.path)) remove(contents.path, name);
  return contents;
}

/** Removes the libraries that were not used for the longest time when there are too many, and leftovers. */
export function pruneCache(path: string, capacity = CAPACITY): void {
  const now = Date.now();
  const files = filesOf(path);
  for (const { name, time } of files) {
    if (name.startsWith(TEMPORARY) && now - time > STALE) remove(path, name);
  }
  const libraries = files
    .filter(({ name }) => name.endsWith('.so'))
    .sort((a, b) => b.time - a.time);
  let total = 0;
  for (const { name, bytes } of libraries) {
    total += bytes;
    if (total <= capacity) continue;
    remove(path, name);
    remove(path, `${name.slice(0, -3)}.sum`);
  }
}

interface CacheFile {
  readonly name: string;
  readonly bytes: number;
  /** When it was last written or used, in ms. */
  readonly time: number;
}

/** What is ours in the folder: nothing else is touched. */
function filesOf(path: string): CacheFile[] {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    if (!/^(?:[0-9a-f]{32}\.(?:so|sum|version(?:-\d+)?)|tmp-\w{6})$/.test(name)) return [];
    try {
      const { size, mtimeMs } = lstatSync(join(path, name));
      return [{ name, bytes: size, time: mtimeMs }];
    } catch {
      return []; // another process has removed it
    }
  });
}

function remove(path: string, name: string): void {
  rmSync(join(path, name), { recursive: true, force: true });
}
