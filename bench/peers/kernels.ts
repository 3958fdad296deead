/**
 * Our side of the benchmark of kernels: functions of JavaScript, and kernels in C. Arguments and output as of kernels.c,
 * the arguments after `js` or `c`.
 */
import { areas, WIDTH } from '../../examples/auc/kernel.ts';
import { coordinates, mandelbrotCounts } from '../../examples/mandelbrot/kernel.ts';

const [language, ...numbers] = process.argv.slice(2) as ['js' | 'c', ...string[]];
const [size, iterations, points, repetitions] = numbers.map(Number);

const indices = Array.from({ length: size }, (_, k) => k);
const [re, im] = [coordinates('re', indices, size), coordinates('im', indices, size)];
const counts = new Int32Array(size * size);
let area = 0;

function timed(run: () => void): number[] {
  // V8 optimizes what has run a while, and the kernel is compiled.
  run();
  return Array.from({ length: repetitions }, () => {
    const start = performance.now();
    run();
    return (performance.now() - start) / 1e3;
  });
}

const seconds = {
  mandelbrot: timed(() => mandelbrotCounts[language](re, im, counts, size, size, iterations)),
  auc: timed(() => {
    area = areas[language](0, points, WIDTH / points);
  }),
};
const sum = counts.reduce((total, count) => total + count, 0);
console.log(JSON.stringify({ seconds, results: { mandelbrot: sum, auc: area } }));
