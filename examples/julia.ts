/**
 * A Julia set on a distributed array:
 *
 *   distarray run -n 4 examples/julia.ts --size 8192 --dist cc --out julia.h5 --png julia.png
 *
 * Each process counts iterations on its own part of the plane; the sum, the file and the picture are
 * made by all of them together. With `--client` these are engines, and the program runs once.
 */
import { accessSync, constants, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Context, type DistArray, DistArrayError, MPI, registerModule } from 'distarray';
import { heatMapPng } from 'distarray/plot';
import { expectedSum, PUBLISHED } from './julia/expected.ts';
import { N_MAX } from './julia/kernel.ts';
import { type JuliaOptions, parseOptions, usage } from './julia/options.ts';
import * as parts from './julia/part.ts';
import { rankTable } from './julia/report.ts';

const ctx = new Context();
// Engines of a client import it.
registerModule(new URL('./julia/part.ts', import.meta.url), parts);
/** Side of the picture in pixels, unless the plane is smaller. */
const PICTURE = 1024;

/** Prints once for the job. */
function print(text: string): void {
  if (ctx.isRoot) process.stdout.write(`${text}\n`);
}

/** Writes the counts, reads them back in blocks of rows and compares; returns the seconds. */
function roundTrip(counts: DistArray<'int32'>, file: string): { write: number; read: number } {
  const start = MPI.wtime();
  ctx.saveHdf5(file, counts, { key: 'counts', mode: 'w' });
  const write = MPI.wtime() - start;
  const blocks = ctx.distribution(counts.shape, { dist: 'bn' });
  const back = ctx.loadHdf5(file, blocks, { key: 'counts' });
  const read = MPI.wtime() - start - write;
  if (back.notEqual(counts).any().item()) {
    throw new DistArrayError('ERR_DIFFERS', `'${file}' does not hold what was written to it.`);
  }
  return { write, read };
}

function draw(counts: DistArray<'int32'>, file: string): void {
  const side = Math.min(PICTURE, counts.shape[0]);
  const means = ctx.apply(parts.meansOfSquares, [counts, side]).find((one) => one !== null);
  if (!ctx.isRoot || !means) return;
  // The real axis runs along the first dimension: turned, so that it points to the right.
  const turned = Float64Array.from(means, (_, k) => {
    const [row, column] = [Math.floor(k / side), k % side];
    return means[column * side + (side - 1 - row)];
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
  const counts = ctx.zeros([size, size], { dtype: 'int32', dist });
  if (!options.json) {
    const grid = counts.gridShape.join(' × ');
    print(`Julia set, ${size} × ${size} points, dist ${dist}, ${ctx.size} ranks as ${grid}`);
  }
  const reports = ctx
    .apply(parts.countPart, [counts, size, kernel], { targets: ctx.targets })
    .map((report, rank) => ({ rank, ...report }));
  const sum = reports.reduce((total, { iterations }) => total + iterations, 0);
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
      ranks: ctx.size,
      ...options,
      sum,
      expected,
      seconds: slowest,
    };
    print(JSON.stringify({ ...line, ...file, perRank: reports }));
    return;
  }
  print(`\n${rankTable(reports)}\n`);
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
  if (ctx.isRoot) process.stderr.write(`julia: ${error.message}\n`);
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
