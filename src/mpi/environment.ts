/**
 * The MPI environment: initialised when this module is loaded (as mpi4py does), left when the
 * process ends. A rank that dies of an uncaught error takes the whole job with it.
 */
import { isMainThread } from 'node:worker_threads';
import { checkInteger, DistArrayError } from '../errors.ts';
import {
  launcherFlavour,
  launcherSize,
  loadNative,
  type MpiFlavour,
  readManifest,
} from '../native.ts';
import type { FileModeName } from '../rawMpi.ts';
import { ARGUMENT0, COMM, command, OUTPUT, OUTPUT2, raw } from './command.ts';
import { setWorldRank } from './errors.ts';
import { installJobAbort } from './jobAbort.ts';
import { debugging, leakReport } from './leaks.ts';

/** Thread levels of the standard, weakest first. */
export type ThreadLevel = 'single' | 'funneled' | 'serialized' | 'multiple';

const threadLevels: readonly ThreadLevel[] = ['single', 'funneled', 'serialized', 'multiple'];

const initial = initialize();
const atEnd: (() => void)[] = [];
const beforeFinalizing: (() => void)[] = [];

/** Integer handles of the predefined communicators, datatypes and operations. */
export const predefined: Readonly<Record<string, number>> = initial.handles;

/** Access modes of files (`MPI_MODE_RDONLY`, …). */
export const fileModes: Readonly<Record<FileModeName, number>> = initial.constants;

/** Matches a message from any rank (`MPI_ANY_SOURCE`). */
export const ANY_SOURCE: number = initial.constants.ANY_SOURCE;
/** Matches a message with any tag (`MPI_ANY_TAG`). */
export const ANY_TAG: number = initial.constants.ANY_TAG;
/** A partner that is not there: the communication does nothing (`MPI_PROC_NULL`). */
export const PROC_NULL: number = initial.constants.PROC_NULL;
/** What the root gives as root in a collective between two groups (`MPI_ROOT`). */
export const ROOT: number = initial.constants.ROOT;
/** Color of ranks that get no communicator from {@link Comm.split} (`MPI_UNDEFINED`). */
export const UNDEFINED: number = initial.constants.UNDEFINED;
/** Largest count that MPI is given; what is longer is composed (`native/mpi/large_count.h`). */
export const MAX_COUNT: number = initial.constants.MAX_COUNT;
/** Largest tag (`MPI_TAG_UB`). */
export const TAG_UB: number = initial.constants.TAG_UB;

/** Returns the thread level that MPI provides (`MPI_Query_thread`). Set `DISTARRAY_THREAD_LEVEL`
 * (default `serialized`) to ask for another one; `multiple` costs some 30 ns a message. */
export function queryThread(): ThreadLevel {
  return threadLevels[initial.threadLevel];
}

/** Whether this thread has initialised MPI (`MPI_Is_thread_main`): only there it can be used. */
export function isThreadMain(): boolean {
  return raw.isThreadMain();
}

/**
 * Tells a profiler that is linked in what to do (`MPI_Pcontrol`); MPI itself does nothing.
 * @param level 0 switches profiling off, 1 on, 2 writes what was found; more is the profiler's own
 */
export function pcontrol(level: number): void {
  checkInteger('level', level, -(2 ** 31), 2 ** 31 - 1);
  command[ARGUMENT0] = level;
  raw.pcontrol();
}

/** Returns the MPI implementation that is loaded. */
export function flavour(): 'openmpi' | 'mpich' {
  return loadNative().flavour;
}

/** Returns the library's own version text (`MPI_Get_library_version`). */
export function getLibraryVersion(): string {
  return initial.libraryVersion;
}

/** Returns seconds since some time in the past (`MPI_Wtime`). */
export function wtime(): number {
  return raw.wtime();
}

/** Returns the seconds between two ticks of {@link wtime} (`MPI_Wtick`). */
export function wtick(): number {
  return raw.wtick();
}

/** Returns the version of the MPI standard that the library has, `[major, minor]`
 * (`MPI_Get_version`). */
export function getVersion(): readonly [number, number] {
  return raw.version();
}

/** Returns the name of the host (`MPI_Get_processor_name`). */
export function getProcessorName(): string {
  return raw.processorName();
}

/** Whether `MPI_Init` has been called. */
export function isInitialized(): boolean {
  return raw.isInitialized();
}

/** Whether `MPI_Finalize` has been called. */
export function isFinalized(): boolean {
  return raw.isFinalized();
}

