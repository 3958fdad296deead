/**
 * The Mandelbrot set on a distributed array:
 *
 *   distarray run -n 4 examples/mandelbrot.ts --size 1000 --kernel c --png mandelbrot.png
 *
 * Each process counts iterations on its own part of the plane, in JavaScript or by a kernel in C that is
 * compiled when it begins. With `--client` the processes are engines, and the program runs once.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Context, registerModule } from 'distarray';
import { heatMapPng } from 'distarray/plot';
import * as parts from './mandelbrot/part.ts';

const { values } = parseArgs({
  options: {
    size: { type: 'string', default: '500' },
    iterations: { type: 'string', default: '100' },
    kernel: { type: 'string', default: 'c' },
    dist: { type: 'string', default: 'cn' },
    png: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const [size, iterations] = [Number(values.size), Number(values.iterations)];
const language: 'js' | 'c' = values.kernel === 'js' ? 'js' : 'c';

const ctx = new Context();
// Engines of a client import it.
registerModule(new URL('./mandelbrot/part.ts', import.meta.url), parts);
// Rows in turn: those in the middle of the set take longest.
const counts = ctx.zeros([size, size], { dtype: 'int32', dist: values.dist });

const seconds = Math.max(...ctx.apply(parts.countPart, [counts, size, iterations, language]));
const sum = Number(counts.sum().item());
const { png } = values;
if (png !== undefined) {
  const all = counts.toArray({ root: 0 });
  if (all !== null) {
    // Most points that escape do so soon: give those most of the colours.
    const scale = (fraction: number) => 1 - Math.exp(-12 * fraction);
    const options = { min: 0, max: iterations, scale, over: [6, 5, 22] as const };
    writeFileSync(png, heatMapPng(all.data as Int32Array, [size, size], options));
  }
}
if (!values.json) {
  ctx.print(`${size} × ${size} points, at most ${iterations} iterations, ${language}: sum ${sum}`);
  ctx.print(`${seconds.toFixed(4)} s on ${ctx.size} processes`);
} else if (ctx.isRoot) {
  const told = { example: 'mandelbrot', ranks: ctx.size, size, iterations, kernel: language };
  console.log(JSON.stringify({ ...told, dist: values.dist, sum, seconds }));
}
