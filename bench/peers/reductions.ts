/**
 * Our side of the benchmark of reductions and random numbers: prints, as JSON, the seconds of every
 * repetition of each case. What is measured and how is the same in reductions.py.
 */
import type { Dtype } from '../../src/dtype/dtype.ts';
import { LocalArray } from '../../src/local/localArray.ts';
import { Distribution } from '../../src/maps/distribution.ts';
import { RandomStream } from '../../src/ops/random/randomStream.ts';
import { cumulative } from '../../src/ops/reduce/cumulative.ts';
import { reduce } from '../../src/ops/reduce/reduce.ts';

const repetitions = Number(process.argv[2] ?? 9);
const n = 2000;

const zeros = <D extends Dtype>(shape: readonly number[], dtype: D) =>
  new LocalArray<D>(Distribution.fromShape(shape, { size: 1 }), { dtype });
const x = zeros([n, n], 'float64');
const data = x.data as Float64Array;
for (let i = 0; i < n * n; i++) data[i] = (i % 1009) / 100 - 5;
const bytes = x.astype('int8');
const singles = x.astype('float32');
const draws = zeros([10_000_000], 'float64');
const random = new RandomStream(undefined, { seed: 1 });

const cases: Record<string, () => unknown> = {
  sum: () => reduce(x, 'sum'),
  'sum, axis 0': () => reduce(x, 'sum', { axis: 0 }),
  'sum, axis 1': () => reduce(x, 'sum', { axis: 1 }),
  'sum of float32': () => reduce(singles, 'sum'),
  'sum of int8': () => reduce(bytes, 'sum'),
  var: () => reduce(x, 'var'),
  'var, axis 0': () => reduce(x, 'var', { axis: 0 }),
  min: () => reduce(x, 'min'),
  'min, axis 0': () => reduce(x, 'min', { axis: 0 }),
  argmin: () => reduce(x, 'argmin'),
  'argmin, axis 0': () => reduce(x, 'argmin', { axis: 0 }),
  'cumulativeSum, axis 0': () => cumulative(x, 'cumulativeSum', { axis: 0 }),
  'cumulativeSum, axis 1': () => cumulative(x, 'cumulativeSum', { axis: 1 }),
  '10 million uniforms': () => random.rand(draws),
  '10 million normals': () => random.randn(draws),
};

function seconds(action: () => unknown): number {
  const start = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

const results: Record<string, number[]> = {};
for (const [name, action] of Object.entries(cases)) {
  action();
  results[name] = Array.from({ length: repetitions }, () => seconds(action));
}
console.log(JSON.stringify(results));
