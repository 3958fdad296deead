/** Tasks of a process that has no others: it runs them itself. */
import { DistArrayError } from '../errors.ts';
import { type Decoder, decode, type Encoded } from '../mpi/objects/encoding.ts';
import type { Carrier, Receiver } from './carrier.ts';
import type { ToMaster } from './protocol.ts';
import type { AnyFunction } from './taskFunction.ts';
import { Worker } from './worker.ts';

/** Milliseconds of work before the event loop has its turn. */
const TURN = 5;

/** This process as its own only worker. Values are copied on their way, as they are when they travel. */
export class LocalCarrier implements Carrier {
  readonly names = [0];
  readonly noun = 'rank';
  readonly pool = 0;
  receiver: Receiver | null = null;
  readonly #worker: Worker;
  readonly #waiting: Encoded[] = [];
  #isBusy = false;

  /** @param own - functions that this process has by name */
  constructor(own: Readonly<Record<string, AnyFunction>>) {
    this.#worker = new Worker((encoded) => {
      this.receiver?.(0, read(encoded) as ToMaster);
    }, own);
  }

  send(_worker: number, encoded: Encoded): void {
    this.#waiting.push(encoded);
  }

  take(limit: number): number {
    const start = performance.now();
    for (let taken = 0; taken < limit; taken++) {
      if (this.#isBusy || (taken > 0 && performance.now() - start > TURN)) return taken;
      const next = this.#waiting.shift();
      if (next === undefined) return taken;
      const waits = this.#worker.take(() => read(next));
      if (waits === undefined) continue;
      this.#isBusy = true;
      waits.finally(() => {
        this.#isBusy = false;
      });
    }
    return limit;
  }

  waitUntil(isDone: () => boolean, what: string): void {
    while (!isDone()) {
      if (this.take(1) > 0) continue;
      const message = `Only the event loop can bring ${what}, since this process runs its tasks itself: await the result`;
      throw new DistArrayError('ERR_ASYNC', message);
    }
  }

  close(): void {}
}

/** Returns a copy of a value that was made ready to be sent. */
function read({ head, parts }: Encoded): unknown {
  const decoder = decode(head) as Decoder;
  for (const [k, part] of decoder.parts.entries()) part.set(parts[k]);
  return decoder.finish();
}
