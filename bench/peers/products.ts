/**
 * Our side of the benchmark of products: prints, as JSON, the seconds of every repetition of each case, from barrier to
 * barrier on any number of ranks. What is measured and how is the same in products.py.
 */
import { Context, type DistArray, MPI } from '../../src/entry/index.ts';

const repetitions = Number(process.argv[2] ?? 7);
const comm = MPI.COMM_WORLD;
const ctx = new Context();
// What is measured is one function at a time, and computed.
ctx.eager = true;

function matrix(n: number, dtype: 'float32' | 'float64' | 'complex128' | 'int64', dist = 'bn') {
  const numbers = ctx.random.rand([n, n], { dist });
  return dtype === 'int64' ? numbers.mul(100).astype(dtype) : numbers.astype(dtype);
}

const product = (a: DistArray) => () => a.matmul(a);
const vector = ctx.random.rand([2000]);
const long = ctx.random.rand([1_000_000]);
const large = matrix(2000, 'float64');
const cases: Record<string, () => unknown> = {
  'matmul 100²': product(matrix(100, 'float64')),
  'matmul 1000²': product(matrix(1000, 'float64')),
  'matmul 1000², blocks': product(matrix(1000, 'float64', 'bb')),
  'matmul 2000²': product(large),
  'matmul 2000², blocks': product(matrix(2000, 'float64', 'bb')),
  'matmul 1000², float32': product(matrix(1000, 'float32')),
  'matmul 1000², complex128': product(matrix(1000, 'complex128')),
  'matmul 300², int64': product(matrix(300, 'int64')),
  'matmul 2000², vector': () => large.matmul(vector),
  'dot 1,000,000': () => long.dot(long),
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
  for (let i = 0; i < 2; i++) action();
  results[name] = Array.from({ length: repetitions }, () => seconds(action));
}
if (comm.rank === 0) console.log(JSON.stringify(results));
