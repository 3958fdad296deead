/**
 * Batches of numbers flow through the ranks, each of which adds its part. While a rank works on one
 * batch, the next is being received and the one before is being sent:
 *
 *   distarray run -n 4 examples/mpi/pipeline.ts
 */
import { parseArgs } from 'node:util';
import { MPI } from 'distarray/mpi';

const world = MPI.COMM_WORLD;
const { rank, size } = world;
const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

const BATCHES = 20;
const LENGTH = 1000;
const from = rank === 0 ? MPI.PROC_NULL : rank - 1;
const to = rank === size - 1 ? MPI.PROC_NULL : rank + 1;

// Two buffers take turns: MPI fills one while the other is worked on.
const incoming = [new Float64Array(LENGTH), new Float64Array(LENGTH)];
const receive = (batch: number) => world.irecv(incoming[batch % 2], from, { tag: batch });

let sum = 0;
let arriving = receive(0);
let leaving: MPI.Request | undefined;
for (let batch = 0; batch < BATCHES; batch++) {
  await arriving;
  if (batch + 1 < BATCHES) arriving = receive(batch + 1);
  // The first rank receives from nobody: it makes the batches.
  const work = rank === 0 ? new Float64Array(LENGTH).fill(batch) : incoming[batch % 2].slice();
  for (let k = 0; k < work.length; k++) work[k] += rank + 1;
  await leaving;
  leaving = world.isend(work, to, { tag: batch });
  if (rank === size - 1) sum += work.reduce((total, x) => total + x, 0);
}
await leaving;

world.barrier();
if (rank === size - 1) {
  const text = `${BATCHES} batches through ${size} ranks: sum ${sum}`;
  console.log(options.json ? JSON.stringify({ ranks: size, batches: BATCHES, sum }) : text);
}
