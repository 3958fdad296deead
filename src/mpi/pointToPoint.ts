/** Point-to-point communication, blocking. */
import { ArgumentTypeError, checkInteger } from '../errors.ts';
import { checkOptions as checkNames, type OptionNames, optionNames } from '../options.ts';
import { type BufferLike, setRecv, setSend } from './buffer.ts';
import { checkBufferedSend } from './bufferedSend.ts';
import * as commandBlock from './command.ts';
import * as environment from './environment.ts';
import { commandError } from './errors.ts';
import { CommHandle } from './handle.ts';
import { Message } from './message.ts';
import { commandStatus, type Status } from './status.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  ARGUMENT0,
  COMM,
  command,
  DEST,
  OUTPUT,
  RECV_COUNT,
  RECV_TAG,
  RESULT,
  raw,
  SEND_COUNT,
  SEND_TAG,
  SOURCE,
} = commandBlock;
const { ANY_SOURCE, ANY_TAG, TAG_UB } = environment;

/** Options of a send. */
export interface SendOptions {
  /** Default 0. */
  readonly tag?: number;
}

/** Options of a receive. */
export interface RecvOptions {
  /** Default `ANY_TAG`. */
  readonly tag?: number;
}

/** Options of {@link PointToPoint.sendrecv}. */
export interface SendrecvOptions {
  /** Default 0. */
  readonly sendTag?: number;
  /** Default `ANY_TAG`. */
  readonly recvTag?: number;
}

/** Options of {@link PointToPoint.probe} and its kin. */
export interface ProbeOptions {
  /** Default `ANY_SOURCE`. */
  readonly source?: number;
  /** Default `ANY_TAG`. */
  readonly tag?: number;
}

const TAG_OPTIONS = optionNames<SendOptions & RecvOptions>({ tag: true });
const EXCHANGE_OPTIONS = optionNames<SendrecvOptions>({ sendTag: true, recvTag: true });
const PROBE_OPTIONS = optionNames<ProbeOptions>({ source: true, tag: true });

// Communication modes, in the order of native/mpi/point_to_point.cc.
export const STANDARD = 0;
export const SYNCHRONOUS = 1;
export const READY = 2;
export const BUFFERED = 3;

/** Communicators that can exchange messages between two ranks. */
export abstract class PointToPoint extends CommHandle {
  /**
   * Sends a message (`MPI_Send`); comes back when the buffer may be used again.
   * @param buffer elements to send
   * @param dest rank of the receiver, or `PROC_NULL`
   * @throws {@link ArgumentRangeError} when `dest` or `tag` is out of range, {@link MPIError}
   */
  send(buffer: BufferLike, dest: number, options?: SendOptions): void {
    this.setSendCall(buffer, dest, options, STANDARD);
    raw.send();
    if (command[RESULT] !== 0) throw commandError('MPI_Send', SEND_COUNT, DEST, SEND_TAG);
  }

  /** Sends a message and comes back when it is being received (`MPI_Ssend`). See {@link send}. */
  ssend(buffer: BufferLike, dest: number, options?: SendOptions): void {
    this.setSendCall(buffer, dest, options, SYNCHRONOUS);
    raw.send();
    if (command[RESULT] !== 0) throw commandError('MPI_Ssend', SEND_COUNT, DEST, SEND_TAG);
  }

  /**
   * Sends a message whose receive is known to be posted already (`MPI_Rsend`); undefined when it is
   * not. See {@link send}.
   */
  rsend(buffer: BufferLike, dest: number, options?: SendOptions): void {
    this.setSendCall(buffer, dest, options, READY);
    raw.send();
    if (command[RESULT] !== 0) throw commandError('MPI_Rsend', SEND_COUNT, DEST, SEND_TAG);
  }

  /**
   * Copies a message into the memory of {@link attachBuffer} and comes back at once (`MPI_Bsend`). See
   * {@link send}.
   * @throws {@link MPIError} `MPI_ERR_BUFFER` when that memory is full
   */
  bsend(buffer: BufferLike, dest: number, options?: SendOptions): void {
    this.setSendCall(buffer, dest, options, BUFFERED);
    raw.send();
    if (command[RESULT] !== 0) throw commandError('MPI_Bsend', SEND_COUNT, DEST, SEND_TAG);
  }

