/** Reading and writing of files that is started now and complete later. */
import { type BufferLike, checkLasting, memoryOf } from './buffer.ts';
import * as commandBlock from './command.ts';
import { commandError } from './errors.ts';
import { closedError, type FileOffset } from './fileHandle.ts';
import { FileTransfers, fileStatus } from './fileTransfers.ts';
import { Request } from './request.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { BLOCKING, command, MODE, NONBLOCKING, OUTPUT, RESULT, raw, SEND_COUNT } = commandBlock;

/**
 * Files whose reads and writes can be started. File pointers move on when a transfer is started, not
 * when it is complete.
 */
export abstract class StartedFileTransfers extends FileTransfers {
  private readonly started = new Set<Request>();

  /** Starts a {@link FileTransfers.read} (`MPI_File_iread`). */
  iread(buffer: BufferLike): Request {
    this.setRoom(buffer);
    return this.startTransfer(raw.fileRead, 'MPI_File_iread', buffer);
  }

  /** Starts a {@link FileTransfers.readAt} (`MPI_File_iread_at`). */
  ireadAt(offset: FileOffset, buffer: BufferLike): Request {
    this.setRoomAt(offset, buffer);
    return this.startTransfer(raw.fileReadAt, 'MPI_File_iread_at', buffer);
  }

  /** Starts a {@link FileTransfers.readAll} (`MPI_File_iread_all`). @remarks Collective. */
  ireadAll(buffer: BufferLike): Request {
    this.setRoom(buffer);
    return this.startTransfer(raw.fileReadAll, 'MPI_File_iread_all', buffer);
  }

  /** Starts a {@link FileTransfers.readAtAll} (`MPI_File_iread_at_all`). @remarks Collective. */
  ireadAtAll(offset: FileOffset, buffer: BufferLike): Request {
    this.setRoomAt(offset, buffer);
    return this.startTransfer(raw.fileReadAtAll, 'MPI_File_iread_at_all', buffer);
  }

  /** Starts a {@link FileTransfers.readShared} (`MPI_File_iread_shared`). */
  ireadShared(buffer: BufferLike): Request {
    this.setRoom(buffer);
    return this.startTransfer(raw.fileReadShared, 'MPI_File_iread_shared', buffer);
  }

  /** Starts a {@link FileTransfers.write} (`MPI_File_iwrite`). */
  iwrite(buffer: BufferLike): Request {
    this.setTransfer(buffer);
    return this.startTransfer(raw.fileWrite, 'MPI_File_iwrite', buffer);
  }

  /** Starts a {@link FileTransfers.writeAt} (`MPI_File_iwrite_at`). */
  iwriteAt(offset: FileOffset, buffer: BufferLike): Request {
    this.setTransferAt(offset, buffer);
    return this.startTransfer(raw.fileWriteAt, 'MPI_File_iwrite_at', buffer);
  }

  /** Starts a {@link FileTransfers.writeAll} (`MPI_File_iwrite_all`). @remarks Collective. */
  iwriteAll(buffer: BufferLike): Request {
    this.setTransfer(buffer);
    return this.startTransfer(raw.fileWriteAll, 'MPI_File_iwrite_all', buffer);
  }

  /** Starts a {@link FileTransfers.writeAtAll} (`MPI_File_iwrite_at_all`). @remarks Collective. */
  iwriteAtAll(offset: FileOffset, buffer: BufferLike): Request {
    this.setTransferAt(offset, buffer);
    return this.startTransfer(raw.fileWriteAtAll, 'MPI_File_iwrite_at_all', buffer);
  }

  /** Starts a {@link FileTransfers.writeShared} (`MPI_File_iwrite_shared`). */
  iwriteShared(buffer: BufferLike): Request {
    this.setTransfer(buffer);
    return this.startTransfer(raw.fileWriteShared, 'MPI_File_iwrite_shared', buffer);
  }

  /** Waits for what was started; what fails, tells whoever waits for the request. @internal */
  protected finishTransfers(): void {
    for (const request of this.started) {
      if (request.isComplete) continue;
      try {
        request.wait();
      } catch {
        // The request has kept the error.
      }
    }
    this.started.clear();
  }

  private startTransfer(action: () => void, call: string, buffer: BufferLike): Request {
    if (this.handle === 0) throw closedError(call);
    checkLasting(buffer, 'buffer');
    command[MODE] = NONBLOCKING;
    action();
    command[MODE] = BLOCKING;
    if (command[RESULT] !== 0) throw commandError(call, SEND_COUNT);
    const request: Request = new Request(
      call,
      command[OUTPUT],
      memoryOf(buffer),
      undefined,
      ({ count, bytes }) => {
        this.started.delete(request);
        return fileStatus(count, bytes);
      },
      buffer,
    );
    this.started.add(request);
    return request;
  }
}
