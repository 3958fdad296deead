/** Channels between a client and engines in one process: what is sent waits in memory. */
import { type Channel, CLIENT, type Incoming, type Kind } from '../../src/engine/channel.ts';
import { type Decoder, decode, type Encoded } from '../../src/mpi/objects/encoding.ts';

interface Sent {
  readonly from: number;
  readonly kind: Kind;
  readonly encoded: Encoded;
}

/** One end; see {@link memoryChannels}. */
export class MemoryChannel implements Channel {
  readonly number: number;
  readonly engines: number;
  readonly isGone = false;
  readonly #all: readonly MemoryChannel[];
  readonly #messages: Sent[] = [];
  /** By sender. */
  readonly #elements = new Map<number, Uint8Array[]>();
  isClosed = false;
  /** Called when there is no message: what else may go on meanwhile. */
  onIdle: () => void = () => {};

  constructor(number: number, engines: number, all: readonly MemoryChannel[]) {
    this.number = number;
    this.engines = engines;
    this.#all = all;
  }

  send(to: number, kind: Kind, { head, parts }: Encoded): void {
    const encoded = { head: head.slice(), parts: parts.map((part) => part.slice()) };
    this.#all[to].#messages.push({ from: this.number, kind, encoded });
  }

  poll(): Incoming | null {
    if (this.#messages.length === 0) this.onIdle();
    const sent = this.#messages.shift();
    if (sent === undefined) return null;
    const decoder = decode(sent.encoded.head) as Decoder;
    decoder.parts.forEach((part, k) => {
      part.set(sent.encoded.parts[k]);
    });
    return { ...sent, read: () => decoder.finish() };
  }

  sendElements(to: number, { buffer, byteOffset, byteLength }: ArrayBufferView): void {
    const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
    this.#all[to].#from(this.number).push(bytes);
  }

  receiveElements(
    from: number,
    elements: ArrayBufferView,
    whileWaiting?: (received: number) => void,
  ): void {
    const { buffer, byteOffset, byteLength } = elements;
    while (!this.hasElements(from)) {
      if (whileWaiting === undefined) throw new Error(`nothing of ${from} is there`);
      whileWaiting(0);
    }
    const bytes = this.#from(from).shift() as Uint8Array;
    if (bytes.length !== byteLength) throw new Error(`${bytes.length} bytes, not ${byteLength}`);
    new Uint8Array(buffer, byteOffset, byteLength).set(bytes);
  }

  dropElements(from: number, bytes: number): void {
    this.receiveElements(from, new Uint8Array(bytes));
  }

  hasElements(from: number): boolean {
    return this.#from(from).length > 0;
  }

  /** Number of messages and of pieces of elements that nobody has taken. */
  get left(): number {
    return [...this.#elements.values()].reduce(
      (sum, { length }) => sum + length,
      this.#messages.length,
    );
  }

  close(): void {
    this.isClosed = true;
  }

  #from(number: number): Uint8Array[] {
    const found = this.#elements.get(number);
    if (found !== undefined) return found;
    const made: Uint8Array[] = [];
    this.#elements.set(number, made);
    return made;
  }
}

/** Returns the ends of the client ({@link CLIENT}) and of so many engines. */
export function memoryChannels(engines: number): readonly MemoryChannel[] {
  const all: MemoryChannel[] = [];
  for (let number = CLIENT; number <= engines; number++) {
    all.push(new MemoryChannel(number, engines, all));
  }
  return all;
}
