/** Point-to-point communication that is started and completed later: nonblocking and persistent. */
import { type BufferLike, checkLasting, memoryOf } from './buffer.ts';
import * as commandBlock from './command.ts';
import * as environment from './environment.ts';
import { commandError } from './errors.ts';
import {
  BUFFERED,
  PointToPoint,
  READY,
  type RecvOptions,
  type SendOptions,
  STANDARD,
  SYNCHRONOUS,
} from './pointToPoint.ts';
import { PersistentRequest, Request } from './request.ts';

// Constants of this module are folded into the compiled code; imported ones are read on every use.
const {
  BLOCKING,
  command,
  DEST,
  MODE,
  NONBLOCKING,
  OUTPUT,
  PERSISTENT,
  RECV_COUNT,
  RECV_TAG,
  RESULT,
  raw,
  SEND_COUNT,
  SEND_TAG,
  SOURCE,
} = commandBlock;
const { ANY_SOURCE } = environment;

/** Communicators whose messages can be started now and completed later. */
export abstract class StartedPointToPoint extends PointToPoint {
  /** Starts to send a message (`MPI_Isend`). See {@link PointToPoint.send}. */
  isend(buffer: BufferLike, dest: number, options?: SendOptions): Request {
    return this.startSend('MPI_Isend', buffer, dest, options, STANDARD);
  }

  /** Starts to send a message; complete when it is being received (`MPI_Issend`). */
  issend(buffer: BufferLike, dest: number, options?: SendOptions): Request {
    return this.startSend('MPI_Issend', buffer, dest, options, SYNCHRONOUS);
  }

  /** Starts to send a message whose receive is known to be posted already (`MPI_Irsend`). */
  irsend(buffer: BufferLike, dest: number, options?: SendOptions): Request {
    return this.startSend('MPI_Irsend', buffer, dest, options, READY);
  }

  /** Starts to send a message from the memory of `attachBuffer` (`MPI_Ibsend`). */
  ibsend(buffer: BufferLike, dest: number, options?: SendOptions): Request {
    return this.startSend('MPI_Ibsend', buffer, dest, options, BUFFERED);
  }

  /** Starts to receive a message (`MPI_Irecv`). See {@link PointToPoint.recv}. */
  irecv(buffer: BufferLike, source: number = ANY_SOURCE, options?: RecvOptions): Request {
    checkLasting(buffer, 'buffer');
    this.setRecvCall(buffer, source, options);
    command[MODE] = NONBLOCKING;
    raw.recv();
    command[MODE] = BLOCKING;
    if (command[RESULT] !== 0) throw commandError('MPI_Irecv', RECV_COUNT, SOURCE, RECV_TAG);
    return new Request('MPI_Irecv', command[OUTPUT], memoryOf(buffer));
  }

  /** Prepares a send that is started many times (`MPI_Send_init`). */
  sendInit(buffer: BufferLike, dest: number, options?: SendOptions): PersistentRequest {
    return this.prepareSend('MPI_Send_init', buffer, dest, options, STANDARD);
  }

  /** Prepares a synchronous send (`MPI_Ssend_init`). */
  ssendInit(buffer: BufferLike, dest: number, options?: SendOptions): PersistentRequest {
    return this.prepareSend('MPI_Ssend_init', buffer, dest, options, SYNCHRONOUS);
  }

  /** Prepares a ready send (`MPI_Rsend_init`). */
  rsendInit(buffer: BufferLike, dest: number, options?: SendOptions): PersistentRequest {
    return this.prepareSend('MPI_Rsend_init', buffer, dest, options, READY);
  }

  /** Prepares a buffered send (`MPI_Bsend_init`). */
  bsendInit(buffer: BufferLike, dest: number, options?: SendOptions): PersistentRequest {
    return this.prepareSend('MPI_Bsend_init', buffer, dest, options, BUFFERED);
  }

  /** Prepares a receive that is started many times (`MPI_Recv_init`). */
  recvInit(
    buffer: BufferLike,
    source: number = ANY_SOURCE,
    options?: RecvOptions,
  ): PersistentRequest {
    checkLasting(buffer, 'buffer');
    this.setRecvCall(buffer, source, options);
    command[MODE] = PERSISTENT;
    raw.recv();
    command[MODE] = BLOCKING;
    if (command[RESULT] !== 0) throw commandError('MPI_Recv_init', RECV_COUNT, SOURCE, RECV_TAG);
    return new PersistentRequest('MPI_Recv_init', command[OUTPUT], memoryOf(buffer));
  }

  private startSend(
    call: string,
    buffer: BufferLike,
    dest: number,
    options: SendOptions | undefined,
    communicationMode: number,
  ): Request {
    checkLasting(buffer, 'buffer');
    this.setSendCall(buffer, dest, options, communicationMode);
    command[MODE] = NONBLOCKING;
    raw.send();
    command[MODE] = BLOCKING;
    if (command[RESULT] !== 0) throw commandError(call, SEND_COUNT, DEST, SEND_TAG);
    return new Request(call, command[OUTPUT], memoryOf(buffer));
  }

  private prepareSend(
    call: string,
    buffer: BufferLike,
    dest: number,
    options: SendOptions | undefined,
    communicationMode: number,
  ): PersistentRequest {
    checkLasting(buffer, 'buffer');
    this.setSendCall(buffer, dest, options, communicationMode);
    command[MODE] = PERSISTENT;
    raw.send();
    command[MODE] = BLOCKING;
    if (command[RESULT] !== 0) throw commandError(call, SEND_COUNT, DEST, SEND_TAG);
    return new PersistentRequest(call, command[OUTPUT], memoryOf(buffer));
  }
}
