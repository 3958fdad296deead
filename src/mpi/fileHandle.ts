/** What every open file has: its handle, its size, its hints, and the view through which it is seen. */
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import * as commandBlock from './command.ts';
import { Datatype } from './datatype.ts';
import { classError, commandError } from './errors.ts';
import { type FileInfo, setHints, setText, takeHints } from './fileText.ts';
import { Group } from './group.ts';
import { BYTE } from './predefinedTypes.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const { ARGUMENT0, ARGUMENT1, command, OUTPUT, RECV_TYPE, RESULT, raw, SEND_TYPE } = commandBlock;

/** An offset or size in a file. Results are numbers; a file is never as long as 2^53 bytes. */
export type FileOffset = number | bigint;

/** How a file's bytes stand for elements: as in memory, or the same on every machine. */
export type DataRepresentation = 'native' | 'internal' | 'external32';

/** Options of {@link FileHandle.setView}. */
export interface FileViewOptions {
  /** Default `native`. */
  readonly datarep?: DataRepresentation;
  readonly info?: FileInfo;
}

/** The part of a file that a process sees. */
export interface FileView {
  /** Bytes of the file before the view begins. */
  readonly displacement: number;
  /** Elementary type: offsets and positions count these. */
  readonly etype: Datatype;
  /** Which elements are seen; repeats itself up to the file's end. */
  readonly filetype: Datatype;
  readonly datarep: DataRepresentation;
}

const representations: readonly string[] = ['native', 'internal', 'external32'];

/** Base of the file classes. */
export abstract class FileHandle {
  /** The addon's handle; 0 after `close()`. @internal */
  handle: number;
  private view: FileView = { displacement: 0, etype: BYTE, filetype: BYTE, datarep: 'native' };

  /** @internal */
  constructor(handle: number) {
    this.handle = handle;
  }

  /** Whether it was closed. */
  get isClosed(): boolean {
    return this.handle === 0;
  }

  /** The processes that have opened it (`MPI_File_get_group`): a new group each time, to be freed. */
  get group(): Group {
    return new Group(this.ask(raw.fileGroup, 'MPI_File_get_group'));
  }

  /**
   * Returns the number that Fortran knows the file by (`MPI_File_c2f`), for other libraries of this
   * process.
   */
  toFortran(): number {
    return this.ask(raw.fileToFortran, 'MPI_File_c2f');
  }

  /** Bytes in the file (`MPI_File_get_size`). */
  get size(): number {
    return this.ask(raw.fileSize, 'MPI_File_get_size');
  }

  /** The access mode, a combination of the `MODE_` constants (`MPI_File_get_amode`). */
  get amode(): number {
    return this.ask(raw.fileMode, 'MPI_File_get_amode');
  }

  /**
   * Cuts the file off or makes it longer (`MPI_File_set_size`). Does not move file pointers.
   * @param bytes the same on every rank
   * @remarks Collective.
   */
  setSize(bytes: FileOffset): void {
    this.tell(raw.fileSetSize, 'MPI_File_set_size', checkOffset('bytes', bytes));
  }

  /**
   * Makes sure that there is room for so many bytes on the disk (`MPI_File_preallocate`); never makes
   * the file shorter.
   * @param bytes the same on every rank
   * @remarks Collective.
   */
  preallocate(bytes: FileOffset): void {
    this.tell(raw.filePreallocate, 'MPI_File_preallocate', checkOffset('bytes', bytes));
  }

  /**
   * Brings what this process has written to the disk, and lets it see what others have brought there
   * (`MPI_File_sync`).
   * @remarks Collective.
   */
  sync(): void {
    this.tell(raw.fileSync, 'MPI_File_sync', 0);
  }

  /** Whether others see what was written at once (`MPI_File_get_atomicity`); false at first. */
  get atomicity(): boolean {
    return this.ask(raw.fileAtomicity, 'MPI_File_get_atomicity') === 1;
  }

  /** `MPI_File_set_atomicity`. @remarks Collective: the same on every rank. */
  set atomicity(atomic: boolean) {
    if (typeof atomic !== 'boolean') throw new ArgumentTypeError('atomicity', 'a boolean', atomic);
    this.tell(raw.fileSetAtomicity, 'MPI_File_set_atomicity', atomic ? 1 : 0);
  }

