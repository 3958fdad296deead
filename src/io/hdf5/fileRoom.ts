/**
 * Room on the disk for what is written to a file, seen to beforehand. Libhdf5 1.10 crashes, or its processes wait for each
 * other for ever, when the disk is full while it writes, and Open MPI 4.1 does not tell of collective writes that failed.
 */
import { closeSync, fstatSync, ftruncateSync, openSync } from 'node:fs';
import { getSystemErrorName } from 'node:util';
import { DistArrayError } from '../../errors.ts';
import { loadNative } from '../../native.ts';
import { checkRoom } from '../atomicFile.ts';

const raw = loadNative().files;

/** Room that there always is for what the library writes about objects: headers, names, attributes. */
const MARGIN = 2 ** 18;
/** About what a change writes about objects; the margin is for those that write more. */
const CHANGE_BYTES = 2 ** 11;
/** What `stat` counts blocks in. */
const BLOCK_BYTES = 512;
/** File systems that cannot reserve, which is no reason not to write. */
const UNABLE = ['EOPNOTSUPP', 'ENOSYS', 'EINVAL'];

/** The room of one file that is open for writing; on one process. Its methods throw `ENOSPC`, `EDQUOT`, …. */
export class FileRoom {
  readonly #path: string;
  readonly #name: string;
  readonly #descriptor: number;
  /** Behind the last byte that the library may have given out; it does not tell. */
  #end = 0;
  /** Behind the last byte that is reserved. */
  #held = 0;

  /** @param name - what errors call it */
  constructor(path: string, name: string) {
    this.#path = path;
    this.#name = name;
    this.#descriptor = openSync(path, 'r+');
    this.forget();
  }

  /** Reserves so many bytes behind the end of the file, and what a change needs beside them. */
  behind(bytes: number): void {
    const wanted = this.#end + bytes + MARGIN;
    if (wanted > this.#held) {
      const missing = wanted - this.#held;
      checkRoom(this.#path, missing, this.#name);
      // Some more, so that small changes do not ask each time, if there is so much.
      const isLarge = this.#reserve(this.#held, missing + MARGIN) === '';
      if (!isLarge) this.#reserveOrFail(this.#held, missing);
      this.#held = wanted + (isLarge ? MARGIN : 0);
    }
    this.#end += bytes + CHANGE_BYTES;
  }

  /** The library has given out bytes that nobody writes to for now: they need no place on the disk. */
  leaveOut(bytes: number): void {
    this.#end += bytes;
    if (this.#held >= this.#end + MARGIN) return;
    // What the library writes about it may lie behind it, and the end is a guess that is rather too large. There was room
    // for that before; now it is where it may be needed.
    const begin = Math.max(0, this.#end - 2 * MARGIN);
    const isReserved = this.#reserve(begin, this.#end + MARGIN - begin) === '';
    this.#held = this.#end + (isReserved ? MARGIN : 0);
  }

  /**
   * Sees to it that bytes of the file have their place on the disk: elements that nobody has written yet may have none.
   *
   * @param offset - of the first one; -1 if they do not lie in one piece
   * @param bytes - from the first to the last
   * @param count - how many of them will be written; few are not worth a place for all
   */
  within(offset: number, bytes: number, count: number): void {
    const isDense = offset >= 0 && bytes <= 2 * count + MARGIN;
    if (isDense && this.#reserveOrFail(offset, bytes)) return;
    const holes = this.#held - fstatSync(this.#descriptor).blocks * BLOCK_BYTES;
    if (holes > 0) checkRoom(this.#path, Math.min(count, holes), this.#name);
  }

  /** The library has made the file as long as it is, and cut off what was reserved behind its end. */
  forget(): void {
    this.#end = fstatSync(this.#descriptor).size;
    this.#held = this.#end;
  }

  /** Gives back what was not needed. */
  close(): void {
    const { size } = fstatSync(this.#descriptor);
    if (this.#held > size) ftruncateSync(this.#descriptor, size);
    closeSync(this.#descriptor);
  }

  /** Returns the code of the error, or nothing. */
  #reserve(offset: number, bytes: number): string {
    const result = raw.reserve(this.#descriptor, offset, bytes);
    return result === 0 ? '' : getSystemErrorName(result);
  }

  /** Returns whether the file system can reserve. */
  #reserveOrFail(offset: number, bytes: number): boolean {
    const code = this.#reserve(offset, bytes);
    if (code === '') return true;
    if (UNABLE.includes(code)) return false;
    const message = `'${this.#name}' needs ${bytes} more bytes on the disk: ${code}`;
    throw new DistArrayError(code, message);
  }
}
