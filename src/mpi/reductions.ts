/** Reductions, blocking: elements of all ranks combined. */
import { endianness } from 'node:os';
import { ArgumentRangeError, ArgumentTypeError, checkInteger } from '../errors.ts';
import { optionNames } from '../options.ts';
import {
  type BufferLike,
  IN_PLACE,
  type InPlace,
  setRecv,
  setRecvNothing,
  setSend,
  setSendInPlace,
} from './buffer.ts';
import { blockNames, Collectives, needed, notInPlace, type RootOptions } from './collectives.ts';
import * as commandBlock from './command.ts';
import { evenBlock, setCounts } from './counts.ts';
import { isStrided, throughCopies } from './denseCopy.ts';
import { commandError } from './errors.ts';
import { Op, SUM } from './operation.ts';
import { checkOptions } from './pointToPoint.ts';
import { DOUBLE_INT } from './predefinedTypes.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  COMM,
  command,
  OPERATION,
  RECV_COUNT,
  RECV_TYPE,
  RESULT,
  ROOT,
  raw,
  SEND_COUNT,
  SEND_TYPE,
} = commandBlock;

/** Options of reductions. */
export interface OpOptions {
  /** Default `MPI.SUM`; the same on all ranks. */
  readonly op?: Op;
}

/** Options of {@link Reductions.reduceScatter}. */
export interface ReduceScatterOptions extends OpOptions {
  /** Elements of each rank's block, by rank; the same on all ranks. Default: blocks of one length. */
  readonly counts?: ArrayLike<number>;
}

/** A value and where it is, for `MPI.MINLOC` and `MPI.MAXLOC`. */
export interface ValueIndex {
  readonly value: number;
  /** An int32, such as the rank. */
  readonly index: number;
}

// Scalars travel through these.
const littleEndian = endianness() === 'LE';
const pairIn = new DataView(new ArrayBuffer(DOUBLE_INT.size));
const pairOut = new DataView(new ArrayBuffer(DOUBLE_INT.size));
const scalarIn = new Float64Array(1);
const scalarOut = new Float64Array(1);
const bigScalarIn = new BigInt64Array(1);
const bigScalarOut = new BigInt64Array(1);

