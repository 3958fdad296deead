/**
 * A Julia set on a distributed array:
 *
 *   distarray run -n 4 examples/julia.ts --size 8192 --dist cc --out julia.h5 --png julia.png
 *
 * Each rank counts iterations on its own part of the plane; the sum, the file and the picture are
 * made by all of them together.
 */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import {
  DistArrayError,
  Distribution,
  LocalArray,
  loadHdf5,
  MPI,
  Progress,
  redistribute,
  saveHdf5,
} from 'distarray';
import { coarsen, heatMapPng } from 'distarray/plot';
import { expectedSum, PUBLISHED } from './julia/expected.ts';
import { coordinates, juliaCounts, N_MAX } from './julia/kernel.ts';
import { type JuliaOptions, parseOptions, usage } from './julia/options.ts';
import { type RankReport, rankTable } from './julia/report.ts';

const world = MPI.COMM_WORLD;
/** Side of the picture in pixels, unless the plane is smaller. */
const PICTURE = 1024;
/** Rows that are computed between two looks at the progress. */
const CHUNK = 32;

/** Prints on rank 0 only. */
function print(text: string): void {
  if (world.rank === 0) process.stdout.write(`${text}\n`);
}

/** Counts on the local part; returns the seconds that it took. */
function compute(counts: LocalArray<'int32'>, { size, kernel }: JuliaOptions): number {
  const re = coordinates(counts.globalIndices(0), size);
  const im = coordinates(counts.globalIndices(1), size);
  const progress = new Progress(world, 'computing');
  world.barrier();
  const start = MPI.wtime();
  for (let row = 0; row < re.length; row += CHUNK) {
    const end = Math.min(row + CHUNK, re.length);
    const part = counts.data.subarray(row * im.length, end * im.length);
    juliaCounts(re.subarray(row, end), im, part, kernel);
    progress.update(end / re.length);
  }
  const seconds = MPI.wtime() - start;
  progress.finish();
  return seconds;
}

/** Sum of the local counts. */
function localSum(counts: LocalArray<'int32'>): number {
  let sum = 0;
  for (let k = 0; k < counts.data.length; k++) sum += counts.data[k];
  return sum;
}

/** The rank reports, on rank 0. */
function gatherReports(counts: LocalArray, iterations: number, seconds: number): RankReport[] {
  const [rows, columns] = counts.localShape;
  const all = world.rank === 0 ? new Float64Array(4 * world.size) : null;
  world.gather(Float64Array.of(rows, columns, iterations, seconds), all);
  return Array.from({ length: all === null ? 0 : world.size }, (_, rank) => {
    const [rows, columns, iterations, seconds] = all!.subarray(4 * rank, 4 * rank + 4);
    return { rank, rows, columns, iterations, seconds };
  });
}

/** Writes the counts, reads them back in blocks of rows and compares; returns the seconds. */
function roundTrip(counts: LocalArray<'int32'>, file: string): { write: number; read: number } {
  const start = MPI.wtime();
  saveHdf5(file, counts, { key: 'counts', mode: 'w' });
  const write = MPI.wtime() - start;
  const blocks = Distribution.fromShape(counts.globalShape, { dist: 'bn', size: world.size });
  const back = loadHdf5(file, blocks, { key: 'counts' }) as LocalArray<'int32'>;
  const read = MPI.wtime() - start - write;
  const wanted = redistribute(counts, blocks);
  const differing = back.data.filter((count, k) => count !== wanted.data[k]).length;
  if (world.allreduce(differing) > 0) {
    throw new DistArrayError('ERR_DIFFERS', `'${file}' does not hold what was written to it.`);
  }
  return { write, read };
}

function draw(counts: LocalArray<'int32'>, file: string): void {
  const side = Math.min(PICTURE, counts.globalShape[0]);
  const means = coarsen(counts, [side, side]);
  if (means === null) return;
  // The real axis runs along the first dimension: turned, so that it points to the right.
  const turned = Float64Array.from(means.data, (_, k) => {
    const [row, column] = [Math.floor(k / side), k % side];
    return means.data[column * side + (side - 1 - row)];
  });
  // Most points that escape do so within a dozen iterations: give those most of the colours.
  const scale = (fraction: number) => 1 - Math.exp((-N_MAX * fraction) / 7);
  writeFileSync(
    file,
    heatMapPng(turned, [side, side], { min: 0, max: N_MAX, scale, over: [6, 5, 22] }),
  );
}

function main(options: JuliaOptions): void {
  const { size, dist, kernel, out, png } = options;
  const distribution = Distribution.fromShape([size, size], { dist, size: world.size });
  const counts = new LocalArray(distribution, { dtype: 'int32' });
  if (!options.json) {
    const grid = distribution.gridShape.join(' × ');
    print(`Julia set, ${size} × ${size} points, dist ${dist}, ${world.size} ranks as ${grid}`);
  }
  const seconds = compute(counts, options);
  const iterations = localSum(counts);
  const sum = world.allreduce(iterations);
  const reports = gatherReports(counts, iterations, seconds);
  const file = out === undefined ? undefined : roundTrip(counts, out);
  if (png !== undefined) draw(counts, png);

  const expected = expectedSum(size, kernel);
  if (expected !== undefined && expected !== sum) {
    throw new DistArrayError('ERR_SUM', `The counts sum to ${sum}, but should to ${expected}.`);
  }
  if (options.json) {
    const slowest = Math.max(0, ...reports.map((report) => report.seconds));
    const line = {
      example: 'julia',
      ranks: world.size,
      ...options,
      sum,
      expected,
      seconds: slowest,
    };
    print(JSON.stringify({ ...line, ...file, perRank: reports }));
    return;
  }
  if (world.rank === 0) print(`\n${rankTable(reports)}\n`);
  const witness = size <= PUBLISHED ? 'DistArray 0.5 has it' : 'C counts';
  print(`sum ${sum}${expected === undefined ? '' : `, as ${witness}`}`);
  if (file) {
    const [write, read] = [file.write, file.read].map((time) => `${time.toFixed(2)} s`);
    print(`${out}: written as ${dist} in ${write}, read back as bn in ${read}, the same`);
  }
  if (png) print(`${png}: drawn`);
}

/** The options, or none when there is nothing to do; what is wrong is the same on every rank. */
function readOptions(): JuliaOptions | undefined {
  try {
    const options = parseOptions(process.argv.slice(2));
    if (options !== 'help') {
      checkDirectories(options);
      return options;
    }
    print(usage);
  } catch (error) {
    refuse(error as Error);
  }
  return undefined;
}

/** Finds out now, and not after the computation, whether there is a place for the results. */
function checkDirectories({ out, png }: JuliaOptions): void {
  for (const file of [out, png]) {
    if (file !== undefined) accessSync(dirname(resolve(file)), constants.W_OK);
  }
}

/** Says once what is wrong on all ranks. */
function refuse(error: Error): void {
  if (world.rank === 0) process.stderr.write(`julia: ${error.message}\n`);
  process.exitCode = 1;
}

const options = readOptions();
if (options !== undefined) {
  try {
    main(options);
  } catch (error) {
    // These are the same on every rank; any other error ends the job with the rank's stack.
    if (!(error instanceof DistArrayError)) throw error;
    refuse(error);
  }
}
