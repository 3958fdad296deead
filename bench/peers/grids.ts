/**
 * Our side of the benchmark of stencils; output as of grids.c.
 *
 *   grids.ts dist|src KIND SIZE WARMUP ITERATIONS BATCHES
 *
 * KIND is diffusion, step or heat, as in grids.c, or laplace, as in grids.py.
 */
import { measure } from './measure.ts';
import { loadArrays, type Source } from './ours.ts';

const [source, kind, ...numbers] = process.argv.slice(2);
const { Context, expr } = await loadArrays(source as Source);
const [size, warmup, iterations, batches] = numbers.map(Number);

const ctx = new Context();
const points = kind === 'diffusion' ? size + 2 : size;
let error = 0;
let u = start();
let v = u.copy();

/** Two tents along an axis of n + 2 points, nothing at the walls. */
function tents(index: number, n: number): number {
  if (index === 0 || index === n + 1) return 0;
  const dx = 20 / n;
  const x = -10 - dx + ((20 + 2 * dx) * index) / (n + 1);
  return 1 - Math.abs(1 - 4 * Math.abs(x / 20));
}

function start() {
  const isHot = (index: number) =>
    index >= Math.floor(points / 4) && index < Math.floor(points / 2);
  const last = points - 1;
  const h = 1 / last;
  if (kind === 'heat') {
    return ctx.fromFunction(
      (i, j, k) => (isHot(i) && isHot(j) && isHot(k) ? 1 : 0),
      [points, points, points],
    );
  }
  if (kind === 'laplace') {
    const isWall = (index: number) => index === 0 || index === last;
    return ctx.fromFunction(
      (i, j) => (isWall(i) || isWall(j) ? (i * h) ** 2 - (j * h) ** 2 : 0),
      [points, points],
    );
  }
  return ctx.fromFunction((i, j) => tents(i, points - 2) * tents(j, points - 2), [points, points]);
}

function swap(): void {
  [u, v] = [v, u];
}

const steps: Record<string, () => void> = {
  diffusion() {
    expr.assign(
      v,
      '1:-1,1:-1',
    )`${u}[1:-1,1:-1] + 0.25*(${u}[2:,1:-1] + ${u}[:-2,1:-1] + ${u}[1:-1,2:] + ${u}[1:-1,:-2] - 4*${u}[1:-1,1:-1])`;
    swap();
  },
  heat() {
    expr.assign(
      v,
      '1:-1,1:-1,1:-1',
    )`${u}[1:-1,1:-1,1:-1] + 0.1*(${u}[2:,1:-1,1:-1] + ${u}[:-2,1:-1,1:-1] + ${u}[1:-1,2:,1:-1]
      + ${u}[1:-1,:-2,1:-1] + ${u}[1:-1,1:-1,2:] + ${u}[1:-1,1:-1,:-2] - 6*${u}[1:-1,1:-1,1:-1])`;
    swap();
  },
  laplace() {
    expr.assign(
      v,
      '1:-1,1:-1',
    )`0.25*(${u}[:-2,1:-1] + ${u}[2:,1:-1] + ${u}[1:-1,:-2] + ${u}[1:-1,2:])`;
    error = Math.sqrt(+expr`sum((${v} - ${u})**2)`);
    swap();
  },
};
steps.step = steps.diffusion;

const sum = () => (kind === 'laplace' ? error : +u.sum());
measure(ctx.comm, steps[kind], { warmup, iterations, batches }, sum);
ctx.close();