/** Communicators that can combine the elements of all ranks. */
export abstract class Reductions extends Collectives {
  /**
   * Combines the values or buffers of all ranks, element by element, into one on the root
   * (`MPI_Reduce`).
   * @param sendbuf a number (as float64) or bigint (as int64), whose combination is returned on the
   * root, undefined elsewhere; or this rank's elements, on the root `IN_PLACE` when they are in `recvbuf`
   * @param recvbuf the result, on the root; null elsewhere
   * @remarks Collective.
   */
  reduce(value: number, options?: RootOptions & OpOptions): number | undefined;
  reduce(value: bigint, options?: RootOptions & OpOptions): bigint | undefined;
  reduce(
    sendbuf: BufferLike | InPlace,
    recvbuf?: BufferLike | null,
    options?: RootOptions & OpOptions,
  ): void;
  reduce(
    sendbuf: number | bigint | BufferLike | InPlace,
    second?: BufferLike | (RootOptions & OpOptions) | null,
    options?: RootOptions & OpOptions,
  ): number | bigint | undefined {
    if (typeof sendbuf === 'number' || typeof sendbuf === 'bigint') {
      return this.reduceScalar(sendbuf, second as RootOptions & OpOptions);
    }
    const recvbuf = second as BufferLike | null | undefined;
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.reduce(s, r, options));
      return undefined;
    }
    const root = this.root(options);
    setOperation(options);
    if (this.processRank === root) {
      setOperands(sendbuf, needed(recvbuf, 'recvbuf'));
    } else {
      setSend(notInPlace(sendbuf, 'sendbuf'), 'sendbuf');
      setRecvNothing();
    }
    command[COMM] = this.handle;
    command[ROOT] = root;
    raw.reduce();
    if (command[RESULT] !== 0) throw commandError('MPI_Reduce', SEND_COUNT, ROOT);
    return undefined;
  }

  /**
   * Combines the values or buffers of all ranks, element by element, on every rank
   * (`MPI_Allreduce`).
   * @param sendbuf a number (as float64) or bigint (as int64), whose combination is returned, with
   * `MPI.MINLOC` or `MPI.MAXLOC` a value and an index; or this rank's elements, or `IN_PLACE` when they are in `recvbuf`
   * @param recvbuf the result, as long as `sendbuf`
   * @remarks Collective.
   */
  allreduce(value: number, options?: OpOptions): number;
  allreduce(value: bigint, options?: OpOptions): bigint;
  allreduce(pair: ValueIndex, options: OpOptions): ValueIndex;
  allreduce(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): void;
  allreduce(
    input: number | bigint | ValueIndex | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): number | bigint | ValueIndex | undefined {
    if (isPair(input)) return this.allreducePair(input, second as OpOptions);
    return this.reduceInput('MPI_Allreduce', raw.allreduce, input, second, options);
  }

  /**
   * Combines the buffers of all ranks, element by element, and hands each rank its block of the
   * result (`MPI_Reduce_scatter_block`, with `counts` `MPI_Reduce_scatter`).
   * @param sendbuf this rank's elements, a block for each rank; `IN_PLACE` when they are in `recvbuf`,
   * whose beginning then gets the result
   * @param recvbuf room for this rank's block
   * @remarks Collective.
   */
  reduceScatter(
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: ReduceScatterOptions,
  ): void {
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      throughCopies(sendbuf, recvbuf, (s, r) => this.reduceScatter(s, r, options));
      return;
    }
    const size = this.processCount;
    setOperation(options);
    const room = setRecv(needed(recvbuf, 'recvbuf'), 'recvbuf');
    let total = room;
    if (sendbuf === IN_PLACE) setSendInPlace();
    else {
      total = setSend(sendbuf, 'sendbuf');
      checkSameType(recvbuf);
    }
    let block: number;
    if (options?.counts) {
      setCounts('recv', total, size, options.counts, undefined, blockNames);
      block = options.counts[this.processRank];
    } else {
      block = evenBlock(sendbuf === IN_PLACE ? 'recvbuf' : 'sendbuf', total, size);
    }
    if (block > room) {
      throw new ArgumentRangeError('recvbuf', `room for ${block} elements`, `${room} elements`);
    }
    command[RECV_COUNT] = block;
    command[COMM] = this.handle;
    if (options?.counts) raw.reduceScatter();
    else raw.reduceScatterBlock();
    if (command[RESULT] !== 0) throw commandError('MPI_Reduce_scatter', RECV_COUNT);
  }

  /**
   * Combines the values or buffers of the ranks up to this one (`MPI_Scan`). See {@link allreduce}.
   * @remarks Collective.
   */
  scan(value: number, options?: OpOptions): number;
  scan(value: bigint, options?: OpOptions): bigint;
  scan(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): void;
  scan(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): number | bigint | undefined {
    return this.reduceInput('MPI_Scan', raw.scan, input, second, options);
  }

  /**
   * Combines the values or buffers of the ranks below this one (`MPI_Exscan`). On rank 0 the result
   * is 0 for numbers, and a buffer is left as it is. See {@link allreduce}.
   * @remarks Collective.
   */
  exscan(value: number, options?: OpOptions): number;
  exscan(value: bigint, options?: OpOptions): bigint;
  exscan(sendbuf: BufferLike | InPlace, recvbuf: BufferLike, options?: OpOptions): void;
  exscan(
    input: number | bigint | BufferLike | InPlace,
    second?: BufferLike | OpOptions,
    options?: OpOptions,
  ): number | bigint | undefined {
    scalarOut[0] = 0;
    bigScalarOut[0] = 0n;
    return this.reduceInput('MPI_Exscan', raw.exscan, input, second, options);
  }

  /** {@link reduce} of a number or bigint. @internal */
  protected reduceScalar(
    input: number | bigint,
    options?: RootOptions & OpOptions,
  ): number | bigint | undefined {
    const receives = this.isReceiver(options);
    const isNumber = typeof input === 'number';
    if (isNumber) scalarIn[0] = input;
    else bigScalarIn[0] = input;
    const result = isNumber ? scalarOut : bigScalarOut;
    this.reduce(isNumber ? scalarIn : bigScalarIn, receives ? result : null, options);
    return receives ? result[0] : undefined;
  }

  /** Whether this rank is the root, which gets what is combined. @internal */
  protected isReceiver(options?: RootOptions): boolean {
    return this.root(options) === this.processRank;
  }

  private allreducePair({ value, index }: ValueIndex, options?: OpOptions): ValueIndex {
    checkInteger('value.index', index, -(2 ** 31), 2 ** 31 - 1);
    pairIn.setFloat64(0, value, littleEndian);
    pairIn.setInt32(8, index, littleEndian);
    const [from, to] = [pairIn, pairOut].map((data) => ({ data, datatype: DOUBLE_INT }));
    this.reduceBuffers('MPI_Allreduce', raw.allreduce, from, to, options);
    return { value: pairOut.getFloat64(0, littleEndian), index: pairOut.getInt32(8, littleEndian) };
  }

  private reduceInput(
    call: string,
    action: () => void,
    input: number | bigint | BufferLike | InPlace,
    second: BufferLike | OpOptions | undefined,
    options: OpOptions | undefined,
  ): number | bigint | undefined {
    if (typeof input === 'number') {
      scalarIn[0] = input;
      this.reduceBuffers(call, action, scalarIn, scalarOut, second as OpOptions);
      return scalarOut[0];
    }
    if (typeof input === 'bigint') {
      bigScalarIn[0] = input;
      this.reduceBuffers(call, action, bigScalarIn, bigScalarOut, second as OpOptions);
      return bigScalarOut[0];
    }
    const recvbuf = needed(second as BufferLike, 'recvbuf');
    this.reduceBuffers(call, action, input, recvbuf, options);
    return undefined;
  }

  private reduceBuffers(
    call: string,
    action: () => void,
    sendbuf: BufferLike | InPlace,
    recvbuf: BufferLike,
    options?: OpOptions,
  ): void {
    if (isStrided(sendbuf) || isStrided(recvbuf)) {
      const again = (s: BufferLike | InPlace, r: BufferLike) =>
        this.reduceBuffers(call, action, s, r, options);
      throughCopies(sendbuf, recvbuf, again);
      return;
    }
    setOperation(options);
    setOperands(sendbuf, recvbuf);
    command[COMM] = this.handle;
    action();
    if (command[RESULT] !== 0) throw commandError(call, SEND_COUNT);
  }
}

