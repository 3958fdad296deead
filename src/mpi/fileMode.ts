/** How a file is opened: access modes, and looking whether it can be opened at all. */
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { fileModes, flavour } from './environment.ts';
import { classError } from './errors.ts';

/** Reads only. */
export const MODE_RDONLY: number = fileModes.MODE_RDONLY;
/** Reads and writes. */
export const MODE_RDWR: number = fileModes.MODE_RDWR;
/** Writes only. */
export const MODE_WRONLY: number = fileModes.MODE_WRONLY;
/** Makes the file when there is none. */
export const MODE_CREATE: number = fileModes.MODE_CREATE;
/** With {@link MODE_CREATE}: fails when there is one. */
export const MODE_EXCL: number = fileModes.MODE_EXCL;
/** Deletes the file when it is closed. */
export const MODE_DELETE_ON_CLOSE: number = fileModes.MODE_DELETE_ON_CLOSE;
/** Nobody else has the file open meanwhile. */
export const MODE_UNIQUE_OPEN: number = fileModes.MODE_UNIQUE_OPEN;
/** The file is read or written from beginning to end only. */
export const MODE_SEQUENTIAL: number = fileModes.MODE_SEQUENTIAL;
/** All file pointers begin at the file's end. */
export const MODE_APPEND: number = fileModes.MODE_APPEND;

/**
 * How a file is opened: `r` reads, `r+` reads and writes a file that exists, `w` makes an empty one
 * whatever was there, `w-` makes one and fails when it exists, `a` makes one when there is none, and
 * begins at its end. The last four read and write.
 */
export type FileMode = 'r' | 'r+' | 'w' | 'w-' | 'a';

const modes: Readonly<Record<FileMode, number>> = {
  r: MODE_RDONLY,
  'r+': MODE_RDWR,
  w: MODE_RDWR | MODE_CREATE,
  'w-': MODE_RDWR | MODE_CREATE | MODE_EXCL,
  a: MODE_RDWR | MODE_CREATE | MODE_APPEND,
};
const allModes =
  MODE_RDONLY |
  MODE_RDWR |
  MODE_WRONLY |
  MODE_CREATE |
  MODE_EXCL |
  MODE_DELETE_ON_CLOSE |
  MODE_UNIQUE_OPEN |
  MODE_SEQUENTIAL |
  MODE_APPEND;
const accesses = [MODE_RDONLY, MODE_RDWR, MODE_WRONLY];

/**
 * Open MPI 4.1 puts the name, `.locktest.` and the rank into 256 bytes when it opens a file, and ends
 * the process when there is not enough room.
 */
const LONGEST_NAME = 235;

/** The access mode that MPI is given. */
export function parseFileMode(mode: FileMode | number): number {
  if (typeof mode === 'number') {
    checkInteger('options.mode', mode, 0, allModes);
    if (accesses.filter((access) => (mode & access) !== 0).length !== 1) {
      const expected = 'exactly one of MODE_RDONLY, MODE_RDWR and MODE_WRONLY';
      throw new ArgumentRangeError('options.mode', expected, mode);
    }
    if ((mode & MODE_RDONLY) !== 0 && (mode & (MODE_CREATE | MODE_EXCL)) !== 0) {
      const expected = 'no MODE_CREATE or MODE_EXCL with MODE_RDONLY';
      throw new ArgumentRangeError('options.mode', expected, mode);
    }
    if ((mode & MODE_RDWR) !== 0 && (mode & MODE_SEQUENTIAL) !== 0) {
      const expected = 'no MODE_SEQUENTIAL with MODE_RDWR';
      throw new ArgumentRangeError('options.mode', expected, mode);
    }
    return mode;
  }
  const expected = "'r', 'r+', 'w', 'w-', 'a' or a combination of MODE_ constants";
  if (typeof mode !== 'string') throw new ArgumentTypeError('options.mode', expected, mode);
  if (!Object.hasOwn(modes, mode)) throw new ArgumentRangeError('options.mode', expected, mode);
  return modes[mode];
}

/**
 * Throws what MPI should say when this rank cannot open the file. MPI itself looks on one rank only
 * before it makes the file, and may leave the ranks with different answers.
 */
export function checkOpenable(name: string, mode: number): void {
  // ROMIO takes a file system in front of the name, such as ufs:/scratch/a.
  const path = name.replace(/^[a-z]\w+:/, '');
  const bytes = Buffer.byteLength(name);
  if (flavour() === 'openmpi' && bytes > LONGEST_NAME) {
    const why = `Open MPI takes names of at most ${LONGEST_NAME} bytes, not ${bytes}: '${name}'`;
    throw classError('MPI_File_open', 'MPI_ERR_BAD_FILE', why);
  }
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined) {
      if ((mode & MODE_EXCL) !== 0) {
        throw classError('MPI_File_open', 'MPI_ERR_FILE_EXISTS', `'${name}' exists already`);
      }
      if (found.isDirectory()) {
        throw classError('MPI_File_open', 'MPI_ERR_BAD_FILE', `'${name}' is a directory`);
      }
      closeSync(openSync(path, openFlags(mode)));
    } else {
      if ((mode & MODE_CREATE) === 0) {
        throw classError('MPI_File_open', 'MPI_ERR_NO_SUCH_FILE', `there is no '${name}'`);
      }
      accessSync(`${dirname(path)}/.`, constants.W_OK | constants.X_OK);
    }
  } catch (error) {
    throw fileSystemError('MPI_File_open', error);
  }
}

/** The MPIError for what the file system said. */
function fileSystemError(call: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const known = code === undefined ? undefined : errorClasses[code];
  return known === undefined ? error : classError(call, known, message);
}

const errorClasses: Readonly<Record<string, string>> = {
  EACCES: 'MPI_ERR_ACCESS',
  EPERM: 'MPI_ERR_ACCESS',
  ETXTBSY: 'MPI_ERR_ACCESS',
  EISDIR: 'MPI_ERR_BAD_FILE',
  ELOOP: 'MPI_ERR_BAD_FILE',
  ENAMETOOLONG: 'MPI_ERR_BAD_FILE',
  EEXIST: 'MPI_ERR_FILE_EXISTS',
  ENOENT: 'MPI_ERR_NO_SUCH_FILE',
  ENOTDIR: 'MPI_ERR_NO_SUCH_FILE',
  ENOSPC: 'MPI_ERR_NO_SPACE',
  EDQUOT: 'MPI_ERR_QUOTA',
  EROFS: 'MPI_ERR_READ_ONLY',
};

function openFlags(mode: number): number {
  if ((mode & MODE_RDONLY) !== 0) return constants.O_RDONLY;
  return (mode & MODE_WRONLY) !== 0 ? constants.O_WRONLY : constants.O_RDWR;
}
