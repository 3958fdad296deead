/** Engines that outlive programs: started once, and used by one client after the other (the seed's `dacluster`). */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { type MpiFlavour, packageVersion } from '../../native.ts';
import { greet, type RelayState } from '../relayTalk.ts';
import { UnixSocket } from '../unixSocket.ts';
import { endOfFile, outputFiles } from './engineOutput.ts';
import { ownFolder, socketIn } from './privateFolder.ts';
import { isRunning, markOf, type ProcessMark } from './processLife.ts';
import { checkEngineOptions, flavourOfJob, startEngines } from './startEngines.ts';

/** The name of a pool that is given none. */
export const DEFAULT_POOL = 'default';

/** Milliseconds that engines have to end: when they are told to, and when mpiexec is. */
const LEAVE = 10_000;
const LEAVE_AT_SIGNAL = 5000;
/** Milliseconds in which a relay answers, unless its client does not read what it says. */
const ANSWER = 5000;

/** What the file of a pool tells. */
export interface PoolFile {
  readonly name: string;
  readonly version: string;
  readonly socket: string;
  /** mpiexec. */
  readonly process: ProcessMark;
  readonly engines: number;
  readonly flavour: MpiFlavour;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** What the engines print, each line with the rank. */
  readonly stdout: string;
  readonly stderr: string;
}

/** How a pool is. */
export type PoolState =
  | { readonly kind: 'running'; readonly file: PoolFile; readonly relay: RelayState }
  | { readonly kind: 'starting' | 'gone'; readonly file: PoolFile }
  | { readonly kind: 'silent'; readonly file: PoolFile; readonly reason: string }
  | { readonly kind: 'none' };

/** What to start. */
export interface PoolOptions {
  readonly name: string;
  readonly engines: number;
  readonly mpi: MpiFlavour | undefined;
  /** Seconds that the start may take. */
  readonly timeout: number;
}

/** Returns the folder of a pool, which need not be there. */
export function poolFolder(name: unknown): string {
  if (typeof name !== 'string') throw new ArgumentTypeError('options.name', 'a string', name);
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}$/.test(name)) {
    const expected = 'up to 40 letters, digits, dots, dashes and underscores, no dot first,';
    throw new ArgumentRangeError('options.name', expected, name);
  }
  return join(ownFolder(), name);
}

/** The file of a pool in its folder. */
export function poolFile(folder: string): string {
  return join(folder, 'pool.json');
}

/** Reads the file of a pool; null when there is none. */
export function readPool(path: string): PoolFile | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    const file = JSON.parse(text) as PoolFile;
    if (typeof file.socket === 'string' && typeof file.process.pid === 'number') return file;
  } catch {
    // As one that says something else.
  }
  throw new DistArrayError('ERR_NO_ENGINES', `${path} is no file of 'distarray engines'`);
}

