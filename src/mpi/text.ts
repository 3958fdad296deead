/** Texts for the command block: UTF-8, each ended by a NUL, one after the other. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { command, OUTPUT, RECV_ADDRESS, RECV_COUNT, raw } from './command.ts';
import { keep } from './keep.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Returns the address of the texts, for the command block; good for the next command. */
export function addressOfTexts(...texts: readonly string[]): number {
  return raw.addressOf(keep(encoder.encode(texts.map((text) => `${text}\0`).join(''))));
}

/** Throws unless `text` is a text that C can hold. */
export function checkText(argument: string, text: unknown): asserts text is string {
  if (typeof text !== 'string') throw new ArgumentTypeError(argument, 'a string', text);
  if (text.includes('\0')) throw new ArgumentRangeError(argument, 'a string without NUL', text);
}

/**
 * Returns the texts that a command leaves at `RECV_ADDRESS`, after which `OUTPUT` says how many
 * bytes it has needed; it is called again when the room was too small.
 * @param run sets the command's other arguments, calls it, and throws when it fails
 */
export function readTexts(run: () => void): string[] {
  for (let capacity = 4096; ; capacity = command[OUTPUT]) {
    const bytes = new Uint8Array(capacity);
    command[RECV_ADDRESS] = raw.addressOf(bytes);
    command[RECV_COUNT] = capacity;
    run();
    const needed = command[OUTPUT];
    if (needed <= capacity) {
      return decoder.decode(bytes.subarray(0, needed)).split('\0').slice(0, -1);
    }
  }
}
