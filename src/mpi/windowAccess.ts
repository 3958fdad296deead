/** Access to the memory that other ranks expose in a window. */
import { ArgumentRangeError, ArgumentTypeError } from '../errors.ts';
import {
  type BufferLike,
  checkLasting,
  datatypeOf,
  elementSize,
  memoryOf,
  setRecv,
  setSend,
} from './buffer.ts';
import * as commandBlock from './command.ts';
import { Datatype } from './datatype.ts';
import { NO_OP, Op, SUM } from './operation.ts';
import { Request } from './request.ts';
import { WindowSync } from './windowSync.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  ARGUMENT0,
  ARGUMENT1,
  ARGUMENT2,
  command,
  DEST,
  OPERATION,
  raw,
  RECV_TYPE,
  SEND_ADDRESS,
  SEND_TYPE,
} = commandBlock;

/** Which part of the target's memory is meant. */
export interface TargetOptions {
  /** Where it begins, in steps of the displacement unit that the target has chosen. Default 0. */
  readonly displacement?: number;
  /** Elements of `datatype` there. Default: as many as in the buffer. */
  readonly count?: number;
  /** Default: that of the buffer. */
  readonly datatype?: Datatype;
}

/** The same, and how what is there and what comes are combined. */
export interface AccumulateOptions extends TargetOptions {
  /** A built-in operation; `REPLACE` puts, `NO_OP` only reads. Default `SUM`. */
  readonly op?: Op;
}

/** Where a single element lies. */
export interface ElementOptions {
  /** In steps of the displacement unit that the target has chosen. Default 0. */
  readonly displacement?: number;
}

/** The same, and how what is there and what comes are combined. */
export interface FetchOptions extends ElementOptions {
  /** A built-in operation; `REPLACE` swaps, `NO_OP` only reads. Default `SUM`. */
  readonly op?: Op;
}

/**
 * Windows that the memory of other ranks can be reached through.
 *
 * Accesses are allowed between synchronisations and complete when the next one says so; until then
 * leave their buffers alone. They stay in memory.
 */
export abstract class WindowAccess extends WindowSync {
  /**
   * Writes elements into a rank's memory (`MPI_Put`).
   * @throws {@link ArgumentRangeError} when the target does not expose so much
   * @throws {@link MPIError} `MPI_ERR_RMA_SYNC` when no access is allowed now
   */
  put(origin: BufferLike, target: number, options?: TargetOptions): void {
    this.setPut(origin, target, options);
    this.call('MPI_Put', raw.winPut, DEST);
    this.keep(target, memoryOf(origin));
  }

  /** Reads elements of a rank's memory (`MPI_Get`). See {@link put}. */
  get(buffer: BufferLike, target: number, options?: TargetOptions): void {
    this.setGet(buffer, target, options);
    this.call('MPI_Get', raw.winGet, DEST);
    this.keep(target, memoryOf(buffer));
  }

  /**
   * Combines elements with those of a rank's memory (`MPI_Accumulate`). Each element is updated in
   * one step, whoever else accumulates; so are all the following.
   */
  accumulate(origin: BufferLike, target: number, options?: AccumulateOptions): void {
    setOperation(options?.op);
    this.setPut(origin, target, options);
    this.call('MPI_Accumulate', raw.winAccumulate, DEST);
    this.keep(target, memoryOf(origin));
  }

  /** The same; `result` gets what was there before (`MPI_Get_accumulate`). */
  getAccumulate(
    origin: BufferLike,
    result: BufferLike,
    target: number,
    options?: AccumulateOptions,
  ): void {
    this.setGetAccumulate(origin, result, target, options);
    this.call('MPI_Get_accumulate', raw.winGetAccumulate, DEST);
    this.keep(target, memoryOf(origin));
    this.keep(target, memoryOf(result));
  }

  /** {@link getAccumulate} of one element, which MPI does fastest (`MPI_Fetch_and_op`). */
  fetchAndOp(origin: BufferLike, result: BufferLike, target: number, options?: FetchOptions): void {
    setOperation(options?.op);
    this.setElement(origin, result, target, options);
    this.call('MPI_Fetch_and_op', raw.winFetchAndOp, DEST);
    this.keep(target, memoryOf(origin));
    this.keep(target, memoryOf(result));
  }

  /**
   * Replaces an integer in a rank's memory by `origin` when it equals `compare`; `result` gets what
   * was there before (`MPI_Compare_and_swap`). Each buffer is one element.
   */
  compareAndSwap(
    origin: BufferLike,
    compare: BufferLike,
    result: BufferLike,
    target: number,
    options?: ElementOptions,
  ): void {
    checkLasting(compare, 'compare');
    checkOneElement('compare', setSend(compare, 'compare'));
    const compareAddress = command[SEND_ADDRESS];
    const compareType = command[SEND_TYPE];
    this.setElement(origin, result, target, options);
    checkSameType('compare', compareType);
    command[ARGUMENT1] = compareAddress;
    this.call('MPI_Compare_and_swap', raw.winCompareAndSwap, DEST);
    for (const buffer of [origin, compare, result]) this.keep(target, memoryOf(buffer));
  }

  /**
   * {@link put} that can be waited for (`MPI_Rput`), between `lock` and `unlock`: then `origin` can be
   * used again; only `flush` says that the elements have arrived.
   */
  rput(origin: BufferLike, target: number, options?: TargetOptions): Request<void> {
    this.setPut(origin, target, options);
    return this.request('MPI_Rput', raw.winPut, target, origin);
  }

  /** {@link get} that can be waited for (`MPI_Rget`), between `lock` and `unlock`. */
  rget(buffer: BufferLike, target: number, options?: TargetOptions): Request<void> {
    this.setGet(buffer, target, options);
    return this.request('MPI_Rget', raw.winGet, target, buffer);
  }

