/**
 * `npm run bench:files`: .npy files beside `dd`, and HDF5 files beside h5py with MPI, of the same size on the same disk,
 * synced on both sides, the two taking turns; sums of a file beside reading it. See docs/performance.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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
    /** Leaves out the .npy files. */
    'hdf5-only': { type: 'boolean', default: false },
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

for (const [name, distribution] of Object.entries(options['hdf5-only'] ? {} : distributions)) {
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

/** Parts of h5py's speed that HDF5 files shall have, and of the figure for blocks those that are block-cyclic. */
const HDF5_GOALS = { block: 1, cyclic: 0.5 };
const peer = fileURLToPath(new URL('peers/hdf5.py', import.meta.url));
const h5 = join(directory, 'a.h5');

/** Does something on the root; the others sleep meanwhile, and leave it the processor. */
function alone(work: () => void): void {
  const done = join(directory, 'done');
  if (ctx.isRoot) {
    work();
    writeFileSync(done, '');
  }
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (!existsSync(done)) Atomics.wait(sleeper, 0, 0, 5);
  ctx.comm.barrier();
  if (ctx.isRoot) rmSync(done);
  ctx.comm.barrier();
}

/** Notes how many MiB a second h5py writes or reads on as many processes, in a job of its own. */
function h5py(action: 'write' | 'read'): void {
  alone(() => {
    // What the launcher has set would make the other job a part of this one.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(OMPI|PMIX?|MPI|HYDI?|PRTE)_/.test(name)),
    );
    const settings = {
      OMPI_ALLOW_RUN_AS_ROOT: '1',
      OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
      OMPI_MCA_rmaps_base_oversubscribe: '1',
    };
    const program = ['/usr/bin/python3', peer, action, `${h5}.py`, ...shape.map(String)];
    const run = spawnSync('mpiexec.openmpi', ['-n', String(ctx.size), ...program], {
      env: { ...env, ...settings },
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`h5py failed: ${run.error ?? run.stderr}`);
    const rate = mebibytes / Number(run.stdout);
    rates.set(`h5py ${action}`, [...(rates.get(`h5py ${action}`) ?? []), rate]);
  });
}

for (let round = 0; round < Number(options.rounds); round++) {
  const arrays = Object.entries(distributions).map(
    ([name, distribution]) => [name, ctx.full(distribution, 1.5)] as const,
  );
  const turns = [
    () => h5py('write'),
    ...arrays.map(
      ([name, array]) =>
        () =>
          measure(`${name}: saveHdf5`, () => ctx.saveHdf5(h5, array, { mode: 'w' })),
    ),
  ];
  for (const turn of round % 2 === 0 ? turns : turns.reverse()) turn();
  h5py('read');
  for (const [name, distribution] of Object.entries(distributions)) {
    measure(`${name}: loadHdf5`, () => ctx.loadHdf5(h5, distribution));
  }
  if (ctx.isRoot) for (const one of [h5, `${h5}.py`]) rmSync(one);
  ctx.comm.barrier();
}
if (ctx.isRoot) rmSync(directory, { recursive: true });

const npyRows = Object.keys(options['hdf5-only'] ? {} : distributions).map((name) => {
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
if (npyRows.length > 0) ctx.print(format(header, npyRows));

const [blocks, cyclic] = Object.keys(distributions);
const hdf5Row = (name: string, call: string, other: string, goal: number) => {
  const [ours, theirs] = [`${name}: ${call}`, other].map((row) => rates.get(row) ?? [Number.NaN]);
  const figures = [median(theirs), median(ours), median(pairwise(ours, theirs))];
  return [`${call}, ${name}`, other, ...figures.map(formatNumber), `≥ ${goal}`];
};
ctx.print(
  format(
    ['MiB/s', 'beside', 'that', 'ours', 'ratio', 'goal'],
    [
      hdf5Row(blocks, 'saveHdf5', 'h5py write', HDF5_GOALS.block),
      hdf5Row(blocks, 'loadHdf5', 'h5py read', HDF5_GOALS.block),
      hdf5Row(cyclic, 'saveHdf5', `${blocks}: saveHdf5`, HDF5_GOALS.cyclic),
      hdf5Row(cyclic, 'loadHdf5', `${blocks}: loadHdf5`, HDF5_GOALS.cyclic),
    ],
  ),
);
ctx.print(`\n${format(OUT_OF_CORE_HEADER, outOfCore)}`);
ctx.close();
