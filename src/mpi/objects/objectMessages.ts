/** Values from one rank to another. */
import { ANY_SOURCE, ANY_TAG, PROC_NULL } from '../environment.ts';
import { classError } from '../errors.ts';
import { PersistentCollectives } from '../persistentCollectives.ts';
import type { ProbeOptions, RecvOptions, SendOptions } from '../pointToPoint.ts';
import type { Request } from '../request.ts';
import { Status } from '../status.ts';
import { type Decoder, decode, type Encoded, encode } from './encoding.ts';
import {
  type Activity,
  allComplete,
  begin,
  giveUp,
  isBusy,
  ObjectRequest,
  slices,
} from './objectRequest.ts';

/** A value that came, and from where. */
export interface ReceivedObject<T = unknown> {
  readonly value: T;
  /** Sender, tag, and the bytes of the value as it travelled. */
  readonly status: Status;
}

/** Options of {@link ObjectMessages.sendrecvObject}. */
export interface SendrecvObjectOptions {
  /** Default 0. */
  readonly sendTag?: number;
  /** Default `ANY_TAG`. */
  readonly recvTag?: number;
}

/**
 * Communicators that pass values: whatever structured clone can copy (plain objects, arrays, typed
 * arrays, Map, Set, Date, RegExp, Error, bigint, cycles, …), and instances of classes that were
 * registered (`MPI.registerClass`).
 *
 * @remarks A value travels as a message that describes it, and further ones of the same tag for the
 * memory of its large arrays. Receive it with the methods here, never as a buffer.
 */
export abstract class ObjectMessages extends PersistentCollectives {
  /**
   * Sends a value; comes back when it may be changed again.
   * @param value what structured clone can copy; typed arrays are sent from where they lie, the part
   * that the views in the value show
   * @param dest rank of the receiver, or `PROC_NULL`
   * @throws {@link ArgumentTypeError} that names the path of what cannot be sent, such as
   * `value.options.callback`, before anything is sent; {@link ArgumentRangeError}, {@link MPIError}
   */
  sendObject(value: unknown, dest: number, options?: SendOptions): void {
    this.sendEncoded(encode(value, 'value'), dest, options);
  }

  /**
   * Sends a value and comes back when it is being received (as `MPI_Ssend`). See {@link sendObject}.
   */
  ssendObject(value: unknown, dest: number, options?: SendOptions): void {
    this.issendObject(value, dest, options).wait();
  }

  /** Starts to send a value; complete when it is being received (as `MPI_Issend`). */
  issendObject(value: unknown, dest: number, options?: SendOptions): ObjectRequest<void> {
    return this.startEncoded(encode(value, 'value'), dest, options, true);
  }

  /** Starts to send a value; do not change its typed arrays meanwhile. See {@link sendObject}. */
  isendObject(value: unknown, dest: number, options?: SendOptions): ObjectRequest<void> {
    return this.startEncoded(encode(value, 'value'), dest, options);
  }

  /**
   * Receives a value and returns it, of whatever size it is. The memory of arrays from 4 MiB on is
   * that of `MPI.allocMem`: it lies on huge pages, cannot be transferred to another thread, and
   * `MPI.freeMem` makes it free for the next value at once.
   * @param source rank of the sender; default `ANY_SOURCE`
   * @throws {@link ArgumentRangeError}; {@link MPIError} `MPI_ERR_TYPE` when a buffer came; what
   * `deserialize` of a registered class throws
   */
  recvObject<T = unknown>(source: number = ANY_SOURCE, options?: RecvOptions): T {
    return this.recvObjectStatus<T>(source, options).value;
  }

  /** Receives a value and returns it with its status. See {@link recvObject}. */
  recvObjectStatus<T = unknown>(
    source: number = ANY_SOURCE,
    options?: RecvOptions,
  ): ReceivedObject<T> {
    if (isBusy()) return this.startReceive<T>(source, options).wait();
    const arrival = new Arrival(this, this.probe({ source, tag: options?.tag }));
    return arrival.wait() as ReceivedObject<T>;
  }

  /**
   * Starts to receive a value, the result of the request. Receives of values match messages in the
   * order in which they were started. See {@link recvObject}.
   */
  irecvObject<T = unknown>(source: number = ANY_SOURCE, options?: RecvOptions): ObjectRequest<T> {
    const receive = this.startReceiving(source, options);
    const look = (): { readonly value: T } | undefined => receive.look() as ReceivedObject<T>;
    return new ObjectRequest('irecvObject', look, () => receive.cancel());
  }

  /**
   * Sends one value and receives another at the same time, which it returns.
   * @param source rank of the sender; default `ANY_SOURCE`
   */
  sendrecvObject<T = unknown>(
    value: unknown,
    dest: number,
    source: number = ANY_SOURCE,
    options?: SendrecvObjectOptions,
  ): T {
    const encoded = encode(value, 'value');
    const coming = this.irecvObject<T>(source, { tag: options?.recvTag });
    try {
      this.startEncoded(encoded, dest, { tag: options?.sendTag }).wait();
    } catch (error) {
      coming.cancel();
      throw error;
    }
    return coming.wait();
  }

