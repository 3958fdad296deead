/** Bytes and headers of files that one process reads and writes: never more than the file has. */
import { fstatSync, readSync, writeSync } from 'node:fs';
import { type HeaderKind, headerBytes, headerError, PREFIX_BYTES } from './headerFrame.ts';

/**
 * Returns the bytes of the header that begins at an offset of an open file.
 * @throws {@link DistArrayError} with the kind's code when there is no such header
 */
export function readHeader(descriptor: number, kind: HeaderKind, offset = 0): Uint8Array {
  const rest = Math.max(0, fstatSync(descriptor).size - offset);
  const prefix = readBytes(descriptor, offset, Math.min(PREFIX_BYTES, rest));
  const length = headerBytes(kind, prefix);
  if (length <= rest) return readBytes(descriptor, offset, length);
  throw headerError(
    kind,
    `the header says that it has ${length} bytes, of which there are ${rest}`,
  );
}

/** Returns bytes of an open file; fewer where it ends. */
export function readBytes(descriptor: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  return bytes.subarray(0, readInto(descriptor, bytes, offset));
}

/** Fills memory from an open file, and returns how many bytes there were. */
export function readInto(descriptor: number, bytes: Uint8Array, offset: number): number {
  let read = 0;
  while (read < bytes.length) {
    // Linux reads no more than 2 GiB at once.
    const wanted = Math.min(bytes.length - read, 2 ** 30);
    const count = readSync(descriptor, bytes, read, wanted, offset + read);
    if (count === 0) break;
    read += count;
  }
  return read;
}

/** Writes all of these bytes to a place of an open file. */
export function writeAll(descriptor: number, bytes: Uint8Array, offset: number): void {
  for (let done = 0; done < bytes.length; ) {
    const wanted = Math.min(bytes.length - done, 2 ** 30);
    done += writeSync(descriptor, bytes, done, wanted, offset + done);
  }
}
