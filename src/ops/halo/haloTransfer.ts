/** Persistent requests and staging memory of halo exchanges, made once and used again and again. */
import { DTYPES, type Dtype } from '../../dtype/dtype.ts';
import { allocateLocal } from '../../kernels/allocation.ts';
import { copyRuns, type RunAxis, type RunSide } from '../../kernels/copyRuns.ts';
import { contiguousStrides, type StridedView } from '../../kernels/stridedView.ts';
import type { Comm } from '../../mpi/communicator.ts';
import { untrack } from '../../mpi/leaks.ts';
import type { PersistentRequest } from '../../mpi/request.ts';
import { TAGS } from '../privateComm.ts';
import type { Traffic } from '../redistribute/traffic.ts';
import type { HaloBox, HaloMessage, HaloPlan } from './haloPlan.ts';

/** One message: its elements in the array, and its place in the staging memory. */
interface Staged {
  readonly axes: readonly RunAxis[];
  readonly size: number;
  /** The packed elements. */
  readonly packed: RunSide;
  readonly box: HaloBox;
}

/** Which elements travel: those that neighbours own into halos, or those of halos to their owners. */
export type HaloDirection = 'toHalos' | 'toOwners';

/**
 * The messages of one process for arrays of one distribution, itemsize and stencil. Only one exchange
 * can be under way with it.
 */
export class HaloTransfer {
  readonly #itemsize: number;
  readonly #out: readonly Staged[];
  readonly #in: readonly Staged[];
  /** Those that receive come first, so that they are there when the others start. */
  readonly #requests: readonly PersistentRequest[];
  /** Bytes of staging memory. */
  readonly bytes: number;

  constructor(comm: Comm, plan: HaloPlan, itemsize: number, direction: HaloDirection) {
    const [outgoing, incoming] =
      direction === 'toHalos' ? [plan.sends, plan.receives] : [plan.receives, plan.sends];
    const sizeOf = ({ box }: HaloMessage) => box.shape.reduce((product, n) => product * n, 1);
    const slots = [...incoming, ...outgoing].map((message) => align(sizeOf(message) * itemsize));
    this.bytes = slots.reduce((sum, bytes) => sum + bytes, 0);
    const memory = allocateLocal('uint8', this.bytes);
    const requests: PersistentRequest[] = [];
    let at = 0;
    const stage = (message: HaloMessage, sends: boolean): Staged => {
      const { box, peer } = message;
      const size = sizeOf(message);
      const buffer = { data: memory, offset: at, count: size * itemsize };
      const tag = tagOf(message);
      const request = sends
        ? comm.sendInit(buffer, peer, { tag })
        : comm.recvInit(buffer, peer, { tag });
      // It lives as long as the process, or its communicator.
      untrack(request.handle);
      requests.push(request);
      const packed = {
        data: memory,
        offset: at / itemsize,
        strides: contiguousStrides(box.shape),
      };
      at += align(size * itemsize);
      return { axes: box.shape.map(consecutive), size, packed, box };
    };
    this.#itemsize = itemsize;
    this.#in = incoming.map((message) => stage(message, false));
    this.#out = outgoing.map((message) => stage(message, true));
    this.#requests = requests;
  }

  /** Whether neighbours have to do with this process at all. */
  get isEmpty(): boolean {
    return this.#requests.length === 0;
  }

  /** The requests that are under way between `start` and the end. */
  get requests(): readonly PersistentRequest[] {
    return this.#requests;
  }

  /** Packs what goes out and starts all messages. */
  start(view: StridedView): void {
    const requests = this.#requests;
    const receives = this.#in.length;
    for (let k = 0; k < receives; k++) requests[k].start();
    for (let k = 0; k < this.#out.length; k++) {
      const { axes, size, packed, box } = this.#out[k];
      copyRuns(axes, this.#itemsize, sideAt(view, box), packed, 0, size);
      requests[receives + k].start();
    }
  }

  /** Counts the messages that go out. */
  countIn(traffic: Traffic): void {
    for (const { size } of this.#out) traffic.count(size * this.#itemsize);
  }

  /** Waits for all messages. */
  wait(): void {
    for (const request of this.#requests) request.wait();
  }

  /** Copies what has come in to its places. */
  unpack(view: StridedView): void {
    for (const { axes, size, packed, box } of this.#in) {
      copyRuns(axes, this.#itemsize, packed, sideAt(view, box), 0, size);
    }
  }

  /** Calls back for each message that has come in: its packed elements, and where they belong. */
  forIncoming<D extends Dtype>(
    view: StridedView<D>,
    visit: (packed: StridedView<D>, place: StridedView<D>) => void,
  ): void {
    const { arrayType, lanes } = DTYPES[view.dtype];
    for (const { packed, box } of this.#in) {
      const { buffer, byteOffset, byteLength } = packed.data;
      const length = (byteLength / this.#itemsize) * lanes;
      const data = new arrayType(buffer as ArrayBuffer, byteOffset, length) as typeof view.data;
      const { offset, strides } = packed;
      visit({ data, dtype: view.dtype, shape: box.shape, strides, offset }, boxView(view, box));
    }
  }

  /** Gives the requests back. */
  free(): void {
    for (const request of this.#requests) request.free();
  }
}

/** The tag that a message has on both sides. */
export function tagOf({ direction }: HaloMessage): number {
  return TAGS.halo + direction;
}

/** Returns a box of a part with its halo as a view. */
export function boxView<D extends Dtype>(view: StridedView<D>, box: HaloBox): StridedView<D> {
  const { data, dtype, strides } = view;
  return { data, dtype, shape: box.shape, strides, offset: sideAt(view, box).offset };
}

function sideAt({ data, strides, offset }: StridedView, { start }: HaloBox): RunSide {
  let at = offset;
  for (let axis = 0; axis < start.length; axis++) at += start[axis] * strides[axis];
  return { data, offset: at, strides };
}

function consecutive(extent: number): RunAxis {
  return { extent, runs: null, placesFrom: null, placesTo: null };
}

/** Lines of the cache, so that messages do not share any, and whole elements of all dtypes. */
function align(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
