/** Blocks of collectives: how many elements belong to each rank, and where they begin. */
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import { addressOfInts, type BufferLike, elementSize } from './buffer.ts';
import { command, RECV_COUNTS, RECV_DISPLS, SEND_COUNTS, SEND_DISPLS } from './command.ts';

/** Integer arrays for MPI, kept from call to call. */
interface Scratch {
  counts: Int32Array;
  displs: Int32Array;
}

const scratches = { send: emptyScratch(), recv: emptyScratch() };
const others: { otherSend: unknown; otherRecv: unknown } = {
  otherSend: undefined,
  otherRecv: undefined,
};

/**
 * Puts explicit counts and displacements into the command block.
 * @param available elements in the buffer, against which they are checked
 * @param argument prefix of the options' names in errors, such as `options.send`
 */
export function setCounts(
  side: 'send' | 'recv',
  available: number,
  size: number,
  counts: ArrayLike<number> | undefined,
  displs: ArrayLike<number> | undefined,
  names: { readonly counts: string; readonly displs: string },
): void {
  if (counts === undefined || counts.length !== size) {
    throw new ArgumentRangeError(names.counts, `${size} counts, one a rank`, listed(counts));
  }
  if (displs !== undefined && displs.length !== size) {
    throw new ArgumentRangeError(names.displs, `${size} displacements, one a rank`, listed(displs));
  }
  const scratch = scratchFor(side, size);
  let next = 0;
  for (let rank = 0; rank < size; rank++) {
    const count = counts[rank];
    const displ = displs === undefined ? next : displs[rank];
    checkInteger(`${names.counts}[${rank}]`, count, 0, available);
    checkInteger(`${names.displs}[${rank}]`, displ, 0);
    if (displ + count > available) {
      throw new ArgumentRangeError(
        side === 'send' ? 'sendbuf' : 'recvbuf',
        `room for ${count} elements at ${displ} (rank ${rank})`,
        `${available} elements`,
      );
    }
    scratch.counts[rank] = count;
    scratch.displs[rank] = displ;
    next = displ + count;
  }
  command[side === 'send' ? SEND_COUNTS : RECV_COUNTS] = addressOfInts(scratch.counts);
  command[side === 'send' ? SEND_DISPLS : RECV_DISPLS] = addressOfInts(scratch.displs);
}

/**
 * Hands over the integer arrays that the command block points to: a call that was only started needs
 * them until it is complete.
 */
export function takeCounts(): unknown {
  const taken = { ...scratches, ...others };
  scratches.send = emptyScratch();
  scratches.recv = emptyScratch();
  others.otherSend = undefined;
  others.otherRecv = undefined;
  return taken;
}

/** Keeps other arrays that the command block points to, as the counts are. */
export function keepWithCounts(arrays: unknown, side: 'send' | 'recv'): void {
  if (side === 'send') others.otherSend = arrays;
  else others.otherRecv = arrays;
}

/** Elements of one of `size` equal blocks that make up the whole buffer. */
export function evenBlock(argument: string, available: number, size: number): number {
  if (available % size !== 0) {
    throw new ArgumentRangeError(
      argument,
      `a multiple of ${size} elements (one block a rank), or counts`,
      `${available} elements`,
    );
  }
  return available / size;
}

/**
 * Elements of a block in `whole` that has as many bytes as `blockCount` elements of `block`; checks
 * that `size` of them fit.
 */
export function matchingBlock(
  argument: string,
  whole: BufferLike,
  available: number,
  size: number,
  block: BufferLike,
  blockCount: number,
): number {
  const count = (blockCount * elementSize(block)) / elementSize(whole);
  if (!Number.isInteger(count) || count * size > available) {
    throw new ArgumentRangeError(
      argument,
      `room for ${size} blocks of ${count} elements`,
      `${available} elements`,
    );
  }
  return count;
}

function emptyScratch(): Scratch {
  return { counts: new Int32Array(0), displs: new Int32Array(0) };
}

function scratchFor(side: 'send' | 'recv', size: number): Scratch {
  if (scratches[side].counts.length < size) {
    scratches[side] = { counts: new Int32Array(size), displs: new Int32Array(size) };
  }
  return scratches[side];
}

function listed(values: ArrayLike<number> | undefined): unknown {
  return values === undefined ? undefined : Array.from(values);
}
