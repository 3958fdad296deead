/** Collective reading and writing of files in two calls, a beginning and an end. */
import type { BufferLike } from './buffer.ts';
import { classError } from './errors.ts';
import { closedError, type FileOffset } from './fileHandle.ts';
import type { Request } from './request.ts';
import { StartedFileTransfers } from './startedFileTransfers.ts';
import type { Status } from './status.ts';

/** What a beginning leaves for its end. */
interface Begun {
  readonly name: string;
  readonly finish: () => Status;
}

/**
 * Files with the split collectives of MPI. At most one is under way on a file; no other collective
 * transfer may come in between. Each does what the nonblocking form does, whose requests can be waited
 * for in any order and awaited; those in the order of the ranks, which have none, do their work when
 * they begin.
 */
export abstract class SplitFileTransfers extends StartedFileTransfers {
  private begun: Begun | undefined;

  /** Begins a {@link FileTransfers.readAll} (`MPI_File_read_all_begin`). @remarks Collective. */
  readAllBegin(buffer: BufferLike): void {
    this.begin('MPI_File_read_all', () => this.ireadAll(buffer));
  }

  /** Ends it and returns its status (`MPI_File_read_all_end`). @remarks Collective. */
  readAllEnd(): Status {
    return this.end('MPI_File_read_all');
  }

  /** Begins a {@link FileTransfers.readAtAll} (`MPI_File_read_at_all_begin`). @remarks Collective. */
  readAtAllBegin(offset: FileOffset, buffer: BufferLike): void {
    this.begin('MPI_File_read_at_all', () => this.ireadAtAll(offset, buffer));
  }

  /** Ends it and returns its status (`MPI_File_read_at_all_end`). @remarks Collective. */
  readAtAllEnd(): Status {
    return this.end('MPI_File_read_at_all');
  }

  /** Begins a {@link FileTransfers.readOrdered} (`MPI_File_read_ordered_begin`). @remarks Collective. */
  readOrderedBegin(buffer: BufferLike): void {
    this.begin('MPI_File_read_ordered', () => this.readOrdered(buffer));
  }

  /** Ends it and returns its status (`MPI_File_read_ordered_end`). @remarks Collective. */
  readOrderedEnd(): Status {
    return this.end('MPI_File_read_ordered');
  }

  /** Begins a {@link FileTransfers.writeAll} (`MPI_File_write_all_begin`). @remarks Collective. */
  writeAllBegin(buffer: BufferLike): void {
    this.begin('MPI_File_write_all', () => this.iwriteAll(buffer));
  }

  /** Ends it and returns its status (`MPI_File_write_all_end`). @remarks Collective. */
  writeAllEnd(): Status {
    return this.end('MPI_File_write_all');
  }

  /** Begins a {@link FileTransfers.writeAtAll} (`MPI_File_write_at_all_begin`). @remarks Collective. */
  writeAtAllBegin(offset: FileOffset, buffer: BufferLike): void {
    this.begin('MPI_File_write_at_all', () => this.iwriteAtAll(offset, buffer));
  }

  /** Ends it and returns its status (`MPI_File_write_at_all_end`). @remarks Collective. */
  writeAtAllEnd(): Status {
    return this.end('MPI_File_write_at_all');
  }

  /** Begins a {@link FileTransfers.writeOrdered} (`MPI_File_write_ordered_begin`). @remarks Collective. */
  writeOrderedBegin(buffer: BufferLike): void {
    this.begin('MPI_File_write_ordered', () => this.writeOrdered(buffer));
  }

  /** Ends it and returns its status (`MPI_File_write_ordered_end`). @remarks Collective. */
  writeOrderedEnd(): Status {
    return this.end('MPI_File_write_ordered');
  }

  private begin(name: string, start: () => Request | Status): void {
    if (this.handle === 0) throw closedError(`${name}_begin`);
    if (this.begun !== undefined) {
      const why = `what ${this.begun.name}_begin began has not ended`;
      throw classError(`${name}_begin`, 'MPI_ERR_OTHER', why);
    }
    const started = start();
    this.begun = { name, finish: () => ('wait' in started ? started.wait() : started) };
  }

  private end(name: string): Status {
    const { begun } = this;
    if (begun?.name !== name) {
      throw classError(`${name}_end`, 'MPI_ERR_OTHER', `${name}_begin has not been called`);
    }
    this.begun = undefined;
    return begun.finish();
  }
}
