/** Transfers between memory and boxes of arrays in files that all processes have open (MPI-IO). */
import { closeSync, openSync } from 'node:fs';
import { DistArrayError } from '../errors.ts';
import { agree } from '../mpi/agreement.ts';
import type { Comm } from '../mpi/communicator.ts';
import { MPIError } from '../mpi/errors.ts';
import { File } from '../mpi/file.ts';
import { type BoxRange, boxRuns } from './boxRuns.ts';
import { writeAll } from './fileBytes.ts';
import type { StorageOrder } from './slabs.ts';

/** Bytes of one transfer: processes that write to one file wait for each other, and not for long. */
const TRANSFER_BYTES = 2 ** 23;

/** How an array lies in a file. */
export interface FileLayout {
  readonly shape: readonly number[];
  readonly order: StorageOrder;
  readonly itemsize: number;
}

/**
 * Calls for every piece of a box that lies in one run, with its place behind the header.
 * @param bytes - of the elements of the box, in the order of the file
 */
export function eachRun(
  { shape, order, itemsize }: FileLayout,
  box: readonly BoxRange[],
  bytes: Uint8Array,
  piece: (at: number, bytes: Uint8Array) => void,
): void {
  let done = 0;
  for (const { first, length } of boxRuns(shape, box, order)) {
    const end = done + length * itemsize;
    for (let at = first * itemsize; done < end; ) {
      const part = bytes.subarray(done, Math.min(end, done + TRANSFER_BYTES));
      piece(at, part);
      at += part.length;
      done += part.length;
    }
  }
}

/**
 * Fills memory from a place of a file.
 * @param truncated - code of the error where the file ends before
 */
export function readTo(file: File, at: number, bytes: Uint8Array, truncated: string): void {
  const read = file.readAt(at, bytes).bytes;
  if (read === bytes.length) return;
  throw truncatedError(truncated, file.name, at + bytes.length, at + read);
}

/**
 * Writes at a place of a file. Where MPI fails or writes less, it does not say why: what is left is written without it,
 * and the system's error says (a full disk, say).
 */
export function writeAt(file: File, at: number, bytes: Uint8Array): void {
  let written = 0;
  try {
    written = file.writeAt(at, bytes).bytes;
  } catch (error) {
    if (!(error instanceof MPIError)) throw error;
  }
  if (written === bytes.length) return;
  const descriptor = openSync(file.name, 'r+');
  try {
    writeAll(descriptor, bytes.subarray(written), at + written);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Opens a file on all processes, does something on each, agrees on the outcome, and closes it; what was written is on the
 * disk then. @remarks Collective.
 */
export function withFile<T>(comm: Comm, name: string, mode: 'r' | 'r+', use: (file: File) => T): T {
  const file = File.open(comm, name, { mode });
  let result: T;
  try {
    result = agree(comm, () => use(file));
    // What other hosts have in their caches the root cannot bring to the disk.
    if (mode === 'r+') agree(comm, () => file.sync());
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return result;
}

/** Returns the error of a file that has fewer bytes than it should. */
export function truncatedError(
  code: string,
  name: string,
  expected: number,
  found: number,
): DistArrayError {
  const message = `'${name}' ends early: it should have ${expected} bytes, but has ${found}`;
  return new DistArrayError(code, message);
}
