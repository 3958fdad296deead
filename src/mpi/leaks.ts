/** Under `DISTARRAY_DEBUG`: which MPI objects were made where, and are not freed at the end. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Whether `DISTARRAY_DEBUG` is set. */
export const debugging = !['', '0', undefined].includes(process.env.DISTARRAY_DEBUG);

type Kind =
  | 'communicator'
  | 'group'
  | 'request'
  | 'datatype'
  | 'operation'
  | 'window'
  | 'file'
  | 'message';

const open = new Map<number, { readonly kind: Kind; readonly where: string }>();
const ownFolder = dirname(fileURLToPath(import.meta.url));

/** Takes note of an object that somebody must free, or complete. */
export function track(kind: Kind, handle: number): void {
  if (handle !== 0) open.set(handle, { kind, where: callerOf(new Error().stack ?? '') });
}

/** The object is gone, or is not ours to free. */
export function untrack(handle: number): void {
  open.delete(handle);
}

/** Returns lines on the objects that are left, the places where most were made first. */
export function leakReport(): string[] {
  const places = new Map<string, number>();
  for (const { kind, where } of open.values()) {
    const place = `${kind} made ${where}`;
    places.set(place, (places.get(place) ?? 0) + 1);
  }
  return [...places]
    .sort(([, a], [, b]) => b - a)
    .map(([place, count]) => `not freed: ${count} × ${place}`);
}

/** The first caller outside of this folder. */
function callerOf(stack: string): string {
  const frames = stack.split('\n').slice(1);
  const caller = frames.find((frame) => !frame.includes(ownFolder)) ?? 'at an unknown place';
  return caller.trim();
}
