/** The process of a job that stands for a client outside of it: it passes on what client and engines say. */
import { type Decoder, decode, encode } from '../mpi/objects/encoding.ts';
import { CLIENT, type Incoming, Kind } from './channel.ts';
import { Frame, type FrameHeader, FrameSocket } from './frames.ts';
import { type MpiChannel, PIECE } from './mpiChannel.ts';
import { Patience } from './patience.ts';
import { Action } from './records.ts';
import type { Hello, RelayState } from './relayTalk.ts';
import { childrenOf } from './tree.ts';
import { PeerGone, type UnixListener, type UnixSocket } from './unixSocket.ts';

/** Looks between those for somebody who wants to connect. */
const LOOKS_PER_VISIT = 32;
/** Milliseconds in which a visitor has to say what for. */
const VISIT = 10_000;

/** How a relay has come to its end. */
export type RelayEnd = 'bye' | 'stopped' | 'clientGone';

/** Somebody who has connected and not said what for. */
interface Visitor {
  readonly socket: FrameSocket;
  readonly since: number;
}

/** What a relay of engines that outlive their clients needs, and says of itself. */
export interface RelayOptions {
  readonly version: string;
  readonly flavour: string;
  /** Where clients come; null where one client has started the job, which ends with it. */
  readonly listener: UnixListener | null;
}

/** Passes on messages and elements. */
export class Relay {
  readonly #channel: MpiChannel;
  readonly #options: RelayOptions;
  readonly #started = Date.now();
  readonly #asked = new Set<number>();
  /** Memory of elements on their way. */
  readonly #piece = new Uint8Array(PIECE);
  #visitors: Visitor[] = [];
  #client: FrameSocket | null = null;
  #attached = 0;
  /** Engines that have not yet forgotten what the last client has made. */
  #unclean = 0;
  #looks = 0;
  #end: RelayEnd | null = null;

  constructor(channel: MpiChannel, options: RelayOptions) {
    this.#channel = channel;
    this.#options = options;
  }

  /** Serves one client, the one that has started the job, or, with a listener, one after the other. */
  serve(first: UnixSocket | null): RelayEnd {
    if (first !== null) this.#visit(first);
    const patience = new Patience();
    while (this.#end === null) {
      if (this.#work()) patience.reset();
      else patience.pause();
    }
    if (this.#end !== 'clientGone') this.#quit();
    this.#options.listener?.close();
    return this.#end;
  }

  /** Tells the engines to end, and ends with them. */
  #quit(): void {
    this.#tell(Action.quit);
    this.#channel.close();
  }

  #tell(action: Action, ...details: readonly unknown[]): void {
    const record = encode([0, null, action, ...details], 'record');
    for (const child of childrenOf(CLIENT, this.#channel.engines)) {
      this.#channel.send(child, Kind.record, record);
    }
  }

  /** Does what there is to do; says whether there was something. */
  #work(): boolean {
    if (this.#looks++ % LOOKS_PER_VISIT === 0) this.#receiveVisitors();
    const heard = this.#listen();
    return this.#speak() || heard;
  }

  #listen(): boolean {
    const client = this.#client;
    if (client === null) return false;
    try {
      const frame = client.poll();
      if (frame === null) return false;
      this.#take(client, frame);
    } catch (error) {
      if (!(error instanceof PeerGone)) throw error;
      this.#lose('clientGone');
    }
    return true;
  }

