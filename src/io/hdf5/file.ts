/** HDF5 files as h5py shows them, on all processes together. */
import { closeSync, existsSync, fstatSync, openSync, rmSync } from 'node:fs';
import { ArgumentRangeError, DistArrayError } from '../../errors.ts';
import type { LocalArray } from '../../local/localArray.ts';
import { agree, checkSame, onRoot } from '../../mpi/agreement.ts';
import { COMM_WORLD, type Comm } from '../../mpi/communicator.ts';
import { checkEverywhere } from '../atomicFile.ts';
import { checkComm, checkFileName, checkOptions } from '../fileArguments.ts';
import { type ArrayKind, localArraysOf } from './arrayKind.ts';
import {
  accessText,
  Connection,
  checkAccessOptions,
  type FileAccessOptions,
} from './connection.ts';
import { Group } from './group.ts';

/**
 * How a file is opened, as in h5py: `r` to read, `r+` to read and write what is there, `a` the same or a new file, `w`
 * a new file in the place of one that is there, `w-` a new file only.
 */
export type FileMode = 'r' | 'r+' | 'a' | 'w' | 'w-';

/** Options of {@link File}. */
export interface FileOptions extends FileAccessOptions {
  /** Default `r`, as in h5py. */
  readonly mode?: FileMode;
  /** Processes that open the file together; default `COMM_WORLD`. */
  readonly comm?: Comm;
}

const MODES: readonly string[] = ['r', 'r+', 'a', 'w', 'w-'];

/**
 * An HDF5 file, and its root group (`h5py.File`).
 *
 *     using file = new File('a.h5', { mode: 'w' });
 *     const dataset = file.createDataset('group/u', { shape: [100, 100], dtype: 'float32' });
 *     dataset.write(local);
 *
 * @remarks Opening, closing and everything that changes the file are collective: all processes call it, with the same
 * arguments, and what fails on one is the same error on all. So is transferring elements. Asking (`keys`, `has`,
 * `shape`, attributes) is not.
 *
 * The file is changed in place: arguments that are wrong leave it as it was, a crash half-way may not.
 *
 * @typeParam A - what arrays are: local arrays, or those of a context (`ctx.openHdf5File`)
 */
export class File<A = LocalArray> extends Group<A> implements Disposable {
  readonly #connection: Connection;
  /** How it was opened. */
  readonly mode: FileMode;

  /**
   * @param name - path of the file, seen by all processes
   * @throws {@link DistArrayError} on every process alike: `ENOENT`, `EEXIST` (`w-`), `EACCES`, `EISDIR`, …, `ERR_HDF5`
   * when it is no HDF5 file, or a damaged one
   */
  constructor(name: string, options?: FileOptions);
  /** @internal */
  constructor(name: string, options: FileOptions, arrays: ArrayKind<A>);
  constructor(name: string, options: FileOptions = {}, arrays?: ArrayKind<A>) {
    checkOptions(options);
    const { mode = 'r', comm = arrays?.comm ?? COMM_WORLD } = options;
    checkComm(comm);
    agree(comm, () => {
      checkFileName(name, 'name');
      if (!MODES.includes(mode)) {
        throw new ArgumentRangeError('options.mode', "'r', 'r+', 'a', 'w' or 'w-'", mode);
      }
      checkAccessOptions(options);
    });
    checkSame(comm, { name, 'options.mode': mode, options: accessText(options) });
    const connection = connect(comm, name, mode, options);
    super(connection, '/', arrays ?? (localArraysOf(comm) as unknown as ArrayKind<A>));
    this.#connection = connection;
    this.mode = mode;
  }

  /** The name that the file was opened with. */
  get filename(): string {
    return this.#connection.name;
  }

  /** The processes that have the file open. */
  get comm(): Comm {
    return this.#connection.comm;
  }

  /** Whether the file is closed. */
  get isClosed(): boolean {
    return this.#connection.isClosed;
  }

  /**
   * Hands what was written to the system (`H5Fflush`).
   * @remarks Collective.
   */
  flush(): void {
    this.#connection.flush();
  }

  /**
   * Closes the file; its groups and datasets cannot be used any more. A second time nothing happens.
   * @remarks Collective. `using file = new File(…)` does it at the end of the block.
   */
  close(): void {
    this.#connection.close();
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.close();
  }

  override toString(): string {
    return `File '${this.filename}' (${this.isClosed ? 'closed' : `mode '${this.mode}'`})`;
  }
}

function connect(comm: Comm, name: string, mode: FileMode, options: FileOptions): Connection {
  const exists = onRoot(comm, () => (existsSync(name) ? 'yes' : '')) === 'yes';
  if (mode === 'r' || mode === 'r+' || (mode === 'a' && exists)) {
    checkEverywhere(comm, name, mode === 'r' ? 'r' : 'r+');
    return Connection.open(comm, name, name, mode !== 'r', options);
  }
  onRoot(comm, () => {
    makeFile(name, mode !== 'w');
    return '';
  });
  try {
    checkEverywhere(comm, name, 'r+');
    return Connection.create(comm, name, name, options);
  } catch (error) {
    if (!exists && comm.rank === 0) rmSync(name, { force: true });
    throw error;
  }
}

/** Looks whether the file can be made, or is there and can be written to. */
function makeFile(name: string, exclusive: boolean): void {
  let descriptor: number;
  try {
    descriptor = openSync(name, exclusive ? 'wx' : 'a');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new DistArrayError('EEXIST', `'${name}' exists already (mode 'w-')`, { cause: error });
  }
  try {
    if (fstatSync(descriptor).isFile()) return;
    throw new DistArrayError('ERR_NOT_A_FILE', `'${name}' is a device, pipe or socket`);
  } finally {
    closeSync(descriptor);
  }
}
