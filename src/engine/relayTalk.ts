/** How somebody outside of a job comes to speak with its relay. */
import { DistArrayError } from '../errors.ts';
import { packageVersion } from '../native.ts';
import { Frame, FrameSocket } from './frames.ts';
import { PeerGone, type UnixSocket } from './unixSocket.ts';

/** What one comes for. */
export type Purpose = 'attach' | 'status' | 'clear' | 'stop';

/** What is said first. */
export interface Hello {
  readonly version: string;
  readonly purpose: Purpose;
  /** Where names of files begin. */
  readonly folder: string;
}

/** What a relay tells of itself. */
export interface RelayState {
  readonly engines: number;
  readonly flavour: string;
  /** Milliseconds since 1970, as all times here. */
  readonly started: number;
  readonly client: { readonly pid: number; readonly since: number } | null;
  /** Whether engines still do what a client has told them that is gone. */
  readonly isUnclean: boolean;
}

/**
 * Says what one comes for, and returns the answer.
 * @param patience - milliseconds
 * @throws {@link DistArrayError} with the relay's reason, or `ERR_CONNECTION`
 */
export function greet(
  connection: UnixSocket,
  purpose: Purpose,
  patience: number,
): { readonly socket: FrameSocket; readonly state: RelayState } {
  const socket = new FrameSocket(connection);
  try {
    const hello: Hello = { version: packageVersion(), purpose, folder: process.cwd() };
    socket.sendJson(Frame.hello, hello);
    const deadline = performance.now() + patience;
    for (;;) {
      const frame = socket.poll();
      if (frame === null) {
        if (performance.now() > deadline) throw noAnswer(`within ${patience / 1000} s`);
        connection.wait('read', 50);
        continue;
      }
      const answer = socket.readJson(frame.bytes);
      if (frame.kind === Frame.welcome) return { socket, state: answer as RelayState };
      const { code, reason } = answer as { code: string; reason: string };
      throw new DistArrayError(code, `The engines cannot be used: ${reason}`);
    }
  } catch (error) {
    socket.close();
    throw error instanceof PeerGone ? noAnswer('and have closed the connection') : error;
  }
}

function noAnswer(how: string): DistArrayError {
  return new DistArrayError('ERR_CONNECTION', `The engines have not answered ${how}`);
}
