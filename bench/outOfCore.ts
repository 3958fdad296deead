/**
 * The sum of a file that is read block by block, beside plain reading of the same file: each process its half, 8 MiB at a
 * time. From the disk, where the system has been told to forget the file before either, and from its memory.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync, readSync, statSync, writeFileSync } from 'node:fs';
import { type Context, MPI } from '../src/entry/index.ts';
import { median, pairwise } from './statistics.ts';
import { formatNumber } from './table.ts';

/** Part of the speed of reading that the sum shall have. */
const GOAL = 0.8;
const MEMORY = 64 * 2 ** 20;
const PIECE = 2 ** 23;

/** What is printed above the rows of {@link measureOutOfCore}. */
export const OUT_OF_CORE_HEADER = [
  'MiB/s',
  'read',
  'sum',
  'sum / read',
  'goal',
  'mean and std',
  'sqrt(2x + 1), sum',
  'peak MiB',
  'cap MiB',
] as const;

/** Measures a .npy file of float64; returns rows of the table. @remarks Collective. */
export function measureOutOfCore(ctx: Context, path: string, rounds: number): string[][] {
  const { size } = statSync(path);
  const lazy = ctx.openNpy(path, { memory: MEMORY });
  const buffer = new Uint8Array(MPI.allocMem(PIECE));
  const read = () => {
    const descriptor = openSync(path, 'r');
    const share = Math.ceil(size / ctx.size / PIECE) * PIECE;
    const first = ctx.comm.rank * share;
    for (let at = first; at < Math.min(size, first + share); at += PIECE) {
      readSync(descriptor, buffer, 0, PIECE, at);
    }
    closeSync(descriptor);
  };
  const works: Readonly<Record<string, () => unknown>> = {
    read,
    sum: () => +lazy.sum(),
    moments: () => lazy.reductions(['mean', 'std']),
    chain: () => +lazy.mul(2).add(1).sqrt().sum(),
  };
  return ['from the disk', 'from memory'].map((state) => {
    const rates = new Map<string, number[]>();
    let peak = 0;
    const measure = (name: string) => {
      if (state === 'from the disk') forget(ctx, path);
      ctx.comm.barrier();
      const before = peakMemory(true);
      const start = MPI.wtime();
      works[name]();
      ctx.comm.barrier();
      const rate = size / 2 ** 20 / (MPI.wtime() - start);
      if (name !== 'read') peak = Math.max(peak, peakMemory(false) - before);
      rates.set(name, [...(rates.get(name) ?? []), rate]);
    };
    const names = Object.keys(works);
    // The first round finds code that was not compiled yet, and the file on the disk.
    for (let round = 0; round <= rounds; round++) {
      for (const name of round % 2 === 0 ? names : [...names].reverse()) measure(name);
      if (round === 0) rates.clear();
    }
    const [reads, sums, moments, chains] = names.map((name) => rates.get(name)!);
    const most = ctx.comm.allreduce(peak, { op: MPI.MAX });
    return [
      `sum of a file, ${state}`,
      ...[reads, sums].map((list) => formatNumber(median(list))),
      formatNumber(median(pairwise(sums, reads))),
      `≥ ${GOAL}`,
      ...[moments, chains].map((list) => formatNumber(median(list))),
      formatNumber(most / 2 ** 20),
      String(MEMORY / 2 ** 20),
    ];
  });
}

/** Lets the system forget what it knows of a file. */
function forget(ctx: Context, path: string): void {
  if (ctx.isRoot) {
    const args = [`of=${path}`, 'oflag=nocache', 'conv=notrunc,fdatasync', 'count=0'];
    const { status, stderr } = spawnSync('dd', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`dd failed: ${stderr}`);
  }
  ctx.comm.barrier();
}

/** The most bytes that this process has had in memory, since they were last forgotten. */
function peakMemory(anew: boolean): number {
  if (anew) writeFileSync('/proc/self/clear_refs', '5');
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