/**
 * Ends MPI now (`MPI_Finalize`). Seldom needed: it happens when the process ends.
 * @remarks Collective over all processes. Every later MPI call throws.
 */
export function finalize(): void {
  doAtEnd();
  for (const action of beforeFinalizing) action();
  if (debugging) reportLeaks();
  raw.leave(0);
}

/**
 * Does something first of all when MPI ends, be it by {@link finalize} or with the process; not when
 * the process fails. @internal
 */
export function whenMpiEnds(action: () => void): void {
  atEnd.push(action);
}

/** Does something before {@link finalize}: memory of MPI's goes then. @internal */
export function beforeFinalize(action: () => void): void {
  beforeFinalizing.push(action);
}

function initialize() {
  if (!isMainThread) {
    throw new DistArrayError(
      'ERR_MPI_WORKER_THREAD',
      'MPI belongs to the main thread: load distarray/mpi there and talk to the worker by messages.',
    );
  }
  const { flavour } = loadNative();
  // Asked now: MPI_Init itself sets some of the variables that a launcher sets.
  const launcher = launcherFlavour();
  const started = launcherSize();
  // Open MPI 4.1 chooses a transport for windows that cannot serve a single process, and gives up.
  if (flavour === 'openmpi' && started === 1) process.env.OMPI_MCA_osc ??= '^rdma';
  const result = raw.init(requestedThreadLevel());
  const { rank, size } = world(result.handles.COMM_WORLD);
  const libraryFits = /open mpi/i.test(result.libraryVersion) === (flavour === 'openmpi');
  if (!libraryFits) {
    throw new DistArrayError(
      'ERR_MPI_LIBRARY',
      `The addon was built for ${flavour}, but the library that was loaded says: ` +
        `${result.libraryVersion.trim().split('\n')[0]}. Check LD_LIBRARY_PATH and LD_PRELOAD.`,
    );
  }
  if (size === 1 && started > 1) throw singletonError(flavour, launcher, started);
  setWorldRank(rank);
  if (size > 1) installJobAbort(rank, size);
  process.on('exit', (code) => {
    if (code !== 0 || raw.isFinalized()) return;
    doAtEnd();
    if (debugging) reportLeaks();
  });
  if (process.platform !== 'linux') process.on('exit', (code) => raw.leave(code));
  return result;
}

/** Each action once, whatever another one throws; the first error goes on. */
function doAtEnd(): void {
  const errors: unknown[] = [];
  for (const action of atEnd.splice(0)) {
    try {
      action();
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

/** Says what was not freed, once. */
function reportLeaks(): void {
  if (raw.isFinalized()) return;
  const { rank, size } = world(predefined.COMM_WORLD);
  for (const line of leakReport()) process.stderr.write(`[rank ${rank} of ${size}] ${line}\n`);
}

function requestedThreadLevel(): number {
  const wanted = process.env.DISTARRAY_THREAD_LEVEL || 'serialized';
  const level = threadLevels.indexOf(wanted as ThreadLevel);
  if (level < 0) {
    throw new DistArrayError(
      'ERR_MPI_THREAD_LEVEL',
      `DISTARRAY_THREAD_LEVEL is '${wanted}', but must be one of ${threadLevels.join(', ')}.`,
    );
  }
  return level;
}

function world(handle: number): { rank: number; size: number } {
  command[COMM] = handle;
  raw.rankAndSize();
  return { rank: command[OUTPUT], size: command[OUTPUT2] };
}

/** N processes that were started together, each alone in its world: never go on like that. */
function singletonError(
  flavour: MpiFlavour,
  launcher: MpiFlavour | undefined,
  count: number,
): DistArrayError {
  const mpiexec = readManifest().variants[flavour]?.mpiexec ?? 'mpiexec';
  const started =
    launcher === undefined
      ? `srun started ${count} tasks without a PMI that this MPI understands`
      : `a launcher (${launcher}) started ${count} processes that this MPI could not join`;
  return new DistArrayError(
    'ERR_MPI_SINGLETON',
    `MPI_Init made a world of 1 process, but ${started}: each would compute everything alone. ` +
      `Start with ${mpiexec} or \`distarray run\`` +
      (launcher === undefined
        ? `, or give srun the right plug-in (--mpi=${flavour === 'openmpi' ? 'pmix' : 'pmi2'}).`
        : '.'),
  );
}
