/** Messages that were set aside by a matched probe. */
import { type BufferLike, checkLasting, memoryOf, setRecv } from './buffer.ts';
import {
  ARGUMENT0,
  BLOCKING,
  command,
  MODE,
  NONBLOCKING,
  OUTPUT,
  RECV_COUNT,
  RESULT,
  raw,
} from './command.ts';
import { commandError } from './errors.ts';
import { debugging, track, untrack } from './leaks.ts';
import { Request } from './request.ts';
import { commandStatus, type Status } from './status.ts';

/** A message that only its holder can receive (`MPI_Message`); once. */
export class Message {
  /** Sender, tag and bytes. */
  readonly status: Status;
  /** The addon's handle. @internal */
  readonly handle: number;

  /** @internal */
  constructor(handle: number, status: Status) {
    this.handle = handle;
    this.status = status;
    if (debugging) track('message', handle);
  }

  /**
   * Receives the message (`MPI_Mrecv`) and returns its status.
   * @throws {@link MPIError} `MPI_ERR_TRUNCATE`; `MPI_ERR_REQUEST` when it was received already
   */
  recv(buffer: BufferLike): Status {
    this.receive(buffer, BLOCKING);
    if (command[RESULT] !== 0) throw commandError('MPI_Mrecv', RECV_COUNT);
    return commandStatus();
  }

  /** Starts to receive the message (`MPI_Imrecv`). */
  irecv(buffer: BufferLike): Request {
    checkLasting(buffer, 'buffer');
    this.receive(buffer, NONBLOCKING);
    if (command[RESULT] !== 0) throw commandError('MPI_Imrecv', RECV_COUNT);
    return new Request('MPI_Imrecv', command[OUTPUT], memoryOf(buffer));
  }

  private receive(buffer: BufferLike, mode: number): void {
    setRecv(buffer, 'buffer');
    command[ARGUMENT0] = this.handle;
    command[MODE] = mode;
    raw.matchedRecv();
    if (debugging) untrack(this.handle);
    command[MODE] = BLOCKING;
  }
}
