/** What the memory of a view is like, whatever the view says of itself. */

type Getter = (this: unknown) => number;

function getter(prototype: object): Getter {
  return Object.getOwnPropertyDescriptor(prototype, 'byteLength')!.get as Getter;
}

const bytesOfArray = getter(Object.getPrototypeOf(Uint8Array.prototype));
const elementAt = Uint8Array.prototype.at;
const bytesOfDataView = getter(DataView.prototype);

/** Bytes that a view shows; 0 when its memory has gone. */
export function bytesOf(view: ArrayBufferView): number {
  if (!(view instanceof DataView)) return bytesOfArray.call(view);
  try {
    return bytesOfDataView.call(view);
  } catch {
    return 0;
  }
}

/** Whether the memory was transferred, or cut off, and was not just empty from the beginning. */
export function isGone(view: ArrayBufferView): boolean {
  if (bytesOf(view) > 0) return false;
  try {
    // Both throw then.
    if (view instanceof DataView) bytesOfDataView.call(view);
    else elementAt.call(view as Uint8Array, 0);
    return false;
  } catch {
    return true;
  }
}

/** Whether memory may be cut off a buffer: MPI would then go on writing to it. */
export function canShrink(view: ArrayBufferView): boolean {
  const { buffer } = view as { buffer: ArrayBufferLike & { readonly resizable?: boolean } };
  // A SharedArrayBuffer only grows.
  return buffer instanceof ArrayBuffer && buffer.resizable === true;
}