function isPair(input: unknown): input is ValueIndex {
  return typeof input === 'object' && input !== null && 'value' in input && 'index' in input;
}

/** Of all reductions: some have a root, others counts. */
const OP_OPTIONS = optionNames<ReduceScatterOptions & RootOptions>({
  op: true,
  root: true,
  counts: true,
});

/** Puts the operation into the command block. @internal */
export function setOperation(options?: OpOptions): void {
  if (options !== undefined) checkOptions(options, '{ op: MPI.MAX }', options?.op, OP_OPTIONS);
  const op = options?.op ?? SUM;
  if (!(op instanceof Op)) throw new ArgumentTypeError('options.op', 'an MPI.Op', op);
  command[OPERATION] = op.handle;
}

/** Both buffers of a reduction on a rank that gets the result: same datatype, room enough. */
function setOperands(sendbuf: BufferLike | InPlace, recvbuf: BufferLike): void {
  const room = setRecv(recvbuf, 'recvbuf');
  if (sendbuf === IN_PLACE) {
    setSendInPlace();
    command[SEND_COUNT] = room;
    command[SEND_TYPE] = command[RECV_TYPE];
    return;
  }
  const count = setSend(sendbuf, 'sendbuf');
  if (room < count) {
    throw new ArgumentRangeError('recvbuf', `room for ${count} elements`, `${room} elements`);
  }
  checkSameType(recvbuf);
}

function checkSameType(recvbuf: BufferLike): void {
  if (command[SEND_TYPE] !== command[RECV_TYPE]) {
    throw new ArgumentTypeError('recvbuf', 'the datatype of sendbuf', recvbuf);
  }
}
