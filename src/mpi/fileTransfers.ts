/** Reading and writing of files that comes back when it is done, and the file pointers. */
import { ArgumentRangeError } from '../errors.ts';
import { type BufferLike, setSend } from './buffer.ts';
import * as commandBlock from './command.ts';
import { ANY_SOURCE, ANY_TAG } from './environment.ts';
import { commandError } from './errors.ts';
import { checkOffset, closedError, FileHandle, type FileOffset } from './fileHandle.ts';
import { Status } from './status.ts';
import { checkRoom } from './stridedView.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  command,
  RESULT,
  raw,
  SEND_COUNT,
  STATUS_BYTES,
  STATUS_COUNT,
} = commandBlock;

/** Where {@link FileTransfers.seek} counts from. */
export type Whence = 'set' | 'cur' | 'end';

/** Options of {@link FileTransfers.seek}. */
export interface SeekOptions {
  /** The view's beginning (`set`, the default), the pointer's place (`cur`) or the file's end. */
  readonly whence?: Whence;
}

/** The numbers that the addon takes for them. */
const whences: readonly Whence[] = ['set', 'cur', 'end'];

/** Files that are read and written by blocking calls. */
export abstract class FileTransfers extends FileHandle {
  /**
   * Moves the file pointer of this process (`MPI_File_seek`).
   * @param offset in elementary types of the view; may be negative unless counted from the beginning
   * @throws {@link MPIError} when it would come to lie before the view's beginning
   */
  seek(offset: FileOffset, options?: SeekOptions): void {
    this.setSeek(offset, options);
    this.tell(raw.fileSeek, 'MPI_File_seek', command[ARGUMENT1]);
  }

  /** Where the file pointer of this process is, in elementary types (`MPI_File_get_position`). */
  get position(): number {
    return this.ask(raw.filePosition, 'MPI_File_get_position');
  }

  /**
   * Moves the file pointer that all ranks share (`MPI_File_seek_shared`). See {@link seek}.
   * @remarks Collective: the same on every rank.
   */
  seekShared(offset: FileOffset, options?: SeekOptions): void {
    this.setSeek(offset, options);
    this.tell(raw.fileSeekShared, 'MPI_File_seek_shared', command[ARGUMENT1]);
  }

  /** Where the shared file pointer is, in elementary types (`MPI_File_get_position_shared`). */
  get positionShared(): number {
    return this.ask(raw.filePositionShared, 'MPI_File_get_position_shared');
  }

  /**
   * Reads from where the file pointer of this process is, and moves it on (`MPI_File_read`).
   * @param buffer room for what is read
   * @returns a status whose `count` says how many elements there were: fewer than asked for at the
   * file's end
   * @throws {@link MPIError}
   */
  read(buffer: BufferLike): Status {
    this.setRoom(buffer);
    return this.transfer(raw.fileRead, 'MPI_File_read');
  }

  /**
   * Reads from a place in the view (`MPI_File_read_at`); moves no file pointer. See {@link read}.
   * @param offset in elementary types of the view
   */
  readAt(offset: FileOffset, buffer: BufferLike): Status {
    this.setRoomAt(offset, buffer);
    return this.transfer(raw.fileReadAt, 'MPI_File_read_at');
  }

  /**
   * {@link read}, by all ranks together (`MPI_File_read_all`), which lets MPI read long runs and deal
   * them out.
   * @remarks Collective.
   */
  readAll(buffer: BufferLike): Status {
    this.setRoom(buffer);
    return this.transfer(raw.fileReadAll, 'MPI_File_read_all');
  }

  /** {@link readAt}, by all ranks together (`MPI_File_read_at_all`). @remarks Collective. */
  readAtAll(offset: FileOffset, buffer: BufferLike): Status {
    this.setRoomAt(offset, buffer);
    return this.transfer(raw.fileReadAtAll, 'MPI_File_read_at_all');
  }

  /**
   * Reads from where the file pointer is that all ranks share, and moves it on
   * (`MPI_File_read_shared`): each part goes to one rank, in no particular order.
   * @remarks All ranks must have the same view.
   */
  readShared(buffer: BufferLike): Status {
    this.setRoom(buffer);
    return this.transfer(raw.fileReadShared, 'MPI_File_read_shared');
  }