  /** The hints that are in use (`MPI_File_get_info`). */
  get info(): FileInfo {
    return takeHints(() => this.ask(raw.fileInfo, 'MPI_File_get_info'));
  }

  /**
   * Gives more hints (`MPI_File_set_info`). Many count only when the file is opened.
   * @remarks Collective.
   */
  setInfo(info: FileInfo): void {
    const kept = setHints(info, 'info');
    this.tell(raw.fileSetInfo, 'MPI_File_set_info', 0, kept);
  }

  /**
   * Chooses which part of the file this process sees, and in what units (`MPI_File_set_view`). Both file
   * pointers go to its beginning.
   * @param displacement bytes of the file before the view begins
   * @param etype elementary type, which offsets and positions count
   * @param filetype which elements are seen, made of `etype`; default `etype`: all of them
   * @remarks Collective; the extent of `etype` and the data representation are the same on every rank.
   * @throws {@link MPIError} `MPI_ERR_UNSUPPORTED_DATAREP` where the MPI knows `native` only
   */
  setView(
    displacement: FileOffset,
    etype: Datatype = BYTE,
    filetype: Datatype = etype,
    options?: FileViewOptions,
  ): void {
    const datarep = options?.datarep ?? 'native';
    const bytes = checkOffset('displacement', displacement);
    checkDatatype('etype', etype);
    checkDatatype('filetype', filetype);
    if (!representations.includes(datarep)) {
      const expected = "'native', 'internal' or 'external32'";
      throw new ArgumentRangeError('options.datarep', expected, datarep);
    }
    const kept = [setText(datarep), setHints(options?.info, 'options.info')];
    command[SEND_TYPE] = etype.handle;
    command[RECV_TYPE] = filetype.handle;
    this.tell(raw.fileSetView, 'MPI_File_set_view', bytes, kept);
    this.view = { displacement: bytes, etype, filetype, datarep };
  }

  /** Returns the view (`MPI_File_get_view`): all bytes of the file at first. */
  getView(): FileView {
    if (this.handle === 0) throw closedError('MPI_File_get_view');
    return this.view;
  }

  /** Returns the bytes from one element of a datatype to the next in this file (`MPI_File_get_type_extent`). */
  typeExtent(datatype: Datatype): number {
    checkDatatype('datatype', datatype);
    command[SEND_TYPE] = datatype.handle;
    return this.ask(raw.fileTypeExtent, 'MPI_File_get_type_extent');
  }

  /**
   * Returns where in the file an offset of the view lies, in bytes (`MPI_File_get_byte_offset`).
   * @param offset in elementary types of the view
   */
  byteOffset(offset: FileOffset): number {
    command[ARGUMENT1] = checkOffset('offset', offset);
    return this.ask(raw.fileByteOffset, 'MPI_File_get_byte_offset');
  }

  /** Calls for a number. @internal */
  protected ask(action: () => void, call: string): number {
    if (this.handle === 0) throw closedError(call);
    command[ARGUMENT0] = this.handle;
    action();
    if (command[RESULT] !== 0) throw commandError(call);
    return command[OUTPUT];
  }

  /**
   * Calls with an argument.
   * @param _kept memory that the command block points to
   * @internal
   */
  protected tell(action: () => void, call: string, argument: number, _kept?: unknown): void {
    if (this.handle === 0) throw closedError(call);
    command[ARGUMENT0] = this.handle;
    command[ARGUMENT1] = argument;
    action();
    if (command[RESULT] !== 0) throw commandError(call);
  }
}

/** The offset as a number; throws when it is none, or less than `low`. */
export function checkOffset(argument: string, value: FileOffset, low = 0): number {
  if (typeof value === 'bigint') {
    if (value < BigInt(low) || value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new ArgumentRangeError(argument, `an integer in [${low}, 2^53 - 1]`, value);
    }
    return Number(value);
  }
  checkInteger(argument, value, low);
  return value;
}

/** The error for using a file that was closed. */
export function closedError(call: string): Error {
  return classError(call, 'MPI_ERR_FILE', 'the file was closed');
}

function checkDatatype(argument: string, datatype: Datatype): void {
  if (!(datatype instanceof Datatype)) {
    throw new ArgumentTypeError(argument, 'a Datatype', datatype);
  }
}
