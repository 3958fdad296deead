/** Lines of text files, found without reading more than some of the file at once. Not collective. */
import { closeSync, fstatSync, openSync } from 'node:fs';
import { DistArrayError } from '../../errors.ts';
import { countFields, type TextFormat } from '../../kernels/parseText.ts';
import { readInto } from '../fileBytes.ts';

/** What the beginning of a file tells. */
export interface TextHead {
  /** Place of the first line that is not skipped. */
  readonly begin: number;
  /** Bytes of the file. */
  readonly size: number;
  /** Fields of the first row; 0 when there is none. */
  readonly fields: number;
}

const NEWLINE = 10;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];
const WINDOW_BYTES = 2 ** 18;

/** An open file, of which a window is in memory. */
export class TextFile {
  readonly size: number;
  readonly #descriptor: number;

  /** @throws {@link DistArrayError} `EISDIR`, `ERR_NOT_A_FILE`, `ENOENT`, … */
  constructor(name: string) {
    this.#descriptor = openSync(name, 'r');
    const stats = fstatSync(this.#descriptor);
    this.size = stats.size;
    if (stats.isFile()) return;
    this.close();
    throw stats.isDirectory()
      ? new DistArrayError('EISDIR', `'${name}' is a directory`)
      : new DistArrayError('ERR_NOT_A_FILE', `'${name}' is a device, pipe or socket`);
  }

  /** Fills memory from a place on, and returns what there was. */
  read(at: number, memory: Uint8Array): Uint8Array {
    return memory.subarray(0, readInto(this.#descriptor, memory, at));
  }

  /** Returns where the first line begins that begins at a place or behind it. */
  lineFrom(place: number, begin: number): number {
    if (place <= begin) return begin;
    return this.#behindNewline(place - 1);
  }

  /** Returns where the first line begins behind a byte-order mark and so many lines, and how many fields it has. */
  head(skipped: number, format: TextFormat): TextHead {
    const mark = this.read(0, new Uint8Array(BYTE_ORDER_MARK.length));
    let begin = BYTE_ORDER_MARK.every((byte, k) => mark[k] === byte) ? BYTE_ORDER_MARK.length : 0;
    for (let line = 0; line < skipped && begin < this.size; line++) {
      begin = this.#behindNewline(begin);
    }
    return { begin, size: this.size, fields: this.#fieldsFrom(begin, format) };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  /** Returns the place behind the first line end at a place or behind it. */
  #behindNewline(from: number): number {
    // Most lines are short.
    for (let at = from, length = 2 ** 10; at < this.size; length = WINDOW_BYTES) {
      const window = this.read(at, Buffer.allocUnsafe(length));
      const found = window.indexOf(NEWLINE);
      if (found >= 0) return at + found + 1;
      if (window.length === 0) break;
      at += window.length;
    }
    return this.size;
  }

  #fieldsFrom(begin: number, format: TextFormat): number {
    let length = WINDOW_BYTES;
    for (let at = begin; at < this.size; ) {
      const window = this.read(at, new Uint8Array(length));
      const isLast = at + window.length >= this.size;
      const fields = countFields(window, isLast, format);
      if (fields > 0 || isLast || window.length === 0) return fields;
      const behind = window.lastIndexOf(NEWLINE) + 1;
      at += behind;
      // Not one line fits.
      if (behind === 0) length *= 2;
    }
    return 0;
  }
}
