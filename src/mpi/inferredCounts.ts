/** Counts that the caller has left out: the ranks tell each other before the collective itself. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { type BufferLike, elementSize, IN_PLACE, type InPlace, setSend } from './buffer.ts';
import { BLOCKING, command, MODE } from './command.ts';

/** Does something by blocking calls, also when the collective itself is only started. */
export function blocking<T>(action: () => T): T {
  const mode = command[MODE];
  command[MODE] = BLOCKING;
  try {
    return action();
  } finally {
    command[MODE] = mode;
  }
}

/** Bytes of a rank's own block. */
export function bytesOfBlock(buffer: BufferLike | InPlace, argument: string): number {
  if (buffer === IN_PLACE) {
    throw new ArgumentTypeError('options.counts', 'counts beside IN_PLACE', undefined);
  }
  return setSend(buffer, argument) * elementSize(buffer);
}

/** The blocks' bytes as elements of the buffer that they are parts of. */
export function asElements(
  bytes: ArrayLike<number>,
  whole: BufferLike | null | undefined,
  argument: string,
): number[] {
  const size = whole === null || whole === undefined ? 1 : elementSize(whole);
  return Array.from(bytes, (count, rank) => {
    if (count % size === 0) return count / size;
    const expected = `elements of ${size} bytes, of which blocks are made`;
    throw new ArgumentRangeError(argument, expected, `${count} bytes of rank ${rank}`);
  });
}
