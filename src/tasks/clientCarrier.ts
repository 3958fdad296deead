/** Tasks between a client and its engines. */
import { writeSync } from 'node:fs';
import type { Incoming } from '../engine/channel.ts';
import { Kind } from '../engine/channel.ts';
import type { ClientLink } from '../engine/clientLink.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';
import type { Encoded } from '../mpi/objects/encoding.ts';
import type { Carrier, Receiver, Unreadable } from './carrier.ts';
import { Answer, type ToMaster } from './protocol.ts';

/** Milliseconds that engines have at the end of the program to answer what nobody waits for any more. */
const GRACE = 5000;
/** Milliseconds between what is said of the end and the end. */
const FAREWELL = 200;

/** What all pools of a client have in common: engines answer in the order in which they are asked, whoever asks. */
class Switchboard {
  readonly link: ClientLink;
  readonly #carriers = new Map<number, ClientCarrier>();
  /** By engine: the pools whose messages are to be answered. */
  readonly #asked: number[][];
  /** Engines that have ended. */
  readonly #lost = new Set<number>();
  #nextPool = 0;

  constructor(link: ClientLink) {
    this.link = link;
    this.#asked = Array.from({ length: link.engines }, () => []);
    link.onTask = (message) => this.#receive(message);
    link.onInterrupt = (error) => {
      for (const carrier of this.#carriers.values()) carrier.onInterrupt?.(error);
    };
    // Before the engines are told to end.
    process.prependListener('exit', (code) => {
      if (code === 0 && !link.isClosed) this.#waitForEngines();
    });
  }

  add(carrier: ClientCarrier): number {
    this.#carriers.set(this.#nextPool, carrier);
    return this.#nextPool++;
  }

  remove(pool: number): void {
    this.#carriers.delete(pool);
  }

  send(engine: number, pool: number, encoded: Encoded, isAnswered: boolean): void {
    this.link.checkOpen();
    if (isAnswered) this.#asked[engine].push(pool);
    this.link.channel.send(engine + 1, Kind.task, encoded);
  }

  /** Engines that do not come back from a task would keep the job from ending. */
  #waitForEngines(): void {
    const busy = () => this.#asked.flatMap((asked, engine) => (asked.length > 0 ? [engine] : []));
    const end = performance.now() + GRACE;
    this.link.waitUntil(() => busy().length === 0 || performance.now() > end, 'tasks to end');
    const left = busy();
    if (left.length + this.#lost.size === 0) return;
    const what =
      left.length === 0
        ? `Engine ${[...this.#lost].join(', ')} has ended before the program`
        : `Engine ${left.join(', ')} is still busy with a task that nobody waits for`;
    // Engines of a job of their own are not this program's to end.
    if (!(this.link.channel instanceof MpiChannel)) return;
    writeSync(2, `distarray: ${what}: the job is aborted\n`);
    // MPICH's launcher drops what it has not passed on by then.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, FAREWELL);
    COMM_WORLD.abort(1);
  }

  #receive(message: Incoming): void {
    const engine = message.from - 1;
    let read: ToMaster | Unreadable;
    try {
      read = message.read() as ToMaster;
    } catch (error) {
      read = { unreadable: error };
    }
    if (!('unreadable' in read) && read[0] === Answer.gone) {
      this.#lost.add(engine);
      this.#asked[engine].length = 0;
      this.link.lose(engine, read[1]);
      for (const carrier of this.#carriers.values()) carrier.receive(engine, read);
      return;
    }
    const pool = this.#asked[engine].shift();
    if (pool !== undefined) this.#carriers.get(pool)?.receive(engine, read);
  }
}

const switchboards = new WeakMap<ClientLink, Switchboard>();

/** The engines of a client, or some of them, as workers. */
export class ClientCarrier implements Carrier {
  readonly names: readonly number[];
  readonly noun = 'engine';
  readonly pool: number;
  receiver: Receiver | null = null;
  onInterrupt: ((error: Error) => void) | null = null;
  readonly #board: Switchboard;

  constructor(link: ClientLink, engines: readonly number[]) {
    this.names = engines;
    let board = switchboards.get(link);
    if (board === undefined) {
      board = new Switchboard(link);
      switchboards.set(link, board);
    }
    this.#board = board;
    this.pool = board.add(this);
  }

  send(worker: number, encoded: Encoded, isAnswered: boolean): void {
    this.#board.send(this.names[worker], this.pool, encoded, isAnswered);
  }

  take(limit: number): number {
    return this.#board.link.takeMessages(limit);
  }

  waitUntil(isDone: () => boolean, what: string): void {
    this.#board.link.waitUntil(isDone, what);
  }

  interruptAwaits(): void {
    this.#board.link.interruptAwaits();
  }

  close(): void {
    this.#board.remove(this.pool);
  }

  receive(engine: number, message: ToMaster | Unreadable): void {
    const worker = this.names.indexOf(engine);
    if (worker >= 0) this.receiver?.(worker, message);
  }
}
