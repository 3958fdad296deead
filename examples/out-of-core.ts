/**
 * The mean of an array that does not fit into memory: size × size random numbers from [0, 1) in a .npy file, 12.8 GB
 * for 40000. It is 0.5.
 *
 * A slide on DistArray had this program with a mean of 130: it read float64 numbers as elements of another dtype. Here the
 * dtype is the one that the file itself tells.
 *
 *   distarray run -n 4 examples/out-of-core.ts --size 40000 --dir /scratch --memory 256MiB
 *   distarray run -n 4 examples/out-of-core.ts --json
 *   distarray run --client -n 4 examples/out-of-core.ts
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Context, formatNpyHeader, type LocalArray, MPI } from 'distarray';

const { values: options } = parseArgs({
  options: {
    /** Rows and columns. */
    size: { type: 'string', default: '2000' },
    /** What a process may use. */
    memory: { type: 'string', default: '16MiB' },
    /** Where the file is made, and removed again. */
    dir: { type: 'string', default: tmpdir() },
    json: { type: 'boolean', default: false },
  },
});

const ctx = new Context();
const size = Number(options.size);
const directory = ctx.onRoot(() => mkdtempSync(join(options.dir, 'distarray-out-of-core-')));
const path = join(directory, 'random.npy');

/** Returns the seconds that something takes on all ranks. */
function seconds(work: () => void): number {
  ctx.barrier();
  const start = MPI.wtime();
  work();
  ctx.barrier();
  return MPI.wtime() - start;
}

/** Writes random numbers, some rows at a time: every rank has a part of them, and knows where it belongs. */
function create(): void {
  ctx.random.seed(40000);
  const header = formatNpyHeader('float64', [size, size]);
  ctx.onRoot(() => writeFileSync(path, header));
  const rows = Math.max(1, Math.floor((2 ** 22 * ctx.size) / (8 * size)));
  for (let first = 0; first < size; first += rows) {
    const block = ctx.random.rand([Math.min(rows, size - first), size]);
    ctx.apply(writeRows, [block, path, header.length + 8 * size * first]);
  }
}

/** Writes a process's rows of a block to where they belong in the file; the block begins at an offset. */
function writeRows(part: LocalArray<'float64'>, file: string, offset: number): void {
  const { closeSync, openSync, writeSync } = process.getBuiltinModule('node:fs');
  const [own] = part.distribution.maps[0].runs(part.rank);
  if (own === undefined) return;
  const descriptor = openSync(file, 'r+');
  const rowBytes = 8 * part.distribution.shape[1];
  const elements = part.toContiguous();
  writeSync(descriptor, elements, 0, elements.byteLength, offset + own.start * rowBytes);
  closeSync(descriptor);
}

const createSeconds = seconds(create);
let [mean, std, positive] = [0, 0, 0];
const { memory } = options;
const meanSeconds = seconds(() => {
  mean = +ctx.openNpy(path, { memory }).mean();
});
const spreadSeconds = seconds(() => {
  // Functions and slices are computed block by block, too; nothing is made of them before it is wanted.
  const centred = ctx.openNpy(path, { memory }).slice('::2').sub(mean);
  std = +centred.std();
  positive = Number(centred.greater(0).countNonzero().item());
});
if (ctx.isRoot) rmSync(directory, { recursive: true });

if (options.json) {
  const results = { mean, std, positive, createSeconds, meanSeconds, spreadSeconds };
  ctx.print(JSON.stringify({ example: 'out-of-core', ranks: ctx.size, size, memory, ...results }));
} else {
  const gigabytes = (8 * size * size) / 1e9;
  ctx.print(
    `${size} × ${size} random numbers, ${gigabytes.toFixed(3)} GB, on ${ctx.size} ranks with ${memory} each`,
  );
  ctx.print(`  written in ${createSeconds.toFixed(2)} s`);
  ctx.print(`  mean ${mean.toFixed(6)} in ${meanSeconds.toFixed(2)} s`);
  ctx.print(
    `  of every other row: standard deviation ${std.toFixed(6)}, ${positive} above the mean`,
  );
}
ctx.close();