  #take(client: FrameSocket, { kind, engine, bytes }: FrameHeader): void {
    switch (kind) {
      case Frame.elements:
        for (let left = bytes; left > 0; left -= PIECE) {
          const piece = this.#piece.subarray(0, Math.min(left, PIECE));
          client.read(piece);
          this.#channel.sendElements(engine, piece);
        }
        return;
      case Frame.ask:
        this.#asked.add(engine);
        return;
      case Frame.want:
        client.send(Frame.elements, engine, [], bytes);
        for (let left = bytes; left > 0; left -= PIECE) {
          const piece = this.#piece.subarray(0, Math.min(left, PIECE));
          this.#channel.receiveElements(engine, piece);
          client.sendMore(piece);
        }
        return;
      case Frame.drop:
        this.#channel.dropElements(engine, bytes);
        return;
      case Frame.bye:
        this.#lose('bye');
        return;
    }
    const head = client.readBytes(bytes);
    const { parts } = decode(head) as Decoder;
    for (const part of parts) client.read(part);
    this.#channel.send(engine, kind as Kind, { head, parts });
  }

  /** Passes on what the engines say, or, when nobody listens, throws it away. */
  #speak(): boolean {
    const message = this.#channel.poll();
    if (message?.kind === Kind.control) this.#unclean--;
    const client = this.#client;
    if (client === null) {
      const hasDropped = this.#unclean > 0 && this.#channel.dropPiece();
      return message !== null || hasDropped;
    }
    try {
      if (message !== null && message.kind !== Kind.control) pass(client, message);
      for (const engine of this.#asked) {
        if (!this.#channel.hasElements(engine)) continue;
        this.#asked.delete(engine);
        client.send(Frame.ready, engine);
      }
    } catch (error) {
      if (!(error instanceof PeerGone)) throw error;
      this.#lose('clientGone');
    }
    return message !== null;
  }

  /** The client has gone; the engines forget what it has made. */
  #lose(how: 'bye' | 'clientGone'): void {
    this.#client?.close();
    this.#client = null;
    this.#asked.clear();
    if (this.#options.listener === null) {
      this.#end = how;
      return;
    }
    this.#clear();
  }

  #clear(): void {
    const { engines } = this.#channel;
    this.#unclean = engines;
    // First to each by itself: one that waits for elements of the client passes no records on.
    const gone = encode('gone', 'message');
    for (let engine = 1; engine <= engines; engine++) {
      this.#channel.send(engine, Kind.control, gone);
    }
    this.#tell(Action.reset);
  }

  #receiveVisitors(): void {
    const connection = this.#options.listener?.accept() ?? null;
    if (connection !== null) this.#visit(connection);
    if (this.#visitors.length === 0) return;
    const now = performance.now();
    this.#visitors = this.#visitors.filter(({ socket, since }) => {
      try {
        const frame = socket.poll();
        if (frame === null && now - since < VISIT) return true;
        if (frame?.kind !== Frame.hello) socket.close();
        else this.#answer(socket, socket.readJson(frame.bytes) as Hello);
      } catch {
        // It has gone, or speaks nonsense.
        socket.close();
      }
      return false;
    });
  }

  #visit(connection: UnixSocket): void {
    this.#visitors.push({ socket: new FrameSocket(connection), since: performance.now() });
  }

  #answer(socket: FrameSocket, hello: Hello): void {
    const refuse = (code: string, reason: string) => {
      socket.sendJson(Frame.refused, { code, reason });
      socket.close();
    };
    const { version, flavour } = this.#options;
    if (hello.version !== version) {
      refuse(
        'ERR_VERSION',
        `the engines are of distarray ${version}, the client of ${hello.version}`,
      );
      return;
    }
    if (hello.purpose === 'attach' || hello.purpose === 'clear') {
      if (this.#client !== null) {
        refuse('ERR_ENGINES_BUSY', `process ${this.#client.pid} is attached to them`);
        return;
      }
      if (this.#unclean > 0) {
        refuse('ERR_ENGINES_UNCLEAN', 'they still do what the last client has told them');
        return;
      }
    }
    if (hello.purpose === 'clear') this.#clear();
    if (hello.purpose === 'stop') this.#end = 'stopped';
    const state: RelayState = {
      engines: this.#channel.engines,
      flavour,
      started: this.#started,
      client: this.#client === null ? null : { pid: this.#client.pid, since: this.#attached },
      isUnclean: this.#unclean > 0,
    };
    socket.sendJson(Frame.welcome, state);
    if (hello.purpose !== 'attach') {
      socket.close();
      return;
    }
    this.#tell(Action.enter, hello.folder);
    this.#client = socket;
    this.#attached = Date.now();
    // A client that computes does not read; others may still ask how things are.
    if (this.#options.listener !== null) socket.whileFull = () => this.#receiveVisitors();
  }
}

function pass(client: FrameSocket, { from, kind, encoded: { head, parts } }: Incoming): void {
  client.send(kind, from, [head, ...parts]);
}
