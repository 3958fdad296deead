/**
 * Files that appear whole or not at all: written under a temporary name in the same directory, then
 * synced and renamed. Everything here happens on the root; the outcome is agreed.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { DistArrayError } from '../errors.ts';
import { agree, onRoot } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';

/** Options of {@link writeAtomically}. */
export interface AtomicOptions {
  /** Fails when the file exists. */
  readonly exclusive: boolean;
}

/**
 * Calls `write` with a temporary path and gives the file its final name afterwards; when it throws,
 * removes it and leaves a file of that name as it was.
 * @param write must agree on its outcome: succeed on every rank or throw on every rank
 * @remarks Collective.
 * @throws {@link DistArrayError} on every rank alike
 */
export function writeAtomically(
  comm: Comm,
  path: string,
  options: AtomicOptions,
  write: (temporary: string) => void,
): void {
  const [temporary, target] = JSON.parse(
    onRoot(comm, () => JSON.stringify(reserve(path, options))),
  ) as [string, string];
  try {
    checkEverywhere(comm, temporary, 'r+');
    write(temporary);
    onRoot(comm, () => publish(temporary, target, options));
  } catch (error) {
    if (comm.rank === 0) rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * The same for files of which every rank writes one of its own: all get their names, or none does unless the file
 * system fails while it gives them.
 * @param path of this rank's file; null when it writes none
 * @remarks Collective.
 * @throws {@link DistArrayError} on every rank alike
 */
export function writeEachAtomically(
  comm: Comm,
  path: string | null,
  options: AtomicOptions,
  write: (temporary: string) => void,
): void {
  let reserved: readonly [temporary: string, target: string] | undefined;
  try {
    agree(comm, () => {
      if (path !== null) reserved = reserve(path, options);
    });
    agree(comm, () => {
      if (reserved === undefined) return;
      write(reserved[0]);
      sync(reserved[0]);
    });
    agree(comm, () => {
      if (reserved !== undefined) publish(...reserved, options);
    });
  } catch (error) {
    if (reserved !== undefined) rmSync(reserved[0], { force: true });
    throw error;
  }
}

/**
 * Checks that every rank can open a file, before MPI-IO tries: it reports a missing file or permission
 * as nothing in particular, and a rank of another host that does not see the file may hang the rest.
 * @remarks Collective.
 * @throws {@link DistArrayError} on every rank alike: `ENOENT`, `EACCES`, …, and `ERR_NOT_SHARED` when
 * some ranks see the file and others do not
 */
export function checkEverywhere(comm: Comm, path: string, flags: 'r' | 'r+'): void {
  const seen = comm.allreduce(existsSync(path) ? 1 : 0);
  agree(comm, () => {
    if (seen > 0 && !existsSync(path)) {
      throw new DistArrayError(
        'ERR_NOT_SHARED',
        `'${path}' is there on ${seen} of ${comm.size} ranks, but not on rank ${comm.rank} ` +
          `(${hostname()}): the directory must be one that all hosts share`,
      );
    }
    closeSync(openSync(path, flags));
  });
}

/**
 * Checks that a file system has room for so many more bytes, for writers that a full disk would bring down.
 * @param name - what errors call the file
 * @throws {@link DistArrayError} `ENOSPC`
 */
export function checkRoom(path: string, bytes: number, name = path): void {
  const target = existsSync(path) ? realpathSync(path) : resolve(path);
  const { blocks, bavail, bsize } = statfsSync(dirname(target));
  // Some file systems do not say what they have.
  if (blocks === 0 || bavail * bsize >= bytes) return;
  const message = `'${name}' needs ${bytes} bytes, of which there are ${bavail * bsize} free`;
  throw new DistArrayError('ENOSPC', message);
}

/**
 * Creates the temporary file, which shows whether the directory can be written to, and returns its
 * path and that of the file it will become: a symbolic link stays, what it points to is replaced.
 */
function reserve(path: string, options: AtomicOptions): [temporary: string, target: string] {
  if (options.exclusive && existsSync(path)) throw existsError(path);
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing?.isDirectory()) throw new DistArrayError('EISDIR', `'${path}' is a directory`);
  if (existing && !existing.isFile()) {
    throw new DistArrayError('ERR_NOT_A_FILE', `'${path}' is a device, pipe or socket`);
  }
  const target = existing ? realpathSync(path) : resolve(path);
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  closeSync(openSync(temporary, 'wx'));
  if (existing) chmodSync(temporary, existing.mode & 0o7777);
  return [temporary, target];
}

function publish(temporary: string, path: string, options: AtomicOptions): string {
  sync(temporary);
  if (options.exclusive) {
    // Unlike rename, link refuses to replace a file that has appeared meanwhile.
    try {
      linkSync(temporary, path);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? existsError(path) : error;
    }
    rmSync(temporary);
  } else {
    renameSync(temporary, path);
  }
  try {
    sync(dirname(path));
  } catch {
    // The file has its name; some file systems cannot sync a directory.
  }
  return path;
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function existsError(path: string): DistArrayError {
  return new DistArrayError('EEXIST', `'${path}' exists already (mode 'w-')`);
}
