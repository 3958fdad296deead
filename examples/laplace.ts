/**
 * Laplace's equation on the unit square by Jacobi's method: each point becomes the mean of its four neighbours, until
 * a step changes little. At the edges u = x² − y², which then is the solution everywhere.
 *
 *   distarray run -n 4 examples/laplace.ts --size 100 --eps 1e-8 --png laplace.png
 *
 * Options: --size, the points along each axis; --eps, the norm of a step's changes to stop at; --steps, how many at
 * most; --png, a picture; --json, one line of JSON.
 */
import { Context, expr, MPI } from 'distarray';
import { readOptions } from './grids/options.ts';
import { drawGrid } from './grids/picture.ts';

const defaults = { size: 100, eps: 1e-8, steps: 100_000 };
const options = readOptions(process.argv.slice(2), defaults, ['size', 'steps']);
const ctx = new Context();
if (typeof options === 'string' || options.values.size < 3) {
  const problem = typeof options === 'string' ? options : 'Expected at least 3 for --size.';
  if (ctx.isRoot) process.stderr.write(`laplace: ${problem}\n`);
  process.exitCode = 1;
} else {
  const { size, eps, steps: most } = options.values;
  const last = size - 1;
  const exact = ctx.fromFunction((i, j) => (j / last) ** 2 - (1 - i / last) ** 2, [size, size], {
    capture: { last },
  });
  let u = exact.copy();
  u.slice('1:-1,1:-1').assign(0);
  let next = u.copy();

  let steps = 0;
  let norm = Number.POSITIVE_INFINITY;
  const start = MPI.wtime();
  while (steps < most && norm > eps) {
    expr.assign(
      next,
      '1:-1,1:-1',
    )`0.25*(${u}[:-2,1:-1] + ${u}[2:,1:-1] + ${u}[1:-1,:-2] + ${u}[1:-1,2:])`;
    norm = Math.sqrt(+expr`sum((${next} - ${u})**2)`);
    [u, next] = [next, u];
    steps++;
  }
  const seconds = MPI.wtime() - start;
  const sum = +expr`sum(abs(${u}))`;
  const error = +expr`max(abs(${u} - ${exact}))`;
  if (options.png !== undefined) drawGrid(options.png, u, { min: -1, max: 1 });

  if (options.json) {
    const example = 'laplace';
    const report = { example, ranks: ctx.size, size, steps, norm, sum, error, seconds };
    ctx.print(JSON.stringify(report));
  } else {
    ctx.print(
      `${size} × ${size} points on ${ctx.size} ranks: ${steps} steps in ${seconds.toFixed(2)} s`,
    );
    ctx.print(
      `a step changes ${norm.toExponential(2)}; ${error.toExponential(2)} from the solution`,
    );
  }
}
ctx.close();
