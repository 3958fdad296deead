/**
 * Our side of the benchmark of exchanges; output and measurements as in exchange.c, and before them
 * the files to load (`dist` or `src`). The thread level comes by DISTARRAY_THREAD_LEVEL.
 */
import { loadLocal, loadMaps, loadMpi, type Source } from './ours.ts';

const [source, ...specifications] = process.argv.slice(2);
const { COMM_WORLD: comm, queryThread, wtime } = await loadMpi(source as Source);
const { BlockMap, Distribution, UndistributedMap } = await loadMaps(source as Source);
const { exchangeHalo, LocalArray, redistribute } = await loadLocal(source as Source);

const kinds: Record<string, (size: number) => () => void> = {
  columns: (size) => redistribution([size, size], 'bn', 'nb'),
  cyclic: (size) => redistribution([size], 'b', 'c'),
  halo(size) {
    const map = BlockMap.even(size, 2, { commPadding: 1 });
    const array = new LocalArray(Distribution.fromMaps([map, new UndistributedMap(size)]));
    return () => exchangeHalo(array);
  },
};

function redistribution(shape: number[], from: string, to: string): () => void {
  const array = new LocalArray(Distribution.fromShape(shape, { dist: from, size: 2 }));
  array.fill(1);
  const out = new LocalArray(Distribution.fromShape(shape, { dist: to, size: 2 }));
  return () => {
    redistribute(array, out.distribution, { out });
  };
}

function measure(specification: string): number[] {
  const [kind, ...numbers] = specification.split(':');
  const [size, warmup, iterations, batches] = numbers.map(Number);
  const run = kinds[kind](size);
  for (let i = 0; i < warmup; i++) run();
  return Array.from({ length: batches }, () => {
    comm.barrier();
    const start = wtime();
    for (let i = 0; i < iterations; i++) run();
    return (wtime() - start) / iterations;
  });
}

const seconds = specifications.map(measure);
if (comm.rank === 0) console.log(JSON.stringify({ level: queryThread(), seconds }));
