/**
 * Files of distributed arrays: written in one distribution, read in another, on any number of ranks.
 *
 *   distarray run -n 4 examples/io.ts --size 4000 --dir /tmp
 *   distarray run -n 4 examples/io.ts --json
 *   distarray run --client -n 4 examples/io.ts
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Context, type DistArray, DistArrayError, MPI } from 'distarray';

const { values: options } = parseArgs({
  options: {
    size: { type: 'string', default: '512' },
    /** Where the files are made, and removed again. */
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
});

const ctx = new Context();
const size = Number(options.size);
const directory = ctx.onRoot(() => mkdtempSync(join(options.dir, 'distarray-io-')));

// Rows and columns are dealt out in turn, 64 at a time: every rank has pieces from everywhere.
const array = ctx.fromFunction((i, j) => i + j / size, [size, size], {
  dist: 'cc',
  blockSize: 64,
  capture: { size },
});
const sum = +array.sum();

interface Measured {
  readonly file: string;
  readonly bytes: number;
  readonly writeSeconds: number;
  readonly readSeconds: number;
  readonly sum: number;
}

/** Returns the seconds that something takes on all ranks. */
function seconds(work: () => void): number {
  ctx.barrier();
  const start = MPI.wtime();
  work();
  ctx.barrier();
  return MPI.wtime() - start;
}

/** Writes, reads back and compares. */
function roundTrip(file: string, write: () => void, read: () => DistArray): Measured {
  const writeSeconds = seconds(write);
  let back = array as DistArray;
  const readSeconds = seconds(() => {
    back = read();
  });
  if (!ctx.allclose(back, array)) {
    throw new DistArrayError('ERR_DIFFERS', `'${file}' does not hold what was written to it.`);
  }
  const { size: bytes } = statSync(join(directory, file));
  return { file, bytes, writeSeconds, readSeconds, sum: +back.sum() };
}

const path = (name: string) => join(directory, name);
const rows = ctx.distribution([size, size], { dist: 'bn' });
const results = [
  // One global array, which numpy.load reads.
  roundTrip(
    'a.npy',
    () => ctx.saveNpy(path('a.npy'), array),
    () => ctx.loadNpy(path('a.npy'), rows),
  ),
  // A dataset of an HDF5 file, which h5py reads.
  roundTrip(
    'a.h5',
    () => ctx.saveHdf5(path('a.h5'), array, { key: 'a', mode: 'w' }),
    () => ctx.loadHdf5(path('a.h5'), rows, { key: 'a' }),
  ),
  // One file a rank, as DistArray has it: the array comes back distributed as it was.
  roundTrip(
    'a_0.dnpy',
    () => ctx.saveDnpy(path('a'), array),
    () => ctx.loadDnpy(path('a')),
  ),
];
if (ctx.isRoot) rmSync(directory, { recursive: true });

if (options.json) {
  ctx.print(JSON.stringify({ example: 'io', ranks: ctx.size, shape: array.shape, sum, results }));
} else {
  ctx.print(`${size} × ${size} elements of float64, written as cc on ${ctx.size} ranks`);
  for (const { file, writeSeconds, readSeconds } of results) {
    const [write, read] = [writeSeconds, readSeconds].map((time) => `${time.toFixed(3)} s`);
    ctx.print(`  ${file.padEnd(9)} written in ${write}, read back in ${read}, the same`);
  }
}
ctx.close();
