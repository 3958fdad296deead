/**
 * Our side of the message benchmark; output and measurements as in pingpong.c, and before them the
 * files to load (`dist` or `src`). The thread level comes by DISTARRAY_THREAD_LEVEL.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { loadLocal, loadMaps, loadMpi, type Source } from './ours.ts';

const [source, ...specifications] = process.argv.slice(2);
const { allocMem, COMM_WORLD: comm, queryThread, wtime } = await loadMpi(source as Source);
const { LocalArray } = await loadLocal(source as Source);
const { Distribution } = await loadMaps(source as Source);
const { rank, size } = comm;
const partner = 1 - rank;

type Repeat = (out: Float64Array, into: Float64Array, iterations: number) => void | Promise<void>;

function pingPong(out: Float64Array, into: Float64Array, iterations: number): void {
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
  started(out, into, iterations) {
    for (let i = 0; i < iterations; i++) {
      if (rank === 0) {
        comm.isend(out, partner).wait();
        comm.irecv(into, partner).wait();
      } else {
        comm.irecv(into, partner).wait();
        comm.isend(out, partner).wait();
      }
    }
  },
  async awaited(out, into, iterations) {
    for (let i = 0; i < iterations; i++) {
      if (rank === 0) {
        await comm.isend(out, partner);
        await comm.irecv(into, partner);
      } else {
        await comm.irecv(into, partner);
        await comm.isend(out, partner);
      }
    }
  },
  oneway(out, into, iterations) {
    const answer = new Float64Array(1);
    for (let i = 0; i < iterations; i++) {
      if (rank === 0) {
        comm.send(out, 1);
        comm.recv(answer, 1);
      } else {
        comm.recv(into, 0);
        comm.send(answer, 0);
      }
    }
  },
  async object(out, _into, iterations) {
    const answer = new Float64Array(1);
    for (let i = 0; i < iterations; i++) {
      if (rank === 0) {
        comm.sendObject(out, 1);
        comm.recv(answer, 1);
      } else {
        if (comm.recvObject<Float64Array>(0).length !== out.length) throw new Error('wrong length');
        comm.send(answer, 0);
      }
      // Collected memory comes back on a turn of the event loop.
      await turn();
    }
  },
  barrier(_out, _into, iterations) {
    for (let i = 0; i < iterations; i++) comm.barrier();
  },
  allreduce(out, into, iterations) {
    for (let i = 0; i < iterations; i++) comm.allreduce(out, into);
  },
  bcast(out, _into, iterations) {
    for (let i = 0; i < iterations; i++) comm.bcast(out);
  },
  allgather(out, into, iterations) {
    for (let i = 0; i < iterations; i++) comm.allgather(out, into);
  },
  alltoall(out, into, iterations) {
    for (let i = 0; i < iterations; i++) comm.alltoall(out, into);
  },
  scalar(_out, _into, iterations) {
    for (let i = 0; i < iterations; i++) {
      if (comm.allreduce(i) !== 2 * i) throw new Error('wrong sum');
    }
  },
};

function makeArray(memory: string, length: number): Float64Array {
  if (memory === 'allocMem') return allocMem(Float64Array, length);
  if (memory !== 'local') return new Float64Array(length);
  const rows = Distribution.fromShape([size, length], { dist: 'bn', size });
  return new LocalArray(rows, { dtype: 'float64' }).data;
}

async function measure(specification: string): Promise<number[]> {
  const [kind, ...rest] = specification.split(':');
  const [bytes, warmup, iterations, batches] = rest.slice(0, 4).map(Number);
  const memory = rest[4];
  const repeat = kinds[kind];
  // A block of `bytes` for each rank, where there are blocks.
  const blocks = { out: kind === 'alltoall' ? size : 1, into: /^all[gt]/.test(kind) ? size : 1 };
  const out = makeArray(memory, (bytes / 8) * blocks.out).fill(1);
  const into = makeArray(memory, (bytes / 8) * blocks.into).fill(1);
  await repeat(out, into, warmup);
  const seconds: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    comm.barrier();
    const start = wtime();
    // Not awaited without need: that takes a turn of the microtask queue.
    const running = repeat(out, into, iterations);
    if (running !== undefined) await running;
    seconds.push((wtime() - start) / iterations);
  }
  return seconds;
}

const seconds: number[][] = [];
for (const specification of specifications) seconds.push(await measure(specification));
if (rank === 0) console.log(JSON.stringify({ level: queryThread(), seconds }));
