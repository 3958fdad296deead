/** Contexts whose engines are a job that this program is no part of. */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import type { Context } from '../global/context.ts';
import { withSession } from '../global/contextBase.ts';
import type { Session } from '../global/session.ts';
import { ClientLink } from './clientLink.ts';
import { ClientSession } from './clientSession.ts';
import type { FrameSocket } from './frames.ts';
import { type JobAtHand, SocketChannel } from './socketChannel.ts';

/** A job of engines, as its client knows it. */
export interface RemoteJob extends JobAtHand {
  /** The client has left: waits until what follows from that has happened; returns what was wrong with the job. */
  ended(): Error | null;
  /** The program ends with an error, and without a word to the engines. */
  abandon(): void;
}

/** What a program has that is the client of a job. */
export interface Connection {
  readonly link: ClientLink;
  readonly session: Session;
}

/** Makes this program the client of the relay at the other end of a socket that has said welcome. */
export function connected(socket: FrameSocket, engines: number, job: RemoteJob): Connection {
  const channel = new SocketChannel(socket, engines, job);
  const link = new ClientLink(channel, 'leaves');
  const leave = (): readonly Error[] => {
    if (link.isClosed) return [];
    process.off('exit', onExit);
    const isKnown = link.areEnginesGone;
    const untold = link.close();
    const failure = job.ended();
    return failure === null || isKnown ? untold : [...untold, failure];
  };
  const onExit = (code: number): void => {
    if (code === 0) tellAtExit(leave);
    else job.abandon();
  };
  process.on('exit', onExit);
  const close = (): void => throwTold(leave());
  return { link, session: new ClientSession(link, close) };
}

/** Makes a context on engines of a job. */
export function contextOf<T extends Context>(make: () => T, { session }: Connection): T {
  try {
    return withSession(session, make);
  } catch (error) {
    // Nobody could end the engines, or leave them, without a context.
    session.close();
    throw error;
  }
}

/** Prints what was left untold when a program ends, which then has failed. */
export function tellAtExit(leave: () => readonly Error[]): void {
  let untold: readonly Error[];
  try {
    untold = leave();
  } catch (error) {
    // Interrupted while the engines still had something to do.
    untold = [error as Error];
  }
  for (const error of untold) {
    process.exitCode = 1;
    const isJob = (error as { code?: unknown }).code === 'ERR_ENGINES_GONE';
    const what = isJob
      ? 'The engines have not ended as they should:'
      : 'A call of the program failed on the engines, and nobody asked for its result:';
    writeSync(2, `${what}\n${inspect(error)}\n`);
  }
}

function throwTold(untold: readonly Error[]): void {
  if (untold.length === 1) throw untold[0];
  if (untold.length > 1) {
    throw new AggregateError(
      untold,
      'Calls have failed on the engines, and nobody asked for results',
    );
  }
}
