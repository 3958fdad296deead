/** Point-to-point communication, blocking. */
import { checkInteger } from '../errors.ts';
import { type BufferLike, setRecv, setSend } from './buffer.ts';
import {
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
} from './command.ts';
import { ANY_SOURCE, ANY_TAG, TAG_UB } from './environment.ts';
import { commandError } from './errors.ts';
import { CommHandle } from './handle.ts';
import { commandStatus, type Status } from './status.ts';

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

/** Options of {@link PointToPoint.iprobe}. */
export interface ProbeOptions {
  /** Default `ANY_SOURCE`. */
  readonly source?: number;
  /** Default `ANY_TAG`. */
  readonly tag?: number;
}

function checkSendTag(argument: string, tag: number): void {
  if ((tag | 0) === tag && tag >= 0 && tag <= TAG_UB) return;
  checkInteger(argument, tag, 0, TAG_UB);
}

function checkRecvTag(argument: string, tag: number): void {
  if (tag !== ANY_TAG) checkSendTag(argument, tag);
}

/** Communicators that can exchange messages between two ranks. */
export abstract class PointToPoint extends CommHandle {
  /**
   * Sends a message (`MPI_Send`); comes back when the buffer may be used again.
   * @param buffer elements to send
   * @param dest rank of the receiver, or `PROC_NULL`
   * @throws {@link ArgumentRangeError} when `dest` or `tag` is out of range, {@link MPIError}
   */
  send(buffer: BufferLike, dest: number, options?: SendOptions): void {
    const tag = options?.tag ?? 0;
    this.checkPartner('dest', dest);
    checkSendTag('options.tag', tag);
    setSend(buffer, 'buffer');
    command[COMM] = this.handle;
    command[DEST] = dest;
    command[SEND_TAG] = tag;
    raw.send();
    if (command[RESULT] !== 0) throw commandError('MPI_Send', SEND_COUNT, DEST, SEND_TAG);
  }

  /**
   * Receives a message into a buffer (`MPI_Recv`) and returns its status.
   * @param buffer room for at least as many elements as come
   * @param source rank of the sender, or `PROC_NULL`; default `ANY_SOURCE`
   * @throws {@link ArgumentRangeError} when `source` or `tag` is out of range; {@link MPIError}
   * `MPI_ERR_TRUNCATE` when the message is longer than the buffer
   */
  recv(buffer: BufferLike, source: number = ANY_SOURCE, options?: RecvOptions): Status {
    const tag = options?.tag ?? ANY_TAG;
    if (source !== ANY_SOURCE) this.checkPartner('source', source);
    checkRecvTag('options.tag', tag);
    setRecv(buffer, 'buffer');
    command[COMM] = this.handle;
    command[SOURCE] = source;
    command[RECV_TAG] = tag;
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
    const sendTag = options?.sendTag ?? 0;
    const recvTag = options?.recvTag ?? ANY_TAG;
    this.checkPartner('dest', dest);
    if (source !== ANY_SOURCE) this.checkPartner('source', source);
    checkSendTag('options.sendTag', sendTag);
    checkRecvTag('options.recvTag', recvTag);
    setSend(sendbuf, 'sendbuf');
    setRecv(recvbuf, 'recvbuf');
    command[COMM] = this.handle;
    command[DEST] = dest;
    command[SEND_TAG] = sendTag;
    command[SOURCE] = source;
    command[RECV_TAG] = recvTag;
    raw.sendrecv();
    if (command[RESULT] !== 0) throw commandError('MPI_Sendrecv', SEND_COUNT, DEST, SOURCE);
    return commandStatus();
  }

  /**
   * Returns the status of a message that could be received now, or null (`MPI_Iprobe`). Its `count`
   * is in bytes. Never waits.
   */
  iprobe(options?: ProbeOptions): Status | null {
    const source = options?.source ?? ANY_SOURCE;
    const tag = options?.tag ?? ANY_TAG;
    if (source !== ANY_SOURCE) this.checkPartner('options.source', source);
    checkRecvTag('options.tag', tag);
    command[COMM] = this.handle;
    command[SOURCE] = source;
    command[RECV_TAG] = tag;
    raw.iprobe();
    if (command[RESULT] !== 0) throw commandError('MPI_Iprobe', SOURCE, RECV_TAG);
    return command[OUTPUT] === 0 ? null : commandStatus();
  }
}
