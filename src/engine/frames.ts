/** What a client outside of the job and the relay in it say to each other: frames, a header and bytes each. */
import type { UnixSocket } from './unixSocket.ts';

/** What frames are about, beside the kinds of messages (`channel.ts`), which they are, too. */
export const Frame = {
  /** Elements, that an engine is to get or has sent. */
  elements: 10,
  /** To the relay: say when elements of an engine are there. */
  ask: 11,
  /** To the client: they are. */
  ready: 12,
  /** To the relay: send so many bytes of them. */
  want: 13,
  /** To the relay: receive so many bytes of them, to nowhere. */
  drop: 14,
  /** To the relay, once: who comes, and what for; as JSON. */
  hello: 20,
  /** To the client: what was asked for, as JSON. */
  welcome: 21,
  /** To the client: why not, as JSON. */
  refused: 22,
  /** To the relay: the client ends in good order. */
  bye: 23,
} as const;

/** The header of a frame that has come; its bytes are to be read next. */
export interface FrameHeader {
  readonly kind: number;
  /** The engine's number on the channel, or 0. */
  readonly engine: number;
  /** Length of what follows, or, of frames without it, what they are about. */
  readonly bytes: number;
}

const HEADER = 16;
const BUFFER = 65_536;

/** Frames are written and read whole; a connection has one reader and one writer. */
export class FrameSocket {
  readonly #socket: UnixSocket;
  /** What has come and was not asked for yet. */
  readonly #arrived = new Uint8Array(BUFFER);
  readonly #arrivedNumbers = new DataView(this.#arrived.buffer);
  #first = 0;
  #end = 0;
  /** Header, and the head of a short message behind it. */
  readonly #leaving = new Uint8Array(BUFFER);
  readonly #leavingNumbers = new DataView(this.#leaving.buffer);
  /** Called while there is no room to write: the other end may be writing, too. */
  whileFull: (() => void) | null = null;

  constructor(socket: UnixSocket) {
    this.#socket = socket;
  }

  /** The process at the other end. */
  get pid(): number {
    return this.#socket.pid;
  }

  /**
   * Writes a frame.
   * @param parts - what follows the header
   * @param bytes - what the header says; by default the length of the first part
   */
  send(kind: number, engine: number, parts: readonly ArrayBufferView[] = [], bytes?: number): void {
    const [first, ...others] = parts;
    const length = first?.byteLength ?? 0;
    this.#leavingNumbers.setInt32(0, kind, true);
    this.#leavingNumbers.setInt32(4, engine, true);
    this.#leavingNumbers.setFloat64(8, bytes ?? length, true);
    if (first === undefined) {
      this.#write(this.#leaving, HEADER);
    } else if (HEADER + length <= BUFFER) {
      this.#leaving.set(new Uint8Array(first.buffer, first.byteOffset, length), HEADER);
      this.#write(this.#leaving, HEADER + length);
    } else {
      this.#write(this.#leaving, HEADER);
      this.#write(first, length);
    }
    for (const part of others) this.#write(part, part.byteLength);
  }

  sendJson(kind: number, value: unknown): void {
    this.send(kind, 0, [Buffer.from(JSON.stringify(value))]);
  }

  /** Writes more bytes of a frame whose header said so. */
  sendMore(bytes: ArrayBufferView): void {
    this.#write(bytes, bytes.byteLength);
  }

  /**
   * Returns the header of the next frame, if it is there.
   * @throws {@link PeerGone}
   */
  poll(): FrameHeader | null {
    if (this.#end - this.#first < HEADER) {
      this.#arrived.copyWithin(0, this.#first, this.#end);
      this.#end -= this.#first;
      this.#first = 0;
      this.#end += this.#socket.read(this.#arrived, this.#end, BUFFER - this.#end);
      if (this.#end < HEADER) return null;
    }
    const at = this.#first;
    this.#first += HEADER;
    return {
      kind: this.#arrivedNumbers.getInt32(at, true),
      engine: this.#arrivedNumbers.getInt32(at + 4, true),
      bytes: this.#arrivedNumbers.getFloat64(at + 8, true),
    };
  }

  /**
   * Reads bytes of a frame, as many as there is memory for.
   * @throws {@link PeerGone}
   */
  read(memory: ArrayBufferView): void {
    const { buffer, byteOffset, byteLength } = memory;
    const buffered = Math.min(byteLength, this.#end - this.#first);
    if (buffered > 0) {
      const bytes = this.#arrived.subarray(this.#first, this.#first + buffered);
      new Uint8Array(buffer, byteOffset, byteLength).set(bytes);
      this.#first += buffered;
    }
    for (let read = buffered; read < byteLength; ) {
      const count = this.#socket.read(memory, read, byteLength - read);
      if (count === 0) this.#socket.wait('read', 1000);
      read += count;
    }
  }

  readBytes(count: number): Uint8Array {
    const bytes = new Uint8Array(count);
    this.read(bytes);
    return bytes;
  }

  readJson(count: number): unknown {
    return JSON.parse(Buffer.from(this.readBytes(count)).toString('utf8'));
  }

  close(): void {
    this.#socket.close();
  }

  #write(memory: ArrayBufferView, bytes: number): void {
    for (let written = 0; written < bytes; ) {
      const count = this.#socket.write(memory, written, bytes - written);
      if (count === 0) {
        this.whileFull?.();
        this.#socket.wait('write', this.whileFull === null ? 1000 : 1);
      }
      written += count;
    }
  }
}
