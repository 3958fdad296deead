/** One progress bar for the whole job. */
import type { Comm } from '../mpi/communicator.ts';

const BAR_WIDTH = 30;

/** Options of {@link Progress}. */
export interface ProgressOptions {
  /** Seconds before the bar appears: what is done by then needs none. Default 0. */
  readonly delay?: number;
}

/**
 * How far a job has come, shown as one bar on the terminal of rank 0.
 *
 * Ranks tell rank 0 by tiny messages on a communicator of their own; when nobody watches (no
 * terminal), nothing is sent and nothing is shown.
 */
export class Progress {
  readonly #comm: Comm | null;
  readonly #label: string;
  /** When the bar may appear, in milliseconds. */
  readonly #begin: number;
  readonly #fractions: Float64Array;
  readonly #message = new Float64Array(1);
  #lastTold = 0;
  #lastDrawn = '';

  /**
   * @param label what is being done
   * @remarks Collective over `comm`.
   */
  constructor(comm: Comm, label: string, { delay = 0 }: ProgressOptions = {}) {
    this.#label = label;
    this.#begin = performance.now() + 1000 * delay;
    const watched = comm.rank === 0 && terminalColumns() > 0;
    this.#comm = comm.allreduce(watched ? 1 : 0) > 0 ? comm.dup() : null;
    this.#fractions = new Float64Array(comm.rank === 0 ? comm.size : 0);
  }

  /**
   * Tells how much of this rank's work is done. Cheap, and communicates in steps of 1 % only; need
   * not be called on every rank alike.
   * @param fraction from 0 to 1
   */
  update(fraction: number): void {
    if (this.#comm === null) return;
    if (this.#comm.rank === 0) {
      this.#fractions[0] = fraction;
      while (this.#comm.iprobe()) this.#receiveOne(this.#comm);
      this.#draw();
    } else if (fraction < 1 && fraction - this.#lastTold >= 0.01) {
      this.#tell(this.#comm, fraction);
    }
  }

  /** Waits for all ranks and removes the bar. @remarks Collective. */
  finish(): void {
    const comm = this.#comm;
    if (comm === null) return;
    if (comm.rank === 0) {
      this.#fractions[0] = 1;
      while (this.#fractions.some((fraction) => fraction < 1)) {
        this.#draw();
        this.#receiveOne(comm);
      }
      if (this.#lastDrawn) process.stderr.write(`\r${' '.repeat(this.#lastDrawn.length)}\r`);
    } else {
      this.#tell(comm, 1);
    }
    comm.free();
  }

  #tell(comm: Comm, fraction: number): void {
    this.#lastTold = fraction;
    this.#message[0] = fraction;
    comm.send(this.#message, 0);
  }

  #receiveOne(comm: Comm): void {
    const { source } = comm.recv(this.#message);
    this.#fractions[source] = this.#message[0];
  }

  #draw(): void {
    if (performance.now() < this.#begin) return;
    const done = this.#fractions.reduce((sum, fraction) => sum + fraction, 0);
    const fraction = done / this.#fractions.length;
    const filled = Math.round(fraction * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const line = `${this.#label} ${bar} ${String(Math.floor(fraction * 100)).padStart(3)} %`;
    if (line === this.#lastDrawn || line.length >= terminalColumns()) return;
    process.stderr.write(`\r${line}`);
    this.#lastDrawn = line;
  }
}

/**
 * Columns of the terminal that shows stderr; 0 when there is none. `distarray run` tells by
 * `DISTARRAY_COLUMNS`, since a launcher stands between the ranks and the terminal.
 */
function terminalColumns(): number {
  const told = process.env.DISTARRAY_COLUMNS;
  if (told !== undefined) return Number(told) || 0;
  return process.stderr.isTTY ? process.stderr.columns || 80 : 0;
}
