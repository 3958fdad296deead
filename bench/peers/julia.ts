/**
 * Our side of the Julia benchmark: the kernel of the example. Arguments: `dist` or `src`, and those
 * of julia.c; output as there.
 */
import { juliaCounts } from '../../examples/julia/kernel.ts';
import { loadMpi, type Source } from './ours.ts';

const [source, ...numbers] = process.argv.slice(2);
const [points, warmup, batches] = numbers.map(Number);
const { COMM_WORLD: comm, MAX, wtime } = await loadMpi(source as Source);
const { rank, size } = comm;

const coordinate = (index: number): number => -1.5 + (3 * index) / points;
const rows = Math.ceil((points - rank) / size);
const re = Float32Array.from({ length: rows }, (_, i) => coordinate(rank + i * size));
const im = Float32Array.from({ length: points }, (_, j) => coordinate(j));
const counts = new Int32Array(rows * points);

function slowest(): number {
  comm.barrier();
  const start = wtime();
  juliaCounts(re, im, counts, 'cython');
  return comm.allreduce(wtime() - start, { op: MAX });
}

for (let i = 0; i < warmup; i++) slowest();
const seconds = [Array.from({ length: batches }, slowest)];
const sum = comm.allreduce(counts.reduce((total, count) => total + count, 0));
if (rank === 0) console.log(JSON.stringify({ seconds, sum }));
