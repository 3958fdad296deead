/** Carrying plans out: packing, sending, receiving and unpacking at the same time. */
import { allocateLocal } from '../../kernels/allocation.ts';
import { copyRuns, type RunSide } from '../../kernels/copyRuns.ts';
import { contiguousStrides } from '../../kernels/stridedView.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { waitSome } from '../../mpi/completion.ts';
import type { Request } from '../../mpi/request.ts';
import { privateComm, TAGS } from '../privateComm.ts';
import type { Message, Piece, Plan } from './plan.ts';
import { elementsPerPart, type MessagePart, partsOf, type Traffic } from './traffic.ts';

/** Memory and its limits for an exchange. */
export interface ExchangeOptions {
  /** Bytes of an element. */
  readonly itemsize: number;
  /** Most staging memory, the same on all processes. */
  readonly stagingBytes: number;
  /** Counts what is sent. */
  readonly traffic: Traffic;
}

/** Parts of messages that are under way at once, each way: more help only when they are short. */
const MOST_SLOTS = 16;

/**
 * Carries a plan out: elements go from one memory to another one, which do not overlap.
 *
 * @remarks Collective: all processes carry out their plans of the same change. Messages travel in
 * parts through a ring of slots, in one order on all processes, so that the first part that has not
 * arrived is always under way: no number of slots can lead to a deadlock.
 */
export function exchange(
  plan: Plan,
  comm: Comm,
  from: RunSide,
  to: RunSide,
  options: ExchangeOptions,
): void {
  const { itemsize, stagingBytes } = options;
  const most = elementsPerPart(itemsize, stagingBytes);
  const own = privateComm(comm);
  const sends = new Lane(plan.sends, most, itemsize, stagingBytes / 2);
  const receives = new Lane(plan.receives, most, itemsize, stagingBytes / 2);
  const memory = stagingMemory(sends.bytes + receives.bytes);
  sends.place(memory, 0);
  receives.place(memory, sends.bytes);
  const requests: (Request | null)[] = new Array(sends.slots + receives.slots).fill(null);

  const receive = (slot: number): void => {
    const part = receives.next(slot);
    if (part === undefined) return;
    const { message, count } = part;
    requests[sends.slots + slot] = own.irecv(
      { data: memory, offset: receives.offsetOf(slot), count: count * itemsize },
      message.peer,
      { tag: TAGS.redistribution },
    );
  };
  const send = (slot: number): void => {
    const part = sends.next(slot);
    if (part === undefined) return;
    const { message, count } = part;
    forPieces(part, (piece, first, length, at) => {
      const packed = sends.side(slot, piece, first, at);
      copyRuns(piece.axes, itemsize, from, packed, first, length);
    });
    const bytes = count * itemsize;
    const buffer = { data: memory, offset: sends.offsetOf(slot), count: bytes };
    requests[slot] = own.isend(buffer, message.peer, { tag: TAGS.redistribution });
    options.traffic.count(bytes);
  };
  const unpack = (slot: number): void => {
    forPieces(receives.partIn(slot), (piece, first, length, at) => {
      const packed = receives.side(slot, piece, first, at);
      copyRuns(piece.axes, itemsize, packed, to, first, length);
    });
  };

  for (let slot = 0; slot < receives.slots; slot++) receive(slot);
  for (let slot = 0; slot < sends.slots; slot++) send(slot);
  for (const piece of plan.staying) copyRuns(piece.axes, itemsize, from, to, 0, piece.size);
  for (;;) {
    const completed = waitSome(requests);
    if (completed === null) break;
    for (const index of completed) {
      requests[index]?.wait();
      requests[index] = null;
      if (index < sends.slots) send(index);
      else {
        unpack(index - sends.slots);
        receive(index - sends.slots);
      }
    }
  }
}

/** Calls back for each piece that a part of a message has something of. */
function forPieces(
  { message, first, count }: MessagePart,
  visit: (piece: Piece, first: number, length: number, at: number) => void,
): void {
  let begin = 0;
  for (const piece of message.pieces) {
    const low = Math.max(first, begin);
    const high = Math.min(first + count, begin + piece.size);
    if (low < high) visit(piece, low - begin, high - low, low - first);
    begin += piece.size;
  }
}

/** Slots of staging memory that the parts of messages in one direction go through. */
class Lane {
  readonly slots: number;
  readonly bytes: number;
  readonly #itemsize: number;
  readonly #slotBytes: number;
  readonly #parts: Generator<MessagePart>;
  readonly #inSlot: MessagePart[] = [];
  #memory: Uint8Array = new Uint8Array(0);
  #begin = 0;

  constructor(messages: readonly Message[], most: number, itemsize: number, bytes: number) {
    const longest = messages.reduce((size, message) => Math.max(size, message.size), 0);
    const parts = messages.reduce((sum, { size }) => sum + Math.ceil(size / most), 0);
    this.#itemsize = itemsize;
    // Whole elements of any size, on lines of the cache.
    this.#slotBytes = Math.ceil((Math.min(longest, most) * itemsize) / 64) * 64;
    const room = this.#slotBytes === 0 ? 0 : Math.max(1, Math.floor(bytes / this.#slotBytes));
    this.slots = Math.min(parts, room, MOST_SLOTS);
    this.bytes = this.slots * this.#slotBytes;
    this.#parts = partsOf(messages, most);
  }

  place(memory: Uint8Array, begin: number): void {
    this.#memory = memory;
    this.#begin = begin;
  }

  /** The next part, which takes a slot; undefined when there is none. */
  next(slot: number): MessagePart | undefined {
    const { done, value } = this.#parts.next();
    if (done) return undefined;
    this.#inSlot[slot] = value;
    return value;
  }

  partIn(slot: number): MessagePart {
    return this.#inSlot[slot];
  }

  offsetOf(slot: number): number {
    return this.#begin + slot * this.#slotBytes;
  }

  /** Where a piece lies, packed, whose element `first` is element `at` of the slot. */
  side(slot: number, piece: Piece, first: number, at: number): RunSide {
    return {
      data: this.#memory,
      offset: this.offsetOf(slot) / this.#itemsize + at - first,
      strides: contiguousStrides(piece.axes.map(({ extent }) => extent)),
    };
  }
}

/** Staging memory that is kept for the next exchange: new memory costs as much as a copy. */
let kept = new Uint8Array(0);
const MOST_KEPT = 32 * 2 ** 20;

function stagingMemory(bytes: number): Uint8Array {
  if (bytes <= kept.length) return kept;
  const memory = allocateLocal('uint8', bytes);
  if (bytes <= MOST_KEPT) kept = memory as Uint8Array<ArrayBuffer>;
  return memory;
}
