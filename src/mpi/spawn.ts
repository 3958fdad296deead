/** Processes that this job starts, or that were started apart and connect to it. */
import { ArgumentTypeError, checkInteger } from '../errors.ts';
import { optionNames } from '../options.ts';
import { addressOfInts } from './buffer.ts';
import type { RootOptions } from './collectives.ts';
import {
  ARGUMENT0,
  ARGUMENT1,
  COMM,
  command,
  OUTPUT,
  RECV_ADDRESS,
  RESULT,
  ROOT,
  raw,
  SEND_ADDRESS,
  SEND_COUNTS,
} from './command.ts';
import { communicatorKinds } from './communicator.ts';
import { commandError } from './errors.ts';
import { type Info, infoTexts, setInfo } from './info.ts';
import { InterComm } from './interComm.ts';
import { keep } from './keep.ts';
import { debugging, untrack } from './leaks.ts';
import { checkOptions } from './pointToPoint.ts';
import { addressOfTexts, checkText, readTexts } from './text.ts';

/** What to start, for `spawnMultiple`. */
export interface SpawnCommand {
  /** A program, looked for in the path. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Number of processes; default 1. */
  readonly maxprocs?: number;
  /** Hints such as `{ wdir, host }`. */
  readonly info?: Info;
}

/** Options of {@link Comm.spawn}. */
export interface SpawnOptions extends RootOptions {
  /** Number of processes, on the root; default 1. */
  readonly maxprocs?: number;
  /** Hints such as `{ wdir, host }`, on the root. */
  readonly info?: Info;
}

/** Options of {@link Comm.spawnMultiple}. */
export type SpawnMultipleOptions = RootOptions;

/** Options of {@link Comm.accept} and {@link Comm.connect}. */
export interface ConnectOptions extends RootOptions {
  /** Hints, on the root. */
  readonly info?: Info;
}

/** Options of ports and of names. */
export interface PortOptions {
  readonly info?: Info;
}

const PORT_OPTIONS = optionNames<PortOptions>({ info: true });

communicatorKinds.spawn = (comm, commands, options) => {
  const root = options?.root ?? 0;
  comm.checkRank('options.root', root);
  if (!Array.isArray(commands) || commands.length === 0) {
    throw new ArgumentTypeError('commands', 'an array of { command, args, maxprocs }', commands);
  }
  const single = commands.length === 1;
  const texts: string[] = [];
  const fields: number[] = [];
  let processes = 0;
  for (const [k, one] of commands.entries()) {
    if (typeof one !== 'object' || one === null) {
      throw new ArgumentTypeError(`commands[${k}]`, '{ command, args, maxprocs }', one);
    }
    const { command: program, args = [], maxprocs = 1, info } = one;
    const [of, ofOptions] = single ? ['', 'options.'] : [`commands[${k}].`, `commands[${k}].`];
    checkText(`${of}command`, program);
    if (!Array.isArray(args)) throw new ArgumentTypeError(`${of}args`, 'an array of strings', args);
    for (const [a, argument] of args.entries()) checkText(`${of}args[${a}]`, argument);
    checkInteger(`${ofOptions}maxprocs`, maxprocs, 1, 2 ** 31 - 1);
    const hints = infoTexts(`${ofOptions}info`, info);
    texts.push(program, ...args, ...hints);
    fields.push(maxprocs, args.length, hints.length / 2);
    processes += maxprocs;
  }
  const numbers = keep(Int32Array.from(fields));
  const errorCodes = new Int32Array(processes);
  command[COMM] = comm.handle;
  command[ROOT] = root;
  command[ARGUMENT0] = commands.length;
  command[SEND_ADDRESS] = addressOfTexts(...texts);
  command[SEND_COUNTS] = addressOfInts(numbers);
  command[RECV_ADDRESS] = addressOfInts(errorCodes);
  raw.spawn();
  const call = single ? 'MPI_Comm_spawn' : 'MPI_Comm_spawn_multiple';
  if (command[RESULT] !== 0) throw commandError(call, ROOT);
  const inter = new InterComm(command[OUTPUT]);
  inter.errorCodes = [...errorCodes];
  return inter;
};

