/** Collective communication of values. Every process of the communicator calls, in the same order. */
import { ArgumentTypeError, DistArrayError } from '../../errors.ts';
import { agree } from '../agreement.ts';
import { BaseComm } from '../baseComm.ts';
import type { RootOptions } from '../collectives.ts';
import { COMM, command, OUTPUT, RESULT, raw } from '../command.ts';
import { commandError } from '../errors.ts';
import { decode, type Encoded, encode, encodeFailure } from './encoding.ts';
import { ObjectMessages } from './objectMessages.ts';
import { slices } from './objectRequest.ts';

/** Combines the values of two ranks, the lower rank's first. */
export type Combine<T> = (left: T, right: T) => T;

/** Heads up to this length travel with their length, in one broadcast. */
const FIRST_BYTES = 1024;
const LENGTH_BYTES = 8;

/**
 * Communicators with collective operations on values.
 *
 * @remarks What a rank gets is a copy, of its own value too, except from
 * `bcastObject` on the root and from reductions. When a value cannot be sent, all
 * ranks that would get it throw. The first of these calls on a communicator makes a private duplicate
 * of it, so that values and messages do not meet.
 */
export abstract class ObjectCollectives extends BaseComm {
  private channel: Channel | undefined;

  /**
   * Returns the root's value on every rank.
   * @param value counts on the root only
   * @remarks Collective.
   * @throws on every rank when it cannot be sent: on the root {@link ArgumentTypeError}, elsewhere
   * {@link DistArrayError} with the same code and message
   */
  bcastObject<T>(value: T, options?: RootOptions): T {
    const root = this.root(options);
    if (this.processRank !== root) return this.spread(undefined, root) as T;
    this.spread(
      madeOr(
        () => encode(value, 'value'),
        (failure) => this.spread(failure, root),
      ),
      root,
    );
    return value;
  }

  /**
   * Returns the values of all ranks, in rank order, on the root; undefined elsewhere.
   * @remarks Collective.
   * @throws on every rank alike when a value cannot be sent
   */
  gatherObjects<T>(value: T, options?: RootOptions): T[] | undefined {
    const root = this.root(options);
    const encoded = this.agreed(() => encode(value, 'value'));
    if (this.processRank === root) return this.privateChannel().collect(encoded) as T[];
    this.privateChannel().deliver(encoded, root);
    return undefined;
  }

  /**
   * Hands each rank its value of the root's array, which it returns.
   * @param values a value for each rank, on the root; elsewhere nothing or null
   * @remarks Collective.
   * @throws on every rank alike when a value cannot be sent
   */
  scatterObjects<T>(values?: readonly T[] | null, options?: RootOptions): T {
    const root = this.root(options);
    const channel = this.privateChannel();
    if (this.processRank !== root) return channel.recvObject<T>(root);
    const encoded = madeOr(
      () => this.encodeEach(values),
      (failure) => channel.distribute(this.forEach(failure)),
    );
    return channel.distribute(encoded) as T;
  }

  /**
   * Returns the values of all ranks, in rank order, on every rank.
   * @remarks Collective.
   * @throws on every rank alike when a value cannot be sent
   */
  allgatherObjects<T>(value: T): T[] {
    const encoded = this.agreed(() => encode(value, 'value'));
    return this.privateChannel().exchange(this.forEach(encoded)) as T[];
  }

  /**
   * Sends a value to every rank and returns those that came, in rank order.
   * @param values a value for each rank
   * @remarks Collective.
   * @throws on every rank alike when a value cannot be sent
   */
  alltoallObjects<T>(values: readonly T[]): T[] {
    const encoded = this.agreed(() => this.encodeEach(values));
    return this.privateChannel().exchange(encoded) as T[];
  }

  /**
   * Returns the values of all ranks combined from left to right, in rank order, on the root;
   * undefined elsewhere.
   * @param combine is called on the root only
   * @remarks Collective.
   */
  reduceObjects<T>(value: T, combine: Combine<T>, options?: RootOptions): T | undefined {
    return this.gatherForCombining(value, combine, options)?.reduce((l, r) => combine(l, r));
  }

  /**
   * Returns the values of all ranks combined from left to right, in rank order, on every rank.
   * @param combine is called on rank 0 only; when it throws, all throw
   * @remarks Collective.
   */
  allreduceObjects<T>(value: T, combine: Combine<T>): T {
    const values = this.gatherForCombining(value, combine);
    if (values === undefined) return this.spread(undefined, 0) as T;
    const [result, encoded] = madeOr(
      () => {
        const combined = values.reduce((l, r) => combine(l, r));
        return [combined, encode(combined, 'combine()')];
      },
      (failure) => this.spread(failure, 0),
    );
    this.spread(encoded, 0);
    return result;
  }

  /**
   * Returns the values of the ranks up to this one combined from left to right.
   * @param combine is called on rank 0 only; when it throws, all throw
   * @remarks Collective.
   */
  scanObjects<T>(value: T, combine: Combine<T>): T {
    return this.scatterPrefixes(value, combine, (all) => all) as T;
  }

  /**
   * Returns the values of the ranks before this one combined from left to right; undefined on rank 0.
   * @param combine is called on rank 0 only; when it throws, all throw
   * @remarks Collective.
   */
  exscanObjects<T>(value: T, combine: Combine<T>): T | undefined {
    return this.scatterPrefixes(value, combine, (all) => [
      encode(undefined, 'value'),
      ...all.slice(0, -1),
    ]);
  }

  /** Frees what these calls keep. @internal */
  protected override freed(): void {
    const { channel } = this;
    this.channel = undefined;
    channel?.free();
  }

