/** Memory that a command reads while it runs. */

const kept: ArrayBufferView[] = [];
let next = 0;

/**
 * Keeps memory whose address is in the command block until 8 more have been kept: V8 does not know
 * that C++ still reads it, and could free it while the other arguments are made.
 */
export function keep<T extends ArrayBufferView>(view: T): T {
  kept[next] = view;
  next = (next + 1) % 8;
  return view;
}
