/** HDF5 files that the processes of a communicator have open together. */
import { statSync } from 'node:fs';
import {
  ArgumentRangeError,
  ArgumentTypeError,
  checkInteger,
  DistArrayError,
} from '../../errors.ts';
import { agree, checkSame } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { type Info, infoTexts } from '../../mpi/info.ts';
import { track, untrack } from '../../mpi/leaks.ts';
import { loadNative } from '../../native.ts';
import { FileRoom } from './fileRoom.ts';

/** The addon's HDF5 functions. */
export const raw = loadNative().hdf5;

/** How a file is opened. */
export interface FileAccessOptions {
  /**
   * Bytes: what is at least `alignmentThreshold` bytes long begins in the file at a multiple of this
   * (`H5Pset_alignment`), as suits the stripes of a parallel file system. Default: no alignment.
   */
  readonly alignment?: number;
  /** Default 65 536 bytes. */
  readonly alignmentThreshold?: number;
  /** Hints to MPI-IO, such as `{ cb_nodes: '4', striping_factor: '8' }`. MPI ignores those that it does not know. */
  readonly info?: Info;
}

/** Device and inode of the files that this process has open for writing. */
const writtenFiles = new Set<string>();

const ALIGNMENT_THRESHOLD = 2 ** 16;

/** An open file. Making and closing one is collective, as is everything that changes the file. */
export class Connection {
  readonly comm: Comm;
  /** The name that the program has given, and errors tell. */
  readonly name: string;
  readonly writable: boolean;
  #handle: number;
  /** On the root of a file that may be written to. */
  readonly #room: FileRoom | null;
  readonly #inode: string;

  private constructor(
    comm: Comm,
    name: string,
    writable: boolean,
    room: FileRoom | null,
    inode: string,
    handle: number,
  ) {
    this.comm = comm;
    this.name = name;
    this.writable = writable;
    this.#handle = handle;
    this.#room = room;
    this.#inode = inode;
    if (writable) writtenFiles.add(inode);
    track('file', handle);
  }

  /**
   * Opens a file that is there.
   * @param path - where it is; `name` is what errors call it
   * @remarks Collective.
   */
  static open(
    comm: Comm,
    path: string,
    name: string,
    writable: boolean,
    options: FileAccessOptions = {},
  ): Connection {
    const access = accessArguments(options);
    const inode = agree(comm, () => {
      const found = freeInode(path, name, writable);
      // An empty file is a new one for who may write to it.
      const isEmpty = writable && statSync(path).size === 0;
      if (comm.rank === 0 && comm.size > 1 && !isEmpty) {
        naming(`'${name}'`, () => raw.probeFile(path));
      }
      return found;
    });
    return withRoom(comm, path, name, writable, (room) => {
      const handle = agree(comm, () =>
        naming(`'${name}'`, () => raw.openFile(path, comm.handle, ...access, !writable)),
      );
      return new Connection(comm, name, writable, room, inode, handle);
    });
  }

  /**
   * Makes a file without contents of one that is there.
   * @param path - where it is; `name` is what errors call it
   * @remarks Collective.
   */
  static create(
    comm: Comm,
    path: string,
    name: string,
    options: FileAccessOptions = {},
  ): Connection {
    const access = accessArguments(options);
    const inode = agree(comm, () => freeInode(path, name, true));
    return withRoom(comm, path, name, true, (room) => {
      agree(comm, () => room?.behind(0));
      const handle = agree(comm, () =>
        naming(`'${name}'`, () => raw.createFile(path, comm.handle, ...access)),
      );
      room?.forget();
      const connection = new Connection(comm, name, true, room, inode, handle);
      connection.reserve(0);
      return connection;
    });
  }

  get isClosed(): boolean {
    return this.#handle === 0;
  }

