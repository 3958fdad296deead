/** Files that the processes of a communicator read and write together (MPI-IO). */
import { ArgumentTypeError } from '../errors.ts';
import { agree } from './agreement.ts';
import { ARGUMENT1, COMM, command, OUTPUT, RESULT, raw } from './command.ts';
import { Comm } from './communicator.ts';
import { commandError, nullCommunicatorError } from './errors.ts';
import { checkOpenable, type FileMode, parseFileMode } from './fileMode.ts';
import { checkName, type FileInfo, setHints, setText } from './fileText.ts';
import { debugging, track, untrack } from './leaks.ts';
import { SplitFileTransfers } from './splitFileTransfers.ts';

/** Options of {@link File.open}. */
export interface FileOptions {
  /** One of the letters, or a combination of the `MODE_` constants. Default `r`. */
  readonly mode?: FileMode | number;
  readonly info?: FileInfo;
}

/**
 * A file that all ranks of a communicator have open.
 *
 * Each rank sees the file through its view ({@link File.setView}), which is all of it, in bytes, at
 * first. Offsets and positions count elementary types of the view. A transfer has its place given
 * (`At`), or begins at the rank's own file pointer or at one that all share (`Shared`, `Ordered`);
 * those with `All` and `Ordered` are collective, and those with an `i` in front return a
 * {@link Request}.
 *
 * @remarks What one rank writes is seen by another after `sync()`, a barrier and `sync()` again, or
 * after closing and opening; at once where {@link File.atomicity} is set. Closing is collective, so it
 * never happens behind your back: call {@link File.close}, or declare with `using`.
 */
export class File extends SplitFileTransfers {
  /** Its name, as it was given. */
  readonly name: string;

  private constructor(handle: number, name: string) {
    super(handle);
    this.name = name;
    if (debugging) track('file', handle);
  }

  /**
   * Opens a file (`MPI_File_open`), on every rank or on none.
   * @param name of a file that all ranks see, the same on every rank
   * @remarks Collective.
   * @throws {@link MPIError} on every rank alike, that of the lowest rank that failed:
   * `MPI_ERR_NO_SUCH_FILE`, `MPI_ERR_ACCESS`, `MPI_ERR_FILE_EXISTS`, `MPI_ERR_BAD_FILE` (a directory),
   * `MPI_ERR_READ_ONLY` (a file system that is), …
   */
  static open(comm: Comm, name: string, options?: FileOptions): File {
    if (!(comm instanceof Comm)) throw new ArgumentTypeError('comm', 'a communicator', comm);
    checkName('name', name);
    const mode = options?.mode ?? 'r';
    const amode = parseFileMode(mode);
    if (comm.isNull) throw nullCommunicatorError('MPI_File_open');
    setHints(options?.info, 'options.info');
    // MPI first makes a file that is missing: whether there is one must be looked at before.
    agree(comm, () => checkOpenable(name, amode));
    const file = agree(comm, () => {
      const kept = [setText(name), setHints(options?.info, 'options.info')];
      command[COMM] = comm.handle;
      command[ARGUMENT1] = amode;
      raw.fileOpen();
      if (command[RESULT] !== 0) throw commandError('MPI_File_open');
      void kept;
      return new File(command[OUTPUT], name);
    });
    if (mode === 'w') file.setSize(0);
    return file;
  }

  /**
   * Deletes a file (`MPI_File_delete`). Not collective: one rank does it.
   * @throws {@link MPIError} `MPI_ERR_NO_SUCH_FILE`, `MPI_ERR_ACCESS`, …
   */
  static delete(name: string, options?: { readonly info?: FileInfo }): void {
    checkName('name', name);
    const kept = [setText(name), setHints(options?.info, 'options.info')];
    raw.fileDelete();
    if (command[RESULT] !== 0) throw commandError('MPI_File_delete');
    void kept;
  }

  /**
   * Closes the file (`MPI_File_close`), after waiting for the transfers that were started.
   * @remarks Collective.
   * @throws {@link MPIError} `MPI_ERR_FILE` when it was closed already
   */
  close(): void {
    this.finishTransfers();
    this.tell(raw.fileClose, 'MPI_File_close', 0);
    if (debugging) untrack(this.handle);
    this.handle = 0;
  }

  /** {@link File.close}, for `using`; does nothing when it was closed before. */
  [Symbol.dispose](): void {
    if (this.handle !== 0) this.close();
  }

  override toString(): string {
    return `File('${this.name}'${this.handle === 0 ? ', closed' : ''})`;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