  /** @internal */
  protected sendEncoded(encoded: Encoded, dest: number, options?: SendOptions): void {
    if (isBusy()) {
      this.startEncoded(encoded, dest, options).wait();
      return;
    }
    this.send(encoded.head, dest, options);
    for (const part of encoded.parts) {
      for (const slice of slices(part)) this.send(slice, dest, options);
    }
  }

  /** @internal */
  protected startEncoded(
    { head, parts }: Encoded,
    dest: number,
    options?: SendOptions,
    synchronous = false,
  ): ObjectRequest<void> {
    // Once the head is received, so is the rest.
    const requests = [
      synchronous ? this.issend(head, dest, options) : this.isend(head, dest, options),
    ];
    for (const part of parts) {
      for (const slice of slices(part)) requests.push(this.isend(slice, dest, options));
    }
    const look = () => (allComplete(requests) ? { value: undefined } : undefined);
    return new ObjectRequest<void>('isendObject', look, () => false);
  }

  private startReceive<T>(source: number, options?: RecvOptions): ObjectRequest<ReceivedObject<T>> {
    const receive = this.startReceiving(source, options);
    const look = (): { readonly value: ReceivedObject<T> } | undefined => {
      const received = receive.look() as ReceivedObject<T> | undefined;
      return received && { value: received };
    };
    return new ObjectRequest('recvObject', look, () => receive.cancel());
  }

  private startReceiving(source: number, options?: RecvOptions): Receive {
    const pattern = { source, tag: options?.tag ?? ANY_TAG };
    // Looks at the arguments, too.
    this.iprobe(pattern);
    const receive = new Receive(this, pattern);
    begin(receive);
    return receive;
  }
}

/** What comes from `PROC_NULL`. */
const nothing: Decoder = { parts: [], finish: () => undefined };

/** A message whose head is there: takes it and makes room for the parts. */
class Arrival {
  private readonly decoder: Decoder;
  private readonly requests: Request[] = [];
  private readonly status: Status;

  constructor(comm: ObjectMessages, { source, tag, count }: Status) {
    this.status = new Status(source, tag, 0, 0);
    if (source === PROC_NULL) {
      this.decoder = nothing;
      return;
    }
    const message = comm.mprobe({ source, tag });
    const head = new Uint8Array(count);
    message.recv(head);
    const decoder = decode(head);
    if (decoder === undefined) {
      throw classError(
        'recvObject',
        'MPI_ERR_TYPE',
        `a buffer of ${count} bytes came from rank ${source} with tag ${tag}, not a value; ` +
          'receive with recv() what was sent with send()',
      );
    }
    this.decoder = decoder;
    let bytes = count;
    // At once, so that no other receive can match the parts.
    for (const part of decoder.parts) {
      bytes += part.byteLength;
      for (const slice of slices(part)) this.requests.push(comm.irecv(slice, source, { tag }));
    }
    this.status = new Status(source, tag, bytes, bytes);
  }

  /** The value when all parts are there. */
  look(): ReceivedObject | undefined {
    return allComplete(this.requests) ? this.finish() : undefined;
  }

  wait(): ReceivedObject {
    for (const request of this.requests) request.wait();
    return this.finish();
  }

  private finish(): ReceivedObject {
    return { value: this.decoder.finish(), status: this.status };
  }
}

/** Receives that no message has matched yet, in the order in which they were started. */
const unmatched = new Set<Receive>();

/** A receive that was started. */
class Receive implements Activity {
  private readonly comm: ObjectMessages;
  private readonly pattern: Required<ProbeOptions>;
  private arrival: Arrival | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(comm: ObjectMessages, pattern: Required<ProbeOptions>) {
    this.comm = comm;
    this.pattern = pattern;
    unmatched.add(this);
  }

  /** Matches what has come. What a receive that was started before this one accepts is that one's. */
  advance(): boolean {
    try {
      while (unmatched.has(this)) {
        const status = this.comm.iprobe(this.pattern);
        if (status === null) return false;
        this.firstThatAccepts(status).match();
      }
    } catch (error) {
      this.fail(error);
    }
    return true;
  }

  look(): ReceivedObject | undefined {
    if (this.failure !== undefined) throw this.failure.error;
    return this.arrival?.look();
  }

  /** Gives it up when nothing has matched. */
  cancel(): boolean {
    giveUp(this);
    return unmatched.delete(this);
  }

  private firstThatAccepts({ source, tag }: Status): Receive {
    for (const other of unmatched) {
      if (other.comm !== this.comm) continue;
      const { pattern } = other;
      const fits = pattern.source === ANY_SOURCE || pattern.source === source;
      if (fits && (pattern.tag === ANY_TAG || pattern.tag === tag)) return other;
    }
    return this;
  }

  /** Takes the message that is first for this receive. */
  private match(): void {
    const status = this.comm.iprobe(this.pattern);
    if (status === null) return;
    unmatched.delete(this);
    try {
      this.arrival = new Arrival(this.comm, status);
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    unmatched.delete(this);
    this.failure = { error };
  }
}
