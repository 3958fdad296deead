/**
 * A token goes once around all ranks, and each adds its rank:
 *
 *   distarray run -n 4 examples/mpi/ring.ts
 */
import { parseArgs } from 'node:util';
import { MPI } from 'distarray/mpi';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const token = Int32Array.of(0);
if (rank > 0) world.recv(token, rank - 1);
token[0] += rank;
const sent = token.slice();
// The last one sends to rank 0, which must be receiving by then: a send to oneself may wait for ever.
const back = rank === 0 ? world.irecv(token, size - 1) : null;
world.isend(sent, (rank + 1) % size).wait();
back?.wait();

if (rank === 0) {
  const sum = token[0];
  console.log(options.json ? JSON.stringify({ ranks: size, sum }) : `${size} ranks: sum ${sum}`);
}
