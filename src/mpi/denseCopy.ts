/**
 * Copies of strided ndarrays, for collectives that no datatype can describe them to: reductions take
 * predefined datatypes only, and blocks of ranks may begin anywhere in a view.
 */
import type { BufferLike, InPlace, TypedArray } from './buffer.ts';
import { BLOCKING, command, MODE } from './command.ts';
import { checkWritable, isDense, isNdArray, type NdArrayLike, stepsOf } from './stridedView.ts';

/** Copies that a collective which was only started or prepared goes through. */
export interface Copies {
  /** Takes the elements as they are now, before a prepared collective is started again. */
  readonly refresh: () => void;
  /** Puts the result where it belongs, once the collective is complete. */
  readonly copyBack: () => void;
}

let copiesOfLast: Copies | undefined;

/** Whether a buffer is an ndarray whose elements are no range of memory. */
export function isStrided(buffer: unknown): boolean {
  // Nearly all buffers are typed arrays.
  if (ArrayBuffer.isView(buffer) || typeof buffer !== 'object') return false;
  return isNdArray(buffer) && !isDense(stepsOf(buffer, 'buffer'));
}

/** Performs a collective with contiguous copies in place of strided ndarrays. */
export function throughCopies<
  Send extends BufferLike | InPlace | null,
  Recv extends BufferLike | InPlace | null | undefined,
>(sendbuf: Send, recvbuf: Recv, perform: (sendbuf: Send, recvbuf: Recv) => void): void {
  const from = isStrided(sendbuf) ? denseCopy(sendbuf as NdArrayLike) : undefined;
  let into: TypedArray | undefined;
  if (isStrided(recvbuf)) {
    checkWritable(stepsOf(recvbuf as NdArrayLike, 'recvbuf'), 'recvbuf');
    // What the collective leaves alone is copied back as it was.
    into = denseCopy(recvbuf as NdArrayLike);
  }
  perform(
    (from as BufferLike | undefined as Send) ?? sendbuf,
    (into as BufferLike as Recv) ?? recvbuf,
  );
  const copyBack = () => {
    if (into !== undefined) copyElements(recvbuf as NdArrayLike, into, true);
  };
  if (command[MODE] === BLOCKING) {
    copyBack();
    return;
  }
  const refresh = () => {
    if (from !== undefined) copyElements(sendbuf as NdArrayLike, from, false);
    if (into !== undefined) copyElements(recvbuf as NdArrayLike, into, false);
  };
  copiesOfLast = { refresh, copyBack };
}

/**
 * The copies of the collective that was just started or prepared, which stay in memory with them;
 * undefined when there are none.
 */
export function takeCopies(): Copies | undefined {
  const taken = copiesOfLast;
  copiesOfLast = undefined;
  return taken;
}

function denseCopy(view: NdArrayLike): TypedArray {
  const { elements } = stepsOf(view, 'buffer');
  const Elements = view.data.constructor as new (length: number) => TypedArray;
  const dense = new Elements(elements);
  copyElements(view, dense, false);
  return dense;
}

/** Copies all elements, in C order, from the view, or `back` to it. */
function copyElements(view: NdArrayLike, dense: TypedArray, back: boolean): void {
  const { shape, stride } = stepsOf(view, 'buffer');
  const inner = shape.length - 1;
  const { data } = view;
  let position = 0;
  const copyFrom = (dimension: number, offset: number): void => {
    const step = stride[dimension];
    for (let k = 0, at = offset; k < shape[dimension]; k++, at += step) {
      if (dimension < inner) copyFrom(dimension + 1, at);
      else if (back) data[at] = dense[position++];
      else dense[position++] = data[at];
    }
  };
  copyFrom(0, view.offset);
}
