/** Tasks between the processes of a communicator, all of which run the program. */
import { Kind } from '../engine/channel.ts';
import type { MpiChannel } from '../engine/mpiChannel.ts';
import { Patience } from '../engine/patience.ts';
import type { Encoded } from '../mpi/objects/encoding.ts';
import type { Carrier, Receiver, Unreadable } from './carrier.ts';
import type { ToMaster } from './protocol.ts';

/** All processes of a channel but the master as workers. */
export class CommCarrier implements Carrier {
  readonly names: readonly number[];
  readonly noun = 'rank';
  readonly pool = 0;
  receiver: Receiver | null = null;
  readonly #channel: MpiChannel;
  readonly #patience = new Patience();

  constructor(channel: MpiChannel) {
    this.#channel = channel;
    const ranks = Array.from({ length: channel.engines + 1 }, (_, rank) => rank);
    this.names = ranks.filter((rank) => rank !== channel.number);
  }

  send(worker: number, encoded: Encoded): void {
    this.#channel.send(this.names[worker], Kind.task, encoded);
  }

  take(limit: number): number {
    for (let taken = 0; taken < limit; taken++) {
      const message = this.#channel.poll();
      if (message === null) return taken;
      const { from } = message;
      let read: ToMaster | Unreadable;
      try {
        read = message.read() as ToMaster;
      } catch (error) {
        read = { unreadable: error };
      }
      this.receiver?.(from < this.#channel.number ? from : from - 1, read);
    }
    return limit;
  }

  waitUntil(isDone: () => boolean): void {
    this.#patience.reset();
    while (!isDone()) {
      if (this.take(1) > 0) this.#patience.reset();
      else this.#patience.pause();
    }
  }

  /** The channel is closed by who has opened it, when all processes are there. */
  close(): void {}
}
