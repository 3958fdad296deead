/** Compiling on one process of each host. */
import { DistArrayError } from '../errors.ts';
import { agree, broadcastText, checkSame } from '../mpi/agreement.ts';
import { createKeyval, getAttribute, setAttribute } from '../mpi/attributes.ts';
import type { Comm } from '../mpi/communicator.ts';
import { untrack } from '../mpi/leaks.ts';
import { compileEntry, PendingLibrary, requireEntry, startCompile } from './compile.ts';
import { CompileError } from './errors.ts';
import type { Library } from './library.ts';
import type { CompileRequest } from './request.ts';

const hostCopy = createKeyval<Comm>({ delete: (copy) => copy.free() });

/** The processes of a communicator on this host; made once, and freed with the communicator. */
function ofHost(comm: Comm): Comm {
  const known = getAttribute(comm, hostCopy);
  if (known !== undefined) return known;
  const host = comm.splitType('shared');
  untrack(host.handle);
  setAttribute(comm, hostCopy, host);
  return host;
}

/** What the process that compiles tells the others of its host. */
type Outcome =
  | { readonly entry: string }
  | { readonly code: string; readonly message: string; readonly output?: string };

/**
 * Returns the library of a source on every process of a communicator. The first process of each host compiles it, unless
 * the cache has it, and the others load the file.
 *
 * @param explained - makes the error that is thrown of a compiler's; by default it is thrown as it is
 * @remarks Collective.
 * @throws {@link DistArrayError} as `compile`, on every process alike
 * @throws {@link ArgumentRangeError} on every process alike when their sources differ
 */
export function compileTogether(
  comm: Comm,
  request: CompileRequest,
  explained: (error: CompileError) => CompileError = (error) => error,
): Library {
  checkSame(comm, { source: JSON.stringify(request) });
  const host = ofHost(comm);
  const own = host.rank === 0 ? JSON.stringify(attempt(request)) : '';
  const outcome: Outcome = JSON.parse(host.size === 1 ? own : broadcastText(host, own, 0));
  return agree(comm, () => {
    if ('entry' in outcome) return requireEntry(outcome.entry);
    const { code, message, output } = outcome;
    if (output === undefined) throw new DistArrayError(code, message);
    throw explained(new CompileError(message, [], output));
  });
}

function attempt(request: CompileRequest): Outcome {
  try {
    return { entry: compileEntry(request) };
  } catch (error) {
    const { code = 'ERR_COMPILE', message } = error as { code?: string; message: string };
    return error instanceof CompileError
      ? { code, message, output: error.output }
      : { code, message };
  }
}

/**
 * Starts to compile a source on the first process of each host, and returns at once what becomes the library on every
 * process; null on all processes of a host that has no compiler or no cache.
 *
 * @remarks Collective; looking for the library later is not, and one process may see it earlier than another.
 */
export function startCompileTogether(comm: Comm, request: CompileRequest): PendingLibrary | null {
  const host = ofHost(comm);
  const own = host.rank === 0 ? startCompile(request) : null;
  if (host.size === 1) return own;
  const entry = broadcastText(host, own?.entry ?? '', 0);
  if (host.rank === 0 || entry === '') return own;
  return new PendingLibrary(entry, null);
}
