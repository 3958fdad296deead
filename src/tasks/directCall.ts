/** A call on all engines of a view at once, of which a result is asked for later. */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Settle } from '../global/session.ts';
import type { Outcome, Waits } from './asyncResult.ts';
import { TaskCancelledError } from './errors.ts';
import type { TaskDetails } from './job.ts';

/** A call: what comes of it comes at once. */
export class DirectCall implements Outcome {
  values: readonly unknown[] = [];
  isOver = false;
  hasFailed = false;
  failure: unknown = undefined;
  awaits = 0;
  readonly errors: ReadonlyMap<number, Error> = new Map();
  readonly details: readonly TaskDetails[] = [];
  readonly total: number;
  readonly #listeners = new Set<() => void>();
  #isTold = false;

  /**
   * @param total - number of results
   * @param begin - begins the call; it gets who is to be told what comes of it
   */
  constructor(total: number, begin: (settle: Settle<readonly unknown[]>) => void) {
    this.total = total;
    begin({ resolve: (values) => this.#end(values), reject: (error) => this.#fail(error) });
  }

  get done(): number {
    return this.values.length;
  }

  get isTold(): boolean {
    return this.#isTold;
  }

  set isTold(isTold: boolean) {
    this.#isTold = isTold;
    if (isTold) failed.delete(this);
  }

  listen(listener: () => void): void {
    this.#listeners.add(listener);
  }

  unlisten(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  cancel(): void {
    this.isTold = true;
    this.#fail(
      new TaskCancelledError('The program has cancelled the call before its result was there'),
    );
  }

  #fail(error: unknown): void {
    if (this.isOver) return;
    this.hasFailed = true;
    this.failure = error;
    if (!this.isTold) watch(this);
    this.#end([]);
  }

  #end(values: readonly unknown[]): void {
    if (this.isOver) return;
    this.values = values;
    this.isOver = true;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Waits for calls by `waitUntil` of a session. */
export function waitsBy(waitUntil: (isDone: () => boolean, what: string) => void): Waits {
  return {
    waitUntil(isDone, milliseconds) {
      const end = milliseconds === null ? null : performance.now() + milliseconds;
      waitUntil(() => isDone() || (end !== null && performance.now() >= end), 'a call');
      return isDone();
    },
  };
}

/** Calls that have failed, of which nobody has asked for the result so far. */
const failed = new Set<DirectCall>();
let tellsAtExit = false;

/** What the program has not asked for when it ends, it is told then, and has failed. */
function watch(call: DirectCall): void {
  if (!tellsAtExit) process.on('exit', tell);
  tellsAtExit = true;
  failed.add(call);
}

function tell(code: number): void {
  if (code !== 0) return;
  for (const { failure } of failed) {
    process.exitCode = 1;
    const what = 'A call on a view has failed, and nobody asked for its result:';
    writeSync(2, `${what}\n${inspect(failure)}\n`);
  }
}
