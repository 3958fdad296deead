/** Names and hints of files in the command block. */
import { ArgumentTypeError } from '../errors.ts';
import { command, RECV_ADDRESS, RECV_COUNT, raw, SEND_ADDRESS } from './command.ts';

/**
 * Hints for MPI (`MPI_Info`), such as `{ cb_nodes: '2' }`. Keys that the implementation does not know
 * are ignored.
 */
export type FileInfo = Readonly<Record<string, string>>;

/** Puts a name into the command block; returns its memory, to be kept until the call. */
export function setText(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(`${text}\0`);
  command[SEND_ADDRESS] = raw.addressOf(bytes);
  return bytes;
}

/** Throws unless it can be the name of a file. */
export function checkName(argument: string, name: string): void {
  if (typeof name !== 'string' || name === '' || name.includes('\0')) {
    throw new ArgumentTypeError(argument, 'the name of a file', name);
  }
}

/** Puts hints into the command block; returns their memory, to be kept until the call. */
export function setHints(info: FileInfo | undefined, argument: string): Uint8Array | undefined {
  command[RECV_ADDRESS] = 0;
  command[RECV_COUNT] = 0;
  if (info === undefined) return undefined;
  if (info === null || typeof info !== 'object') {
    throw new ArgumentTypeError(argument, 'an object of strings', info);
  }
  const entries = Object.entries(info);
  for (const [key, value] of entries) {
    if (key === '' || key.includes('\0')) {
      throw new ArgumentTypeError(argument, 'keys that are not empty', key);
    }
    if (typeof value !== 'string' || value.includes('\0')) {
      throw new ArgumentTypeError(`${argument}.${key}`, 'a string', value);
    }
  }
  if (entries.length === 0) return undefined;
  const bytes = new TextEncoder().encode(
    entries
      .flat()
      .map((text) => `${text}\0`)
      .join(''),
  );
  command[RECV_ADDRESS] = raw.addressOf(bytes);
  command[RECV_COUNT] = bytes.length;
  return bytes;
}

/** The hints that a call writes, which returns the bytes that it needs. */
export function takeHints(call: () => number): FileInfo {
  let bytes = new Uint8Array(4096);
  let length = 0;
  for (;;) {
    command[RECV_ADDRESS] = raw.addressOf(bytes);
    command[RECV_COUNT] = bytes.length;
    length = call();
    if (length <= bytes.length) break;
    bytes = new Uint8Array(length);
  }
  const texts = new TextDecoder().decode(bytes.subarray(0, length)).split('\0');
  const info: Record<string, string> = {};
  for (let k = 0; k + 1 < texts.length; k += 2) info[texts[k]] = texts[k + 1];
  return info;
}
