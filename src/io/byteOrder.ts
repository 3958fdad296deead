/** Bytes of files as the memory has them. */
import { DTYPES, type Dtype, type TypedArrayOf } from '../dtype/dtype.ts';
import { copyTo } from '../kernels/copy.ts';
import { viewOf } from '../kernels/stridedView.ts';

/** Turns the bytes of each number around (of complex ones both parts), in place. */
export function swapBytes(bytes: Uint8Array, dtype: Dtype): void {
  const { itemsize, lanes } = DTYPES[dtype];
  const memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (itemsize / lanes) {
    case 2:
      memory.swap16();
      return;
    case 4:
      memory.swap32();
      return;
    case 8:
      memory.swap64();
  }
}

/** Makes bools of bytes, in place: a file may have others than 0 and 1, which are true. */
export function normalizeBools<D extends Dtype>(elements: TypedArrayOf<D>, dtype: D): void {
  if (dtype !== 'bool' || elements.length === 0) return;
  const bytes = elements as Uint8Array;
  const shape = [bytes.length];
  copyTo(viewOf(bytes, 'bool', shape), viewOf(bytes, 'uint8', shape), { casting: 'unsafe' });
}

/** Returns the memory of elements as bytes. */
export function bytesOf(elements: ArrayBufferView): Uint8Array {
  return new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
}