  private privateChannel(): Channel {
    if (this.channel !== undefined && this.handle !== 0) return this.channel;
    command[COMM] = this.handle;
    raw.dup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_dup');
    this.channel = new Channel(command[OUTPUT]);
    return this.channel;
  }

  private gatherForCombining<T>(
    value: T,
    combine: Combine<T>,
    options?: RootOptions,
  ): T[] | undefined {
    const root = this.root(options);
    const encoded = this.agreed(() => {
      if (typeof combine !== 'function') {
        throw new ArgumentTypeError('combine', 'a function of two values', combine);
      }
      return encode(value, 'value');
    });
    if (this.processRank === root) return this.privateChannel().collect(encoded) as T[];
    this.privateChannel().deliver(encoded, root);
    return undefined;
  }

  private scatterPrefixes<T>(
    value: T,
    combine: Combine<T>,
    choose: (prefixes: Encoded[]) => Encoded[],
  ): T | undefined {
    const values = this.gatherForCombining(value, combine);
    const channel = this.privateChannel();
    if (values === undefined) return channel.recvObject<T>(0);
    const encoded = madeOr(
      () => {
        let sum: T;
        const prefixes = values.map((next, rank) => {
          sum = rank === 0 ? next : combine(sum, next);
          // Copied: combine() may change its arguments.
          return snapshot(encode(sum, 'combine()'));
        });
        return choose(prefixes);
      },
      (failure) => channel.distribute(this.forEach(failure)),
    );
    return channel.distribute(encoded) as T;
  }

  /** What `make` makes, when it could on every rank; the one that could not throws its own error. */
  private agreed<E>(make: () => E): E {
    try {
      return agree(this, make);
    } catch (error) {
      if (error instanceof DistArrayError && error.cause instanceof Error) throw error.cause;
      throw error;
    }
  }

  private forEach<E>(item: E): E[] {
    return Array.from({ length: this.processCount }, () => item);
  }

  private encodeEach(values: readonly unknown[] | null | undefined): Encoded[] {
    if (!Array.isArray(values) || values.length !== this.processCount) {
      const received = Array.isArray(values) ? `${values.length} values` : values;
      throw new ArgumentTypeError('values', `an array of ${this.processCount} values`, received);
    }
    return values.map((value, rank) => encode(value, `values[${rank}]`));
  }

  /** Brings the root's value to all ranks. */
  private spread(encoded: Encoded | undefined, root: number): unknown {
    const first = new Uint8Array(FIRST_BYTES);
    const length = new DataView(first.buffer);
    const room = FIRST_BYTES - LENGTH_BYTES;
    if (encoded !== undefined) {
      length.setFloat64(0, encoded.head.byteLength, true);
      if (encoded.head.byteLength <= room) first.set(encoded.head, LENGTH_BYTES);
    }
    this.bcast(first, { root });
    const bytes = length.getFloat64(0, true);
    let head = encoded?.head ?? first.subarray(LENGTH_BYTES, LENGTH_BYTES + bytes);
    if (bytes > room) {
      head = encoded?.head ?? new Uint8Array(bytes);
      this.bcast(head, { root });
    }
    const decoder = encoded === undefined ? decode(head)! : undefined;
    for (const part of decoder?.parts ?? encoded!.parts) {
      for (const slice of slices(part)) this.bcast(slice, { root });
    }
    return decoder?.finish();
  }
}

/** The private duplicate of a communicator. @internal */
export class Channel extends ObjectMessages {
  free(): void {
    command[COMM] = this.handle;
    raw.free();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_free');
    this.handle = 0;
  }

  deliver(encoded: Encoded, root: number): void {
    this.sendEncoded(encoded, root);
  }

  /** The values of all ranks, here. */
  collect(own: Encoded): unknown[] {
    return this.receiveFrom(this.processCount, (rank) =>
      rank === this.processRank ? copyOf(own) : this.recvObject(rank),
    );
  }

  /** What all ranks have sent. @internal */
  protected receiveFrom(count: number, receive: (rank: number) => unknown): unknown[] {
    let failure: { readonly error: unknown } | undefined;
    const values = Array.from({ length: count }, (_, rank) => {
      try {
        return receive(rank);
      } catch (error) {
        // Only afterwards: no message may stay behind for the next call.
        failure ??= { error };
        return undefined;
      }
    });
    if (failure !== undefined) throw failure.error;
    return values;
  }

  /** Sends each rank its value, and returns this one's. */
  distribute(encoded: readonly Encoded[]): unknown {
    const requests = this.startAll(encoded);
    for (const request of requests) request.wait();
    return copyOf(encoded[this.processRank]);
  }

  /** Sends each rank its value, and returns those that came. */
  exchange(encoded: readonly Encoded[]): unknown[] {
    const requests = this.startAll(encoded);
    try {
      return this.collect(encoded[this.processRank]);
    } finally {
      for (const request of requests) request.wait();
    }
  }

  private startAll(encoded: readonly Encoded[]) {
    const { processRank } = this;
    return encoded.flatMap((each, rank) =>
      rank === processRank ? [] : [this.startEncoded(each, rank)],
    );
  }
}

/** What `make` returns; when it throws, the others are told before its error goes on. @internal */
export function madeOr<M>(make: () => M, tell: (failure: Encoded) => unknown): M {
  try {
    return make();
  } catch (error) {
    try {
      tell(encodeFailure(error));
    } catch {
      // What the others throw; here we have the original.
    }
    throw error;
  }
}

/** The value that another rank would get. */
function copyOf(encoded: Encoded): unknown {
  const decoder = decode(encoded.head)!;
  for (const [i, part] of decoder.parts.entries()) part.set(encoded.parts[i]);
  return decoder.finish();
}

function snapshot({ head, parts }: Encoded): Encoded {
  return { head, parts: parts.map((part) => part.slice()) };
}
