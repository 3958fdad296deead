/**
 * All ranks write one file together, and each reads back what another one has written:
 *
 *   distarray run -n 4 examples/mpi/io.ts --size 1000000 --out numbers.bin
 *
 * The file holds the numbers 0, 1, 2, … as float64, each rank's part behind that of the rank before.
 */
import { parseArgs } from 'node:util';
import { MPI } from 'distarray/mpi';

const world = MPI.COMM_WORLD;
const { rank, size } = world;

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '1000000' },
    out: { type: 'string', default: 'numbers.bin' },
    json: { type: 'boolean', default: false },
  },
});
const total = Number(options.size);

/** First number of a rank's part; that of rank `size` is the total. */
function start(rank: number): number {
  return Math.floor((total * rank) / size);
}

/** Seconds that the slowest rank takes. */
function time(work: () => void): number {
  world.barrier();
  const begin = MPI.wtime();
  work();
  return world.allreduce(MPI.wtime() - begin, { op: MPI.MAX });
}

const part = Float64Array.from(
  { length: start(rank + 1) - start(rank) },
  (_, k) => start(rank) + k,
);
const write = time(() => {
  using file = MPI.File.open(world, options.out, { mode: 'w' });
  file.setView(0, MPI.DOUBLE);
  file.writeAtAll(start(rank), part);
});

const other = (rank + 1) % size;
const back = new Float64Array(start(other + 1) - start(other));
let bytes = 0;
const read = time(() => {
  using file = MPI.File.open(world, options.out);
  file.setView(0, MPI.DOUBLE);
  bytes = file.size;
  file.readAtAll(start(other), back);
});

const wrong = world.allreduce(back.filter((value, k) => value !== start(other) + k).length);
if (rank === 0) {
  const report = { ranks: size, bytes, wrong, write, read };
  const rate = (seconds: number) => `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;
  console.log(
    options.json
      ? JSON.stringify(report)
      : `${size} ranks wrote ${bytes} bytes at ${rate(write)}, read them at ${rate(read)}: ` +
          `${wrong === 0 ? 'all is as it was written' : `${wrong} numbers are wrong`}`,
  );
}
if (wrong > 0) process.exitCode = 1;
