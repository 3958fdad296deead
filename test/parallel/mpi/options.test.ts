// Calls of MPI refuse options that they do not have, where the one that they have is left out.
import { strict as assert } from 'node:assert';
import { MPI } from '../../../src/entry/mpi.ts';
import { ArgumentRangeError } from '../../../src/errors.ts';

const world = MPI.COMM_WORLD;
const one = new Float64Array(1);
const all = new Float64Array(world.size);

/** Calls with an option that the call does not have. */
const CALLS: Readonly<Record<string, (options: never) => unknown>> = {
  send: (options) => world.send(one, 0, options),
  isend: (options) => world.isend(one, 0, options),
  recv: (options) => world.recv(one, 0, options),
  irecv: (options) => world.irecv(one, 0, options),
  sendrecv: (options) => world.sendrecv(one, 0, one, 0, options),
  iprobe: (options) => world.iprobe(options),
  sendObject: (options) => world.sendObject({}, 0, options),
  bcast: (options) => world.bcast(one, options),
  bcastObject: (options) => world.bcastObject({}, options),
  gather: (options) => world.gather(one, all, options),
  allgather: (options) => world.allgather(one, all, options),
  alltoall: (options) => world.alltoall(all, all.slice(), options),
  reduce: (options) => world.reduce(1, options),
  allreduce: (options) => world.allreduce(1, options),
  exscan: (options) => world.exscan(1, options),
  split: (options) => world.split(0, options),
  dup: (options) => world.dup(options),
  'Win.create': (options) => MPI.Win.create(one, world, options),
};

describe('options of MPI calls', () => {
  for (const [name, call] of Object.entries(CALLS)) {
    it(`that do not exist are errors: ${name}`, () => {
      assert.throws(() => call({ tg: 5 } as never), ArgumentRangeError);
    });
  }

  it('may be undefined', () => {
    assert.equal(world.allreduce(1, { op: undefined }), world.size);
    assert.throws(
      () => world.send(one, 0, { Tag: undefined, roots: 1 } as never),
      /one of the options tag for options, but received "roots"/,
    );
  });
});
