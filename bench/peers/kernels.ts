/**
 * Our side of the kernel benchmark: prints, as JSON, the seconds of every repetition of each case. What is
 * measured and how is the same in kernels.py.
 */

import { newView, type StridedView } from '../../src/kernels/stridedView.ts';
import { elementwise, type Operand } from '../../src/ops/elementwise/elementwise.ts';

const repetitions = Number(process.argv[2] ?? 9);
const n = 2000;
const tinyCalls = 100_000;

const x = newView('float64', [n, n]);
const y = newView('float64', [n, n]);
for (let i = 0; i < n * n; i++) {
  x.data[i] = (i % 1000) / 100;
  y.data[i] = (i % 997) / 500 + 0.5;
}
const out = newView('float64', [n, n]);
const tiny = newView('float64', [10]);
const tinyOut = newView('float64', [10]);
const inner: Pick<StridedView, 'shape' | 'strides' | 'offset'> = {
  shape: [n - 2, n - 2],
  strides: [n, 1],
  offset: n + 1,
};
const innerX = { ...x, ...inner };
const innerY = { ...y, ...inner, offset: 2 };
const evenX = { ...x, shape: [n / 2, n / 2], strides: [2 * n, 2] };
const transposed = { ...x, strides: [1, n] };

const add = (a: Operand, b: Operand) => () => elementwise('add', [a, b]);
const cases: Record<string, () => unknown> = {
  'x + y': add(x, y),
  'x + 1': add(x, 1),
  'x + y, out': () => elementwise('add', [x, y], { out }),
  'x < y': () => elementwise('less', [x, y]),
  'sin(x)': () => elementwise('sin', [x]),
  'cos(x)': () => elementwise('cos', [x]),
  'exp(x)': () => elementwise('exp', [x]),
  'log(y)': () => elementwise('log', [y]),
  'tanh(x)': () => elementwise('tanh', [x]),
  'power(y, x)': () => elementwise('power', [y, x]),
  'x[1:-1, 1:-1] + y[:-2, 2:]': add(innerX, innerY),
  'x[::2, ::2] + 1': add(evenX, 1),
  'x.T + y': add(transposed, y),
};

function seconds(action: () => unknown): number {
  const start = process.hrtime.bigint();
  action();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

function many(action: () => unknown): () => void {
  return () => {
    for (let i = 0; i < tinyCalls; i++) action();
  };
}

const results: Record<string, number[]> = {};
for (const [name, action] of Object.entries(cases)) {
  for (let i = 0; i < 3; i++) action();
  results[name] = Array.from({ length: repetitions }, () => seconds(action));
}
const tinyCases: Record<string, () => unknown> = {
  '10 elements: x + y': add(tiny, tiny),
  '10 elements: x + y, out': () => elementwise('add', [tiny, tiny], { out: tinyOut }),
};
for (const [name, action] of Object.entries(tinyCases)) {
  seconds(many(action));
  results[name] = Array.from({ length: repetitions }, () => seconds(many(action)) / tinyCalls);
}
console.log(JSON.stringify(results));
