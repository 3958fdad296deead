/** Channels over MPI: client and engines are processes of one job. */
import type { Comm } from '../mpi/communicator.ts';
import { type Decoder, decode, type Encoded } from '../mpi/objects/encoding.ts';
import { slices } from '../mpi/objects/objectRequest.ts';
import type { Request } from '../mpi/request.ts';
import type { Channel, Incoming, Kind } from './channel.ts';

/** Messages up to this size are not waited for: who is to receive them may be busy. Their memory is nobody else's. */
const SHORT = 2048;

/** Elements travel in pieces of this size. */
export const PIECE = 16 * 2 ** 20;

/** A channel between the processes of a communicator, of which the first is the client. */
export class MpiChannel implements Channel {
  readonly number: number;
  readonly engines: number;
  /** Where the engines are processes of the program's own job, it ends with them. */
  readonly isGone = false;
  readonly #messages: Comm;
  readonly #elements: Comm;
  readonly #waiting: Incoming[] = [];
  /** Short messages that have not left yet. */
  readonly #underWay: Request[] = [];

  /** @remarks Collective over `comm`. */
  constructor(comm: Comm) {
    this.#messages = comm.dup();
    this.#elements = comm.dup();
    this.number = comm.rank;
    this.engines = comm.size - 1;
  }

  send(to: number, kind: Kind, { head, parts }: Encoded): void {
    const options = { tag: kind };
    if (parts.length === 0 && head.length <= SHORT) {
      while (this.#underWay[0]?.test()) this.#underWay.shift();
      const request = this.#messages.isend(head, to, options);
      if (!request.test()) this.#underWay.push(request);
      return;
    }
    this.#finish(
      [head, ...parts.flatMap((part) => [...slices(part)])].map((bytes) =>
        this.#messages.isend(bytes, to, options),
      ),
    );
  }

  /** Sends a value to who may never take it: comes back at once. The memory must stay as it is. */
  sendUnwaited(to: number, kind: Kind, { head, parts }: Encoded): void {
    for (const part of [head, ...parts]) {
      for (const bytes of slices(part)) this.#messages.isend(bytes, to, { tag: kind });
    }
  }

  poll(): Incoming | null {
    return this.#waiting.shift() ?? this.#arrived();
  }

  sendElements(to: number, elements: ArrayBufferView): void {
    this.#finish([...piecesOf(bytesOf(elements))].map((bytes) => this.#elements.isend(bytes, to)));
  }

  receiveElements(
    from: number,
    elements: ArrayBufferView,
    whileWaiting?: (received: number) => void,
  ): void {
    let received = 0;
    for (const bytes of piecesOf(bytesOf(elements))) {
      if (whileWaiting !== undefined) {
        while (!this.hasElements(from)) whileWaiting(received);
      }
      this.#elements.recv(bytes, from);
      received += bytes.length;
    }
  }

  dropElements(from: number, bytes: number): void {
    const scratch = new Uint8Array(Math.min(bytes, PIECE));
    for (let left = bytes; left > 0; left -= PIECE) {
      this.#elements.recv(scratch.subarray(0, Math.min(left, PIECE)), from);
    }
  }

  /** Receives a piece of elements that nobody wants, if there is one. */
  dropPiece(): boolean {
    const found = this.#elements.iprobe();
    if (!found) return false;
    this.#elements.recv(new Uint8Array(found.count), found.source);
    return true;
  }

  hasElements(from: number): boolean {
    return this.#elements.iprobe({ source: from }) !== null;
  }

  close(): void {
    this.#finish(this.#underWay);
    this.#messages.free();
    this.#elements.free();
  }

  /** Waits for sends; who is to receive them may be sending, too. */
  #finish(requests: readonly Request[]): void {
    for (const request of requests) {
      while (!request.test()) {
        const message = this.#arrived();
        if (message !== null) this.#waiting.push(message);
      }
    }
  }

  #arrived(): Incoming | null {
    const found = this.#messages.iprobe();
    if (!found) return null;
    const { source, tag, count } = found;
    const head = new Uint8Array(count);
    this.#messages.recv(head, source, { tag });
    const decoder = decode(head) as Decoder;
    for (const part of decoder.parts) {
      for (const bytes of slices(part)) this.#messages.recv(bytes, source, { tag });
    }
    return {
      from: source,
      kind: tag as Kind,
      encoded: { head, parts: decoder.parts },
      read: () => decoder.finish(),
    };
  }
}

function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
