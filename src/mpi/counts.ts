/** Blocks of collectives: how many elements belong to each rank, and where they begin. */
import { ArgumentRangeError, checkInteger } from '../errors.ts';
import { addressOfInts, type BufferLike, elementSize } from './buffer.ts';
import {
  command,
  RECV_COUNT,
  RECV_COUNTS,
  RECV_DISPLS,
  SEND_COUNT,
  SEND_COUNTS,
  SEND_DISPLS,
} from './command.ts';
import { MAX_COUNT } from './environment.ts';

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
 * {@link setCounts} for collectives that can take blocks of whole units (`BlockUnit` of
 * `native/mpi/large_count.h`): where a count or displacement is more than MPI takes, all are divided
 * by their largest common divisor, which goes into the count's slot.
 */
export function setBlocks(...args: Parameters<typeof setCounts>): void {
  const [side, available, size, counts, displs, names] = args;
  command[side === 'send' ? SEND_COUNT : RECV_COUNT] = 1;
  const large = available > MAX_COUNT && counts !== undefined;
  const unit = large ? commonUnit(counts, displs) : 1;
  setCounts(side, available, size, counts, displs, names, unit);
  command[side === 'send' ? SEND_COUNT : RECV_COUNT] = unit;
}

/**
 * Puts explicit counts and displacements into the command block.
 * @param available elements in the buffer, against which they are checked
 * @param names of the options in errors
 * @param unit divides all counts, and the displacements of blocks that are not empty
 */
export function setCounts(
  side: 'send' | 'recv',
  available: number,
  size: number,
  counts: ArrayLike<number> | undefined,
  displs: ArrayLike<number> | undefined,
  names: { readonly counts: string; readonly displs: string },
  unit = 1,
): void {
  if (counts === undefined || counts.length !== size) {
    throw new ArgumentRangeError(names.counts, `${size} counts, one a rank`, listed(counts));
  }
  if (displs !== undefined && displs.length !== size) {
    throw new ArgumentRangeError(names.displs, `${size} displacements, one a rank`, listed(displs));
  }
  const scratch = scratchFor(side, size);
  let next = 0;
  let inOrder = true;
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
    if (count / unit > MAX_COUNT || (count > 0 && displ / unit > MAX_COUNT)) {
      throw new ArgumentRangeError(
        names.counts,
        `counts and displacements of at most ${MAX_COUNT}, or with a large common divisor`,
        listed(counts),
      );
    }
    scratch.counts[rank] = count / unit;
    scratch.displs[rank] = count === 0 ? 0 : displ / unit;
    if (count > 0) {
      inOrder &&= displ >= next;
      next = displ + count;
    }
  }
  if (side === 'recv' && !inOrder) checkDisjoint(counts, displs!, names);
  command[side === 'send' ? SEND_COUNTS : RECV_COUNTS] = addressOfInts(scratch.counts);
  command[side === 'send' ? SEND_DISPLS : RECV_DISPLS] = addressOfInts(scratch.displs);
}

/** Throws when blocks that are received lie over each other: who would win? */
function checkDisjoint(
  counts: ArrayLike<number>,
  displs: ArrayLike<number>,
  names: { readonly counts: string; readonly displs: string },
): void {
  const filled = Array.from(counts, (_, rank) => rank).filter((rank) => counts[rank] > 0);
  filled.sort((a, b) => displs[a] - displs[b]);
  for (let k = 1; k < filled.length; k++) {
    const [rank, next] = [filled[k - 1], filled[k]];
    if (displs[rank] + counts[rank] <= displs[next]) continue;
    const expected = `blocks beside each other, not those of ranks ${rank} and ${next} in one place`;
    throw new ArgumentRangeError(names.displs, expected, listed(displs));
  }
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

/** Elements of the largest unit that all blocks consist of and begin at a multiple of. */
function commonUnit(counts: ArrayLike<number>, displs: ArrayLike<number> | undefined): number {
  let unit = 0;
  let next = 0;
  let largest = 0;
  for (let rank = 0; rank < counts.length; rank++) {
    const displ = displs === undefined ? next : displs[rank];
    next = displ + counts[rank];
    if (counts[rank] === 0) continue;
    largest = Math.max(largest, counts[rank], displ);
    unit = divisor(divisor(unit, counts[rank]), displ);
  }
  // Whatever is no integer is found by setCounts.
  return largest <= MAX_COUNT || !Number.isInteger(unit) || unit < 1 ? 1 : unit;
}

function divisor(a: number, b: number): number {
  return b === 0 || !Number.isInteger(b) ? a : divisor(b, a % b);
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
