/** `Context.launch`: starts engines for this program alone. */
import { rmSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';
import { ArgumentRangeError, DistArrayError } from '../errors.ts';
import { areSessionsMade, type ContextOptions } from '../global/contextBase.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';
import { loadNative, type MpiFlavour } from '../native.ts';
import { checkOptions, optionNames } from '../options.ts';
import { EngineOutput } from './job/engineOutput.ts';
import { newPrivateFolder, socketIn } from './job/privateFolder.ts';
import { checkEngineOptions, type StartedJob, startEngines } from './job/startEngines.ts';
import { greet } from './relayTalk.ts';
import { type Connection, connected, type RemoteJob } from './remoteContext.ts';
import { UnixListener, type UnixSocket } from './unixSocket.ts';

/** Options of `Context.launch`. */
export interface LaunchOptions extends Pick<ContextOptions, 'targets'> {
  /** How many engines to start, on this host. */
  readonly engines: number;
  /** The MPI, when both are built; default `DISTARRAY_MPI`, else the default of the build. */
  readonly mpi?: MpiFlavour;
  /** Seconds that the start may take; default 120. */
  readonly timeout?: number;
  /** Whether lines that engines print begin with their ranks, as in `[1] text`; default false. */
  readonly tag?: boolean;
}

const OPTIONS = optionNames<LaunchOptions>({
  engines: true,
  mpi: true,
  timeout: true,
  tag: true,
  targets: true,
});

/** Milliseconds that mpiexec has to end when nothing is left to do. */
const LEAVE = 5000;

/** Starts engines, and connects. */
export async function launchEngines(options: LaunchOptions): Promise<LaunchedConnection> {
  checkOptions(options, OPTIONS, '{ engines, mpi, timeout, tag, targets }');
  const { engines, mpi, timeout = 120, tag = false } = options;
  checkEngineOptions(engines, mpi);
  if (typeof timeout !== 'number' || !(timeout > 0)) {
    throw new ArgumentRangeError('options.timeout', 'seconds > 0', timeout);
  }
  if (COMM_WORLD.size > 1 || areSessionsMade()) {
    const how = areSessionsMade() ? 'has engines already' : 'runs in all processes of a job';
    throw new DistArrayError(
      'ERR_LAUNCH_IN_JOB',
      `This program ${how}: use new Context(), or start it by node alone`,
    );
  }
  const folder = newPrivateFolder();
  const remove = () => rmSync(folder, { recursive: true, force: true });
  let listener: UnixListener | undefined;
  try {
    const socket = socketIn(folder);
    listener = new UnixListener(socket);
    const relay = { socket, folder, isPool: false };
    const started = startEngines({ engines, mpi, relay, isTagged: tag });
    const output = new EngineOutput(folder, 'beginning');
    const job = new LaunchedJob(started, output, remove);
    try {
      const connection = await accepted(listener, job, timeout);
      const { socket: frames, state } = greet(connection, 'attach', 10_000);
      return Object.assign(connected(frames, state.engines, job), { output });
    } catch (error) {
      job.kill();
      output.close();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  } finally {
    listener?.close();
  }
}

/** The connection, and what the engines print. */
export interface LaunchedConnection extends Connection {
  readonly output: EngineOutput;
}

/** Waits for the relay, which comes when all engines have started. */
async function accepted(
  listener: UnixListener,
  job: LaunchedJob,
  timeout: number,
): Promise<UnixSocket> {
  const deadline = performance.now() + timeout * 1000;
  for (;;) {
    const connection = listener.accept();
    if (connection !== null) return connection;
    if (job.failure !== null) throw job.failure;
    if (performance.now() > deadline) {
      const message = `The engines have not started within ${timeout} s${job.output.lastWords()}`;
      throw new DistArrayError('ERR_LAUNCH', message);
    }
    await later(10);
  }
}

/** A job that ends with the program. */
class LaunchedJob implements RemoteJob {
  readonly output: EngineOutput;
  /** Why the job has ended before it began to serve. */
  failure: DistArrayError | null = null;
  readonly #started: StartedJob;
  readonly #remove: () => void;

  constructor(started: StartedJob, output: EngineOutput, remove: () => void) {
    this.#started = started;
    this.output = output;
    this.#remove = remove;
    const { child, mpiexec } = started;
    child.unref();
    child.on('error', (cause) => {
      const message = `'${mpiexec}' cannot be started (${cause.message}); build again for the MPI that is installed now`;
      this.failure ??= new DistArrayError('ERR_LAUNCH', message, { cause });
    });
    child.on('exit', () => {
      const message = `The engines have not started: ${this.#howEnded()}${output.lastWords()}`;
      this.failure ??= new DistArrayError('ERR_LAUNCH', message);
    });
  }

  whileWaiting(): void {
    this.output.pump();
  }

  describeEnd(): string {
    this.#waitForEnd();
    this.output.pump();
    return `${this.#howEnded()}${this.output.lastWords()}`;
  }

  ended(): Error | null {
    if (!this.#waitForEnd()) this.kill();
    this.output.pump();
    const message = this.#code() === 0 ? null : `${this.#howEnded()}${this.output.lastWords()}`;
    this.output.close();
    this.#remove();
    return message === null ? null : new DistArrayError('ERR_ENGINES_GONE', message);
  }

  abandon(): void {
    this.output.close();
    this.#remove();
  }

  /** Ends it at once. */
  kill(): void {
    const { pid } = this.#started.child;
    if (pid === undefined || this.#code() !== null) return;
    try {
      process.kill(-pid, 'SIGTERM');
      if (!this.#waitForEnd()) process.kill(-pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }

  /** Waits for mpiexec, which may not end; the event loop does not turn. */
  #waitForEnd(): boolean {
    const { session } = loadNative();
    const deadline = performance.now() + LEAVE;
    while (this.#code() === null) {
      if (performance.now() > deadline) return false;
      session.pauseFor(5000);
    }
    return true;
  }

  /** The exit code of mpiexec; null while it runs. */
  #code(): number | null {
    const { pid, exitCode, signalCode } = this.#started.child;
    if (pid === undefined) return 127;
    const state = loadNative().session.childState(pid);
    if (state >= 0) return state;
    if (state === -1) return null;
    // Node has collected it.
    return exitCode ?? (signalCode === null ? 1 : 128);
  }

  #howEnded(): string {
    const code = this.#code();
    return code === null ? 'mpiexec still runs' : `mpiexec has ended with code ${code}`;
  }
}
