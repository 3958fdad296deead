/** What the addon has for clients and engines: native/session/. */
export interface RawSession {
  /**
   * Begins to count interrupts (SIGINT) instead of ending at one. Returns their number and, for the caller to write, how
   * many of them it has looked at: a second one within 2 s when nobody has looked ends the process. Handlers that were
   * there before are still called.
   */
  watchInterrupts(): Int32Array;
  /** Gives SIGINT back. */
  unwatchInterrupts(): void;
  /** Watches an object under a number, without keeping it. */
  watchObject(object: object, number: number): void;
  forgetObject(number: number): void;
  /** Returns, once, the numbers of objects that were collected. */
  takeGoneObjects(): number[];
  /** Returns what refers to an object without keeping it. */
  weakReference(target: object): object;
  /** Returns the object of a reference; undefined once it was collected. */
  weakTarget(reference: object): object | undefined;
  /** Sleeps for so many microseconds; with 0 lets another process have the core. */
  pauseFor(micros: number): void;
  /** Returns a socket that listens at a path; as all of these, or minus an error number. */
  socketListen(path: string): number;
  /** Returns a connection to a socket that listens; -EAGAIN when nobody wants one. */
  socketAccept(listening: number): number;
  socketConnect(path: string): number;
  /** Returns an error number or 0, and process and user at the other end. */
  socketPeer(connection: number): [error: number, pid: number, uid: number];
  /** Returns how many bytes came; 0 when the other end is closed, -EAGAIN when there is nothing now. */
  socketRead(connection: number, view: ArrayBufferView, offset: number, bytes: number): number;
  socketWrite(connection: number, view: ArrayBufferView, offset: number, bytes: number): number;
  /** Returns 1 when something can be read or written, 0 when the time is over. */
  socketWait(descriptor: number, writable: boolean, milliseconds: number): number;
  socketClose(descriptor: number): number;
  /** Returns the exit code of a child process, 128 + n after signal n, -1 while it runs, -2 when there is none. */
  childState(pid: number): number;
}