  /**
   * Reads from where the shared file pointer is, in the order of the ranks
   * (`MPI_File_read_ordered`).
   * @remarks Collective.
   */
  readOrdered(buffer: BufferLike): Status {
    this.setRoom(buffer);
    return this.transfer(raw.fileReadOrdered, 'MPI_File_read_ordered');
  }

  /**
   * Writes where the file pointer of this process is, and moves it on (`MPI_File_write`).
   * @param buffer elements to write
   * @returns a status whose `count` says how many elements were written
   * @throws {@link MPIError} `MPI_ERR_NO_SPACE`, `MPI_ERR_READ_ONLY`, …
   */
  write(buffer: BufferLike): Status {
    this.setTransfer(buffer);
    return this.transfer(raw.fileWrite, 'MPI_File_write');
  }

  /**
   * Writes to a place in the view (`MPI_File_write_at`); moves no file pointer. See {@link write}.
   * @param offset in elementary types of the view
   */
  writeAt(offset: FileOffset, buffer: BufferLike): Status {
    this.setTransferAt(offset, buffer);
    return this.transfer(raw.fileWriteAt, 'MPI_File_write_at');
  }

  /**
   * {@link write}, by all ranks together (`MPI_File_write_all`), which lets MPI gather what they have
   * into long runs.
   * @remarks Collective.
   */
  writeAll(buffer: BufferLike): Status {
    this.setTransfer(buffer);
    return this.transfer(raw.fileWriteAll, 'MPI_File_write_all');
  }

  /** {@link writeAt}, by all ranks together (`MPI_File_write_at_all`). @remarks Collective. */
  writeAtAll(offset: FileOffset, buffer: BufferLike): Status {
    this.setTransferAt(offset, buffer);
    return this.transfer(raw.fileWriteAtAll, 'MPI_File_write_at_all');
  }

  /**
   * Writes where the file pointer is that all ranks share, and moves it on (`MPI_File_write_shared`):
   * what they write lies one behind the other, in no particular order.
   * @remarks All ranks must have the same view.
   */
  writeShared(buffer: BufferLike): Status {
    this.setTransfer(buffer);
    return this.transfer(raw.fileWriteShared, 'MPI_File_write_shared');
  }

  /**
   * Writes where the shared file pointer is, in the order of the ranks (`MPI_File_write_ordered`).
   * @remarks Collective.
   */
  writeOrdered(buffer: BufferLike): Status {
    this.setTransfer(buffer);
    return this.transfer(raw.fileWriteOrdered, 'MPI_File_write_ordered');
  }

  /** Puts the arguments of a transfer into the command block. @internal */
  protected setTransfer(buffer: BufferLike): void {
    setSend(buffer, 'buffer');
    command[ARGUMENT0] = this.handle;
  }

  /** The same with a place in the view. @internal */
  protected setTransferAt(offset: FileOffset, buffer: BufferLike): void {
    const place = checkOffset('offset', offset);
    this.setTransfer(buffer);
    command[ARGUMENT1] = place;
  }

  /** {@link setTransfer} of a buffer that is read into. @internal */
  protected setRoom(buffer: BufferLike): void {
    checkRoom(buffer, 'buffer');
    this.setTransfer(buffer);
  }

  /** The same with a place in the view. @internal */
  protected setRoomAt(offset: FileOffset, buffer: BufferLike): void {
    checkRoom(buffer, 'buffer');
    this.setTransferAt(offset, buffer);
  }

  private transfer(action: () => void, call: string): Status {
    if (this.handle === 0) throw closedError(call);
    action();
    if (command[RESULT] !== 0) throw commandError(call, SEND_COUNT);
    return fileStatus(command[STATUS_COUNT], command[STATUS_BYTES]);
  }

  private setSeek(offset: FileOffset, options: SeekOptions | undefined): void {
    const whence = options?.whence ?? 'set';
    const index = whences.indexOf(whence);
    if (index < 0) throw new ArgumentRangeError('options.whence', "'set', 'cur' or 'end'", whence);
    command[ARGUMENT1] = checkOffset('offset', offset, index === 0 ? 0 : Number.MIN_SAFE_INTEGER);
    command[ARGUMENT2] = index;
  }
}

/** The status of a transfer: nobody has sent it, and it has no tag. */
export function fileStatus(count: number, bytes: number): Status {
  return new Status(ANY_SOURCE, ANY_TAG, count, bytes);
}
