/** The master's work: which worker does what, what has come of it, and what is to be tried again. */
import { DistArrayError } from '../errors.ts';
import { type Encoded, encode } from '../mpi/objects/encoding.ts';
import type { Carrier, Unreadable } from './carrier.ts';
import { type Chunk, depthOf, encodedChunk, isLong } from './chunk.ts';
import { EngineError, errorOfTask, TaskTimeoutError, type Thrown } from './errors.ts';
import type { Job, TaskDetails } from './job.ts';
import { Answer, type CallOutcome, Order, type PoolSetup, type ToMaster } from './protocol.ts';
import { thrownOf } from './worker.ts';

/** A chunk that a worker has. */
interface Assigned {
  readonly chunk: Chunk;
  /** Whether somebody else does it now, or nobody. */
  isAbandoned: boolean;
}

/** What the master knows of a worker. */
interface Station {
  /** What it has, in the order in which it does it. */
  readonly queue: Assigned[];
  /** Functions that it has. */
  readonly functions: Set<number>;
  /** What waits until the worker has nothing else to do. */
  held: { readonly chunk: Chunk; readonly encoded: Encoded } | null;
  state: 'opening' | 'open' | 'stuck' | 'gone';
  /** When it began with the first of its queue. */
  since: number;
}

/** Deals the tasks of one pool to its workers. */
export class Scheduler {
  readonly #carrier: Carrier;
  readonly #stations: readonly Station[];
  readonly #jobs = new Set<Job>();
  readonly #again: Chunk[] = [];
  readonly #idleListeners: (() => void)[] = [];
  #timed = 0;
  /** Since when no worker has answered, though all should have; null while one does. */
  #allStuckSince: number | null = null;
  /** Why the pool cannot do anything any more. */
  #broken: Error | null = null;

