/** New datasets in files that are there, or are made for them. */
import { constants, copyFileSync, existsSync, statSync } from 'node:fs';
import { ArgumentRangeError } from '../../errors.ts';
import { agree, onRoot } from '../../mpi/agreement.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { checkEverywhere, checkRoom, writeAtomically } from '../atomicFile.ts';
import { Connection, type FileAccessOptions, resolvePath, withConnection } from './connection.ts';
import { checkAbsent } from './objects.ts';

/** What becomes of a file that exists: `a` adds to it, `w` replaces it, `w-` fails. */
export type Hdf5Mode = 'a' | 'w' | 'w-';

/** What {@link intoHdf5} makes. */
export interface Hdf5Target {
  /** Path of the dataset. */
  readonly path: string;
  readonly mode: Hdf5Mode;
  /** Bytes that will be written. */
  readonly bytes: number;
  /** Whether a file that is added to is copied first, and the copy takes its place. Default false. */
  readonly atomic?: boolean;
  readonly access?: FileAccessOptions;
}

/**
 * Opens an HDF5 file for a new dataset as a mode says, or makes one, and lets `write` make and fill the dataset.
 *
 * @param write - must succeed on every process or throw on every process
 * @remarks Collective; what is given has been checked to be the same on every process.
 * @throws {@link DistArrayError} on every process alike
 */
export function intoHdf5(
  comm: Comm,
  name: string,
  { path, mode, bytes, atomic = false, access }: Hdf5Target,
  write: (connection: Connection) => void,
): void {
  // Before a file is made that would be none.
  agree(comm, () => comm.rank === 0 && checkRoom(name, bytes));
  const make = (connection: Connection) => {
    connection.reserve(bytes);
    write(connection);
  };
  const add = (connection: Connection) => {
    connection.perform(path, (file) => checkAbsent(connection, file, path));
    make(connection);
  };
  const exists = mode === 'a' && onRoot(comm, () => (existsSync(name) ? 'yes' : '')) === 'yes';
  if (exists && !atomic) {
    checkEverywhere(comm, name, 'r+');
    withConnection(Connection.open(comm, name, name, true, access), add);
    return;
  }
  writeAtomically(comm, name, { exclusive: mode === 'w-' }, (temporary) => {
    if (exists) {
      checkEverywhere(comm, name, 'r+');
      onRoot(comm, () => copyOver(temporary, name));
      withConnection(Connection.open(comm, temporary, name, true, access), add);
    } else withConnection(Connection.create(comm, temporary, name, access), make);
  });
}

/** @throws {@link ArgumentRangeError} unless it is a mode of writing */
export function checkHdf5Mode(mode: unknown): asserts mode is Hdf5Mode {
  if (mode === 'a' || mode === 'w' || mode === 'w-') return;
  throw new ArgumentRangeError('options.mode', "'a', 'w' or 'w-'", mode);
}

/**
 * Returns the path of a dataset.
 * @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless a key names one
 */
export function datasetPath(key: unknown): string {
  const path = resolvePath('/', key, 'options.key');
  if (path !== '/') return path;
  throw new ArgumentRangeError('options.key', 'the name of a dataset', key);
}

/** Makes a temporary file a copy of another one. */
function copyOver(temporary: string, name: string): string {
  checkRoom(name, statSync(name).size);
  copyFileSync(name, temporary, constants.COPYFILE_FICLONE);
  return '';
}
