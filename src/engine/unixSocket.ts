/** Unix sockets that are used without the event loop. */
import { getSystemErrorName } from 'node:util';
import { DistArrayError } from '../errors.ts';
import { loadNative } from '../native.ts';

/** Linux and macOS name no longer paths. */
export const LONGEST_SOCKET_PATH = 103;

const EAGAIN = process.platform === 'darwin' ? -35 : -11;
const EPIPE = -32;

/** The other end is closed: its process has ended, or does not want to go on. */
export class PeerGone extends Error {
  constructor() {
    super('The other end of the connection is closed');
    this.name = 'PeerGone';
  }
}

/** A connection to a process of the same user on this host. */
export class UnixSocket {
  readonly #descriptor: number;
  readonly #session = loadNative().session;
  #isClosed = false;

  /** @throws {@link DistArrayError} `ERR_CONNECTION` when another user is at the other end */
  constructor(descriptor: number) {
    this.#descriptor = descriptor;
    const [error, , uid] = this.#session.socketPeer(descriptor);
    const own = process.getuid?.();
    if (error === 0 && (own === undefined || uid === own)) return;
    this.close();
    const what = error === 0 ? `belongs to user ${uid}` : `cannot be identified (${nameOf(error)})`;
    throw new DistArrayError('ERR_CONNECTION', `The process at the other end ${what}`);
  }

  /**
   * Returns a connection to a listener.
   * @throws an error with the system's code, such as `ENOENT` or `ECONNREFUSED`
   */
  static connect(path: string): UnixSocket {
    return new UnixSocket(checked(loadNative().session.socketConnect(path), `connect to ${path}`));
  }

  /** The process at the other end. */
  get pid(): number {
    return this.#session.socketPeer(this.#descriptor)[1];
  }

  /**
   * Reads what is there, and returns how many bytes that were.
   * @throws {@link PeerGone}
   */
  read(memory: ArrayBufferView, offset: number, bytes: number): number {
    if (this.#isClosed) throw new PeerGone();
    const count = this.#session.socketRead(this.#descriptor, memory, offset, bytes);
    if (count > 0) return count;
    if (count === EAGAIN) return 0;
    if (count === 0) throw new PeerGone();
    return checked(count, 'read');
  }

  /**
   * Writes what there is room for, and returns how many bytes that were.
   * @throws {@link PeerGone}
   */
  write(memory: ArrayBufferView, offset: number, bytes: number): number {
    if (this.#isClosed) throw new PeerGone();
    const count = this.#session.socketWrite(this.#descriptor, memory, offset, bytes);
    if (count >= 0) return count;
    if (count === EAGAIN) return 0;
    if (count === EPIPE) throw new PeerGone();
    return checked(count, 'write');
  }

  /** Waits until there is something to read, or room to write. */
  wait(what: 'read' | 'write', milliseconds: number): boolean {
    return this.#session.socketWait(this.#descriptor, what === 'write', milliseconds) === 1;
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#session.socketClose(this.#descriptor);
  }
}

/** A socket that others connect to. */
export class UnixListener {
  readonly #descriptor: number;
  readonly #session = loadNative().session;

  /** @param path - in a folder that only this user may enter; nothing may be there yet */
  constructor(path: string) {
    this.#descriptor = checked(this.#session.socketListen(path), `listen at ${path}`);
  }

  /** Returns a connection that somebody of this user wants, if there is one. */
  accept(): UnixSocket | null {
    const descriptor = this.#session.socketAccept(this.#descriptor);
    if (descriptor < 0) return null;
    try {
      return new UnixSocket(descriptor);
    } catch {
      return null;
    }
  }

  close(): void {
    this.#session.socketClose(this.#descriptor);
  }
}

function nameOf(error: number): string {
  return getSystemErrorName(error);
}

function checked(result: number, what: string): number {
  if (result >= 0) return result;
  const code = nameOf(result);
  throw Object.assign(new Error(`Cannot ${what}: ${code}`), { code });
}
