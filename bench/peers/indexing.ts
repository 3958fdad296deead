/**
 * Our side of the benchmark of indexing with arrays: prints, as JSON, the seconds of every repetition of each case,
 * from a barrier to a barrier. What is measured is the same in indexing.py; start it with `mpiexec -n N`.
 */
import { Context, MPI } from '../../src/entry/index.ts';

const repetitions = Number(process.argv[2] ?? 9);
const n = 10_000_000;
const m = 1_000_000;

const ctx = new Context();
// What is measured is one function at a time, and computed.
ctx.eager = true;
const { COMM_WORLD: comm } = MPI;
ctx.random.seed(1);
const x = ctx.random.rand([n]);
const table = x.distributeAs([n / 1000, 1000]);
const places = ctx.random.integers([m], 0, n);
const rows = ctx.random.integers([m / 1000], 0, n / 1000);
const values = ctx.random.rand([m]);
const mask = x.less(0.1);

const cases: Record<string, () => unknown> = {
  'x[places]': () => x.get(places),
  'x[places] = 1': () => x.set(1, places),
  'x[places] = values': () => x.set(values, places),
  'table[rows]': () => table.get(rows),
  'x[mask]': () => x.get(mask),
  'x[mask] = 0': () => x.set(0, mask),
  'nonzero(mask)': () => mask.nonzero(),
};

function seconds(action: () => unknown): number {
  comm.barrier();
  const start = process.hrtime.bigint();
  action();
  comm.barrier();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const results: Record<string, number[]> = {};
for (const [name, action] of Object.entries(cases)) {
  action();
  results[name] = Array.from({ length: repetitions }, () => seconds(action));
}
ctx.print(JSON.stringify(results));
