/** What the addon has for clients and engines: native/session/. */
export interface RawSession {
  /**
   * Begins to count interrupts (SIGINT) instead of ending at one; the element of what it returns is their number. Handlers
   * that were there before are still called.
   */
  watchInterrupts(): Int32Array;
  /** Gives SIGINT back. */
  unwatchInterrupts(): void;
  /** Sleeps for so many microseconds; with 0 lets another process have the core. */
  pauseFor(micros: number): void;
}
