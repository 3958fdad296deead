/**
 * Our side of the message benchmark; output and measurements as in pingpong.c, and before them the
 * files to load (`dist` or `src`). The thread level comes by DISTARRAY_THREAD_LEVEL.
 */
import { loadMpi, type Source } from './ours.ts';

const [source, ...specifications] = process.argv.slice(2);
const { allocMem, COMM_WORLD: comm, queryThread, wtime } = await loadMpi(source as Source);
const { rank } = comm;

type Repeat = (out: Float64Array, into: Float64Array, iterations: number) => void;

function pingPong(out: Float64Array, into: Float64Array, iterations: number): void {
  const partner = 1 - rank;
  for (let i = 0; i < iterations; i++) {
    if (rank === 0) {
      comm.send(out, partner);
      comm.recv(into, partner);
    } else {
      comm.recv(into, partner);
      comm.send(out, partner);
    }
  }
}

const kinds: Record<string, Repeat> = {
  pingpong: pingPong,
  huge: pingPong,
  barrier(_out, _into, iterations) {
    for (let i = 0; i < iterations; i++) comm.barrier();
  },
  allreduce(out, into, iterations) {
    for (let i = 0; i < iterations; i++) comm.allreduce(out, into);
  },
  scalar(_out, _into, iterations) {
    for (let i = 0; i < iterations; i++) {
      if (comm.allreduce(i) !== 2 * i) throw new Error('wrong sum');
    }
  },
};

function measure(specification: string): number[] {
  const [kind, ...numbers] = specification.split(':');
  const [bytes, warmup, iterations, batches] = numbers.map(Number);
  const repeat = kinds[kind];
  const make = (): Float64Array =>
    kind === 'huge' ? allocMem(Float64Array, bytes / 8) : new Float64Array(bytes / 8);
  const out = make().fill(1);
  const into = make().fill(1);
  repeat(out, into, warmup);
  return Array.from({ length: batches }, () => {
    comm.barrier();
    const start = wtime();
    repeat(out, into, iterations);
    return (wtime() - start) / iterations;
  });
}

const seconds = specifications.map(measure);
if (rank === 0) console.log(JSON.stringify({ level: queryThread(), seconds }));
