/** How a process waits for messages: at first it only looks, later it sleeps between looks. */
import { cpus } from 'node:os';
import { loadNative } from '../native.ts';

/** Microseconds: the shortest sleep and the longest. */
const SHORTEST = 20;
const LONGEST = 5000;

/** How a process waits. */
interface Manner {
  /** Milliseconds of looking without a pause. */
  readonly eager: number;
  /** A sleep's part of the wait so far: what comes meanwhile is late by no more than this. */
  readonly share: number;
}

const ALONE: Manner = { eager: 1.5, share: 0.02 };
/** Who waits takes a core from those who compute: a look after a sleep costs it up to 0.1 ms. */
const CROWDED: Manner = { eager: 0.2, share: 0.06 };

/** Whether the job has more processes on this host than there are cores, as its launcher says. */
function isCrowded({ OMPI_COMM_WORLD_LOCAL_SIZE, MPI_LOCALNRANKS }: NodeJS.ProcessEnv): boolean {
  const processes = Number(OMPI_COMM_WORLD_LOCAL_SIZE ?? MPI_LOCALNRANKS ?? 1);
  // Not those that this process is bound to.
  return processes > cpus().length;
}

let known: Manner | null = null;

/** The pauses of one wait. */
export class Patience {
  readonly #pauseFor = loadNative().session.pauseFor;
  readonly #manner: Manner;
  #looks = 0;
  #since = 0;
  #micros = 0;

  constructor() {
    known ??= isCrowded(process.env) ? CROWDED : ALONE;
    this.#manner = known;
  }

  /** Something has come: the next wait begins. */
  reset(): void {
    this.#looks = 0;
    this.#micros = 0;
  }

  /** Whether the wait has been so long that there are better things to do than to look. */
  get isLong(): boolean {
    return this.#micros > 0;
  }

  /** Pauses before the next look. */
  pause(): void {
    this.#looks++;
    if (this.#micros > 0) {
      this.#pauseFor(this.#micros);
      const waited = 1000 * (performance.now() - this.#since);
      this.#micros = Math.min(LONGEST, Math.max(SHORTEST, this.#manner.share * waited));
      return;
    }
    // The clock costs as much as a look.
    if (this.#looks % 32 !== 0) return;
    this.#pauseFor(0);
    if (this.#looks === 32) this.#since = performance.now();
    else if (performance.now() - this.#since > this.#manner.eager) this.#micros = SHORTEST;
  }
}
