/** The bar of long transfers to and from files. */
import { basename } from 'node:path';
import type { Comm } from '../mpi/communicator.ts';
import { Progress } from '../ops/progress.ts';

/** Seconds after which there is something to show. */
const PATIENCE = 1;

/**
 * How far the transfers of all processes have come: one bar for the job, on a terminal, when they take more than a
 * second.
 */
export class TransferProgress {
  readonly #progress: Progress;
  readonly #bytes: number;
  #done = 0;

  /**
   * @param label - such as `writing`
   * @param name - of the file
   * @param bytes - that this process transfers
   * @remarks Collective.
   */
  constructor(comm: Comm, label: string, name: string, bytes: number) {
    this.#progress = new Progress(comm, `${label} ${basename(name)}`, { delay: PATIENCE });
    this.#bytes = bytes;
  }

  /** Tells that this process has transferred so many more bytes. */
  add(bytes: number): void {
    this.#done += bytes;
    if (this.#bytes > 0) this.#progress.update(Math.min(1, this.#done / this.#bytes));
  }

  /** Waits for the others, and removes the bar. @remarks Collective; also after a failure. */
  finish(): void {
    this.#progress.finish();
  }
}
