/** Folders that only this user may enter: who can open a socket there may command the engines. */
import { lstatSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DistArrayError } from '../../errors.ts';
import { LONGEST_SOCKET_PATH } from '../unixSocket.ts';

/** Makes a folder for one job. */
export function newPrivateFolder(): string {
  // mkdtemp gives it mode 0700.
  return mkdtempSync(join(tmpdir(), 'distarray-'));
}

/**
 * Returns the folder of what outlives a program, which is made when it is missing.
 * @throws {@link DistArrayError} `ERR_PRIVATE_FOLDER` when others may enter it
 */
export function ownFolder(): string {
  const runtime = process.env.XDG_RUNTIME_DIR;
  const folder = runtime
    ? join(runtime, 'distarray')
    : join(tmpdir(), `distarray-${process.getuid?.() ?? 'user'}`);
  makePrivate(folder);
  return folder;
}

/** Makes a folder that only this user may enter, or checks that it is one. */
export function makePrivate(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const { uid, mode } = lstatSync(folder);
  const own = process.getuid?.() ?? uid;
  // The type is in the mode: a symbolic link is none either.
  const isPrivate = (mode & 0o170077) === 0o040000;
  if (uid === own && isPrivate) return;
  throw new DistArrayError(
    'ERR_PRIVATE_FOLDER',
    `${folder} is not a folder that only you may enter (mode 0700): remove it, or set XDG_RUNTIME_DIR`,
  );
}

/**
 * Returns the path of the socket in a folder.
 * @throws {@link DistArrayError} `ERR_PRIVATE_FOLDER` when it is too long for one
 */
export function socketIn(folder: string): string {
  const path = join(folder, 'socket');
  if (Buffer.byteLength(path) <= LONGEST_SOCKET_PATH) return path;
  const remedy = 'set TMPDIR or XDG_RUNTIME_DIR to a shorter one';
  throw new DistArrayError('ERR_PRIVATE_FOLDER', `${path} is too long for a socket: ${remedy}`);
}