/** The names of the pools of this user, gone ones as well. */
export function poolNames(): string[] {
  return readdirSync(ownFolder(), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

/** Asks a pool how it is. */
export function poolState(name: string): PoolState {
  const file = readPool(poolFile(poolFolder(name)));
  if (file === null) return { kind: 'none' };
  try {
    const { socket, state } = greet(UnixSocket.connect(file.socket), 'status', ANSWER);
    socket.close();
    return { kind: 'running', file, relay: state };
  } catch (error) {
    if (!isRunning(file.process)) return { kind: 'gone', file };
    const isStarting = ['ENOENT', 'ECONNREFUSED'].includes((error as DistArrayError).code);
    if (isStarting) return { kind: 'starting', file };
    return { kind: 'silent', file, reason: (error as Error).message };
  }
}

/**
 * Starts a pool, and waits until it serves.
 * @throws {@link DistArrayError} `ERR_ENGINES_EXIST`, `ERR_LAUNCH` with what mpiexec said
 */
export async function startPool(options: PoolOptions): Promise<PoolFile> {
  const { name, engines, mpi, timeout } = options;
  checkEngineOptions(engines, mpi);
  const folder = poolFolder(name);
  const socket = socketIn(folder);
  const flavour = flavourOfJob(mpi);
  claim(name, folder);
  const known = { name, version: packageVersion(), socket, engines, flavour, started: Date.now() };
  // Until mpiexec runs, the pool is what this process makes of it.
  writePool(folder, { ...known, process: markOf(process.pid), ...outputFiles(folder) });
  const { child, mpiexec } = startEngines({
    engines,
    mpi,
    relay: { socket, folder, isPool: true },
    isTagged: true,
  });
  const errors = outputFiles(folder).stderr;
  let failure: string | null = null;
  child.on('error', ({ message }) => {
    failure = `'${mpiexec}' cannot be started: ${message}`;
  });
  child.on('exit', (code, signal) => {
    failure ??= `mpiexec has ended with ${signal ?? `code ${code}`}`;
  });
  child.unref();
  const file: PoolFile = {
    ...known,
    process: child.pid === undefined ? { pid: -1, began: null } : markOf(child.pid),
    ...outputFiles(folder),
  };
  writePool(folder, file);
  const deadline = performance.now() + timeout * 1000;
  while (poolState(name).kind !== 'running') {
    await later(20);
    if (failure === null && performance.now() < deadline) continue;
    const said = endOfFile(errors);
    if (failure === null) await endProcess(file.process);
    rmSync(folder, { recursive: true, force: true });
    const why = failure ?? `it took more than ${timeout} s`;
    throw new DistArrayError('ERR_LAUNCH', `The engines have not started: ${why}${said}`);
  }
  return file;
}

/** Ends a pool, orderly if that is possible; says whether there was one that ran. */
export async function stopPool(name: string): Promise<boolean> {
  const folder = poolFolder(name);
  const file = readPool(poolFile(folder));
  const ran = file !== null && isRunning(file.process);
  if (ran) {
    try {
      greet(UnixSocket.connect(file.socket), 'stop', ANSWER).socket.close();
      await ended(file.process, LEAVE);
    } catch {
      // It does not answer, and has to be ended otherwise.
    }
    await endProcess(file.process);
  }
  rmSync(folder, { recursive: true, force: true });
  return ran;
}

/**
 * Makes the engines of a pool forget what clients have made there. They do so anyway when a client leaves.
 * @throws {@link DistArrayError} `ERR_NO_ENGINES`, `ERR_ENGINES_BUSY`
 */
export function clearPool(name: string): void {
  const file = readPool(poolFile(poolFolder(name)));
  if (file === null || !isRunning(file.process)) throw noPool(name);
  greet(UnixSocket.connect(file.socket), 'clear', ANSWER).socket.close();
}

/** @internal */
export function noPool(name: string): DistArrayError {
  const remedy = `start it by 'distarray engines start -n N${name === DEFAULT_POOL ? '' : ` --name ${name}`}'`;
  return new DistArrayError('ERR_NO_ENGINES', `There is no pool of engines '${name}': ${remedy}`);
}

/** Makes the folder of a pool, which is what tells others that the name is taken. */
function claim(name: string, folder: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      mkdirSync(folder, { mode: 0o700 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 0) throw error;
    }
    const file = readPool(poolFile(folder));
    if (file !== null && isRunning(file.process)) {
      const message = `There are ${file.engines} engines '${name}' already: stop them, or give another --name`;
      throw new DistArrayError('ERR_ENGINES_EXIST', message);
    }
    // Of a job that is gone.
    rmSync(folder, { recursive: true, force: true });
  }
}

function writePool(folder: string, file: PoolFile): void {
  const path = poolFile(folder);
  writeFileSync(`${path}.new`, `${JSON.stringify(file, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

async function ended(mark: ProcessMark, patience: number): Promise<boolean> {
  const deadline = performance.now() + patience;
  while (isRunning(mark)) {
    if (performance.now() > deadline) return false;
    await later(20);
  }
  return true;
}

/** Ends mpiexec and what is in its process group. */
async function endProcess(mark: ProcessMark): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isRunning(mark)) return;
    try {
      process.kill(-mark.pid, signal);
    } catch {
      return;
    }
    await ended(mark, LEAVE_AT_SIGNAL);
  }
}
