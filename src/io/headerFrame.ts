/**
 * What .npy and .dnpy headers have in common: magic, version, length, and a Python literal that spaces fill up so
 * that what follows is aligned. Pure.
 */
import { DistArrayError } from '../errors.ts';
import { type PythonValue, parsePythonLiteral } from './pythonLiteral.ts';

/** A kind of header. */
export interface HeaderKind {
  /** What follows the byte 0x93. */
  readonly magic: string;
  /** Name in errors. */
  readonly name: string;
  /** Code of errors. */
  readonly code: string;
  /** Bytes of a whole header are a multiple of it. */
  readonly alignment: number;
  /** The last version that is read; minor versions are 0. */
  readonly lastVersion: number;
  /** Bytes of the longest literal that is read and written. */
  readonly longest: number;
}

/** Bytes that tell how long the header is: magic, version, length of 16 or 32 bits. */
export const PREFIX_BYTES = 12;
const MAGIC_BYTES = 8;
/** Length that 16 bits count, as version 1.0 has them. */
const LONGEST_OF_VERSION_1 = 2 ** 16 - 1;

/**
 * Returns the bytes of a whole header, of which at least the first {@link PREFIX_BYTES} are given.
 * @throws {@link DistArrayError} with the kind's code when it is no such header
 */
export function headerBytes(kind: HeaderKind, prefix: Uint8Array): number {
  const { start, length } = extentOf(kind, prefix);
  return start + length;
}

/**
 * Returns the version and the literal of a header.
 * @throws {@link DistArrayError} with the kind's code when it is no such header
 */
export function parseFrame(
  kind: HeaderKind,
  bytes: Uint8Array,
): { version: number; fields: ReadonlyMap<string, PythonValue> } {
  const { version, start, length } = extentOf(kind, bytes);
  if (bytes.length < start + length) {
    const told = `says that it has ${start + length} bytes, of which there are ${bytes.length}`;
    throw headerError(kind, `the header ${told}`);
  }
  let fields: PythonValue;
  try {
    const encoding = version < 3 ? 'latin1' : 'utf-8';
    const decoder = new TextDecoder(encoding, { fatal: true });
    fields = parsePythonLiteral(decoder.decode(bytes.subarray(start, start + length)));
  } catch (error) {
    // No UTF-8 is a TypeError.
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    throw headerError(kind, `the header is no Python literal: ${error.message}`, error);
  }
  if (!(fields instanceof Map)) throw headerError(kind, 'the header is no dictionary');
  return { version, fields };
}

/**
 * Checks that a header has these keys and no others.
 * @throws {@link DistArrayError} with the kind's code
 */
export function checkKeys(
  kind: HeaderKind,
  fields: ReadonlyMap<string, PythonValue>,
  keys: readonly string[],
): void {
  const found = [...fields.keys()];
  if (found.length === keys.length && keys.every((key) => fields.has(key))) return;
  const shown = found.slice(0, 8).map((key) => JSON.stringify(key.slice(0, 40)));
  throw headerError(kind, `the header has the keys ${shown.join(', ')} instead of ${keys}`);
}

/** Returns a header of an ASCII literal: version 1.0, or 2.0 where it is too long for that. */
export function formatFrame(kind: HeaderKind, literal: string): Uint8Array {
  const { alignment } = kind;
  const lengthBytes = literal.length + alignment > LONGEST_OF_VERSION_1 ? 4 : 2;
  const start = MAGIC_BYTES + lengthBytes;
  // At least one space, as NumPy has it, and the line's end.
  const padding = alignment - ((start + literal.length + 1) % alignment);
  const length = literal.length + padding + 1;
  if (length > kind.longest) {
    throw headerError(kind, `the header would have ${length} bytes, more than ${kind.longest}`);
  }
  const bytes = new Uint8Array(start + length);
  bytes.set([0x93, ...new TextEncoder().encode(kind.magic), lengthBytes === 2 ? 1 : 2, 0]);
  const view = new DataView(bytes.buffer);
  if (lengthBytes === 2) view.setUint16(MAGIC_BYTES, length, true);
  else view.setUint32(MAGIC_BYTES, length, true);
  new TextEncoder().encodeInto(`${literal}${' '.repeat(padding)}\n`, bytes.subarray(start));
  return bytes;
}

/** Returns the error of a kind of header. */
export function headerError(kind: HeaderKind, problem: string, cause?: unknown): DistArrayError {
  const message = `Not a ${kind.name} file that can be read: ${problem}`;
  return new DistArrayError(kind.code, message, cause === undefined ? undefined : { cause });
}

function extentOf(
  kind: HeaderKind,
  bytes: Uint8Array,
): { version: number; start: number; length: number } {
  const magic = [0x93, ...new TextEncoder().encode(kind.magic)];
  if (bytes.length < MAGIC_BYTES + 2 || magic.some((byte, k) => bytes[k] !== byte)) {
    const found = [...bytes.subarray(0, magic.length)];
    throw headerError(kind, `it begins with the bytes [${found.join(', ')}], not [${magic}]`);
  }
  const [version, minor] = bytes.subarray(6, 8);
  if (version < 1 || version > kind.lastVersion || minor !== 0) {
    throw headerError(kind, `version ${version}.${minor} is not known`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = MAGIC_BYTES + (version === 1 ? 2 : 4);
  if (bytes.length < start) throw headerError(kind, 'it ends within the header');
  const length =
    version === 1 ? view.getUint16(MAGIC_BYTES, true) : view.getUint32(MAGIC_BYTES, true);
  if (length > kind.longest) {
    throw headerError(kind, `the header says that it has ${length} bytes, more than is read`);
  }
  return { version, start, length };
}