  /**
   * Receives a message into a buffer (`MPI_Recv`) and returns its status.
   * @param buffer room for at least as many elements as come
   * @param source rank of the sender, or `PROC_NULL`; default `ANY_SOURCE`
   * @throws {@link ArgumentRangeError} when `source` or `tag` is out of range; {@link MPIError}
   * `MPI_ERR_TRUNCATE` when the message is longer than the buffer. Open MPI 4.1 has then written what
   * is longer than 4 KiB beyond the buffer; `docs/mpi.md` says how to look for such a mistake
   */
  recv(buffer: BufferLike, source: number = ANY_SOURCE, options?: RecvOptions): Status {
    this.setRecvCall(buffer, source, options);
    raw.recv();
    if (command[RESULT] !== 0) throw commandError('MPI_Recv', RECV_COUNT, SOURCE, RECV_TAG);
    return commandStatus();
  }

  /**
   * Sends one message and receives another at the same time (`MPI_Sendrecv`), and returns the
   * status of the one that came.
   * @param sendbuf elements to send; must not overlap `recvbuf`
   * @param dest rank of the receiver, or `PROC_NULL`
   * @param recvbuf room for at least as many elements as come
   * @param source rank of the sender, or `PROC_NULL`; default `ANY_SOURCE`
   * @throws {@link ArgumentRangeError}, {@link MPIError}
   */
  sendrecv(
    sendbuf: BufferLike,
    dest: number,
    recvbuf: BufferLike,
    source: number = ANY_SOURCE,
    options?: SendrecvOptions,
  ): Status {
    this.setExchange(dest, source, options);
    setSend(sendbuf, 'sendbuf');
    setRecv(recvbuf, 'recvbuf');
    command[COMM] = this.handle;
    raw.sendrecv();
    if (command[RESULT] !== 0) throw commandError('MPI_Sendrecv', SEND_COUNT, DEST, SOURCE);
    return commandStatus();
  }

  /**
   * Sends what is in a buffer and receives into it (`MPI_Sendrecv_replace`). See {@link sendrecv}.
   * @param buffer both messages have as many elements
   */
  sendrecvReplace(
    buffer: BufferLike,
    dest: number,
    source: number = ANY_SOURCE,
    options?: SendrecvOptions,
  ): Status {
    this.setExchange(dest, source, options);
    setRecv(buffer, 'buffer');
    command[COMM] = this.handle;
    raw.sendrecvReplace();
    if (command[RESULT] !== 0) throw commandError('MPI_Sendrecv_replace', RECV_COUNT, DEST, SOURCE);
    return commandStatus();
  }

  /**
   * Waits for a message and returns its status (`MPI_Probe`), the `count` in bytes. The message can
   * be received afterwards.
   */
  probe(options?: ProbeOptions): Status {
    this.setProbe(options, 1);
    raw.probe();
    if (command[RESULT] !== 0) throw commandError('MPI_Probe', SOURCE, RECV_TAG);
    return commandStatus();
  }

  /**
   * Returns the status of a message that could be received now, or null (`MPI_Iprobe`). Its `count`
   * is in bytes. Never waits.
   */
  iprobe(options?: ProbeOptions): Status | null {
    this.setProbe(options, 0);
    raw.probe();
    if (command[RESULT] !== 0) throw commandError('MPI_Iprobe', SOURCE, RECV_TAG);
    return command[OUTPUT] === 0 ? null : commandStatus();
  }

  /**
   * Waits for a message and sets it aside (`MPI_Mprobe`), so that no other receive can take it.
   * Receive it with {@link Message.recv}.
   */
  mprobe(options?: ProbeOptions): Message {
    this.setProbe(options, 1);
    raw.matchedProbe();
    if (command[RESULT] !== 0) throw commandError('MPI_Mprobe', SOURCE, RECV_TAG);
    return new Message(command[OUTPUT], commandStatus());
  }

