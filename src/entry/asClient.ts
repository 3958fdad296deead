/**
 * Makes a program the client of the engines of its job, where `distarray run --client` has started it as such. Node's own
 * title says so: variables of the environment would not reach other hosts, and would reach child processes.
 */
import { ClientLink } from '../engine/clientLink.ts';
import { ClientSession } from '../engine/clientSession.ts';
import { CLIENT_STATE, type ClientState } from '../engine/job/clientState.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { tellAtExit } from '../engine/remoteContext.ts';
import { makeSessionsBy } from '../global/contextBase.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';
import { UNDEFINED } from '../mpi/environment.ts';
import { nameProcess } from '../mpi/jobAbort.ts';

const states = globalThis as { [CLIENT_STATE]?: ClientState };
const isClient =
  states[CLIENT_STATE] === 'expected' || process.execArgv.includes('--title=distarray-client');
const link = isClient ? connect() : null;
if (link !== null) process.on('exit', leave);

function connect(): ClientLink {
  states[CLIENT_STATE] = 'connected';
  nameProcess('client');
  const channel = new MpiChannel(COMM_WORLD);
  // The engines make a communicator of theirs.
  COMM_WORLD.split(UNDEFINED);
  const made = new ClientLink(channel);
  makeSessionsBy(() => new ClientSession(made));
  return made;
}

/** The program ends. One that has failed ends the whole job. */
export function leave(code: number): void {
  if (code === 0 && link !== null) tellAtExit(() => link.close());
}
