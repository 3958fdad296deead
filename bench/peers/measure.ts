/** What our programs of the benchmark of expressions have in common: clock, memory and output. */
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';

interface Comm {
  readonly rank: number;
  barrier(): void;
  allreduce(value: number): number;
  allgather(out: Float64Array, into: Float64Array): void;
  readonly size: number;
}

interface Counts {
  readonly warmup: number;
  readonly iterations: number;
  readonly batches: number;
}

/**
 * Prints the seconds per step of every batch (of the slowest rank), the sum, and what memory the steps took.
 *
 * @remarks Collective.
 */
export function measure(
  comm: Comm,
  step: () => unknown,
  { warmup, iterations, batches }: Counts,
  sum: () => number,
): void {
  for (let i = 0; i < warmup; i++) step();
  forgetHighestSize();
  const before = statusBytes('VmRSS');
  const seconds: number[] = [];
  for (let batch = 0; batch < batches; batch++) {
    comm.barrier();
    const start = performance.now();
    for (let i = 0; i < iterations; i++) step();
    seconds.push(slowest(comm, (performance.now() - start) / 1e3 / iterations));
  }
  const extraBytes = Math.max(0, statusBytes('VmHWM') - before);
  const total = sum();
  if (comm.rank === 0) console.log(JSON.stringify({ seconds, sum: total, extraBytes }));
}

function slowest(comm: Comm, seconds: number): number {
  const all = new Float64Array(comm.size);
  comm.allgather(Float64Array.of(seconds), all);
  return Math.max(...all);
}

function forgetHighestSize(): void {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
  } catch {
    // Then the highest size is that of the whole run.
  }
}

function statusBytes(key: string): number {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    return Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