  constructor(carrier: Carrier, setup: PoolSetup) {
    this.#carrier = carrier;
    carrier.receiver = (worker, message) => this.#receive(worker, message);
    this.#stations = carrier.names.map(() => ({
      queue: [],
      functions: new Set(),
      held: null,
      state: 'opening',
      since: 0,
    }));
    const encoded = encode([Order.open, carrier.pool, setup], 'options');
    for (const worker of carrier.names.keys()) carrier.send(worker, encoded, true);
  }

  /** Whether nobody waits for anything. */
  get isIdle(): boolean {
    return this.#jobs.size === 0;
  }

  /** Whether all workers have answered all that they were asked; those that have ended need not. */
  get isQuiet(): boolean {
    return this.#stations.every(
      ({ state, queue }) => state === 'gone' || (state === 'open' && queue.length === 0),
    );
  }

  /** The names of workers that are busy with tasks that nobody waits for any more. */
  get stuck(): readonly number[] {
    return this.#carrier.names.filter((_, worker) => this.#stations[worker].state === 'stuck');
  }

  /** Begins a job. */
  add(job: Job): void {
    if (job.isOver) return;
    if (this.#broken !== null) {
      job.fail(this.#broken);
      return;
    }
    this.#jobs.add(job);
    if (job.settings.timeout !== null) this.#timed++;
    const whenOver = () => {
      if (!job.isOver) return;
      job.unlisten(whenOver);
      this.#jobs.delete(job);
      if (job.settings.timeout !== null) this.#timed--;
      if (this.isIdle) for (const listener of this.#idleListeners.splice(0)) listener();
    };
    job.listen(whenOver);
    this.fill();
  }

  /** Calls back when nobody waits for anything. */
  whenIdle(listener: () => void): void {
    if (this.isIdle) listener();
    else this.#idleListeners.push(listener);
  }

  /** The names of workers that have ended. */
  get lost(): readonly number[] {
    return this.#carrier.names.filter((_, worker) => this.#stations[worker].state === 'gone');
  }

  /** Ends all jobs with an error. */
  failAll(error: unknown): void {
    for (const job of [...this.#jobs]) job.fail(error);
  }

  /** Whether the program awaits something, while the event loop goes on. */
  get isAwaited(): boolean {
    for (const { awaits } of this.#jobs) if (awaits > 0) return true;
    return false;
  }

  /** Fails what is awaited. */
  failAwaited(error: unknown): void {
    for (const job of [...this.#jobs]) if (job.awaits > 0) job.fail(error);
  }

  /** Ends all jobs: nobody waits for what is under way. */
  cancelAll(): void {
    for (const job of [...this.#jobs]) job.cancel();
  }

  /** Tells the workers that the pool ends. */
  close(): void {
    const encoded = encode([Order.close, this.#carrier.pool], 'pool');
    for (const [worker, { state }] of this.#stations.entries()) {
      if (state !== 'gone') this.#carrier.send(worker, encoded, false);
    }
  }

  /** Workers do not need a function any more. */
  forget(fn: number): void {
    const encoded = encode([Order.forget, this.#carrier.pool, [fn]], 'fn');
    for (const [worker, station] of this.#stations.entries()) {
      if (!station.functions.delete(fn) || station.state === 'gone') continue;
      this.#carrier.send(worker, encoded, false);
    }
  }

  /** Gives workers what they can do now. */
  fill(): void {
    for (let isGiven = true; isGiven; ) {
      isGiven = false;
      // One each in turn, so that the first workers do not get all.
      for (const worker of this.#stations.keys()) {
        if (this.#give(worker)) isGiven = true;
      }
    }
  }

  /** Looks at the clock: tasks may have taken too long. */
  tick(): void {
    if (this.#timed === 0) return;
    const now = performance.now();
    for (const [worker, station] of this.#stations.entries()) {
      const [first] = station.queue;
      if (first === undefined || station.state !== 'open' || first.isAbandoned) continue;
      const { timeout } = first.chunk.job.settings;
      if (timeout === null || first.chunk.job.isOver) continue;
      if (now - station.since > timeout * first.chunk.items.length) this.#timeOut(worker);
    }
    const isAllStuck = this.#stations.every(({ state }) => state === 'stuck' || state === 'gone');
    if (!isAllStuck) this.#allStuckSince = null;
    else this.#failStuck(now);
  }

  #failStuck(now: number): void {
    this.#allStuckSince ??= now;
    for (const job of [...this.#jobs]) {
      const { timeout, site } = job.settings;
      if (timeout === null || now - this.#allStuckSince <= timeout) continue;
      const message = `No ${this.#carrier.noun} answers: all are busy with tasks that have exceeded their timeouts`;
      job.fail(new EngineError('ERR_ENGINE_STUCK', message, { cause: site }));
    }
  }

  /** Gives a worker a chunk; false when it gets none. */
  #give(worker: number): boolean {
    const station = this.#stations[worker];
    if (station.state !== 'open') return false;
    if (station.held !== null) {
      if (station.queue.length > 0) return false;
      const { chunk, encoded } = station.held;
      station.held = null;
      if (!chunk.job.isOver) this.#assign(worker, chunk, encoded);
      return true;
    }
    const chunk = this.#next(worker, station.queue.length);
    if (chunk === null) return false;
    const encoded = encodedChunk(chunk, this.#carrier.pool, station.functions);
    if (encoded === null) return true;
    if (station.queue.length > 0 && isLong(encoded)) {
      station.held = { chunk, encoded };
      return false;
    }
    this.#assign(worker, chunk, encoded);
    return true;
  }

  /** The next chunk for a worker that has so many already. */
  #next(worker: number, length: number): Chunk | null {
    if (length === 0 && this.#again.length > 0) {
      const isAlone = this.#stations.every(({ state }, k) => k === worker || state !== 'open');
      const k = this.#again.findIndex(
        ({ avoid, job }) => avoid !== worker || isAlone || job.isOver,
      );
      if (k >= 0) {
        const [chunk] = this.#again.splice(k, 1);
        return chunk.job.isOver ? this.#next(worker, length) : chunk;
      }
    }
    for (const job of this.#jobs) {
      if (length >= depthOf(job, worker, this.#stations.length)) continue;
      const taken = job.take(worker, this.#stations.length);
      if (taken !== null) return { job, ...taken, attempts: 0, avoid: null };
    }
    return null;
  }

  #assign(worker: number, chunk: Chunk, encoded: Encoded): void {
    const station = this.#stations[worker];
    if (station.queue.length === 0) station.since = performance.now();
    station.queue.push({ chunk, isAbandoned: false });
    this.#carrier.send(worker, encoded, true);
  }

  #receive(worker: number, message: ToMaster | Unreadable): void {
    const station = this.#stations[worker];
    if ('unreadable' in message) {
      this.#failFirst(worker, thrownOf(message.unreadable));
    } else {
      switch (message[0]) {
        case Answer.opened:
          station.state = 'open';
          break;
        case Answer.failed:
          this.#break(worker, message[2]);
          return;
        case Answer.done:
          this.#finish(worker, message[2], message[3]);
          break;
        case Answer.mixed:
          this.#finishMixed(worker, message[2], message[3]);
          break;
        case Answer.unreadable:
          if (station.state === 'opening') this.#break(worker, message[1]);
          else this.#failFirst(worker, message[1]);
          break;
        case Answer.gone:
          this.#lose(worker, message[1]);
      }
    }
    // Others have what they can do, unless there is something to be tried again.
    if (this.#again.length > 0) this.fill();
    else while (this.#give(worker));
  }

  /** The first of a worker's queue is done. */
  #shift(worker: number): Assigned {
    const station = this.#stations[worker];
    const first = station.queue.shift();
    if (first === undefined) {
      const name = this.#nameOf(worker);
      throw new DistArrayError('ERR_TASK_ANSWER', `${name} has answered what nobody has asked`);
    }
    if (station.state === 'stuck') station.state = 'open';
    station.since = performance.now();
    return first;
  }

  #finish(worker: number, values: readonly unknown[], seconds: readonly number[]): void {
    const { chunk, isAbandoned } = this.#shift(worker);
    if (isAbandoned) return;
    const { job, indices, attempts } = chunk;
    for (let k = 0; k < indices.length; k++) {
      job.settle(indices[k], values[k], this.#details(worker, seconds[k], attempts));
    }
  }

  #finishMixed(worker: number, outcomes: readonly CallOutcome[], seconds: readonly number[]): void {
    const { chunk, isAbandoned } = this.#shift(worker);
    if (isAbandoned) return;
    const { job, indices, items, attempts } = chunk;
    for (const [k, outcome] of outcomes.entries()) {
      const index = indices[k];
      const details = this.#details(worker, seconds[k], attempts);
      if (outcome[0]) job.settle(index, outcome[1], details);
      else if (attempts < job.settings.retries) {
        this.#retry({
          job,
          indices: [index],
          items: [items[k]],
          attempts: attempts + 1,
          avoid: worker,
        });
      } else {
        const { engine } = details;
        const fields = { engine, task: index, attempts: attempts + 1 };
        job.failTask(index, errorOfTask(outcome[1], fields, job.settings.site), details);
      }
    }
  }

  /** What was to come from the first of a queue cannot be read, or the message to it could not be. */
  #failFirst(worker: number, thrown: Thrown): void {
    const { chunk, isAbandoned } = this.#shift(worker);
    if (!isAbandoned) this.#failChunk(worker, chunk, thrown);
  }

  #failChunk(worker: number, { job, indices, attempts }: Chunk, thrown: Thrown): void {
    const details = this.#details(worker, 0, attempts);
    for (const task of indices) {
      const fields = { engine: details.engine, task, attempts: attempts + 1 };
      job.failTask(task, errorOfTask(thrown, fields, job.settings.site), details);
    }
  }

  /** The first task of a worker has taken too long: it and what waits behind it others shall do. */
  #timeOut(worker: number): void {
    const station = this.#stations[worker];
    station.state = 'stuck';
    const [late, ...waiting] = station.queue;
    this.#giveBack(worker, waiting);
    late.isAbandoned = true;
    const { job, indices, attempts } = late.chunk;
    const { retries, timeout, site } = job.settings;
    if (attempts < retries) this.#retry({ ...late.chunk, attempts: attempts + 1, avoid: worker });
    else {
      const seconds = (timeout as number) / 1000;
      const tries = attempts === 0 ? '' : `, in the last of ${attempts + 1} attempts`;
      for (const task of indices) {
        const message = `Task ${task} took more than ${seconds} s on ${this.#nameOf(worker)}${tries}`;
        const error = new TaskTimeoutError(message, { cause: site });
        const details = this.#details(worker, seconds, attempts);
        const { engine } = details;
        job.failTask(task, Object.assign(error, { engine, task, attempts: attempts + 1 }), details);
      }
    }
    this.fill();
  }

  /** A worker has ended. */
  #lose(worker: number, exitCode: number): void {
    const station = this.#stations[worker];
    station.state = 'gone';
    const [running, ...waiting] = station.queue.splice(0);
    this.#giveBack(worker, waiting);
    const message = `${this.#nameOf(worker)} has ended with exit code ${exitCode}`;
    const error = (site?: Error) =>
      new EngineError('ERR_ENGINE_LOST', message, site && { cause: site });
    if (running !== undefined && !running.isAbandoned) {
      const { job, attempts } = running.chunk;
      if (attempts < job.settings.retries) {
        this.#retry({ ...running.chunk, attempts: attempts + 1, avoid: worker });
      } else this.#failChunk(worker, running.chunk, thrownOf(error()));
    }
    if (this.#stations.some(({ state }) => state !== 'gone')) return;
    this.#broken ??= error();
    for (const job of [...this.#jobs]) job.fail(error(job.settings.site));
  }

  /** Tasks that a worker has not begun with, and those that it alone was to do. */
  #giveBack(worker: number, waiting: readonly Assigned[]): void {
    const station = this.#stations[worker];
    for (const assigned of waiting) {
      if (!assigned.isAbandoned) this.#again.push(assigned.chunk);
      assigned.isAbandoned = true;
    }
    if (station.held !== null) this.#again.push(station.held.chunk);
    station.held = null;
    for (const job of this.#jobs) job.settings.items.release(worker);
  }

  #retry(chunk: Chunk): void {
    if (!chunk.job.isOver) this.#again.push(chunk);
  }

  /** A worker has not been made ready: the pool is of no use. */
  #break(worker: number, thrown: Thrown): void {
    const station = this.#stations[worker];
    station.state = 'gone';
    const fields = { engine: this.#carrier.names[worker], task: -1, attempts: 1 };
    const cause = errorOfTask(thrown, fields, new Error('the pool was opened'));
    const message = `The initializer has failed on ${this.#nameOf(worker)}: ${cause.message}`;
    this.#broken ??= new EngineError('ERR_POOL_INITIALIZER', message, { cause });
    this.failAll(this.#broken);
  }

  /** Why the pool does nothing any more; null while it does. */
  get broken(): Error | null {
    return this.#broken;
  }

  #details(worker: number, seconds: number, attempts: number): TaskDetails {
    return { engine: this.#carrier.names[worker], seconds, attempts: attempts + 1 };
  }

  #nameOf(worker: number): string {
    return `${this.#carrier.noun} ${this.#carrier.names[worker]}`;
  }
}