communicatorKinds.connect = (comm, call, port, options) => {
  const root = options?.root ?? 0;
  comm.checkRank('options.root', root);
  if (comm.rank === root) checkText('port', port);
  setInfo('options.info', options?.info);
  command[COMM] = comm.handle;
  command[ROOT] = root;
  command[ARGUMENT1] = addressOfTexts(comm.rank === root ? port : '');
  if (call === 'MPI_Comm_accept') raw.acceptConnection();
  else raw.connectTo();
  if (command[RESULT] !== 0) throw commandError(call, ROOT);
  return new InterComm(command[OUTPUT]);
};

/**
 * Returns the communicator to the process at the other end of a socket (`MPI_Comm_join`), each side
 * alone in its group; null where MPI cannot connect the two.
 * @param socket descriptor of a connected stream socket (`socket._handle.fd`), which nothing is being
 * written to or read from, on either side
 * @remarks Collective, on both sides.
 */
export function join(socket: number): InterComm | null {
  checkInteger('socket', socket, 0, 2 ** 31 - 1);
  command[ARGUMENT0] = socket;
  raw.joinConnection();
  if (command[RESULT] !== 0) throw commandError('MPI_Comm_join');
  return command[OUTPUT] === 0 ? null : new InterComm(command[OUTPUT]);
}

let parent: InterComm | null | undefined;

/**
 * Returns the communicator to the processes that have spawned this one (`MPI_Comm_get_parent`); null
 * when it was started otherwise, or has disconnected.
 */
export function getParent(): InterComm | null {
  if (parent === undefined) {
    raw.getParent();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_get_parent');
    const handle = command[OUTPUT];
    parent = handle === 0 ? null : new InterComm(handle);
    if (debugging) untrack(handle);
  }
  return parent?.isNull ? null : parent;
}

/**
 * Opens a port that other jobs can connect to, and returns its name (`MPI_Open_port`). See
 * {@link Comm.accept}.
 */
export function openPort(options?: PortOptions): string {
  if (options !== undefined) checkOptions(options, '{ info }', options?.info, PORT_OPTIONS);
  return readTexts(() => {
    setInfo('options.info', options?.info);
    raw.openPort();
    if (command[RESULT] !== 0) throw commandError('MPI_Open_port');
  })[0];
}

/** Closes a port (`MPI_Close_port`). */
export function closePort(port: string): void {
  setNames(port);
  raw.closePort();
  if (command[RESULT] !== 0) throw commandError('MPI_Close_port');
}

/**
 * Lets others find a port by the name of a service (`MPI_Publish_name`).
 * @throws {@link MPIError} `MPI_ERR_SERVICE`, for one, where the launcher keeps no names
 */
export function publishName(service: string, port: string, options?: PortOptions): void {
  setNames(port, service);
  setInfo('options.info', options?.info);
  raw.publishName();
  if (command[RESULT] !== 0) throw commandError('MPI_Publish_name');
}

/** Takes a published name back (`MPI_Unpublish_name`). */
export function unpublishName(service: string, port: string, options?: PortOptions): void {
  setNames(port, service);
  setInfo('options.info', options?.info);
  raw.unpublishName();
  if (command[RESULT] !== 0) throw commandError('MPI_Unpublish_name');
}

/**
 * Returns the port that is published under the name of a service (`MPI_Lookup_name`).
 * @throws {@link MPIError} `MPI_ERR_NAME` when there is none
 */
export function lookupName(service: string, options?: PortOptions): string {
  return readTexts(() => {
    setNames('', service);
    setInfo('options.info', options?.info);
    raw.lookupName();
    if (command[RESULT] !== 0) throw commandError('MPI_Lookup_name');
  })[0];
}

function setNames(port: string, service = ''): void {
  checkText('port', port);
  checkText('service', service);
  command[ARGUMENT0] = addressOfTexts(service);
  command[ARGUMENT1] = addressOfTexts(port);
}
