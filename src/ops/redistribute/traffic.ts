/** How much a redistribution sends: counted, and predicted. */
import { ArgumentTypeError, checkInteger } from '../../errors.ts';
import type { Message, Plan } from './plan.ts';

/** Messages and bytes that a process has sent. Pass one to several operations to add them up. */
export class Traffic {
  /** Messages sent; long ones travel as several. */
  messages = 0;
  /** Bytes sent. */
  bytes = 0;

  /** Counts one more message, or several of so many bytes together. @internal */
  count(bytes: number, messages = 1): void {
    this.messages += messages;
    this.bytes += bytes;
  }
}

/** Bytes of staging memory that an exchange may use by default, messages out and in together: 64 MiB. */
export const DEFAULT_STAGING_BYTES = 64 * 2 ** 20;

/** Least staging memory: two messages of 4 KiB. */
export const LEAST_STAGING_BYTES = 8192;

/** Longest part of a message: small enough that it stays in a cache between packing and sending. */
const LONGEST_PART = 2 ** 20;

/** Returns the elements of the parts that long messages travel in; the same on all processes. */
export function elementsPerPart(itemsize: number, stagingBytes: number): number {
  const bytes = Math.min(LONGEST_PART, Math.floor(stagingBytes / 2));
  return Math.max(1, Math.floor(bytes / itemsize));
}

/** Returns what a plan sends. */
export function trafficOf(plan: Plan, itemsize: number, stagingBytes: number): Traffic {
  const part = elementsPerPart(itemsize, stagingBytes);
  const traffic = new Traffic();
  for (const { size } of plan.sends) {
    traffic.messages += Math.ceil(size / part);
    traffic.bytes += size * itemsize;
  }
  return traffic;
}

/** A part of a message. */
export interface MessagePart {
  readonly message: Message;
  /** Its first element in the message. */
  readonly first: number;
  /** Number of elements. */
  readonly count: number;
}

/** Returns the parts that messages travel in, one after the other. */
export function* partsOf(messages: readonly Message[], most: number): Generator<MessagePart> {
  for (const message of messages) {
    for (let first = 0; first < message.size; first += most) {
      yield { message, first, count: Math.min(most, message.size - first) };
    }
  }
}

/** Checks an option that says how much staging memory there may be. */
export function checkStagingBytes(value: unknown, argument: string): asserts value is number {
  if (typeof value !== 'number') throw new ArgumentTypeError(argument, 'a number of bytes', value);
  checkInteger(argument, value, LEAST_STAGING_BYTES);
}
