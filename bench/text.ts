/**
 * `npm run bench:text`: numbers in text beside `numpy.loadtxt` and `numpy.savetxt`, which one process does, the two taking
 * turns. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Context, type DistArray, MPI } from '../src/entry/index.ts';
import { median, pairwise } from './statistics.ts';
import { formatMarkdown, formatNumber, formatTable } from './table.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string', default: tmpdir() },
    markdown: { type: 'boolean', default: false },
  },
});

/** Prints the seconds that NumPy takes to read a file. */
const READ = `
import sys, time, numpy as np
begin = time.perf_counter()
np.loadtxt(sys.argv[1], delimiter=',', dtype=sys.argv[2])
print(time.perf_counter() - begin)`;
const COLUMNS = 8;

const ctx = new Context();
const made = ctx.isRoot ? mkdtempSync(join(options.dir, 'distarray-bench-')) : '';
const directory = ctx.comm.bcastObject(made) as string;
const shape = [Number(options.rows), COLUMNS];
const normal = ctx.random.seed(1).randn(shape);
const cases: readonly { name: string; array: DistArray; fmt?: string }[] = [
  { name: 'float64, 17 digits', array: normal, fmt: '%.16e' },
  { name: 'float64, 4 decimals', array: normal, fmt: '%.4f' },
  { name: 'int64, 6 digits', array: ctx.random.randint(shape, -1_000_000, 1_000_000) },
];

function numpy(file: string, dtype: string): number {
  if (!ctx.isRoot) return 0;
  const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', READ, file, dtype], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`NumPy failed: ${stderr}`);
  return Number(stdout);
}

const rows = cases.map(({ name, array, fmt }) => {
  const file = join(directory, 'a.csv');
  const { dtype } = array;
  ctx.saveTxt(file, array, { delimiter: ',', fmt });
  const mebibytes = statSync(file).size / 2 ** 20;
  const [ours, theirs]: number[][] = [[], []];
  for (let round = 0; round < Number(options.rounds); round++) {
    ctx.comm.barrier();
    theirs.push(mebibytes / ctx.comm.allreduce(numpy(file, dtype)));
    ctx.comm.barrier();
    const start = MPI.wtime();
    ctx.loadTxt(file, { delimiter: ',', dtype });
    ctx.comm.barrier();
    ours.push(mebibytes / (MPI.wtime() - start));
  }
  const ratio = median(pairwise(ours, theirs));
  return [name, ...[theirs, ours].map((list) => formatNumber(median(list))), formatNumber(ratio)];
});
if (ctx.isRoot) rmSync(directory, { recursive: true });
const header = ['MiB/s, from memory', 'numpy.loadtxt', `loadTxt on ${ctx.size}`, 'ratio'];
ctx.print(options.markdown ? formatMarkdown(header, rows) : formatTable(header, rows));
ctx.close();
