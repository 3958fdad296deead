import { patience } from './patience.ts';
import { isAlive } from './processes.ts';
import type { RankLog } from './rankLog.ts';

/** How long the other ranks may go on after one has failed or died. */
export const GRACE_MS = 5000;
/** How long a job may still run when every rank has finished its JavaScript. */
export const LEAVE_GRACE_MS = 10_000 * patience();

/**
 * Whether a rank has left its run for good without passing it: it reported a failure and
 * ended, or its process is gone and it never ended its tests.
 */
export function hasFallen(log: RankLog, alive: (pid: number) => boolean = isAlive): boolean {
  const failed = log.failures.length > 0 || log.loadError !== null;
  const gone = log.exitCode !== null || log.pids.some((pid) => !alive(pid));
  return failed ? log.ended || gone : gone && !log.ended;
}

/** Watches a run for ranks that fell, or all left, while the job goes on. */
export class RunWatch {
  readonly #grace: number;
  readonly #leaveGrace: number;
  #fellAt: number | null = null;
  #leftAt: number | null = null;
  #fallen: readonly number[] = [];

  constructor(grace: number = GRACE_MS, leaveGrace: number = LEAVE_GRACE_MS) {
    this.#grace = grace;
    this.#leaveGrace = leaveGrace;
  }

  /** The ranks that had fallen at the last look. */
  get fallen(): readonly number[] {
    return this.#fallen;
  }

  /** Whether the job has had its grace, and what still runs should be ended. */
  look(logs: readonly RankLog[], now: number = Date.now()): boolean {
    this.#fallen = logs.filter((log) => hasFallen(log)).map((log) => log.rank);
    if (this.#fallen.length > 0) this.#fellAt ??= now;
    if (logs.every((log) => log.exitCode !== null)) this.#leftAt ??= now;
    return (
      (this.#fellAt !== null && now - this.#fellAt > this.#grace) ||
      (this.#leftAt !== null && now - this.#leftAt > this.#leaveGrace)
    );
  }
}
