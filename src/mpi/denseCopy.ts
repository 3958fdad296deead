/**
 * Copies of strided ndarrays, for collectives that no datatype can describe them to: reductions take
 * predefined datatypes only, and blocks of ranks may begin anywhere in a view.
 */
import type { BufferLike, InPlace, TypedArray } from './buffer.ts';
import { BLOCKING, command, MODE } from './command.ts';
import { checkWritable, isDense, isNdArray, type NdArrayLike, stepsOf } from './stridedView.ts';

// What has to be done when the collective that was just started is complete.
let copyBack: (() => void) | undefined;

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
  const from = isStrided(sendbuf) ? denseCopy(sendbuf as NdArrayLike) : sendbuf;
  if (!isStrided(recvbuf)) {
    perform(from as Send, recvbuf);
    if (command[MODE] !== BLOCKING) copyBack = keeping(from, () => {});
    return;
  }
  const view = recvbuf as NdArrayLike;
  checkWritable(stepsOf(view, 'recvbuf'), 'recvbuf');
  // What the collective leaves alone is copied back as it was.
  const into = denseCopy(view);
  perform(from as Send, into as BufferLike as Recv);
  if (command[MODE] === BLOCKING) copyElements(view, into, true);
  else copyBack = keeping(from, () => copyElements(view, into, true));
}

/** What completes the collective that was just started; undefined when nothing was copied. */
export function takeCopiesBack(): (() => void) | undefined {
  const taken = copyBack;
  copyBack = undefined;
  return taken;
}

/** The function, which holds on to memory that MPI reads until it is called. */
function keeping(memory: unknown, complete: () => void): () => void {
  return () => {
    void memory;
    complete();
  };
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
