/**
 * Diffusion of four peaks in two dimensions, ∂ρ/∂t = D (∂²ρ/∂x² + ∂²ρ/∂y²) from −10 to 10 between walls where the
 * density is 0; D = 1, and time steps at the edge of stability.
 *
 *   distarray run -n 4 examples/diffusion.ts --size 299 --time 15 --every 1.5 --png diffusion
 *
 * writes diffusion-00.png, diffusion-01.png … Options: --size, the points along each axis; --time, the time that is
 * simulated; --every, the time between two pictures; --png, how their names begin; --json, one line of JSON.
 */
import { Context, expr, MPI } from 'distarray';
import { readOptions } from './grids/options.ts';
import { drawGrid } from './grids/picture.ts';

const LOW = -10;
const HIGH = 10;
const D = 1;

const options = readOptions(process.argv.slice(2), { size: 299, time: 15, every: 1.5 }, ['size']);
const ctx = new Context();
if (typeof options === 'string') {
  if (ctx.isRoot) process.stderr.write(`diffusion: ${options}\n`);
  process.exitCode = 1;
} else {
  const { size, time, every } = options.values;
  const dx = (HIGH - LOW) / size;
  const dt = (0.25 * dx ** 2) / D;
  const steps = Math.floor(time / dt);
  const between = Math.max(1, Math.floor(every / dt));
  const k = (D / dx ** 2) * dt;

  // Two tents along an axis, whose product has four peaks; at the walls there is nothing.
  const wall = size + 1;
  const tents = Array.from({ length: wall + 1 }, (_, index) => {
    if (index === 0 || index === wall) return 0;
    const x = LOW - dx + ((HIGH - LOW + 2 * dx) * index) / wall;
    return 1 - Math.abs(1 - 4 * Math.abs((x - (LOW + HIGH) / 2) / (HIGH - LOW)));
  });
  const capture = { tents };
  let u = ctx.fromFunction((i, j) => tents[i] * tents[j], [wall + 1, wall + 1], { capture });
  let next = u.copy();

  let pictures = 0;
  const draw = () => {
    if (options.png === undefined) return;
    const file = `${options.png}-${String(pictures).padStart(2, '0')}.png`;
    drawGrid(file, u, { min: 0, max: 1, scale: Math.sqrt });
    pictures++;
  };

  draw();
  let seconds = 0;
  for (let done = 0; done < steps; ) {
    const until = Math.min(steps, done + between);
    const start = MPI.wtime();
    for (; done < until; done++) {
      expr.assign(
        next,
        '1:-1,1:-1',
      )`${u}[1:-1,1:-1] + ${k}*(${u}[2:,1:-1] + ${u}[:-2,1:-1] + ${u}[1:-1,2:] + ${u}[1:-1,:-2] - 4*${u}[1:-1,1:-1])`;
      [u, next] = [next, u];
    }
    seconds += MPI.wtime() - start;
    if (done % between === 0) draw();
  }

  const sum = +u.sum();
  if (options.json) {
    const example = 'diffusion';
    ctx.print(JSON.stringify({ example, ranks: ctx.size, size, steps, sum, pictures, seconds }));
  } else {
    const rate = (size ** 2 * steps) / seconds / 1e6;
    ctx.print(
      `${size} × ${size} points, ${steps} steps on ${ctx.size} ranks: ${seconds.toFixed(2)} s`,
    );
    ctx.print(`${rate.toFixed(0)} million points a second, sum of the densities ${sum}`);
  }
}
ctx.close();
