/** The channel of a client that is no process of the engines' job: a socket, and a relay in the job (`relay.ts`). */
import { DistArrayError } from '../errors.ts';
import { type Decoder, decode, type Encoded } from '../mpi/objects/encoding.ts';
import { type Channel, CLIENT, type Incoming, type Kind } from './channel.ts';
import { Frame, type FrameHeader, type FrameSocket } from './frames.ts';
import { PeerGone } from './unixSocket.ts';

/** What a channel is told of the job at its other end. */
export interface JobAtHand {
  /** Called now and then while the program waits. */
  whileWaiting(): void;
  /** Returns why the job is gone. */
  describeEnd(): string;
}

/** Milliseconds between calls of {@link JobAtHand.whileWaiting}. */
const PERIOD = 20;

/** A channel of which the client's end is outside of MPI. */
export class SocketChannel implements Channel {
  readonly number = CLIENT;
  readonly engines: number;
  readonly #socket: FrameSocket;
  readonly #job: JobAtHand;
  readonly #messages: Incoming[] = [];
  /** Engines that the relay is to tell of when they send elements, and those that do. */
  readonly #asked = new Set<number>();
  readonly #ready = new Set<number>();
  #idleLooks = 0;
  #lastPause = 0;
  #isClosed = false;
  #isGone = false;

  /** @param socket - to a relay that has said welcome */
  constructor(socket: FrameSocket, engines: number, job: JobAtHand) {
    this.#socket = socket;
    this.engines = engines;
    this.#job = job;
    // Where the relay writes as well, somebody must read.
    socket.whileFull = () => {
      while (this.#takeFrame());
    };
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  send(to: number, kind: Kind, { head, parts }: Encoded): void {
    this.#connected(() => this.#socket.send(kind, to, [head, ...parts]));
  }

  poll(): Incoming | null {
    if (this.#messages.length === 0) this.#connected(() => this.#takeFrame());
    const message = this.#messages.shift() ?? null;
    if (message === null) this.#idle();
    return message;
  }

  sendElements(to: number, elements: ArrayBufferView): void {
    this.#connected(() => this.#socket.send(Frame.elements, to, [elements]));
  }

  receiveElements(
    from: number,
    elements: ArrayBufferView,
    whileWaiting?: (received: number) => void,
  ): void {
    while (!this.hasElements(from))
      (whileWaiting ?? (() => this.#connected(() => this.#takeFrame())))(0);
    this.#connected(() => {
      this.#want(Frame.want, from, elements.byteLength);
      for (;;) {
        const frame = this.#socket.poll();
        if (frame === null) continue;
        if (frame.kind !== Frame.elements) {
          this.#take(frame);
          continue;
        }
        this.#socket.read(elements);
        return;
      }
    });
  }

  dropElements(from: number, bytes: number): void {
    if (bytes === 0) return;
    while (!this.hasElements(from)) this.#connected(() => this.#takeFrame());
    this.#connected(() => this.#want(Frame.drop, from, bytes));
  }

  hasElements(from: number): boolean {
    if (this.#ready.has(from)) return true;
    this.#connected(() => {
      if (!this.#asked.has(from)) this.#socket.send(Frame.ask, from);
      this.#asked.add(from);
      this.#takeFrame();
    });
    return this.#ready.has(from);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#socket.send(Frame.bye, 0);
    } catch {
      // It has closed its end before.
    }
    this.#socket.close();
  }

  #want(kind: number, from: number, bytes: number): void {
    this.#asked.delete(from);
    this.#ready.delete(from);
    this.#socket.send(kind, from, [], bytes);
  }

  #takeFrame(): boolean {
    const frame = this.#socket.poll();
    if (frame === null) return false;
    this.#take(frame);
    return true;
  }

  #take({ kind, engine, bytes }: FrameHeader): void {
    if (kind === Frame.ready) {
      this.#ready.add(engine);
      return;
    }
    const head = this.#socket.readBytes(bytes);
    const decoder = decode(head) as Decoder;
    for (const part of decoder.parts) this.#socket.read(part);
    this.#messages.push({
      from: engine,
      kind: kind as Kind,
      encoded: { head, parts: decoder.parts },
      read: () => decoder.finish(),
    });
  }

  #idle(): void {
    // The clock costs as much as a look.
    if (++this.#idleLooks % 32 !== 0) return;
    const now = performance.now();
    if (now - this.#lastPause < PERIOD) return;
    this.#lastPause = now;
    this.#job.whileWaiting();
  }

  #connected<T>(step: () => T): T {
    if (this.#isClosed) throw new DistArrayError('ERR_SESSION_CLOSED', 'The engines have ended');
    try {
      return step();
    } catch (error) {
      if (!(error instanceof PeerGone)) throw error;
      this.#isGone = true;
      throw new DistArrayError(
        'ERR_ENGINES_GONE',
        `The engines are gone: ${this.#job.describeEnd()}`,
      );
    }
  }
}
