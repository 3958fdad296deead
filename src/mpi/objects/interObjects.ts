/** Collective communication of values between two groups. */
import { ArgumentTypeError } from '../../errors.ts';
import { BaseComm } from '../baseComm.ts';
import type { RootOptions } from '../collectives.ts';
import { COMM, command, OUTPUT, RESULT, raw } from '../command.ts';
import { PROC_NULL, ROOT } from '../environment.ts';
import { commandError } from '../errors.ts';
import { type Encoded, encode, encodeFailure } from './encoding.ts';
import { Channel, type Combine, madeOr } from './objectCollectives.ts';

/**
 * Intercommunicators with collective operations on values. Roots are as in those on buffers: the root
 * gives `MPI.ROOT`, the rest of its group `MPI.PROC_NULL`, and the other group the root's rank.
 *
 * @remarks When a value cannot be sent, all ranks that would get it throw. The first of these calls on
 * a communicator makes a private duplicate of it.
 */
export abstract class InterObjects extends BaseComm {
  private channel: InterChannel | undefined;

  /**
   * Returns the root's value on every rank of the other group; on the root its own, and undefined on
   * the rest of its group.
   * @param value counts on the root only
   * @remarks Collective, on both sides.
   */
  bcastObject<T>(value?: T, options?: RootOptions): T | undefined {
    const root = this.root(options);
    const channel = this.privateChannel();
    if (root === PROC_NULL) return undefined;
    if (root !== ROOT) return channel.recvObject<T>(root);
    channel.tell(() => encode(value, 'value'));
    return value;
  }

  /**
   * Returns the values of the other group, in rank order, on the root; undefined elsewhere.
   * @param value counts in the other group only
   * @remarks Collective, on both sides.
   */
  gatherObjects<T>(value?: T, options?: RootOptions): T[] | undefined {
    const root = this.root(options);
    const channel = this.privateChannel();
    if (root === PROC_NULL) return undefined;
    if (root === ROOT) return channel.receive() as T[];
    channel.tell(() => encode(value, 'value'), root);
    return undefined;
  }

  /**
   * Hands each rank of the other group its value of the root's array, which it returns; undefined in
   * the root's group.
   * @param values a value for each rank of the other group, on the root
   * @remarks Collective, on both sides.
   */
  scatterObjects<T>(values?: readonly T[] | null, options?: RootOptions): T | undefined {
    const root = this.root(options);
    const channel = this.privateChannel();
    if (root === PROC_NULL) return undefined;
    if (root !== ROOT) return channel.recvObject<T>(root);
    channel.tellEach(() => this.encodeForPartners(values));
    return undefined;
  }

  /** Returns the values of the other group, in rank order. @remarks Collective, on both sides. */
  allgatherObjects<T>(value: T): T[] {
    const channel = this.privateChannel();
    return channel.exchangeMade(() => {
      const encoded = encode(value, 'value');
      return Array.from({ length: this.partnerCount }, () => encoded);
    }) as T[];
  }

  /**
   * Sends a value to every rank of the other group and returns those that came, in rank order.
   * @param values a value for each rank of the other group
   * @remarks Collective, on both sides.
   */
  alltoallObjects<T>(values: readonly T[]): T[] {
    return this.privateChannel().exchangeMade(() => this.encodeForPartners(values)) as T[];
  }

  /**
   * Returns the values of the other group combined from left to right, in rank order, on the root;
   * undefined elsewhere.
   * @param combine is called on the root only
   * @remarks Collective, on both sides.
   */
  reduceObjects<T>(
    value: T | undefined,
    combine: Combine<T>,
    options?: RootOptions,
  ): T | undefined {
    checkCombine(combine);
    return this.gatherObjects<T>(value as T, options)?.reduce((l, r) => combine(l, r));
  }

  /**
   * Returns the values of the other group combined from left to right, in rank order.
   * @param combine is called on every rank
   * @remarks Collective, on both sides.
   */
  allreduceObjects<T>(value: T, combine: Combine<T>): T {
    checkCombine(combine);
    return this.allgatherObjects(value).reduce((l, r) => combine(l, r));
  }

  /** Frees what these calls keep. @internal */
  protected override freed(): void {
    const { channel } = this;
    this.channel = undefined;
    channel?.free();
  }

  private privateChannel(): InterChannel {
    if (this.channel !== undefined && this.handle !== 0) return this.channel;
    command[COMM] = this.handle;
    raw.dup();
    if (command[RESULT] !== 0) throw commandError('MPI_Comm_dup');
    this.channel = new InterChannel(command[OUTPUT]);
    this.channel.partnerCount = this.partnerCount;
    return this.channel;
  }

  private encodeForPartners(values: readonly unknown[] | null | undefined): Encoded[] {
    if (!Array.isArray(values) || values.length !== this.partnerCount) {
      const received = Array.isArray(values) ? `${values.length} values` : values;
      throw new ArgumentTypeError('values', `an array of ${this.partnerCount} values`, received);
    }
    return values.map((value, rank) => encode(value, `values[${rank}]`));
  }
}

/** The private duplicate of an intercommunicator. */
class InterChannel extends Channel {
  /** Sends one value to a rank, or to all. When it cannot be made, that is told before it throws. */
  tell(make: () => Encoded, dest?: number): void {
    const to = (encoded: Encoded) => this.sendTo(encoded, dest);
    to(madeOr(make, to));
  }

  /** Sends each rank a value of its own. */
  tellEach(make: () => Encoded[]): void {
    const encoded = madeOr(make, (failure) => this.sendTo(failure, undefined));
    const requests = encoded.map((each, rank) => this.startEncoded(each, rank));
    for (const request of requests) request.wait();
  }

  /** The values of all ranks of the other group. */
  receive(): unknown[] {
    return this.receiveFrom(this.partnerCount, (rank) => this.recvObject(rank));
  }

  /** Sends each rank a value of its own, and returns theirs. */
  exchangeMade(make: () => Encoded[]): unknown[] {
    let failure: { readonly error: unknown } | undefined;
    let encoded: Encoded[];
    try {
      encoded = make();
    } catch (error) {
      // No value of the others may stay behind for the next call.
      failure = { error };
      const told = encodeFailure(error);
      encoded = Array.from({ length: this.partnerCount }, () => told);
    }
    const requests = encoded.map((each, rank) => this.startEncoded(each, rank));
    try {
      return this.receive();
    } finally {
      for (const request of requests) request.wait();
      // biome-ignore lint/correctness/noUnsafeFinally: what happened here comes before what came
      if (failure !== undefined) throw failure.error;
    }
  }

  private sendTo(encoded: Encoded, dest: number | undefined): void {
    const ranks = dest === undefined ? [...Array(this.partnerCount).keys()] : [dest];
    const requests = ranks.map((rank) => this.startEncoded(encoded, rank));
    for (const request of requests) request.wait();
  }
}

function checkCombine(combine: unknown): void {
  if (typeof combine === 'function') return;
  throw new ArgumentTypeError('combine', 'a function of two values', combine);
}
