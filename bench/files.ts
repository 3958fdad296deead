/**
 * `npm run bench:files`: .npy files beside `dd` of the same size to the same disk, synced on both sides, the two
 * taking turns; sums of a file beside reading it. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Context, type Distribution, MPI } from '../src/entry/index.ts';
import { measureOutOfCore, OUT_OF_CORE_HEADER } from './outOfCore.ts';
import { median, pairwise } from './statistics.ts';
import { formatMarkdown, formatNumber, formatTable } from './table.ts';

const { values: options } = parseArgs({
  options: {
    /** MiB of the array. */
    size: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    dir: { type: 'string', default: tmpdir() },
    markdown: { type: 'boolean', default: false },
  },
});

/** Part of the speed of `dd` that writing shall have. */
const GOAL = 0.8;
const COLUMNS = 4096;

const ctx = new Context();
const mebibytes = Number(options.size);
const shape = [(mebibytes * 2 ** 20) / 8 / COLUMNS, COLUMNS];
const distributions: Readonly<Record<string, Distribution>> = {
  'blocks of rows': ctx.distribution(shape, { dist: 'bn' }),
  'block-cyclic(64) in both dimensions': ctx.distribution(shape, { dist: 'cc', blockSize: 64 }),
};
const made = ctx.isRoot ? mkdtempSync(join(options.dir, 'distarray-bench-')) : '';
const directory = ctx.comm.bcastObject(made) as string;
const file = join(directory, 'a.npy');

const rates = new Map<string, number[]>();

/** Notes how many MiB a second something does on all ranks. */
function measure(row: string, work: () => void): void {
  ctx.comm.barrier();
  const start = MPI.wtime();
  work();
  ctx.comm.barrier();
  const rate = mebibytes / (MPI.wtime() - start);
  rates.set(row, [...(rates.get(row) ?? []), rate]);
}

function dd(): void {
  if (!ctx.isRoot) return;
  const to = `of=${join(directory, 'dd')}`;
  const { status, stderr } = spawnSync('dd', [
    'if=/dev/zero',
    to,
    'bs=1M',
    `count=${mebibytes}`,
    'conv=fsync',
  ]);
  if (status !== 0) throw new Error(`dd failed: ${stderr}`);
}

for (const [name, distribution] of Object.entries(distributions)) {
  const array = ctx.full(distribution, 1.5);
  for (let round = 0; round < Number(options.rounds); round++) {
    const turns = [
      () => measure(`${name}: dd`, dd),
      () => measure(`${name}: saveNpy`, () => ctx.saveNpy(file, array)),
    ];
    // Disks that slow down after a while do so for both.
    for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
    measure(`${name}: loadNpy`, () => ctx.loadNpy(file, distribution));
    // The next round finds the disk and the memory of the system as this one did.
    if (ctx.isRoot) for (const one of ['dd', 'a.npy']) rmSync(join(directory, one));
    ctx.comm.barrier();
  }
}
ctx.saveNpy(file, ctx.random.rand(distributions['blocks of rows']));
const outOfCore = measureOutOfCore(ctx, file, Number(options.rounds));
if (ctx.isRoot) rmSync(directory, { recursive: true });

const rows = Object.keys(distributions).map((name) => {
  const [write, read, copy] = ['saveNpy', 'loadNpy', 'dd'].map(
    (row) => rates.get(`${name}: ${row}`)!,
  );
  const ratio = median(pairwise(write, copy));
  const goal = name === 'blocks of rows' ? `≥ ${GOAL}` : '';
  return [
    name,
    ...[copy, write].map((list) => formatNumber(median(list))),
    formatNumber(ratio),
    goal,
    formatNumber(median(read)),
  ];
});
const header = ['MiB/s', 'dd', 'saveNpy', 'saveNpy / dd', 'goal', 'loadNpy, from memory'];
const format = options.markdown ? formatMarkdown : formatTable;
ctx.print(format(header, rows));
ctx.print(`\n${format(OUT_OF_CORE_HEADER, outOfCore)}`);
ctx.close();
