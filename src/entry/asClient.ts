/**
 * Makes a program the client of the engines of its job, where `distarray run --client` has started it as such. Node's own
 * title says so: variables of the environment would not reach other hosts, and would reach child processes.
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import { ClientLink } from '../engine/clientLink.ts';
import { ClientSession } from '../engine/clientSession.ts';
import { MpiChannel } from '../engine/mpiChannel.ts';
import { makeSessionsBy } from '../global/contextBase.ts';
import { COMM_WORLD } from '../mpi/communicator.ts';
import { UNDEFINED } from '../mpi/environment.ts';

if (process.execArgv.includes('--title=distarray-client')) {
  const channel = new MpiChannel(COMM_WORLD);
  // The engines make a communicator of theirs.
  COMM_WORLD.split(UNDEFINED);
  const link = new ClientLink(channel);
  makeSessionsBy(() => new ClientSession(link));
  process.on('exit', (code) => {
    // A program that has failed ends the whole job.
    if (code === 0) end(link);
  });
}

function end(link: ClientLink): void {
  for (const error of link.close()) {
    process.exitCode = 1;
    const what = 'A call of the program failed on the engines, and nobody asked for its result:';
    writeSync(2, `${what}\n${inspect(error)}\n`);
  }
}