  /** {@link accumulate} that can be waited for (`MPI_Raccumulate`). See {@link rput}. */
  raccumulate(origin: BufferLike, target: number, options?: AccumulateOptions): Request<void> {
    setOperation(options?.op);
    this.setPut(origin, target, options);
    return this.request('MPI_Raccumulate', raw.winAccumulate, target, origin);
  }

  /** {@link getAccumulate} that can be waited for (`MPI_Rget_accumulate`). See {@link rput}. */
  rgetAccumulate(
    origin: BufferLike,
    result: BufferLike,
    target: number,
    options?: AccumulateOptions,
  ): Request<void> {
    this.setGetAccumulate(origin, result, target, options);
    return this.request('MPI_Rget_accumulate', raw.winGetAccumulate, target, origin, result);
  }

  private request(
    name: string,
    action: () => void,
    target: number,
    first: BufferLike,
    second?: BufferLike,
  ): Request<void> {
    const handle = this.callStart(name, action);
    // By the window too: the request may be dropped.
    this.keep(target, memoryOf(first));
    if (second !== undefined) this.keep(target, memoryOf(second));
    const secondMemory = second === undefined ? undefined : memoryOf(second);
    return new Request(name, handle, memoryOf(first), secondMemory, nothing);
  }

  private setPut(origin: BufferLike, target: number, options: TargetOptions | undefined): void {
    checkLasting(origin, 'origin');
    const count = setSend(origin, 'origin');
    this.setTargetPart('origin', origin, count, target, options);
  }

  private setGet(buffer: BufferLike, target: number, options: TargetOptions | undefined): void {
    checkLasting(buffer, 'buffer');
    const count = setRecv(buffer, 'buffer');
    this.setTargetPart('buffer', buffer, count, target, options);
  }

  private setGetAccumulate(
    origin: BufferLike,
    result: BufferLike,
    target: number,
    options: AccumulateOptions | undefined,
  ): void {
    checkLasting(origin, 'origin');
    checkLasting(result, 'result');
    const bytes = setSend(origin, 'origin') * elementSize(origin);
    const count = setRecv(result, 'result');
    this.setTargetPart('result', result, count, target, options);
    setOperation(options?.op);
    const room = count * elementSize(result);
    // What NO_OP is given does not matter.
    if (options?.op !== NO_OP && bytes !== room) {
      throw new ArgumentRangeError('origin', `${room} bytes, as result has`, `${bytes} bytes`);
    }
  }

  /** Puts target and part of its memory into the command block, when the part is there. */
  private setTargetPart(
    argument: string,
    buffer: BufferLike,
    count: number,
    target: number,
    options: TargetOptions | undefined,
  ): void {
    this.setTarget(target);
    const datatype = options?.datatype ?? datatypeOf(buffer);
    if (!(datatype instanceof Datatype)) {
      throw new ArgumentTypeError('options.datatype', 'an MPI.Datatype', datatype);
    }
    const bytes = count * elementSize(buffer);
    const targetSize = datatype.size;
    const targetCount = options?.count ?? bytes / targetSize;
    if (targetCount * targetSize !== bytes || !Number.isInteger(targetCount)) {
      throw new ArgumentRangeError(
        options?.count === undefined ? argument : 'options.count',
        `as many bytes as ${argument} has, ${bytes}`,
        `${targetCount} elements of ${targetSize} bytes`,
      );
    }
    const displacement = options?.displacement ?? 0;
    this.checkRange(target, displacement, reachOf(datatype, targetCount));
    command[ARGUMENT0] = displacement;
    command[ARGUMENT1] = targetCount;
    command[ARGUMENT2] = datatype.handle;
  }

  /** The same for one element that comes and one that was there. */
  private setElement(
    origin: BufferLike,
    result: BufferLike,
    target: number,
    options: ElementOptions | undefined,
  ): void {
    checkLasting(origin, 'origin');
    checkLasting(result, 'result');
    this.setTarget(target);
    checkOneElement('origin', setSend(origin, 'origin'));
    checkOneElement('result', setRecv(result, 'result'));
    checkSameType('result', command[RECV_TYPE]);
    const displacement = options?.displacement ?? 0;
    this.checkRange(target, displacement, elementSize(origin));
    command[ARGUMENT0] = displacement;
  }
}

function nothing(): void {}

/** Bytes from the origin of the first of some elements to the last byte of all of them. */
function reachOf(datatype: Datatype, count: number): number {
  if (count === 0 || datatype.trueExtent === 0) return 0;
  const last = (count - 1) * datatype.extent;
  if (datatype.trueLb + Math.min(0, last) < 0) {
    throw new ArgumentRangeError(
      'options.datatype',
      'elements that begin at the displacement or behind it',
      `${count} × ${datatype}`,
    );
  }
  return datatype.trueLb + datatype.trueExtent + Math.max(0, last);
}

function setOperation(op: Op = SUM): void {
  if (!(op instanceof Op)) throw new ArgumentTypeError('options.op', 'an MPI.Op', op);
  // Those of createOp run in their own process only.
  if (op.constructor !== Op) throw new ArgumentTypeError('options.op', 'a built-in operation', op);
  command[OPERATION] = op.handle;
}

function checkOneElement(argument: string, count: number): void {
  if (count !== 1) throw new ArgumentRangeError(argument, 'one element', `${count} elements`);
}

/** Throws unless a buffer has the datatype of `origin`, which is in the command block. */
function checkSameType(argument: string, type: number): void {
  if (type === command[SEND_TYPE]) return;
  throw new ArgumentTypeError(argument, 'elements of the datatype of origin', argument);
}
