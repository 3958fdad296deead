/** Compiling sources to libraries that are kept on disk and loaded. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DistArrayError } from '../errors.ts';
import { isWhole, openCache, pruneCache, temporaryFolder } from './cache.ts';
import { findCompiler } from './compiler.ts';
import { CompileError } from './errors.ts';
import { Library } from './library.ts';
import { type CompileRequest, commandOf, filesOf, keyOf } from './request.ts';

/**
 * Compiles in a folder of its own, and puts the library and then its checksum into the cache under their names: each
 * appears there whole. A script, for a program that computes never hears that a child process of its has ended.
 */
const SCRIPT = `
PATH="$PATH:/usr/bin:/bin"
umask 077
folder=$1 entry=$2
shift 2
cd "$folder" || exit 2
if "$@" >log 2>&1 </dev/null &&
  cksum <kernel.so >sum && mv -f kernel.so "$entry.so" && mv -f sum "$entry.sum"
then rm -rf "$folder"
else : >failed; exit 1
fi`;

/** Messages in English, and of ASCII characters. */
const environment = () => ({ ...process.env, LC_ALL: 'C' });

const loaded = new Map<string, Library>();

/** Returns the library of an entry of the cache; null when it is not there, or not whole. */
export function loadEntry(entry: string): Library | null {
  let library = loaded.get(entry);
  if (library !== undefined) return library;
  if (!isWhole(entry)) return null;
  try {
    library = new Library(`${entry}.so`);
  } catch {
    return null; // such as one for a processor or a libc of another kind
  }
  loaded.set(entry, library);
  return library;
}

/**
 * Compiles a source, unless the cache has its library, and returns the path in the cache, without `.so`.
 *
 * @remarks Local; waits for the compiler, about 0.1 s.
 * @throws {@link DistArrayError} `ERR_NO_COMPILER`, `ERR_CACHE`
 * @throws {@link CompileError} `ERR_COMPILE`
 */
export function compileEntry(request: CompileRequest): string {
  const compiler = findCompiler(request.language);
  const cache = openCache();
  const entry = join(cache, keyOf(request, compiler));
  if (loadEntry(entry) !== null) return entry;
  const folder = temporaryFolder(cache);
  try {
    prepare(folder, request);
    const command = [...scriptArguments(folder, entry), ...commandOf(request, compiler)];
    const options = { env: environment(), stdio: 'ignore', encoding: 'utf8' } as const;
    const result = spawnSync('/bin/sh', command, options);
    if (result.status !== 0) throw failure(folder, result);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  pruneCache(cache);
  return entry;
}

/**
 * Returns the library of a source: compiled, or from the cache.
 *
 * @remarks Local; waits for the compiler, about 0.1 s, when the cache does not have it.
 * @throws {@link DistArrayError} `ERR_NO_COMPILER`, `ERR_CACHE`, `ERR_LIBRARY`
 * @throws {@link CompileError} `ERR_COMPILE`
 */
export function compile(request: CompileRequest): Library {
  return requireEntry(compileEntry(request));
}

/**
 * Returns the library of an entry that was compiled just now.
 * @throws {@link DistArrayError} `ERR_LIBRARY` when it does not load
 */
export function requireEntry(entry: string): Library {
  return loadEntry(entry) ?? new Library(`${entry}.so`);
}

/** Returns the library of a source; null when there is no compiler or no cache, or the source does not compile. */
export function tryCompile(request: CompileRequest): Library | null {
  try {
    return compile(request);
  } catch (error) {
    if (error instanceof DistArrayError) return null;
    throw error;
  }
}

/** A library that is being compiled while the program goes on. */
export class PendingLibrary {
  readonly entry: string;
  readonly #folder: string | null;
  #library: Library | null = null;
  #hasFailed = false;
  #nextLook = 0;

  /** @param folder - where it is compiled; null where others do it */
  constructor(entry: string, folder: string | null) {
    this.entry = entry;
    this.#folder = folder;
  }

  /** The library, once it is there; null until then, and when it does not compile. Never waits. */
  get library(): Library | null {
    if (this.#library !== null || this.#hasFailed) return this.#library;
    // Looking costs a system call.
    const now = performance.now();
    if (now < this.#nextLook) return null;
    this.#nextLook = now + LOOK_INTERVAL;
    if (existsSync(`${this.entry}.sum`)) {
      this.#library = loadEntry(this.entry);
      // What is there is not whole and nobody is at work: it stays so.
      this.#hasFailed = this.#library === null && !this.#isAtWork();
    } else if (this.#folder !== null && this.#isOver(this.#folder)) {
      this.#hasFailed = true;
      rmSync(this.#folder, { recursive: true, force: true });
    }
    return this.#library;
  }

  /** Whether the library is there. */
  get ready(): boolean {
    return this.library !== null;
  }

  /** Whether it is known that there will be none; a process that waits for another one's does not learn of it. */
  get hasFailed(): boolean {
    return this.library === null && this.#hasFailed;
  }

  /** Whether the folder is left without a library. */
  #isOver(folder: string): boolean {
    if (existsSync(join(folder, 'failed'))) return true;
    // The folder goes after the library has come.
    return !existsSync(folder) && !existsSync(`${this.entry}.sum`);
  }

  #isAtWork(): boolean {
    return this.#folder !== null && existsSync(this.#folder);
  }
}

/** Time, in ms, between two looks for a pending library. */
const LOOK_INTERVAL = 5;

/**
 * Starts to compile a source in another process, and returns at once; null when there is no compiler or no cache.
 *
 * @remarks Local. Also a program that never lets the event loop turn sees the library appear.
 */
export function startCompile(request: CompileRequest): PendingLibrary | null {
  let entry: string;
  let folder: string;
  let command: string[];
  try {
    const compiler = findCompiler(request.language);
    const cache = openCache();
    entry = join(cache, keyOf(request, compiler));
    if (loadEntry(entry) !== null) return new PendingLibrary(entry, null);
    pruneCache(cache);
    // What is there is not whole: the checksum that appears shall be that of the new one.
    rmSync(`${entry}.sum`, { force: true });
    folder = temporaryFolder(cache);
    prepare(folder, request);
    command = [...scriptArguments(folder, entry), ...commandOf(request, compiler)];
  } catch {
    return null;
  }
  const child = spawn('/bin/sh', command, { env: environment(), stdio: 'ignore' });
  // What becomes of it shows in the folder; a process that could not be started leaves no library.
  child.on('error', () => rmSync(folder, { recursive: true, force: true }));
  child.unref();
  return new PendingLibrary(entry, folder);
}

function scriptArguments(folder: string, entry: string): string[] {
  return ['-c', SCRIPT, 'sh', folder, entry];
}

function prepare(folder: string, request: CompileRequest): void {
  for (const [name, text] of filesOf(request)) {
    try {
      writeFileSync(join(folder, name), text);
    } catch (cause) {
      const message = `The cache of compiled code cannot be written: ${(cause as Error).message}`;
      throw new DistArrayError('ERR_CACHE', message, { cause });
    }
  }
}

function failure(
  folder: string,
  { error, status, signal }: SpawnSyncReturns<string>,
): CompileError {
  let output: string;
  try {
    output = readFileSync(join(folder, 'log'), 'utf8');
  } catch {
    output = '';
  }
  if (output === '') output = error?.message ?? `The compiler ended with ${signal ?? status}.`;
  return new CompileError(output, [], output);
}
