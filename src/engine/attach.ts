/** `Context.attach`: makes this program the client of engines that run already. */

import { dirname } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { ArgumentRangeError, ArgumentTypeError, DistArrayError } from '../errors.ts';
import type { ContextOptions } from '../global/contextBase.ts';
import { loadNative } from '../native.ts';
import { checkOptions, optionNames } from '../options.ts';
import { EngineOutput, endOfFile } from './job/engineOutput.ts';
import { DEFAULT_POOL, noPool, type PoolFile, poolFile, poolFolder, readPool } from './job/pool.ts';
import { isRunning } from './job/processLife.ts';
import { greet } from './relayTalk.ts';
import { type Connection, connected, type RemoteJob } from './remoteContext.ts';
import { UnixSocket } from './unixSocket.ts';

/** Options of `Context.attach`. */
export interface AttachOptions extends Pick<ContextOptions, 'targets'> {
  /** The name that the engines were started with; default `'default'`. */
  readonly name?: string;
  /** Instead of a name: the pool's file, `pool.json`. */
  readonly file?: string;
  /** Seconds to wait for engines that still do what their last client has told them; default 30. */
  readonly timeout?: number;
}

const OPTIONS = optionNames<AttachOptions>({
  name: true,
  file: true,
  timeout: true,
  targets: true,
});

/** Connects to a pool. */
export async function attachToEngines(options: AttachOptions): Promise<AttachedConnection> {
  checkOptions(options, OPTIONS, '{ name, file, timeout, targets }');
  const { name = DEFAULT_POOL, file: path, timeout = 30 } = options;
  if (typeof timeout !== 'number' || !(timeout >= 0)) {
    throw new ArgumentRangeError('options.timeout', 'seconds ≥ 0', timeout);
  }
  const file = readPool(pathOf(name, path, options.name !== undefined));
  if (file === null) {
    if (path === undefined) throw noPool(name);
    throw new DistArrayError('ERR_NO_ENGINES', `There is no file ${path}`);
  }
  const job = new AttachedJob(file);
  const deadline = performance.now() + timeout * 1000;
  try {
    for (;;) {
      try {
        const { socket, state } = greet(connect(file), 'attach', 10_000);
        return Object.assign(connected(socket, state.engines, job), { output: job.output });
      } catch (error) {
        const isBusyYet = (error as DistArrayError).code === 'ERR_ENGINES_UNCLEAN';
        if (!isBusyYet || performance.now() > deadline) throw error;
      }
      await later(20);
    }
  } catch (error) {
    job.output.close();
    throw error;
  }
}

/** The connection, and what the engines print. */
export interface AttachedConnection extends Connection {
  readonly output: EngineOutput;
}

function pathOf(name: string, file: unknown, hasName: boolean): string {
  if (file === undefined) return poolFile(poolFolder(name));
  if (typeof file !== 'string') throw new ArgumentTypeError('options.file', 'a string', file);
  if (hasName) throw new ArgumentTypeError('options.name', 'undefined beside a file', name);
  return file;
}

function connect(file: PoolFile): UnixSocket {
  try {
    return UnixSocket.connect(file.socket);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw error;
    if (isRunning(file.process)) {
      const message = `The engines '${file.name}' have not started so far`;
      throw new DistArrayError('ERR_ENGINES_UNCLEAN', message);
    }
    throw new DistArrayError('ERR_ENGINES_GONE', `The engines are gone${endOfFile(file.stderr)}`);
  }
}

/** A job that goes on without the program. */
class AttachedJob implements RemoteJob {
  readonly output: EngineOutput;
  readonly #file: PoolFile;

  constructor(file: PoolFile) {
    this.#file = file;
    this.output = new EngineOutput(dirname(file.stderr), 'now');
  }

  whileWaiting(): void {
    this.output.pump();
  }

  describeEnd(): string {
    // What mpiexec says comes a moment later.
    const { session } = loadNative();
    const deadline = performance.now() + 5000;
    while (isRunning(this.#file.process) && performance.now() < deadline) session.pauseFor(10_000);
    this.output.pump();
    return `the pool '${this.#file.name}' has ended${this.output.lastWords()}`;
  }

  ended(): null {
    this.output.close();
    return null;
  }

  abandon(): void {
    this.output.close();
  }
}