  /** Sets a message aside when there is one, otherwise returns null (`MPI_Improbe`). Never waits. */
  improbe(options?: ProbeOptions): Message | null {
    this.setProbe(options, 0);
    raw.matchedProbe();
    if (command[RESULT] !== 0) throw commandError('MPI_Improbe', SOURCE, RECV_TAG);
    return command[OUTPUT] === 0 ? null : new Message(command[OUTPUT], commandStatus());
  }

  /** Puts the arguments of a send into the command block. @internal */
  protected setSendCall(
    buffer: BufferLike,
    dest: number,
    options: SendOptions | undefined,
    communicationMode: number,
  ): void {
    if (options !== undefined) checkOptions(options, '{ tag }', options?.tag, TAG_OPTIONS);
    const tag = options?.tag ?? 0;
    this.checkPartner('dest', dest);
    checkSendTag('options.tag', tag);
    const count = setSend(buffer, 'buffer');
    if (communicationMode === BUFFERED) checkBufferedSend(buffer, count);
    command[COMM] = this.handle;
    command[DEST] = dest;
    command[SEND_TAG] = tag;
    command[ARGUMENT0] = communicationMode;
  }

  /** Puts the arguments of a receive into the command block. @internal */
  protected setRecvCall(
    buffer: BufferLike,
    source: number,
    options: RecvOptions | undefined,
  ): void {
    if (options !== undefined) checkOptions(options, '{ tag }', options?.tag, TAG_OPTIONS);
    const tag = options?.tag ?? ANY_TAG;
    if (source !== ANY_SOURCE) this.checkPartner('source', source);
    checkRecvTag('options.tag', tag);
    setRecv(buffer, 'buffer');
    command[COMM] = this.handle;
    command[SOURCE] = source;
    command[RECV_TAG] = tag;
  }

  private setExchange(dest: number, source: number, options: SendrecvOptions | undefined): void {
    if (options !== undefined) {
      const known = options?.sendTag ?? options?.recvTag;
      checkOptions(options, '{ sendTag, recvTag }', known, EXCHANGE_OPTIONS);
    }
    const sendTag = options?.sendTag ?? 0;
    const recvTag = options?.recvTag ?? ANY_TAG;
    this.checkPartner('dest', dest);
    if (source !== ANY_SOURCE) this.checkPartner('source', source);
    checkSendTag('options.sendTag', sendTag);
    checkRecvTag('options.recvTag', recvTag);
    command[DEST] = dest;
    command[SEND_TAG] = sendTag;
    command[SOURCE] = source;
    command[RECV_TAG] = recvTag;
  }

  private setProbe(options: ProbeOptions | undefined, wait: 0 | 1): void {
    if (options !== undefined) {
      checkOptions(options, '{ source, tag }', options?.tag ?? options?.source, PROBE_OPTIONS);
    }
    const source = options?.source ?? ANY_SOURCE;
    const tag = options?.tag ?? ANY_TAG;
    if (source !== ANY_SOURCE) this.checkPartner('options.source', source);
    checkRecvTag('options.tag', tag);
    command[COMM] = this.handle;
    command[SOURCE] = source;
    command[RECV_TAG] = tag;
    command[ARGUMENT0] = wait;
  }
}

/**
 * Checks options. mpi4py takes tags, roots and operations by position: here that would be ignored in silence.
 *
 * @param known - the option that most callers mean: where it is given no other one is looked for, which would take
 * longer than many calls
 */
export function checkOptions(
  options: unknown,
  example: string,
  known: unknown,
  names: OptionNames,
): void {
  if (typeof options !== 'object' || options === null || 'handle' in options) {
    throw new ArgumentTypeError('options', `an object such as ${example}`, options);
  }
  if (known === undefined || known === null) checkNames(options, names, example);
}

function checkSendTag(argument: string, tag: number): void {
  if (typeof tag === 'number' && (tag | 0) === tag && tag >= 0 && tag <= TAG_UB) return;
  checkInteger(argument, tag, 0, TAG_UB);
}

function checkRecvTag(argument: string, tag: number): void {
  if (tag !== ANY_TAG) checkSendTag(argument, tag);
}
