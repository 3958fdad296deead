/** Checks of the arguments that functions of files share. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import { Comm } from '../mpi/communicator.ts';

/** What becomes of a file that exists: `w` replaces it, `w-` fails. */
export type WriteMode = 'w' | 'w-';

/** @throws {@link ArgumentTypeError} unless the options are an object */
export function checkOptions(options: unknown, argument = 'options'): void {
  if (typeof options !== 'object' || options === null) {
    throw new ArgumentTypeError(argument, 'an object', options);
  }
}

/** @throws {@link ArgumentTypeError} or {@link ArgumentRangeError} unless a file can have the name */
export function checkFileName(name: unknown, argument: string): asserts name is string {
  if (typeof name !== 'string') throw new ArgumentTypeError(argument, 'a path', name);
  if (name === '' || name.includes('\0')) throw new ArgumentRangeError(argument, 'a path', name);
}

/** @throws {@link ArgumentRangeError} unless it is a mode of writing */
export function checkWriteMode(mode: unknown): asserts mode is WriteMode {
  if (mode === 'w' || mode === 'w-') return;
  throw new ArgumentRangeError('options.mode', "'w' or 'w-'", mode);
}

/** @throws {@link ArgumentTypeError} unless it is a communicator */
export function checkComm(comm: unknown): asserts comm is Comm {
  if (comm instanceof Comm && !comm.isNull) return;
  throw new ArgumentTypeError('options.comm', 'a communicator', comm);
}
