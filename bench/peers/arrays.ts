/**
 * Our side of the benchmark of arrays: prints, as JSON, the seconds of every repetition of each case, and what
 * memory an operation takes. What is measured and how is the same in arrays.py.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { loadArrays, type Source } from './ours.ts';

const { Context } = await loadArrays(process.argv[2] as Source);
const repetitions = Number(process.argv[3]);
const n = 2000;
const tinyCalls = 100_000;
// Results take turns in a few pieces of memory, which must have been touched.
const WARM_UPS = 10;

const ctx = new Context();
// What is measured is one function at a time, and computed.
ctx.eager = true;
const numbers = (dtype: 'float64' | 'float32' | 'int8') => {
  const data = Float64Array.from({ length: n * n }, (_, i) => (i % 1009) / 100 - 5);
  return ctx.fromArray({ data, shape: [n, n] }, { dtype });
};
const plain = Float64Array.from({ length: n * n }, (_, i) => i % 997);
const x = numbers('float64');
const y = x.abs().add(0.5);
const wide = x.multiply(100);
const out = ctx.zeros([n, n]);
const singles = numbers('float32');
const bytes = numbers('int8');
const tiny = ctx.zeros([10]);
const tinyOut = ctx.zeros([10]);
ctx.random.seed(1);

const cases: Record<string, () => unknown> = {
  'x + y': () => x.add(y),
  'x + 1': () => x.add(1),
  'x + y, out': () => x.add(y, { out }),
  'x < y': () => x.less(y),
  'sin(x)': () => x.sin(),
  'sin(w), |w| ≤ 500': () => wide.sin(),
  'cos(x)': () => x.cos(),
  'exp(x)': () => x.exp(),
  'log(y)': () => y.log(),
  'tanh(x)': () => x.tanh(),
  'power(y, x)': () => y.power(x),
  'x[1:-1, 1:-1] + y[:-2, 2:]': () => x.slice('1:-1, 1:-1').add(y.slice(':-2, 2:')),
  'x[::2, ::2] + 1': () => x.slice('::2, ::2').add(1),
  sum: () => x.sum(),
  'sum, axis 0': () => x.sum({ axis: 0 }),
  'sum, axis 1': () => x.sum({ axis: 1 }),
  'sum of float32': () => singles.sum(),
  'sum of int8': () => bytes.sum(),
  var: () => x.var(),
  'var, axis 0': () => x.var({ axis: 0 }),
  'var, axis 1': () => x.var({ axis: 1 }),
  min: () => x.min(),
  'min, axis 0': () => x.min({ axis: 0 }),
  argmin: () => x.argmin(),
  'argmin, axis 0': () => x.argmin({ axis: 0 }),
  'cumulative sum, axis 0': () => x.cumulativeSum({ axis: 0 }),
  'cumulative sum, axis 1': () => x.cumulativeSum({ axis: 1 }),
  fromArray: () => ctx.fromArray({ data: plain, shape: [n, n] }),
  toArray: () => x.toArray(),
  '10⁷ uniforms': () => ctx.random.rand([10_000_000]),
  '10⁷ normals': () => ctx.random.randn([10_000_000]),
};
const tinyCases: Record<string, () => unknown> = {
  '10 elements: x + y': () => tiny.add(tiny),
  '10 elements: x + y, out': () => tiny.add(tiny, { out: tinyOut }),
};

function seconds(action: () => unknown): number {
  const start = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function many(action: () => unknown): void {
  for (let i = 0; i < tinyCalls; i++) action();
}

const results: Record<string, number[]> = {};
for (const [name, action] of Object.entries(cases)) {
  for (let i = 0; i < WARM_UPS; i++) action();
  results[name] = Array.from({ length: repetitions }, () => seconds(action));
}
for (const [name, action] of Object.entries(tinyCases)) {
  many(action);
  const batch = () => seconds(() => many(action)) / tinyCalls;
  results[name] = Array.from({ length: repetitions }, batch);
}
console.log(JSON.stringify({ seconds: results, extraBytes: extraBytes(), tinyBytes: tinyBytes() }));

/** Bytes of JavaScript's heap that a sum of 10 elements takes, its result included. */
function tinyBytes(): number {
  const calls = 400;
  const bytes = Array.from({ length: 31 }, () => {
    const before = getHeapStatistics().used_heap_size;
    for (let i = 0; i < calls; i++) tiny.add(tiny);
    return (getHeapStatistics().used_heap_size - before) / calls;
  });
  // A collection in between makes a few of them too small.
  return bytes.sort((a, b) => a - b)[15];
}

/** Bytes by which the process grows at most while it computes x + y into new memory, the result included. */
function extraBytes(): number {
  // 5: forget the highest size so far.
  writeFileSync('/proc/self/clear_refs', '5');
  const before = memory('VmRSS');
  const sum = x.add(y);
  const peak = memory('VmHWM');
  return sum.size > 0 ? Math.max(0, peak - before) : 0;
}

function memory(key: string): number {
  const status = readFileSync('/proc/self/status', 'utf8');
  return Number(new RegExp(`${key}:\\s+(\\d+) kB`).exec(status)?.[1]) * 1024;
}