  /** @throws {@link DistArrayError} `ERR_HDF5_CLOSED` when it is closed */
  get handle(): number {
    if (this.#handle !== 0) return this.#handle;
    throw new DistArrayError('ERR_HDF5_CLOSED', `'${this.name}' is closed`);
  }

  /**
   * Sees to it that there is room on the disk for what is about to be written, before anything is.
   * @param bytes - behind what the file has, beside what is written about objects
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike: `ENOSPC`, `EDQUOT`, …
   */
  reserve(bytes: number): void {
    agree(this.comm, () => this.#reserve(bytes));
  }

  /**
   * The same for elements of a dataset that is there.
   *
   * @param offset - where those that are written lie in the file, from the first to the last; -1 if not in one piece
   * @param bytes - from the first to the last
   * @param count - bytes that are written
   * @remarks Collective.
   * @throws {@link DistArrayError} on every process alike
   */
  reserveWithin(offset: number, bytes: number, count: number): void {
    agree(this.comm, () => {
      this.#room?.within(offset, bytes, count);
    });
  }

  /** Tells that the file has got bytes that nobody writes to for now. Not collective. */
  leaveOut(bytes: number): void {
    this.#room?.leaveOut(bytes);
  }

  /** @throws {@link DistArrayError} `ERR_HDF5_READ_ONLY` unless it may be changed, `ERR_HDF5_CLOSED` */
  checkWritable(): void {
    if (this.handle !== 0 && this.writable) return;
    throw new DistArrayError('ERR_HDF5_READ_ONLY', `'${this.name}' is open for reading only`);
  }

  /** Asks something of the file that its processes need not ask together. @param path - that it is about */
  ask<T>(path: string, question: (file: number) => T): T {
    const { handle } = this;
    return naming(`'${path}' in '${this.name}'`, () => question(handle));
  }

  /**
   * Does something on all processes, and agrees on the outcome.
   * @param path - that it is about
   * @remarks Collective.
   */
  perform<T>(path: string, step: (file: number) => T): T {
    return agree(this.comm, () => this.ask(path, step));
  }

  /**
   * Changes the file on all processes, which must want the same.
   *
   * @param values - the arguments as text, by name
   * @param check - looks whether it can be done, before anything is; returns how many bytes the file needs for it, beside
   * what is written about objects
   * @remarks Collective.
   */
  change(
    path: string,
    values: Readonly<Record<string, string>>,
    check: () => number | undefined,
    step: (file: number) => void,
  ): void {
    agree(this.comm, () => {
      this.checkWritable();
      this.#reserve(check() ?? 0);
    });
    checkSame(this.comm, { name: path, ...values });
    this.perform(path, step);
  }

  /** Hands what was written to the system. @remarks Collective. */
  flush(): void {
    this.perform('/', (file) => raw.flushFile(file));
    this.#room?.forget();
  }

  /** Closes the file; what was written is in it. @remarks Collective. */
  close(): void {
    if (this.#handle === 0) return;
    const handle = this.#handle;
    this.#handle = 0;
    untrack(handle);
    if (this.writable) writtenFiles.delete(this.#inode);
    try {
      agree(this.comm, () => naming(`'${this.name}'`, () => raw.closeFile(handle)));
    } finally {
      this.#room?.close();
    }
  }

  #reserve(bytes: number): void {
    this.#room?.behind(bytes);
  }
}

/**
 * Returns the device and inode of a file. Over MPI-IO libhdf5 does not see that two open files are one: each would write
 * over what the other has made.
 * @throws {@link DistArrayError} `ERR_HDF5_OPEN` when it is to be written to, and is already
 */
function freeInode(path: string, name: string, writable: boolean): string {
  const { dev, ino } = statSync(path);
  const inode = `${dev}:${ino}`;
  if (!writable || !writtenFiles.has(inode)) return inode;
  const message = `'${name}' is open for writing already: close it first, or use that file`;
  throw new DistArrayError('ERR_HDF5_OPEN', message);
}

/** Opens a file with its room on the root, where it may be written to. @remarks Collective: `open` fails alike on all. */
function withRoom(
  comm: Comm,
  path: string,
  name: string,
  writable: boolean,
  open: (room: FileRoom | null) => Connection,
): Connection {
  let room: FileRoom | null = null;
  agree(comm, () => {
    if (writable && comm.rank === 0) room = new FileRoom(path, name);
  });
  try {
    return open(room);
  } catch (error) {
    (room as FileRoom | null)?.close();
    throw error;
  }
}

/** Uses an open file, and closes it, whatever happens. @remarks Collective: `use` ends alike on all processes. */
export function withConnection<T>(connection: Connection, use: (connection: Connection) => T): T {
  let result: T;
  try {
    result = use(connection);
  } catch (error) {
    try {
      connection.close();
    } catch {
      // The first error says more.
    }
    throw error;
  }
  connection.close();
  return result;
}

/** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} */
export function checkAccessOptions(options: FileAccessOptions): void {
  accessArguments(options);
}

/** The options as text, to be compared. */
export function accessText(options: FileAccessOptions): string {
  return JSON.stringify(accessArguments(options));
}

function accessArguments({
  alignment = 1,
  alignmentThreshold = ALIGNMENT_THRESHOLD,
  info,
}: FileAccessOptions): [hints: string[], alignment: number, threshold: number] {
  checkInteger('options.alignment', alignment, 1);
  checkInteger('options.alignmentThreshold', alignmentThreshold, 0);
  return [infoTexts('options.info', info), alignment, alignmentThreshold];
}

/** Runs a step of HDF5's; a failure names the file or object, which the library's account does not. */
export function naming<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ERR_HDF5') throw error;
    throw new DistArrayError(code, `${what}: ${message}`, { cause: error });
  }
}

/**
 * Returns a path from the root of a file, without what means nothing: `/group/data`.
 *
 * @param base - where paths begin that do not begin with `/`
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless it names something
 */
export function resolvePath(base: string, name: unknown, argument = 'name'): string {
  if (typeof name !== 'string') throw new ArgumentTypeError(argument, 'a string', name);
  const parts = (name.startsWith('/') ? name : `${base}/${name}`).split('/');
  const named = parts.filter((part) => part !== '' && part !== '.');
  if (name === '' || name.includes('\0')) {
    throw new ArgumentRangeError(argument, 'the name of an object in the file', name);
  }
  return `/${named.join('/')}`;
}
